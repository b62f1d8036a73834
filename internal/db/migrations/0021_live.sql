-- +goose Up
-- A story can run live, as a stream of timed entries. An entry is a small story of its own, so that it has
-- editions, revisions, units, sources, corrections and releases like any other; it belongs to the running
-- one, stands on its page, and has no card: lists, feeds and sitemaps don't know it.
ALTER TABLE story ADD COLUMN live_of TEXT REFERENCES story (id);
CREATE INDEX story_live_of ON story (live_of) WHERE live_of IS NOT NULL;

-- That a story runs live, or did.
CREATE TABLE live (
    story_id TEXT PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE,
    began_at TEXT NOT NULL,
    ended_at TEXT,                  -- NULL while it runs
    open     BOOLEAN NOT NULL,      -- reporters and translators send entries out themselves
    version  BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX live_running ON live (began_at) WHERE ended_at IS NULL;

-- What an entry is beyond a story.
CREATE TABLE live_entry (
    story_id TEXT PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE,
    live_id  TEXT NOT NULL REFERENCES live (story_id) ON DELETE CASCADE,
    happened TEXT NOT NULL,         -- what it tells of: the time that readers see, and its place in the order
    pinned   BOOLEAN NOT NULL DEFAULT FALSE, -- one of the few that tell the story so far
    sent     TEXT NOT NULL,         -- what the browser called what it sent: the same, sent again, is the same entry
    version  BIGINT NOT NULL DEFAULT 1,
    UNIQUE (live_id, sent)
);
CREATE INDEX live_entry_happened ON live_entry (live_id, happened DESC, story_id DESC);

-- What the page of the running story shows of an entry in one language: derived from its published revision,
-- written in the act that sends it out. It stays when the entry is withdrawn, for pages that are open and have to
-- take it away; turn counts what readers see of it.
CREATE TABLE live_card (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id) ON DELETE CASCADE,
    entry_id   TEXT NOT NULL REFERENCES live_entry (story_id) ON DELETE CASCADE,
    live_id    TEXT NOT NULL REFERENCES live (story_id) ON DELETE CASCADE,
    lang       TEXT NOT NULL,
    number     BIGINT NOT NULL,
    happened   TEXT NOT NULL,
    pinned     BOOLEAN NOT NULL,
    out        BOOLEAN NOT NULL,
    headline   TEXT NOT NULL,       -- its own, or how its text begins
    turn       BIGINT NOT NULL,
    told_at    TEXT NOT NULL        -- when readers last saw it change
);
CREATE INDEX live_card_entry ON live_card (entry_id);
CREATE INDEX live_card_out ON live_card (live_id, lang, happened DESC, entry_id DESC) WHERE out;
CREATE INDEX live_card_pinned ON live_card (live_id, lang, happened DESC, entry_id DESC) WHERE out AND pinned;
CREATE INDEX live_card_told ON live_card (live_id, lang, told_at DESC);
