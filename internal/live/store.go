package live

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
)

const coverageColumns = `story_id, began_at, ended_at, open, version`

func scanCoverage(row interface{ Scan(...any) error }) (Coverage, error) {
	var c Coverage
	var began db.Time
	var ended db.NullTime
	err := row.Scan(&c.Story, &began, &ended, &c.Open, &c.Version)
	c.Began, c.Ended = began.Time, ended.Ptr()
	return c, db.One(err)
}

// Of returns the story's coverage, or problem.NotFound if it never ran live.
func (s *Service) Of(ctx context.Context, q db.Conn, id story.ID) (Coverage, error) {
	return scanCoverage(q.QueryRowContext(ctx, `SELECT `+coverageColumns+` FROM live WHERE story_id = $1`, id))
}

// Running returns the coverages that run, the newest first.
func (s *Service) Running(ctx context.Context, q db.Conn) ([]Coverage, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT `+coverageColumns+` FROM live WHERE ended_at IS NULL ORDER BY began_at DESC, story_id DESC LIMIT 100`)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (Coverage, error) { return scanCoverage(r) })
	db.NoteFact(q, FactRunning, func() string {
		var all strings.Builder
		for _, c := range list {
			all.WriteString(string(c.Story) + " ")
		}
		return all.String()
	})
	return list, err
}

// FactRunning is the fact that [Service.Running] notes: which stories run.
const FactRunning = "live"

// Ended returns the coverages that ended last.
func (s *Service) Ended(ctx context.Context, q db.Conn, limit int) ([]Coverage, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT `+coverageColumns+` FROM live WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, story_id DESC LIMIT $1`, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (Coverage, error) { return scanCoverage(r) })
}

func putCoverage(ctx context.Context, tx *db.Tx, c Coverage) (Coverage, error) {
	err := tx.QueryRowContext(ctx, `
		INSERT INTO live (story_id, began_at, ended_at, open, version) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (story_id) DO UPDATE SET ended_at = excluded.ended_at, open = excluded.open, version = live.version + 1
		WHERE live.version = $5
		RETURNING version`,
		c.Story, db.Time{Time: c.Began}, db.NullOf(c.Ended), c.Open, c.Version).Scan(&c.Version)
	if err = db.One(err); problem.Is(err, problem.NotFound) {
		err = problem.New(problem.Conflict, "problem.live_changed")
	}
	return c, err
}

const entryColumns = `e.story_id, e.live_id, s.number, s.original_lang, e.happened, e.pinned, e.version, s.created_by`

func scanEntry(row interface{ Scan(...any) error }) (Entry, error) {
	var en Entry
	var happened db.Time
	err := row.Scan(&en.Story, &en.Live, &en.Number, &en.Original, &happened, &en.Pinned, &en.Version, &en.By)
	en.Happened = happened.Time
	return en, db.One(err)
}

// Entry returns what the story is as an entry, or problem.NotFound if it is none.
func (s *Service) Entry(ctx context.Context, q db.Conn, id story.ID) (Entry, error) {
	return scanEntry(q.QueryRowContext(ctx, `
		SELECT `+entryColumns+` FROM live_entry e JOIN story s ON s.id = e.story_id WHERE e.story_id = $1`, id))
}

func entrySent(ctx context.Context, q db.Conn, in story.ID, sent string) (Entry, error) {
	return scanEntry(q.QueryRowContext(ctx, `
		SELECT `+entryColumns+` FROM live_entry e JOIN story s ON s.id = e.story_id WHERE e.live_id = $1 AND e.sent = $2`, in, sent))
}

// Entries returns a page of the story's entries in whatever state, the latest first, and the next one's cursor.
func (s *Service) Entries(ctx context.Context, q db.Conn, in story.ID, before edition.Cursor, limit int) ([]Entry, edition.Cursor, error) {
	at, last, err := before.Place()
	if err != nil {
		return nil, "", err
	}
	rows, err := q.QueryContext(ctx, `
		SELECT `+entryColumns+` FROM live_entry e JOIN story s ON s.id = e.story_id
		WHERE e.live_id = $1 AND (e.happened, e.story_id) < ($2, $3)
		ORDER BY e.happened DESC, e.story_id DESC LIMIT $4`, in, db.Time{Time: at}, last, limit+1)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (Entry, error) { return scanEntry(r) })
	if err != nil || len(list) <= limit {
		return list, "", err
	}
	end := list[limit-1]
	return list[:limit], edition.CursorAt(end.Happened, string(end.Story)), nil
}

func insertEntry(ctx context.Context, tx *db.Tx, en Entry, sent string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO live_entry (story_id, live_id, happened, pinned, sent, version) VALUES ($1, $2, $3, $4, $5, 1)`,
		en.Story, en.Live, db.Time{Time: en.Happened}, en.Pinned, sent)
	return err
}

func updateEntry(ctx context.Context, tx *db.Tx, en Entry) (Entry, error) {
	err := tx.QueryRowContext(ctx, `
		UPDATE live_entry SET happened = $3, pinned = $4, version = version + 1 WHERE story_id = $1 AND version = $2 RETURNING version`,
		en.Story, en.Version, db.Time{Time: en.Happened}, en.Pinned).Scan(&en.Version)
	if err = db.One(err); problem.Is(err, problem.NotFound) {
		err = problem.New(problem.Conflict, "problem.live_changed")
	}
	return en, err
}

const lineColumns = `edition_id, entry_id, live_id, lang, number, happened, pinned, out, headline, turn, told_at`

func scanLine(row interface{ Scan(...any) error }) (Line, error) {
	var ln Line
	var happened, told db.Time
	err := row.Scan(&ln.Edition, &ln.Entry, &ln.Live, &ln.Lang, &ln.Number, &happened, &ln.Pinned, &ln.Out, &ln.Headline, &ln.Turn, &told)
	ln.Happened, ln.Told = happened.Time, told.Time
	return ln, db.One(err)
}

// putLine writes what readers see of an entry in a language, and reports whether they saw nothing of it before.
func putLine(ctx context.Context, tx *db.Tx, ln Line) (fresh bool, err error) {
	err = tx.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM live_card WHERE edition_id = $1 AND out)`, ln.Edition).Scan(&fresh)
	if err != nil {
		return false, db.One(err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO live_card (edition_id, entry_id, live_id, lang, number, happened, pinned, out, headline, turn, told_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, TRUE, $8, 1, $9)
		ON CONFLICT (edition_id) DO UPDATE
		SET happened = excluded.happened, pinned = excluded.pinned, out = TRUE, headline = excluded.headline,
			turn = live_card.turn + 1, told_at = excluded.told_at`,
		ln.Edition, ln.Entry, ln.Live, ln.Lang, ln.Number, db.Time{Time: ln.Happened}, ln.Pinned, ln.Headline, db.Time{Time: ln.Told})
	return fresh, err
}

func dropLine(ctx context.Context, tx *db.Tx, id edition.ID) (Line, error) {
	return scanLine(tx.QueryRowContext(ctx, `
		UPDATE live_card SET out = FALSE, headline = '', turn = turn + 1, told_at = $2 WHERE edition_id = $1 RETURNING `+lineColumns,
		id, db.Time{Time: tx.Now()}))
}

// moveLines gives the lines of an entry the time and the pin that it has now.
func moveLines(ctx context.Context, tx *db.Tx, en Entry) ([]Line, error) {
	rows, err := tx.QueryContext(ctx, `
		UPDATE live_card SET happened = $2, pinned = $3, turn = turn + 1, told_at = $4 WHERE entry_id = $1 RETURNING `+lineColumns,
		en.Story, db.Time{Time: en.Happened}, en.Pinned, db.Time{Time: tx.Now()})
	return db.Collect(rows, err, func(r *sql.Rows) (Line, error) { return scanLine(r) })
}

// lines reads; a page that shows them depends on the running story itself, whose card or text it has.
func (s *Service) lines(ctx context.Context, q db.Conn, where string, args ...any) ([]Line, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+lineColumns+` FROM live_card WHERE `+where, args...)
	return db.Collect(rows, err, func(r *sql.Rows) (Line, error) { return scanLine(r) })
}

// Lines returns a page of what readers see of a running story in a language, the latest first, and the next one's
// cursor.
func (s *Service) Lines(ctx context.Context, q db.Conn, in story.ID, l lang.Tag, before edition.Cursor, limit int) ([]Line, edition.Cursor, error) {
	at, last, err := before.Place()
	if err != nil {
		return nil, "", err
	}
	list, err := s.lines(ctx, q, `live_id = $1 AND lang = $2 AND out AND (happened, entry_id) < ($3, $4)
		ORDER BY happened DESC, entry_id DESC LIMIT $5`, in, l, db.Time{Time: at}, last, limit+1)
	if err != nil || len(list) <= limit {
		return list, "", err
	}
	end := list[limit-1]
	return list[:limit], edition.CursorAt(end.Happened, string(end.Entry)), nil
}

// Pinned returns the entries that tell the story so far, the latest first.
func (s *Service) Pinned(ctx context.Context, q db.Conn, in story.ID, l lang.Tag, limit int) ([]Line, error) {
	return s.lines(ctx, q, `live_id = $1 AND lang = $2 AND out AND pinned ORDER BY happened DESC, entry_id DESC LIMIT $3`, in, l, limit)
}

// LinesOf returns the lines of an entry in all languages, withdrawn ones too.
func (s *Service) LinesOf(ctx context.Context, q db.Conn, entry story.ID) ([]Line, error) {
	return s.lines(ctx, q, `entry_id = $1 ORDER BY lang`, entry)
}

// Beside returns the lines before and after one in the story, nil where there is none.
func (s *Service) Beside(ctx context.Context, q db.Conn, ln Line) (newer, older *Line, err error) {
	for _, x := range []struct {
		to    **Line
		where string
	}{
		{&newer, `(happened, entry_id) > ($3, $4) ORDER BY happened, entry_id LIMIT 1`},
		{&older, `(happened, entry_id) < ($3, $4) ORDER BY happened DESC, entry_id DESC LIMIT 1`},
	} {
		list, err := s.lines(ctx, q, `live_id = $1 AND lang = $2 AND out AND `+x.where, ln.Live, ln.Lang, db.Time{Time: ln.Happened}, ln.Entry)
		if err != nil {
			return nil, nil, err
		}
		if len(list) > 0 {
			*x.to = &list[0]
		}
	}
	return newer, older, nil
}

// ToldLast returns what changed last for readers of a running story in a language, the oldest first, withdrawn ones
// too.
func (s *Service) ToldLast(ctx context.Context, q db.Conn, in story.ID, l lang.Tag, limit int) ([]Line, error) {
	list, err := s.lines(ctx, q, `live_id = $1 AND lang = $2 ORDER BY told_at DESC, entry_id DESC LIMIT $3`, in, l, limit)
	slices.Reverse(list)
	return list, err
}

// LineOf returns the line of an edition, or problem.NotFound if it never was out as an entry.
func (s *Service) LineOf(ctx context.Context, q db.Conn, id edition.ID) (Line, error) {
	return scanLine(q.QueryRowContext(ctx, `SELECT `+lineColumns+` FROM live_card WHERE edition_id = $1`, id))
}

// LastTold is when readers of a running story in a language last saw something change; zero if they never did.
func (s *Service) LastTold(ctx context.Context, q db.Conn, in story.ID, l lang.Tag) (time.Time, error) {
	var at db.NullTime
	err := q.QueryRowContext(ctx, `SELECT MAX(told_at) FROM live_card WHERE live_id = $1 AND lang = $2`, in, l).Scan(&at)
	return at.Time, db.One(err)
}
