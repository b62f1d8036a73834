package events_test

import (
	"context"
	"errors"
	"fmt"
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
	"depesche/internal/events"
)

var quiet = slog.New(slog.DiscardHandler)

func appendEvents(t *testing.T, d *db.DB, kinds ...string) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, k := range kinds {
			if err := events.Append(t.Context(), tx, k, "edition:x", map[string]string{"lang": "de"}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

type heard struct {
	mu   sync.Mutex
	list []string
	more chan struct{}
}

func newHeard() *heard { return &heard{more: make(chan struct{}, 1000)} }

func (h *heard) add(_ context.Context, e events.Event) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, e.Kind+" "+e.Subject+" "+string(e.Data))
	h.more <- struct{}{}
	return nil
}

func (h *heard) take() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	out := h.list
	h.list = nil
	return out
}

func TestDrain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := events.NewBus(d, quiet)
		editions, published := newHeard(), newHeard()
		b.Listen([]string{"edition."}, editions.add)
		b.Listen([]string{"edition.published", "page.changed"}, published.add)
		appendEvents(t, d, "edition.saved", "edition.published", "page.changed", "editions")
		_ = d.Write(t.Context(), func(tx *db.Tx) error {
			_ = events.Append(t.Context(), tx, "edition.rolledback", "edition:x", nil)
			return errors.New("no")
		})
		for range 2 { // the second time nothing comes again
			if err := b.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		const rest = ` edition:x {"lang":"de"}`
		if diff := cmp.Diff([]string{"edition.saved" + rest, "edition.published" + rest}, editions.take()); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"edition.published" + rest, "page.changed" + rest}, published.take()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestListenerThatFailsIsToldAgain(t *testing.T) {
	d := dbtest.Open(t)
	b := events.NewBus(d, quiet)
	calls := 0
	b.Listen([]string{""}, func(context.Context, events.Event) error {
		calls++
		switch calls {
		case 1:
			panic("first")
		case 2:
			return errors.New("second")
		}
		return nil
	})
	other := newHeard()
	b.Listen([]string{""}, other.add)
	appendEvents(t, d, "a")
	for b.Drain(t.Context()) != nil {
	}
	if calls != 3 || len(other.take()) != 1 {
		t.Errorf("%d calls", calls)
	}
	calls = -100 // never recovers: five times and no more
	b.Listen([]string{"b"}, func(context.Context, events.Event) error { calls++; return errors.New("no") })
	calls = 3
	appendEvents(t, d, "b")
	for b.Drain(t.Context()) != nil {
	}
	if want := 3 + 1 + 5; calls != want {
		t.Errorf("%d calls, want %d", calls, want)
	}
}

// A demo's acts happened weeks ago, and its clock moves in leaps; what is told of them is new.
func TestActsOfAnotherTime(t *testing.T) {
	c := clock.NewStepping(time.Date(2024, 10, 27, 0, 59, 59, 0, time.UTC))
	d := dbtest.OpenClock(t, c)
	b := events.NewBus(d, quiet)
	h := newHeard()
	b.Listen([]string{""}, h.add)
	for _, leap := range []time.Duration{0, 48 * time.Hour, -time.Hour} {
		c.Advance(leap)
		appendEvents(t, d, "edition.saved")
		if err := b.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := h.take(); len(got) != 1 {
			t.Errorf("after %v: heard %v", leap, got)
		}
	}
}

// Two nodes write at once, a third listens: on PostgreSQL transactions become visible out of order.
func TestNothingIsMissed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		b := events.NewBus(d, quiet)
		h := newHeard()
		b.Listen([]string{""}, h.add)
		var bus, writers sync.WaitGroup
		bus.Go(func() { b.Run(ctx) })
		const each = 50
		for w := range 4 {
			writers.Go(func() {
				for i := range each {
					appendEvents(t, d, fmt.Sprintf("w%d.%d", w, i))
				}
			})
		}
		writers.Wait()
		for range 4 * each {
			select {
			case <-h.more:
			case <-time.After(20 * time.Second):
				t.Fatal("an event is missing")
			}
		}
		cancel()
		bus.Wait()
		got := h.take()
		slices.Sort(got)
		if n := len(slices.Compact(got)); n != 4*each {
			t.Errorf("%d different events of %d", n, 4*each)
		}
	})
}

func TestOtherNodeHears(t *testing.T) {
	o := dbtest.Postgres(t)
	one, two := dbtest.OpenAt(t, o), dbtest.OpenAt(t, o)
	ctx, cancel := context.WithCancel(t.Context())
	b := events.NewBus(two, quiet)
	h := newHeard()
	b.Listen([]string{""}, h.add)
	var wg sync.WaitGroup
	wg.Go(func() { b.Run(ctx) })
	defer wg.Wait()
	defer cancel()
	appendEvents(t, one, "edition.published")
	select {
	case <-h.more:
	case <-time.After(10 * time.Second):
		t.Fatal("not heard")
	}
}

func TestRunLeavesNothingBehind(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	d, err := db.Open(t.Context(), dbtest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	b := events.NewBus(d, quiet)
	done := make(chan error)
	go func() { done <- b.Run(ctx) }()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// slow is a machine whose clock is an hour late.
type slow struct{}

func (slow) Now() time.Time { return time.Now().Add(-time.Hour) }

// TestNodesWithWrongClocks: what a node tells whose clock is an hour late is heard by others, and what they
// tell by it.
func TestNodesWithWrongClocks(t *testing.T) {
	o := dbtest.Postgres(t)
	late := o
	late.Machine = slow{}
	right, wrong := dbtest.OpenAt(t, o), dbtest.OpenAt(t, late)
	here, there := newHeard(), newHeard()
	bus, other := events.NewBus(right, quiet), events.NewBus(wrong, quiet)
	bus.Listen([]string{""}, here.add)
	other.Listen([]string{""}, there.add)
	for _, b := range []*events.Bus{bus, other} {
		if err := b.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	appendEvents(t, right, "told.right")
	appendEvents(t, wrong, "told.late")
	for _, node := range []struct {
		name  string
		bus   *events.Bus
		heard *heard
	}{{"right", bus, here}, {"late", other, there}} {
		if err := node.bus.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, e := range node.heard.take() {
			kind, _, _ := strings.Cut(e, " ")
			kinds = append(kinds, kind)
		}
		slices.Sort(kinds)
		if diff := cmp.Diff([]string{"told.late", "told.right"}, kinds); diff != "" {
			t.Errorf("the node whose clock is %s (-want +got):\n%s", node.name, diff)
		}
		if since := time.Since(node.bus.Heard()); since > time.Minute {
			t.Errorf("the node whose clock is %s has heard nothing for %s", node.name, since)
		}
	}
}
