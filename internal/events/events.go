// Package events tells every node what happened. An event is appended in the act's own
// transaction; after the commit each node reads it and tells its listeners, which drop what they
// keep in memory. What is to be done once for the whole publication is a job instead.
package events

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"depesche/internal/db"
	"depesche/internal/id"
)

// signal wakes the buses of all nodes.
const signal = "events"

// Event says what happened (edition.published) to what (edition:<id>).
type Event struct {
	ID      string
	Kind    string
	Subject string
	Data    json.RawMessage
	At      time.Time
}

// Append tells of an event: if and only if tx is committed. data becomes JSON; nil is {}. Its time
// is the machine's, also where the act's clock stands elsewhere, as a demo's does: the outbox is
// about now.
func Append(ctx context.Context, tx *db.Tx, kind, subject string, data any) error {
	text := []byte("{}")
	if data != nil {
		var err error
		if text, err = json.Marshal(data); err != nil {
			return fmt.Errorf("tell %s of %s: %w", kind, subject, err)
		}
	}
	now := time.Now()
	_, err := tx.ExecContext(ctx, `
		INSERT INTO event (id, kind, subject, data, created_at)
		VALUES ($1, $2, $3, $4, $5)`,
		id.New(now), kind, subject, string(text), db.Time{Time: now})
	if err != nil {
		return fmt.Errorf("tell %s of %s: %w", kind, subject, err)
	}
	tx.Signal(signal)
	return nil
}

// trim forgets events that every node has long read.
func trim(ctx context.Context, d *db.DB, before time.Time) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM event WHERE created_at < $1`, db.Time{Time: before})
		return err
	})
}

// since returns the IDs and times of all events from a moment on, oldest first. It is answered
// from the index alone, so looking twice costs little.
func since(ctx context.Context, q db.Conn, from time.Time) ([]Event, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT id, created_at FROM event WHERE created_at >= $1 ORDER BY created_at, id`, db.Time{Time: from})
	return db.Collect(rows, err, func(rows *sql.Rows) (e Event, err error) {
		var at db.Time
		err = rows.Scan(&e.ID, &at)
		e.At = at.Time
		return e, err
	})
}

// load fills in an event that [since] found.
func load(ctx context.Context, q db.Conn, e *Event) error {
	var data string
	err := q.QueryRowContext(ctx, `SELECT kind, subject, data FROM event WHERE id = $1`, e.ID).
		Scan(&e.Kind, &e.Subject, &data)
	e.Data = json.RawMessage(data)
	return db.One(err)
}
