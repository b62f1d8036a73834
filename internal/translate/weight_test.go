package translate_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/translate"
)

// says gives the original's first paragraph another text.
func (w *world) says(t *testing.T, text string) {
	t.Helper()
	d := w.de.Doc.Clone()
	d.Blocks[0].Text = document.Text(text)
	w.de = w.save(t, w.de, d)
}

func (w *world) decide(t *testing.T, from, to int64, weight check.Weight) {
	t.Helper()
	w.clock.Advance(time.Second)
	err := w.work.Decide(t.Context(), chief, translate.Decision{Original: w.de.ID, Address: "a/text", From: from, To: to, Weight: weight})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) changes(t *testing.T) []translate.Changed {
	t.Helper()
	list, err := w.work.Changes(t.Context(), w.d.Read(), w.de.Story)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestWeight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.all(t)
		first := w.de.Revision
		w.says(t, "Ein erster Absatz.")
		// What the checks see of such a change is theirs; what counts here is who has the last word.
		proposed := w.row(t, "a/text").Change
		if proposed.Decided != "" || proposed.Firm {
			t.Fatalf("undecided: %+v", proposed)
		}
		w.decide(t, first, w.de.Revision, check.Fact)
		if c := w.row(t, "a/text").Change; c.Weight != check.Fact || c.Decided != "A. Chief" {
			t.Errorf("decided: %+v", c)
		}
		if p := w.progress(t); p.Facts != 1 || p.Stale != 1 {
			t.Errorf("progress %+v", p)
		}
		want := []translate.Changed{{
			Address: "a/text", Field: document.FieldText, Kind: document.Paragraph, From: first, To: w.de.Revision, Langs: []lang.Tag{"uk"},
			Then: document.Text("Erster Absatz."), Now: document.Text("Ein erster Absatz."), Change: w.row(t, "a/text").Change,
		}}
		if diff := cmp.Diff(want, w.changes(t)); diff != "" {
			t.Error(diff)
		}
		w.decide(t, first, w.de.Revision, check.Wording)
		if c := w.row(t, "a/text").Change; c.Weight != check.Wording || c.Decided != "A. Chief" {
			t.Errorf("the newest decision counts: %+v", c)
		}
		w.decide(t, first, w.de.Revision, check.Fact)
		w.says(t, "Ein allererster Absatz.")
		if c := w.row(t, "a/text").Change; c.Weight != check.Fact {
			t.Errorf("a fact in between: %+v", c)
		}
		// The translator answers what was a fact; what comes then is weighed anew.
		w.confirm(t, "a/text", "Найперший абзац.")
		w.says(t, "Der allererste Absatz.")
		if c := w.row(t, "a/text").Change; c.Decided != "" {
			t.Errorf("a fact that the translation has: %+v", c)
		}
	})
}

func TestFirmFact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.says(t, "Drei Beamte und 1450 Soldaten.")
		w.all(t)
		first := w.de.Revision
		w.says(t, "Drei Beamte und 1540 Soldaten.")
		row := w.row(t, "a/text")
		if row.Change.Weight != check.Fact || !row.Change.Firm || len(row.Change.Why) == 0 {
			t.Errorf("another number: %+v", row.Change)
		}
		d := translate.Decision{Original: w.de.ID, Address: "a/text", From: first, To: w.de.Revision}
		if err := w.work.Decide(t.Context(), chief, d); !problem.Is(err, problem.Conflict) {
			t.Errorf("called wording: %v", err)
		}
		for name, tc := range map[string]struct {
			change func(*translate.Decision)
			kind   problem.Kind
		}{
			"of a translation":  {func(d *translate.Decision) { d.Original = w.uk.ID }, problem.Invalid},
			"to come":           {func(d *translate.Decision) { d.To = 99 }, problem.Invalid},
			"that is none":      {func(d *translate.Decision) { d.Address = "b/text" }, problem.NotFound},
			"of nothing at all": {func(d *translate.Decision) { d.Address = "zz/text" }, problem.NotFound},
		} {
			d := d
			d.Weight = check.Fact
			tc.change(&d)
			if err := w.work.Decide(t.Context(), chief, d); !problem.Is(err, tc.kind) {
				t.Errorf("a change %s: %v", name, err)
			}
		}
		d.Weight = check.Fact
		if err := w.work.Decide(t.Context(), translator, d); !problem.Is(err, problem.Forbidden) {
			t.Errorf("by the translator: %v", err)
		}
	})
}

func TestCorrectedIsAFact(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.all(t)
		out := w.de.Revision
		d := w.de.Doc.Clone()
		d.Headline = "Der Rat tagt heute"
		w.de = w.save(t, w.de, d)
		w.says(t, "Ein erster Absatz.")
		gone := w.de.Doc.Clone()
		gone.Blocks = append(gone.Blocks[:1:1], gone.Blocks[2:]...)
		w.de = w.save(t, w.de, gone)
		err := w.d.Write(t.Context(), func(tx *db.Tx) error {
			return w.work.Corrected(t.Context(), tx, chief, w.de.ID, out, w.de.Revision, "")
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, addr := range []document.Address{"a/text", "head/headline", "b/text"} {
			if row := w.row(t, addr); row.Change.Weight != check.Fact || row.Change.Decided != "A. Chief" {
				t.Errorf("%s: %+v", addr, row)
			}
		}
		if p := w.progress(t); p.Facts != 3 || p.Stale != 2 || p.Orphan != 1 {
			t.Errorf("progress %+v", p)
		}
		var addresses []document.Address
		for _, c := range w.changes(t) {
			addresses = append(addresses, c.Address)
		}
		if diff := cmp.Diff([]document.Address{"head/headline", "a/text", "b/text"}, addresses); diff != "" {
			t.Error(diff)
		}
		if row, err := w.work.StillRight(t.Context(), translator, w.uk.ID, "a/text", 0); err != nil || row.State != translate.Edited {
			t.Errorf("%+v, %v", row, err)
		}
	})
}
