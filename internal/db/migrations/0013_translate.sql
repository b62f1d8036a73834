-- +goose Up
-- What was offered for a segment of a translation, by whom: an engine, the memory, a file that came
-- back. Kept as it came, so that it can be seen beside what became of it, and counted. Only inserted,
-- but that it was put in is noted.
CREATE TABLE draft (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    address    TEXT NOT NULL,
    source_rev BIGINT NOT NULL, -- the original's revision that it was made from
    kind       TEXT NOT NULL CHECK (kind IN ('engine','own','story','other','near','xliff','import')),
    engine     TEXT NOT NULL DEFAULT '',
    model      TEXT NOT NULL DEFAULT '',
    from_lang  TEXT NOT NULL,
    to_lang    TEXT NOT NULL,
    through    TEXT NOT NULL DEFAULT '', -- the language in between
    alike      BIGINT NOT NULL DEFAULT 0, -- of a near match, in hundred
    body       TEXT NOT NULL,
    placed     BOOLEAN NOT NULL, -- it stood in the edition, as it came or as what somebody wrote on from
    at         TEXT NOT NULL
);
CREATE INDEX draft_edition ON draft (edition_id, address);

-- A unit may be an engine's, and knows what it was written on from. A CHECK can't be changed in place.
CREATE TABLE unit_next (
    edition_id  TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    address     TEXT NOT NULL,
    source_id   TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    source_rev  BIGINT NOT NULL,
    target_rev  BIGINT NOT NULL,  -- revision of the translation in which this was said
    answer      TEXT NOT NULL CHECK (answer IN ('machine','edited','reviewed','adapted','added','dropped')),
    reason      TEXT NOT NULL DEFAULT '',
    draft_id    TEXT REFERENCES draft (id) ON DELETE CASCADE,
    by_id       TEXT NOT NULL,
    at          TEXT NOT NULL,
    CONSTRAINT unit_key PRIMARY KEY (edition_id, address)
);
INSERT INTO unit_next (edition_id, address, source_id, source_rev, target_rev, answer, reason, by_id, at)
SELECT edition_id, address, source_id, source_rev, target_rev, answer, reason, by_id, at FROM unit;
DROP TABLE unit;
ALTER TABLE unit_next RENAME TO unit;
CREATE INDEX unit_source ON unit (source_id);
CREATE INDEX unit_draft ON unit (draft_id);

-- What the editor of an original said that a change of one of its segments means for translations,
-- or a correction did. Only inserted; the newest counts.
CREATE TABLE source_change (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    address    TEXT NOT NULL,
    from_rev   BIGINT NOT NULL,
    to_rev     BIGINT NOT NULL,
    since_rev  BIGINT NOT NULL, -- the first revision in which it reads as in to_rev, without a break
    weight     TEXT NOT NULL CHECK (weight IN ('wording','fact')),
    release_id TEXT REFERENCES release (id) ON DELETE CASCADE, -- the correction's
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    at         TEXT NOT NULL,
    CHECK (from_rev < to_rev)
);
CREATE INDEX source_change_edition ON source_change (edition_id);
CREATE INDEX source_change_release ON source_change (release_id);

-- Drafting an edition, as the job that does it and the screens that wait for it see it.
CREATE TABLE drafting (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    source_rev BIGINT NOT NULL,
    wanted     TEXT NOT NULL, -- JSON list of addresses that were asked for; [] means: all that are missing
    again      BOOLEAN NOT NULL,
    total      BIGINT NOT NULL DEFAULT 0,
    done       BIGINT NOT NULL DEFAULT 0,
    failures   TEXT NOT NULL DEFAULT '[]',
    state      TEXT NOT NULL CHECK (state IN ('waiting','working','done','failed','cancelled')),
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    begun_at   TEXT NOT NULL,
    ended_at   TEXT,
    CHECK ((ended_at IS NULL) = (state IN ('waiting','working')))
);
CREATE UNIQUE INDEX drafting_open ON drafting (edition_id) WHERE ended_at IS NULL;
CREATE INDEX drafting_edition ON drafting (edition_id, begun_at);
