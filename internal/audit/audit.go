// Package audit keeps who did what to what, for good. Entries are written in the act's own
// transaction and never changed.
package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"depesche/internal/db"
	"depesche/internal/id"
)

// Entry is an act to be recorded. Actor is the ID of the staff member, or a word in brackets for
// the system; Subject is "edition:<id>" and the like; Detail becomes JSON. Never put a password,
// a token or the text of a story into Detail.
type Entry struct {
	Actor   string
	Act     string
	Subject string
	Detail  any
}

// Recorded is an act that was recorded.
type Recorded struct {
	ID      string
	Actor   string
	Act     string
	Subject string
	Detail  json.RawMessage
	At      time.Time
}

// Record writes e down: if and only if tx is committed.
func Record(ctx context.Context, tx *db.Tx, e Entry) error {
	detail := []byte("{}")
	if e.Detail != nil {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return fmt.Errorf("audit %s of %s: %w", e.Act, e.Subject, err)
		}
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO audit (id, actor, act, subject, detail, at)
		VALUES ($1, $2, $3, $4, $5, $6)`,
		id.New(tx.Now()), e.Actor, e.Act, e.Subject, string(detail), db.Time{Time: tx.Now()})
	if err != nil {
		return fmt.Errorf("audit %s of %s: %w", e.Act, e.Subject, err)
	}
	return nil
}

// List returns up to limit entries about subject, or about everything for "", newest first. For
// the next page, before is the last entry's ID; for the first it is "".
func List(ctx context.Context, q db.Conn, subject string, limit int, before string) ([]Recorded, error) {
	return Find(ctx, q, Filter{Subject: subject, Before: before, Limit: limit})
}

// Filter chooses entries. Empty fields choose all.
type Filter struct {
	Subject, Actor, Act string
	Until               time.Time // before this moment
	Before              string    // the last entry of the page before
	Limit               int
}

// Find returns the entries that the filter chooses, newest first. Who did what and when are told by
// walking back through time, so what is rare and long ago takes a while.
func Find(ctx context.Context, q db.Conn, f Filter) ([]Recorded, error) {
	where, args := `id < $1`, []any{"~"} // above every ID
	if f.Before != "" {
		args[0] = f.Before
	}
	and := func(column, op string, value any) {
		args = append(args, value)
		where += ` AND ` + column + ` ` + op + ` $` + strconv.Itoa(len(args))
	}
	for _, is := range [][2]string{{"subject", f.Subject}, {"actor", f.Actor}, {"act", f.Act}} {
		if is[1] != "" {
			and(is[0], "=", is[1])
		}
	}
	if !f.Until.IsZero() {
		and("at", "<", db.Time{Time: f.Until})
	}
	args = append(args, f.Limit)
	rows, err := q.QueryContext(ctx, `
		SELECT id, actor, act, subject, detail, at FROM audit
		WHERE `+where+` ORDER BY id DESC LIMIT $`+strconv.Itoa(len(args)), args...)
	list, err := db.Collect(rows, err, scan)
	if err != nil {
		return nil, fmt.Errorf("list the audit of %q: %w", f.Subject, err)
	}
	return list, nil
}

func scan(rows *sql.Rows) (r Recorded, err error) {
	var detail string
	var at db.Time
	err = rows.Scan(&r.ID, &r.Actor, &r.Act, &r.Subject, &detail, &at)
	r.Detail, r.At = json.RawMessage(detail), at.Time
	return r, err
}
