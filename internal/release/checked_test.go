package release_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/release"
	"depesche/internal/story"
)

// checks is the end of a review of the edition as it is.
func (w *world) checks(t *testing.T, a actor.Actor, e edition.Edition) edition.Edition {
	t.Helper()
	var out edition.Edition
	if err := w.d.Write(t.Context(), func(tx *db.Tx) (err error) {
		out, err = w.editions.MarkChecked(t.Context(), tx, a, w.read(t, e.ID), 0, nil)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// told holds what readers are told of where the text they see comes from.
func (w *world) told(t *testing.T, st story.Story, l lang.Tag, version lang.Version, by string) {
	t.Helper()
	live, err := w.editions.Published(t.Context(), w.d.Read(), st.Number, l)
	if err != nil || live.Version() != version || live.Check.By != by {
		t.Errorf("readers of %q are told %s by %q, want %s by %q; %v", live.Doc.Headline, live.Version(), live.Check.By, version, by, err)
	}
}

// past goes past every warning the edition has.
func (w *world) past(t *testing.T, e edition.Edition) (out []release.Override) {
	t.Helper()
	list, err := w.releases.Checklist(t.Context(), w.d.Read(), e.Story)
	if err != nil {
		t.Fatal(err)
	}
	c, _ := list.Of(e.ID)
	for _, f := range c.Findings {
		out = append(out, release.Override{Edition: e.ID, Code: f.Code, Address: f.Address, Reason: "test"})
	}
	return out
}

// TestCheckedIsTheTextThatReadersSee follows one translation: a check is one of a revision, neither
// of what was published before it nor of what was written after it.
func TestCheckedIsTheTextThatReadersSee(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk)})
		w.told(t, st, "uk", lang.Human, "") // publishing approves, but it is no check
		w.told(t, st, "de", lang.Original, "")

		uk = w.save(t, w.read(t, uk.ID), text("Рада засідає", "У понеділок до ради прийшли 1077 людей."))
		uk = w.checks(t, editor, uk)
		w.told(t, st, "uk", lang.Human, "") // what was checked isn't out yet
		w.act(t, release.Command{Story: st.ID, Act: release.Minor, Editions: choices(uk), Override: w.past(t, uk)})
		w.told(t, st, "uk", lang.HumanChecked, "E. Ditor")

		uk = w.save(t, w.read(t, uk.ID), text("Рада засідає", "У понеділок до ради прийшли аж 1077 людей."))
		w.told(t, st, "uk", lang.HumanChecked, "E. Ditor") // what was changed isn't out yet
		if c := uk.Check; c.Revision == uk.Revision {
			t.Errorf("the changed text counts as checked: %+v", c)
		}
		// Who sends the change out lets it stand.
		w.act(t, release.Command{Story: st.ID, Act: release.Update, Editions: choices(uk), Override: w.past(t, uk)})
		w.told(t, st, "uk", lang.HumanChecked, "A. Chief")

		if n := w.count(t, `SELECT count(*) FROM revision_check`); n != 2 {
			t.Errorf("%d checks", n)
		}
	})
}

// TestApprovalKeepsACheck has the change approved before it goes out, and another one after.
func TestApprovalKeepsACheck(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		uk, err := w.editions.SendToReview(t.Context(), chief, uk.ID, uk.Version)
		if err != nil {
			t.Fatal(err)
		}
		uk = w.checks(t, editor, uk)
		uk = w.save(t, uk, text("Рада засідає", "У понеділок до ради прийшли 1077 людей."))
		if uk, err = w.editions.Approve(t.Context(), chief, uk.ID, uk.Version); err != nil {
			t.Fatal(err)
		}
		if uk.Check != (edition.Check{Revision: uk.Revision, By: "A. Chief"}) || w.read(t, uk.ID).Check != uk.Check {
			t.Errorf("approved: %+v", uk.Check)
		}
		at := noon.Add(time.Hour)
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(w.read(t, de.ID), uk), At: at, Override: w.past(t, uk)})
		w.save(t, w.read(t, uk.ID), text("Рада засідає", "Пізніше."))
		w.clock.Set(at)
		if n, err := w.releases.RunDue(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d went out, %v", n, err)
		}
		w.told(t, st, "uk", lang.HumanChecked, "A. Chief")
	})
}

// TestMachineTextIsCheckedByRevision holds that a check lets machine text out, and what readers are
// told of the one that was out before it.
func TestMachineTextIsCheckedByRevision(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		if err := w.d.Write(t.Context(), func(tx *db.Tx) error {
			for _, s := range []string{`UPDATE edition SET made = 'machine' WHERE lang = 'uk'`, `UPDATE publication_language SET machine_out = TRUE WHERE lang = 'uk'`} {
				if _, err := tx.ExecContext(t.Context(), s); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk)})
		raw := func(want bool) {
			t.Helper()
			places, err := w.editions.Places(t.Context(), w.d.Read(), 1, 1000)
			if err != nil || len(places) != 2 || places[0].Raw || places[1].Raw != want {
				t.Errorf("places %+v, %v", places, err)
			}
		}
		w.told(t, st, "uk", lang.Machine, "")
		raw(true)
		uk = w.save(t, w.read(t, uk.ID), text("Рада засідає", "У понеділок до ради прийшли 1077 людей."))
		uk = w.checks(t, editor, uk)
		w.told(t, st, "uk", lang.Machine, "")
		raw(true)
		w.act(t, release.Command{Story: st.ID, Act: release.Update, Editions: choices(uk), Override: w.past(t, uk)})
		w.told(t, st, "uk", lang.MachineChecked, "E. Ditor")
		raw(false)
	})
}

// TestCalledOffWithANewerText has an edition written in while it waited: nobody approved that.
func TestCalledOffWithANewerText(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, _ := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(de), At: noon.Add(time.Hour)})
		w.save(t, w.read(t, de.ID), text("Noch nicht geprüft", "TODO"))
		w.act(t, release.Command{Story: st.ID, Act: release.Unschedule, Editions: choices(w.read(t, de.ID))})
		if e := w.read(t, de.ID); e.State != edition.Review || e.Scheduled != nil {
			t.Errorf("got %s", e.State)
		}
		if n := w.count(t, `SELECT count(*) FROM release WHERE done_at IS NULL`); n != 0 {
			t.Errorf("%d releases wait", n)
		}
	})
}

// TestDetailsOfAStoryThatIsOut holds that nobody changes a page past its checklist: by-line and
// section of what is out, or waits to go out, stand on it at once.
func TestDetailsOfAStoryThatIsOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		save := func(a actor.Actor, change func(*story.Story)) error {
			now, err := w.stories.ByID(t.Context(), w.d.Read(), st.ID)
			if err != nil {
				t.Fatal(err)
			}
			change(&now)
			_, err = w.stories.SaveDetails(t.Context(), a, now)
			return err
		}
		kind := func(k story.Kind) func(*story.Story) { return func(s *story.Story) { s.Kind = k } }
		if err := save(reporter, kind(story.Report)); err != nil {
			t.Errorf("of a draft: %v", err)
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(w.read(t, de.ID)), At: noon.Add(time.Hour)})
		if err := save(reporter, kind(story.News)); !problem.Is(err, problem.Forbidden) {
			t.Errorf("of what waits, by a reporter: %v", err)
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(w.read(t, de.ID), w.read(t, uk.ID))})
		if err := save(reporter, kind(story.News)); !problem.Is(err, problem.Forbidden) {
			t.Errorf("of what is out, by a reporter: %v", err)
		}
		if err := save(german, kind(story.News)); err != nil {
			t.Errorf("by who may publish: %v", err)
		}
		var refused *problem.Error
		err := save(chief, func(s *story.Story) { s.Section, s.Authors = "", nil })
		if !errors.As(err, &refused) || len(refused.Fields) != 2 || refused.Fields[0].Name != "section" || refused.Fields[1].Name != "authors" {
			t.Errorf("without section and by-line: %v", err)
		}
		if err := save(actor.System("import"), func(s *story.Story) { s.Authors = nil }); err != nil {
			t.Errorf("as another system has it: %v", err)
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Withdraw, Editions: choices(w.read(t, de.ID), w.read(t, uk.ID)), Why: map[lang.Tag]string{"de": "Falsch.", "uk": "Хибно."}})
		if err := save(reporter, kind(story.Report)); err != nil {
			t.Errorf("of what was withdrawn: %v", err)
		}
	})
}

// TestSourcesOfAStoryThatIsOut holds the same of what readers see of a source; what they don't see yet, and a
// further source, is everybody's who writes.
func TestSourcesOfAStoryThatIsOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, _ := w.story(t)
		ctx := t.Context()
		src := story.Source{Kind: story.Paper, Name: "Le Monde", URL: "https://monde.example/1", Texts: map[lang.Tag]story.SourceText{"de": {Claim: "Er hofft."}}}
		src, err := w.stories.SaveSource(ctx, reporter, st.ID, src)
		if err != nil {
			t.Fatal(err)
		}
		renamed, said, translated := src, src, src
		renamed.Name = "Le Matin"
		said.Texts = map[lang.Tag]story.SourceText{"de": {Claim: "Er weiß."}}
		translated.Texts = map[lang.Tag]story.SourceText{"de": src.Texts["de"], "uk": {Claim: "Сподівається."}}
		save := func(a actor.Actor, s story.Source) error {
			_, err := w.stories.SaveSource(ctx, a, st.ID, s)
			return err
		}
		if err := errors.Join(save(reporter, renamed), save(reporter, src)); err != nil {
			t.Errorf("of a draft: %v", err)
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(w.read(t, de.ID)), At: noon.Add(time.Hour)})
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(w.read(t, de.ID))})
		for what, err := range map[string]error{
			"its name":       save(reporter, renamed),
			"what it says":   save(reporter, said),
			"its place":      w.stories.MoveSource(ctx, reporter, st.ID, src.ID, 1),
			"that it is not": w.stories.DeleteSource(ctx, reporter, st.ID, src.ID, story.UnlessUsed),
		} {
			if !problem.Is(err, problem.Forbidden) {
				t.Errorf("%s, by a reporter: %v", what, err)
			}
		}
		if err := save(reporter, translated); err != nil {
			t.Errorf("in a language that isn't out: %v", err)
		}
		if err := save(reporter, story.Source{Kind: story.Person, Name: "Ein Beamter"}); err != nil {
			t.Errorf("a further one: %v", err)
		}
		translated.Name, translated.Texts["de"] = "Le Matin", story.SourceText{Claim: "Er weiß."}
		if err := errors.Join(save(german, translated), w.stories.MoveSource(ctx, german, st.ID, src.ID, 1)); err != nil {
			t.Errorf("by who may publish: %v", err)
		}
	})
}

// TestScheduledBeforeACorrection has a translation wait with the old text while the original is
// corrected: it stays behind, the others of its release go, and it goes once it is answered.
func TestScheduledBeforeACorrection(t *testing.T) {
	for name, late := range map[string]time.Duration{"at its second": 0, "after a stopped machine": time.Hour} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				st, de, uk := w.story(t)
				w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de)})
				due := noon.Add(time.Hour)
				waits := w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(uk), At: due})
				w.clock.Advance(time.Minute)
				w.save(t, w.read(t, de.ID), text("Der Rat tagt", "Am Dienstag kamen 1077 Menschen."))
				w.act(t, release.Command{Story: st.ID, Act: release.Correct, Editions: choices(w.read(t, de.ID)),
					Correct: &release.CorrectionInput{Texts: map[lang.Tag]string{"de": "Es war am Dienstag."}}})
				w.clock.Set(due.Add(late))
				if n, err := w.releases.RunDue(t.Context()); n != 1 || err != nil {
					t.Fatalf("%d were carried out, %v", n, err)
				}
				now := w.read(t, uk.ID)
				if now.Out() || now.State != edition.Approved || now.Scheduled != nil {
					t.Errorf("it is %s", now.State)
				}
				list, err := w.releases.History(t.Context(), w.d.Read(), st.ID)
				if err != nil {
					t.Fatal(err)
				}
				at := slices.IndexFunc(list, func(r release.Release) bool { return r.ID == waits.ID })
				want := []release.HeldBack{{Edition: uk.ID, Lang: "uk", Code: "stale_fact", Address: "p1/text"}}
				if diff := cmp.Diff(want, list[at].Held); diff != "" || len(list[at].Editions) > 0 {
					t.Errorf("held: %s; out: %v", diff, list[at].Editions)
				}
				if n, err := w.releases.RunDue(t.Context()); n != 0 || err != nil {
					t.Errorf("carried out again: %d, %v", n, err)
				}
				w.stillRight(t, uk, "p1/text")
				w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(w.read(t, uk.ID)), Override: w.past(t, w.read(t, uk.ID))})
				owed, err := w.corrections.OwedBy(t.Context(), w.d.Read(), st.ID, "uk")
				if err != nil || len(owed) > 0 || !w.read(t, uk.ID).Out() {
					t.Errorf("it owes %+v, %v", owed, err)
				}
			})
		})
	}
}

// TestScheduledAndAnswered: a change that went out in the original holds a waiting translation back only
// where it says something else, and only until that is answered. What isn't out yet holds nothing.
func TestScheduledAndAnswered(t *testing.T) {
	for name, tc := range map[string]struct {
		says     string
		publish  bool
		answered bool
		goes     bool
	}{
		"another wording":          {"Am Montag sind 1077 Menschen gekommen.", true, false, true},
		"another number":           {"Am Montag kamen 1078 Menschen.", true, false, false},
		"another number, answered": {"Am Montag kamen 1078 Menschen.", true, true, true},
		"not out yet":              {"Am Montag kamen 1078 Menschen.", false, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				st, de, uk := w.story(t)
				w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de)})
				w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(uk), At: noon.Add(time.Hour)})
				w.clock.Advance(time.Minute)
				w.save(t, w.read(t, de.ID), text("Der Rat tagt", tc.says))
				if tc.publish {
					w.act(t, release.Command{Story: st.ID, Act: release.Update, Editions: choices(w.read(t, de.ID))})
				}
				if tc.answered {
					w.stillRight(t, w.read(t, uk.ID), "p1/text")
				}
				w.clock.Set(noon.Add(time.Hour))
				if _, err := w.releases.RunDue(t.Context()); err != nil {
					t.Fatal(err)
				}
				if now := w.read(t, uk.ID); now.Out() != tc.goes {
					t.Errorf("it is %s", now.State)
				}
			})
		})
	}
}

// TestApprovalIsOneAct has an approval refused by the edition's state: then it wasn't reviewed either.
func TestApprovalIsOneAct(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de)})
		approve := func() error {
			now := w.read(t, uk.ID)
			_, err := w.releases.Approve(t.Context(), chief, uk.ID, now.Version)
			return err
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(w.read(t, uk.ID)), At: noon.Add(time.Hour), Override: w.past(t, uk)})
		before := w.read(t, uk.ID)
		if err := approve(); !problem.Is(err, problem.Conflict) {
			t.Fatalf("what is scheduled is approved: %v", err)
		}
		if now := w.read(t, uk.ID); now.Version != before.Version || now.Check.Revision != 0 || w.count(t, `SELECT count(*) FROM revision_check`) != 0 {
			t.Errorf("a refused approval left version %d of %d, check %+v", now.Version, before.Version, now.Check)
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Unschedule, Editions: choices(w.read(t, uk.ID))})
		if _, err := w.editions.BackToDraft(t.Context(), chief, uk.ID, w.read(t, uk.ID).Version, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := w.editions.SendToReview(t.Context(), chief, uk.ID, w.read(t, uk.ID).Version); err != nil {
			t.Fatal(err)
		}
		if err := approve(); err != nil {
			t.Fatal(err)
		}
		if now := w.read(t, uk.ID); now.State != edition.Approved || now.Check != (edition.Check{Revision: now.Revision, By: "A. Chief"}) {
			t.Errorf("approved: %s, %+v", now.State, now.Check)
		}
	})
}
