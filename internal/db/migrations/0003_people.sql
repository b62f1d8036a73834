-- +goose Up
CREATE TABLE staff (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    email       TEXT NOT NULL UNIQUE, -- lower case
    role        TEXT NOT NULL CHECK (role IN ('reporter','translator','editor','chief','advertising','admin')),
    langs       TEXT NOT NULL DEFAULT '[]', -- JSON list; empty means all
    sections    TEXT NOT NULL DEFAULT '[]', -- JSON list of section IDs; empty means all
    ui_lang     TEXT NOT NULL,
    password    TEXT NOT NULL, -- Argon2id in PHC form; '' means: can't sign in yet
    active      BOOLEAN NOT NULL,
    version     BIGINT NOT NULL DEFAULT 1,
    created_at  TEXT NOT NULL,
    updated_at  TEXT NOT NULL
);

-- A session's token is known to the browser only; here stands its SHA-256.
CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    staff_id   TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    seen_at    TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    agent      TEXT NOT NULL DEFAULT '' -- the browser, as it calls itself, so that one can recognise a session
);
CREATE INDEX session_staff ON session (staff_id);

-- Who stands in the by-line. Staff may be authors; agencies and guests are authors only.
CREATE TABLE author (
    id         TEXT PRIMARY KEY,
    staff_id   TEXT REFERENCES staff (id),
    active     BOOLEAN NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL
);
CREATE TABLE author_name (
    author_id TEXT NOT NULL REFERENCES author (id) ON DELETE CASCADE,
    lang      TEXT NOT NULL,
    name      TEXT NOT NULL,
    slug      TEXT NOT NULL,
    about     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (author_id, lang),
    UNIQUE (lang, slug)
);
