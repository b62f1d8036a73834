package release_test

import (
	"testing"
	"time"

	"depesche/internal/correction"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/release"
	"depesche/internal/story"
)

// reports has readers say something at the headline of an edition that is out.
func (w *world) reports(t *testing.T, st story.Story, e edition.Edition, all ...string) (ids []correction.ReportID) {
	t.Helper()
	for _, said := range all {
		w.clock.Advance(time.Second)
		n := correction.NewReport{Block: correction.Head, Revision: e.PublishedRev, Given: w.clock.Now(), Said: said}
		if err := w.corrections.Take(t.Context(), edition.Live{Edition: e, Story: st, Doc: e.Doc}, e.Doc, n); err != nil {
			t.Fatal(err)
		}
	}
	list, err := w.corrections.OpenReports(t.Context(), w.d.Read(), st.ID)
	if err != nil || len(list) != len(all) {
		t.Fatalf("%+v %v", list, err)
	}
	for _, r := range list {
		ids = append(ids, r.ID)
	}
	return ids
}

// A report is closed by the act that brings out what corrects it, and by nothing less.
func TestActSettlesReports(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk)})
		de = w.read(t, de.ID)
		ids := w.reports(t, st, de, "Eins", "Zwei", "Drei")
		state := func(id correction.ReportID) correction.ReportState {
			t.Helper()
			r, err := w.corrections.ReportByID(t.Context(), w.d.Read(), id)
			if err != nil {
				t.Fatal(err)
			}
			return r.State
		}
		cmd := release.Command{Story: st.ID, Act: release.Correct, Editions: choices(de), Correct: &release.CorrectionInput{}, Reports: ids[:1]}
		if _, err := w.releases.Act(t.Context(), chief, cmd); !problem.Is(err, problem.Invalid) || state(ids[0]) != correction.ReportOpen {
			t.Errorf("a correction that was refused: %v, %s", err, state(ids[0]))
		}
		e := w.save(t, w.read(t, de.ID), text("Der Rat tagte", "Am Montag kamen 1077 Menschen."))
		cmd.Editions, cmd.Correct.Texts = choices(e), map[lang.Tag]string{"de": "Er tagte."}
		cmd.Reports = []correction.ReportID{"01m8fbv17f6zqztrnnf5g24d7p"}
		if _, err := w.releases.Act(t.Context(), chief, cmd); !problem.Is(err, problem.NotFound) || w.out(t, "de")[0] == "Der Rat tagte" {
			t.Errorf("a report that isn't there: %v", err)
		}
		// What somebody closed meanwhile stays closed so, and holds nothing up.
		if _, err := w.corrections.Move(t.Context(), chief, ids[1], 1, correction.ReportNoFault); err != nil {
			t.Fatal(err)
		}
		cmd.Reports = ids[:2]
		w.act(t, cmd)
		for i, want := range []correction.ReportState{correction.ReportCorrected, correction.ReportNoFault, correction.ReportOpen} {
			if got := state(ids[i]); got != want {
				t.Errorf("report %d is %s, want %s", i, got, want)
			}
		}
		r, err := w.corrections.ReportByID(t.Context(), w.d.Read(), ids[0])
		if err != nil || r.ByName != chief.Name || r.Closed == nil {
			t.Errorf("%+v %v", r, err)
		}
		// A small change settles one too.
		e = w.save(t, w.read(t, de.ID), text("Der Rat hat getagt", "Am Montag kamen 1077 Menschen."))
		w.act(t, release.Command{Story: st.ID, Act: release.Minor, Editions: choices(e), Reports: ids[2:]})
		if got := state(ids[2]); got != correction.ReportCorrected {
			t.Errorf("after a minor change: %s", got)
		}
	})
}
