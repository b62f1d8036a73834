-- +goose Up
-- A story in one language. The text stands in revisions; body here is the newest one's, so that
-- a desk screen is one read. Readers see revision `published_rev`.
CREATE TABLE edition (
    id            TEXT PRIMARY KEY,
    story_id      TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    lang          TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('draft','review','approved','scheduled','published','withdrawn')),
    version       BIGINT NOT NULL DEFAULT 1,   -- counts every change of this row
    revision      BIGINT NOT NULL,             -- number of the newest revision
    published_rev BIGINT,                      -- number of the one readers see; NULL: none
    headline      TEXT NOT NULL DEFAULT '',    -- of the newest revision, for lists in the desk
    body          TEXT NOT NULL,               -- document JSON of the newest revision
    slug          TEXT NOT NULL DEFAULT '',    -- of the published revision
    translator    TEXT NOT NULL DEFAULT '',    -- staff or author name shown to readers; '' for an original
    checked_by    TEXT NOT NULL DEFAULT '',
    made          TEXT NOT NULL DEFAULT 'original' CHECK (made IN ('original','human','human_checked','machine_checked','machine')),
    first_published_at TEXT,
    published_at  TEXT,                        -- of the revision readers see
    updated_at    TEXT,                        -- shown to readers: last update or correction, NULL if none
    scheduled_at  TEXT,
    withdrawn_at  TEXT,
    withdrawn_why TEXT NOT NULL DEFAULT '',    -- told to readers, in this language
    saved_at      TEXT NOT NULL,
    UNIQUE (story_id, lang)
);
CREATE INDEX edition_saved ON edition (saved_at DESC, id DESC);
CREATE INDEX edition_scheduled ON edition (scheduled_at) WHERE state = 'scheduled';

-- An unchangeable state of an edition. Only ever inserted.
CREATE TABLE revision (
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    number     BIGINT NOT NULL,
    parent     BIGINT NOT NULL,               -- 0 for the first
    kind       TEXT NOT NULL CHECK (kind IN ('save','merge','restore','import')),
    body       TEXT NOT NULL,
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    why        TEXT NOT NULL DEFAULT '',
    at         TEXT NOT NULL,
    PRIMARY KEY (edition_id, number)
);

-- What lists, feeds and sitemaps show of a published edition: derived from its published revision
-- and its story, written in the act that publishes, gone in the act that withdraws.
CREATE TABLE card (
    edition_id   TEXT PRIMARY KEY REFERENCES edition (id) ON DELETE CASCADE,
    story_id     TEXT NOT NULL,
    number       BIGINT NOT NULL,
    lang         TEXT NOT NULL,
    section_id   TEXT NOT NULL,
    kind         TEXT NOT NULL,
    slug         TEXT NOT NULL,
    kicker       TEXT NOT NULL,
    headline     TEXT NOT NULL,
    teaser       TEXT NOT NULL,
    picture      TEXT NOT NULL DEFAULT '', -- JSON of a document.Picture, or ''
    published_at TEXT NOT NULL,
    updated_at   TEXT,
    UNIQUE (story_id, lang)
);
CREATE INDEX card_lang ON card (lang, published_at DESC, edition_id DESC);
CREATE INDEX card_section ON card (section_id, lang, published_at DESC, edition_id DESC);

CREATE TABLE card_topic (
    topic_id     TEXT NOT NULL,
    lang         TEXT NOT NULL,
    published_at TEXT NOT NULL,
    edition_id   TEXT NOT NULL REFERENCES card (edition_id) ON DELETE CASCADE,
    PRIMARY KEY (topic_id, lang, published_at, edition_id)
);
CREATE INDEX card_topic_edition ON card_topic (edition_id);

CREATE TABLE card_author (
    author_id    TEXT NOT NULL,
    lang         TEXT NOT NULL,
    published_at TEXT NOT NULL,
    edition_id   TEXT NOT NULL REFERENCES card (edition_id) ON DELETE CASCADE,
    PRIMARY KEY (author_id, lang, published_at, edition_id)
);
CREATE INDEX card_author_edition ON card_author (edition_id);

-- Which revision of which edition a segment of a translation was made from. Staleness is the
-- comparison of that revision's segment with the newest one's, never a flag.
CREATE TABLE unit (
    edition_id  TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    address     TEXT NOT NULL,
    source_id   TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    source_rev  BIGINT NOT NULL,
    target_rev  BIGINT NOT NULL,  -- revision of the translation in which this was said
    answer      TEXT NOT NULL CHECK (answer IN ('edited','reviewed','adapted','added','dropped')),
    reason      TEXT NOT NULL DEFAULT '',
    by_id       TEXT NOT NULL,
    at          TEXT NOT NULL,
    PRIMARY KEY (edition_id, address)
);
