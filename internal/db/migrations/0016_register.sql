-- +goose Up
-- Names and terms in the house's spelling.
CREATE TABLE register_entry (
    id             TEXT PRIMARY KEY,
    kind           TEXT NOT NULL CHECK (kind IN ('person','place','body','work','term')),
    note           TEXT NOT NULL,            -- who or what it is
    keep           BOOLEAN NOT NULL,         -- it isn't translated
    state          TEXT NOT NULL CHECK (state IN ('proposed','approved')),
    amends         TEXT NOT NULL DEFAULT '', -- the entry that a proposal wants to change
    amends_version BIGINT NOT NULL DEFAULT 0,
    sort_key       TEXT NOT NULL,
    version        BIGINT NOT NULL DEFAULT 1,
    created_by     TEXT NOT NULL,
    created_at     TEXT NOT NULL,
    changed_by     TEXT NOT NULL,
    changed_at     TEXT NOT NULL
);
CREATE INDEX register_entry_sort ON register_entry (sort_key, id);

CREATE TABLE register_word (
    entry_id TEXT NOT NULL REFERENCES register_entry (id) ON DELETE CASCADE,
    lang     TEXT NOT NULL,
    spelling TEXT NOT NULL,
    folded   TEXT NOT NULL, -- for finding
    gender   TEXT NOT NULL DEFAULT '' CHECK (gender IN ('','m','f','n','pl')),
    remark   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (entry_id, lang)
);
CREATE INDEX register_word_folded ON register_word (lang, folded);

CREATE TABLE register_form (
    entry_id TEXT NOT NULL,
    lang     TEXT NOT NULL,
    use_as   TEXT NOT NULL CHECK (use_as IN ('inflected','other','forbidden')),
    position BIGINT NOT NULL,
    form     TEXT NOT NULL,
    folded   TEXT NOT NULL,
    reason   TEXT NOT NULL DEFAULT '', -- why it is forbidden
    PRIMARY KEY (entry_id, lang, use_as, position),
    FOREIGN KEY (entry_id, lang) REFERENCES register_word (entry_id, lang) ON DELETE CASCADE
);

-- One row, from the first change on, counted up by each: what a node keeps in memory holds as long as it
-- stands still.
CREATE TABLE register_state (
    one        BIGINT PRIMARY KEY CHECK (one = 1),
    generation BIGINT NOT NULL
);
