package edition_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

var (
	chief      = actor.Actor{ID: "chief", Name: "A. Chief", Role: string(actor.Chief)}
	editor     = actor.Actor{ID: "editor", Name: "E. Ditor", Role: string(actor.Editor)}
	reporter   = actor.Actor{ID: "reporter", Name: "R. Porter", Role: string(actor.Reporter), Langs: []lang.Tag{"de"}}
	translator = actor.Actor{ID: "translator", Name: "T. Lator", Role: string(actor.Translator), Langs: []lang.Tag{"uk", "en"}}
)

// world is a newsroom with two sections, authors and topics.
type world struct {
	d        *db.DB
	stories  *story.Service
	editions *edition.Service
}

func newWorld(t testing.TB, d *db.DB) world {
	t.Helper()
	w := world{d: d, stories: story.New(d)}
	w.editions = edition.New(d, w.stories)
	w.exec(t,
		`INSERT INTO section (id, position, active) VALUES ('politics', 1, TRUE), ('sports', 2, TRUE)`,
		`INSERT INTO author (id, active, created_at) VALUES ('a1', TRUE, '2026-01-01T00:00:00.000Z'), ('a2', TRUE, '2026-01-01T00:00:00.000Z')`,
		`INSERT INTO topic (id, kind, active, created_at) VALUES ('t1', 'subject', TRUE, '2026-01-01T00:00:00.000Z'), ('t2', 'person', TRUE, '2026-01-01T00:00:00.000Z')`,
	)
	return w
}

func (w world) exec(t testing.TB, statements ...string) {
	t.Helper()
	if err := w.d.Write(context.Background(), func(tx *db.Tx) error {
		for _, s := range statements {
			if _, err := tx.ExecContext(context.Background(), s); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (w world) count(t testing.TB, query string, args ...any) (n int) {
	t.Helper()
	if err := w.d.Read().QueryRowContext(context.Background(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (w world) story(t testing.TB) story.Story {
	t.Helper()
	st, err := w.stories.Create(context.Background(), chief, story.NewStory{
		Kind: story.News, OriginalLang: "de", Section: "politics", Authors: []people.AuthorID{"a1"}, Topics: []topic.ID{"t1", "t2"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// edition makes a story with its original, which says text.
func (w world) edition(t testing.TB, doc document.Doc) edition.Edition {
	t.Helper()
	st := w.story(t)
	e, err := w.editions.Create(context.Background(), chief, st.ID, st.OriginalLang)
	if err != nil {
		t.Fatal(err)
	}
	return w.save(t, chief, e, doc).Edition
}

func (w world) save(t testing.TB, a actor.Actor, e edition.Edition, doc document.Doc) edition.Saved {
	t.Helper()
	saved, err := w.editions.Save(context.Background(), a, edition.Save{Edition: e.ID, Base: e.Revision, Doc: doc})
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func (w world) read(t testing.TB, id edition.ID) edition.Edition {
	t.Helper()
	e, err := w.editions.ByID(context.Background(), w.d.Read(), id)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// publish has the newest revision go out, past any checklist.
func (w world) publish(t testing.TB, e edition.Edition, at time.Time) edition.Edition {
	t.Helper()
	err := w.d.Write(context.Background(), func(tx *db.Tx) error {
		st, err := w.stories.ByID(context.Background(), tx, e.Story)
		if err != nil {
			return err
		}
		act := edition.ActPublish
		if e.State == edition.Published {
			act = edition.ActUpdate
		}
		e, err = w.editions.GoOut(context.Background(), tx, st, e, e.Revision, act, at)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// withdraw takes the edition back.
func (w world) withdraw(t testing.TB, e edition.Edition, why string) edition.Edition {
	t.Helper()
	err := w.d.Write(context.Background(), func(tx *db.Tx) (err error) {
		e, err = w.editions.TakeBack(context.Background(), tx, e, why)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// doc makes a document of a headline and paragraphs named p0, p1, …
func doc(headline string, paragraphs ...string) document.Doc {
	d := document.Doc{Headline: headline, Blocks: []document.Block{}}
	for i, p := range paragraphs {
		d.Blocks = append(d.Blocks, document.Block{ID: document.ID(fmt.Sprintf("p%d", i)), Kind: document.Paragraph, Text: document.Text(p)})
	}
	return d
}

// change returns d with another text in paragraph i.
func change(d document.Doc, i int, text string) document.Doc {
	d = d.Clone()
	d.Blocks[i].Text = document.Text(text)
	return d
}

const politics = publication.SectionID("politics")
