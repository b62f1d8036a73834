package edition_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// readingRoom is a paper with two sections, of which the second is empty in German, a topic and an
// author.
type readingRoom struct {
	t        *testing.T
	d        *db.DB
	editions *edition.Service
	stories  *story.Service
	first    publication.SectionID
	second   publication.SectionID
	topic    topic.ID
	author   people.AuthorID
}

var readingChief = actor.Actor{ID: "chief", Name: "Chief", Role: string(actor.Chief)}

func newReadingRoom(t *testing.T, d *db.DB) *readingRoom {
	t.Helper()
	pub := publication.New(d)
	r := &readingRoom{t: t, d: d, stories: story.New(d)}
	r.editions = edition.New(d, r.stories)
	r.must(d.Write(t.Context(), func(tx *db.Tx) error {
		return pub.SetUp(t.Context(), tx, publication.Setup{Name: "M", Languages: []lang.Tag{"de", "uk", "en"}, MainLang: "de", TimeZone: "UTC", BaseURL: "https://m.example"})
	}))
	for i, into := range []*publication.SectionID{&r.first, &r.second} {
		slug := fmt.Sprintf("section-%c", 'a'+i)
		sec, err := pub.SaveSection(t.Context(), readingChief, publication.Section{Active: true, Names: map[lang.Tag]publication.Name{
			"de": {Name: slug, Slug: slug}, "uk": {Name: slug, Slug: slug},
		}})
		r.must(err)
		*into = sec.ID
	}
	tp, err := topic.New(d, pub).Save(t.Context(), readingChief, topic.Topic{Kind: topic.Subject, Active: true, Names: map[lang.Tag]topic.Name{"de": {Name: "T", Slug: "t"}}})
	r.must(err)
	au, err := people.New(d, pub).SaveAuthor(t.Context(), readingChief, people.Author{Active: true, Names: map[lang.Tag]people.AuthorName{"de": {Name: "A", Slug: "a"}}})
	r.must(err)
	r.topic, r.author = tp.ID, au.ID
	return r
}

func (r *readingRoom) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *readingRoom) out(section publication.SectionID, at time.Time, langs ...lang.Tag) []edition.Edition {
	r.t.Helper()
	st, err := r.stories.Create(r.t.Context(), readingChief, story.NewStory{
		Kind: story.News, OriginalLang: langs[0], Section: section, Authors: []people.AuthorID{r.author}, Topics: []topic.ID{r.topic},
	})
	r.must(err)
	var out []edition.Edition
	for _, l := range langs {
		r.must(r.d.Write(r.t.Context(), func(tx *db.Tx) error {
			e, _, err := r.editions.Import(r.t.Context(), tx, readingChief, edition.Imported{Story: st.ID, Lang: l, Published: &at, Doc: document.Doc{
				Headline: fmt.Sprintf("Story %d %s", st.Number, l), Slug: fmt.Sprintf("story-%d-%s", st.Number, l),
				Blocks: []document.Block{{ID: "b", Kind: document.Paragraph, Text: document.Text("Text.")}},
			}})
			out = append(out, e)
			return err
		}))
	}
	return out
}

func (r *readingRoom) takeBack(e edition.Edition) {
	r.t.Helper()
	r.must(r.d.Write(r.t.Context(), func(tx *db.Tx) error {
		_, err := r.editions.TakeBack(r.t.Context(), tx, e, "wrong")
		return err
	}))
}

func TestReading(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newReadingRoom(t, d)
		day := time.Date(2024, 10, 23, 12, 0, 0, 0, time.UTC)
		both := r.out(r.first, day, "uk", "de")
		r.out(r.second, day.AddDate(0, 0, 2), "uk")
		gone := r.out(r.second, day.AddDate(0, 0, 1), "de")[0]
		r.takeBack(gone)
		ctx, q, s := t.Context(), d.Read(), r.editions

		filled, err := s.FilledSections(ctx, q, "de")
		r.must(err)
		r.equal("sections", map[publication.SectionID]bool{r.first: true}, filled)
		for _, tt := range []struct {
			list edition.List
			want map[lang.Tag]bool
		}{
			{edition.List{}, map[lang.Tag]bool{"de": true, "uk": true}},
			{edition.List{Section: r.second}, map[lang.Tag]bool{"uk": true}},
			{edition.List{Topic: r.topic}, map[lang.Tag]bool{"de": true, "uk": true}},
			{edition.List{Author: r.author}, map[lang.Tag]bool{"de": true, "uk": true}},
			{edition.List{Author: "none"}, map[lang.Tag]bool{}},
		} {
			got, err := s.FilledLangs(ctx, q, tt.list)
			r.must(err)
			r.equal(fmt.Sprintf("languages of %+v", tt.list), tt.want, got)
		}

		at, ok, err := s.FirstSince(ctx, q, "uk", day.Add(time.Hour))
		r.must(err)
		r.equal("next", true, ok && at.Equal(day.AddDate(0, 0, 2)))
		_, ok, err = s.FirstSince(ctx, q, "de", day.Add(time.Hour))
		r.must(err)
		r.equal("a next that was withdrawn", false, ok)

		inside, err := s.InsideOf(ctx, q, []edition.ID{both[0].ID, both[1].ID, gone.ID})
		r.must(err)
		r.equal("insides", 2, len(inside))
		de := inside[both[1].ID]
		r.equal("headline", "Story 1 de", de.Doc.Headline)
		r.equal("authors", []people.AuthorID{r.author}, de.Authors)
		r.equal("topics", []topic.ID{r.topic}, de.Topics)
		none, err := s.InsideOf(ctx, q, nil)
		r.must(err)
		r.equal("nothing", 0, len(none))

		places, err := s.Places(ctx, q, 1, 3)
		r.must(err)
		var got []string
		for _, p := range places {
			got = append(got, fmt.Sprintf("%d %s %s %s", p.Number, p.Lang, p.Original, p.Slug))
		}
		r.equal("places", []string{"1 de uk story-1-de", "1 uk uk story-1-uk", "2 uk uk story-2-uk"}, got)
		n, err := s.LastNumber(ctx, q)
		r.must(err)
		r.equal("last number", int64(3), n)
	})
}

func (r *readingRoom) equal(what string, want, got any) {
	r.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		r.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestReadingAnEmptyPaper(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := edition.New(d, story.New(d))
		n, err := s.LastNumber(context.Background(), d.Read())
		if n != 0 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if _, ok, err := s.FirstSince(t.Context(), d.Read(), "de", time.Time{}); ok || err != nil {
			t.Errorf("%v, %v", ok, err)
		}
	})
}
