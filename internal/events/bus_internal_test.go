package events

import (
	"context"
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
		left, err := since(t.Context(), d.Read(), now.Add(-24*time.Hour))
		if err != nil || len(left) != 1 || left[0].ID != "new" {
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
