package edition

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// columns are those of [scan]; body is what to take for the document, ” for none, upTo the revision
// up to which a check counts.
func columns(prefix, body, upTo string) string {
	const list = `%[1]sid, %[1]sstory_id, %[1]slang, %[1]sstate, %[1]sversion, %[1]srevision, COALESCE(%[1]spublished_rev, 0),
		%[1]sheadline, %[1]sslug, %[1]stranslator, %[1]smade, %[1]sfirst_published_at, %[1]spublished_at,
		%[1]supdated_at, %[1]sscheduled_at, %[1]swithdrawn_at, %[1]swithdrawn_why, %[1]ssaved_at, %[2]s,
		(SELECT k.revision FROM revision_check k WHERE k.edition_id = %[1]sid AND k.revision <= %[3]s ORDER BY k.revision DESC LIMIT 1),
		(SELECT k.by_name FROM revision_check k WHERE k.edition_id = %[1]sid AND k.revision <= %[3]s ORDER BY k.revision DESC LIMIT 1)`
	return fmt.Sprintf(list, prefix, body, upTo)
}

var (
	whole  = columns("edition.", "edition.body", "edition.revision")
	noText = columns("edition.", "''", "edition.revision")
)

type row interface{ Scan(...any) error }

func scan(r row) (Edition, error) {
	var e Edition
	var first, published, updated, scheduled, withdrawn db.NullTime
	var saved db.Time
	var body sql.Null[[]byte]
	var checked sql.NullInt64
	var by sql.NullString
	err := r.Scan(&e.ID, &e.Story, &e.Lang, &e.State, &e.Version, &e.Revision, &e.PublishedRev,
		&e.Headline, &e.Slug, &e.Translator, &e.Made, &first, &published,
		&updated, &scheduled, &withdrawn, &e.WithdrawnWhy, &saved, &body, &checked, &by)
	if err != nil {
		return Edition{}, db.One(err)
	}
	e.FirstPublished, e.Published, e.Updated = first.Ptr(), published.Ptr(), updated.Ptr()
	e.Scheduled, e.Withdrawn, e.Saved = scheduled.Ptr(), withdrawn.Ptr(), saved.Time
	e.Check = Check{checked.Int64, by.String}
	e.Doc, err = decode(body.V)
	if err != nil {
		return Edition{}, fmt.Errorf("edition %s: %w", e.ID, err)
	}
	return e, nil
}

// decode reads a document that we stored: it was validated then and is in its normal form, so the
// strict way of document.Parse isn't taken again for every page.
func decode(body []byte) (document.Doc, error) {
	var d document.Doc
	if len(body) == 0 {
		return d, nil
	}
	err := json.Unmarshal(body, &d)
	return d, err
}

// ByID returns the edition with its newest document.
func (s *Service) ByID(ctx context.Context, q db.Conn, id ID) (Edition, error) {
	return scan(q.QueryRowContext(ctx, `SELECT `+whole+` FROM edition WHERE id = $1`, id))
}

// ByLanguage returns the story's edition in the language, with its newest document.
func (s *Service) ByLanguage(ctx context.Context, q db.Conn, st story.ID, l lang.Tag) (Edition, error) {
	return scan(q.QueryRowContext(ctx, `SELECT `+whole+` FROM edition WHERE story_id = $1 AND lang = $2`, st, l))
}

// OfStory returns the story's editions with their newest documents, the original first, then by
// the order in which they were begun.
func (s *Service) OfStory(ctx context.Context, q db.Conn, st story.ID) ([]Edition, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT `+whole+` FROM edition
		WHERE story_id = $1
		ORDER BY CASE WHEN lang = (SELECT original_lang FROM story WHERE id = $1) THEN 0 ELSE 1 END, id`, st)
	return db.Collect(rows, err, func(r *sql.Rows) (Edition, error) { return scan(r) })
}

// Original returns the edition the story's others are made from, problem.NotFound if it isn't begun.
func (s *Service) Original(ctx context.Context, q db.Conn, st story.ID) (Edition, error) {
	return scan(q.QueryRowContext(ctx, `
		SELECT `+whole+` FROM edition
		WHERE story_id = $1 AND lang = (SELECT original_lang FROM story WHERE id = $1)`, st))
}

// WithOriginals returns the editions, and the original of each of their stories.
func (s *Service) WithOriginals(ctx context.Context, q db.Conn, ids []ID) ([]Edition, map[story.ID]Edition, error) {
	list, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `SELECT `+whole+` FROM edition WHERE id IN `+list+` ORDER BY id`, args...)
	editions, err := db.Collect(rows, err, func(r *sql.Rows) (Edition, error) { return scan(r) })
	if err != nil {
		return nil, nil, fmt.Errorf("%d editions: %w", len(ids), err)
	}
	rows, err = q.QueryContext(ctx, `
		SELECT `+columns("e.", "e.body", "e.revision")+`
		FROM edition e JOIN story s ON s.id = e.story_id AND s.original_lang = e.lang
		WHERE e.story_id IN (SELECT story_id FROM edition WHERE id IN `+list+`)`, args...)
	originals, err := db.Collect(rows, err, func(r *sql.Rows) (Edition, error) { return scan(r) })
	if err != nil {
		return nil, nil, fmt.Errorf("originals of %d editions: %w", len(ids), err)
	}
	of := make(map[story.ID]Edition, len(originals))
	for _, e := range originals {
		of[e.Story] = e
	}
	return editions, of, nil
}

func insert(ctx context.Context, tx *db.Tx, e Edition, body []byte) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO edition (id, story_id, lang, state, version, revision, published_rev, headline, body, slug, translator, made,
			first_published_at, published_at, updated_at, saved_at)
		VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7, 0), $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		e.ID, e.Story, e.Lang, e.State, e.Version, e.Revision, e.PublishedRev, e.Headline, string(body), e.Slug, e.Translator, e.Made,
		db.NullOf(e.FirstPublished), db.NullOf(e.Published), db.NullOf(e.Updated), db.Time{Time: e.Saved})
	return err
}

func insertRevision(ctx context.Context, tx *db.Tx, r Revision, body []byte) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO revision (edition_id, number, parent, kind, body, by_id, by_name, why, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.Edition, r.Number, r.Parent, r.Kind, string(body), r.ByID, r.ByName, r.Why, db.Time{Time: r.At})
	return err
}

// updateText stores a new newest revision in the edition's row. It reports false if somebody else
// changed the edition since it was read.
func updateText(ctx context.Context, tx *db.Tx, old, e Edition, body []byte) (bool, error) {
	return guarded(tx.ExecContext(ctx, `
		UPDATE edition
		SET state = $3, version = $4, revision = $5, headline = $6, body = $7, saved_at = $8
		WHERE id = $1 AND version = $2`,
		e.ID, old.Version, e.State, e.Version, e.Revision, e.Headline, string(body), db.Time{Time: e.Saved}))
}

// updateState stores everything of the edition's row but its text, guarded by the version it was
// read with, and returns it with the next one.
func updateState(ctx context.Context, tx *db.Tx, e Edition) (Edition, error) {
	ok, err := guarded(tx.ExecContext(ctx, `
		UPDATE edition
		SET state = $3, version = version + 1, published_rev = NULLIF($4, 0), slug = $5, translator = $6, made = $7,
			first_published_at = $8, published_at = $9, updated_at = $10, scheduled_at = $11,
			withdrawn_at = $12, withdrawn_why = $13
		WHERE id = $1 AND version = $2`,
		e.ID, e.Version, e.State, e.PublishedRev, e.Slug, e.Translator, e.Made,
		db.NullOf(e.FirstPublished), db.NullOf(e.Published), db.NullOf(e.Updated), db.NullOf(e.Scheduled),
		db.NullOf(e.Withdrawn), e.WithdrawnWhy))
	if err != nil {
		return Edition{}, err
	}
	if !ok {
		return Edition{}, errChanged(e)
	}
	e.Version++
	return e, nil
}

func guarded(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// drop deletes an edition that isn't and wasn't out; its revisions and units go with it.
func drop(ctx context.Context, tx *db.Tx, e Edition) error {
	ok, err := guarded(tx.ExecContext(ctx, `
		DELETE FROM edition
		WHERE id = $1 AND version = $2 AND first_published_at IS NULL AND published_rev IS NULL AND state IN ('draft', 'review', 'approved')`,
		e.ID, e.Version))
	if err == nil && !ok {
		err = errChanged(e)
	}
	return err
}

// byOthers reports whether somebody else than the person made a revision of the edition.
func byOthers(ctx context.Context, q db.Conn, id ID, person string) (others bool, err error) {
	err = q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM revision WHERE edition_id = $1 AND by_id <> $2)`, id, person).Scan(&others)
	return others, err
}

func errChanged(e Edition) error {
	return problem.New(problem.Conflict, "problem.edition_changed", "lang", string(e.Lang))
}

// body returns the stored document of a revision.
func body(ctx context.Context, q db.Conn, id ID, number int64) ([]byte, error) {
	var b []byte
	err := q.QueryRowContext(ctx, `SELECT body FROM revision WHERE edition_id = $1 AND number = $2`, id, number).Scan(&b)
	return b, db.One(err)
}

// RevisionDoc returns what the edition said in the revision.
func (s *Service) RevisionDoc(ctx context.Context, q db.Conn, id ID, number int64) (document.Doc, error) {
	b, err := body(ctx, q, id, number)
	if err != nil {
		return document.Doc{}, fmt.Errorf("revision %d of edition %s: %w", number, id, err)
	}
	return decode(b)
}

// CheckOf returns who checked the revision, the zero Check if nobody did.
func (s *Service) CheckOf(ctx context.Context, q db.Conn, id ID, number int64) (Check, error) {
	var c Check
	err := q.QueryRowContext(ctx, `SELECT revision, by_name FROM revision_check WHERE edition_id = $1 AND revision = $2`, id, number).
		Scan(&c.Revision, &c.By)
	if errors.Is(err, sql.ErrNoRows) {
		return Check{}, nil
	}
	return c, db.One(err)
}

// Revisions lists the edition's revisions without documents, the newest first: those before the
// number, or from the newest if it is 0.
func (s *Service) Revisions(ctx context.Context, q db.Conn, id ID, before int64, limit int) ([]Revision, error) {
	if before <= 0 {
		before = 1 << 62
	}
	rows, err := q.QueryContext(ctx, `
		SELECT number, parent, kind, by_id, by_name, why, at FROM revision
		WHERE edition_id = $1 AND number < $2
		ORDER BY number DESC LIMIT $3`, id, before, pageSize(limit, 50))
	return db.Collect(rows, err, func(r *sql.Rows) (Revision, error) {
		rev := Revision{Edition: id}
		var at db.Time
		err := r.Scan(&rev.Number, &rev.Parent, &rev.Kind, &rev.ByID, &rev.ByName, &rev.Why, &at)
		rev.At = at.Time
		return rev, err
	})
}

// lastBy returns how the newest revision came to be, and who made it.
func lastBy(ctx context.Context, q db.Conn, e Edition) (kind RevisionKind, by string, err error) {
	err = q.QueryRowContext(ctx, `SELECT kind, by_id FROM revision WHERE edition_id = $1 AND number = $2`, e.ID, e.Revision).
		Scan(&kind, &by)
	return kind, by, db.One(err)
}

// maxPage bounds every list.
const maxPage = 1000

func pageSize(limit, usual int) int {
	if limit <= 0 {
		return usual
	}
	return min(limit, maxPage)
}
