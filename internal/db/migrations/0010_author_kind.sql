-- +goose Up
-- Whether a by-line is somebody's or an editorial team's or agency's: machines that read the page are told.
ALTER TABLE author ADD COLUMN kind TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person','organisation'));
