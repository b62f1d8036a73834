CREATE TABLE aside (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    code       TEXT NOT NULL,
    address    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    source_rev BIGINT NOT NULL, -- 0: of an original
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    at         TEXT NOT NULL
);
CREATE INDEX aside_edition ON aside (edition_id);
CREATE TABLE assignment (
    edition_id  TEXT PRIMARY KEY REFERENCES edition (id) ON DELETE CASCADE,
    holder_id   TEXT NOT NULL DEFAULT '',
    holder_name TEXT NOT NULL DEFAULT '',
    note        TEXT NOT NULL DEFAULT '', -- from who handed it over
    by_id       TEXT NOT NULL,
    by_name     TEXT NOT NULL,
    due_at      TEXT,
    at          TEXT NOT NULL
);
CREATE INDEX assignment_holder ON assignment (holder_id);
CREATE TABLE audit (
    id       TEXT PRIMARY KEY,
    actor    TEXT NOT NULL, -- staff ID, or a word in brackets for the system: [setup], [import]
    act      TEXT NOT NULL, -- edition.save, release.publish …
    subject  TEXT NOT NULL, -- edition:<id>, story:<id> …
    detail   TEXT NOT NULL DEFAULT '{}',
    at       TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_subject ON audit (subject, id);
CREATE TABLE author (
    id         TEXT PRIMARY KEY,
    staff_id   TEXT REFERENCES staff (id),
    active     BOOLEAN NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL
, kind TEXT NOT NULL DEFAULT 'person' CHECK (kind IN ('person','organisation')));
CREATE INDEX author_staff ON author (staff_id) WHERE staff_id IS NOT NULL;
CREATE TABLE author_name (
    author_id TEXT NOT NULL REFERENCES author (id) ON DELETE CASCADE,
    lang      TEXT NOT NULL,
    name      TEXT NOT NULL,
    slug      TEXT NOT NULL,
    about     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (author_id, lang),
    UNIQUE (lang, slug)
);
CREATE INDEX author_name_name ON author_name (lang, name);
CREATE TABLE card (
    edition_id   TEXT PRIMARY KEY REFERENCES edition (id) ON DELETE CASCADE,
    story_id     TEXT NOT NULL,
    number       BIGINT NOT NULL,
    lang         TEXT NOT NULL,
    section_id   TEXT NOT NULL,
    kind         TEXT NOT NULL,
    slug         TEXT NOT NULL,
    kicker       TEXT NOT NULL,
    headline     TEXT NOT NULL,
    teaser       TEXT NOT NULL,
    picture      TEXT NOT NULL DEFAULT '', -- JSON of a document.Picture, or ''
    published_at TEXT NOT NULL,
    updated_at   TEXT,
    UNIQUE (story_id, lang)
);
CREATE INDEX card_lang ON card (lang, published_at DESC, edition_id DESC);
CREATE INDEX card_section ON card (section_id, lang, published_at DESC, edition_id DESC);
CREATE TABLE card_author (
    author_id    TEXT NOT NULL,
    lang         TEXT NOT NULL,
    published_at TEXT NOT NULL,
    edition_id   TEXT NOT NULL REFERENCES card (edition_id) ON DELETE CASCADE,
    PRIMARY KEY (author_id, lang, published_at, edition_id)
);
CREATE INDEX card_author_edition ON card_author (edition_id);
CREATE TABLE card_topic (
    topic_id     TEXT NOT NULL,
    lang         TEXT NOT NULL,
    published_at TEXT NOT NULL,
    edition_id   TEXT NOT NULL REFERENCES card (edition_id) ON DELETE CASCADE,
    PRIMARY KEY (topic_id, lang, published_at, edition_id)
);
CREATE INDEX card_topic_edition ON card_topic (edition_id);
CREATE TABLE correction (
    id         TEXT PRIMARY KEY,
    story_id   TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    release_id TEXT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    prominent  BOOLEAN NOT NULL, -- the headline or a number was wrong: told under the lead too
    by_id      TEXT NOT NULL,
    at         TEXT NOT NULL
);
CREATE INDEX correction_at ON correction (at, story_id);
CREATE INDEX correction_story ON correction (story_id, at);
CREATE TABLE correction_text (
    correction_id TEXT NOT NULL REFERENCES correction (id) ON DELETE CASCADE,
    lang          TEXT NOT NULL,
    text          TEXT NOT NULL,
    edition_id    TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    at            TEXT NOT NULL,
    PRIMARY KEY (correction_id, lang)
);
CREATE INDEX correction_text_lang ON correction_text (lang, at DESC, correction_id DESC);
CREATE TABLE draft (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    address    TEXT NOT NULL,
    source_rev BIGINT NOT NULL, -- the original's revision that it was made from
    kind       TEXT NOT NULL CHECK (kind IN ('engine','own','story','other','near','xliff','import')),
    engine     TEXT NOT NULL DEFAULT '',
    model      TEXT NOT NULL DEFAULT '',
    from_lang  TEXT NOT NULL,
    to_lang    TEXT NOT NULL,
    through    TEXT NOT NULL DEFAULT '', -- the language in between
    alike      BIGINT NOT NULL DEFAULT 0, -- of a near match, in hundred
    body       TEXT NOT NULL,
    placed     BOOLEAN NOT NULL, -- it stood in the edition, as it came or as what somebody wrote on from
    at         TEXT NOT NULL
);
CREATE INDEX draft_edition ON draft (edition_id, address);
CREATE TABLE drafting (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    source_rev BIGINT NOT NULL,
    wanted     TEXT NOT NULL, -- JSON list of addresses that were asked for; [] means: all that are missing
    again      BOOLEAN NOT NULL,
    total      BIGINT NOT NULL DEFAULT 0,
    done       BIGINT NOT NULL DEFAULT 0,
    failures   TEXT NOT NULL DEFAULT '[]',
    state      TEXT NOT NULL CHECK (state IN ('waiting','working','done','failed','cancelled')),
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    begun_at   TEXT NOT NULL,
    ended_at   TEXT,
    CHECK ((ended_at IS NULL) = (state IN ('waiting','working')))
);
CREATE INDEX drafting_edition ON drafting (edition_id, begun_at);
CREATE UNIQUE INDEX drafting_open ON drafting (edition_id) WHERE ended_at IS NULL;
CREATE TABLE edition (
    id            TEXT PRIMARY KEY,
    story_id      TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    lang          TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('draft','review','approved','scheduled','published','withdrawn')),
    version       BIGINT NOT NULL DEFAULT 1,   -- counts every change of this row
    revision      BIGINT NOT NULL,             -- number of the newest revision
    published_rev BIGINT,                      -- number of the one readers see; NULL: none
    headline      TEXT NOT NULL DEFAULT '',    -- of the newest revision, for lists in the desk
    body          TEXT NOT NULL,               -- document JSON of the newest revision
    slug          TEXT NOT NULL DEFAULT '',    -- of the published revision
    translator    TEXT NOT NULL DEFAULT '',    -- staff or author name shown to readers; '' for an original
    made          TEXT NOT NULL DEFAULT 'original' CHECK (made IN ('original','human','human_checked','machine_checked','machine')),
    first_published_at TEXT,
    published_at  TEXT,                        -- of the revision readers see
    updated_at    TEXT,                        -- shown to readers: last update or correction, NULL if none
    scheduled_at  TEXT,
    withdrawn_at  TEXT,
    withdrawn_why TEXT NOT NULL DEFAULT '',    -- told to readers, in this language
    saved_at      TEXT NOT NULL,
    UNIQUE (story_id, lang)
);
CREATE INDEX edition_changed ON edition (story_id, lang) WHERE state = 'published' AND published_rev <> revision;
CREATE INDEX edition_headline ON edition (headline, story_id);
CREATE INDEX edition_review ON edition (story_id, lang) WHERE state = 'review';
CREATE INDEX edition_saved ON edition (saved_at DESC, id DESC);
CREATE INDEX edition_scheduled ON edition (scheduled_at) WHERE state = 'scheduled';
CREATE INDEX edition_unpublished ON edition (state, story_id, lang) WHERE state <> 'published';
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
CREATE TABLE engine_health (
    engine_id  TEXT PRIMARY KEY REFERENCES engine (id) ON DELETE CASCADE,
    worked_at  TEXT,
    failed_at  TEXT,
    trouble    TEXT NOT NULL,  -- of the last failure, '' once it works again
    reason     TEXT NOT NULL,
    trace      TEXT NOT NULL,  -- the service's name for the request
    rest_until TEXT            -- it is left alone until then
);
CREATE TABLE engine_order (
    pair      TEXT NOT NULL, -- uk-de
    engine_id TEXT NOT NULL REFERENCES engine (id) ON DELETE CASCADE,
    position  BIGINT NOT NULL, left_out BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (pair, engine_id)
);
CREATE TABLE engine_result (
    work    TEXT NOT NULL,
    address TEXT NOT NULL,
    hash    TEXT NOT NULL,
    answer  TEXT NOT NULL, -- JSON
    at      TEXT NOT NULL,
    PRIMARY KEY (work, address)
);
CREATE TABLE engine_sent (
    work      TEXT NOT NULL, -- the draft's key
    address   TEXT NOT NULL,
    engine_id TEXT NOT NULL,
    hash      TEXT NOT NULL, -- of the source's text, the pair and the terms
    trouble   TEXT NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (work, address, engine_id)
);
CREATE TABLE engine_usage (
    day        TEXT NOT NULL, -- 2026-11-27, in UTC
    engine_id  TEXT NOT NULL,
    pair       TEXT NOT NULL,
    characters BIGINT NOT NULL,
    requests   BIGINT NOT NULL,
    cost       BIGINT NOT NULL, -- millionths of a cent
    PRIMARY KEY (day, engine_id, pair)
);
CREATE TABLE event (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    data       TEXT NOT NULL DEFAULT '{}',
    created_at TEXT NOT NULL
);
CREATE INDEX event_created ON event (created_at, id);
CREATE TABLE evidence (
    draft_id  TEXT PRIMARY KEY REFERENCES draft (id) ON DELETE CASCADE,
    revision  BIGINT NOT NULL, -- of the edition, that went out
    words     BIGINT NOT NULL, -- that went out
    changed   BIGINT NOT NULL, -- put in, taken out or replaced
    at        TEXT NOT NULL
);
CREATE INDEX evidence_at ON evidence (at);
CREATE TABLE front_due (
    event_id TEXT PRIMARY KEY
);
CREATE TABLE front_fact (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE imported (
    origin     TEXT NOT NULL, -- the system and site it came from: wordpress:https://example.org
    kind       TEXT NOT NULL, -- story, section, topic, author, picture, page
    foreign_id TEXT NOT NULL,
    own_id     TEXT NOT NULL,
    sha256     TEXT NOT NULL DEFAULT '', -- of what was read, so that an unchanged item costs nothing
    at         TEXT NOT NULL,
    PRIMARY KEY (origin, kind, foreign_id)
);
CREATE TABLE live (
    story_id TEXT PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE,
    began_at TEXT NOT NULL,
    ended_at TEXT,                  -- NULL while it runs
    open     BOOLEAN NOT NULL,      -- reporters and translators send entries out themselves
    version  BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX live_running ON live (began_at) WHERE ended_at IS NULL;
CREATE TABLE live_card (
    edition_id TEXT PRIMARY KEY REFERENCES edition (id) ON DELETE CASCADE,
    entry_id   TEXT NOT NULL REFERENCES live_entry (story_id) ON DELETE CASCADE,
    live_id    TEXT NOT NULL REFERENCES live (story_id) ON DELETE CASCADE,
    lang       TEXT NOT NULL,
    number     BIGINT NOT NULL,
    happened   TEXT NOT NULL,
    pinned     BOOLEAN NOT NULL,
    out        BOOLEAN NOT NULL,
    headline   TEXT NOT NULL,       -- its own, or how its text begins
    turn       BIGINT NOT NULL,
    told_at    TEXT NOT NULL        -- when readers last saw it change
);
CREATE INDEX live_card_entry ON live_card (entry_id);
CREATE INDEX live_card_out ON live_card (live_id, lang, happened DESC, entry_id DESC) WHERE out;
CREATE INDEX live_card_pinned ON live_card (live_id, lang, happened DESC, entry_id DESC) WHERE out AND pinned;
CREATE INDEX live_card_told ON live_card (live_id, lang, told_at DESC);
CREATE TABLE live_entry (
    story_id TEXT PRIMARY KEY REFERENCES story (id) ON DELETE CASCADE,
    live_id  TEXT NOT NULL REFERENCES live (story_id) ON DELETE CASCADE,
    happened TEXT NOT NULL,         -- what it tells of: the time that readers see, and its place in the order
    pinned   BOOLEAN NOT NULL DEFAULT FALSE, -- one of the few that tell the story so far
    sent     TEXT NOT NULL,         -- what the browser called what it sent: the same, sent again, is the same entry
    version  BIGINT NOT NULL DEFAULT 1,
    UNIQUE (live_id, sent)
);
CREATE INDEX live_entry_happened ON live_entry (live_id, happened DESC, story_id DESC);
CREATE TABLE memory_key (
    key INTEGER NOT NULL,
    ref INTEGER NOT NULL,
    PRIMARY KEY (key, ref)
) WITHOUT ROWID;
CREATE TABLE memory_unit (
    id         INTEGER PRIMARY KEY,
    from_lang  TEXT NOT NULL,
    to_lang    TEXT NOT NULL,
    source     TEXT NOT NULL,                -- JSON of a document.Inline
    target     TEXT NOT NULL,
    exact      BIGINT NOT NULL,              -- hash of the pair and the normalised source
    same       BIGINT NOT NULL UNIQUE,       -- hash of what it is the translation of: said anew, it is replaced
    edition_id TEXT REFERENCES edition (id) ON DELETE CASCADE, -- NULL: imported
    address    TEXT NOT NULL DEFAULT '',
    story_id   TEXT NOT NULL DEFAULT '',
    source_rev BIGINT NOT NULL DEFAULT 0,
    target_rev BIGINT NOT NULL DEFAULT 0,
    imported   TEXT NOT NULL DEFAULT '',     -- name of the file
    by_id      TEXT NOT NULL DEFAULT '',
    by_name    TEXT NOT NULL DEFAULT '',
    at         TEXT NOT NULL
);
CREATE INDEX memory_unit_edition ON memory_unit (edition_id) WHERE edition_id IS NOT NULL;
CREATE INDEX memory_unit_exact ON memory_unit (exact, id);
CREATE TABLE override (
    release_id TEXT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    code       TEXT NOT NULL,
    address    TEXT NOT NULL,
    reason     TEXT NOT NULL,
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    PRIMARY KEY (release_id, edition_id, code, address)
);
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
, words TEXT NOT NULL DEFAULT '');
CREATE INDEX picture_created ON picture (created_at DESC, id DESC);
CREATE UNIQUE INDEX picture_sha ON picture (sha256) WHERE deleted_at IS NULL;
CREATE TABLE picture_text (
    picture_id TEXT NOT NULL REFERENCES picture (id) ON DELETE CASCADE,
    lang       TEXT NOT NULL,
    caption    TEXT NOT NULL DEFAULT '',
    alt        TEXT NOT NULL DEFAULT '',
    credit     TEXT NOT NULL DEFAULT '', -- '' means the picture's own
    PRIMARY KEY (picture_id, lang)
);
CREATE TABLE publication (
    id           TEXT PRIMARY KEY CHECK (id = 'paper'),
    name         TEXT NOT NULL,
    main_lang    TEXT NOT NULL,
    time_zone    TEXT NOT NULL,
    base_url     TEXT NOT NULL,
    look         TEXT NOT NULL DEFAULT '{}', -- JSON: accent colours, system fonts only, logo
    embed_hosts  TEXT NOT NULL DEFAULT '[]', -- JSON list of hosts
    version      BIGINT NOT NULL DEFAULT 1,
    updated_at   TEXT NOT NULL
, error_reports BOOLEAN NOT NULL DEFAULT TRUE);
CREATE TABLE publication_language (
    lang        TEXT PRIMARY KEY,
    position    BIGINT NOT NULL,
    active      BOOLEAN NOT NULL,
    name        TEXT NOT NULL DEFAULT '', -- the paper's name in this language; '' means the main one
    about       TEXT NOT NULL DEFAULT '', -- one line for feeds and meta data
    machine_out BOOLEAN NOT NULL DEFAULT FALSE -- may unchecked machine text go out
);
CREATE TABLE redirect (
    path       TEXT PRIMARY KEY,
    target     TEXT NOT NULL, -- story:<id>:<lang>, section:<id>:<lang>, topic:…, author:…, or /path
    created_at TEXT NOT NULL
);
CREATE TABLE register_entry (
    id             TEXT PRIMARY KEY,
    kind           TEXT NOT NULL CHECK (kind IN ('person','place','body','work','term')),
    note           TEXT NOT NULL,            -- who or what it is
    keep           BOOLEAN NOT NULL,         -- it isn't translated
    state          TEXT NOT NULL CHECK (state IN ('proposed','approved')),
    amends         TEXT NOT NULL DEFAULT '', -- the entry that a proposal wants to change
    amends_version BIGINT NOT NULL DEFAULT 0,
    sort_key       TEXT NOT NULL,
    version        BIGINT NOT NULL DEFAULT 1,
    created_by     TEXT NOT NULL,
    created_at     TEXT NOT NULL,
    changed_by     TEXT NOT NULL,
    changed_at     TEXT NOT NULL
);
CREATE INDEX register_entry_sort ON register_entry (sort_key, id);
CREATE TABLE register_form (
    entry_id TEXT NOT NULL,
    lang     TEXT NOT NULL,
    use_as   TEXT NOT NULL CHECK (use_as IN ('inflected','other','forbidden')),
    position BIGINT NOT NULL,
    form     TEXT NOT NULL,
    folded   TEXT NOT NULL,
    reason   TEXT NOT NULL DEFAULT '', -- why it is forbidden
    PRIMARY KEY (entry_id, lang, use_as, position),
    FOREIGN KEY (entry_id, lang) REFERENCES register_word (entry_id, lang) ON DELETE CASCADE
);
CREATE TABLE register_state (
    one        BIGINT PRIMARY KEY CHECK (one = 1),
    generation BIGINT NOT NULL
);
CREATE TABLE register_word (
    entry_id TEXT NOT NULL REFERENCES register_entry (id) ON DELETE CASCADE,
    lang     TEXT NOT NULL,
    spelling TEXT NOT NULL,
    folded   TEXT NOT NULL, -- for finding
    gender   TEXT NOT NULL DEFAULT '' CHECK (gender IN ('','m','f','n','pl')),
    remark   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (entry_id, lang)
);
CREATE INDEX register_word_folded ON register_word (lang, folded);
CREATE TABLE release (
    id         TEXT PRIMARY KEY,
    story_id   TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    act        TEXT NOT NULL CHECK (act IN ('publish','schedule','unschedule','minor','update','correct','withdraw')),
    due_at     TEXT,          -- of a scheduled one
    done_at    TEXT,          -- NULL while it waits; a scheduled one becomes 'done' once
    cancelled  BOOLEAN NOT NULL DEFAULT FALSE,
    why        TEXT NOT NULL DEFAULT '',
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX release_due ON release (due_at) WHERE done_at IS NULL;
CREATE INDEX release_story ON release (story_id, id);
CREATE TABLE release_edition (
    release_id TEXT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    revision   BIGINT NOT NULL, source_rev BIGINT NOT NULL DEFAULT 0, -- what was approved to go out
    PRIMARY KEY (release_id, edition_id)
);
CREATE INDEX release_edition_edition ON release_edition (edition_id);
CREATE TABLE release_held (
    release_id TEXT NOT NULL REFERENCES release (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    code       TEXT NOT NULL,
    address    TEXT NOT NULL,
    PRIMARY KEY (release_id, edition_id, code, address)
);
CREATE TABLE report (
    id         TEXT PRIMARY KEY,
    story_id   TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    lang       TEXT NOT NULL,
    block      TEXT NOT NULL,              -- of the document, or 'head'
    revision   BIGINT NOT NULL,            -- that the reader saw
    passage    TEXT NOT NULL,              -- what the block said in it
    quote      TEXT NOT NULL DEFAULT '',   -- the words in the passage that the reader chose, or ''
    said       TEXT NOT NULL,
    same       TEXT NOT NULL,              -- hash of what was said: the same again is counted
    times      BIGINT NOT NULL DEFAULT 1,
    state      TEXT NOT NULL CHECK (state IN ('open','taken','corrected','no_fault','spam')),
    version    BIGINT NOT NULL DEFAULT 1,
    by_id      TEXT NOT NULL DEFAULT '',   -- who took it up or closed it
    by_name    TEXT NOT NULL DEFAULT '',
    first_at   TEXT NOT NULL,
    last_at    TEXT NOT NULL,
    closed_at  TEXT,
    CONSTRAINT report_same UNIQUE (edition_id, block, same),
    CHECK ((closed_at IS NULL) = (state IN ('open','taken')))
);
CREATE INDEX report_first ON report (first_at);
CREATE INDEX report_state ON report (state, last_at DESC, id DESC);
CREATE INDEX report_story ON report (story_id, first_at);
CREATE TABLE report_mail (
    report_id TEXT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    mail      TEXT NOT NULL,
    at        TEXT NOT NULL,
    PRIMARY KEY (report_id, mail)
);
CREATE INDEX report_mail_at ON report_mail (at);
CREATE TABLE revision (
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    number     BIGINT NOT NULL,
    parent     BIGINT NOT NULL,               -- 0 for the first
    kind       TEXT NOT NULL CHECK (kind IN ('save','merge','restore','import')),
    body       TEXT NOT NULL,
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    why        TEXT NOT NULL DEFAULT '',
    at         TEXT NOT NULL,
    PRIMARY KEY (edition_id, number)
);
CREATE INDEX revision_by ON revision (by_id, edition_id);
CREATE TABLE revision_check (
    edition_id TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL, -- as readers are told
    at         TEXT NOT NULL, source_rev BIGINT NOT NULL DEFAULT 0, aside TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (edition_id, revision),
    FOREIGN KEY (edition_id, revision) REFERENCES revision (edition_id, number) ON DELETE CASCADE
);
CREATE TABLE section (
    id       TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    active   BOOLEAN NOT NULL,
    version  BIGINT NOT NULL DEFAULT 1
);
CREATE TABLE section_name (
    section_id TEXT NOT NULL REFERENCES section (id) ON DELETE CASCADE,
    lang       TEXT NOT NULL,
    name       TEXT NOT NULL,
    slug       TEXT NOT NULL,
    PRIMARY KEY (section_id, lang),
    UNIQUE (lang, slug)
);
CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    staff_id   TEXT NOT NULL REFERENCES staff (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    seen_at    TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    agent      TEXT NOT NULL DEFAULT '' -- the browser, as it calls itself, so that one can recognise a session
);
CREATE INDEX session_staff ON session (staff_id);
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE source (
    id       TEXT PRIMARY KEY,
    story_id TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('paper','agency','document','person','authority','website')),
    name     TEXT NOT NULL,
    url      TEXT NOT NULL DEFAULT '',
    lang     TEXT NOT NULL DEFAULT '', -- what the source itself is written in
    dated    TEXT NOT NULL DEFAULT '', -- 2024-10-23, or '' when it has no date
    accessed TEXT NOT NULL DEFAULT '',
    texts    TEXT NOT NULL DEFAULT '{}' -- JSON: lang -> {title, claim, how}
);
CREATE INDEX source_story ON source (story_id, position);
CREATE TABLE source_change (
    id         TEXT PRIMARY KEY,
    edition_id TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    address    TEXT NOT NULL,
    from_rev   BIGINT NOT NULL,
    to_rev     BIGINT NOT NULL,
    since_rev  BIGINT NOT NULL, -- the first revision in which it reads as in to_rev, without a break
    weight     TEXT NOT NULL CHECK (weight IN ('wording','fact')),
    release_id TEXT REFERENCES release (id) ON DELETE CASCADE, -- the correction's
    by_id      TEXT NOT NULL,
    by_name    TEXT NOT NULL,
    at         TEXT NOT NULL,
    CHECK (from_rev < to_rev)
);
CREATE INDEX source_change_edition ON source_change (edition_id);
CREATE INDEX source_change_release ON source_change (release_id);
CREATE TABLE staff (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    email       TEXT NOT NULL UNIQUE, -- lower case
    role        TEXT NOT NULL CHECK (role IN ('reporter','translator','editor','chief','advertising','admin')),
    langs       TEXT NOT NULL DEFAULT '[]', -- JSON list; empty means all
    sections    TEXT NOT NULL DEFAULT '[]', -- JSON list of section IDs; empty means all
    ui_lang     TEXT NOT NULL,
    password    TEXT NOT NULL, -- Argon2id in PHC form; '' means: can't sign in yet
    active      BOOLEAN NOT NULL,
    version     BIGINT NOT NULL DEFAULT 1,
    created_at  TEXT NOT NULL,
    updated_at  TEXT NOT NULL
);
CREATE TABLE static_page (
    id         TEXT PRIMARY KEY,
    key        TEXT NOT NULL, -- imprint, about, how, privacy, contact or a free word
    lang       TEXT NOT NULL,
    slug       TEXT NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL, -- a document's JSON
    position   BIGINT NOT NULL,
    version    BIGINT NOT NULL DEFAULT 1,
    updated_at TEXT NOT NULL, footer BOOLEAN NOT NULL DEFAULT TRUE,
    UNIQUE (key, lang),
    UNIQUE (lang, slug)
);
CREATE TABLE story (
    id            TEXT PRIMARY KEY,
    number        BIGINT NOT NULL UNIQUE, -- people's name for it, and part of its addresses for ever
    kind          TEXT NOT NULL CHECK (kind IN ('news','report','analysis','interview','opinion','explainer')),
    section_id    TEXT REFERENCES section (id), -- required before it goes out
    original_lang TEXT NOT NULL,
    embargo_until TEXT,
    version       BIGINT NOT NULL DEFAULT 1,
    created_by    TEXT NOT NULL,
    created_at    TEXT NOT NULL,
    updated_at    TEXT NOT NULL
, live_of TEXT REFERENCES story (id));
CREATE INDEX story_created_by ON story (created_by);
CREATE INDEX story_live_of ON story (live_of) WHERE live_of IS NOT NULL;
CREATE INDEX story_section ON story (section_id, updated_at DESC, id DESC);
CREATE INDEX story_updated ON story (updated_at DESC, id DESC);
CREATE TABLE story_author (
    story_id  TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    author_id TEXT NOT NULL REFERENCES author (id),
    position  BIGINT NOT NULL,
    PRIMARY KEY (story_id, author_id)
);
CREATE INDEX story_author_author ON story_author (author_id, story_id);
CREATE TABLE story_topic (
    story_id TEXT NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    topic_id TEXT NOT NULL REFERENCES topic (id),
    position BIGINT NOT NULL,
    PRIMARY KEY (story_id, topic_id)
);
CREATE INDEX story_topic_topic ON story_topic (topic_id, story_id);
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
    slug     TEXT NOT NULL, folded TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (topic_id, lang),
    UNIQUE (lang, slug)
);
CREATE TABLE "unit" (
    edition_id  TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    address     TEXT NOT NULL,
    source_id   TEXT NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    source_rev  BIGINT NOT NULL,
    target_rev  BIGINT NOT NULL,  -- revision of the translation in which this was said
    answer      TEXT NOT NULL CHECK (answer IN ('machine','edited','reviewed','adapted','added','dropped')),
    reason      TEXT NOT NULL DEFAULT '',
    draft_id    TEXT REFERENCES draft (id) ON DELETE CASCADE,
    by_id       TEXT NOT NULL,
    at          TEXT NOT NULL,
    CONSTRAINT unit_key PRIMARY KEY (edition_id, address)
);
CREATE INDEX unit_draft ON unit (draft_id);
CREATE INDEX unit_source ON unit (source_id);
