package release_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
	"depesche/internal/release"
)

var translator = actor.Actor{ID: "translator", Name: "T. Lator", Role: string(actor.Translator)}

// open returns how many warnings of the edition nobody has gone past.
func (w *world) openWarnings(t *testing.T, e edition.Edition) (n int) {
	t.Helper()
	list, err := w.releases.Checklist(t.Context(), w.d.Read(), e.Story)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := list.Of(e.ID)
	for _, f := range c.Findings {
		if _, ok := c.WentPast(f); !ok {
			n++
		}
	}
	return n
}

func TestSetAside(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		_ = st
		twice := func(tail string) document.Doc {
			return text("Рада засідає", "У понеділок прийшли прийшли 1077 людей"+tail)
		}
		uk = w.save(t, uk, twice("."))
		if n := w.openWarnings(t, uk); n != 1 {
			t.Fatalf("%d warnings", n)
		}
		o := release.Override{Edition: uk.ID, Code: "double_word", Address: "p1/text", Reason: " так сказано "}
		for name, tc := range map[string]struct {
			actor  actor.Actor
			change func(*release.Override)
			kind   problem.Kind
		}{
			"without a reason": {chief, func(o *release.Override) { o.Reason = " " }, problem.Invalid},
			"that isn't there": {chief, func(o *release.Override) { o.Code = "typography" }, problem.NotFound},
			"elsewhere":        {chief, func(o *release.Override) { o.Address = "head/headline" }, problem.NotFound},
			"by a stranger":    {actor.Actor{ID: "x", Role: string(actor.Advertising)}, func(*release.Override) {}, problem.Forbidden},
		} {
			o := o
			tc.change(&o)
			if err := w.releases.SetAside(t.Context(), tc.actor, o); !problem.Is(err, tc.kind) {
				t.Errorf("a finding %s: %v", name, err)
			}
		}
		if err := w.releases.SetAside(t.Context(), translator, o); err != nil {
			t.Fatal(err)
		}
		if n := w.openWarnings(t, uk); n != 0 {
			t.Errorf("%d warnings after it was set aside", n)
		}
		// It reopens with the text, and with the original's text.
		uk = w.save(t, w.read(t, uk.ID), twice(" разом."))
		if n := w.openWarnings(t, uk); n != 1 {
			t.Errorf("%d warnings in another text", n)
		}
		w.clock.Advance(time.Second)
		if err := w.releases.SetAside(t.Context(), translator, o); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Second)
		w.save(t, de, text("Der Rat tagt", "Am Montag kamen rund 1077 Menschen."))
		w.stillRight(t, uk, "p1/text")
		if n := w.openWarnings(t, uk); n != 1 {
			t.Errorf("%d warnings beside another original", n)
		}
		w.clock.Advance(time.Second)
		if err := w.releases.SetAside(t.Context(), translator, o); err != nil {
			t.Fatal(err)
		}
		// The review's record has it all.
		now := w.read(t, uk.ID)
		if _, err := w.releases.Review(t.Context(), translator, uk.ID, now.Version); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a review by a translator: %v", err)
		}
		if _, err := w.releases.Review(t.Context(), editor, uk.ID, now.Version); err != nil {
			t.Fatal(err)
		}
		got, err := w.editions.Reviews(t.Context(), w.d.Read(), uk.ID)
		want := []edition.Reviewed{{
			Revision: now.Revision, SourceRev: w.read(t, de.ID).Revision, ByID: "editor", By: "E. Ditor", At: w.d.Now(),
			Aside: []edition.Aside{{Code: "double_word", Address: "p1/text", Reason: "так сказано", By: "T. Lator"}},
		}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	})
}

// TestTwoWarningsOfOneKind goes past two doubled words in one segment with the reason that the desk asks
// for once and sends with each.
func TestTwoWarningsOfOneKind(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		uk = w.save(t, uk, text("Рада засідає", "У понеділок прийшли прийшли 1077 людей людей."))
		o := release.Override{Edition: uk.ID, Code: "double_word", Address: "p1/text", Reason: "так сказано"}
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk), Override: []release.Override{o, o}})
	})
}
