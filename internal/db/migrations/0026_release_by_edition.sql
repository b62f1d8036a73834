-- +goose Up
-- What went out of an edition is asked in each correction and by each page of a translation whose original was
-- corrected: without this all releases of the paper are gone through.
CREATE INDEX release_edition_edition ON release_edition (edition_id);

-- Today's corrections, and those that languages still owe, stand on the desk's first screen.
CREATE INDEX correction_at ON correction (at, story_id);
