package db_test

import (
	"fmt"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

type named string

// TestBulk puts more rows than one statement takes, of types as rooms have them, and writes them twice
// as a transaction that is tried again does.
func TestBulk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var b db.Bulk
		at := time.Date(2026, 11, 28, 2, 0, 0, 0, time.UTC)
		const n = 503
		for i := range n {
			if err := b.Put("audit", "id, actor, act, subject, detail, at", named(fmt.Sprintf("%04d", i)), "[fill]", "a", "b", "{}", db.Time{Time: at}); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.Put("audit", "id", "one"); err == nil {
			t.Error("a row with other columns was taken")
		}
		if b.Rows() != n {
			t.Errorf("%d rows wait", b.Rows())
		}
		for range 2 {
			err := d.Write(ctx, func(tx *db.Tx) error {
				if _, err := tx.ExecContext(ctx, `DELETE FROM audit`); err != nil {
					return err
				}
				return b.Write(ctx, tx)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		b.Clear()
		if b.Rows() != 0 {
			t.Error("rows are left")
		}
		var rows int
		var last string
		var when db.Time
		if err := d.Read().QueryRowContext(ctx, `SELECT COUNT(*), MAX(id), MAX(at) FROM audit`).Scan(&rows, &last, &when); err != nil {
			t.Fatal(err)
		}
		if rows != n || last != "0502" || !when.Equal(at) {
			t.Errorf("%d rows up to %s of %v", rows, last, when)
		}
	})
}
