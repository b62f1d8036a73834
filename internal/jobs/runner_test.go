package jobs

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

// Without looking at all, a node hears of what it enqueues, and on PostgreSQL of what others do.
func TestCommitWakesTheRunner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		done := make(chan string, 10)
		r, _ := runner(t, d, func(_ context.Context, g greet) error { done <- g.Name; return nil })
		if err := r.start(t.Context(), nil, time.Hour); err != nil {
			t.Fatal(err)
		}
		defer r.Stop(t.Context())
		for i := range 3 {
			want := fmt.Sprint(i)
			put(t, d, nil, nil, want)
			if got := await(t, done); got != want {
				t.Errorf("got %s", got)
			}
		}
	})
}

func TestPeriodic(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		done := make(chan string, 10)
		for start := range 2 {
			r, _ := runner(t, d, func(_ context.Context, g greet) error { done <- g.Name; return nil })
			r.Periodic(240*time.Hour, greet{"periodic"})
			if err := r.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if start == 0 {
				await(t, done)
			} else {
				put(t, d, nil, []Option{Background()}, "other") // comes after a periodic one, if there were one
				if got := await(t, done); got != "other" {
					t.Errorf("after a restart came %q", got)
				}
			}
			if err := r.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// On SQLite a job's write and the queue's own go over one connection.
func TestHandlersWriteAndEnqueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, greeted := runner(t, d, func(ctx context.Context, g greet) error {
			if len(g.Name) > 3 {
				return nil
			}
			return d.Write(ctx, func(tx *db.Tx) error {
				if _, err := tx.ExecContext(ctx, `INSERT INTO setting (key, value) VALUES ($1, '')`, g.Name); err != nil {
					return err
				}
				for _, next := range []string{"a", "b"} {
					if err := Enqueue(ctx, tx, greet{g.Name + next}); err != nil {
						return err
					}
				}
				return nil
			})
		})
		put(t, d, nil, nil, "x")
		drain(t, r)
		if got := greeted(); len(got) != 1+2+4+8 {
			t.Errorf("greeted %v", got)
		}
	})
}

func TestPanicIsRetriedAndLoggedOnce(t *testing.T) {
	d := dbtest.Open(t)
	var log bytes.Buffer
	r, err := New(d, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	Handle(r, func(context.Context, greet) error { panic("ouch") })
	put(t, d, nil, nil, "x")
	if err := r.Drain(t.Context()); err == nil {
		t.Error("no error")
	}
	if n := strings.Count(log.String(), "\n"); n != 1 || !strings.Contains(log.String(), "ouch") {
		t.Errorf("%d lines: %s", n, &log)
	}
	if failed, _ := r.GivenUp(t.Context()); len(failed) != 0 {
		t.Error("it gave up at once")
	}
}

func TestStopEndsWhatTakesTooLong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		begun := make(chan string, 1)
		r, _ := runner(t, d, func(ctx context.Context, g greet) error {
			begun <- g.Name
			<-ctx.Done()
			return ctx.Err()
		})
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		put(t, d, nil, nil, "slow")
		await(t, begun)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := r.Stop(ctx); err != nil {
			t.Fatal(err)
		}
		again, greeted := runner(t, d, nil)
		drain(t, again)
		if got := greeted(); len(got) != 1 {
			t.Errorf("after the stop: %v", got)
		}
	})
}

func TestJobsOfDeadNodesAreDoneAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, greeted := runner(t, d, nil)
		put(t, d, nil, nil, "of the dead")
		put(t, d, nil, []Option{MaxAttempts(1)}, "of the living")
		for name, node := range map[string]string{"of the dead": "deadnode", "of the living": "livingnode"} {
			list := `["` + node + `"]`
			if d.Engine() == db.Postgres {
				list = `{` + node + `}`
			}
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.ExecContext(t.Context(), `
					UPDATE river_job SET state = 'running', attempt = attempt + 1, max_attempts = 3, attempted_by = $1
					WHERE id IN (SELECT id FROM river_job WHERE CAST(args AS TEXT) LIKE $2)`, list, "%"+name+"%")
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		held, err := d.Hold(t.Context(), lockOf("livingnode"))
		if err != nil || held == nil {
			t.Fatal(held, err)
		}
		defer held.Release()
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		put(t, d, nil, []Option{Background()}, "last")
		var got []string
		for !slices.Contains(got, "last") {
			got = append(got, greeted()...)
		}
		if err := r.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		got = append(got, greeted()...)
		slices.Sort(got)
		if diff := cmp.Diff([]string{"last", "of the dead"}, got); diff != "" {
			t.Error(diff)
		}
	})
}
