-- +goose Up
-- The engines of the paper. The key is sealed; what opens it isn't in the database.
CREATE TABLE engine (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    settings   TEXT NOT NULL,            -- JSON, as its kind wants it
    sealed     BYTEA,                    -- its key; NULL if it has none
    enabled    BOOLEAN NOT NULL,
    price      BIGINT NOT NULL,          -- of a million characters, in cents
    quota      BIGINT NOT NULL,          -- characters in a period, 0 for no bound
    period     TEXT NOT NULL CHECK (period IN ('month','day')),
    version    BIGINT NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL
);

-- Who is asked first. The pair '' is the order of all pairs that have none of their own.
CREATE TABLE engine_order (
    pair      TEXT NOT NULL, -- uk-de
    engine_id TEXT NOT NULL REFERENCES engine (id) ON DELETE CASCADE,
    position  BIGINT NOT NULL,
    PRIMARY KEY (pair, engine_id)
);

-- How it went the last time.
CREATE TABLE engine_health (
    engine_id  TEXT PRIMARY KEY REFERENCES engine (id) ON DELETE CASCADE,
    worked_at  TEXT,
    failed_at  TEXT,
    trouble    TEXT NOT NULL,  -- of the last failure, '' once it works again
    reason     TEXT NOT NULL,
    trace      TEXT NOT NULL,  -- the service's name for the request
    rest_until TEXT            -- it is left alone until then
);

-- What it was asked. Outlives the engine: an invoice comes later.
CREATE TABLE engine_usage (
    day        TEXT NOT NULL, -- 2026-11-27, in UTC
    engine_id  TEXT NOT NULL,
    pair       TEXT NOT NULL,
    characters BIGINT NOT NULL,
    requests   BIGINT NOT NULL,
    cost       BIGINT NOT NULL, -- millionths of a cent
    PRIMARY KEY (day, engine_id, pair)
);

-- What was sent to an engine that charges for it, before it is sent. A row without trouble and
-- without a result is a request whose answer nobody saw; it isn't sent again by itself.
CREATE TABLE engine_sent (
    work      TEXT NOT NULL, -- the draft's key
    address   TEXT NOT NULL,
    engine_id TEXT NOT NULL,
    hash      TEXT NOT NULL, -- of the source's text, the pair and the terms
    trouble   TEXT NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (work, address, engine_id)
);

-- What was answered, until the draft is in its edition.
CREATE TABLE engine_result (
    work    TEXT NOT NULL,
    address TEXT NOT NULL,
    hash    TEXT NOT NULL,
    answer  TEXT NOT NULL, -- JSON
    at      TEXT NOT NULL,
    PRIMARY KEY (work, address)
);
