-- +goose Up
-- What came in from elsewhere, so that an import can be repeated and resumed without doubles.
CREATE TABLE imported (
    origin     TEXT NOT NULL, -- the system and site it came from: wordpress:https://example.org
    kind       TEXT NOT NULL, -- story, section, topic, author, picture, page
    foreign_id TEXT NOT NULL,
    own_id     TEXT NOT NULL,
    sha256     TEXT NOT NULL DEFAULT '', -- of what was read, so that an unchanged item costs nothing
    at         TEXT NOT NULL,
    PRIMARY KEY (origin, kind, foreign_id)
);
