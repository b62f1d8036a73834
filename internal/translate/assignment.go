package translate

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Assignment says who has a translation in hand.
type Assignment struct {
	Edition edition.ID
	// HolderID and Holder are empty if nobody has it.
	HolderID, Holder string
	Note             string // of who handed it over
	ByID, By         string // who took it or handed it over
	// Due is as somebody set it; else when the edition is to go out, or its original is.
	Due   *time.Time
	Typed bool // Due was set by somebody
	At    time.Time
}

// Take puts the translation into the actor's hands. It is problem.Conflict if somebody else has it.
func (s *Service) Take(ctx context.Context, a actor.Actor, id edition.ID) (Assignment, error) {
	return s.assign(ctx, a, id, "translate.take", func(tx *db.Tx, w Work, now Assignment) error {
		if now.HolderID == a.ID {
			return nil
		}
		// Who looked at the same moment finds the row taken, whatever was read before.
		res, err := tx.ExecContext(ctx, `
			INSERT INTO assignment (edition_id, holder_id, holder_name, by_id, by_name, at) VALUES ($1, $2, $3, $2, $3, $4)
			ON CONFLICT (edition_id) DO UPDATE
			SET holder_id = excluded.holder_id, holder_name = excluded.holder_name, note = '', by_id = excluded.by_id,
				by_name = excluded.by_name, at = excluded.at
			WHERE assignment.holder_id = ''`,
			id, a.ID, a.Name, db.Time{Time: tx.Now()})
		return taken(res, err, now)
	})
}

// HandOver gives the translation to somebody, with a note: its holder does it, or who may review it.
// from is the holder that the actor saw, "" for nobody: if it is another by now it is problem.Conflict.
func (s *Service) HandOver(ctx context.Context, a actor.Actor, id edition.ID, from string, to actor.Actor, note string) (Assignment, error) {
	var f problem.Fields
	note = entry.Lines(&f, "note", note, entry.Note)
	if err := f.Err(); err != nil {
		return Assignment{}, err
	}
	return s.assign(ctx, a, id, "translate.hand_over", func(tx *db.Tx, w Work, now Assignment) error {
		if err := s.mayGive(ctx, tx, a, w, now); err != nil {
			return err
		}
		if err := s.mayTranslate(ctx, tx, to, w); err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `
			INSERT INTO assignment (edition_id, holder_id, holder_name, note, by_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (edition_id) DO UPDATE
			SET holder_id = excluded.holder_id, holder_name = excluded.holder_name, note = excluded.note, by_id = excluded.by_id,
				by_name = excluded.by_name, at = excluded.at
			WHERE assignment.holder_id = $8`,
			id, to.ID, to.Name, note, a.ID, a.Name, db.Time{Time: tx.Now()}, from)
		if now.HolderID != from {
			return taken(nil, err, now)
		}
		return taken(res, err, now)
	})
}

// GiveBack takes the translation out of its holder's hands: the holder does it, or who may review it.
func (s *Service) GiveBack(ctx context.Context, a actor.Actor, id edition.ID) (Assignment, error) {
	return s.assign(ctx, a, id, "translate.give_back", func(tx *db.Tx, w Work, now Assignment) error {
		if now.HolderID == "" {
			return nil
		}
		if err := s.mayGive(ctx, tx, a, w, now); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE assignment SET holder_id = '', holder_name = '', note = '', by_id = $2, by_name = $3, at = $4
			WHERE edition_id = $1 AND holder_id = $5`, id, a.ID, a.Name, db.Time{Time: tx.Now()}, now.HolderID)
		return err
	})
}

// SetDue says until when the translation is to be done; nil leaves it to the release.
func (s *Service) SetDue(ctx context.Context, a actor.Actor, id edition.ID, due *time.Time) (Assignment, error) {
	return s.assign(ctx, a, id, "translate.due", func(tx *db.Tx, w Work, now Assignment) error {
		if err := s.mayGive(ctx, tx, a, w, now); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO assignment (edition_id, by_id, by_name, due_at, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (edition_id) DO UPDATE SET due_at = excluded.due_at`,
			id, a.ID, a.Name, db.NullOf(due), db.Time{Time: tx.Now()})
		return err
	})
}

func (s *Service) assign(ctx context.Context, a actor.Actor, id edition.ID, act string, do func(*db.Tx, Work, Assignment) error) (Assignment, error) {
	var out Assignment
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		w, err := s.Work(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayTranslate(ctx, tx, a, w); err != nil {
			return err
		}
		if err := s.editions.Stories().Touch(ctx, tx, w.Edition.Story); err != nil {
			return err
		}
		now, err := assignments(ctx, tx, []edition.ID{id})
		if err != nil {
			return err
		}
		if err := do(tx, w, now[id]); err != nil {
			return err
		}
		if now, err = assignments(ctx, tx, []edition.ID{id}); err != nil {
			return err
		}
		out = now[id]
		err = audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: act, Subject: "edition:" + string(id), Detail: map[string]any{
			"holder": out.HolderID, "note": out.Note, "due": out.Due,
		}})
		if err != nil {
			return err
		}
		return s.tell(ctx, tx, w.Edition)
	})
	if err != nil {
		return Assignment{}, fmt.Errorf("%s edition %s: %w", act, id, err)
	}
	return out, nil
}

// mayGive refuses if the translation is in somebody else's hands and a may not review it.
func (s *Service) mayGive(ctx context.Context, q db.Conn, a actor.Actor, w Work, now Assignment) error {
	if now.HolderID == "" || now.HolderID == a.ID {
		return nil
	}
	st, err := s.editions.Stories().ByID(ctx, q, w.Edition.Story)
	if err != nil {
		return err
	}
	return s.editions.May(ctx, q, a, st, w.Edition.Lang, actor.Review)
}

// taken refuses if no row was changed: somebody else has it.
func taken(res sql.Result, err error, now Assignment) error {
	if err != nil {
		return err
	}
	if res != nil {
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			return err
		}
	}
	return problem.New(problem.Conflict, "problem.translation_taken", "name", now.Holder)
}

// Assignments returns who has which of the editions, and when they are due. Originals and editions
// that nobody has and that are due at no time are left out.
func (s *Service) Assignments(ctx context.Context, q db.Conn, ids ...edition.ID) (map[edition.ID]Assignment, error) {
	if len(ids) == 0 {
		return map[edition.ID]Assignment{}, nil
	}
	return assignments(ctx, q, ids)
}

func assignments(ctx context.Context, q db.Conn, ids []edition.ID) (map[edition.ID]Assignment, error) {
	list, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT e.id, COALESCE(x.holder_id, ''), COALESCE(x.holder_name, ''), COALESCE(x.note, ''), COALESCE(x.by_id, ''), COALESCE(x.by_name, ''),
			`+due+`, x.due_at IS NOT NULL, x.at
		FROM edition e
		JOIN story s ON s.id = e.story_id
		JOIN edition o ON o.story_id = s.id AND o.lang = s.original_lang AND o.id <> e.id
		LEFT JOIN assignment x ON x.edition_id = e.id
		WHERE e.id IN `+list+` AND (x.holder_id <> '' OR `+due+` IS NOT NULL)`, args...)
	all, err := db.Collect(rows, err, func(r *sql.Rows) (Assignment, error) {
		var x Assignment
		var due, at db.NullTime
		err := r.Scan(&x.Edition, &x.HolderID, &x.Holder, &x.Note, &x.ByID, &x.By, &due, &x.Typed, &at)
		x.Due, x.At = due.Ptr(), at.Time
		return x, err
	})
	if err != nil {
		return nil, fmt.Errorf("who has which translation: %w", err)
	}
	out := make(map[edition.ID]Assignment, len(all))
	for _, x := range all {
		out[x.Edition] = x
	}
	return out, nil
}

// Job is a translation in a language's queue.
type Job struct {
	Assignment
	Story    string   // its ID
	Number   int64    // the story's
	From     lang.Tag // the original's
	Lang     lang.Tag
	Headline string // of the original
	State    edition.State
	Progress Progress
}

// due is when a translation is to be done, in SQL: as somebody set it, else when it goes out or its
// original does. What was set for a text that has gone out by then is done with.
const due = `COALESCE(CASE WHEN e.state = 'published' AND x.due_at <= e.published_at THEN NULL ELSE x.due_at END, e.scheduled_at, o.scheduled_at)`

// queuePages bounds how much a look at the queue reads: so many times what is asked for.
const queuePages = 4

// Queue returns what is to be done in a language, or in all for "", that due first, then the stories
// that were touched last. What is due at no time is looked for in the 5,000 stories touched last. mine
// leaves only what the person holds, of whatever age, finished or not. A finished one that is due is to be
// done as long as nobody has said that it goes out.
func (s *Service) Queue(ctx context.Context, q db.Conn, l lang.Tag, mine string, limit int) ([]Job, error) {
	var out []Job
	for page := range queuePages {
		jobs, err := s.queued(ctx, q, l, mine, limit, page*limit)
		if err != nil {
			return nil, fmt.Errorf("queue of %s: %w", l, err)
		}
		for _, j := range jobs {
			if mine != "" || !j.finished() {
				out = append(out, j)
			}
		}
		if len(jobs) < limit || len(out) >= limit {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b Job) int { return cmp.Compare(b.urgent(), a.urgent()) })
	return out[:min(limit, len(out))], nil
}

const (
	queueColumns = `SELECT e.id, e.story_id, s.number, o.lang, e.lang, o.headline, e.state`
	queueOrder   = ` AND ($1 = '' OR e.lang = $1) AND e.state <> 'withdrawn' AND o.lang = s.original_lang AND o.id <> e.id
		ORDER BY COALESCE(` + due + `, '9') ASC, s.updated_at DESC, e.id LIMIT $2 OFFSET $3`
)

// mineQuery begins at what the person holds. SQLite takes a CROSS JOIN as the order to go in.
const mineQuery = queueColumns + `
	FROM assignment x CROSS JOIN edition e CROSS JOIN story s CROSS JOIN edition o
	WHERE x.holder_id = $4 AND e.id = x.edition_id AND s.id = e.story_id AND o.story_id = s.id` + queueOrder

// queueQuery begins at stories of which something may be due, and at those that were touched last: the
// translations of a large paper are too many to be put in order.
const queueQuery = queueColumns + `
	FROM (SELECT DISTINCT id FROM (
		SELECT t.story_id AS id FROM assignment a CROSS JOIN edition t WHERE a.due_at IS NOT NULL AND t.id = a.edition_id
			AND (t.state <> 'published' OR t.published_at < a.due_at)
		UNION ALL
		SELECT story_id FROM edition WHERE state = 'scheduled'
		UNION ALL
		SELECT id FROM (SELECT id FROM story ORDER BY updated_at DESC, id DESC LIMIT 5000) AS touched
	) AS every) AS near CROSS JOIN story s CROSS JOIN edition o CROSS JOIN edition e LEFT JOIN assignment x ON x.edition_id = e.id
	WHERE s.id = near.id AND o.story_id = s.id AND e.story_id = s.id` + queueOrder

// queued returns a page of the translations, with what is known of each.
func (s *Service) queued(ctx context.Context, q db.Conn, l lang.Tag, mine string, limit, from int) ([]Job, error) {
	query, args := queueQuery, []any{string(l), limit, from}
	if mine != "" {
		query, args = mineQuery, append(args, mine)
	}
	rows, err := q.QueryContext(ctx, query, args...)
	jobs, err := db.Collect(rows, err, func(r *sql.Rows) (j Job, err error) {
		return j, r.Scan(&j.Edition, &j.Story, &j.Number, &j.From, &j.Lang, &j.Headline, &j.State)
	})
	if err != nil {
		return nil, err
	}
	var ids []edition.ID
	for _, j := range jobs {
		ids = append(ids, j.Edition)
	}
	progress, err := s.Progress(ctx, q, ids...)
	if err != nil {
		return nil, err
	}
	held, err := s.Assignments(ctx, q, ids...)
	if err != nil {
		return nil, err
	}
	for i := range jobs {
		id := jobs[i].Edition
		jobs[i].Assignment, jobs[i].Progress = held[id], progress[id]
		jobs[i].Edition = id
	}
	return jobs, nil
}

// finished reports whether nothing is left to be done.
func (j Job) finished() bool {
	p := j.Progress
	decided := j.Due == nil || j.State == edition.Scheduled || j.State == edition.Published || j.State == edition.Approved
	return p.Total > 0 && p.Done == p.Total && p.Orphan == 0 && decided
}

// urgent is 1 for what says something else than its original, and comes before all that isn't due.
func (j Job) urgent() int {
	if j.Due == nil && j.Progress.Facts > 0 {
		return 1
	}
	if j.Due != nil {
		return 2
	}
	return 0
}
