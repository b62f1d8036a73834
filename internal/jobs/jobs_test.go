package jobs

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "test.greet" }

func enqueue(t *testing.T, d *db.DB, fail error, opts []Option, names ...string) {
	t.Helper()
	ctx := context.Background()
	err := d.Write(ctx, func(tx *db.Tx) error {
		for _, n := range names {
			if err := Enqueue(ctx, tx, greet{n}, opts...); err != nil {
				return err
			}
		}
		return fail
	})
	if !errors.Is(err, fail) {
		t.Fatal(err)
	}
}

// collect starts a runner and waits for n greetings.
func collect(t *testing.T, d *db.DB, n int, fn func(greet) error) []string {
	t.Helper()
	ctx := context.Background()
	got := make(chan string, 100)
	r, err := New(d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	Handle(r, func(_ context.Context, g greet) error {
		got <- g.Name
		return fn(g)
	})
	if err := r.Start(ctx); err != nil {
		t.Fatal(err)
	}
	var out []string
	for len(out) < n {
		select {
		case name := <-got:
			out = append(out, name)
		case <-time.After(30 * time.Second):
			t.Fatalf("only %v came", out)
		}
	}
	if err := r.Stop(ctx); err != nil {
		t.Fatal(err)
	}
	close(got)
	for name := range got {
		out = append(out, name)
	}
	return out
}

func TestJobsStandOrFallWithTheAct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		enqueue(t, d, errors.New("no"), nil, "never")
		enqueue(t, d, nil, nil, "a", "b")
		if got := collect(t, d, 2, func(greet) error { return nil }); len(got) != 2 || got[0] == "never" || got[1] == "never" {
			t.Errorf("got %v", got)
		}
	})
}

func TestUniqueJobsWaitOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		enqueue(t, d, nil, []Option{Unique()}, "same", "same")
		enqueue(t, d, nil, []Option{Unique()}, "same", "other")
		if got := collect(t, d, 2, func(greet) error { return nil }); len(got) != 2 {
			t.Errorf("got %v", got)
		}
	})
}

func TestJobsThatGiveUpAreListed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		enqueue(t, d, nil, []Option{MaxAttempts(1)}, "bad")
		collect(t, d, 1, func(greet) error { return errors.New("it can't be done") })
		r, err := New(d, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		Handle(r, func(context.Context, greet) error { return nil })
		if err := r.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		defer r.Stop(context.Background())
		failed, err := r.GivenUp(context.Background())
		if err != nil || len(failed) != 1 || failed[0].Kind != "test.greet" || failed[0].Err == "" {
			t.Errorf("got %+v, %v", failed, err)
		}
	})
}

func TestJobsForLaterWait(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		enqueue(t, d, nil, []Option{Delay(time.Hour)}, "later")
		enqueue(t, d, nil, nil, "now")
		if got := collect(t, d, 1, func(greet) error { return nil }); len(got) != 1 || got[0] != "now" {
			t.Errorf("got %v", got)
		}
	})
}
