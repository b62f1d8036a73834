-- +goose Up
-- What the library and the topics are searched by: names, captions, credits without case and marks,
-- folded in Go, so that both engines find the same with a plain LIKE.
ALTER TABLE picture ADD COLUMN words TEXT NOT NULL DEFAULT '';
ALTER TABLE topic_name ADD COLUMN folded TEXT NOT NULL DEFAULT '';

-- The same file taken in twice at once is one picture.
DROP INDEX picture_sha;
CREATE UNIQUE INDEX picture_sha ON picture (sha256) WHERE deleted_at IS NULL;
