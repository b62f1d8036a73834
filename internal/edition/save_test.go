package edition_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
)

func TestSaveMakesRevisions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.edition(t, doc("Eins", "a", "b"))
		if e.Revision != 2 || e.Version != 2 || e.Headline != "Eins" || e.State != edition.Draft {
			t.Fatalf("got %+v", e)
		}
		if diff := cmp.Diff(e, w.read(t, e.ID)); diff != "" {
			t.Errorf("-saved +read:\n%s", diff)
		}
		again := w.save(t, reporter, e, doc("Eins", "a", "b"))
		if again.Fresh || again.Merged || again.Edition.Revision != 2 || again.Revision.ByID != "chief" {
			t.Errorf("the same text: %+v", again)
		}
		events := w.count(t, `SELECT COUNT(*) FROM event WHERE subject = $1`, "edition:"+string(e.ID))
		if events != 2 {
			t.Errorf("%d events for two revisions", events)
		}
		saved := w.save(t, reporter, e, doc("Zwei", "a", "b"))
		if !saved.Fresh || saved.Revision.Number != 3 || saved.Revision.Parent != 2 || saved.Revision.ByName != "R. Porter" {
			t.Errorf("got %+v", saved)
		}
		list, err := w.editions.Revisions(t.Context(), d.Read(), e.ID, 0, 0)
		if err != nil || len(list) != 3 || list[0].Number != 3 || list[2].Parent != 0 {
			t.Fatalf("revisions %+v, %v", list, err)
		}
		page, err := w.editions.Revisions(t.Context(), d.Read(), e.ID, 3, 1)
		if err != nil || len(page) != 1 || page[0].Number != 2 {
			t.Errorf("next page %+v, %v", page, err)
		}
		old, err := w.editions.RevisionDoc(t.Context(), d.Read(), e.ID, 2)
		if err != nil || old.Headline != "Eins" {
			t.Errorf("revision 2 is %+v, %v", old, err)
		}
		if _, err := w.editions.RevisionDoc(t.Context(), d.Read(), e.ID, 9); !problem.Is(err, problem.NotFound) {
			t.Errorf("a revision that isn't: %v", err)
		}
	})
}

func TestSaveRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.edition(t, doc("Eins", "a"))
		twice := doc("x", "a", "b")
		twice.Blocks[1].ID = "p0"
		for name, tc := range map[string]struct {
			actor actor.Actor
			save  edition.Save
			kind  problem.Kind
		}{
			"unknown":        {chief, edition.Save{Edition: "x", Base: 1, Doc: doc("x")}, problem.NotFound},
			"future base":    {chief, edition.Save{Edition: e.ID, Base: 9, Doc: doc("x")}, problem.Invalid},
			"no base":        {chief, edition.Save{Edition: e.ID, Doc: doc("x")}, problem.Invalid},
			"not well built": {chief, edition.Save{Edition: e.ID, Base: 2, Doc: twice}, problem.Invalid},
			"too large":      {chief, edition.Save{Edition: e.ID, Base: 2, Doc: doc("x", strings.Repeat("ї", 3<<20))}, problem.Invalid},
			"not one's":      {translator, edition.Save{Edition: e.ID, Base: 2, Doc: doc("x")}, problem.Forbidden},
		} {
			if _, err := w.editions.Save(t.Context(), tc.actor, tc.save); !problem.Is(err, tc.kind) {
				t.Errorf("%s: %v, want %v", name, err, tc.kind)
			}
		}
		if got := w.read(t, e.ID); !cmp.Equal(e, got) {
			t.Errorf("something was stored:\n%s", cmp.Diff(e, got))
		}
	})
}

// TestSaveKeepsAnything has text as strangers type it come back byte for byte.
func TestSaveKeepsAnything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.edition(t, doc("x", "x"))
		for _, s := range []string{"'; DROP TABLE edition; --", "\u202etfel", "👩‍👩‍👧‍👦", "<script>", "a\\u0000b", `"`, "ї́"} {
			e = w.save(t, chief, e, doc(s, s)).Edition
			if got := w.read(t, e.ID); got.Doc.Headline != s || got.Doc.Blocks[0].Text.Plain() != s {
				t.Errorf("%q came back as %q", s, got.Doc.Headline)
			}
		}
	})
}

func TestTwoSavers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		base := w.edition(t, doc("Titel", "eins", "zwei", "drei"))
		t.Run("disjoint blocks are merged", func(t *testing.T) {
			w.save(t, editor, base, change(base.Doc, 0, "EINS"))
			saved := w.save(t, reporter, base, change(base.Doc, 2, "DREI"))
			if !saved.Merged || saved.Revision.Kind != edition.RevMerge || saved.Revision.Parent != base.Revision {
				t.Errorf("got %+v", saved)
			}
			if diff := cmp.Diff(doc("Titel", "EINS", "zwei", "DREI"), w.read(t, base.ID).Doc); diff != "" {
				t.Error(diff)
			}
		})
		t.Run("an old tab without changes changes nothing", func(t *testing.T) {
			now := w.read(t, base.ID)
			saved := w.save(t, reporter, base, base.Doc)
			if saved.Fresh || !saved.Merged || saved.Edition.Revision != now.Revision || !cmp.Equal(saved.Edition.Doc, now.Doc) {
				t.Errorf("got %+v", saved)
			}
		})
		t.Run("the same block clashes", func(t *testing.T) {
			now := w.read(t, base.ID)
			_, err := w.editions.Save(t.Context(), reporter, edition.Save{Edition: base.ID, Base: base.Revision, Doc: change(change(base.Doc, 0, "mein"), 1, "auch meins")})
			var clash *edition.ClashError
			if !errors.As(err, &clash) || !problem.Is(err, problem.Conflict) {
				t.Fatalf("got %v", err)
			}
			if len(clash.Clashes) != 1 || clash.Clashes[0].ID() != "p0" || clash.Edition.Revision != now.Revision ||
				clash.Base.Blocks[0].Text.Plain() != "eins" || clash.Mine.Blocks[0].Text.Plain() != "mein" || clash.Theirs.Blocks[0].Text.Plain() != "EINS" {
				t.Errorf("got %+v", clash)
			}
			if got := w.read(t, base.ID); !cmp.Equal(now, got) {
				t.Errorf("something was stored: %s", cmp.Diff(now, got))
			}
			// Settled by hand, it starts from what stands there now.
			settled, err := document.Resolve(clash.Merged, clash.Clashes[0], document.Mine())
			if err != nil {
				t.Fatal(err)
			}
			saved := w.save(t, reporter, clash.Edition, settled)
			if diff := cmp.Diff(doc("Titel", "mein", "auch meins", "DREI"), saved.Edition.Doc); diff != "" {
				t.Error(diff)
			}
		})
		t.Run("both write the same", func(t *testing.T) {
			now := w.read(t, base.ID)
			w.save(t, editor, now, change(now.Doc, 1, "gleich"))
			if saved := w.save(t, reporter, now, change(now.Doc, 1, "gleich")); saved.Fresh {
				t.Errorf("got %+v", saved)
			}
		})
	})
}

// TestManySaversAtOnce has eight people save a block each, all from the same revision.
func TestManySaversAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		const n = 8
		base := w.edition(t, doc("Titel", strings.Split(strings.Repeat("x", n), "")...))
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				_, err := w.editions.Save(t.Context(), chief, edition.Save{Edition: base.ID, Base: base.Revision, Doc: change(base.Doc, i, strings.Repeat("y", i+1))})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		got := w.read(t, base.ID)
		for i, b := range got.Doc.Blocks {
			if b.Text.Plain() != strings.Repeat("y", i+1) {
				t.Errorf("block %d says %q", i, b.Text.Plain())
			}
		}
		if got.Revision != base.Revision+n || w.count(t, `SELECT COUNT(*) FROM revision WHERE edition_id = $1`, base.ID) != int(got.Revision) {
			t.Errorf("revision %d after %d saves", got.Revision, n)
		}
	})
}

func TestRestoreAndCompare(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.edition(t, doc("Eins", "a", "b"))
		w.save(t, chief, e, doc("Zwei", "a", "c"))
		saved, err := w.editions.Restore(t.Context(), reporter, e.ID, e.Revision, "war besser")
		if err != nil {
			t.Fatal(err)
		}
		if saved.Revision.Kind != edition.RevRestore || saved.Revision.Number != 4 || saved.Revision.Parent != 2 ||
			saved.Revision.Why != "war besser" || saved.Edition.Headline != "Eins" {
			t.Errorf("got %+v", saved)
		}
		if again, err := w.editions.Restore(t.Context(), reporter, e.ID, 4, ""); err != nil || again.Fresh {
			t.Errorf("restoring what stands there: %+v, %v", again, err)
		}
		diff, err := w.editions.Compare(t.Context(), d.Read(), e.ID, 2, 3)
		if err != nil || len(diff) == 0 {
			t.Errorf("comparing: %v, %v", diff, err)
		}
		if _, err := w.editions.Restore(t.Context(), translator, e.ID, 2, ""); !problem.Is(err, problem.Forbidden) {
			t.Errorf("who may not write restores: %v", err)
		}
		if _, err := w.editions.Restore(t.Context(), chief, e.ID, 77, ""); !problem.Is(err, problem.NotFound) {
			t.Errorf("restoring what isn't: %v", err)
		}
	})
}

func TestSecondLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		st := w.story(t)
		if _, err := w.editions.Create(t.Context(), translator, st.ID, "uk"); !problem.Is(err, problem.Conflict) {
			t.Errorf("a translation of nothing: %v", err)
		}
		original, err := w.editions.Create(t.Context(), chief, st.ID, "de")
		if err != nil {
			t.Fatal(err)
		}
		original = w.save(t, chief, original, doc("Titel", "a", "b")).Edition
		uk, err := w.editions.Create(t.Context(), translator, st.ID, "uk")
		if err != nil {
			t.Fatal(err)
		}
		if uk.Made != edition.MadeHuman || uk.Translator != "T. Lator" || len(uk.Doc.Blocks) != 2 || uk.Doc.Blocks[1].ID != "p1" || uk.Doc.Headline != "" {
			t.Errorf("got %+v", uk)
		}
		if _, err := w.editions.Create(t.Context(), translator, st.ID, "uk"); !problem.Is(err, problem.Conflict) {
			t.Errorf("twice in one language: %v", err)
		}
		if _, err := w.editions.Create(t.Context(), translator, st.ID, "fr"); !problem.Is(err, problem.Forbidden) {
			t.Errorf("in another's language: %v", err)
		}
		if _, err := w.editions.Create(t.Context(), chief, st.ID, "no such"); !problem.Is(err, problem.Invalid) {
			t.Errorf("in no language: %v", err)
		}
		// Nothing done to one changes the other.
		uk = w.save(t, translator, uk, change(uk.Doc, 0, "перше")).Edition
		if got := w.read(t, original.ID); !cmp.Equal(original, got) {
			t.Errorf("the original changed: %s", cmp.Diff(original, got))
		}
		w.save(t, chief, original, change(original.Doc, 0, "neu"))
		if got := w.read(t, uk.ID); !cmp.Equal(uk, got) {
			t.Errorf("the translation changed: %s", cmp.Diff(uk, got))
		}
		all, err := w.editions.OfStory(t.Context(), d.Read(), st.ID)
		if err != nil || len(all) != 2 || all[0].ID != original.ID || all[1].ID != uk.ID {
			t.Errorf("editions %v, %v", all, err)
		}
	})
}

func TestActs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.edition(t, doc("Titel", "a"))
		step := func(name string, f func() (edition.Edition, error), want edition.State) {
			t.Helper()
			next, err := f()
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if next.State != want || next.Version != e.Version+1 {
				t.Fatalf("%s: %s, version %d", name, next.State, next.Version)
			}
			e = next
		}
		step("send", func() (edition.Edition, error) {
			return w.editions.SendToReview(t.Context(), reporter, e.ID, e.Version)
		}, edition.Review)
		if _, err := w.editions.Approve(t.Context(), reporter, e.ID, e.Version); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a reporter approves: %v", err)
		}
		if _, err := w.editions.Approve(t.Context(), editor, e.ID, e.Version-1); !problem.Is(err, problem.Conflict) {
			t.Errorf("an old version: %v", err)
		}
		step("take back", func() (edition.Edition, error) {
			return w.editions.BackToDraft(t.Context(), reporter, e.ID, e.Version, "")
		}, edition.Draft)
		step("send", func() (edition.Edition, error) {
			return w.editions.SendToReview(t.Context(), reporter, e.ID, e.Version)
		}, edition.Review)
		step("approve", func() (edition.Edition, error) { return w.editions.Approve(t.Context(), editor, e.ID, e.Version) }, edition.Approved)
		if _, err := w.editions.BackToDraft(t.Context(), reporter, e.ID, e.Version, ""); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a reporter takes back what is approved: %v", err)
		}
		e = w.save(t, reporter, e, change(e.Doc, 0, "neu")).Edition
		if e.State != edition.Review {
			t.Errorf("what was approved and changed is %s", e.State)
		}
		step("credit", func() (edition.Edition, error) {
			return w.editions.SaveCredit(t.Context(), chief, e.ID, e.Version, " N. N. ")
		}, edition.Review)
		if e.Translator != "N. N." {
			t.Errorf("translator %q", e.Translator)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM audit WHERE subject = $1`, "edition:"+string(e.ID)); n != 8 {
			t.Errorf("%d audit entries", n)
		}
	})
}
