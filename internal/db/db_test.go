package db_test

import (
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/problem"
)

func TestWriteAndRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		put := func(key, value string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO setting (key, value) VALUES ($1, $2)`, key, value)
				return err
			})
		}
		get := func(key string) (value string, err error) {
			err = db.One(d.Read().QueryRowContext(ctx, `SELECT value FROM setting WHERE key = $1`, key).Scan(&value))
			return value, err
		}
		if err := put("a", "1"); err != nil {
			t.Fatal(err)
		}
		if v, err := get("a"); v != "1" || err != nil {
			t.Errorf("got %q, %v", v, err)
		}
		if _, err := get("b"); !problem.Is(err, problem.NotFound) {
			t.Errorf("no row: %v", err)
		}
		if err := put("a", "2"); !problem.Is(err, problem.Conflict) {
			t.Errorf("a taken key: %v", err)
		}
		if err := d.Ping(ctx); err != nil {
			t.Error(err)
		}
	})
}
