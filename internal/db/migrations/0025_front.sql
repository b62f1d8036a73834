-- +goose Up
-- Events that what stands in front of the servers is still to be told of, once for all nodes.
CREATE TABLE front_due (
    event_id TEXT PRIMARY KEY
);

-- What follows from many things and changes seldom, as what stands in front was last told of it: a page
-- that depends on it is to be forgotten there only when it is another.
CREATE TABLE front_fact (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
