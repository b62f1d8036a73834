package events

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

func put(t *testing.T, d *db.DB, id string, at time.Time) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.ExecContext(t.Context(), `
			INSERT INTO event (id, kind, subject, data, created_at) VALUES ($1, 'k', 's', '{}', $2)`,
			id, db.Time{Time: at})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestTrim(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := time.Now()
		put(t, d, "old", now.Add(-time.Hour))
		put(t, d, "new", now)
		if err := trim(t.Context(), d, now.Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
		left, err := since(t.Context(), d.Read(), place{at: now.Add(-24 * time.Hour)}, batch)
		if err != nil || len(left) != 1 || left[0].id != "new" {
			t.Errorf("%v, %v", left, err)
		}
	})
}

// What a slow transaction or a node with a slow clock wrote becomes visible behind the newest.
func TestLateEventsAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := NewBus(d, d.Log())
		b.Listen([]string{""}, func(context.Context, Event) error { return nil })
		now := time.Now()
		pass := func(back time.Duration) int {
			t.Helper()
			n, err := b.pass(t.Context(), back)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		put(t, d, "newest", now)
		put(t, d, "from a fast clock", now.Add(time.Hour))
		if n := pass(lookBack); n != 2 {
			t.Errorf("first %d", n)
		}
		put(t, d, "late", now.Add(-lookBack/2))
		if n := pass(lookBack); n != 1 {
			t.Errorf("late %d", n)
		}
		put(t, d, "very late", now.Add(-sweepBack/2))
		if n := pass(lookBack); n != 0 {
			t.Errorf("very late, not yet: %d", n)
		}
		if n := pass(sweepBack); n != 1 {
			t.Errorf("very late %d", n)
		}
		if n := pass(sweepBack); n != 0 {
			t.Errorf("again %d", n)
		}
	})
}

// An import just before the start leaves more events than are held at once. They are read in batches,
// also where many have the same time, and each is told once, in order.
func TestManyEventsComeInBatches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const n = 2*batch + 7
		now := time.Now()
		var want []string
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			want = nil
			for i := range n {
				id := fmt.Sprintf("e%05d", i)
				want = append(want, id)
				// Whole batches share a time, and batches end in the middle of them.
				at := now.Add(time.Duration(i/(batch-100)) * time.Millisecond)
				if _, err := tx.ExecContext(t.Context(), `
					INSERT INTO event (id, kind, subject, data, created_at) VALUES ($1, 'k', 's', '{}', $2)`, id, db.Time{Time: at}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		first, err := since(t.Context(), d.Read(), place{at: now.Add(-time.Minute)}, batch)
		if err != nil || len(first) != batch {
			t.Fatalf("%d at once, %v", len(first), err)
		}
		b := NewBus(d, d.Log())
		var got []string
		b.Listen([]string{""}, func(_ context.Context, e Event) error { got = append(got, e.ID); return nil })
		for _, more := range []int{n, 0} {
			if told, err := b.pass(t.Context(), sweepBack); told != more || err != nil {
				t.Errorf("told %d, want %d, %v", told, more, err)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d events told otherwise than they happened", len(got))
		}
	})
}

// Nothing is read for nobody: an import leaves tens of thousands of events behind.
func TestNobodyListens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := NewBus(d, d.Log())
		put(t, d, "new", time.Now())
		if n, err := b.pass(t.Context(), sweepBack); n != 0 || err != nil || len(b.seen) != 0 {
			t.Errorf("read %d, keeps %d, %v", n, len(b.seen), err)
		}
	})
}

// What is readable when the bus starts is old news, but for its last seconds; what was begun before and is readable
// only later is told.
func TestOldNews(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := time.Now()
		put(t, d, "old", now.Add(-time.Minute))
		put(t, d, "just", now.Add(-lookBack/2))
		b := NewBus(d, slog.New(slog.DiscardHandler))
		var told []string
		b.Listen([]string{""}, func(_ context.Context, e Event) error {
			told = append(told, e.ID)
			return nil
		})
		for range 2 {
			if _, err := b.pass(t.Context(), sweepBack); err != nil {
				t.Fatal(err)
			}
		}
		put(t, d, "late", now.Add(-time.Minute))
		put(t, d, "new", now)
		if _, err := b.pass(t.Context(), sweepBack); err != nil {
			t.Fatal(err)
		}
		if want := []string{"just", "late", "new"}; !slices.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
	})
}

// After an import and then silence its last seconds aren't gone through again and again, and what was slow
// is told all the same.
func TestSilenceAfterMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := NewBus(d, slog.New(slog.DiscardHandler))
		told := 0
		b.Listen([]string{""}, func(context.Context, Event) error {
			told++
			return nil
		})
		put(t, d, "import", time.Now())
		if _, err := b.pass(t.Context(), lookBack); err != nil || told != 1 {
			t.Fatalf("told %d, %v", told, err)
		}
		b.newest = b.newest.Add(-time.Minute) // the import was a minute ago
		before := b.newest
		put(t, d, "slow", before)
		if n, err := b.pass(t.Context(), lookBack); n != 0 || err != nil {
			t.Errorf("a quick reading went back over %d, %v", n, err)
		}
		if n, err := b.pass(t.Context(), sweepBack); n != 1 || err != nil || told != 2 {
			t.Errorf("a sweep told %d, %v", n, err)
		}
	})
}
