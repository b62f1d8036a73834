package translate_test

import (
	"testing"

	"depesche/internal/document"
	"depesche/internal/edition"
)

// TestTurned: who sees that the original changed is told which revision did it, not the newest one.
func TestTurned(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.all(t)
		change := func(headline, kicker string) edition.Edition {
			d := w.de.Doc
			d.Headline, d.Kicker = headline, kicker
			w.de = w.save(t, w.de, d)
			return w.de
		}
		kicker := w.de.Doc.Kicker
		second := change("Neun Generatoren", kicker).Revision
		change("Neun Generatoren", kicker+" anders")
		work, err := w.work.Work(t.Context(), w.d.Read(), w.uk.ID)
		if err != nil {
			t.Fatal(err)
		}
		got, err := w.work.Turned(t.Context(), w.d.Read(), work)
		if err != nil {
			t.Fatal(err)
		}
		if x := got["head/headline"]; x.Revision != second || x.ByName != chief.Name || x.At.IsZero() {
			t.Errorf("the headline: %+v, want revision %d by %s", x, second, chief.Name)
		}
		for addr := range got {
			if row := w.row(t, addr); row.State != "stale" {
				t.Errorf("%s is %s", addr, row.State)
			}
		}
		if _, ok := got[document.Address("head/kicker")]; !ok && w.row(t, "head/kicker").State == "stale" {
			t.Error("the kicker is stale since nowhere")
		}
	})
}
