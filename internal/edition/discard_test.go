package edition_test

import (
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/edition"
	"depesche/internal/problem"
)

func TestDiscard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := newWorld(t, d), t.Context()
		original := w.edition(t, doc("Entwurf"))
		translation, err := w.editions.Create(ctx, translator, original.Story, "uk")
		if err != nil {
			t.Fatal(err)
		}
		refused := func(what string, a actor.Actor, e edition.Edition, kind problem.Kind) {
			t.Helper()
			if err := w.editions.Discard(ctx, a, e.ID, e.Version); !problem.Is(err, kind) {
				t.Errorf("%s: %v", what, err)
			}
			if w.read(t, e.ID).Version != e.Version {
				t.Errorf("%s: the edition changed", what)
			}
		}
		original, translation = w.read(t, original.ID), w.read(t, translation.ID)
		refused("the original before its translation", chief, original, problem.Conflict)
		refused("another's original", reporter, original, problem.Forbidden)
		refused("a language one has no right in", translator, original, problem.Forbidden)
		stale := translation
		stale.Version--
		if err := w.editions.Discard(ctx, translator, stale.ID, stale.Version); !problem.Is(err, problem.Conflict) {
			t.Errorf("a version that is gone: %v", err)
		}

		// What a reviewer approved, only one who reviews takes away.
		translation, err = w.editions.SendToReview(ctx, translator, translation.ID, translation.Version)
		if err == nil {
			translation, err = w.editions.Approve(ctx, editor, translation.ID, translation.Version)
		}
		if err != nil {
			t.Fatal(err)
		}
		refused("one's own that was approved", translator, translation, problem.Forbidden)

		// One's own translation goes, and with it its revisions and who had it open; the story stays.
		if _, err := w.editions.BackToDraft(ctx, editor, translation.ID, translation.Version, ""); err != nil {
			t.Fatal(err)
		}
		translation = w.read(t, translation.ID)
		w.editions.Here(translation.ID, reporter, "")
		if err := w.editions.Discard(ctx, translator, translation.ID, translation.Version); err != nil {
			t.Fatal(err)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM revision WHERE edition_id = $1`, translation.ID); n != 0 {
			t.Errorf("%d revisions are left", n)
		}
		if here := w.editions.Everyone(); len(here) != 0 {
			t.Errorf("still at what is no more: %v", here)
		}
		if original = w.read(t, original.ID); original.Headline != "Entwurf" {
			t.Errorf("the original says %q", original.Headline)
		}

		// What a colleague worked on as well, only an editor may throw away.
		again, err := w.editions.Create(ctx, translator, original.Story, "uk")
		if err != nil {
			t.Fatal(err)
		}
		again = w.save(t, chief, again, doc("Чернетка")).Edition
		refused("what a colleague wrote in", translator, w.read(t, again.ID), problem.Forbidden)
		if err := w.editions.Discard(ctx, editor, again.ID, w.read(t, again.ID).Version); err != nil {
			t.Fatal(err)
		}

		// The last edition takes the story along; who did it is kept.
		original = w.read(t, original.ID)
		if err := w.editions.Discard(ctx, chief, original.ID, original.Version); err != nil {
			t.Fatal(err)
		}
		for _, table := range []string{"story", "story_author", "story_topic", "edition", "revision"} {
			if n := w.count(t, `SELECT COUNT(*) FROM `+table); n != 0 {
				t.Errorf("%d rows are left of %s", n, table)
			}
		}
		if n := w.count(t, `SELECT COUNT(*) FROM audit WHERE actor = 'chief' AND act IN ('edition.discard', 'story.discard')`); n != 2 {
			t.Errorf("%d audit entries", n)
		}

		// What readers saw, or are about to see, stays.
		out := w.publish(t, w.edition(t, doc("Draußen")), time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
		refused("a public one", chief, w.read(t, out.ID), problem.Conflict)
		w.exec(t, `UPDATE edition SET state = 'draft', published_rev = NULL WHERE id = '`+string(out.ID)+`'`)
		refused("one that was public", chief, w.read(t, out.ID), problem.Conflict)
		w.exec(t, `UPDATE edition SET state = 'scheduled', first_published_at = NULL WHERE id = '`+string(out.ID)+`'`)
		refused("a scheduled one", chief, w.read(t, out.ID), problem.Conflict)
	})
}
