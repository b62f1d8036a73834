package correction_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
)

var (
	noon  = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	chief = actor.Actor{ID: "chief", Name: "A. Chief", Role: string(actor.Chief)}
)

// world is a story that is out in German and Ukrainian.
type world struct {
	d           *db.DB
	clock       *clock.Stepping
	editions    *edition.Service
	corrections *correction.Service
	story       story.Story
	of          map[lang.Tag]edition.Edition
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	c := clock.NewStepping(noon)
	dbtest.EachClock(t, c, func(t *testing.T, d *db.DB) {
		c.Set(noon)
		stories := story.New(d)
		w := &world{d: d, clock: c, editions: edition.New(d, stories), corrections: correction.New(d), of: map[lang.Tag]edition.Edition{}}
		if err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
			if w.story, err = stories.CreateTx(t.Context(), tx, chief, story.NewStory{Kind: story.News, OriginalLang: "de"}); err != nil {
				return err
			}
			for _, l := range []lang.Tag{"de", "uk"} {
				w.of[l], _, err = w.editions.Import(t.Context(), tx, chief, edition.Imported{
					Story: w.story.ID, Lang: l, Doc: document.Doc{Headline: "Titel " + string(l)}, Published: &noon,
				})
				if err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		fn(t, w)
	})
}

// record has a correction be told in the languages, an hour after the last.
func (w *world) record(t *testing.T, of correction.ID, texts ...string) (id correction.ID, err error) {
	t.Helper()
	w.clock.Advance(time.Hour)
	err = w.d.Write(t.Context(), func(tx *db.Tx) (err error) {
		release := fmt.Sprintf("r%d", w.clock.Now().Unix())
		if _, err = tx.ExecContext(t.Context(), `INSERT INTO release (id, story_id, act, by_id, by_name, created_at) VALUES ($1, $2, 'correct', 'x', 'x', $3)`,
			release, w.story.ID, db.Time{Time: tx.Now()}); err != nil {
			return err
		}
		n := correction.Note{Story: w.story.ID, Of: of, Release: release, Prominent: true}
		for i := 0; i < len(texts); i += 2 {
			l := lang.Tag(texts[i])
			n.Texts = append(n.Texts, correction.Text{Edition: w.of[l].ID, Lang: l, Text: texts[i+1]})
		}
		id, err = w.corrections.Record(t.Context(), tx, chief, n)
		return err
	})
	return id, err
}

func TestRecordAndRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first, err := w.record(t, "", "de", "Es waren 1077.", "uk", "Було 1077.")
		if err != nil {
			t.Fatal(err)
		}
		second, err := w.record(t, "", "de", "Es war Montag.")
		if err != nil {
			t.Fatal(err)
		}
		list, err := w.corrections.OfStory(t.Context(), w.d.Read(), w.story.ID, "de")
		if err != nil || len(list) != 2 || list[0].ID != second || list[1].ID != first || !list[0].At.Equal(noon.Add(2*time.Hour)) || !list[1].Prominent {
			t.Errorf("got %+v, %v", list, err)
		}
		debts, err := w.corrections.Owed(t.Context(), w.d.Read(), noon, 10)
		if err != nil || len(debts) != 1 || debts[0].Correction != second || debts[0].Card.Edition != w.of["uk"].ID {
			t.Errorf("owed %+v, %v", debts, err)
		}
		for since, want := range map[time.Time]int{noon: 1, noon.Add(3 * time.Hour): 0} {
			recent, err := w.corrections.Since(t.Context(), w.d.Read(), since)
			if err != nil || len(recent) != want || want > 0 && !recent[w.story.ID].Equal(noon.Add(2*time.Hour)) {
				t.Errorf("corrected since %v: %v, %v", since, recent, err)
			}
		}
		if _, err := w.record(t, second, "uk", "Був понеділок."); err != nil {
			t.Fatal(err)
		}
		if _, err := w.record(t, second, "uk", "Ще раз."); !problem.Is(err, problem.Conflict) {
			t.Errorf("told twice in one language: %v", err)
		}
		all, err := w.corrections.All(t.Context(), w.d.Read(), w.story.ID)
		if err != nil || len(all) != 4 {
			t.Errorf("all %+v, %v", all, err)
		}
		of, err := w.corrections.OfStories(t.Context(), w.d.Read(), []story.ID{w.story.ID, "x"}, "uk")
		if err != nil || len(of) != 1 || of[w.story.ID][0].ID != second {
			t.Errorf("of stories %+v, %v", of, err)
		}
	})
}

func TestListByPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var want []string
		for i := range 7 {
			text := fmt.Sprintf("Korrektur %d", i)
			if _, err := w.record(t, "", "de", text); err != nil {
				t.Fatal(err)
			}
			want = append([]string{text}, want...)
		}
		var got []string
		for cursor := edition.Cursor(""); ; {
			page, next, err := w.corrections.List(t.Context(), w.d.Read(), "de", cursor, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page {
				got = append(got, e.Text)
				if e.Card.Headline != "Titel de" {
					t.Errorf("card %+v", e.Card)
				}
			}
			if cursor = next; next == "" {
				break
			}
		}
		if !slices.Equal(want, got) {
			t.Errorf("got %v", got)
		}
		// What was withdrawn isn't listed.
		if err := w.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := w.editions.TakeBack(t.Context(), tx, w.of["de"], "Falsch.")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if page, next, err := w.corrections.List(t.Context(), w.d.Read(), "de", "", 3); err != nil || len(page) != 0 || next != "" {
			t.Errorf("after withdrawal %+v, %q, %v", page, next, err)
		}
		if _, _, err := w.corrections.List(t.Context(), w.d.Read(), "de", "nonsense", 3); !problem.Is(err, problem.Invalid) {
			t.Errorf("a cursor that isn't: %v", err)
		}
	})
}

// TestOfStoryUsesIndex holds that a story's corrections are found by the story: every article and feed asks for
// them.
func TestOfStoryUsesIndex(t *testing.T) {
	for _, all := range []string{dbtest.Plan(t, correction.OfStoryQuery, "x", "de"), dbtest.Plan(t, correction.OfStoriesQuery("($2, $3)"), "de", "x", "y")} {
		if !strings.Contains(all, "correction_story") || strings.Contains(all, "correction_text_lang") {
			t.Error(all)
		}
	}
}

// TestListUsesIndex holds that the page of corrections walks the language's index.
func TestListUsesIndex(t *testing.T) {
	all := dbtest.Plan(t, correction.ListQuery, "de", db.Time{Time: noon}, "x", 20)
	if !strings.Contains(all, "correction_text_lang") || strings.Contains(all, "SCAN") || strings.Contains(all, "TEMP B-TREE") {
		t.Error(all)
	}
}

// TestOwedUsesIndexes holds that neither a page of a translation nor the desk's first screen goes through all
// corrections, cards or releases to find what is owed, or what was corrected today.
func TestOwedUsesIndexes(t *testing.T) {
	at := db.Time{Time: noon}
	since, owed, by := dbtest.Plan(t, correction.SinceQuery, at), dbtest.Plan(t, correction.OwedQuery, at, 10), dbtest.Plan(t, correction.OwedByQuery, "x", "de")
	for _, x := range []struct{ plan, index string }{
		{since, "correction_at"}, {owed, "correction_at"}, {owed, "sqlite_autoindex_card_2"}, {by, "correction_story"}, {by, "sqlite_autoindex_card_2"},
	} {
		if !strings.Contains(x.plan, x.index) || strings.Contains(x.plan, "SCAN") || strings.Contains(x.plan, "AUTOMATIC") {
			t.Errorf("%s isn't used: %s", x.index, x.plan)
		}
	}
	for _, plan := range []string{owed, by} { // when it was decided, and whether it is mended
		if strings.Count(plan, "release_edition_edition (edition_id=?)") != 2 {
			t.Errorf("what went out of an edition isn't found by it: %s", plan)
		}
	}
}
