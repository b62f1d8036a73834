package jobs

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/problem"
)

type greet struct {
	Name string `json:"name"`
}

func (greet) Kind() string { return "test.greet" }

var quiet = slog.New(slog.DiscardHandler)

func put(t *testing.T, d *db.DB, fail error, opts []Option, names ...string) {
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

// runner returns one that notes the names of those it greets, in order.
func runner(t *testing.T, d *db.DB, fn func(context.Context, greet) error) (*Runner, func() []string) {
	t.Helper()
	r, err := New(d, quiet)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var names []string
	Handle(r, func(ctx context.Context, g greet) error {
		mu.Lock()
		names = append(names, g.Name)
		mu.Unlock()
		if fn == nil {
			return nil
		}
		return fn(ctx, g)
	})
	return r, func() []string {
		mu.Lock()
		defer mu.Unlock()
		out := names
		names = nil
		slices.Sort(out)
		return out
	}
}

func drain(t *testing.T, r *Runner) {
	t.Helper()
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func await(t *testing.T, ch <-chan string) string {
	t.Helper()
	select {
	case s := <-ch:
		return s
	case <-time.After(30 * time.Second):
		t.Fatal("it didn't come")
		return ""
	}
}

func TestJobsStandOrFallWithTheAct(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, errors.New("no"), nil, "never")
		put(t, d, nil, nil, "a", "b", "b")
		r, greeted := runner(t, d, nil)
		for range 2 { // the second time there is nothing left to do
			drain(t, r)
		}
		if diff := cmp.Diff([]string{"a", "b", "b"}, greeted()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestUniqueJobsWaitOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		put(t, d, nil, []Option{Unique()}, "same", "same")
		put(t, d, nil, []Option{Unique()}, "same", "other")
		r, greeted := runner(t, d, nil)
		drain(t, r)
		if diff := cmp.Diff([]string{"other", "same"}, greeted()); diff != "" {
			t.Error(diff)
		}
		put(t, d, nil, []Option{Unique()}, "same") // done ones don't count
		drain(t, r)
		if diff := cmp.Diff([]string{"same"}, greeted()); diff != "" {
			t.Error(diff)
		}
	})
}

// A job at work may have read what the act changes, so an equal one is done after it.
func TestUniqueJobAtWorkIsDoneAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		begun, goOn := make(chan string, 10), make(chan struct{})
		r, greeted := runner(t, d, func(context.Context, greet) error {
			begun <- "begun"
			<-goOn
			return nil
		})
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		put(t, d, nil, []Option{Unique()}, "same")
		await(t, begun)
		for range 3 {
			put(t, d, nil, []Option{Unique()}, "same")
		}
		await(t, begun) // beside the first: two may work at once
		for range 3 {
			put(t, d, nil, []Option{Unique()}, "same")
		}
		close(goOn)
		if err := r.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
		drain(t, r)
		if got := greeted(); len(got) < 3 {
			t.Errorf("a change was lost: greeted %d times", len(got))
		}
	})
}

func TestJobsThatGiveUpAreListedAndTriedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		broken := true
		r, _ := runner(t, d, func(context.Context, greet) error {
			if broken {
				return errors.New("it can't be done")
			}
			return nil
		})
		put(t, d, nil, []Option{MaxAttempts(1)}, "bad")
		if err := r.Drain(t.Context()); err == nil || !strings.Contains(err.Error(), "it can't be done") {
			t.Errorf("Drain: %v", err)
		}
		failed, err := r.GivenUp(t.Context())
		if err != nil || len(failed) != 1 {
			t.Fatalf("%+v, %v", failed, err)
		}
		f := failed[0]
		if f.Kind != "test.greet" || f.Err != "it can't be done" || f.Attempts != 1 || f.At.IsZero() || !strings.Contains(string(f.Data), "bad") {
			t.Errorf("%+v", f)
		}
		broken = false
		if err := r.Again(t.Context(), f.ID); err != nil {
			t.Fatal(err)
		}
		drain(t, r)
		if failed, err := r.GivenUp(t.Context()); err != nil || len(failed) != 0 {
			t.Errorf("%+v, %v", failed, err)
		}
		if err := r.Again(t.Context(), 1<<40); !problem.Is(err, problem.NotFound) {
			t.Errorf("a job that isn't there: %v", err)
		}
	})
}

func TestJobsForLaterWait(t *testing.T) {
	c := clock.NewStepping(time.Date(2026, 3, 29, 0, 59, 0, 0, time.UTC))
	dbtest.EachClock(t, c, func(t *testing.T, d *db.DB) {
		put(t, d, nil, []Option{Delay(time.Hour)}, "delayed")
		put(t, d, nil, []Option{At(c.Now().Add(2 * time.Hour)), Unique()}, "at")
		put(t, d, nil, nil, "now")
		r, greeted := runner(t, d, nil)
		for _, step := range []struct {
			wait time.Duration
			want string
		}{
			{0, "now"}, {59 * time.Minute, ""}, {time.Minute, "delayed"}, {59 * time.Minute, ""}, {time.Minute, "at"},
		} {
			c.Advance(step.wait)
			drain(t, r)
			if got := strings.Join(greeted(), " "); got != step.want {
				t.Errorf("at %v: %q, want %q", c.Now(), got, step.want)
			}
		}
	})
}

func TestJobForLaterStartsInItsSecond(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := make(chan string, 1)
		r, _ := runner(t, d, func(context.Context, greet) error {
			at <- time.Now().Format(time.RFC3339Nano)
			return nil
		})
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer r.Stop(t.Context())
		due := time.Now().Add(1500 * time.Millisecond)
		put(t, d, nil, []Option{At(due)}, "x")
		got, err := time.Parse(time.RFC3339Nano, await(t, at))
		if err != nil {
			t.Fatal(err)
		}
		if late := got.Sub(due); late < -5*time.Millisecond || late > 3*time.Second { // a second, on a calm machine
			t.Errorf("it started %v after its time", late)
		}
	})
}

func TestUnknownKindsAreLeftToOthers(t *testing.T) {
	d := dbtest.Open(t)
	put(t, d, nil, nil, "x")
	r, err := New(d, quiet)
	if err != nil {
		t.Fatal(err)
	}
	Handle(r, func(context.Context, renamed) error { return nil })
	if err := r.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	knowing, greeted := runner(t, d, nil)
	drain(t, knowing)
	if got := greeted(); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

type renamed struct{}

func (renamed) Kind() string { return "test.renamed" }

func TestStopLeavesNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	d, err := db.Open(t.Context(), dbtest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	r, greeted := runner(t, d, nil)
	put(t, d, nil, nil, "x")
	for range 2 { // it can be started again
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := r.Start(t.Context()); err == nil {
			t.Error("started twice")
		}
		if err := r.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	drain(t, r)
	if got := greeted(); len(got) != 1 {
		t.Errorf("got %v", got)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
