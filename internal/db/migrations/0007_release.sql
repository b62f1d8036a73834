-- +goose Up
-- The editions that go out, are corrected or withdrawn in one act.
CREATE TABLE release (
    id         TEXT PRIMARY KEY,
    story_id   TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    act        TEXT NOT NULL CHECK (act IN ('publish','schedule','unschedule','minor','update','correct','withdraw')),
    due_at     TEXT,          -- of a scheduled one
    done_at    TEXT,          -- NULL while it waits; a scheduled one becomes 'done' once
    cancelled  BOOLEAN NOT NULL DEFAULT FALSE,
    why        TEXT NOT NULL DEFAULT '',
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX release_story ON release (story_id, id);
CREATE INDEX release_due ON release (due_at) WHERE done_at IS NULL;

CREATE TABLE release_edition (
    release_id TEXT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    revision   BIGINT NOT NULL, -- what was approved to go out
    PRIMARY KEY (release_id, edition_id)
);

-- A warning that somebody went past, by name and with a reason.
CREATE TABLE override (
    release_id TEXT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    code       TEXT NOT NULL,
    address    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    PRIMARY KEY (release_id, edition_id, code, address)
);

-- What was wrong and is now right. It belongs to the story and is told per language. Only inserted.
CREATE TABLE correction (
    id         TEXT PRIMARY KEY,
    story_id   TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    release_id TEXT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    prominent  BOOLEAN NOT NULL, -- the headline or a number was wrong: told under the lead too
    by_id      TEXT NOT NULL,
    at         TEXT NOT NULL
);
CREATE INDEX correction_story ON correction (story_id, at);

CREATE TABLE correction_text (
    correction_id TEXT NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
    lang          TEXT NOT NULL,
    text          TEXT NOT NULL,
    edition_id    TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    at            TEXT NOT NULL,
    PRIMARY KEY (correction_id, lang)
);
CREATE INDEX correction_text_lang ON correction_text (lang, at DESC, correction_id DESC);
