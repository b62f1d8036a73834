package story

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"time"

	"depesche/internal/db"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/topic"
)

const columns = `id, number, kind, COALESCE(section_id, ''), original_lang, embargo_until, version, created_by, created_at, updated_at, COALESCE(live_of, '')`

func scan(row interface{ Scan(...any) error }) (Story, error) {
	var st Story
	var embargo db.NullTime
	var created, updated db.Time
	err := row.Scan(&st.ID, &st.Number, &st.Kind, &st.Section, &st.OriginalLang, &embargo, &st.Version,
		&st.CreatedBy, &created, &updated, &st.LiveOf)
	st.Embargo, st.Created, st.Updated = embargo.Ptr(), created.Time, updated.Time
	return st, db.One(err)
}

// ByID returns the story with authors, topics and sources.
func (s *Service) ByID(ctx context.Context, q db.Conn, id ID) (Story, error) {
	st, err := scan(q.QueryRowContext(ctx, `SELECT `+columns+` FROM story WHERE id = $1`, id))
	if err != nil {
		return Story{}, err
	}
	return st, parts(ctx, q, &st)
}

// ByNumber returns the story with the number, with authors, topics and sources.
func (s *Service) ByNumber(ctx context.Context, q db.Conn, n int64) (Story, error) {
	st, err := scan(q.QueryRowContext(ctx, `SELECT `+columns+` FROM story WHERE number = $1`, n))
	if err != nil {
		return Story{}, err
	}
	return st, parts(ctx, q, &st)
}

// parts reads authors, topics and sources in one statement: it is on the way of every page.
func parts(ctx context.Context, q db.Conn, st *Story) error {
	rows, err := q.QueryContext(ctx, `
		SELECT 'author' AS what, position, author_id AS id, '' AS kind, '' AS name, '' AS url, '' AS lang, '' AS dated, '' AS accessed, '' AS texts
		FROM story_author WHERE story_id = $1
		UNION ALL
		SELECT 'topic', position, topic_id, '', '', '', '', '', '', ''
		FROM story_topic WHERE story_id = $1
		UNION ALL
		SELECT 'source', position, id, kind, name, url, lang, dated, accessed, texts
		FROM source WHERE story_id = $1
		ORDER BY 1, 2, 3`, st.ID)
	_, err = db.Collect(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var what string
		var position int64
		var src Source
		var texts db.JSON[map[string]SourceText]
		err := rows.Scan(&what, &position, &src.ID, &src.Kind, &src.Name, &src.URL, &src.Lang, &src.Date, &src.Accessed, &texts)
		switch what {
		case "author":
			st.Authors = append(st.Authors, people.AuthorID(src.ID))
		case "topic":
			st.Topics = append(st.Topics, topic.ID(src.ID))
		case "source":
			src.Texts = fromJSON(texts.V)
			st.Sources = append(st.Sources, src)
		}
		return struct{}{}, err
	})
	return err
}

// nextNumber counts on a row of its own: two stories begun at once stand in line there, where the
// greatest number of the table would be the same for both.
func nextNumber(ctx context.Context, tx *db.Tx) (int64, error) {
	var n string
	err := tx.QueryRowContext(ctx, `
		INSERT INTO setting (key, value)
		VALUES ('story.number', (SELECT CAST(COALESCE(MAX(number), 0) + 1 AS TEXT) FROM story))
		ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT)
		RETURNING value`).Scan(&n)
	if err != nil {
		return 0, db.One(err)
	}
	return strconv.ParseInt(n, 10, 64)
}

func insert(ctx context.Context, tx *db.Tx, st Story) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO story (id, number, kind, section_id, original_lang, embargo_until, version, created_by, created_at, updated_at, live_of)
		VALUES ($1, $2, $3, NULLIF($4, ''), $5, $6, $7, $8, $9, $10, NULLIF($11, ''))`,
		st.ID, st.Number, st.Kind, string(st.Section), st.OriginalLang, db.NullOf(st.Embargo), st.Version,
		st.CreatedBy, db.Time{Time: st.Created}, db.Time{Time: st.Updated}, string(st.LiveOf))
	if err != nil {
		return err
	}
	return insertParts(ctx, tx, st)
}

func insertParts(ctx context.Context, tx *db.Tx, st Story) error {
	for i, author := range st.Authors {
		if _, err := tx.ExecContext(ctx, `INSERT INTO story_author (story_id, author_id, position) VALUES ($1, $2, $3)`, st.ID, author, i+1); err != nil {
			return err
		}
	}
	for i, t := range st.Topics {
		if _, err := tx.ExecContext(ctx, `INSERT INTO story_topic (story_id, topic_id, position) VALUES ($1, $2, $3)`, st.ID, t, i+1); err != nil {
			return err
		}
	}
	return nil
}

// update stores the details of st if its version is still the stored one.
func update(ctx context.Context, tx *db.Tx, st Story) error {
	res, err := tx.ExecContext(ctx, `
		UPDATE story
		SET kind = $3, section_id = NULLIF($4, ''), original_lang = $5, embargo_until = $6, updated_at = $7, version = version + 1
		WHERE id = $1 AND version = $2`,
		st.ID, st.Version, st.Kind, string(st.Section), st.OriginalLang, db.NullOf(st.Embargo), db.Time{Time: tx.Now()})
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return orConflict(err)
	}
	for _, table := range []string{"story_author", "story_topic"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE story_id = $1`, st.ID); err != nil {
			return err
		}
	}
	return insertParts(ctx, tx, st)
}

func orConflict(err error) error {
	if err != nil {
		return err
	}
	return problem.New(problem.Conflict, "problem.story_changed")
}

// Touch notes that something of the story is changed now, for the desk's order, and makes whoever
// else changes the story or an edition of it wait for the end of the act. Acts on editions call it
// before they read the story, or at least before they write: cards are made of both, and on
// PostgreSQL two acts would else each miss what the other did. It leaves the version alone: what
// happens to one edition must not refuse what is done to another.
func (s *Service) Touch(ctx context.Context, tx *db.Tx, id ID) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE story SET updated_at = CASE WHEN updated_at < $2 THEN $2 ELSE updated_at END WHERE id = $1`, id, db.Time{Time: tx.Now()})
	return err
}

func putSource(ctx context.Context, tx *db.Tx, st ID, src Source) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO source (id, story_id, position, kind, name, url, lang, dated, accessed, texts)
		VALUES ($1, $2, (SELECT COALESCE(MAX(position), 0) + 1 FROM source WHERE story_id = $2), $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE
		SET kind = excluded.kind, name = excluded.name, url = excluded.url, lang = excluded.lang,
			dated = excluded.dated, accessed = excluded.accessed, texts = excluded.texts`,
		src.ID, st, src.Kind, src.Name, src.URL, src.Lang, src.Date, src.Accessed, db.AsJSON(toJSON(src.Texts)))
	return err
}

func dropSource(ctx context.Context, tx *db.Tx, st ID, id string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM source WHERE story_id = $1 AND id = $2`, st, id)
	return err
}

func placeSource(ctx context.Context, tx *db.Tx, st ID, id string, position int) error {
	_, err := tx.ExecContext(ctx, `UPDATE source SET position = $3 WHERE story_id = $1 AND id = $2`, st, id, position)
	return err
}

// moveTopic puts into in the place of from. The stories count as changed: a form that was opened before
// would bring the old topic back.
func moveTopic(ctx context.Context, tx *db.Tx, from, into topic.ID) error {
	// Also as Touch: who publishes one of the stories meanwhile would write cards about from.
	_, err := tx.ExecContext(ctx, `
		UPDATE story SET version = version + 1
		WHERE id IN (SELECT story_id FROM story_topic WHERE topic_id = $1)`, from)
	if err == nil {
		_, err = tx.ExecContext(ctx, `
		DELETE FROM story_topic
		WHERE topic_id = $1 AND story_id IN (SELECT story_id FROM story_topic WHERE topic_id = $2)`, from, into)
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE story_topic SET topic_id = $1 WHERE topic_id = $2`, into, from)
	}
	return err
}

func drop(ctx context.Context, tx *db.Tx, id ID) error {
	res, err := tx.ExecContext(ctx, `DELETE FROM story WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM edition WHERE story_id = $1)`, id)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n == 0 {
		err = problem.New(problem.Conflict, "problem.discard_original")
	}
	return err
}

// hasEditions reports whether anything was written in the story yet.
func hasEditions(ctx context.Context, q db.Conn, id ID) (bool, error) {
	var yes bool
	err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM edition WHERE story_id = $1)`, id).Scan(&yes)
	return yes, db.One(err)
}

// signedBy reports whether a by-line of the story is that member of the staff's.
func signedBy(ctx context.Context, q db.Conn, id ID, staff string) (bool, error) {
	var yes bool
	err := q.QueryRowContext(ctx, `
		SELECT EXISTS (
			SELECT 1 FROM story_author sa JOIN author a ON a.id = sa.author_id
			WHERE sa.story_id = $1 AND a.staff_id = $2)`, id, staff).Scan(&yes)
	return yes, db.One(err)
}

// openLive reports whether the story runs live and those who write its entries send them out themselves.
func openLive(ctx context.Context, q db.Conn, id ID) (bool, error) {
	var yes bool
	err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM live WHERE story_id = $1 AND open AND ended_at IS NULL)`, id).Scan(&yes)
	return yes, db.One(err)
}

// moveEntries keeps the entries of a running story in its section.
func moveEntries(ctx context.Context, tx *db.Tx, st Story) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE story SET section_id = NULLIF($2, ''), version = version + 1
		WHERE live_of = $1 AND COALESCE(section_id, '') <> $2`, st.ID, string(st.Section))
	return err
}

// SourcesOf returns the sources of the stories, in their order.
func (s *Service) SourcesOf(ctx context.Context, q db.Conn, ids []ID) (map[ID][]Source, error) {
	out := map[ID][]Source{}
	if len(ids) == 0 {
		return out, nil
	}
	list, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT story_id, id, kind, name, url, lang, dated, accessed, texts FROM source
		WHERE story_id IN `+list+` ORDER BY story_id, position, id`, args...)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var of ID
		var src Source
		var texts db.JSON[map[string]SourceText]
		err := r.Scan(&of, &src.ID, &src.Kind, &src.Name, &src.URL, &src.Lang, &src.Date, &src.Accessed, &texts)
		src.Texts = fromJSON(texts.V)
		out[of] = append(out[of], src)
		return struct{}{}, err
	})
	return out, err
}

// unknown returns those of ids that have no row in table.
func unknown[T ~string](ctx context.Context, q db.Conn, table string, ids []T) ([]T, error) {
	list, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `SELECT id FROM `+table+` WHERE id IN `+list, args...)
	found, err := db.Collect(rows, err, func(rows *sql.Rows) (string, error) {
		var id string
		return id, rows.Scan(&id)
	})
	if err != nil {
		return nil, err
	}
	there := map[string]bool{}
	for _, id := range found {
		there[id] = true
	}
	var out []T
	for _, id := range ids {
		if !there[string(id)] {
			out = append(out, id)
		}
	}
	return out, nil
}

// sections are read by ID for the check only, so that the room needs no other's service.
func knownSection(ctx context.Context, q db.Conn, id publication.SectionID) (bool, error) {
	missing, err := unknown(ctx, q, "section", []publication.SectionID{id})
	return len(missing) == 0, err
}

func moment(t time.Time, now time.Time) time.Time {
	if t.IsZero() {
		return now
	}
	return t.UTC()
}

// Known returns those of ids that are stories.
func Known(ctx context.Context, q db.Conn, ids []ID) ([]ID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	missing, err := unknown(ctx, q, "story", ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id ID) bool { return slices.Contains(missing, id) }), nil
}
