-- +goose Up
-- How much waits for a review stands beside every screen of the desk: it is counted without reading what
-- doesn't wait.
CREATE INDEX edition_review ON edition (story_id, lang) WHERE state = 'review';
