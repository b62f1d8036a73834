package correction

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/story"
)

// forgetEvery is how often it is looked for what is to be forgotten.
const forgetEvery = time.Hour

// sayAgain counts a report that is there already, and reads its ID and state. One that was corrected is
// open again if the reader was given the form after that: before she saw what was wrong then.
func sayAgain(ctx context.Context, tx *db.Tx, r *Report, given time.Time) (known, again bool, err error) {
	var closed db.NullTime
	err = tx.QueryRowContext(ctx, `SELECT id, state, closed_at FROM report WHERE edition_id = $1 AND block = $2 AND same = $3`, r.Edition, r.Block, same(r.Said)).
		Scan(&r.ID, &r.State, &closed)
	if errors.Is(err, sql.ErrNoRows) {
		return false, false, nil
	}
	if err != nil {
		return false, false, db.One(err)
	}
	now := db.Time{Time: tx.Now()}
	if at := closed.Ptr(); r.State != ReportCorrected || at == nil || !given.After(*at) {
		_, err = tx.ExecContext(ctx, `UPDATE report SET times = times + 1, last_at = $2 WHERE id = $1`, r.ID, now)
		return true, false, err
	}
	r.State = ReportOpen
	_, err = tx.ExecContext(ctx, `
		UPDATE report
		SET times = times + 1, last_at = $2, revision = $3, passage = $4, quote = $5, version = version + 1,
			state = 'open', closed_at = NULL, by_id = '', by_name = ''
		WHERE id = $1`, r.ID, now, r.Revision, r.Passage, r.Quote)
	return true, true, err
}

// room refuses what comes after a day's measure.
func room(ctx context.Context, tx *db.Tx, r Report, since time.Time) error {
	var ofStory, all int
	err := tx.QueryRowContext(ctx, `
		SELECT (SELECT COUNT(*) FROM report WHERE story_id = $1 AND first_at >= $2), (SELECT COUNT(*) FROM report WHERE first_at >= $2)`,
		r.Story, db.Time{Time: since}).Scan(&ofStory, &all)
	if err != nil {
		return db.One(err)
	}
	if ofStory >= reportsStory || all >= reportsDay {
		return problem.New(problem.TooMany, "problem.reports_full")
	}
	return nil
}

func insertReport(ctx context.Context, tx *db.Tx, r Report) error {
	now := db.Time{Time: tx.Now()}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO report (id, story_id, edition_id, lang, block, revision, passage, quote, said, same, state, first_at, last_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $11)
		ON CONFLICT (edition_id, block, same) DO UPDATE SET times = report.times + 1, last_at = excluded.last_at`,
		r.ID, r.Story, r.Edition, r.Lang, r.Block, r.Revision, r.Passage, r.Quote, r.Said, same(r.Said), now)
	return err
}

func putMail(ctx context.Context, tx *db.Tx, r ReportID, address string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO report_mail (report_id, mail, at)
		SELECT $1, $2, $3 WHERE (SELECT COUNT(*) FROM report_mail WHERE report_id = $1) < $4
		ON CONFLICT (report_id, mail) DO NOTHING`, r, address, db.Time{Time: tx.Now()}, maxMails)
	return err
}

func moveReport(ctx context.Context, tx *db.Tx, r Report) error {
	var closed *time.Time
	if now := tx.Now(); r.State.Closed() {
		closed = &now
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE report SET state = $3, version = version + 1, by_id = $4, by_name = $5, closed_at = $6 WHERE id = $1 AND version = $2`,
		r.ID, r.Version, r.State, r.ByID, r.ByName, db.NullOf(closed))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, problem.New(problem.Conflict, "problem.report_changed"))
	}
	if r.State != ReportSpam {
		return nil
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM report_mail WHERE report_id = $1`, r.ID)
	return err
}

func forget(ctx context.Context, tx *db.Tx) error {
	now := tx.Now()
	_, err := tx.ExecContext(ctx, `
		DELETE FROM report_mail
		WHERE at < $1 OR report_id IN (SELECT id FROM report WHERE closed_at < $2)`,
		db.Time{Time: now.Add(-mailOpen)}, db.Time{Time: now.Add(-MailClosed)})
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM report WHERE closed_at < $1`, db.Time{Time: now.Add(-reportClosed)})
	}
	return err
}

// languages are those that the story has editions in.
func languages(ctx context.Context, q db.Conn, st story.ID) ([]lang.Tag, error) {
	rows, err := q.QueryContext(ctx, `SELECT lang FROM edition WHERE story_id = $1 ORDER BY id`, st)
	return db.Collect(rows, err, func(r *sql.Rows) (l lang.Tag, err error) { return l, r.Scan(&l) })
}

const reportColumns = `r.id, r.story_id, s.number, COALESCE(s.section_id, ''), r.edition_id, r.lang, e.headline, r.block, r.revision, r.passage, r.quote,
	r.said, r.times, r.state, r.version, r.by_id, r.by_name, r.first_at, r.last_at, r.closed_at`

const reportTables = ` FROM report r JOIN story s ON s.id = r.story_id JOIN edition e ON e.id = r.edition_id `

func scanReport(r interface{ Scan(...any) error }) (x Report, err error) {
	var first, last db.Time
	var closed db.NullTime
	err = r.Scan(&x.ID, &x.Story, &x.Number, &x.Section, &x.Edition, &x.Lang, &x.Headline, &x.Block, &x.Revision, &x.Passage, &x.Quote,
		&x.Said, &x.Times, &x.State, &x.Version, &x.ByID, &x.ByName, &first, &last, &closed)
	x.First, x.Last, x.Closed = first.Time, last.Time, closed.Ptr()
	return x, db.One(err)
}

// ReportByID returns the report.
func (s *Service) ReportByID(ctx context.Context, q db.Conn, id ReportID) (Report, error) {
	r, err := scanReport(q.QueryRowContext(ctx, `SELECT `+reportColumns+reportTables+`WHERE r.id = $1`, id))
	if err != nil {
		return Report{}, err
	}
	list := []Report{r}
	err = mails(ctx, q, list)
	return list[0], err
}

// OpenReports returns those of a story that aren't closed, the oldest first.
func (s *Service) OpenReports(ctx context.Context, q db.Conn, st story.ID) ([]Report, error) {
	return reports(ctx, q, `WHERE r.story_id = $1 AND r.state IN ('open', 'taken') ORDER BY r.first_at, r.id LIMIT 200`, st)
}

// Reports returns a page of those that are closed, or that aren't, said last first.
func (s *Service) Reports(ctx context.Context, q db.Conn, closed bool, before edition.Cursor, limit int) ([]Report, edition.Cursor, error) {
	at, last, err := before.Place()
	if err != nil {
		return nil, "", err
	}
	states := `('open', 'taken')`
	if closed {
		states = `('corrected', 'no_fault', 'spam')`
	}
	list, err := reports(ctx, q, `WHERE r.state IN `+states+` AND (r.last_at, r.id) < ($1, $2) ORDER BY r.last_at DESC, r.id DESC LIMIT $3`, db.Time{Time: at}, last, limit+1)
	if err != nil || len(list) <= limit {
		return list, "", err
	}
	list = list[:limit]
	end := list[limit-1]
	return list, edition.CursorAt(end.Last, string(end.ID)), nil
}

func reports(ctx context.Context, q db.Conn, which string, args ...any) ([]Report, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+reportColumns+reportTables+which, args...)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (Report, error) { return scanReport(r) })
	if err != nil {
		return nil, fmt.Errorf("readers' reports: %w", err)
	}
	return list, mails(ctx, q, list)
}

func mails(ctx context.Context, q db.Conn, list []Report) error {
	ids := make([]ReportID, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	in, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `SELECT report_id, mail FROM report_mail WHERE report_id IN `+in+` ORDER BY at, mail`, args...)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var of ReportID
		var m string
		err := r.Scan(&of, &m)
		if i := slices.Index(ids, of); i >= 0 {
			list[i].Mails = append(list[i].Mails, m)
		}
		return struct{}{}, err
	})
	return err
}

// Waiting counts the reports that nobody has taken up, by language and section.
func (s *Service) Waiting(ctx context.Context, q db.Conn) (map[Place]int, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT r.lang, COALESCE(s.section_id, ''), COUNT(*) FROM report r JOIN story s ON s.id = r.story_id
		WHERE r.state = 'open' GROUP BY r.lang, s.section_id`)
	out := map[Place]int{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var p Place
		var n int
		err := r.Scan(&p.Lang, &p.Section, &n)
		out[p] = n
		return struct{}{}, err
	})
	return out, err
}

// Place is where a report waits.
type Place struct {
	Lang    lang.Tag
	Section publication.SectionID
}

// ReportKey returns the key by which the nodes of a paper know that a form for a report is one of theirs,
// and makes it when it is first asked for.
func (s *Service) ReportKey(ctx context.Context) (key string, err error) {
	const setting = "correction.report_key"
	err = s.db.Read().QueryRowContext(ctx, `SELECT value FROM setting WHERE key = $1`, setting).Scan(&key)
	if !errors.Is(err, sql.ErrNoRows) {
		return key, db.One(err)
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO setting (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`, setting, id.Token()); err != nil {
			return err
		}
		return db.One(tx.QueryRowContext(ctx, `SELECT value FROM setting WHERE key = $1`, setting).Scan(&key))
	})
	return key, err
}
