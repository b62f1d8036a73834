-- +goose Up
-- Who has a translation in hand, and until when. A row without a holder has a due time only.
CREATE TABLE assignment (
    edition_id  TEXT PRIMARY KEY REFERENCES edition (id) ON DELETE CASCADE,
    holder_id   TEXT NOT NULL DEFAULT '',
    holder_name TEXT NOT NULL DEFAULT '',
    note        TEXT NOT NULL DEFAULT '', -- from who handed it over
    by_id       TEXT NOT NULL,
    by_name     TEXT NOT NULL,
    due_at      TEXT,
    at          TEXT NOT NULL
);
CREATE INDEX assignment_holder ON assignment (holder_id);

-- How far what readers first saw of a segment was from what an engine had drafted. Only inserted.
CREATE TABLE evidence (
    draft_id  TEXT PRIMARY KEY REFERENCES draft (id) ON DELETE CASCADE,
    revision  BIGINT NOT NULL, -- of the edition, that went out
    words     BIGINT NOT NULL, -- that went out
    changed   BIGINT NOT NULL, -- put in, taken out or replaced
    at        TEXT NOT NULL
);
CREATE INDEX evidence_at ON evidence (at);
