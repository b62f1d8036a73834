package live_test

import (
	"context"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/blob"
	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/topic"
	"depesche/internal/translate"
)

var (
	noon       = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	chief      = actor.Actor{ID: "chief", Name: "A. Chief", Role: string(actor.Chief)}
	editor     = actor.Actor{ID: "editor", Name: "E. Ditor", Role: string(actor.Editor)}
	reporter   = actor.Actor{ID: "reporter", Name: "R. Porter", Role: string(actor.Reporter)}
	colleague  = actor.Actor{ID: "colleague", Name: "C. Olleague", Role: string(actor.Reporter)}
	translator = actor.Actor{ID: "translator", Name: "T. Lator", Role: string(actor.Translator), Langs: []lang.Tag{"uk"}}
)

type world struct {
	d           *db.DB
	clock       *clock.Stepping
	stories     *story.Service
	editions    *edition.Service
	corrections *correction.Service
	releases    *release.Service
	work        *translate.Service
	live        *live.Service
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
			`INSERT INTO section (id, position, active) VALUES ('politics', 1, TRUE), ('sports', 2, TRUE)`,
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
	w.live = live.New(d, w.editions, people.New(d, paper), w.releases, w.corrections, w.work)
	return w
}

func text(headline, body string) document.Doc {
	return document.Doc{Headline: headline, Blocks: []document.Block{{ID: "p1", Kind: document.Paragraph, Text: document.Text(body)}}}
}

// running is a story that is out in German and Ukrainian and runs live.
func (w *world) running(t *testing.T, open bool) (story.Story, live.Coverage) {
	t.Helper()
	st := w.out(t)
	c, err := w.live.Start(t.Context(), editor, st.ID, open)
	if err != nil {
		t.Fatal(err)
	}
	return st, c
}

func (w *world) out(t *testing.T) story.Story {
	t.Helper()
	st, err := w.stories.Create(t.Context(), chief, story.NewStory{
		Kind: story.News, OriginalLang: "de", Section: "politics", Authors: []people.AuthorID{"a1"}, Topics: []topic.ID{"t1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	var chosen []release.Choice
	for _, l := range []lang.Tag{"de", "uk"} {
		e, err := w.editions.Create(t.Context(), chief, st.ID, l)
		if err != nil {
			t.Fatal(err)
		}
		doc := text("Der Rat tagt", "Am Montag kamen 1077 Menschen.")
		if l == "uk" {
			doc = text("Рада засідає", "У понеділок прийшли 1077 людей.")
		}
		saved, err := w.editions.Save(t.Context(), chief, edition.Save{Edition: e.ID, Base: e.Revision, Doc: doc})
		if err != nil {
			t.Fatal(err)
		}
		chosen = append(chosen, release.Choice{Edition: e.ID, Version: saved.Edition.Version})
	}
	if _, err := w.releases.Act(t.Context(), chief, release.Command{Story: st.ID, Act: release.Publish, Editions: chosen}); err != nil {
		t.Fatal(err)
	}
	return st
}

// post writes an entry in German a minute later.
func (w *world) post(t *testing.T, a actor.Actor, st story.ID, doc document.Doc) live.Posted {
	t.Helper()
	w.clock.Advance(time.Minute)
	out, err := w.live.Post(t.Context(), a, live.Post{Live: st, Lang: "de", Sent: id.New(w.clock.Now()), Doc: doc})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *world) lines(t *testing.T, st story.ID, l lang.Tag) []live.Line {
	t.Helper()
	list, _, err := w.live.Lines(t.Context(), w.d.Read(), st, l, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (w *world) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := w.d.Read().QueryRowContext(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
