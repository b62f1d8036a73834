package reader

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/page"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

var admin = actor.Actor{ID: "01hadmn0000000000000000000", Name: "Betrieb", Role: string(actor.Admin)}

var chief = actor.Actor{ID: "01hchef0000000000000000000", Name: "Chefin", Role: string(actor.Chief)}

// world is a paper with a reader at its door.
type world struct {
	t     testing.TB
	d     *db.DB
	clock *clock.Stepping
	Deps
	stories  *story.Service
	handler  http.Handler
	sections map[string]publication.SectionID
	nato     topic.ID
	olena    people.AuthorID
	numbers  []int
}

// evening is when the world begins.
var evening = time.Date(2024, 10, 23, 18, 30, 0, 0, time.UTC)

// each runs fn in a fresh world on each engine. The paper is in German, Ukrainian and English, and
// was once in Polish.
func each(t *testing.T, fn func(*world)) {
	t.Helper()
	dbtest.EachEngine(t, func(t *testing.T, open func(clock.Clock) *db.DB) {
		c := clock.NewStepping(evening)
		fn(newWorld(t, open(c), c))
	})
}

func newWorld(t testing.TB, d *db.DB, c *clock.Stepping) *world {
	t.Helper()
	w := &world{t: t, d: d, clock: c, sections: map[string]publication.SectionID{}}
	words, err := lang.LoadWords()
	w.must(err)
	pub := publication.New(d)
	stories := story.New(d)
	w.stories = stories
	w.Deps = Deps{
		DB: d, Clock: c, Log: slog.New(slog.NewTextHandler(testWriter{t}, nil)), Publication: pub,
		People: people.New(d, pub), Topics: topic.New(d, pub), Media: library(t, d),
		Editions: edition.New(d, stories), Corrections: correction.New(d),
	}
	w.Pages, err = page.New(words, page.Rooms{
		Publication: pub, People: w.People, Topics: w.Topics, Media: w.Media, Editions: w.Editions, Corrections: w.Corrections,
	}, c)
	w.must(err)
	w.handler = New(w.Deps)
	return w
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) write(fn func(context.Context, *db.Tx) error) {
	w.t.Helper()
	w.must(w.d.Write(w.t.Context(), func(tx *db.Tx) error { return fn(w.t.Context(), tx) }))
}

// setUp makes the paper, two sections, a topic and an author.
func (w *world) setUp() *world {
	w.t.Helper()
	ctx := w.t.Context()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		return w.Publication.SetUp(ctx, tx, publication.Setup{
			Name: "Meridian", Languages: []lang.Tag{"de", "uk", "en"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: "https://paper.example",
		})
	})
	for _, s := range []struct{ key, de, uk, en string }{{"politics", "Politik", "Політика", "Politics"}, {"business", "Wirtschaft", "Економіка", "Business"}} {
		sec, err := w.Publication.SaveSection(ctx, chief, publication.Section{Active: true, Names: map[lang.Tag]publication.Name{
			"de": {Name: s.de, Slug: lang.Tag("de").Slug(s.de, 0)}, "uk": {Name: s.uk, Slug: lang.Tag("uk").Slug(s.uk, 0)}, "en": {Name: s.en, Slug: lang.Tag("en").Slug(s.en, 0)},
		}})
		w.must(err)
		w.sections[s.key] = sec.ID
	}
	tp, err := w.Topics.Save(ctx, chief, topic.Topic{Kind: topic.Organisation, Active: true, Names: map[lang.Tag]topic.Name{
		"de": {Name: "Nato", Slug: "nato"}, "uk": {Name: "НАТО", Slug: "nato-uk"},
	}})
	w.must(err)
	w.nato = tp.ID
	au, err := w.People.SaveAuthor(ctx, chief, people.Author{Active: true, Names: map[lang.Tag]people.AuthorName{
		"de": {Name: "Olena Marko", Slug: "olena-marko", About: "Berichtet aus Kyjiw."}, "uk": {Name: "Олена Марко", Slug: "olena-marko"},
	}})
	w.must(err)
	w.olena = au.ID
	return w
}

// publish brings a story out in the languages, at the time. Its headline is "<name> <lang>".
func (w *world) publish(name, section string, at time.Time, langs ...lang.Tag) story.Story {
	w.t.Helper()
	st, err := w.stories.Create(w.t.Context(), chief, story.NewStory{
		Kind: story.News, OriginalLang: langs[0], Section: w.sections[section], Authors: []people.AuthorID{w.olena}, Topics: []topic.ID{w.nato},
	})
	w.must(err)
	for _, l := range langs {
		w.out(st, l, textOf(name, l), at)
	}
	return st
}

func textOf(name string, l lang.Tag) document.Doc {
	return document.Doc{
		Headline: name + " " + string(l), Lead: document.Text("Worum es geht: " + name + "."),
		Blocks: []document.Block{{ID: "b1", Kind: document.Paragraph, Text: document.Text("Der Text von " + name + ".")}},
	}
}

func (w *world) out(st story.Story, l lang.Tag, doc document.Doc, at time.Time) edition.Edition {
	w.t.Helper()
	var e edition.Edition
	w.write(func(ctx context.Context, tx *db.Tx) error {
		var err error
		e, _, err = w.Editions.Import(ctx, tx, chief, edition.Imported{Story: st.ID, Lang: l, Doc: doc, Published: &at, Why: "test"})
		return err
	})
	return e
}

// withdraw takes the story back in a language.
func (w *world) withdraw(st story.Story, l lang.Tag, why string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		e, err := w.Editions.ByLanguage(ctx, tx, st.ID, l)
		if err != nil {
			return err
		}
		if e, err = w.Editions.TakeBack(ctx, tx, e, why); err != nil {
			return err
		}
		return edition.Tell(ctx, tx, "edition.withdrawn", st, e)
	})
}

type answer struct {
	*http.Response
	text string
}

// get asks as a browser would that takes no coding and names no language.
func (w *world) get(path string, header ...string) answer {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://evil.example"+path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	res := rec.Result()
	body, err := io.ReadAll(res.Body)
	w.must(err)
	if strings.Contains(string(body), "evil.example") || strings.Contains(fmt.Sprint(res.Header), "evil.example") {
		w.t.Errorf("%s: the Host header came back", path)
	}
	return answer{res, string(body)}
}

// page wants the path to be there, and returns its text.
func (w *world) page(path string) string {
	w.t.Helper()
	res := w.get(path)
	if res.StatusCode != http.StatusOK {
		w.t.Fatalf("%s: %d %s\n%s", path, res.StatusCode, res.Header.Get("Location"), res.text)
	}
	return res.text
}

func (w *world) has(path string, want ...string) {
	w.t.Helper()
	text := w.page(path)
	for _, s := range want {
		if !strings.Contains(text, s) {
			w.t.Errorf("%s lacks %q in\n%s", path, s, text)
		}
	}
}

func (w *world) lacks(path string, unwanted ...string) {
	w.t.Helper()
	text := w.page(path)
	for _, s := range unwanted {
		if strings.Contains(text, s) {
			w.t.Errorf("%s has %q", path, s)
		}
	}
}

func (w *world) leads(path, to string, status int, header ...string) {
	w.t.Helper()
	res := w.get(path, header...)
	if res.StatusCode != status || res.Header.Get("Location") != to {
		w.t.Errorf("%s: %d %q, want %d %q", path, res.StatusCode, res.Header.Get("Location"), status, to)
	}
}

func library(t testing.TB, d *db.DB) *media.Service {
	t.Helper()
	return nil // replaced when pictures are the subject
}

func tags(list []string) []lang.Tag {
	var out []lang.Tag
	for _, l := range list {
		out = append(out, lang.Tag(l))
	}
	return out
}

// correct records a correction as a release would.
func (w *world) correct(st story.Story, prominent bool, texts ...correction.Text) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		release := id.New(tx.Now())
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO release (id, story_id, act, done_at, by_id, by_name, created_at) VALUES ($1, $2, 'correct', $3, $4, $5, $3)`,
			release, string(st.ID), db.Time{Time: tx.Now()}, chief.ID, chief.Name); err != nil {
			return err
		}
		_, err := w.Corrections.Record(ctx, tx, chief, correction.Note{Story: st.ID, Release: release, Prominent: prominent, Texts: texts})
		for _, text := range texts {
			if err == nil {
				err = edition.Tell(ctx, tx, "edition.corrected", st, edition.Edition{ID: text.Edition, Lang: text.Lang})
			}
		}
		return err
	})
}
