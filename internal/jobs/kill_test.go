package jobs_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/events"
	"depesche/internal/jobs"
)

type noted struct {
	N string `json:"n"`
}

func (noted) Kind() string { return "test.noted" }

const killEnv = "DEPESCHE_KILL_TEST"

// TestKilledWriter is the writer that [TestAcknowledgedIsThereAfterAKill] kills: each act writes a
// row, an event and a job, and is told of when it is committed.
func TestKilledWriter(t *testing.T) {
	where := os.Getenv(killEnv)
	if where == "" {
		t.Skip("runs as a child")
	}
	round, where, _ := strings.Cut(where, " ")
	engine, where, _ := strings.Cut(where, " ")
	o := db.Options{Dir: where}
	if engine == db.Postgres {
		o = db.Options{URL: where}
	}
	d, err := db.Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ {
		key := fmt.Sprintf("%s.%d", round, n)
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.ExecContext(t.Context(), `INSERT INTO setting (key, value) VALUES ($1, $2)`, key, strings.Repeat("x", n%5000)); err != nil {
				return err
			}
			if err := events.Append(t.Context(), tx, "test.noted", key, nil); err != nil {
				return err
			}
			return jobs.Enqueue(t.Context(), tx, noted{key}, jobs.Unique())
		}); err != nil {
			t.Fatal(err)
		}
		fmt.Println("committed", key)
	}
}

func TestAcknowledgedIsThereAfterAKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	check := func(t *testing.T, o db.Options, engine, where string) {
		acknowledged := map[string]bool{}
		for round, after := range []int{1, 2, 17, 40, 73} {
			killAfter(t, fmt.Sprintf("%d %s %s", round, engine, where), after, acknowledged)
		}
		o.Loose = false
		d, err := db.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		count := func(query string) map[string]bool {
			rows, err := d.Read().QueryContext(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			got := map[string]bool{}
			for rows.Next() {
				var key string
				if err := rows.Scan(&key); err != nil {
					t.Fatal(err)
				}
				got[strings.TrimSuffix(strings.TrimPrefix(strings.ReplaceAll(key, " ", ""), `{"n":"`), `"}`)] = true
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			return got
		}
		rows := count(`SELECT key FROM setting`)
		told := count(`SELECT subject FROM event`)
		args := `json(args)` // binary in SQLite
		if engine == db.Postgres {
			args = `args::text`
		}
		todo := count(`SELECT ` + args + ` FROM river_job`)
		for key := range acknowledged {
			if !rows[key] {
				t.Errorf("%s was acknowledged and is gone", key)
			}
		}
		for key := range rows {
			if !told[key] || !todo[key] {
				t.Errorf("%s is half there: event %v, job %v", key, told[key], todo[key])
			}
		}
		if len(told) != len(rows) || len(todo) != len(rows) {
			t.Errorf("%d rows, %d events, %d jobs", len(rows), len(told), len(todo))
		}
		if engine == db.SQLite {
			var ok string
			if err := d.Read().QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&ok); err != nil || ok != "ok" {
				t.Errorf("%s, %v", ok, err)
			}
		}
	}
	t.Run(db.SQLite, func(t *testing.T) {
		o := dbtest.SQLite(t)
		check(t, o, db.SQLite, o.Dir)
	})
	if os.Getenv(dbtest.Env) != "" {
		t.Run(db.Postgres, func(t *testing.T) {
			o := dbtest.Postgres(t)
			check(t, o, db.Postgres, o.URL)
		})
	}
}

// killAfter starts the writer, notes what it acknowledges, and kills it in the middle of what comes
// after.
func killAfter(t *testing.T, where string, after int, acknowledged map[string]bool) {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKilledWriter$")
	child.Env = append(os.Environ(), killEnv+"="+where)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	n := 0
	for lines.Scan() {
		key, ok := strings.CutPrefix(lines.Text(), "committed ")
		if !ok {
			t.Log(lines.Text())
			continue
		}
		acknowledged[key] = true
		if n++; n == after {
			if err := child.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	if err := child.Wait(); err == nil || n < after {
		t.Fatalf("the writer ended by itself after %d: %v", n, err)
	}
}
