package release_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/problem"
)

// TestTypedIsTheChecklist: what is said while somebody types is what is said once it is stored, and of a
// translation that was read already the checklist is the same.
func TestTypedIsTheChecklist(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, _, uk := w.story(t)
		work, err := w.work.Work(t.Context(), w.d.Read(), uk.ID)
		if err != nil {
			t.Fatal(err)
		}
		const typed = "У понеділок прийшли прийшли 1770 людей."
		got, err := w.releases.Typed(t.Context(), w.d.Read(), work, "p1/text", document.Text(typed))
		if err != nil || len(got) < 2 {
			t.Fatalf("%+v, %v", got, err)
		}
		if _, err := w.releases.Typed(t.Context(), w.d.Read(), work, "nowhere/text", document.Text(typed)); !problem.Is(err, problem.NotFound) {
			t.Errorf("nowhere: %v", err)
		}
		uk = w.save(t, uk, text("Рада засідає", typed))
		list, err := w.releases.ChecklistOf(t.Context(), w.d.Read(), uk.ID)
		if err != nil {
			t.Fatal(err)
		}
		stored := slices.DeleteFunc(slices.Clone(list.Editions[0].Findings), func(f check.Finding) bool { return f.Address != "p1/text" })
		if diff := cmp.Diff(stored, got); diff != "" {
			t.Error(diff)
		}
		if work, err = w.work.Work(t.Context(), w.d.Read(), uk.ID); err != nil {
			t.Fatal(err)
		}
		again, err := w.releases.ChecklistOfWork(t.Context(), w.d.Read(), work)
		if diff := cmp.Diff(list, again, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%v %s", err, diff)
		}
	})
}
