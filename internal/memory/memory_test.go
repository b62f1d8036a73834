package memory_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/memory"
	"depesche/internal/problem"
	"depesche/internal/story"
)

var (
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	admin = actor.Actor{ID: "admin", Name: "A. Admin", Role: string(actor.Admin)}
)

// world is a memory and stories with a German translation each.
type world struct {
	d        *db.DB
	clock    *clock.Stepping
	stories  *story.Service
	editions *edition.Service
	memory   *memory.Service
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	c := clock.NewStepping(noon)
	dbtest.EachClock(t, c, func(t *testing.T, d *db.DB) {
		c.Set(noon)
		stories := story.New(d)
		fn(t, &world{d, c, stories, edition.New(d, stories), memory.New(d)})
	})
}

func (w *world) translation(t *testing.T) edition.Edition {
	t.Helper()
	var out edition.Edition
	err := w.d.Write(t.Context(), func(tx *db.Tx) error {
		st, err := w.stories.CreateTx(t.Context(), tx, admin, story.NewStory{Kind: story.News, OriginalLang: "uk"})
		if err != nil {
			return err
		}
		out, _, err = w.editions.Import(t.Context(), tx, admin, edition.Imported{Story: st.ID, Lang: "de", Doc: document.Doc{Headline: "x"}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func unit(e edition.Edition, addr, source, target string) memory.Unit {
	return memory.Unit{
		From: "uk", To: "de", Source: document.Text(source), Target: document.Text(target), Story: e.Story, Edition: e.ID,
		Address: document.Address(addr), SourceRev: 1, TargetRev: 1, ByID: "t", ByName: "T. Translator",
	}
}

// learn confirms units, a minute after the last.
func (w *world) learn(t *testing.T, units ...memory.Unit) {
	t.Helper()
	w.clock.Advance(time.Minute)
	if err := w.d.Write(t.Context(), func(tx *db.Tx) error { return w.memory.Learn(t.Context(), tx, units...) }); err != nil {
		t.Fatal(err)
	}
}

func (w *world) matches(t *testing.T, e edition.Edition, addr, text string) []memory.Match {
	t.Helper()
	a := document.Address(addr)
	got, err := w.memory.Matches(t.Context(), w.d.Read(), memory.Query{
		From: "uk", To: "de", Story: e.Story, Edition: e.ID, Segments: []memory.Segment{{Address: a, Text: document.Text(text)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return got[a]
}

// told is a match in short.
func told(list []memory.Match) []string {
	var out []string
	for _, m := range list {
		out = append(out, fmt.Sprintf("%s %d %s %v", m.Origin, m.Score, m.Target.Plain(), m.MayInsert()))
	}
	return out
}

const (
	council = "Рада ухвалила закон про державний бюджет на 2027 рік."
	rat     = "Das Parlament hat das Gesetz über den Haushalt 2027 verabschiedet."
)

func TestMatchesInOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		here, there, third := w.translation(t), w.translation(t), w.translation(t)
		w.learn(t, unit(here, "own/text", council, "own"))
		w.learn(t, unit(here, "else/text", council, "story"))
		w.learn(t, unit(there, "a/text", council, "older"))
		w.learn(t, unit(third, "b/text", council, "newer"))
		w.learn(t, unit(third, "c/text", "Рада ухвалила закон про державний бюджет на 2026 рік.", "number"))
		w.take(t, "old.tmx", tmxOf(council, "imported"))
		want := []string{"own 100 own true", "story 100 story true", "other 100 newer false", "other 100 older false", "imported 100 imported false"}
		if diff := cmp.Diff(want, told(w.matches(t, here, "own/text", council))); diff != "" {
			t.Error(diff)
		}
		got := w.matches(t, here, "own/text", "Рада ухвалила закон про державний бюджет на 2026 рік.")
		if len(got) == 0 || got[0].Target.Plain() != "number" || got[0].Score != 100 || got[0].MayInsert() {
			t.Errorf("%+v", told(got))
		}
		for _, m := range got[1:] {
			if m.MayInsert() || !m.NumbersDiffer || m.Score == 100 {
				t.Errorf("%+v", m)
			}
		}
		if got := w.matches(t, here, "new/text", "Зовсім інше речення про погоду."); len(got) != 0 {
			t.Errorf("%+v", told(got))
		}
	})
}

func TestMatchSaysWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.translation(t)
		w.learn(t, unit(e, "a/text", council, rat))
		got := w.matches(t, e, "a/text", "Рада вчора ухвалила закон про державний бюджет на 2027 рік.")
		if len(got) != 1 || got[0].Score < 80 || got[0].Score > 95 || got[0].NumbersDiffer || got[0].MayInsert() {
			t.Fatalf("%+v", got)
		}
		want := []document.Op{{Kind: document.OpEqual, Text: "Рада "}, {Kind: document.OpInsert, Text: "вчора "}, {Kind: document.OpEqual, Text: "ухвалила закон про державний бюджет на 2027 рік."}}
		if diff := cmp.Diff(want, got[0].Diff); diff != "" {
			t.Error(diff)
		}
		if m := got[0]; m.ByName != "T. Translator" || m.ByID != "t" || !m.At.Equal(noon.Add(time.Minute)) || m.Story != e.Story || m.Address != "a/text" {
			t.Errorf("%+v", m)
		}
	})
}

// TestLearnAnew holds that a segment has one entry, whose old wording leads nowhere.
func TestLearnAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.translation(t)
		w.learn(t, unit(e, "a/text", council, "erst"), unit(e, "b/text", "Інший текст, про погоду і врожай.", "Wetter"))
		w.learn(t, unit(e, "a/text", "Уряд відхилив пропозицію опозиції щодо податків.", "dann"))
		if got := told(w.matches(t, e, "x/text", council)); len(got) != 0 {
			t.Errorf("the old wording: %v", got)
		}
		if got := told(w.matches(t, e, "x/text", "Уряд відхилив пропозицію опозиції щодо податків.")); len(got) != 1 || got[0] != "story 100 dann true" {
			t.Errorf("the new one: %v", got)
		}
		w.learn(t, unit(e, "a/text", "Уряд відхилив пропозицію опозиції щодо податків.", "besser"))
		stats, err := w.memory.Stats(t.Context(), w.d.Read())
		if diff := cmp.Diff([]memory.Pair{{From: "uk", To: "de", Confirmed: 2}}, stats); diff != "" || err != nil {
			t.Errorf("%s %v", diff, err)
		}
		// Without text it is forgotten.
		w.learn(t, unit(e, "a/text", "Уряд відхилив пропозицію опозиції щодо податків.", ""))
		if got := told(w.matches(t, e, "a/text", "Уряд відхилив пропозицію опозиції щодо податків.")); len(got) != 0 {
			t.Errorf("emptied: %v", got)
		}
	})
}

func TestUnlearn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e, other := w.translation(t), w.translation(t)
		w.learn(t, unit(e, "a/text", council, rat), unit(other, "a/text", council, "bleibt"))
		place := memory.Place{Edition: e.ID, Address: "a/text", From: "uk", To: "de"}
		for range 2 { // what isn't remembered may be forgotten
			if err := w.d.Write(t.Context(), func(tx *db.Tx) error { return w.memory.Unlearn(t.Context(), tx, place) }); err != nil {
				t.Fatal(err)
			}
		}
		if got := told(w.matches(t, e, "a/text", council)); len(got) != 1 || got[0] != "other 100 bleibt false" {
			t.Errorf("%v", got)
		}
		// With the story goes what was confirmed in it.
		if err := w.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.ExecContext(t.Context(), `DELETE FROM story WHERE id = $1`, other.Story)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got := told(w.matches(t, e, "a/text", council)); len(got) != 0 {
			t.Errorf("after the story: %v", got)
		}
	})
}

func TestDelete(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.translation(t)
		w.learn(t, unit(e, "a/text", council, rat))
		id := w.matches(t, e, "a/text", council)[0].ID
		for _, who := range []actor.Role{actor.Translator, actor.Editor, actor.Advertising} {
			if err := w.memory.Delete(t.Context(), actor.Actor{ID: "x", Role: string(who)}, id); !problem.Is(err, problem.Forbidden) {
				t.Errorf("%s: %v", who, err)
			}
		}
		if err := w.memory.Delete(t.Context(), admin, id); err != nil {
			t.Fatal(err)
		}
		if err := w.memory.Delete(t.Context(), admin, id); !problem.Is(err, problem.NotFound) {
			t.Errorf("twice: %v", err)
		}
		if got := w.matches(t, e, "a/text", council); len(got) != 0 {
			t.Errorf("%v", told(got))
		}
		var n int
		if err := w.d.Read().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM audit WHERE act = 'memory.delete'`).Scan(&n); err != nil || n != 1 {
			t.Errorf("%d entries in the log, %v", n, err)
		}
	})
}

// TestStoryBound holds that what means something in one story only doesn't reach another.
func TestStoryBound(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e, other := w.translation(t), w.translation(t)
		u := unit(e, "a/text", "", "")
		u.Source = document.Inline{{Text: "Сказав "}, {Text: "речник", Marks: []document.Mark{{Type: document.SourceRef, Source: "s1"}}}}
		u.Target = document.Inline{
			{Text: "Sagte "}, {Text: "der Sprecher", Marks: []document.Mark{{Type: document.SourceRef, Source: "s1"}, {Type: document.Strong}}},
			{Text: " hier", Marks: []document.Mark{{Type: document.StoryLink, Story: "s2"}}},
		}
		w.learn(t, u)
		if got := w.matches(t, e, "b/text", "Сказав речник"); len(got) != 1 || !cmp.Equal(got[0].Target, u.Target) {
			t.Errorf("in its story: %+v", got)
		}
		got := w.matches(t, other, "b/text", "Сказав речник")
		want := document.Inline{
			{Text: "Sagte "}, {Text: "der Sprecher", Marks: []document.Mark{{Type: document.Strong}}},
			{Text: " hier", Marks: []document.Mark{{Type: document.StoryLink, Story: "s2"}}},
		}
		if len(got) != 1 || !cmp.Equal(got[0].Target, want) || !cmp.Equal(got[0].Source, document.Text("Сказав речник")) {
			t.Errorf("in another: %+v", got)
		}
	})
}

// TestPairs holds that a pair of languages knows nothing of another.
func TestPairs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.translation(t)
		w.learn(t, unit(e, "a/text", council, rat))
		for _, pair := range [][2]lang.Tag{{"uk", "en"}, {"ru", "de"}, {"de", "uk"}} {
			got, err := w.memory.Matches(t.Context(), w.d.Read(), memory.Query{
				From: pair[0], To: pair[1], Edition: e.ID, Story: e.Story,
				Segments: []memory.Segment{{Address: "a/text", Text: document.Text(council)}},
			})
			if err != nil || len(got) != 0 {
				t.Errorf("%v: %v, %v", pair, got, err)
			}
		}
	})
}

// TestLearnAtOnce holds that people who confirm at the same moment lose nothing.
func TestLearnAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const people, segments = 6, 10
		var wait sync.WaitGroup
		for p := range people {
			e := w.translation(t)
			wait.Go(func() {
				for i := range segments {
					u := unit(e, fmt.Sprintf("%d/text", i), fmt.Sprintf("Спільні слова й номер %d людини %d.", i, p), "x")
					if err := w.d.Write(t.Context(), func(tx *db.Tx) error { return w.memory.Learn(t.Context(), tx, u) }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Wait()
		stats, err := w.memory.Stats(t.Context(), w.d.Read())
		if err != nil || len(stats) != 1 || stats[0].Confirmed != people*segments {
			t.Errorf("%+v, %v", stats, err)
		}
	})
}

// TestManySegments holds that a query for more segments than a statement has room for works.
func TestManySegments(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.translation(t)
		var units []memory.Unit
		q := memory.Query{From: "uk", To: "de", Story: e.Story, Edition: e.ID}
		for i := range 300 {
			text := fmt.Sprintf("Речення номер %d про подію у місті %s.", i, strings.Repeat("а", i%7+1))
			u := unit(e, fmt.Sprintf("%d/text", i), text, fmt.Sprintf("Satz %d", i))
			units = append(units, u)
			q.Segments = append(q.Segments, memory.Segment{Address: u.Address, Text: u.Source})
		}
		w.learn(t, units...)
		got, err := w.memory.Matches(t.Context(), w.d.Read(), q)
		if err != nil || len(got) != 300 {
			t.Fatalf("%d segments, %v", len(got), err)
		}
		for i, u := range units {
			if m := got[u.Address]; len(m) == 0 || m[0].Origin != memory.Own || m[0].Target.Plain() != fmt.Sprintf("Satz %d", i) {
				t.Errorf("%d: %v", i, told(m))
			}
		}
	})
}
