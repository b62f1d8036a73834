package db_test

import (
	"errors"
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

func TestRebuild(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		newest, err := d.SchemaVersion(ctx, d.Read())
		if err != nil {
			t.Fatal(err)
		}
		put := func(key string) func(*db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, `INSERT INTO setting (key, value) VALUES ($1, 'x')`, key)
				return err
			}
		}
		if err := d.Write(ctx, put("before")); err != nil {
			t.Fatal(err)
		}
		if err := d.Rebuild(ctx, 3, put("then")); err != nil {
			t.Fatal(err)
		}
		var keys string
		if err := d.Read().QueryRowContext(ctx, `SELECT MIN(key) || ',' || MAX(key) FROM setting`).Scan(&keys); err != nil || keys != "then,then" {
			t.Errorf("settings %q, %v", keys, err)
		}
		if v, err := d.SchemaVersion(ctx, d.Read()); err != nil || v != newest {
			t.Errorf("version %d, want %d; %v", v, newest, err)
		}
		stop := errors.New("stop")
		if err := d.Rebuild(ctx, 3, func(*db.Tx) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("fill's error: %v", err)
		}
	})
}
