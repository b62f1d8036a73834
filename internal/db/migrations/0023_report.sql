-- +goose Up
-- What readers say is wrong, at a block of an edition. Who says it isn't kept.
CREATE TABLE report (
    id         TEXT PRIMARY KEY,
    story_id   TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    lang       TEXT NOT NULL,
    block      TEXT NOT NULL,              -- of the document, or 'head'
    revision   BIGINT NOT NULL,            -- that the reader saw
    passage    TEXT NOT NULL,              -- what the block said in it
    quote      TEXT NOT NULL DEFAULT '',   -- the words in the passage that the reader chose, or ''
    said       TEXT NOT NULL,
    same       TEXT NOT NULL,              -- hash of what was said: the same again is counted
    times      BIGINT NOT NULL DEFAULT 1,
    state      TEXT NOT NULL CHECK (state IN ('open','taken','corrected','no_fault','spam')),
    version    BIGINT NOT NULL DEFAULT 1,
    by_id      TEXT NOT NULL DEFAULT '',   -- who took it up or closed it
    by_name    TEXT NOT NULL DEFAULT '',
    first_at   TEXT NOT NULL,
    last_at    TEXT NOT NULL,
    closed_at  TEXT,
    CONSTRAINT report_same UNIQUE (edition_id, block, same),
    CHECK ((closed_at IS NULL) = (state IN ('open','taken')))
);
CREATE INDEX report_story ON report (story_id, first_at);
CREATE INDEX report_state ON report (state, last_at DESC, id DESC);
CREATE INDEX report_first ON report (first_at);

-- Addresses of readers who want an answer. Deleted when the report has been closed for a while.
CREATE TABLE report_mail (
    report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    mail      TEXT NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (report_id, mail)
);
CREATE INDEX report_mail_at ON report_mail (at);

ALTER TABLE publication ADD COLUMN error_reports BOOLEAN NOT NULL DEFAULT TRUE; -- may readers report
