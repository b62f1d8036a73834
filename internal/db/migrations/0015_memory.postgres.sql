-- +goose Up
-- The translation memory: pairs of segments that a person confirmed, or that came in from a TMX file.
-- Numbers and not IDs name them, since each stands in the index some eight times.
CREATE TABLE memory_unit (
    id         INTEGER PRIMARY KEY,
    from_lang  TEXT NOT NULL,
    to_lang    TEXT NOT NULL,
    source     TEXT NOT NULL,                -- JSON of a document.Inline
    target     TEXT NOT NULL,
    exact      BIGINT NOT NULL,              -- hash of the pair and the normalised source
    same       BIGINT NOT NULL UNIQUE,       -- hash of what it is the translation of: said anew, it is replaced
    edition_id TEXT REFERENCES edition (id) ON DELETE CASCADE, -- NULL: imported
    address    TEXT NOT NULL DEFAULT '',
    story_id   TEXT NOT NULL DEFAULT '',
    source_rev BIGINT NOT NULL DEFAULT 0,
    target_rev BIGINT NOT NULL DEFAULT 0,
    imported   TEXT NOT NULL DEFAULT '',     -- name of the file
    by_id      TEXT NOT NULL DEFAULT '',
    by_name    TEXT NOT NULL DEFAULT '',
    at         TEXT NOT NULL
);
CREATE INDEX memory_unit_exact ON memory_unit (exact, id);
CREATE INDEX memory_unit_edition ON memory_unit (edition_id) WHERE edition_id IS NOT NULL;

-- Where to look: hashes of neighbouring words and the units they stand in, of words and the blocks of
-- units they stand in. It may lead to what is gone; what it leads to is read and compared.
CREATE TABLE memory_key (
    key INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    PRIMARY KEY (key, ref)
);
