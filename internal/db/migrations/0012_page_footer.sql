-- +goose Up
-- Which static pages stand in the footer. Every one did: a paper that came from another system had
-- thirty links below each page.
ALTER TABLE static_page ADD COLUMN footer BOOLEAN NOT NULL DEFAULT TRUE;
