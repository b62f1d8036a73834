-- +goose Up
-- One piece of news, whatever the language. It has no text.
CREATE TABLE story (
    id            TEXT PRIMARY KEY,
    number        BIGINT NOT NULL UNIQUE, -- people's name for it, and part of its addresses for ever
    kind          TEXT NOT NULL CHECK (kind IN ('news','report','analysis','interview','opinion','explainer')),
    section_id    TEXT REFERENCES section (id), -- required before it goes out
    original_lang TEXT NOT NULL,
    embargo_until TEXT,
    version       BIGINT NOT NULL DEFAULT 1,
    created_by    TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    updated_at    TEXT NOT NULL
);
CREATE INDEX story_updated ON story (updated_at DESC, id DESC);

CREATE TABLE story_author (
    story_id  TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES author (id),
    position  BIGINT NOT NULL,
    PRIMARY KEY (story_id, author_id)
);
CREATE INDEX story_author_author ON story_author (author_id, story_id);

CREATE TABLE story_topic (
    story_id TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    topic_id TEXT NOT NULL REFERENCES topic (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (story_id, topic_id)
);
CREATE INDEX story_topic_topic ON story_topic (topic_id, story_id);

-- Who says so.
CREATE TABLE source (
    id       TEXT PRIMARY KEY,
    story_id TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('paper','agency','document','person','authority','website')),
    name     TEXT NOT NULL,
    url      TEXT NOT NULL DEFAULT '',
    lang     TEXT NOT NULL DEFAULT '', -- what the source itself is written in
    dated    TEXT NOT NULL DEFAULT '', -- 2024-10-23, or '' when it has no date
    accessed TEXT NOT NULL DEFAULT '',
    texts    TEXT NOT NULL DEFAULT '{}' -- JSON: lang -> {title, claim, how}
);
CREATE INDEX source_story ON source (story_id, position);
