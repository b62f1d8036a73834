package release_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/release"
)

func TestHoldBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		en := w.edition(t, st, "en", text("The council meets", "On Monday 1077 people came."))
		w.clock.Advance(time.Minute)
		// The number changes; English is mended, Ukrainian isn't.
		de = w.save(t, de, text("Der Rat tagt", "Am Montag kamen 1088 Menschen."))
		en = w.save(t, en, text("The council meets", "On Monday 1088 people came."))
		w.stillRight(t, en, "p1/text")
		cmd := release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk, w.read(t, en.ID))}
		var held *release.HeldError
		if _, err := w.releases.Act(t.Context(), chief, cmd); !errors.As(err, &held) || len(w.out(t, "de")) != 0 {
			t.Fatalf("without being told so, it went: %v", err)
		}
		cmd.HoldBack = true
		r := w.act(t, cmd)
		want := []release.HeldBack{
			{Edition: uk.ID, Lang: "uk", Code: "number_differs", Address: "p1/text"}, {Edition: uk.ID, Lang: "uk", Code: "stale_fact", Address: "p1/text"},
		}
		list, err := w.releases.History(t.Context(), w.d.Read(), st.ID)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d releases, %v", len(list), err)
		}
		if diff := cmp.Diff(want, list[0].Held); diff != "" || len(r.Held) != 2 {
			t.Errorf("held back: %s", diff)
		}
		if len(list[0].Editions) != 2 || list[0].Editions[0].SourceRev != 0 || list[0].Editions[1].SourceRev != de.Revision {
			t.Errorf("went: %+v", list[0].Editions)
		}
		for l, n := range map[lang.Tag]int{"de": 1, "en": 1, "uk": 0} {
			if got := w.out(t, l); len(got) != n {
				t.Errorf("%s: %v", l, got)
			}
		}
		if e := w.read(t, uk.ID); e.State != edition.Draft {
			t.Errorf("what was held back is %s", e.State)
		}
		cmd.Editions = choices(w.read(t, uk.ID))
		if _, err := w.releases.Act(t.Context(), chief, cmd); !errors.As(err, &held) {
			t.Errorf("nothing would go: %v", err)
		}
	})
}

// TestTheOriginalIsNeverHeldBack: translations don't go out before what they were made from.
func TestTheOriginalIsNeverHeldBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		bad := de.Doc.Clone()
		bad.Blocks = append(bad.Blocks, document.Block{ID: "p2", Kind: document.Paragraph, Text: document.Text("[gallery ids=\"1,2\"]")})
		de = w.save(t, de, bad)
		var held *release.HeldError
		cmd := release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk), HoldBack: true}
		if _, err := w.releases.Act(t.Context(), chief, cmd); !errors.As(err, &held) || len(w.out(t, "uk")) != 0 {
			t.Errorf("%v", err)
		}
	})
}

// TestCorrectionReachesEveryLanguage changes three officials to four, as the issue has it.
func TestCorrectionReachesEveryLanguage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		en := w.edition(t, st, "en", text("The council meets", "On Monday 1077 people came."))
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk, en)})
		w.clock.Advance(time.Minute)
		// No number or name changes, so it is a fact because it is a correction.
		de = w.save(t, w.read(t, de.ID), text("Der Rat tagt", "Am Montag kamen 1077 alte Menschen."))
		correct := release.Command{Story: st.ID, Act: release.Correct, Editions: choices(de, w.read(t, uk.ID), w.read(t, en.ID)), HoldBack: true,
			Correct: &release.CorrectionInput{Texts: map[lang.Tag]string{"de": "Es waren Alte."}}}
		r := w.act(t, correct)
		if len(r.Editions) != 1 || len(r.Held) != 2 || r.Held[0].Code != "stale_fact" {
			t.Fatalf("corrected %+v, held back %+v", r.Editions, r.Held)
		}
		mended := func(l lang.Tag, want bool) {
			t.Helper()
			list, err := w.corrections.OwedBy(t.Context(), w.d.Read(), st.ID, l)
			if err != nil || len(list) != 1 || list[0].Mended != want {
				t.Errorf("%s owes %+v, %v; mended should be %t", l, list, err, want)
			}
		}
		mended("uk", false)
		mended("en", false)
		// Each desk has exactly that segment, as a fact.
		p, err := w.work.Progress(t.Context(), w.d.Read(), uk.ID, en.ID)
		if err != nil || p[uk.ID].Facts != 1 || p[en.ID].Facts != 1 {
			t.Errorf("progress %+v, %v", p, err)
		}
		if codes := w.holds(t, release.Update, w.save(t, w.read(t, uk.ID), text("Рада засідає", "У понеділок прийшли 1077 літніх людей."))); codes[0] != "stale_fact" {
			t.Errorf("held by %v", codes)
		}
		// Ukrainian is mended in the desk, which readers don't see yet, and then goes out.
		w.stillRight(t, uk, "p1/text")
		mended("uk", false)
		w.act(t, release.Command{Story: st.ID, Act: release.Update, Editions: choices(w.read(t, uk.ID))})
		mended("uk", true)
		// What is written afterwards and isn't out doesn't bring the notice back.
		w.save(t, w.read(t, uk.ID), text("Рада засідає", "У понеділок прийшли 1077 старших людей."))
		mended("uk", true)
		// English says the same in both cases: nothing has to go out for that.
		w.stillRight(t, en, "p1/text")
		mended("en", true)
	})
}

// TestCorrectedAfterwards sends the right text out first, as an update or a minor change that was called
// wording, and calls it a correction later.
func TestCorrectedAfterwards(t *testing.T) {
	for name, acts := range map[string][]release.Act{
		"an update":                   {release.Update},
		"a minor change":              {release.Minor},
		"an update, then a typo":      {release.Update, release.Minor},
		"corrected before, and again": {release.Correct, release.Update},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				st, de, uk := w.story(t)
				en := w.edition(t, st, "en", text("The council meets", "On Monday 1077 people came."))
				w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk, en)})
				told := &release.CorrectionInput{Texts: map[lang.Tag]string{"de": "Es waren Alte."}}
				for i, act := range acts {
					w.clock.Advance(time.Minute)
					de = w.read(t, de.ID)
					d := de.Doc.Clone()
					switch {
					case act == release.Correct: // of something else, that the translations know of
						d.Headline = "Der Stadtrat tagt"
					case i == len(acts)-1 && i > 0 && act == release.Minor:
						d.Headline = "Der Rat tagt eben"
					default:
						d.Blocks[0].Text = document.Text("Am Montag kamen 1077 alte Menschen.")
					}
					de = w.save(t, de, d)
					cmd := release.Command{Story: st.ID, Act: act, Editions: choices(de), Override: w.past(t, de)}
					if act == release.Correct {
						cmd.Correct = told
					}
					w.act(t, cmd)
					if act == release.Correct {
						for _, e := range []edition.Edition{uk, en} {
							w.stillRight(t, e, document.AddrHeadline)
						}
					}
				}
				facts := func() int {
					p, err := w.work.Progress(t.Context(), w.d.Read(), uk.ID)
					if err != nil {
						t.Fatal(err)
					}
					return p[uk.ID].Facts
				}
				if n := facts(); n != 0 {
					t.Fatalf("%d facts before the correction", n)
				}
				w.clock.Advance(time.Minute)
				list, err := w.releases.ChecklistFor(t.Context(), w.d.Read(), st.ID, release.Correct)
				if err != nil {
					t.Fatal(err)
				}
				if c, _ := list.Of(uk.ID); c.CanPublish() {
					t.Error("the checklist doesn't reckon with what the correction makes a fact")
				}
				w.act(t, release.Command{Story: st.ID, Act: release.Correct, Editions: choices(w.read(t, de.ID)), Correct: told})
				if n := facts(); n == 0 {
					t.Error("what was corrected is wording")
				}
				debts, err := w.corrections.OwedBy(t.Context(), w.d.Read(), st.ID, "uk")
				if err != nil || len(debts) == 0 || debts[0].Mended {
					t.Errorf("readers are told of %+v, %v", debts, err)
				}
				w.stillRight(t, en, "p1/text")
				if len(acts) == 1 {
					if debts, err = w.corrections.OwedBy(t.Context(), w.d.Read(), st.ID, "en"); err != nil || !debts[0].Mended {
						t.Errorf("the answered language still owes %+v, %v", debts, err)
					}
				}
			})
		})
	}
}

// TestPassedWordingIsNotMended lets a translation out beside the right text with its segment stale as
// wording, which somebody went past. The correction makes it a fact: readers are told.
func TestPassedWordingIsNotMended(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk)})
		w.clock.Advance(time.Minute)
		de = w.save(t, w.read(t, de.ID), text("Der Rat tagt", "Am Montag kamen 1077 alte Menschen."))
		uk = w.save(t, w.read(t, uk.ID), text("Рада знову засідає", "У понеділок прийшли 1077 людей."))
		past := append(w.past(t, de), w.past(t, uk)...)
		w.act(t, release.Command{Story: st.ID, Act: release.Update, Editions: choices(de, uk), Override: past})
		w.clock.Advance(time.Minute)
		w.act(t, release.Command{Story: st.ID, Act: release.Correct, Editions: choices(w.read(t, de.ID)),
			Correct: &release.CorrectionInput{Texts: map[lang.Tag]string{"de": "Es waren Alte."}}})
		owes := func(mended bool) {
			t.Helper()
			debts, err := w.corrections.OwedBy(t.Context(), w.d.Read(), st.ID, "uk")
			if err != nil || len(debts) != 1 || debts[0].Mended != mended {
				t.Errorf("readers are told of %+v, %v; mended should be %t", debts, err, mended)
			}
		}
		owes(false)
		w.stillRight(t, uk, "p1/text")
		owes(true)
	})
}
