// Package audit is who did what, when: written in the transaction of the act, never changed.
package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"depesche/internal/db"
	"depesche/internal/id"
)

// Entry is an act to be recorded.
type Entry struct {
	Actor   string // staff ID, or the system's name in brackets
	Act     string // edition.save, release.publish …
	Subject string // edition:<id>, story:<id> …
	Detail  any    // a small value that becomes JSON, or nil
}

// Record stores an act; it stands or falls with tx.
func Record(ctx context.Context, tx *db.Tx, e Entry) error {
	detail := []byte("{}")
	if e.Detail != nil {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return fmt.Errorf("audit %s: %w", e.Act, err)
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO audit (id, actor, act, subject, detail, at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		id.New(tx.Now()), e.Actor, e.Act, e.Subject, string(detail), db.Time{Time: tx.Now()})
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Act, err)
	}
	return nil
}

// Recorded is an act as it was stored.
type Recorded struct {
	ID, Actor, Act, Subject string
	Detail                  json.RawMessage
	At                      time.Time
}

// List returns the acts on a subject, the newest first; "" means all subjects. before is the ID of
// the last entry of the page before, or "".
func List(ctx context.Context, q db.Conn, subject string, limit int, before string) ([]Recorded, error) {
	if before == "" {
		before = "~" // after every ID
	}
	query := `SELECT id, actor, act, subject, detail, at FROM audit WHERE subject = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	args := []any{subject, before, limit}
	if subject == "" {
		query = `SELECT id, actor, act, subject, detail, at FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2`
		args = args[1:]
	}
	rows, err := q.QueryContext(ctx, query, args...)
	return db.Collect(rows, err, func(rows *sql.Rows) (Recorded, error) {
		var r Recorded
		var detail string
		var at db.Time
		err := rows.Scan(&r.ID, &r.Actor, &r.Act, &r.Subject, &detail, &at)
		r.Detail, r.At = json.RawMessage(detail), at.Time
		return r, err
	})
}
