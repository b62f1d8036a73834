-- +goose Up
-- The original's newest revision when an edition was checked to go out: what readers see has all
-- facts that it had. 0: of an original, or not known.
ALTER TABLE release_edition ADD COLUMN source_rev BIGINT NOT NULL DEFAULT 0;

-- What was chosen for a release and held back by its errors, while the others went.
CREATE TABLE release_held (
    release_id TEXT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    code       TEXT NOT NULL,
    address    TEXT NOT NULL,
    PRIMARY KEY (release_id, edition_id, code, address)
);

-- A finding that somebody set aside outside of a release. It holds as long as what it was said of
-- stands there unchanged, in the edition and in its original. Only inserted.
CREATE TABLE aside (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    code       TEXT NOT NULL,
    address    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    source_rev BIGINT NOT NULL, -- 0: of an original
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    at         TEXT NOT NULL
);
CREATE INDEX aside_edition ON aside (edition_id);

-- The record of a review: which revision of the original was read beside it, and which findings stood
-- set aside then, as JSON.
ALTER TABLE revision_check ADD COLUMN source_rev BIGINT NOT NULL DEFAULT 0;
ALTER TABLE revision_check ADD COLUMN aside TEXT NOT NULL DEFAULT '[]';
