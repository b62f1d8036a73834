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
// is [db.DB.Common], also where the act's clock stands elsewhere, as a demo's does: the outbox is
// about now.
func Append(ctx context.Context, tx *db.Tx, kind, subject string, data any) error {
	text := []byte("{}")
	if data != nil {
		var err error
		if text, err = json.Marshal(data); err != nil {
			return fmt.Errorf("tell %s of %s: %w", kind, subject, err)
		}
	}
	now := tx.DB().Common()
	e := Event{ID: id.New(now), Kind: kind, Subject: subject, Data: text, At: now}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO event (id, kind, subject, data, created_at)
		VALUES ($1, $2, $3, $4, $5)`,
		e.ID, kind, subject, string(text), db.Time{Time: now})
	if err != nil {
		return fmt.Errorf("tell %s of %s: %w", kind, subject, err)
	}
	tx.Signal(signal)
	return nearOf(tx.DB()).told(ctx, tx, e)
}

// trim forgets events that every node has long read.
func trim(ctx context.Context, d *db.DB, before time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, trimWithin)
	defer cancel()
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM event WHERE created_at < $1`, db.Time{Time: before})
		return err
	})
}

// place is where a reading of the outbox stands.
type place struct {
	at time.Time
	id string
}

// since returns the places of the events from a place on, without that place itself, oldest
// first, at most limit. It is answered from the index alone, so looking twice costs little.
func since(ctx context.Context, q db.Conn, from place, limit int) ([]place, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	rows, err := q.QueryContext(ctx, `
		SELECT id, created_at FROM event WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
		db.Time{Time: from.at}, from.id, limit)
	return db.Collect(rows, err, func(rows *sql.Rows) (p place, err error) {
		var at db.Time
		err = rows.Scan(&p.id, &at)
		p.at = at.Time
		return p, err
	})
}

// count is how many events there are after a moment. It is answered from the index alone too, and without
// a row for each.
func count(ctx context.Context, q db.Conn, after time.Time) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	err = q.QueryRowContext(ctx, `SELECT COUNT(*) FROM event WHERE created_at > $1`, db.Time{Time: after}).Scan(&n)
	return n, err
}

// load returns the events with these IDs, oldest first; those trimmed meanwhile are left out.
func load(ctx context.Context, q db.Conn, ids []string) ([]Event, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	list, args := db.In(1, ids)
	rows, err := q.QueryContext(ctx, `
		SELECT id, kind, subject, data, created_at FROM event WHERE id IN `+list+` ORDER BY created_at, id`, args...)
	return db.Collect(rows, err, func(rows *sql.Rows) (e Event, err error) {
		var data string
		var at db.Time
		err = rows.Scan(&e.ID, &e.Kind, &e.Subject, &data, &at)
		e.Data, e.At = json.RawMessage(data), at.Time
		return e, err
	})
}
