package release

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/story"
)

const columns = `id, story_id, act, due_at, done_at, cancelled, why, by_id, by_name, created_at`

func scan(row interface{ Scan(...any) error }) (Release, error) {
	var r Release
	var due, done db.NullTime
	var created db.Time
	err := row.Scan(&r.ID, &r.Story, &r.Act, &due, &done, &r.Cancelled, &r.Why, &r.ByID, &r.ByName, &created)
	r.Due, r.Done, r.Created = due.Ptr(), done.Ptr(), created.Time
	return r, db.One(err)
}

func insert(ctx context.Context, tx *db.Tx, r Release) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO release (id, story_id, act, due_at, done_at, why, by_id, by_name, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.ID, r.Story, r.Act, db.NullOf(r.Due), db.NullOf(r.Done), r.Why, r.ByID, r.ByName, db.Time{Time: r.Created})
	if err != nil {
		return err
	}
	for _, p := range r.Editions {
		if _, err := tx.ExecContext(ctx, `INSERT INTO release_edition (release_id, edition_id, revision, source_rev) VALUES ($1, $2, $3, $4)`,
			r.ID, p.Edition, p.Revision, p.SourceRev); err != nil {
			return err
		}
	}
	if err := insertHeld(ctx, tx, r.ID, r.Held); err != nil {
		return err
	}
	for _, o := range r.Overrides {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO override (release_id, edition_id, code, address, reason, by_id, by_name) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			r.ID, o.Edition, o.Code, o.Address, o.Reason, o.ByID, o.ByName); err != nil {
			return err
		}
	}
	return nil
}

func takeOut(ctx context.Context, tx *db.Tx, r ID, e edition.ID) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM release_edition WHERE release_id = $1 AND edition_id = $2`, r, e)
	return err
}

func insertHeld(ctx context.Context, tx *db.Tx, r ID, list []HeldBack) error {
	for _, h := range list {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO release_held (release_id, edition_id, code, address) VALUES ($1, $2, $3, $4)
			ON CONFLICT (release_id, edition_id, code, address) DO NOTHING`,
			r, h.Edition, h.Code, h.Address); err != nil {
			return err
		}
	}
	return nil
}

// finish marks a waiting release as done. It reports false if it isn't waiting any more: another
// node, or an earlier delivery of the same job, was quicker.
func finish(ctx context.Context, tx *db.Tx, id ID) (bool, error) {
	res, err := tx.ExecContext(ctx, `UPDATE release SET done_at = $2 WHERE id = $1 AND done_at IS NULL AND NOT cancelled`, id, db.Time{Time: tx.Now()})
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

// cancelEmpty cancels the story's waiting releases none of whose editions waits any more. Done is
// set as well, so that nothing looks at them again.
func cancelEmpty(ctx context.Context, tx *db.Tx, st story.ID) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE release SET cancelled = TRUE, done_at = $2
		WHERE story_id = $1 AND act = 'schedule' AND done_at IS NULL AND NOT EXISTS (
			SELECT 1 FROM release_edition re JOIN edition e ON e.id = re.edition_id
			WHERE re.release_id = release.id AND e.state = 'scheduled' AND e.scheduled_at = release.due_at
				AND NOT EXISTS (
					SELECT 1 FROM release_edition re2 JOIN release r2 ON r2.id = re2.release_id
					WHERE re2.edition_id = e.id AND r2.id > release.id AND r2.act = 'schedule' AND r2.due_at = release.due_at))`,
		st, db.Time{Time: tx.Now()})
	return err
}

// waitsIn returns in which revision a scheduled edition is going out.
func waitsIn(ctx context.Context, q db.Conn, e edition.Edition) (int64, error) {
	var n int64
	err := q.QueryRowContext(ctx, `
		SELECT re.revision FROM release_edition re JOIN release r ON r.id = re.release_id
		WHERE re.edition_id = $1 AND r.act = 'schedule' AND r.done_at IS NULL AND r.due_at = $2
		ORDER BY r.id DESC LIMIT 1`, e.ID, db.NullOf(e.Scheduled)).Scan(&n)
	if err = db.One(err); err != nil {
		return 0, fmt.Errorf("release of scheduled edition %s: %w", e.ID, err)
	}
	return n, nil
}

// superseded reports whether the edition was scheduled anew, for the same second, by a later release:
// that one has the revision that was chosen last.
func superseded(ctx context.Context, q db.Conn, r Release, e edition.ID) (bool, error) {
	var yes bool
	err := q.QueryRowContext(ctx, supersededQuery, e, r.ID, db.NullOf(r.Due)).Scan(&yes)
	return yes, db.One(err)
}

const supersededQuery = `
	SELECT EXISTS (
		SELECT 1 FROM release_edition re JOIN release later ON later.id = re.release_id
		WHERE re.edition_id = $1 AND later.id > $2 AND later.act = 'schedule' AND later.due_at = $3 AND NOT later.cancelled)`

func byID(ctx context.Context, q db.Conn, id ID) (Release, error) {
	r, err := scan(q.QueryRowContext(ctx, `SELECT `+columns+` FROM release WHERE id = $1`, id))
	if err != nil {
		return Release{}, fmt.Errorf("release %s: %w", id, err)
	}
	list := []Release{r}
	if err := fill(ctx, q, list); err != nil {
		return Release{}, err
	}
	return list[0], nil
}

const wentQuery = `
	SELECT r.act, re.revision FROM release_edition re JOIN release r ON r.id = re.release_id
	WHERE re.edition_id = $1 AND r.id <> $2 AND r.done_at IS NOT NULL AND NOT r.cancelled AND r.act <> 'withdraw'
	ORDER BY r.done_at DESC, r.id DESC`

// wrong returns the revision of an edition that is out whose text a correction takes back: what
// readers see now or, if they see the right text already, what they saw before the last update and the
// minor changes after it (docs/decisions/0260). Of a text that never changed it is the one that is out.
// but is the release that is being made, or "".
func wrong(ctx context.Context, q db.Conn, e edition.Edition, but ID) (int64, error) {
	if e.PublishedRev != e.Revision {
		return e.PublishedRev, nil
	}
	type went struct {
		act      Act
		revision int64
	}
	rows, err := q.QueryContext(ctx, wentQuery, e.ID, but)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (w went, err error) {
		return w, r.Scan(&w.act, &w.revision)
	})
	if err != nil {
		return 0, fmt.Errorf("what went out of edition %s: %w", e.ID, err)
	}
	from := e.PublishedRev
	for i, w := range list {
		from = w.revision
		if w.act == Update && i+1 < len(list) {
			from = list[i+1].revision
		}
		if w.act != Minor {
			break
		}
	}
	return from, nil
}

// History returns the story's releases, newest first, waiting ones included.
func (s *Service) History(ctx context.Context, q db.Conn, st story.ID) ([]Release, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM release WHERE story_id = $1 ORDER BY id DESC`, st)
	return collect(ctx, q, rows, err)
}

// Waiting returns all scheduled releases that haven't gone out, the next due first: for Today.
func (s *Service) Waiting(ctx context.Context, q db.Conn, limit int) ([]Release, error) {
	if limit <= 0 || limit > 1000 {
		limit = 100
	}
	rows, err := q.QueryContext(ctx, `
		SELECT `+columns+` FROM release
		WHERE done_at IS NULL AND due_at IS NOT NULL
		ORDER BY due_at, id LIMIT $1`, limit)
	return collect(ctx, q, rows, err)
}

// due returns the IDs of the releases that should have gone out by now.
func due(ctx context.Context, q db.Conn, now time.Time) ([]ID, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT id FROM release WHERE done_at IS NULL AND due_at <= $1 ORDER BY due_at, id`, db.Time{Time: now})
	return db.Collect(rows, err, func(r *sql.Rows) (ID, error) {
		var id ID
		return id, r.Scan(&id)
	})
}

func collect(ctx context.Context, q db.Conn, rows *sql.Rows, err error) ([]Release, error) {
	list, err := db.Collect(rows, err, func(r *sql.Rows) (Release, error) { return scan(r) })
	if err != nil {
		return nil, fmt.Errorf("releases: %w", err)
	}
	return list, fill(ctx, q, list)
}

// fill reads the editions of releases, their overrides and what they held back.
func fill(ctx context.Context, q db.Conn, list []Release) error {
	at := make(map[ID]*Release, len(list))
	ids := make([]ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
		at[ids[i]] = &list[i]
	}
	in, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT re.release_id, re.edition_id, e.lang, re.revision, re.source_rev
		FROM release_edition re JOIN edition e ON e.id = re.edition_id
		WHERE re.release_id IN `+in+` ORDER BY re.release_id, e.lang`, args...)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id ID
		var p Part
		err := r.Scan(&id, &p.Edition, &p.Lang, &p.Revision, &p.SourceRev)
		if err == nil {
			at[id].Editions = append(at[id].Editions, p)
		}
		return struct{}{}, err
	})
	if err != nil {
		return fmt.Errorf("editions of releases: %w", err)
	}
	rows, err = q.QueryContext(ctx, `
		SELECT release_id, edition_id, code, address, reason, by_id, by_name FROM override
		WHERE release_id IN `+in+` ORDER BY release_id, edition_id, code, address`, args...)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id ID
		var o Overridden
		err := r.Scan(&id, &o.Edition, &o.Code, &o.Address, &o.Reason, &o.ByID, &o.ByName)
		if err == nil {
			at[id].Overrides = append(at[id].Overrides, o)
		}
		return struct{}{}, err
	})
	if err != nil {
		return fmt.Errorf("overrides of releases: %w", err)
	}
	rows, err = q.QueryContext(ctx, `
		SELECT h.release_id, h.edition_id, e.lang, h.code, h.address
		FROM release_held h JOIN edition e ON e.id = h.edition_id
		WHERE h.release_id IN `+in+` ORDER BY h.release_id, e.lang, h.code, h.address`, args...)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id ID
		var h HeldBack
		err := r.Scan(&id, &h.Edition, &h.Lang, &h.Code, &h.Address)
		if err == nil {
			at[id].Held = append(at[id].Held, h)
		}
		return struct{}{}, err
	})
	if err != nil {
		return fmt.Errorf("what releases held back: %w", err)
	}
	return nil
}

// past is an override of an earlier release, with the revision it was said of.
type past struct {
	Overridden
	revision  int64
	sourceRev int64 // 0 if the original doesn't matter, or wasn't noted
	at        time.Time
}

// goneBy returns what was gone past or set aside in editions of the story, the newest first.
func goneBy(ctx context.Context, q db.Conn, b batch) ([]past, error) {
	out, err := overrides(ctx, q, b.story.ID)
	if err != nil {
		return nil, err
	}
	more, err := asides(ctx, q, b.editions)
	if err != nil {
		return nil, err
	}
	out = append(out, more...)
	slices.SortStableFunc(out, func(x, y past) int { return y.at.Compare(x.at) })
	return out, nil
}

// overrides returns the warnings that somebody went past in editions of the story, newest first.
func overrides(ctx context.Context, q db.Conn, st story.ID) ([]past, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT o.edition_id, o.code, o.address, o.reason, o.by_id, o.by_name, re.revision, re.source_rev, r.created_at
		FROM release r
		JOIN override o ON o.release_id = r.id
		JOIN release_edition re ON re.release_id = r.id AND re.edition_id = o.edition_id
		WHERE r.story_id = $1 AND NOT r.cancelled
		ORDER BY r.id DESC`, st)
	return db.Collect(rows, err, func(r *sql.Rows) (past, error) {
		var p past
		var at db.Time
		err := r.Scan(&p.Edition, &p.Code, &p.Address, &p.Reason, &p.ByID, &p.ByName, &p.revision, &p.sourceRev, &at)
		p.at = at.Time
		return p, err
	})
}

// waitingEditions returns the story's editions that are scheduled.
func waitingEditions(list []edition.Edition) []edition.Edition {
	var out []edition.Edition
	for _, e := range list {
		if e.State == edition.Scheduled {
			out = append(out, e)
		}
	}
	return out
}
