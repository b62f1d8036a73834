package reader

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"depesche/internal/db"
	"depesche/internal/events"
	"depesche/internal/jobs"
	"depesche/internal/pagecache"
)

// tellFront tells what stands in front what the events that are due made false there; tellAgain the
// same once more.
type (
	tellFront struct{}
	tellAgain struct {
		Words []string `json:"words"`
		All   bool     `json:"all"`
	}
)

func (tellFront) Kind() string { return "front.forget" }
func (tellAgain) Kind() string { return "front.forget_again" }

const (
	// again is when the front is told once more: by then every node has heard of the event, and what one
	// of them had on its way to the front when it was told first has arrived.
	again = 5 * time.Second
	// manyDue is how many events aren't looked at one by one: after an import.
	manyDue = 200
)

// Work lets the runner tell what stands in front what to forget. An act enqueues that in its own
// transaction, so that it is told once for the publication, whichever node does it, and if and only if
// the act happened.
func (rd *Reader) Work(r *jobs.Runner) {
	jobs.Handle(r, func(ctx context.Context, _ tellFront) error { return rd.tellFront(ctx) })
	jobs.Handle(r, func(ctx context.Context, j tellAgain) error {
		if rd.Front == nil {
			return nil // it was taken away
		}
		return rd.Front.Forget(ctx, j.Words, j.All)
	})
	if rd.Front == nil {
		return
	}
	events.Within(rd.DB, func(ctx context.Context, tx *db.Tx, e events.Event) error {
		if changesNothing(e.Kind) {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO front_due (event_id) VALUES ($1)`, e.ID); err != nil {
			return fmt.Errorf("note for the front: %w", err)
		}
		return jobs.Enqueue(ctx, tx, tellFront{}, jobs.Unique())
	})
}

// changesNothing reports whether the table says that readers see nothing of the event.
func changesNothing(kind string) bool {
	fn, ok := falsified[kind]
	return ok && reflect.ValueOf(fn).Pointer() == reflect.ValueOf(nothing).Pointer()
}

func (rd *Reader) tellFront(ctx context.Context) error {
	if rd.Front == nil {
		return nil
	}
	var due []string
	f := &falsifier{rd: rd, knows: func(pagecache.Tag) bool { return true }}
	told := map[string]string{}
	err := rd.DB.Snapshot(ctx, func(q db.Conn) (err error) {
		if due, err = dueEvents(ctx, q); err != nil || len(due) > manyDue {
			return err
		}
		list, err := events.Read(ctx, q, due)
		if err != nil {
			return err
		}
		f.q = q
		for _, e := range list {
			if err := f.event(ctx, e); err != nil {
				return err
			}
		}
		if len(list) < len(due) {
			f.all = true // trimmed: the front was away for a week
		}
		told, err = toldFacts(ctx, q)
		return err
	})
	if err != nil || len(due) == 0 {
		return err
	}
	next := tellAgain{All: f.all || len(due) > manyDue}
	for _, t := range f.tags {
		next.Words = append(next.Words, Word(t))
	}
	changed := map[string]string{}
	for _, fact := range f.facts {
		if name, value := Word(fact.Tag), strconv.FormatUint(fact.Value, 36); told[name] != value {
			changed[name] = value
			next.Words = append(next.Words, name)
		}
	}
	slices.Sort(next.Words)
	if next.Words = slices.Compact(next.Words); next.All {
		next.Words = nil
	}
	if err := rd.Front.Forget(ctx, next.Words, next.All); err != nil {
		return err
	}
	return rd.DB.Write(ctx, func(tx *db.Tx) error {
		if err := wasTold(ctx, tx, due, changed); err != nil {
			return err
		}
		return jobs.Enqueue(ctx, tx, next, jobs.Delay(again))
	})
}

func dueEvents(ctx context.Context, q db.Conn) ([]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT event_id FROM front_due ORDER BY event_id`)
	return db.Collect(rows, err, func(r *sql.Rows) (id string, err error) {
		err = r.Scan(&id)
		return id, err
	})
}

func toldFacts(ctx context.Context, q db.Conn) (map[string]string, error) {
	out := map[string]string{}
	rows, err := q.QueryContext(ctx, `SELECT name, value FROM front_fact`)
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var name, value string
		err := r.Scan(&name, &value)
		out[name] = value
		return struct{}{}, err
	})
	return out, err
}

func wasTold(ctx context.Context, tx *db.Tx, due []string, facts map[string]string) error {
	for chunk := range slices.Chunk(due, 500) {
		list, args := db.In(1, chunk)
		if _, err := tx.ExecContext(ctx, `DELETE FROM front_due WHERE event_id IN `+list, args...); err != nil {
			return fmt.Errorf("events that the front was told of: %w", err)
		}
	}
	for name, value := range facts {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO front_fact (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, value)
		if err != nil {
			return fmt.Errorf("facts that the front was told of: %w", err)
		}
	}
	return nil
}
