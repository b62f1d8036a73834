package edition_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/story"
	"depesche/internal/topic"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func TestPublished(t *testing.T) {
	dbtest.EachClock(t, clock.NewStepping(noon), func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.edition(t, doc("Selenskyj hofft auf Einladung", "eins", "zwei"))
		if _, err := w.editions.Published(t.Context(), d.Read(), 1, "de"); !problem.Is(err, problem.NotFound) {
			t.Errorf("a draft: %v", err)
		}
		out := w.publish(t, e, noon)
		if out.Slug != "selenskyj-hofft-auf-einladung" || !out.FirstPublished.Equal(noon) || !out.Published.Equal(noon) || out.Updated != nil {
			t.Errorf("got %+v", out)
		}
		w.save(t, chief, out, doc("Noch geheim", "eins"))
		live, err := w.editions.Published(t.Context(), d.Read(), 1, "de")
		if err != nil {
			t.Fatal(err)
		}
		if live.Doc.Headline != "Selenskyj hofft auf Einladung" || len(live.Edition.Doc.Blocks) != 0 || !live.Edition.Changed() {
			t.Errorf("readers see %+v", live)
		}
		if len(live.Siblings) != 1 || live.Siblings[0].Edition != e.ID || live.Story.Number != 1 || len(live.Story.Topics) != 2 {
			t.Errorf("beside it: %+v", live)
		}
		now := w.publish(t, w.read(t, e.ID), noon.Add(time.Hour))
		if now.Slug != out.Slug || !now.Published.Equal(noon) || !now.Updated.Equal(noon.Add(time.Hour)) || now.Changed() {
			t.Errorf("updated: %+v", now)
		}
		w.withdraw(t, now, "Die Quelle hat widerrufen.")
		_, err = w.editions.Published(t.Context(), d.Read(), 1, "de")
		var gone *edition.GoneError
		if !errors.As(err, &gone) || !problem.Is(err, problem.Gone) || gone.Why != "Die Quelle hat widerrufen." || !gone.At.Equal(noon) || len(gone.Siblings) != 0 {
			t.Errorf("withdrawn: %v", err)
		}
		if cards, _, err := w.editions.Cards(t.Context(), d.Read(), edition.List{Lang: "de"}); err != nil || len(cards) != 0 {
			t.Errorf("its card is still there: %v, %v", cards, err)
		}
		if a, err := w.editions.AddressOf(t.Context(), d.Read(), e.Story, "de"); err != nil || a.Number != 1 || a.Slug != out.Slug {
			t.Errorf("its address: %+v, %v", a, err)
		}
		for _, number := range []int64{0, 2, -1} {
			if _, err := w.editions.Published(t.Context(), d.Read(), number, "de"); !problem.Is(err, problem.NotFound) {
				t.Errorf("story %d: %v", number, err)
			}
		}
		if _, err := w.editions.Published(t.Context(), d.Read(), 1, "uk"); !problem.Is(err, problem.NotFound) {
			t.Errorf("a language there isn't: %v", err)
		}
	})
}

func TestSlug(t *testing.T) {
	d := dbtest.Open(t)
	w := newWorld(t, d)
	for headline, want := range map[string]string{"北约邀请": "story", "": "story", "2026": "story", "Größe": "groesse"} {
		e := w.publish(t, w.edition(t, doc(headline, "x")), noon)
		if e.Slug != want {
			t.Errorf("%q has slug %q, want %q", headline, e.Slug, want)
		}
	}
	with := doc("Größe", "x")
	with.Slug = "eigener"
	e := w.publish(t, w.edition(t, with), noon)
	if e.Slug != "eigener" {
		t.Errorf("chosen slug is %q", e.Slug)
	}
	e = w.save(t, chief, e, doc("Anders", "x")).Edition
	if e = w.publish(t, e, noon); e.Slug != "eigener" {
		t.Errorf("a slug that was out became %q", e.Slug)
	}
}

// TestCards walks all lists by pages and compares them with what was published.
func TestCards(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		var all []edition.ID // newest first
		for i := range 23 {
			e := w.edition(t, doc(fmt.Sprintf("Nummer %d", i), "x"))
			// Several in the same second, as a wire's bulk is.
			w.publish(t, e, noon.Add(time.Duration(i/5)*24*time.Hour))
			all = append([]edition.ID{e.ID}, all...)
		}
		for name, list := range map[string]edition.List{
			"language": {},
			"section":  {Section: politics},
			"topic":    {Topic: "t2"},
			"author":   {Author: "a1"},
		} {
			var got []edition.ID
			list.Lang, list.Limit = "de", 4
			for {
				cards, next, err := w.editions.Cards(t.Context(), d.Read(), list)
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range cards {
					got = append(got, c.Edition)
				}
				if next == "" {
					break
				}
				list.Before = next
			}
			if diff := cmp.Diff(all, got); diff != "" {
				t.Errorf("%s:\n%s", name, diff)
			}
		}
		for name, list := range map[string]edition.List{
			"another language": {Lang: "uk"},
			"another section":  {Lang: "de", Section: "sports"},
			"another topic":    {Lang: "de", Topic: "none"},
			"another author":   {Lang: "de", Author: "a2"},
			"another day":      {Lang: "de", From: noon.Add(-24 * time.Hour), To: noon},
		} {
			if cards, next, err := w.editions.Cards(t.Context(), d.Read(), list); err != nil || len(cards) != 0 || next != "" {
				t.Errorf("%s: %v, %v", name, cards, err)
			}
		}
		for _, list := range []edition.List{{}, {Topic: "t1"}, {Author: "a1"}, {Section: politics}} {
			list.Lang, list.From, list.To = "de", noon.Add(24*time.Hour), noon.Add(48*time.Hour)
			cards, _, err := w.editions.Cards(t.Context(), d.Read(), list)
			if err != nil || len(cards) != 5 || cards[0].Headline != "Nummer 9" || cards[4].Headline != "Nummer 5" {
				t.Errorf("a day: %v, %v", cards, err)
			}
		}
		for _, bad := range []edition.Cursor{"x", "-", "1-", "zzzzzzzzzzzzzzz-" + edition.Cursor(all[0]), "-1-" + edition.Cursor(all[0]), "1-%"} {
			if _, _, err := w.editions.Cards(t.Context(), d.Read(), edition.List{Lang: "de", Before: bad}); !problem.Is(err, problem.Invalid) {
				t.Errorf("cursor %q: %v", bad, err)
			}
		}
	})
}

// TestCardsUseIndexes holds that each list is a walk along one index that stops after a page.
func TestCardsUseIndexes(t *testing.T) {
	for want, list := range map[string]edition.List{
		"card_lang":                    {},
		"card_section":                 {Section: politics},
		"sqlite_autoindex_card_topic":  {Topic: "t1"},
		"sqlite_autoindex_card_author": {Author: "a1"},
	} {
		for _, from := range []time.Time{{}, noon} {
			if list.Section != "" && !from.IsZero() {
				continue // a day's bounds serve as well as the section
			}
			list.Lang, list.From, list.To = "de", from, noon.Add(time.Hour)
			query, args, err := edition.ListQuery(list, 20)
			if err != nil {
				t.Fatal(err)
			}
			plan := dbtest.Plan(t, query, args...)
			if !strings.Contains(plan, want) || strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
				t.Errorf("%+v: %s", list, plan)
			}
		}
	}
}

// TestCardFollowsStory has the story of a published edition move.
func TestCardFollowsStory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.edition(t, doc("x", "x"))
		w.publish(t, e, noon)
		draft := w.edition(t, doc("y", "y"))
		for _, id := range []story.ID{e.Story, draft.Story} {
			st, err := w.stories.ByID(t.Context(), d.Read(), id)
			if err != nil {
				t.Fatal(err)
			}
			st.Section, st.Kind, st.Topics, st.Authors = "sports", story.Opinion, []topic.ID{"t2"}, []people.AuthorID{"a2"}
			if _, err := w.stories.SaveDetails(t.Context(), chief, st); err != nil {
				t.Fatal(err)
			}
		}
		for name, tc := range map[string]struct {
			list edition.List
			want int
		}{
			"old section": {edition.List{Section: politics}, 0},
			"new section": {edition.List{Section: "sports"}, 1},
			"old topic":   {edition.List{Topic: "t1"}, 0},
			"kept topic":  {edition.List{Topic: "t2"}, 1},
			"new author":  {edition.List{Author: "a2"}, 1},
		} {
			tc.list.Lang = "de"
			cards, _, err := w.editions.Cards(t.Context(), d.Read(), tc.list)
			if err != nil || len(cards) != tc.want {
				t.Errorf("%s: %v, %v", name, cards, err)
			}
			if len(cards) == 1 && cards[0].Kind != story.Opinion {
				t.Errorf("%s: kind %s", name, cards[0].Kind)
			}
		}
	})
}

func TestCardsOfStories(t *testing.T) {
	d := dbtest.Open(t)
	w := newWorld(t, d)
	e := w.publish(t, w.edition(t, doc("Deutsch", "x")), noon)
	uk, err := w.editions.Create(t.Context(), chief, e.Story, "uk")
	if err != nil {
		t.Fatal(err)
	}
	uk = w.publish(t, w.save(t, chief, uk, doc("Українською", "x")).Edition, noon.Add(time.Hour))
	other := w.edition(t, doc("Entwurf", "x"))
	ids := []story.ID{e.Story, other.Story, "none"}
	for _, tc := range []struct {
		prefer []string
		want   edition.ID
	}{{nil, e.ID}, {[]string{"uk"}, uk.ID}, {[]string{"fr", "uk"}, uk.ID}, {[]string{"fr"}, e.ID}} {
		got, err := w.editions.CardsOf(t.Context(), d.Read(), ids, tags(tc.prefer)...)
		if err != nil || len(got) != 1 || got[e.Story].Edition != tc.want {
			t.Errorf("%v: %v, %v", tc.prefer, got, err)
		}
	}
	if got, err := edition.CardsByID(t.Context(), d.Read(), []edition.ID{uk.ID, other.ID}); err != nil || len(got) != 1 || got[uk.ID].Headline != "Українською" {
		t.Errorf("by edition: %v, %v", got, err)
	}
}

func tags(list []string) []lang.Tag {
	out := make([]lang.Tag, len(list))
	for i, s := range list {
		out[i] = lang.Tag(s)
	}
	return out
}

func TestCardPicture(t *testing.T) {
	d := dbtest.Open(t)
	w := newWorld(t, d)
	text := doc("x", "x")
	text.Blocks = append(text.Blocks, document.Block{ID: "g", Kind: document.PictureK, Pictures: []document.Picture{{ID: "p", Media: "m1", Alt: "a"}}})
	w.publish(t, w.edition(t, text), noon)
	cards, _, err := w.editions.Cards(t.Context(), d.Read(), edition.List{Lang: "de"})
	if err != nil || len(cards) != 1 || cards[0].Picture == nil || cards[0].Picture.Media != "m1" {
		t.Errorf("got %+v, %v", cards, err)
	}
}

func TestSourceInUse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		e := w.edition(t, doc("x", "x"))
		src, err := w.stories.SaveSource(t.Context(), chief, e.Story, story.Source{Kind: story.Paper, Name: "Le Monde"})
		if err != nil {
			t.Fatal(err)
		}
		text := doc("x", "x")
		text.Blocks[0].Text = document.Inline{{Text: "So steht es da", Marks: []document.Mark{{Type: document.SourceRef, Source: src.ID}}}}
		e = w.publish(t, w.save(t, chief, e, text).Edition, noon)
		e = w.save(t, chief, e, doc("x", "x")).Edition // not out yet: readers still see the reference
		if err := w.stories.DeleteSource(t.Context(), chief, e.Story, src.ID, story.UnlessUsed); !problem.Is(err, problem.Conflict) {
			t.Errorf("a source that the published text refers to: %v", err)
		}
		w.publish(t, e, noon)
		if err := w.stories.DeleteSource(t.Context(), chief, e.Story, src.ID, story.UnlessUsed); err != nil {
			t.Errorf("a source that nothing refers to: %v", err)
		}
	})
}

func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		st := w.story(t)
		old := time.Date(2014, 3, 1, 8, 0, 0, 0, time.UTC)
		in := edition.Imported{Story: st.ID, Lang: "de", Doc: doc("Alt", "x"), Published: &old, Why: "wordpress"}
		run := func(in edition.Imported) (e edition.Edition, fresh bool) {
			t.Helper()
			if err := d.Write(context.Background(), func(tx *db.Tx) (err error) {
				e, fresh, err = w.editions.Import(t.Context(), tx, chief, in)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return e, fresh
		}
		e, fresh := run(in)
		if !fresh || e.State != edition.Published || !e.Published.Equal(old) || e.Made != edition.MadeOriginal || e.Slug != "alt" {
			t.Errorf("got %+v", e)
		}
		if _, fresh = run(in); fresh {
			t.Error("the same again is new")
		}
		in.Doc = doc("Neu", "x")
		if e, fresh = run(in); !fresh || e.Revision != 2 || e.PublishedRev != 2 {
			t.Errorf("a newer one: %+v", e)
		}
		w.save(t, reporter, e, doc("Von Hand", "x"))
		in.Doc = doc("Noch neuer", "x")
		if e, fresh = run(in); fresh || e.Headline != "Von Hand" {
			t.Errorf("what a person wrote was replaced: %+v", e)
		}
		cards, _, err := w.editions.Cards(t.Context(), d.Read(), edition.List{Lang: "de"})
		if err != nil || len(cards) != 1 || cards[0].Headline != "Neu" || !cards[0].Published.Equal(old) {
			t.Errorf("cards %+v, %v", cards, err)
		}
	})
}

func TestPresence(t *testing.T) {
	c := clock.NewStepping(noon)
	d := dbtest.OpenClock(t, c)
	w := newWorld(t, d)
	w.editions.Here("e1", reporter, "p1")
	c.Advance(20 * time.Second)
	w.editions.Here("e1", editor, "")
	w.editions.Here("e2", editor, "")
	w.editions.Here("e1", reporter, "p2")
	who := w.editions.Who("e1")
	if len(who) != 2 || who[0].ID != "reporter" || who[0].Block != "p2" || !who[0].Since.Equal(noon) || who[1].Name != "E. Ditor" {
		t.Errorf("here are %+v", who)
	}
	w.editions.Left("e1", editor)
	if who := w.editions.Who("e1"); len(who) != 1 {
		t.Errorf("after leaving: %+v", who)
	}
	c.Advance(41 * time.Second)
	if who := w.editions.Who("e1"); len(who) != 0 {
		t.Errorf("after a silence: %+v", who)
	}
}
