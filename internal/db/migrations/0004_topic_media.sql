-- +goose Up
CREATE TABLE topic (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL CHECK (kind IN ('subject','person','place','organisation','event')),
    active     BOOLEAN NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL
);
CREATE TABLE topic_name (
    topic_id TEXT NOT NULL REFERENCES topic (id) ON DELETE CASCADE,
    lang     TEXT NOT NULL,
    name     TEXT NOT NULL,
    slug     TEXT NOT NULL,
    PRIMARY KEY (topic_id, lang),
    UNIQUE (lang, slug)
);

-- A picture of the library. Its files lie in blob storage under media/<id>/…
CREATE TABLE picture (
    id          TEXT PRIMARY KEY,
    format      TEXT NOT NULL,             -- jpeg, png, webp, gif, svg: of the original
    width       BIGINT NOT NULL,           -- as shown, after turning by EXIF
    height      BIGINT NOT NULL,
    bytes       BIGINT NOT NULL,
    sha256      TEXT NOT NULL,             -- of the original: uploads of the same file meet
    file_name   TEXT NOT NULL,             -- as the uploader called it
    kind        TEXT NOT NULL CHECK (kind IN ('photo','illustration','graphic')),
    credit      TEXT NOT NULL,             -- required before it may be used
    focus_x     BIGINT NOT NULL DEFAULT 500, -- thousandths of the width from the left edge
    focus_y     BIGINT NOT NULL DEFAULT 500,
    crop        TEXT NOT NULL DEFAULT '',  -- '' or "x,y,w,h" in thousandths: what may be shown
    widths      TEXT NOT NULL DEFAULT '[]',-- JSON list of rendered widths, ascending
    formats     TEXT NOT NULL DEFAULT '[]',-- JSON list of rendered formats: jpg, webp, avif
    state       TEXT NOT NULL CHECK (state IN ('ready','rendering','failed')),
    uploaded_by TEXT NOT NULL,
    version     BIGINT NOT NULL DEFAULT 1,
    created_at  TEXT NOT NULL,
    deleted_at  TEXT
);
CREATE INDEX picture_created ON picture (created_at DESC, id DESC);
CREATE INDEX picture_sha ON picture (sha256);

-- The library's words for it, per language; an edition may say it differently.
CREATE TABLE picture_text (
    picture_id TEXT NOT NULL REFERENCES picture (id) ON DELETE CASCADE,
    lang       TEXT NOT NULL,
    caption    TEXT NOT NULL DEFAULT '',
    alt        TEXT NOT NULL DEFAULT '',
    credit     TEXT NOT NULL DEFAULT '', -- '' means the picture's own
    PRIMARY KEY (picture_id, lang)
);
