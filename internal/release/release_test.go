package release_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"depesche/internal/actor"
	"depesche/internal/blob"
	"depesche/internal/check"
	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/topic"
	"depesche/internal/translate"
)

var (
	noon     = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	chief    = actor.Actor{ID: "chief", Name: "A. Chief", Role: string(actor.Chief)}
	editor   = actor.Actor{ID: "editor", Name: "E. Ditor", Role: string(actor.Editor)}
	german   = actor.Actor{ID: "german", Name: "G. Erman", Role: string(actor.Editor), Langs: []lang.Tag{"de"}}
	reporter = actor.Actor{ID: "reporter", Name: "R. Porter", Role: string(actor.Reporter)}
)

type world struct {
	d           *db.DB
	clock       *clock.Stepping
	stories     *story.Service
	editions    *edition.Service
	corrections *correction.Service
	releases    *release.Service
	work        *translate.Service
}

// each runs fn on each engine, in a newsroom at noon.
func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	c := clock.NewStepping(noon)
	dbtest.EachClock(t, c, func(t *testing.T, d *db.DB) {
		c.Set(noon)
		fn(t, newWorld(t, d, c))
	})
}

func newWorld(t *testing.T, d *db.DB, c *clock.Stepping) *world {
	t.Helper()
	w := house(t, d, c)
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, s := range []string{
			`INSERT INTO section (id, position, active) VALUES ('politics', 1, TRUE)`,
			`INSERT INTO author (id, active, created_at) VALUES ('a1', TRUE, '2026-01-01T00:00:00.000Z')`,
			`INSERT INTO topic (id, kind, active, created_at) VALUES ('t1', 'subject', TRUE, '2026-01-01T00:00:00.000Z')`,
		} {
			if _, err := tx.ExecContext(t.Context(), s); err != nil {
				return err
			}
		}
		return publication.New(d).SetUp(t.Context(), tx, publication.Setup{
			Name: "Meridian", Languages: []lang.Tag{"de", "uk", "en"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: "https://meridian.example",
		})
	}); err != nil {
		t.Fatal(err)
	}
	return w
}

// house has the rooms on a database that is furnished already.
func house(t *testing.T, d *db.DB, c *clock.Stepping) *world {
	t.Helper()
	w := &world{d: d, clock: c, stories: story.New(d), corrections: correction.New(d)}
	w.editions = edition.New(d, w.stories)
	paper := publication.New(d)
	files, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	pictures, err := media.New(d, files, media.Options{VIPS: "-"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pictures.Close(context.Background()) })
	w.work = translate.New(d, w.editions)
	w.releases = release.New(d, w.stories, w.editions, w.corrections, paper, pictures, w.work, nil)
	return w
}

func text(headline, body string) document.Doc {
	return document.Doc{Headline: headline, Blocks: []document.Block{{ID: "p1", Kind: document.Paragraph, Text: document.Text(body)}}}
}

// story is one in German and Ukrainian that nothing is wrong with.
func (w *world) story(t *testing.T) (st story.Story, de, uk edition.Edition) {
	t.Helper()
	st, err := w.stories.Create(t.Context(), chief, story.NewStory{
		Kind: story.News, OriginalLang: "de", Section: "politics", Authors: []people.AuthorID{"a1"}, Topics: []topic.ID{"t1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	de = w.edition(t, st, "de", text("Der Rat tagt", "Am Montag kamen 1077 Menschen."))
	uk = w.edition(t, st, "uk", text("Рада засідає", "У понеділок прийшли 1077 людей."))
	return st, de, uk
}

func (w *world) edition(t *testing.T, st story.Story, l lang.Tag, d document.Doc) edition.Edition {
	t.Helper()
	e, err := w.editions.Create(t.Context(), chief, st.ID, l)
	if err != nil {
		t.Fatal(err)
	}
	return w.save(t, e, d)
}

func (w *world) save(t *testing.T, e edition.Edition, d document.Doc) edition.Edition {
	t.Helper()
	saved, err := w.editions.Save(t.Context(), chief, edition.Save{Edition: e.ID, Base: e.Revision, Doc: d})
	if err != nil {
		t.Fatal(err)
	}
	return saved.Edition
}

// stillRight has somebody say that the segment fits the original as it is now.
func (w *world) stillRight(t *testing.T, e edition.Edition, addr document.Address) {
	t.Helper()
	if _, err := w.work.StillRight(t.Context(), chief, e.ID, addr, 0); err != nil {
		t.Fatal(err)
	}
}

func (w *world) read(t *testing.T, id edition.ID) edition.Edition {
	t.Helper()
	e, err := w.editions.ByID(t.Context(), w.d.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func choices(editions ...edition.Edition) []release.Choice {
	var out []release.Choice
	for _, e := range editions {
		out = append(out, release.Choice{Edition: e.ID, Version: e.Version})
	}
	return out
}

func (w *world) act(t *testing.T, cmd release.Command) release.Release {
	t.Helper()
	r, err := w.releases.Act(t.Context(), chief, cmd)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// out lists the headlines readers see in the language's list.
func (w *world) out(t *testing.T, l lang.Tag) []string {
	t.Helper()
	cards, _, err := w.editions.Cards(t.Context(), w.d.Read(), edition.List{Lang: l})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range cards {
		out = append(out, c.Headline)
	}
	return out
}

// events lists the kinds of events since the last call.
func (w *world) events(t *testing.T) []string {
	t.Helper()
	rows, err := w.d.Read().QueryContext(t.Context(), `SELECT kind FROM event ORDER BY created_at, id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var kind string
		if err := rows.Scan(&kind); err != nil {
			t.Fatal(err)
		}
		out = append(out, kind)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *world) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := w.d.Read().QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPublishTogether(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		before := len(w.events(t))
		r := w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(uk, de)})
		if len(r.Editions) != 2 || r.Editions[0].Lang != "de" || r.Editions[0].Revision != de.Revision || r.Done == nil {
			t.Errorf("got %+v", r)
		}
		if diff := cmp.Diff([]string{"edition.published", "edition.published"}, w.events(t)[before:]); diff != "" {
			t.Error(diff)
		}
		for l, want := range map[lang.Tag]string{"de": "Der Rat tagt", "uk": "Рада засідає"} {
			if got := w.out(t, l); len(got) != 1 || got[0] != want {
				t.Errorf("%s shows %v", l, got)
			}
		}
		history, err := w.releases.History(t.Context(), w.d.Read(), st.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]release.Release{r}, history); diff != "" {
			t.Errorf("-done +read:\n%s", diff)
		}
	})
}

// TestAllOrNone has one of two editions be in the way, and holds that nothing at all happens.
func TestAllOrNone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		fr := w.edition(t, st, "en", text("", ""))
		events, audits := len(w.events(t)), w.count(t, `SELECT COUNT(*) FROM audit`)
		for name, tc := range map[string]struct {
			actor actor.Actor
			cmd   release.Command
			kind  problem.Kind
		}{
			"changed since":     {chief, release.Command{Act: release.Publish, Editions: []release.Choice{{Edition: de.ID, Version: de.Version}, {Edition: uk.ID, Version: uk.Version - 1}}}, problem.Conflict},
			"not one's":         {german, release.Command{Act: release.Publish, Editions: choices(de, uk)}, problem.Forbidden},
			"not one's role":    {reporter, release.Command{Act: release.Publish, Editions: choices(de)}, problem.Forbidden},
			"held":              {chief, release.Command{Act: release.Publish, Editions: choices(de, fr)}, problem.Invalid},
			"nothing chosen":    {chief, release.Command{Act: release.Publish}, problem.Invalid},
			"unknown edition":   {chief, release.Command{Act: release.Publish, Editions: []release.Choice{{Edition: "x"}}}, problem.NotFound},
			"unknown act":       {chief, release.Command{Act: "burn", Editions: choices(de)}, problem.Invalid},
			"not out yet":       {chief, release.Command{Act: release.Update, Editions: choices(de)}, problem.Conflict},
			"no time":           {chief, release.Command{Act: release.Schedule, Editions: choices(de)}, problem.Invalid},
			"past time":         {chief, release.Command{Act: release.Schedule, Editions: choices(de), At: noon}, problem.Invalid},
			"mistyped year":     {chief, release.Command{Act: release.Schedule, Editions: choices(de), At: noon.AddDate(100, 0, 0)}, problem.Invalid},
			"reason is missing": {chief, release.Command{Act: release.Publish, Editions: choices(de), Override: []release.Override{{Edition: de.ID, Code: "no_topic", Reason: " "}}}, problem.Invalid},
		} {
			tc.cmd.Story = st.ID
			if _, err := w.releases.Act(t.Context(), tc.actor, tc.cmd); !problem.Is(err, tc.kind) {
				t.Errorf("%s: %v, want %v", name, err, tc.kind)
			}
		}
		if n := len(w.events(t)); n != events {
			t.Errorf("%d events", n-events)
		}
		if n := w.count(t, `SELECT COUNT(*) FROM audit`); n != audits {
			t.Errorf("%d audit entries", n-audits)
		}
		if n := w.count(t, `SELECT (SELECT COUNT(*) FROM release) + (SELECT COUNT(*) FROM card)`); n != 0 {
			t.Errorf("%d rows", n)
		}
		if got := w.read(t, de.ID); !cmp.Equal(de, got) {
			t.Errorf("the edition changed: %s", cmp.Diff(de, got))
		}
	})
}

func TestChecklistHolds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		st.Topics = nil
		if _, err := w.stories.SaveDetails(t.Context(), chief, st); err != nil {
			t.Fatal(err)
		}
		cmd := release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de)}
		_, err := w.releases.Act(t.Context(), editor, cmd)
		var held *release.HeldError
		if !errors.As(err, &held) || len(held.Open) != 1 || held.Open[0].Code != "no_topic" || held.Open[0].Severity != check.Warn {
			t.Fatalf("without a topic: %v", err)
		}
		cmd.Override = []release.Override{
			{Edition: de.ID, Code: "no_topic", Reason: "Es gibt noch keins."},
			{Edition: de.ID, Code: "no_such_thing", Reason: "egal"},
		}
		if _, err := w.releases.Act(t.Context(), reporter, cmd); !problem.Is(err, problem.Forbidden) {
			t.Errorf("a reporter goes past a warning: %v", err)
		}
		r, err := w.releases.Act(t.Context(), editor, cmd)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Overrides) != 1 || r.Overrides[0].ByName != "E. Ditor" || r.Overrides[0].Reason != "Es gibt noch keins." {
			t.Errorf("kept %+v", r.Overrides)
		}
		// Once gone past, it isn't asked again; but it is in another language.
		de = w.save(t, w.read(t, de.ID), text("Der Rat tagt wieder", "Am Montag kamen 1077 Menschen."))
		w.act(t, release.Command{Story: st.ID, Act: release.Minor, Editions: choices(de)})
		list, err := w.releases.Checklist(t.Context(), w.d.Read(), st.ID)
		if err != nil {
			t.Fatal(err)
		}
		c, ok := list.Of(de.ID)
		if !ok || !c.CanPublish() || c.Count(check.Warn) != 1 || len(c.Past) != 1 || c.Past[0].ByName != "E. Ditor" {
			t.Errorf("checklist %+v", c)
		}
		alone, err := w.releases.ChecklistOf(t.Context(), w.d.Read(), de.ID)
		if diff := cmp.Diff(release.Checklist{Story: list.Story, Editions: []release.Checked{c}}, alone, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("alone: %v %s", err, diff)
		}
		if _, err := w.releases.Act(t.Context(), editor, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(uk)}); !errors.As(err, &held) {
			t.Errorf("the other language: %v", err)
		}
		// An error can't be gone past.
		uk = w.save(t, uk, text("Рада засідає", "У понеділок прийшли 1770 людей."))
		_, err = w.releases.Act(t.Context(), chief, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(uk), Override: []release.Override{
			{Edition: uk.ID, Code: "number_differs", Address: "p1/text", Reason: "doch"}, {Edition: uk.ID, Code: "no_topic", Reason: "so"},
			{Edition: uk.ID, Code: "stale_segment", Address: document.AddrHeadline, Reason: "die Überschrift bleibt"},
		}})
		if !errors.As(err, &held) || len(held.Open) != 1 || held.Open[0].Code != "number_differs" {
			t.Errorf("a wrong number: %v", err)
		}
		if got := fmt.Sprint(held.Open[0].Args); !strings.Contains(got, "1077") || !strings.Contains(got, "1770") {
			t.Errorf("it says %s", got)
		}
	})
}

// TestOverrideEndsWithItsText has what was gone past be changed.
func TestOverrideEndsWithItsText(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, _ := w.story(t)
		de = w.save(t, de, text("Der Rat tagt", "Das ist ist so gemeint."))
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de), Override: []release.Override{
			{Edition: de.ID, Code: "double_word", Address: "p1/text", Reason: "Zitat"},
		}})
		de = w.save(t, w.read(t, de.ID), text("Der Rat tagt heute", "Das ist ist so gemeint."))
		w.act(t, release.Command{Story: st.ID, Act: release.Minor, Editions: choices(de)})
		de = w.save(t, w.read(t, de.ID), text("Der Rat tagt heute", "Das kann kann nicht sein."))
		_, err := w.releases.Act(t.Context(), chief, release.Command{Story: st.ID, Act: release.Minor, Editions: choices(de)})
		var held *release.HeldError
		if !errors.As(err, &held) {
			t.Errorf("another doubled word in the same place: %v", err)
		}
	})
}

func TestAfterPublishing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk)})
		de = w.read(t, de.ID)
		if _, err := w.releases.Act(t.Context(), chief, release.Command{Story: st.ID, Act: release.Minor, Editions: choices(de)}); !problem.Is(err, problem.Invalid) {
			t.Errorf("nothing new: %v", err)
		}
		step := func(act release.Act, headline string) edition.Edition {
			t.Helper()
			w.clock.Advance(time.Hour)
			e := w.save(t, w.read(t, de.ID), text(headline, "Am Montag kamen 1077 Menschen."))
			if got := w.out(t, "de"); slices.Contains(got, headline) {
				t.Errorf("%q is seen before it went out", headline)
			}
			cmd := release.Command{Story: st.ID, Act: act, Editions: choices(e)}
			if act == release.Correct {
				cmd.Correct = &release.CorrectionInput{Prominent: true, Texts: map[lang.Tag]string{"de": "In einer früheren Fassung hieß es …"}}
			}
			w.act(t, cmd)
			if got := w.out(t, "de"); len(got) != 1 || got[0] != headline {
				t.Errorf("%s: readers see %v", act, got)
			}
			return w.read(t, e.ID)
		}
		if e := step(release.Minor, "Der Rat tagt jetzt"); e.Updated != nil || !e.Published.Equal(noon) {
			t.Errorf("a minor change shows a date: %+v", e)
		}
		if e := step(release.Update, "Der Rat tagt noch"); !e.Updated.Equal(noon.Add(2*time.Hour)) || !e.Published.Equal(noon) {
			t.Errorf("an update: %+v", e)
		}
		if e := step(release.Correct, "Der Rat tagte"); !e.Updated.Equal(noon.Add(3 * time.Hour)) {
			t.Errorf("a correction: %+v", e)
		}
		list, err := w.corrections.OfStory(t.Context(), w.d.Read(), st.ID, "de")
		if err != nil || len(list) != 1 || !list[0].Prominent || list[0].Edition != de.ID || !strings.HasPrefix(list[0].Text, "In einer") {
			t.Errorf("corrections %+v, %v", list, err)
		}
		if got := w.events(t); !slices.Contains(got, "edition.corrected") { // events promise no order
			t.Errorf("events %v", got)
		}
		// Ukrainian owes the same correction, and tells it later as the same one.
		debts, err := w.corrections.Owed(t.Context(), w.d.Read(), noon, 10)
		if err != nil || len(debts) != 1 || debts[0].Card.Lang != "uk" {
			t.Errorf("owed %+v, %v", debts, err)
		}
		tell := release.Command{Story: st.ID, Act: release.Correct, Editions: choices(w.read(t, uk.ID)), Correct: &release.CorrectionInput{
			Of: list[0].ID, Texts: map[lang.Tag]string{"uk": "У попередній версії …"},
		}, Override: []release.Override{{Edition: uk.ID, Code: "stale_fact", Address: document.AddrHeadline, Reason: "стосується лише німецького заголовка"}}}
		// What was corrected isn't gone past: somebody has to look at it.
		var held *release.HeldError
		if _, err := w.releases.Act(t.Context(), chief, tell); !errors.As(err, &held) || len(held.Open) != 1 || held.Open[0].Code != "stale_fact" {
			t.Errorf("a stale fact: %v", err)
		}
		w.stillRight(t, uk, document.AddrHeadline)
		tell.Override, tell.Editions = nil, choices(w.read(t, uk.ID))
		w.act(t, tell)
		if debts, err := w.corrections.OwedBy(t.Context(), w.d.Read(), st.ID, "uk"); err != nil || len(debts) != 0 {
			t.Errorf("still owed %+v, %v", debts, err)
		}
		told, err := w.corrections.OfStory(t.Context(), w.d.Read(), st.ID, "uk")
		if err != nil || len(told) != 1 || told[0].ID != list[0].ID || !told[0].Prominent {
			t.Errorf("told %+v, %v", told, err)
		}
		entries, next, err := w.corrections.List(t.Context(), w.d.Read(), "de", "", 10)
		if err != nil || len(entries) != 1 || next != "" || entries[0].Card.Headline != "Der Rat tagte" {
			t.Errorf("the page of corrections %+v, %v", entries, err)
		}
	})
}

func TestCorrectNeedsTexts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk)})
		cmd := release.Command{Story: st.ID, Act: release.Correct, Editions: choices(w.read(t, de.ID), w.read(t, uk.ID)), Correct: &release.CorrectionInput{
			Texts: map[lang.Tag]string{"de": "Es waren mehr.", "uk": " \u200b"},
		}}
		_, err := w.releases.Act(t.Context(), chief, cmd)
		if f := problem.FieldsOf(err); len(f) != 1 || f[0].Name != "text.uk" {
			t.Errorf("one text is missing: %v", err)
		}
		cmd.Correct = nil
		if _, err := w.releases.Act(t.Context(), chief, cmd); len(problem.FieldsOf(err)) != 2 {
			t.Errorf("no text at all: %v", err)
		}
		cmd.Correct = &release.CorrectionInput{Of: "other", Texts: map[lang.Tag]string{"de": "a", "uk": "b"}}
		if _, err := w.releases.Act(t.Context(), chief, cmd); !problem.Is(err, problem.NotFound) {
			t.Errorf("a correction there isn't: %v", err)
		}
		if n := w.count(t, `SELECT (SELECT COUNT(*) FROM correction) + (SELECT COUNT(*) FROM correction_text)`); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestWithdraw(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		en := w.edition(t, st, "en", text("The council meets", "On Monday 1,077 people came to the town."))
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk)})
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(en), At: noon.Add(time.Hour)})
		all := choices(w.read(t, de.ID), w.read(t, uk.ID))
		cmd := release.Command{Story: st.ID, Act: release.Withdraw, Editions: all, Why: map[lang.Tag]string{"de": "Die Quelle hat widerrufen."}}
		if _, err := w.releases.Act(t.Context(), editor, cmd); !problem.Is(err, problem.Forbidden) {
			t.Errorf("an editor withdraws: %v", err)
		}
		_, err := w.releases.Act(t.Context(), chief, cmd)
		if f := problem.FieldsOf(err); len(f) != 1 || f[0].Name != "why.uk" {
			t.Errorf("a reason is missing: %v", err)
		}
		cmd.Why["uk"] = "Джерело відкликало свої слова."
		w.act(t, cmd)
		for _, l := range []lang.Tag{"de", "uk", "en"} {
			if got := w.out(t, l); len(got) != 0 {
				t.Errorf("%s still shows %v", l, got)
			}
		}
		_, err = w.editions.Published(t.Context(), w.d.Read(), st.Number, "uk")
		var gone *edition.GoneError
		if !errors.As(err, &gone) || gone.Why != "Джерело відкликало свої слова." || !gone.At.Equal(noon) {
			t.Errorf("its page: %v", err)
		}
		// What was scheduled doesn't go out when its time comes.
		if e := w.read(t, en.ID); e.State != edition.Review || e.Scheduled != nil {
			t.Errorf("the scheduled one is %s", e.State)
		}
		w.clock.Advance(2 * time.Hour)
		if n, err := w.releases.RunDue(t.Context()); n != 0 || err != nil {
			t.Errorf("%d went out, %v", n, err)
		}
		waiting, err := w.releases.Waiting(t.Context(), w.d.Read(), 10)
		if err != nil || len(waiting) != 0 {
			t.Errorf("waiting %+v, %v", waiting, err)
		}
		// Who may withdraw may bring it back.
		back := release.Command{Story: st.ID, Act: release.Publish, Editions: choices(w.read(t, de.ID))}
		if _, err := w.releases.Act(t.Context(), editor, back); !problem.Is(err, problem.Forbidden) {
			t.Errorf("an editor brings it back: %v", err)
		}
		w.act(t, back)
		e := w.read(t, de.ID)
		if !e.FirstPublished.Equal(noon) || !e.Published.Equal(noon.Add(2*time.Hour)) || e.Withdrawn != nil || e.WithdrawnWhy != "" {
			t.Errorf("brought back: %+v", e)
		}
		if got := w.out(t, "de"); len(got) != 1 {
			t.Errorf("readers see %v", got)
		}
	})
}

// TestWithdrawOneLanguage leaves the others alone.
func TestWithdrawOneLanguage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		en := w.edition(t, st, "en", text("The council meets", "On Monday 1,077 people came to the town."))
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de, uk)})
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(en), At: noon.Add(time.Hour)})
		before := w.read(t, de.ID)
		w.act(t, release.Command{Story: st.ID, Act: release.Withdraw, Editions: choices(w.read(t, uk.ID)), Why: map[lang.Tag]string{"uk": "Помилка перекладу."}})
		if got := w.read(t, de.ID); !cmp.Equal(before, got) {
			t.Errorf("the German one changed: %s", cmp.Diff(before, got))
		}
		if e := w.read(t, en.ID); e.State != edition.Scheduled {
			t.Errorf("the English one is %s", e.State)
		}
		// Choosing the scheduled one calls it off without a word to readers.
		w.act(t, release.Command{Story: st.ID, Act: release.Withdraw, Editions: choices(w.read(t, en.ID))})
		if e := w.read(t, en.ID); e.State != edition.Review {
			t.Errorf("the English one is %s", e.State)
		}
		if got := w.out(t, "de"); len(got) != 1 {
			t.Errorf("readers see %v", got)
		}
	})
}

func TestSchedule(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		at := noon.Add(90*time.Minute + 300*time.Millisecond)
		r := w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(de, uk), At: at})
		at = at.Truncate(time.Second)
		if r.Done != nil || !r.Due.Equal(at) {
			t.Errorf("got %+v", r)
		}
		// What somebody writes until then doesn't go out unchecked.
		w.save(t, w.read(t, de.ID), text("Noch nicht geprüft", "TODO"))
		run := func(now time.Time, want int) {
			t.Helper()
			w.clock.Set(now)
			if n, err := w.releases.RunDue(t.Context()); n != want || err != nil {
				t.Errorf("at %s: %d went out, %v, want %d", now.Format(time.TimeOnly), n, err, want)
			}
		}
		run(at.Add(-time.Millisecond), 0)
		run(at.Add(-24*time.Hour), 0) // the clock was set back
		if got := w.out(t, "de"); len(got) != 0 {
			t.Errorf("too early: %v", got)
		}
		run(at, 1)
		run(at, 0)
		if got := w.out(t, "de"); len(got) != 1 || got[0] != "Der Rat tagt" {
			t.Errorf("readers see %v", got)
		}
		e := w.read(t, de.ID)
		if e.State != edition.Published || !e.Published.Equal(at) || !e.Changed() || e.Scheduled != nil {
			t.Errorf("got %+v", e)
		}
		if got := w.events(t); !slices.Contains(got, "edition.published") {
			t.Errorf("events %v", got)
		}
	})
}

// TestScheduleAfterANight has the machine be off when the time came.
func TestScheduleAfterANight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, _ := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(de), At: noon.Add(time.Hour)})
		morning := noon.Add(20 * time.Hour)
		w.clock.Set(morning)
		if n, err := w.releases.RunDue(t.Context()); n != 1 || err != nil {
			t.Fatalf("%d went out, %v", n, err)
		}
		if e := w.read(t, de.ID); !e.Published.Equal(morning) {
			t.Errorf("readers are told that it went out at %s", e.Published)
		}
	})
}

func TestScheduleAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		at := noon.Add(time.Hour)
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(de, uk), At: at})
		// The same second, a later text; German only.
		w.clock.Advance(time.Second)
		de = w.save(t, w.read(t, de.ID), text("Der Rat tagt doch", "Am Montag kamen 1077 Menschen."))
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(de), At: at})
		// Ukrainian later.
		w.clock.Advance(time.Second)
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(w.read(t, uk.ID)), At: at.Add(time.Hour), Override: []release.Override{
			{Edition: uk.ID, Code: "stale_segment", Address: document.AddrHeadline, Reason: "паралельно"},
		}})
		waiting, err := w.releases.Waiting(t.Context(), w.d.Read(), 0)
		if err != nil || len(waiting) != 2 || waiting[0].Editions[0].Edition != de.ID || waiting[0].Editions[0].Revision != de.Revision {
			t.Errorf("waiting %+v, %v", waiting, err)
		}
		w.clock.Set(at)
		if n, err := w.releases.RunDue(t.Context()); n != 1 || err != nil {
			t.Errorf("%d went out, %v", n, err)
		}
		if got := w.out(t, "de"); len(got) != 1 || got[0] != "Der Rat tagt doch" {
			t.Errorf("German shows %v", got)
		}
		if got := w.out(t, "uk"); len(got) != 0 {
			t.Errorf("Ukrainian shows %v", got)
		}
		// Called off.
		uk = w.read(t, uk.ID)
		w.act(t, release.Command{Story: st.ID, Act: release.Unschedule, Editions: choices(uk)})
		if e := w.read(t, uk.ID); e.State != edition.Approved {
			t.Errorf("called off: %s", e.State)
		}
		w.clock.Set(at.Add(2 * time.Hour))
		if n, err := w.releases.RunDue(t.Context()); n != 0 || err != nil {
			t.Errorf("%d went out, %v", n, err)
		}
	})
}

func TestEmbargo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		until := noon.Add(time.Hour)
		st.Embargo = &until
		st, err := w.stories.SaveDetails(t.Context(), chief, st)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.releases.Act(t.Context(), chief, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de)})
		if f := problem.FieldsOf(err); len(f) != 1 || f[0].Key != "problem.embargo" {
			t.Errorf("published before the embargo: %v", err)
		}
		_, err = w.releases.Act(t.Context(), chief, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(de), At: until.Add(-time.Second)})
		if f := problem.FieldsOf(err); len(f) != 1 || f[0].Key != "problem.embargo" {
			t.Errorf("scheduled before the embargo: %v", err)
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(de), At: until})
		// The embargo is moved afterwards.
		later := until.Add(time.Hour)
		st.Embargo = &later
		if _, err := w.stories.SaveDetails(t.Context(), chief, st); err != nil {
			t.Fatal(err)
		}
		w.clock.Set(until)
		if n, err := w.releases.RunDue(t.Context()); n != 0 || err != nil {
			t.Errorf("%d went out, %v", n, err)
		}
		w.clock.Set(later)
		if n, err := w.releases.RunDue(t.Context()); n != 1 || err != nil {
			t.Errorf("%d went out, %v", n, err)
		}
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(uk)})
	})
}

// TestScheduledOnManyNodes has several nodes find the same release due.
func TestScheduledOnManyNodes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, _ := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(de), At: noon.Add(time.Hour)})
		w.clock.Set(noon.Add(time.Hour))
		went := make(chan int)
		for range 4 {
			go func() {
				n, err := w.releases.RunDue(context.Background())
				if err != nil {
					t.Error(err)
				}
				went <- n
			}()
		}
		total := 0
		for range 4 {
			total += <-went
		}
		if n := w.count(t, `SELECT COUNT(*) FROM event WHERE kind = 'edition.published'`); total != 1 || n != 1 {
			t.Errorf("went out %d times, told %d times", total, n)
		}
	})
}

// TestPublishWhileTheStoryMoves has an editor publish while another gives the story another section:
// whoever is first, the card shows the section that the story has in the end.
func TestPublishWhileTheStoryMoves(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if err := w.d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.ExecContext(t.Context(), `INSERT INTO section (id, position, active) VALUES ('sports', 2, TRUE)`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			st, de, _ := w.story(t)
			done := make(chan error, 2)
			go func() {
				_, err := w.releases.Act(context.Background(), chief, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de)})
				done <- err
			}()
			go func() {
				moved := st
				moved.Section = "sports"
				_, err := w.stories.SaveDetails(context.Background(), chief, moved)
				done <- err
			}()
			for range 2 {
				if err := <-done; err != nil {
					t.Fatal(err)
				}
			}
			cards, err := edition.CardsByID(t.Context(), w.d.Read(), []edition.ID{de.ID})
			if err != nil || cards[de.ID].Section != "sports" {
				t.Fatalf("the card is in %q, %v", cards[de.ID].Section, err)
			}
		}
	})
}

// TestScheduleAnewWithOthersWaiting has one of two editions that wait together get a later text for the
// same second: both go out, that one with the text that was chosen last.
func TestScheduleAnewWithOthersWaiting(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, uk := w.story(t)
		at := noon.Add(time.Hour)
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(de, uk), At: at})
		w.clock.Advance(time.Second)
		de = w.save(t, w.read(t, de.ID), text("Der Rat tagt doch", "Am Montag kamen 1077 Menschen."))
		w.act(t, release.Command{Story: st.ID, Act: release.Schedule, Editions: choices(de), At: at})
		w.clock.Set(at)
		if n, err := w.releases.RunDue(t.Context()); n != 2 || err != nil {
			t.Errorf("%d went out, %v", n, err)
		}
		if got := w.out(t, "de"); len(got) != 1 || got[0] != "Der Rat tagt doch" {
			t.Errorf("German shows %v", got)
		}
		if got := w.out(t, "uk"); len(got) != 1 || got[0] != "Рада засідає" {
			t.Errorf("Ukrainian shows %v", got)
		}
	})
}

// TestCorrectionMakesANewSlug holds that an address doesn't go on saying what a correction takes back,
// and that no other change of the text touches what people have copied.
func TestCorrectionMakesANewSlug(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		st, de, _ := w.story(t)
		w.act(t, release.Command{Story: st.ID, Act: release.Publish, Editions: choices(de)})
		for _, c := range []struct {
			cmd            release.Command
			headline, want string
		}{
			{release.Command{Act: release.Minor}, "Der Stadtrat tagt", "der-rat-tagt"},
			{release.Command{Act: release.Update}, "Der Kreisrat tagt", "der-rat-tagt"},
			{release.Command{Act: release.Correct, Correct: &release.CorrectionInput{Texts: map[lang.Tag]string{"de": "Es war der Landtag."}}}, "Der Landtag tagt", "der-landtag-tagt"},
		} {
			w.save(t, w.read(t, de.ID), text(c.headline, "Am Montag kamen 1077 Menschen."))
			c.cmd.Story, c.cmd.Editions = st.ID, choices(w.read(t, de.ID))
			w.act(t, c.cmd)
			if got := w.read(t, de.ID).Slug; got != c.want {
				t.Errorf("after %s: %q, want %q", c.cmd.Act, got, c.want)
			}
		}
	})
}
