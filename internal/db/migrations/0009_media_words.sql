-- +goose Up
-- What the library and the topics are searched by: names, captions, credits without case and marks,
-- folded in Go, so that both engines find the same with a plain LIKE.
ALTER TABLE picture ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE topic_name ADD COLUMN folded TEXT NOT NULL DEFAULT '';
