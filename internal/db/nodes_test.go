package db_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

func TestBackup(t *testing.T) {
	o := dbtest.SQLite(t)
	o.Dir = filepath.Join(o.Dir, "with space? #and 100%")
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	stop := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
				// Always two rows in one act: a copy of one moment has both.
				if err := d.Write(t.Context(), func(tx *db.Tx) error {
					return errors.Join(set(t.Context(), tx, fmt.Sprintf("a%06d", i), strings.Repeat("x", 3000)),
						set(t.Context(), tx, fmt.Sprintf("b%06d", i), ""))
				}); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	dir := t.TempDir()
	for i := range 3 {
		copyDir := filepath.Join(dir, fmt.Sprint(i))
		if err := os.Mkdir(copyDir, 0o700); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(copyDir, "depesche.db")
		if err := d.Backup(t.Context(), file); err != nil {
			t.Fatal(err)
		}
		if err := d.Backup(t.Context(), file); err == nil {
			t.Error("a backup was overwritten")
		}
		c, err := db.Open(t.Context(), db.Options{Dir: copyDir})
		if err != nil {
			t.Fatal(err)
		}
		var check string
		var odd int
		if err := c.Read().QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&check); err != nil || check != "ok" {
			t.Errorf("%s, %v", check, err)
		}
		if err := c.Read().QueryRowContext(t.Context(), `SELECT count(*) % 2 FROM setting`).Scan(&odd); err != nil || odd != 0 {
			t.Errorf("half an act: %d, %v", odd, err)
		}
		c.Close()
	}
	close(stop)
	writer.Wait()
}

func TestSignals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		woken, end := d.Signals("x")
		other, endOther := d.Signals("y")
		defer endOther()
		drainOf(woken, other) // the listener's beginning is a signal
		send := func(fail error) {
			_ = d.Write(t.Context(), func(tx *db.Tx) error {
				tx.Signal("x")
				tx.Signal("x")
				return fail
			})
		}
		send(nil)
		wait(t, woken)
		end()
		send(nil)
	})
}

func drainOf(chans ...<-chan struct{}) {
	for _, ch := range chans {
		select {
		case <-ch:
		default:
		}
	}
}

func wait(t *testing.T, ch <-chan struct{}) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(20 * time.Second):
		t.Fatal("no signal")
	}
}

func TestSignalsCrossNodesAndBrokenLines(t *testing.T) {
	o := dbtest.Postgres(t)
	open := func() *db.DB {
		d, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	one, two := open(), open()
	woken, end := two.Signals("x")
	defer end()
	wait(t, woken) // it listens
	signal := func() {
		if err := one.Write(t.Context(), func(tx *db.Tx) error { tx.Signal("x"); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	signal()
	wait(t, woken)
	if _, err := one.Pool().Exec(t.Context(), `
		SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`); err != nil {
		t.Fatal(err)
	}
	wait(t, woken) // it is back, and says that something may have been missed
	signal()
	wait(t, woken)
}

func TestHold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		hold := func(name string) *db.Held {
			h, err := d.Hold(t.Context(), name)
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		a := hold("a")
		if a == nil || hold("a") != nil {
			t.Fatal("not held by exactly one")
		}
		if err := a.Check(t.Context()); err != nil {
			t.Error(err)
		}
		hold("b").Release()
		a.Release()
		for range 50 { // what is given back is there at once, not when the server has ended the session
			if a = hold("a"); a == nil {
				t.Fatal("not given back")
			}
			a.Release()
		}
	})
}
