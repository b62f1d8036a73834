-- +goose Up
-- The desk looks through all headlines for a word, and leaves the texts of their rows alone.
CREATE INDEX edition_headline ON edition (headline, story_id);
