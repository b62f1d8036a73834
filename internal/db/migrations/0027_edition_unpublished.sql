-- +goose Up
-- The desk looks for the few editions among many that aren't out, or are out and were changed since, to show their
-- stories.
CREATE INDEX edition_unpublished ON edition (state, story_id, lang) WHERE state <> 'published';
CREATE INDEX edition_changed ON edition (story_id, lang) WHERE state = 'published' AND published_rev <> revision;
