CREATE TABLE aside (
    id text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    source_rev bigint NOT NULL,
    by_id text COLLATE "C" NOT NULL,
    by_name text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT aside_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT aside_pkey PRIMARY KEY (id),
);
CREATE INDEX aside_edition ON public.aside USING btree (edition_id);
CREATE TABLE assignment (
    edition_id text COLLATE "C" NOT NULL,
    holder_id text COLLATE "C" NOT NULL DEFAULT ''::text,
    holder_name text COLLATE "C" NOT NULL DEFAULT ''::text,
    note text COLLATE "C" NOT NULL DEFAULT ''::text,
    by_id text COLLATE "C" NOT NULL,
    by_name text COLLATE "C" NOT NULL,
    due_at text COLLATE "C",
    at text COLLATE "C" NOT NULL,
    CONSTRAINT assignment_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT assignment_pkey PRIMARY KEY (edition_id),
);
CREATE INDEX assignment_holder ON public.assignment USING btree (holder_id);
CREATE TABLE audit (
    id text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    act text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    detail text COLLATE "C" NOT NULL DEFAULT '{}'::text,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT audit_pkey PRIMARY KEY (id),
);
CREATE INDEX audit_at ON public.audit USING btree (at, id);
CREATE INDEX audit_subject ON public.audit USING btree (subject, id);
CREATE TABLE author (
    id text COLLATE "C" NOT NULL,
    staff_id text COLLATE "C",
    active boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL DEFAULT 'person'::text,
    CONSTRAINT author_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'organisation'::text]))),
    CONSTRAINT author_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id),
    CONSTRAINT author_pkey PRIMARY KEY (id),
);
CREATE INDEX author_staff ON public.author USING btree (staff_id) WHERE (staff_id IS NOT NULL);
CREATE TABLE author_name (
    author_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    slug text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL DEFAULT ''::text,
    CONSTRAINT author_name_author_id_fkey FOREIGN KEY (author_id) REFERENCES author(id) ON DELETE CASCADE,
    CONSTRAINT author_name_pkey PRIMARY KEY (author_id, lang),
    CONSTRAINT author_name_lang_slug_key UNIQUE (lang, slug),
);
CREATE INDEX author_name_name ON public.author_name USING btree (lang, name);
CREATE TABLE card (
    edition_id text COLLATE "C" NOT NULL,
    story_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    lang text COLLATE "C" NOT NULL,
    section_id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    slug text COLLATE "C" NOT NULL,
    kicker text COLLATE "C" NOT NULL,
    headline text COLLATE "C" NOT NULL,
    teaser text COLLATE "C" NOT NULL,
    picture text COLLATE "C" NOT NULL DEFAULT ''::text,
    published_at text COLLATE "C" NOT NULL,
    updated_at text COLLATE "C",
    CONSTRAINT card_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT card_pkey PRIMARY KEY (edition_id),
    CONSTRAINT card_story_id_lang_key UNIQUE (story_id, lang),
);
CREATE INDEX card_lang ON public.card USING btree (lang, published_at DESC, edition_id DESC);
CREATE INDEX card_section ON public.card USING btree (section_id, lang, published_at DESC, edition_id DESC);
CREATE TABLE card_author (
    author_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    published_at text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    CONSTRAINT card_author_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES card(edition_id) ON DELETE CASCADE,
    CONSTRAINT card_author_pkey PRIMARY KEY (author_id, lang, published_at, edition_id),
);
CREATE INDEX card_author_edition ON public.card_author USING btree (edition_id);
CREATE TABLE card_topic (
    topic_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    published_at text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    CONSTRAINT card_topic_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES card(edition_id) ON DELETE CASCADE,
    CONSTRAINT card_topic_pkey PRIMARY KEY (topic_id, lang, published_at, edition_id),
);
CREATE INDEX card_topic_edition ON public.card_topic USING btree (edition_id);
CREATE TABLE correction (
    id text COLLATE "C" NOT NULL,
    story_id text COLLATE "C" NOT NULL,
    release_id text COLLATE "C" NOT NULL,
    prominent boolean NOT NULL,
    by_id text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT correction_release_id_fkey FOREIGN KEY (release_id) REFERENCES release(id) ON DELETE CASCADE,
    CONSTRAINT correction_story_id_fkey FOREIGN KEY (story_id) REFERENCES story(id) ON DELETE CASCADE,
    CONSTRAINT correction_pkey PRIMARY KEY (id),
);
CREATE INDEX correction_at ON public.correction USING btree (at, story_id);
CREATE INDEX correction_story ON public.correction USING btree (story_id, at);
CREATE TABLE correction_text (
    correction_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT correction_text_correction_id_fkey FOREIGN KEY (correction_id) REFERENCES correction(id) ON DELETE CASCADE,
    CONSTRAINT correction_text_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT correction_text_pkey PRIMARY KEY (correction_id, lang),
);
CREATE INDEX correction_text_lang ON public.correction_text USING btree (lang, at DESC, correction_id DESC);
CREATE TABLE draft (
    id text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    source_rev bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    engine text COLLATE "C" NOT NULL DEFAULT ''::text,
    model text COLLATE "C" NOT NULL DEFAULT ''::text,
    from_lang text COLLATE "C" NOT NULL,
    to_lang text COLLATE "C" NOT NULL,
    through text COLLATE "C" NOT NULL DEFAULT ''::text,
    alike bigint NOT NULL DEFAULT 0,
    body text COLLATE "C" NOT NULL,
    placed boolean NOT NULL,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT draft_kind_check CHECK ((kind = ANY (ARRAY['engine'::text, 'own'::text, 'story'::text, 'other'::text, 'near'::text, 'xliff'::text, 'import'::text]))),
    CONSTRAINT draft_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT draft_pkey PRIMARY KEY (id),
);
CREATE INDEX draft_edition ON public.draft USING btree (edition_id, address);
CREATE TABLE drafting (
    id text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    source_rev bigint NOT NULL,
    wanted text COLLATE "C" NOT NULL,
    again boolean NOT NULL,
    total bigint NOT NULL DEFAULT 0,
    done bigint NOT NULL DEFAULT 0,
    failures text COLLATE "C" NOT NULL DEFAULT '[]'::text,
    state text COLLATE "C" NOT NULL,
    by_id text COLLATE "C" NOT NULL,
    by_name text COLLATE "C" NOT NULL,
    begun_at text COLLATE "C" NOT NULL,
    ended_at text COLLATE "C",
    CONSTRAINT drafting_check CHECK (((ended_at IS NULL) = (state = ANY (ARRAY['waiting'::text, 'working'::text])))),
    CONSTRAINT drafting_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'working'::text, 'done'::text, 'failed'::text, 'cancelled'::text]))),
    CONSTRAINT drafting_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT drafting_pkey PRIMARY KEY (id),
);
CREATE INDEX drafting_edition ON public.drafting USING btree (edition_id, begun_at);
CREATE UNIQUE INDEX drafting_open ON public.drafting USING btree (edition_id) WHERE (ended_at IS NULL);
CREATE TABLE edition (
    id text COLLATE "C" NOT NULL,
    story_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    state text COLLATE "C" NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    revision bigint NOT NULL,
    published_rev bigint,
    headline text COLLATE "C" NOT NULL DEFAULT ''::text,
    body text COLLATE "C" NOT NULL,
    slug text COLLATE "C" NOT NULL DEFAULT ''::text,
    translator text COLLATE "C" NOT NULL DEFAULT ''::text,
    made text COLLATE "C" NOT NULL DEFAULT 'original'::text,
    first_published_at text COLLATE "C",
    published_at text COLLATE "C",
    updated_at text COLLATE "C",
    scheduled_at text COLLATE "C",
    withdrawn_at text COLLATE "C",
    withdrawn_why text COLLATE "C" NOT NULL DEFAULT ''::text,
    saved_at text COLLATE "C" NOT NULL,
    CONSTRAINT edition_made_check CHECK ((made = ANY (ARRAY['original'::text, 'human'::text, 'human_checked'::text, 'machine_checked'::text, 'machine'::text]))),
    CONSTRAINT edition_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'review'::text, 'approved'::text, 'scheduled'::text, 'published'::text, 'withdrawn'::text]))),
    CONSTRAINT edition_story_id_fkey FOREIGN KEY (story_id) REFERENCES story(id) ON DELETE CASCADE,
    CONSTRAINT edition_pkey PRIMARY KEY (id),
    CONSTRAINT edition_story_id_lang_key UNIQUE (story_id, lang),
);
CREATE INDEX edition_changed ON public.edition USING btree (story_id, lang) WHERE ((state = 'published'::text) AND (published_rev <> revision));
CREATE INDEX edition_headline ON public.edition USING btree (headline, story_id);
CREATE INDEX edition_review ON public.edition USING btree (story_id, lang) WHERE (state = 'review'::text);
CREATE INDEX edition_saved ON public.edition USING btree (saved_at DESC, id DESC);
CREATE INDEX edition_scheduled ON public.edition USING btree (scheduled_at) WHERE (state = 'scheduled'::text);
CREATE INDEX edition_unpublished ON public.edition USING btree (state, story_id, lang) WHERE (state <> 'published'::text);
CREATE TABLE engine (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    settings text COLLATE "C" NOT NULL,
    sealed bytea,
    enabled boolean NOT NULL,
    price bigint NOT NULL,
    quota bigint NOT NULL,
    period text COLLATE "C" NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at text COLLATE "C" NOT NULL,
    CONSTRAINT engine_period_check CHECK ((period = ANY (ARRAY['month'::text, 'day'::text]))),
    CONSTRAINT engine_pkey PRIMARY KEY (id),
    CONSTRAINT engine_name_key UNIQUE (name),
);
CREATE TABLE engine_health (
    engine_id text COLLATE "C" NOT NULL,
    worked_at text COLLATE "C",
    failed_at text COLLATE "C",
    trouble text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    trace text COLLATE "C" NOT NULL,
    rest_until text COLLATE "C",
    CONSTRAINT engine_health_engine_id_fkey FOREIGN KEY (engine_id) REFERENCES engine(id) ON DELETE CASCADE,
    CONSTRAINT engine_health_pkey PRIMARY KEY (engine_id),
);
CREATE TABLE engine_order (
    pair text COLLATE "C" NOT NULL,
    engine_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    left_out boolean NOT NULL DEFAULT false,
    CONSTRAINT engine_order_engine_id_fkey FOREIGN KEY (engine_id) REFERENCES engine(id) ON DELETE CASCADE,
    CONSTRAINT engine_order_pkey PRIMARY KEY (pair, engine_id),
);
CREATE TABLE engine_result (
    work text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    answer text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT engine_result_pkey PRIMARY KEY (work, address),
);
CREATE TABLE engine_sent (
    work text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    engine_id text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    trouble text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT engine_sent_pkey PRIMARY KEY (work, address, engine_id),
);
CREATE TABLE engine_usage (
    day text COLLATE "C" NOT NULL,
    engine_id text COLLATE "C" NOT NULL,
    pair text COLLATE "C" NOT NULL,
    characters bigint NOT NULL,
    requests bigint NOT NULL,
    cost bigint NOT NULL,
    CONSTRAINT engine_usage_pkey PRIMARY KEY (day, engine_id, pair),
);
CREATE TABLE event (
    id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    data text COLLATE "C" NOT NULL DEFAULT '{}'::text,
    created_at text COLLATE "C" NOT NULL,
    CONSTRAINT event_pkey PRIMARY KEY (id),
);
CREATE INDEX event_created ON public.event USING btree (created_at, id);
CREATE TABLE evidence (
    draft_id text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    words bigint NOT NULL,
    changed bigint NOT NULL,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT evidence_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES draft(id) ON DELETE CASCADE,
    CONSTRAINT evidence_pkey PRIMARY KEY (draft_id),
);
CREATE INDEX evidence_at ON public.evidence USING btree (at);
CREATE TABLE front_due (
    event_id text COLLATE "C" NOT NULL,
    CONSTRAINT front_due_pkey PRIMARY KEY (event_id),
);
CREATE TABLE front_fact (
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    CONSTRAINT front_fact_pkey PRIMARY KEY (name),
);
CREATE TABLE imported (
    origin text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    foreign_id text COLLATE "C" NOT NULL,
    own_id text COLLATE "C" NOT NULL,
    sha256 text COLLATE "C" NOT NULL DEFAULT ''::text,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT imported_pkey PRIMARY KEY (origin, kind, foreign_id),
);
CREATE TABLE live (
    story_id text COLLATE "C" NOT NULL,
    began_at text COLLATE "C" NOT NULL,
    ended_at text COLLATE "C",
    open boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT live_story_id_fkey FOREIGN KEY (story_id) REFERENCES story(id) ON DELETE CASCADE,
    CONSTRAINT live_pkey PRIMARY KEY (story_id),
);
CREATE INDEX live_running ON public.live USING btree (began_at) WHERE (ended_at IS NULL);
CREATE TABLE live_card (
    edition_id text COLLATE "C" NOT NULL,
    entry_id text COLLATE "C" NOT NULL,
    live_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    happened text COLLATE "C" NOT NULL,
    pinned boolean NOT NULL,
    out boolean NOT NULL,
    headline text COLLATE "C" NOT NULL,
    turn bigint NOT NULL,
    told_at text COLLATE "C" NOT NULL,
    CONSTRAINT live_card_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT live_card_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES live_entry(story_id) ON DELETE CASCADE,
    CONSTRAINT live_card_live_id_fkey FOREIGN KEY (live_id) REFERENCES live(story_id) ON DELETE CASCADE,
    CONSTRAINT live_card_pkey PRIMARY KEY (edition_id),
);
CREATE INDEX live_card_entry ON public.live_card USING btree (entry_id);
CREATE INDEX live_card_out ON public.live_card USING btree (live_id, lang, happened DESC, entry_id DESC) WHERE "out";
CREATE INDEX live_card_pinned ON public.live_card USING btree (live_id, lang, happened DESC, entry_id DESC) WHERE ("out" AND pinned);
CREATE INDEX live_card_told ON public.live_card USING btree (live_id, lang, told_at DESC);
CREATE TABLE live_entry (
    story_id text COLLATE "C" NOT NULL,
    live_id text COLLATE "C" NOT NULL,
    happened text COLLATE "C" NOT NULL,
    pinned boolean NOT NULL DEFAULT false,
    sent text COLLATE "C" NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT live_entry_live_id_fkey FOREIGN KEY (live_id) REFERENCES live(story_id) ON DELETE CASCADE,
    CONSTRAINT live_entry_story_id_fkey FOREIGN KEY (story_id) REFERENCES story(id) ON DELETE CASCADE,
    CONSTRAINT live_entry_pkey PRIMARY KEY (story_id),
    CONSTRAINT live_entry_live_id_sent_key UNIQUE (live_id, sent),
);
CREATE INDEX live_entry_happened ON public.live_entry USING btree (live_id, happened DESC, story_id DESC);
CREATE TABLE memory_key (
    key integer NOT NULL,
    ref integer NOT NULL,
    CONSTRAINT memory_key_pkey PRIMARY KEY (key, ref),
);
CREATE TABLE memory_unit (
    id integer NOT NULL,
    from_lang text COLLATE "C" NOT NULL,
    to_lang text COLLATE "C" NOT NULL,
    source text COLLATE "C" NOT NULL,
    target text COLLATE "C" NOT NULL,
    exact bigint NOT NULL,
    same bigint NOT NULL,
    edition_id text COLLATE "C",
    address text COLLATE "C" NOT NULL DEFAULT ''::text,
    story_id text COLLATE "C" NOT NULL DEFAULT ''::text,
    source_rev bigint NOT NULL DEFAULT 0,
    target_rev bigint NOT NULL DEFAULT 0,
    imported text COLLATE "C" NOT NULL DEFAULT ''::text,
    by_id text COLLATE "C" NOT NULL DEFAULT ''::text,
    by_name text COLLATE "C" NOT NULL DEFAULT ''::text,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT memory_unit_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT memory_unit_pkey PRIMARY KEY (id),
    CONSTRAINT memory_unit_same_key UNIQUE (same),
);
CREATE INDEX memory_unit_edition ON public.memory_unit USING btree (edition_id) WHERE (edition_id IS NOT NULL);
CREATE INDEX memory_unit_exact ON public.memory_unit USING btree (exact, id);
CREATE TABLE override (
    release_id text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    by_id text COLLATE "C" NOT NULL,
    by_name text COLLATE "C" NOT NULL,
    CONSTRAINT override_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT override_release_id_fkey FOREIGN KEY (release_id) REFERENCES release(id) ON DELETE CASCADE,
    CONSTRAINT override_pkey PRIMARY KEY (release_id, edition_id, code, address),
);
CREATE TABLE picture (
    id text COLLATE "C" NOT NULL,
    format text COLLATE "C" NOT NULL,
    width bigint NOT NULL,
    height bigint NOT NULL,
    bytes bigint NOT NULL,
    sha256 text COLLATE "C" NOT NULL,
    file_name text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    credit text COLLATE "C" NOT NULL,
    focus_x bigint NOT NULL DEFAULT 500,
    focus_y bigint NOT NULL DEFAULT 500,
    crop text COLLATE "C" NOT NULL DEFAULT ''::text,
    widths text COLLATE "C" NOT NULL DEFAULT '[]'::text,
    formats text COLLATE "C" NOT NULL DEFAULT '[]'::text,
    state text COLLATE "C" NOT NULL,
    uploaded_by text COLLATE "C" NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at text COLLATE "C" NOT NULL,
    deleted_at text COLLATE "C",
    words text COLLATE "C" NOT NULL DEFAULT ''::text,
    CONSTRAINT picture_kind_check CHECK ((kind = ANY (ARRAY['photo'::text, 'illustration'::text, 'graphic'::text]))),
    CONSTRAINT picture_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'rendering'::text, 'failed'::text]))),
    CONSTRAINT picture_pkey PRIMARY KEY (id),
);
CREATE INDEX picture_created ON public.picture USING btree (created_at DESC, id DESC);
CREATE UNIQUE INDEX picture_sha ON public.picture USING btree (sha256) WHERE (deleted_at IS NULL);
CREATE TABLE picture_text (
    picture_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    caption text COLLATE "C" NOT NULL DEFAULT ''::text,
    alt text COLLATE "C" NOT NULL DEFAULT ''::text,
    credit text COLLATE "C" NOT NULL DEFAULT ''::text,
    CONSTRAINT picture_text_picture_id_fkey FOREIGN KEY (picture_id) REFERENCES picture(id) ON DELETE CASCADE,
    CONSTRAINT picture_text_pkey PRIMARY KEY (picture_id, lang),
);
CREATE TABLE publication (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    main_lang text COLLATE "C" NOT NULL,
    time_zone text COLLATE "C" NOT NULL,
    base_url text COLLATE "C" NOT NULL,
    look text COLLATE "C" NOT NULL DEFAULT '{}'::text,
    embed_hosts text COLLATE "C" NOT NULL DEFAULT '[]'::text,
    version bigint NOT NULL DEFAULT 1,
    updated_at text COLLATE "C" NOT NULL,
    error_reports boolean NOT NULL DEFAULT true,
    CONSTRAINT publication_id_check CHECK ((id = 'paper'::text)),
    CONSTRAINT publication_pkey PRIMARY KEY (id),
);
CREATE TABLE publication_language (
    lang text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    active boolean NOT NULL,
    name text COLLATE "C" NOT NULL DEFAULT ''::text,
    about text COLLATE "C" NOT NULL DEFAULT ''::text,
    machine_out boolean NOT NULL DEFAULT false,
    CONSTRAINT publication_language_pkey PRIMARY KEY (lang),
);
CREATE TABLE redirect (
    path text COLLATE "C" NOT NULL,
    target text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    CONSTRAINT redirect_pkey PRIMARY KEY (path),
);
CREATE TABLE register_entry (
    id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    note text COLLATE "C" NOT NULL,
    keep boolean NOT NULL,
    state text COLLATE "C" NOT NULL,
    amends text COLLATE "C" NOT NULL DEFAULT ''::text,
    amends_version bigint NOT NULL DEFAULT 0,
    sort_key text COLLATE "C" NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_by text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    changed_by text COLLATE "C" NOT NULL,
    changed_at text COLLATE "C" NOT NULL,
    CONSTRAINT register_entry_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'place'::text, 'body'::text, 'work'::text, 'term'::text]))),
    CONSTRAINT register_entry_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'approved'::text]))),
    CONSTRAINT register_entry_pkey PRIMARY KEY (id),
);
CREATE INDEX register_entry_sort ON public.register_entry USING btree (sort_key, id);
CREATE TABLE register_form (
    entry_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    use_as text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    form text COLLATE "C" NOT NULL,
    folded text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL DEFAULT ''::text,
    CONSTRAINT register_form_use_as_check CHECK ((use_as = ANY (ARRAY['inflected'::text, 'other'::text, 'forbidden'::text]))),
    CONSTRAINT register_form_entry_id_lang_fkey FOREIGN KEY (entry_id, lang) REFERENCES register_word(entry_id, lang) ON DELETE CASCADE,
    CONSTRAINT register_form_pkey PRIMARY KEY (entry_id, lang, use_as, "position"),
);
CREATE TABLE register_state (
    one bigint NOT NULL,
    generation bigint NOT NULL,
    CONSTRAINT register_state_one_check CHECK ((one = 1)),
    CONSTRAINT register_state_pkey PRIMARY KEY (one),
);
CREATE TABLE register_word (
    entry_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    spelling text COLLATE "C" NOT NULL,
    folded text COLLATE "C" NOT NULL,
    gender text COLLATE "C" NOT NULL DEFAULT ''::text,
    remark text COLLATE "C" NOT NULL DEFAULT ''::text,
    CONSTRAINT register_word_gender_check CHECK ((gender = ANY (ARRAY[''::text, 'm'::text, 'f'::text, 'n'::text, 'pl'::text]))),
    CONSTRAINT register_word_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES register_entry(id) ON DELETE CASCADE,
    CONSTRAINT register_word_pkey PRIMARY KEY (entry_id, lang),
);
CREATE INDEX register_word_folded ON public.register_word USING btree (lang, folded);
CREATE TABLE release (
    id text COLLATE "C" NOT NULL,
    story_id text COLLATE "C" NOT NULL,
    act text COLLATE "C" NOT NULL,
    due_at text COLLATE "C",
    done_at text COLLATE "C",
    cancelled boolean NOT NULL DEFAULT false,
    why text COLLATE "C" NOT NULL DEFAULT ''::text,
    by_id text COLLATE "C" NOT NULL,
    by_name text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    CONSTRAINT release_act_check CHECK ((act = ANY (ARRAY['publish'::text, 'schedule'::text, 'unschedule'::text, 'minor'::text, 'update'::text, 'correct'::text, 'withdraw'::text]))),
    CONSTRAINT release_story_id_fkey FOREIGN KEY (story_id) REFERENCES story(id) ON DELETE CASCADE,
    CONSTRAINT release_pkey PRIMARY KEY (id),
);
CREATE INDEX release_due ON public.release USING btree (due_at) WHERE (done_at IS NULL);
CREATE INDEX release_story ON public.release USING btree (story_id, id);
CREATE TABLE release_edition (
    release_id text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    source_rev bigint NOT NULL DEFAULT 0,
    CONSTRAINT release_edition_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT release_edition_release_id_fkey FOREIGN KEY (release_id) REFERENCES release(id) ON DELETE CASCADE,
    CONSTRAINT release_edition_pkey PRIMARY KEY (release_id, edition_id),
);
CREATE INDEX release_edition_edition ON public.release_edition USING btree (edition_id);
CREATE TABLE release_held (
    release_id text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    CONSTRAINT release_held_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT release_held_release_id_fkey FOREIGN KEY (release_id) REFERENCES release(id) ON DELETE CASCADE,
    CONSTRAINT release_held_pkey PRIMARY KEY (release_id, edition_id, code, address),
);
CREATE TABLE report (
    id text COLLATE "C" NOT NULL,
    story_id text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    block text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    passage text COLLATE "C" NOT NULL,
    quote text COLLATE "C" NOT NULL DEFAULT ''::text,
    said text COLLATE "C" NOT NULL,
    same text COLLATE "C" NOT NULL,
    times bigint NOT NULL DEFAULT 1,
    state text COLLATE "C" NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    by_id text COLLATE "C" NOT NULL DEFAULT ''::text,
    by_name text COLLATE "C" NOT NULL DEFAULT ''::text,
    first_at text COLLATE "C" NOT NULL,
    last_at text COLLATE "C" NOT NULL,
    closed_at text COLLATE "C",
    CONSTRAINT report_check CHECK (((closed_at IS NULL) = (state = ANY (ARRAY['open'::text, 'taken'::text])))),
    CONSTRAINT report_state_check CHECK ((state = ANY (ARRAY['open'::text, 'taken'::text, 'corrected'::text, 'no_fault'::text, 'spam'::text]))),
    CONSTRAINT report_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT report_story_id_fkey FOREIGN KEY (story_id) REFERENCES story(id) ON DELETE CASCADE,
    CONSTRAINT report_pkey PRIMARY KEY (id),
    CONSTRAINT report_same UNIQUE (edition_id, block, same),
);
CREATE INDEX report_first ON public.report USING btree (first_at);
CREATE INDEX report_state ON public.report USING btree (state, last_at DESC, id DESC);
CREATE INDEX report_story ON public.report USING btree (story_id, first_at);
CREATE TABLE report_mail (
    report_id text COLLATE "C" NOT NULL,
    mail text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT report_mail_report_id_fkey FOREIGN KEY (report_id) REFERENCES report(id) ON DELETE CASCADE,
    CONSTRAINT report_mail_pkey PRIMARY KEY (report_id, mail),
);
CREATE INDEX report_mail_at ON public.report_mail USING btree (at);
CREATE TABLE revision (
    edition_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    parent bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    by_id text COLLATE "C" NOT NULL,
    by_name text COLLATE "C" NOT NULL,
    why text COLLATE "C" NOT NULL DEFAULT ''::text,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT revision_kind_check CHECK ((kind = ANY (ARRAY['save'::text, 'merge'::text, 'restore'::text, 'import'::text]))),
    CONSTRAINT revision_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT revision_pkey PRIMARY KEY (edition_id, number),
);
CREATE INDEX revision_by ON public.revision USING btree (by_id, edition_id);
CREATE TABLE revision_check (
    edition_id text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    by_id text COLLATE "C" NOT NULL,
    by_name text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    source_rev bigint NOT NULL DEFAULT 0,
    aside text COLLATE "C" NOT NULL DEFAULT '[]'::text,
    CONSTRAINT revision_check_edition_id_revision_fkey FOREIGN KEY (edition_id, revision) REFERENCES revision(edition_id, number) ON DELETE CASCADE,
    CONSTRAINT revision_check_pkey PRIMARY KEY (edition_id, revision),
);
CREATE TABLE section (
    id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    active boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    CONSTRAINT section_pkey PRIMARY KEY (id),
);
CREATE TABLE section_name (
    section_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    slug text COLLATE "C" NOT NULL,
    CONSTRAINT section_name_section_id_fkey FOREIGN KEY (section_id) REFERENCES section(id) ON DELETE CASCADE,
    CONSTRAINT section_name_pkey PRIMARY KEY (section_id, lang),
    CONSTRAINT section_name_lang_slug_key UNIQUE (lang, slug),
);
CREATE TABLE session (
    token_hash text COLLATE "C" NOT NULL,
    staff_id text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    seen_at text COLLATE "C" NOT NULL,
    expires_at text COLLATE "C" NOT NULL,
    agent text COLLATE "C" NOT NULL DEFAULT ''::text,
    CONSTRAINT session_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id) ON DELETE CASCADE,
    CONSTRAINT session_pkey PRIMARY KEY (token_hash),
);
CREATE INDEX session_staff ON public.session USING btree (staff_id);
CREATE TABLE setting (
    key text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    CONSTRAINT setting_pkey PRIMARY KEY (key),
);
CREATE TABLE source (
    id text COLLATE "C" NOT NULL,
    story_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    url text COLLATE "C" NOT NULL DEFAULT ''::text,
    lang text COLLATE "C" NOT NULL DEFAULT ''::text,
    dated text COLLATE "C" NOT NULL DEFAULT ''::text,
    accessed text COLLATE "C" NOT NULL DEFAULT ''::text,
    texts text COLLATE "C" NOT NULL DEFAULT '{}'::text,
    CONSTRAINT source_kind_check CHECK ((kind = ANY (ARRAY['paper'::text, 'agency'::text, 'document'::text, 'person'::text, 'authority'::text, 'website'::text]))),
    CONSTRAINT source_story_id_fkey FOREIGN KEY (story_id) REFERENCES story(id) ON DELETE CASCADE,
    CONSTRAINT source_pkey PRIMARY KEY (id),
);
CREATE INDEX source_story ON public.source USING btree (story_id, "position");
CREATE TABLE source_change (
    id text COLLATE "C" NOT NULL,
    edition_id text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    from_rev bigint NOT NULL,
    to_rev bigint NOT NULL,
    since_rev bigint NOT NULL,
    weight text COLLATE "C" NOT NULL,
    release_id text COLLATE "C",
    by_id text COLLATE "C" NOT NULL,
    by_name text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT source_change_check CHECK ((from_rev < to_rev)),
    CONSTRAINT source_change_weight_check CHECK ((weight = ANY (ARRAY['wording'::text, 'fact'::text]))),
    CONSTRAINT source_change_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT source_change_release_id_fkey FOREIGN KEY (release_id) REFERENCES release(id) ON DELETE CASCADE,
    CONSTRAINT source_change_pkey PRIMARY KEY (id),
);
CREATE INDEX source_change_edition ON public.source_change USING btree (edition_id);
CREATE INDEX source_change_release ON public.source_change USING btree (release_id);
CREATE TABLE staff (
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    langs text COLLATE "C" NOT NULL DEFAULT '[]'::text,
    sections text COLLATE "C" NOT NULL DEFAULT '[]'::text,
    ui_lang text COLLATE "C" NOT NULL,
    password text COLLATE "C" NOT NULL,
    active boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at text COLLATE "C" NOT NULL,
    updated_at text COLLATE "C" NOT NULL,
    CONSTRAINT staff_role_check CHECK ((role = ANY (ARRAY['reporter'::text, 'translator'::text, 'editor'::text, 'chief'::text, 'advertising'::text, 'admin'::text]))),
    CONSTRAINT staff_pkey PRIMARY KEY (id),
    CONSTRAINT staff_email_key UNIQUE (email),
);
CREATE TABLE static_page (
    id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    slug text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    updated_at text COLLATE "C" NOT NULL,
    footer boolean NOT NULL DEFAULT true,
    CONSTRAINT static_page_pkey PRIMARY KEY (id),
    CONSTRAINT static_page_key_lang_key UNIQUE (key, lang),
    CONSTRAINT static_page_lang_slug_key UNIQUE (lang, slug),
);
CREATE TABLE story (
    id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    section_id text COLLATE "C",
    original_lang text COLLATE "C" NOT NULL,
    embargo_until text COLLATE "C",
    version bigint NOT NULL DEFAULT 1,
    created_by text COLLATE "C" NOT NULL,
    created_at text COLLATE "C" NOT NULL,
    updated_at text COLLATE "C" NOT NULL,
    live_of text COLLATE "C",
    CONSTRAINT story_kind_check CHECK ((kind = ANY (ARRAY['news'::text, 'report'::text, 'analysis'::text, 'interview'::text, 'opinion'::text, 'explainer'::text]))),
    CONSTRAINT story_live_of_fkey FOREIGN KEY (live_of) REFERENCES story(id),
    CONSTRAINT story_section_id_fkey FOREIGN KEY (section_id) REFERENCES section(id),
    CONSTRAINT story_pkey PRIMARY KEY (id),
    CONSTRAINT story_number_key UNIQUE (number),
);
CREATE INDEX story_created_by ON public.story USING btree (created_by);
CREATE INDEX story_live_of ON public.story USING btree (live_of) WHERE (live_of IS NOT NULL);
CREATE INDEX story_section ON public.story USING btree (section_id, updated_at DESC, id DESC);
CREATE INDEX story_updated ON public.story USING btree (updated_at DESC, id DESC);
CREATE TABLE story_author (
    story_id text COLLATE "C" NOT NULL,
    author_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    CONSTRAINT story_author_author_id_fkey FOREIGN KEY (author_id) REFERENCES author(id),
    CONSTRAINT story_author_story_id_fkey FOREIGN KEY (story_id) REFERENCES story(id) ON DELETE CASCADE,
    CONSTRAINT story_author_pkey PRIMARY KEY (story_id, author_id),
);
CREATE INDEX story_author_author ON public.story_author USING btree (author_id, story_id);
CREATE TABLE story_topic (
    story_id text COLLATE "C" NOT NULL,
    topic_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    CONSTRAINT story_topic_story_id_fkey FOREIGN KEY (story_id) REFERENCES story(id) ON DELETE CASCADE,
    CONSTRAINT story_topic_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES topic(id),
    CONSTRAINT story_topic_pkey PRIMARY KEY (story_id, topic_id),
);
CREATE INDEX story_topic_topic ON public.story_topic USING btree (topic_id, story_id);
CREATE TABLE topic (
    id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    active boolean NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    created_at text COLLATE "C" NOT NULL,
    CONSTRAINT topic_kind_check CHECK ((kind = ANY (ARRAY['subject'::text, 'person'::text, 'place'::text, 'organisation'::text, 'event'::text]))),
    CONSTRAINT topic_pkey PRIMARY KEY (id),
);
CREATE TABLE topic_name (
    topic_id text COLLATE "C" NOT NULL,
    lang text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    slug text COLLATE "C" NOT NULL,
    folded text COLLATE "C" NOT NULL DEFAULT ''::text,
    CONSTRAINT topic_name_topic_id_fkey FOREIGN KEY (topic_id) REFERENCES topic(id) ON DELETE CASCADE,
    CONSTRAINT topic_name_pkey PRIMARY KEY (topic_id, lang),
    CONSTRAINT topic_name_lang_slug_key UNIQUE (lang, slug),
);
CREATE TABLE unit (
    edition_id text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    source_id text COLLATE "C" NOT NULL,
    source_rev bigint NOT NULL,
    target_rev bigint NOT NULL,
    answer text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL DEFAULT ''::text,
    draft_id text COLLATE "C",
    by_id text COLLATE "C" NOT NULL,
    at text COLLATE "C" NOT NULL,
    CONSTRAINT unit_next_answer_check CHECK ((answer = ANY (ARRAY['machine'::text, 'edited'::text, 'reviewed'::text, 'adapted'::text, 'added'::text, 'dropped'::text]))),
    CONSTRAINT unit_next_draft_id_fkey FOREIGN KEY (draft_id) REFERENCES draft(id) ON DELETE CASCADE,
    CONSTRAINT unit_next_edition_id_fkey FOREIGN KEY (edition_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT unit_next_source_id_fkey FOREIGN KEY (source_id) REFERENCES edition(id) ON DELETE CASCADE,
    CONSTRAINT unit_key PRIMARY KEY (edition_id, address),
);
CREATE INDEX unit_draft ON public.unit USING btree (draft_id);
CREATE INDEX unit_source ON public.unit USING btree (source_id);
