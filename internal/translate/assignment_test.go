package translate_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/translate"
)

func TestTakeAndHandOver(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		second := actor.Actor{ID: "second", Name: "S. Econd", Role: string(actor.Translator)}
		got, err := w.work.Take(t.Context(), translator, w.uk.ID)
		if err != nil || got.HolderID != "translator" || got.Holder != "T. Lator" {
			t.Fatalf("%+v, %v", got, err)
		}
		if _, err := w.work.Take(t.Context(), translator, w.uk.ID); err != nil {
			t.Errorf("what one has already: %v", err)
		}
		for name, try := range map[string]func() error{
			"take":      func() error { _, err := w.work.Take(t.Context(), second, w.uk.ID); return err },
			"old sight": func() error { _, err := w.work.HandOver(t.Context(), chief, w.uk.ID, "", second, ""); return err },
		} {
			if err := try(); !problem.Is(err, problem.Conflict) {
				t.Errorf("%s, what somebody else has: %v", name, err)
			}
		}
		for name, try := range map[string]func() error{
			"give back": func() error { _, err := w.work.GiveBack(t.Context(), second, w.uk.ID); return err },
			"hand over": func() error {
				_, err := w.work.HandOver(t.Context(), second, w.uk.ID, "translator", second, "")
				return err
			},
			"to who may not": func() error {
				_, err := w.work.HandOver(t.Context(), chief, w.uk.ID, "translator", actor.Actor{ID: "x"}, "")
				return err
			},
			"by who may not":    func() error { _, err := w.work.Take(t.Context(), actor.Actor{ID: "x"}, w.uk.ID); return err },
			"its due time":      func() error { _, err := w.work.SetDue(t.Context(), second, w.uk.ID, nil); return err },
			"an original's own": func() error { _, err := w.work.Take(t.Context(), translator, w.de.ID); return err },
		} {
			if err := try(); !problem.Is(err, problem.Forbidden) && !problem.Is(err, problem.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		due := w.clock.Now().Add(time.Hour)
		if _, err := w.work.SetDue(t.Context(), translator, w.uk.ID, &due); err != nil {
			t.Fatal(err)
		}
		got, err = w.work.HandOver(t.Context(), translator, w.uk.ID, "translator", second, "Bitte fertig machen.")
		if err != nil || got.HolderID != "second" || got.Note != "Bitte fertig machen." || got.By != "T. Lator" || got.Due == nil || !got.Due.Equal(due) || !got.Typed {
			t.Errorf("%+v, %v", got, err)
		}
		list, err := w.work.Queue(t.Context(), w.d.Read(), "uk", "second", 10)
		if err != nil || len(list) != 1 || list[0].Headline != "Der Rat tagt" || list[0].Progress.Missing != 10 {
			t.Errorf("queue %+v, %v", list, err)
		}
		if list, err := w.work.Queue(t.Context(), w.d.Read(), "fr", "", 10); err != nil || len(list) != 0 {
			t.Errorf("another language's: %+v, %v", list, err)
		}
		if got, err = w.work.GiveBack(t.Context(), chief, w.uk.ID); err != nil || got.HolderID != "" || got.Due == nil {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

// TestOneHolder has several take the same translation at once: one has it, the others are told.
func TestOneHolder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const people = 8
		var wait sync.WaitGroup
		got := make([]error, people)
		for i := range people {
			wait.Go(func() {
				a := actor.Actor{ID: fmt.Sprint("p", i), Name: fmt.Sprint("P", i), Role: string(actor.Translator)}
				_, got[i] = w.work.Take(t.Context(), a, w.uk.ID)
			})
		}
		wait.Wait()
		n := 0
		for _, err := range got {
			if err == nil {
				n++
			} else if !problem.Is(err, problem.Conflict) {
				t.Error(err)
			}
		}
		if n != 1 {
			t.Errorf("%d have it", n)
		}
	})
}

func TestQueueIsByDue(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ids := map[lang.Tag]string{"uk": string(w.uk.ID)}
		for _, l := range []lang.Tag{"en", "fr"} {
			e, err := w.editions.Create(t.Context(), chief, w.de.Story, l)
			if err != nil {
				t.Fatal(err)
			}
			ids[l] = string(e.ID)
			due := w.clock.Now().Add(map[lang.Tag]time.Duration{"en": 2 * time.Hour, "fr": time.Hour}[l])
			if _, err := w.work.SetDue(t.Context(), chief, e.ID, &due); err != nil {
				t.Fatal(err)
			}
		}
		list, err := w.work.Queue(t.Context(), w.d.Read(), "", "", 10)
		if err != nil || len(list) != 3 || list[0].Lang != "fr" || list[1].Lang != "en" || list[2].Lang != "uk" {
			t.Errorf("%+v, %v", list, err)
		}
		for _, r := range w.rows(t) {
			w.confirm(t, r.Address, "укр "+string(r.Address))
		}
		if list, err := w.work.Queue(t.Context(), w.d.Read(), "uk", "", 10); err != nil || len(list) != 0 {
			t.Errorf("what is done is no work: %+v, %v", list, err)
		}
		d := w.de.Doc.Clone()
		d.Blocks[0].Text = document.Text("Anders.")
		w.save(t, w.de, d)
		if list, err := w.work.Queue(t.Context(), w.d.Read(), "uk", "", 10); err != nil || len(list) != 1 {
			t.Errorf("until the original changes: %+v, %v", list, err)
		}
	})
}

// TestQueueLooksPastWhatIsDone: what went out by its time isn't due any more and keeps nobody from seeing
// what is to be done; what is finished and due waits for somebody who approves it.
func TestQueueLooksPastWhatIsDone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		due := w.clock.Now().Add(time.Hour)
		if _, err := w.work.SetDue(t.Context(), chief, w.uk.ID, &due); err != nil {
			t.Fatal(err)
		}
		for _, r := range w.rows(t) {
			w.confirm(t, r.Address, "укр "+string(r.Address))
		}
		if _, err := w.editions.Create(t.Context(), chief, w.de.Story, "en"); err != nil {
			t.Fatal(err)
		}
		first := func(want lang.Tag) {
			t.Helper()
			list, err := w.work.Queue(t.Context(), w.d.Read(), "", "", 1)
			if err != nil || len(list) != 1 || list[0].Lang != want {
				t.Errorf("first is %+v, %v, want %s", list, err, want)
			}
		}
		first("uk")
		for _, state := range []string{"scheduled", "published"} {
			if err := w.d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.ExecContext(t.Context(), `UPDATE edition SET state = $1, published_at = $2 WHERE id = $3`, state, db.Time{Time: due.Add(time.Minute)}, w.uk.ID)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			first("en")
		}
		x, err := w.work.Assignments(t.Context(), w.d.Read(), w.uk.ID)
		if err != nil || x[w.uk.ID].Due != nil {
			t.Errorf("what is out is due: %+v, %v", x, err)
		}
		// Mended by a time that is set afterwards.
		again := due.Add(time.Hour)
		if _, err := w.work.SetDue(t.Context(), chief, w.uk.ID, &again); err != nil {
			t.Fatal(err)
		}
		d := w.de.Doc.Clone()
		d.Blocks[0].Text = document.Text("Anders.")
		w.save(t, w.de, d)
		first("uk")
	})
}

// TestQueueOfLargePaper: what is due, and what a person holds, is found however long ago its story was touched.
func TestQueueOfLargePaper(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.ExecContext(t.Context(), `
				INSERT INTO story (id, number, kind, original_lang, created_by, created_at, updated_at)
				WITH RECURSIVE newer (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM newer WHERE n < 5999)
				SELECT 'newer' || n, n, 'news', 'de', 'x', $1, $1 FROM newer`, db.Time{Time: w.clock.Now().Add(time.Hour)})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		holds := func(mine string, want int) {
			t.Helper()
			if list, err := w.work.Queue(t.Context(), w.d.Read(), "uk", mine, 10); err != nil || len(list) != want {
				t.Errorf("%+v, %v, want %d", list, err, want)
			}
		}
		holds("", 0)
		if _, err := w.work.Take(t.Context(), translator, w.uk.ID); err != nil {
			t.Fatal(err)
		}
		holds(translator.ID, 1)
		due := w.clock.Now().Add(time.Hour)
		if _, err := w.work.SetDue(t.Context(), chief, w.uk.ID, &due); err != nil {
			t.Fatal(err)
		}
		holds("", 1)
	})
}

// TestQueueUsesIndexes holds that the list of translations doesn't go through all editions of the paper.
func TestQueueUsesIndexes(t *testing.T) {
	queue, mine := dbtest.Plan(t, translate.QueueQuery, "uk", 10, 0), dbtest.Plan(t, translate.MineQuery, "uk", 10, 0, "second")
	for _, x := range []struct{ plan, step string }{
		{mine, "SEARCH x USING INDEX assignment_holder (holder_id=?)"}, {mine, "SEARCH e USING INDEX sqlite_autoindex_edition_1 (id=?)"},
		{queue, "SCAN edition USING INDEX edition_scheduled"}, {queue, "SCAN story USING COVERING INDEX story_updated"},
		{queue, "SCAN a;"}, {queue, "SEARCH t USING INDEX sqlite_autoindex_edition_1 (id=?)"}, {queue, "SEARCH s USING INDEX sqlite_autoindex_story_1 (id=?)"},
		{queue, "SEARCH e USING INDEX sqlite_autoindex_edition_2 (story_id=?)"},
	} {
		if !strings.Contains(x.plan, x.step) {
			t.Errorf("no %s: %s", x.step, x.plan)
		}
	}
	for _, plan := range []string{queue, mine} {
		if strings.Contains(plan, "SCAN e;") || strings.Contains(plan, "SCAN e ") || strings.Contains(plan, "SCAN o ") || strings.Contains(plan, "SCAN t;") || strings.Contains(plan, "AUTOMATIC") {
			t.Errorf("it goes through all editions: %s", plan)
		}
	}
}
