package jobs_test

import (
	"fmt"
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

// writes goes on until it is killed: each act writes a row, an event and a job, and is told of when it is
// committed.
func writes(t *testing.T, d *db.DB, round string, acknowledge func(key string)) {
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
		acknowledge(key)
	}
}

func TestAcknowledgedIsThereAfterAKill(t *testing.T) {
	if dbtest.Victim(t, nil, func(d *db.DB, round string, acknowledge func(string)) { writes(t, d, round, acknowledge) }) {
		return
	}
	dbtest.EachDurable(t, func(t *testing.T, o db.Options) {
		acknowledged := map[string]bool{}
		for round, after := range []int{1, 2, 17, 40, 73} {
			for _, key := range dbtest.Kill(t, o, round, after) {
				acknowledged[key] = true
			}
		}
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
		if d.Engine() == db.Postgres {
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
		if d.Engine() == db.SQLite {
			var ok string
			if err := d.Read().QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&ok); err != nil || ok != "ok" {
				t.Errorf("%s, %v", ok, err)
			}
		}
	})
}
