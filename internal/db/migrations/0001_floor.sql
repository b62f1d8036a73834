-- +goose Up
-- What every room stands on: what happened (outbox), who did it (audit). Both are only ever
-- inserted into; the outbox is trimmed by age, the audit never.
CREATE TABLE event (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    data       TEXT NOT NULL DEFAULT '{}',
    created_at TEXT NOT NULL
);
CREATE INDEX event_created ON event (created_at, id);

CREATE TABLE audit (
    id       TEXT PRIMARY KEY,
    actor    TEXT NOT NULL, -- staff ID, or a word in brackets for the system: [setup], [import]
    act      TEXT NOT NULL, -- edition.save, release.publish …
    subject  TEXT NOT NULL, -- edition:<id>, story:<id> …
    detail   TEXT NOT NULL DEFAULT '{}',
    at       TEXT NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, id);
CREATE INDEX audit_at ON audit (at, id);

-- Small values that belong to no room's table: the set-up state, cursors, counters.
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
