package edition_test

import (
	"strings"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
)

func TestPictureUsed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.edition(t, doc("x", "x"))
		used := func(since time.Time, want bool) {
			t.Helper()
			if got, err := w.editions.PictureUsed(t.Context(), d.Read(), "m1", since); err != nil || got != want {
				t.Errorf("used since %v: %v, %v", since, got, err)
			}
		}
		used(time.Time{}, false)
		text := doc("x", "x")
		text.Blocks = append(text.Blocks, document.Block{ID: "g", Kind: document.PictureK, Pictures: []document.Picture{{ID: "p", Media: "m1", Alt: "a"}}})
		e = w.save(t, chief, e, text).Edition
		later := e.Saved.Add(time.Hour)
		used(time.Time{}, true)
		used(e.Saved, true)
		used(later, false)
		e = w.publish(t, e, noon)
		e = w.save(t, chief, e, doc("x", "x")).Edition // not out yet: readers still see the picture
		used(time.Time{}, true)
		used(later, true)
		w.publish(t, e, noon)
		used(time.Time{}, false)
	})
}

// TestPictureUsedUsesIndexes holds that writers wait for no look through all texts.
func TestPictureUsedUsesIndexes(t *testing.T) {
	plan := dbtest.Plan(t, edition.UsedSinceQuery, "%x%", db.Time{Time: noon})
	if !strings.Contains(plan, "SEARCH edition USING INDEX edition_saved (saved_at>?)") || !strings.Contains(plan, "USING INDEX edition_changed") || strings.Contains(plan, "SCAN edition") {
		t.Error(plan)
	}
}
