package translate_test

import (
	"testing"

	"depesche/internal/engine"
	"depesche/internal/translate"
)

// TestDeletedWhileDrafting deletes the edition at the engine's first answer: the job ends, and nothing
// of the text is kept.
func TestDeletedWhileDrafting(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := &speaker{name: "Kobold"}
		gone := false
		e.before = func(engine.Segment) {
			if gone {
				return
			}
			gone = true
			now, err := w.editions.ByID(t.Context(), w.d.Read(), w.uk.ID)
			if err != nil {
				t.Fatal(err)
			}
			if err := w.editions.Discard(t.Context(), chief, now.ID, now.Version); err != nil {
				t.Fatal(err)
			}
		}
		w.work.With(translate.Helpers{Engines: e})
		d, err := w.work.Draft(t.Context(), translator, w.uk.ID, false)
		if err != nil {
			t.Fatal(err)
		}
		w.drain(t)
		if n := w.count(t, `SELECT COUNT(*) FROM river_job WHERE state NOT IN ('completed', 'discarded')`); !gone || n > 0 {
			t.Errorf("deleted: %t, %d jobs are left", gone, n)
		}
		if len(e.forgotten) != 1 || e.forgotten[0] != string(d.ID) {
			t.Errorf("let go of %v, drafted as %s", e.forgotten, d.ID)
		}
	})
}
