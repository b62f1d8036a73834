-- +goose Up
-- An engine that isn't asked for a pair.
ALTER TABLE engine_order ADD COLUMN left_out BOOLEAN NOT NULL DEFAULT FALSE;
