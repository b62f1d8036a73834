-- +goose Up
-- The paper. One row, id 'paper'.
CREATE TABLE publication (
    id           TEXT PRIMARY KEY CHECK (id = 'paper'),
    name         TEXT NOT NULL,
    main_lang    TEXT NOT NULL,
    time_zone    TEXT NOT NULL,
    base_url     TEXT NOT NULL,
    look         TEXT NOT NULL DEFAULT '{}', -- JSON: accent colours, system fonts only, logo
    embed_hosts  TEXT NOT NULL DEFAULT '[]', -- JSON list of hosts
    version      BIGINT NOT NULL DEFAULT 1,
    updated_at   TEXT NOT NULL
);

-- The languages it is published in, in the order of the switch. Never deleted, only retired.
CREATE TABLE publication_language (
    lang        TEXT PRIMARY KEY,
    position    BIGINT NOT NULL,
    active      BOOLEAN NOT NULL,
    name        TEXT NOT NULL DEFAULT '', -- the paper's name in this language; '' means the main one
    about       TEXT NOT NULL DEFAULT '', -- one line for feeds and meta data
    machine_out BOOLEAN NOT NULL DEFAULT FALSE -- may unchecked machine text go out
);

CREATE TABLE section (
    id       TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    active   BOOLEAN NOT NULL,
    version  BIGINT NOT NULL DEFAULT 1
);
CREATE TABLE section_name (
    section_id TEXT NOT NULL REFERENCES section (id) ON DELETE CASCADE,
    lang       TEXT NOT NULL,
    name       TEXT NOT NULL,
    slug       TEXT NOT NULL,
    PRIMARY KEY (section_id, lang),
    UNIQUE (lang, slug)
);

-- Imprint, about, privacy and the like: one text per language, listed in the footer by position.
CREATE TABLE static_page (
    id         TEXT PRIMARY KEY,
    key        TEXT NOT NULL, -- imprint, about, how, privacy, contact or a free word
    lang       TEXT NOT NULL,
    slug       TEXT NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL, -- a document's JSON
    position   BIGINT NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL,
    UNIQUE (key, lang),
    UNIQUE (lang, slug)
);

-- Old addresses, of renamed things and of the system migrated from. path starts with '/', has no
-- host, and keeps its query when it had one (WordPress: /?p=12).
CREATE TABLE redirect (
    path       TEXT PRIMARY KEY,
    target     TEXT NOT NULL, -- story:<id>:<lang>, section:<id>:<lang>, topic:…, author:…, or /path
    created_at TEXT NOT NULL
);
