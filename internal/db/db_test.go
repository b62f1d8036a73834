package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/problem"
)

func set(ctx context.Context, tx *db.Tx, key, value string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO setting (key, value) VALUES ($1, $2)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}

func put(t *testing.T, d *db.DB, key, value string) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return set(t.Context(), tx, key, value) }); err != nil {
		t.Fatal(err)
	}
}

func get(ctx context.Context, q db.Conn, key string) (value string, err error) {
	err = db.One(q.QueryRowContext(ctx, `SELECT value FROM setting WHERE key = $1`, key).Scan(&value))
	return value, err
}

func keys(t *testing.T, q db.Conn) []string {
	t.Helper()
	rows, err := q.QueryContext(t.Context(), `SELECT key FROM setting ORDER BY key`)
	list, err := db.Collect(rows, err, scanString)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func scanString(rows *sql.Rows) (s string, err error) { return s, rows.Scan(&s) }

// tryInsert writes by way of a read.
func tryInsert(t *testing.T, q db.Conn) ([]string, error) {
	rows, err := q.QueryContext(t.Context(), `INSERT INTO setting (key, value) VALUES ('c', '') RETURNING key`)
	return db.Collect(rows, err, scanString)
}

func TestWrite(t *testing.T) {
	c := clock.NewStepping(time.Date(2026, 11, 23, 9, 0, 0, 123_456_789, time.FixedZone("x", 3600)))
	dbtest.EachClock(t, c, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		var done []string
		err := d.Write(ctx, func(tx *db.Tx) error {
			if want := time.Date(2026, 11, 23, 8, 0, 0, 123_000_000, time.UTC); tx.Now() != want || d.Now() != want {
				t.Errorf("now is %v", tx.Now())
			}
			tx.OnCommit(func() { done = append(done, "first") })
			tx.OnCommit(func() {
				put(t, d, "from a hook", "2") // on SQLite the connection is free again
				done = append(done, "second")
			})
			if err := set(ctx, tx, "a", "1"); err != nil {
				return err
			}
			if v, err := get(ctx, tx, "a"); v != "1" {
				t.Errorf("inside: %q, %v", v, err)
			}
			if _, err := get(ctx, d.Read(), "a"); !problem.Is(err, problem.NotFound) {
				t.Errorf("outside, before the commit: %v", err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]string{"first", "second"}, done); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"a", "from a hook"}, keys(t, d.Read())); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWriteRollsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		no := errors.New("no")
		hooked := false
		act := func(tx *db.Tx, then func() error) error {
			tx.OnCommit(func() { hooked = true })
			tx.Signal("x")
			if err := set(ctx, tx, "a", "1"); err != nil {
				return err
			}
			return then()
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return act(tx, func() error { return no }) }); !errors.Is(err, no) {
			t.Errorf("got %v", err)
		}
		func() {
			defer func() {
				if v := recover(); v != "ouch" {
					t.Errorf("recovered %v", v)
				}
			}()
			d.Write(ctx, func(tx *db.Tx) error { return act(tx, func() error { panic("ouch") }) })
		}()
		gone, cancel := context.WithCancel(ctx)
		err := d.Write(gone, func(tx *db.Tx) error { return act(tx, func() error { cancel(); return gone.Err() }) })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if got := keys(t, d.Read()); len(got) != 0 || hooked {
			t.Errorf("left: %v, hook ran: %v", got, hooked)
		}
		put(t, d, "after", "1") // the connection is sound
	})
}

// Two that lock the same rows crosswise: PostgreSQL ends one, which is run again.
func TestWriteRunsAgainAfterADeadlock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		put(t, d, "a", "0")
		put(t, d, "b", "0")
		var met, all sync.WaitGroup
		met.Add(2)
		runs := make(chan int, 100)
		for i, order := range [][]string{{"a", "b"}, {"b", "a"}} {
			all.Go(func() {
				first := true
				err := d.Write(ctx, func(tx *db.Tx) error {
					runs <- i
					if err := set(ctx, tx, order[0], fmt.Sprint(i)); err != nil {
						return err
					}
					if first && d.Engine() == db.Postgres { // SQLite lets one in at a time
						first = false
						met.Done()
						met.Wait()
					}
					return set(ctx, tx, order[1], fmt.Sprint(i))
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if d.Engine() == db.Postgres && len(runs) < 3 {
			t.Errorf("only %d runs: there was no deadlock", len(runs))
		}
	})
}

func TestWritersAtOnceLoseNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		put(t, d, "n", "x")
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 20 {
					if err := d.Write(ctx, func(tx *db.Tx) error {
						if err := set(ctx, tx, fmt.Sprintf("%d.%d", w, i), ""); err != nil {
							return err
						}
						_, err := tx.ExecContext(ctx, `UPDATE setting SET value = value || 'x' WHERE key = 'n'`)
						return err
					}); err != nil {
						t.Error(err)
						return
					}
					if _, err := get(ctx, d.Read(), "n"); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if v, _ := get(ctx, d.Read(), "n"); len(v) != 161 || len(keys(t, d.Read())) != 161 {
			t.Errorf("%d updates, %d rows", len(v)-1, len(keys(t, d.Read()))-1)
		}
	})
}

func TestSnapshotStandsStill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, "a", "1")
		err := d.Snapshot(t.Context(), func(q db.Conn) error {
			before := keys(t, q)
			put(t, d, "b", "1")
			if diff := cmp.Diff(before, keys(t, q)); diff != "" {
				t.Error(diff)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := keys(t, d.Read()); len(got) != 2 {
			t.Errorf("afterwards: %v", got)
		}
		err = d.Snapshot(t.Context(), func(q db.Conn) error {
			_, err := tryInsert(t, q)
			return err
		})
		if !problem.Is(err, problem.Unavailable) {
			t.Errorf("a snapshot wrote: %v", err)
		}
	})
}

func TestKinds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		exec := func(query string, args ...any) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.ExecContext(ctx, query, args...)
				return err
			})
		}
		scanned := func(query string) error {
			return d.Write(ctx, func(tx *db.Tx) error {
				var s string
				return tx.QueryRowContext(ctx, query).Scan(&s)
			})
		}
		put(t, d, "a", "1")
		if err := exec(`INSERT INTO section (id, position, active) VALUES ('s', 1, TRUE)`); err != nil {
			t.Fatal(err)
		}
		if err := exec(`INSERT INTO story (id, number, kind, section_id, original_lang, created_by, created_at, updated_at)
			VALUES ('t', 1, 'news', 's', 'uk', '', '', '')`); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			err  error
			kind problem.Kind
			key  string
		}{
			"taken":             {exec(`INSERT INTO setting (key, value) VALUES ('a', '')`), problem.Conflict, "problem.taken"},
			"taken, scanned":    {scanned(`INSERT INTO setting (key, value) VALUES ('a', '') RETURNING key`), problem.Conflict, "problem.taken"},
			"no parent":         {exec(`INSERT INTO section_name (section_id, lang, name, slug) VALUES ('x', 'de', '', '')`), problem.Conflict, "problem.reference"},
			"still in use":      {exec(`DELETE FROM section WHERE id = 's'`), problem.Conflict, "problem.reference"},
			"not allowed":       {exec(`UPDATE story SET kind = 'gossip'`), problem.Invalid, "problem.value"},
			"our fault, NULL":   {exec(`UPDATE setting SET value = NULL`), problem.Internal, ""},
			"our fault, syntax": {exec(`UPDATE`), problem.Internal, ""},
			"our fault, quotes": {exec(`UPDATE setting SET value = "text"`), problem.Internal, ""},
			"no row":            {db.One(d.Read().QueryRowContext(ctx, `SELECT key FROM setting WHERE key = 'x'`).Scan(new(string))), problem.NotFound, "problem.not_found"},
		} {
			if c.err == nil || problem.KindOf(c.err) != c.kind {
				t.Errorf("%s: %v", name, c.err)
				continue
			}
			var p *problem.Error
			if errors.As(c.err, &p); c.key != "" && p.Key != c.key {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		rows, err := d.Read().QueryContext(ended, `SELECT 1`)
		if _, err = db.Collect(rows, err, scanString); !errors.Is(err, context.Canceled) || problem.KindOf(err) != problem.Internal {
			t.Errorf("an ended context: %v", err)
		}
	})
}

func TestFullDisk(t *testing.T) {
	d := dbtest.Open(t)
	ctx := t.Context()
	var pages int
	if err := d.SQL().QueryRowContext(ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SQL().ExecContext(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+2)); err != nil {
		t.Fatal(err)
	}
	err := d.Write(ctx, func(tx *db.Tx) error { return set(ctx, tx, "big", strings.Repeat("x", 1<<20)) })
	var p *problem.Error
	if !errors.As(err, &p) || p.Kind != problem.Unavailable || p.Key != "problem.disk_full" {
		t.Errorf("got %v", err)
	}
	put(t, d, "small", "1") // what fits is taken still
}

func TestUnreachableServer(t *testing.T) {
	_, err := db.Open(t.Context(), db.Options{URL: "postgres://u:geheim@127.0.0.1:1/x?connect_timeout=2"})
	if !problem.Is(err, problem.Unavailable) || strings.Contains(err.Error(), "geheim") {
		t.Errorf("got %v", err)
	}
	for _, url := range []string{"mysql://u:geheim@host/db", "postgres://u:geheim@host:port/db"} {
		if _, err := db.Open(t.Context(), db.Options{URL: url}); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%v", err)
		}
	}
}

func TestReadsDontWriteOnSQLite(t *testing.T) {
	d := dbtest.Open(t)
	if _, err := tryInsert(t, d.Read()); err == nil || len(keys(t, d.Read())) != 0 {
		t.Errorf("it wrote: %v", err)
	}
}

func TestClosedDatabase(t *testing.T) {
	d, err := db.Open(t.Context(), dbtest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	d.Signals("x")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Ping(t.Context()); err == nil {
		t.Error("a closed database answers")
	}
}

// Names beyond ASCII, signs and capitals: both engines sort by code point.
func TestOrderIsByCodePoint(t *testing.T) {
	want := []string{"-", "Z", "_", "a", "a-b", "aa", "b", "Ä", "é", "ł", "Ж", "і", "中", "😀"}
	check := func(t *testing.T, d *db.DB) {
		for _, k := range slices.Backward(want) {
			put(t, d, k, "")
		}
		if diff := cmp.Diff(want, keys(t, d.Read())); diff != "" {
			t.Error(diff)
		}
	}
	dbtest.Each(t, check)
	t.Run("a database that sorts as people do", func(t *testing.T) {
		o := dbtest.EmptyPostgres(t, `TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE' LOCALE 'C.UTF-8'`)
		d, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		check(t, d)
	})
}
