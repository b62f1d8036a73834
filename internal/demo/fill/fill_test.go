package fill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/blob"
	"depesche/internal/check"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/demo"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/register"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/topic"
	"depesche/internal/translate"
)

func rooms(t testing.TB, d *db.DB) demo.Rooms {
	t.Helper()
	files, err := blob.Folder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	paper := publication.New(d)
	pics, err := media.New(d, files, media.Options{Log: slog.New(slog.DiscardHandler), CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pics.Close(context.Background()) })
	stories := story.New(d)
	editions := edition.New(d, stories)
	corrections := correction.New(d)
	work := translate.New(d, editions)
	names := register.New(d)
	return demo.Rooms{
		DB: d, Publication: paper, People: people.New(d, paper), Topics: topic.New(d, paper), Media: pics, Stories: stories, Editions: editions,
		Corrections: corrections, Releases: release.New(d, stories, editions, corrections, paper, pics, work, names), Translate: work, Register: names,
	}
}

var options = Options{
	Languages: []lang.Tag{"de", "uk", "en"}, Seed: 7, Words: 80,
	House: demo.Options{BaseURL: "http://127.0.0.1:8080", Password: "dash dot dot"},
}

// TestAsActsWrite tells stories by the acts of a newsroom and by filling, and compares all rows: those of
// one that was only published, of an updated, a corrected and a withdrawn one, and of a draft.
func TestAsActsWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, s := house(t, d)
		c := clockwork{end: time.Now().Add(-72 * time.Hour), gap: time.Second, to: 2_000_000}
		found := map[string]bool{}
		for i := 0; len(found) < 5; i++ {
			told := s.tell(c, i)
			what := string(told.act)
			if told.out.IsZero() {
				what = "draft"
			}
			if found[what] || len(told.texts) < 2 && what != "draft" || links(told) {
				continue
			}
			found[what] = true
			t.Run("story "+what, func(t *testing.T) {
				empty(t, d)
				byActs(t, r, told)
				acts := dump(t, d)
				empty(t, d)
				number := int64(0)
				err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
					if number, err = r.Stories.Reserve(t.Context(), tx, 1); err != nil {
						return err
					}
					var b db.Bulk
					if err := put(&b, told.story.Created, told, number); err != nil {
						return err
					}
					return b.Write(t.Context(), tx)
				})
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(acts, dump(t, d)); diff != "" {
					t.Error("- by acts, + filled:\n" + diff)
				}
			})
		}
	})
}

func house(t *testing.T, d *db.DB) (demo.Rooms, *scene) {
	t.Helper()
	r := rooms(t, d)
	if _, err := setUp(t.Context(), r, options); err != nil {
		t.Fatal(err)
	}
	all, err := voices()
	if err != nil {
		t.Fatal(err)
	}
	s, err := look(t.Context(), r, state{Seed: options.Seed, Langs: options.Languages, Words: options.Words}, all)
	if err != nil {
		t.Fatal(err)
	}
	return r, s
}

func links(t told) bool {
	b, _ := json.Marshal(t.texts[0].doc)
	return strings.Contains(string(b), `"story"`)
}

// warned are the tables of what mixed words are warned of, and of what isn't a story's.
var warned = []string{"override", "setting"}

func empty(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, table := range []string{"audit", "event", "story", "setting"} {
			if _, err := tx.ExecContext(t.Context(), `DELETE FROM `+table); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var (
	anID   = regexp.MustCompile(`\b[0-9a-hjkmnp-tv-z]{26}\b`)
	aTime  = regexp.MustCompile(`\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	passed = regexp.MustCompile(`,"overrides":\[\{.*?\}\]`)
)

// dump is all rows, with IDs numbered in the order in which they come up and without times.
func dump(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	ids := map[string]string{}
	all, err := d.Tables(t.Context(), d.Read())
	must(t, err)
	names := []string{"story", "edition", "release", "correction"} // whose rows are told apart without their IDs
	for _, of := range all {
		if !slices.Contains(names, of.Name) {
			names = append(names, of.Name)
		}
	}
	for _, table := range names {
		if slices.Contains(warned, table) {
			continue
		}
		list := rowsOf(t, d, table)
		// IDs differ, so rows are ordered by the rest of them.
		rest := map[string]string{}
		for _, row := range list {
			rest[row] = anID.ReplaceAllString(row, "ID")
		}
		sort.SliceStable(list, func(i, j int) bool { return rest[list[i]] < rest[list[j]] })
		for i := range list {
			list[i] = anID.ReplaceAllStringFunc(list[i], func(id string) string {
				if ids[id] == "" {
					ids[id] = fmt.Sprintf("ID%d", len(ids))
				}
				return ids[id]
			})
		}
		sort.Strings(list)
		out[table] = list
	}
	return out
}

// rowsOf are the rows of a table, with their columns' names and without times.
func rowsOf(t *testing.T, d *db.DB, table string) []string {
	t.Helper()
	rows, err := d.Read().QueryContext(t.Context(), `SELECT * FROM `+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		line := ""
		for i, c := range columns {
			if c != "id" || table != "audit" && table != "event" && table != "source_change" {
				line += fmt.Sprintf(" %s=%s", c, plain(values[i]))
			}
		}
		line = passed.ReplaceAllString(aTime.ReplaceAllString(line, "TIME"), "")
		list = append(list, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func plain(v any) string {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case nil:
		return "NULL"
	}
	return fmt.Sprint(v)
}

// byActs tells the story as people would, through the rooms.
func byActs(t *testing.T, r demo.Rooms, told told) {
	t.Helper()
	ctx := t.Context()
	n := newStory(told.story)
	st, err := r.Stories.Create(ctx, Filler, n)
	must(t, err)
	sources := map[string]string{}
	for _, src := range told.story.Sources {
		was := src.ID
		src.ID = ""
		src, err = r.Stories.SaveSource(ctx, Filler, st.ID, src)
		must(t, err)
		sources[was] = src.ID
	}
	wired := func(d document.Doc) document.Doc {
		same := func(s string) string { return s }
		return document.Rewire(d, document.Wires{Source: func(s string) string { return sources[s] }, Story: same, Media: same})
	}
	var ids []edition.ID
	for i, x := range told.texts {
		e, err := r.Editions.Create(ctx, Filler, st.ID, x.lang)
		must(t, err)
		saved, err := r.Editions.Save(ctx, Filler, edition.Save{Edition: e.ID, Base: e.Revision, Doc: wired(x.doc)})
		must(t, err)
		if i > 0 {
			_, err = r.Editions.SaveCredit(ctx, Filler, e.ID, saved.Edition.Version, x.credit)
			must(t, err)
		}
		ids = append(ids, e.ID)
	}
	if told.out.IsZero() {
		return
	}
	act(t, r, st.ID, release.Command{Act: release.Publish})
	switch told.act {
	case "":
		return
	case release.Withdraw:
		cmd := release.Command{Act: release.Withdraw, Why: map[lang.Tag]string{}}
		for _, x := range told.texts {
			cmd.Why[x.lang] = x.notice
		}
		act(t, r, st.ID, cmd)
		return
	}
	cmd := release.Command{Act: told.act}
	if told.act == release.Correct {
		cmd.Correct = &release.CorrectionInput{Prominent: told.wrong, Texts: map[lang.Tag]string{}}
	}
	for i, x := range told.texts {
		if i == 0 {
			e, err := r.Editions.ByID(ctx, r.DB.Read(), ids[0])
			must(t, err)
			_, err = r.Editions.Save(ctx, Filler, edition.Save{Edition: e.ID, Base: e.Revision, Doc: wired(x.changed(told.block))})
			must(t, err)
		} else {
			_, err := r.Translate.Confirm(ctx, Filler, translate.Unit{Edition: ids[i], Address: document.Address(told.block) + "/text", Text: x.later, Answer: translate.AnswerEdited})
			must(t, err)
		}
		if cmd.Correct != nil {
			cmd.Correct.Texts[x.lang] = x.notice
		}
	}
	act(t, r, st.ID, cmd)
}

// act releases all editions, past what mixed words are warned of.
func act(t *testing.T, r demo.Rooms, st story.ID, cmd release.Command) {
	t.Helper()
	list, err := r.Releases.Checklist(t.Context(), r.DB.Read(), st)
	must(t, err)
	cmd.Story = st
	for _, c := range list.Editions {
		cmd.Editions = append(cmd.Editions, release.Choice{Edition: c.Edition.ID, Version: c.Edition.Version})
		for _, f := range c.Findings {
			if f.Severity == check.Warn && cmd.Act != release.Withdraw {
				cmd.Override = append(cmd.Override, release.Override{Edition: c.Edition.ID, Code: f.Code, Address: f.Address, Reason: "no real words"})
			}
		}
	}
	_, err = r.Releases.Act(t.Context(), Filler, cmd)
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestGoesOn stops a filling, goes on, and fills further; the result is the same as in one go.
func TestGoesOn(t *testing.T) {
	d := dbtest.Open(t)
	r := rooms(t, d)
	o := options
	o.Words, o.Until, o.Stories = 30, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), 2*batch+50
	ctx, stop := context.WithCancel(t.Context())
	o.Step = func(int, int) { stop() }
	out, err := Run(ctx, r, o)
	if !errors.Is(err, context.Canceled) || out.Stories < batch || out.Stories == o.Stories || !out.SetUp {
		t.Fatalf("%+v %v", out, err)
	}
	o.Step = nil
	if out, err = Run(t.Context(), r, o); err != nil || out.Stories != o.Stories || out.Before == 0 {
		t.Fatalf("%+v %v", out, err)
	}
	first := heads(t, d)
	d2 := dbtest.Open(t)
	if _, err := Run(t.Context(), rooms(t, d2), o); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, heads(t, d2)); diff != "" {
		t.Error("- stopped once, + in one go:\n" + diff)
	}
	if out, err = Run(t.Context(), r, o); err != nil || out.Stories != o.Stories || out.Rows != 0 {
		t.Errorf("again: %+v %v", out, err)
	}
	o.Stories += 30
	if out, err = Run(t.Context(), r, o); err != nil || out.Stories != o.Stories {
		t.Errorf("further: %+v %v", out, err)
	}
	if more := heads(t, d); len(more) <= len(first) || !slices.Equal(more[len(more)-len(first):], first) {
		t.Error("what is filled in later isn't older than what was there")
	}
	o.Seed++
	if _, err = Run(t.Context(), r, o); err == nil || !strings.Contains(err.Error(), "--seed 7") {
		t.Errorf("another seed: %v", err)
	}
}

// heads lists what is out, oldest first.
func heads(t *testing.T, d *db.DB) []string {
	t.Helper()
	rows, err := d.Read().QueryContext(t.Context(), `SELECT published_at, lang, slug, headline, teaser FROM card ORDER BY published_at, lang, slug`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var a, b, c, e, f string
		must(t, rows.Scan(&a, &b, &c, &e, &f))
		out = append(out, strings.Join([]string{a, b, c, e, f}, "|"))
	}
	must(t, rows.Err())
	return out
}

// TestRealPaper leaves a paper alone that people have set up, unless it is told to.
func TestRealPaper(t *testing.T) {
	d := dbtest.Open(t)
	r := rooms(t, d)
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		return r.Publication.SetUp(t.Context(), tx, publication.Setup{Name: "Real", Languages: []lang.Tag{"de"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: "https://real.example"})
	}))
	o := options
	o.Stories, o.Languages = 3, []lang.Tag{"de"}
	if _, err := Run(t.Context(), r, o); !errors.Is(err, ErrRealPaper) {
		t.Fatal(err)
	}
	o.Into = true
	if _, err := Run(t.Context(), r, o); err == nil || !strings.Contains(err.Error(), "no section") {
		t.Fatal(err)
	}
	_, err := r.Publication.SaveSection(t.Context(), Filler, publication.Section{Active: true, Names: map[lang.Tag]publication.Name{"de": {Name: "Region", Slug: "region"}}})
	must(t, err)
	_, err = r.People.SaveAuthor(t.Context(), Filler, people.Author{Active: true, Names: map[lang.Tag]people.AuthorName{"de": {Name: "Redaktion", Slug: "redaktion"}}})
	must(t, err)
	if out, err := Run(t.Context(), r, o); err != nil || out.Stories != 3 {
		t.Fatalf("%+v %v", out, err)
	}
	o.Languages = []lang.Tag{"xx"}
	if _, err := Run(t.Context(), r, o); err == nil || !strings.Contains(err.Error(), "de, en, fr, pl, ru, uk") {
		t.Fatal(err)
	}
}

// TestDocuments holds that every text can be stored, in all languages there are words for.
func TestDocuments(t *testing.T) {
	all, err := voices()
	must(t, err)
	s := &scene{seed: 3, voices: all, words: 250, pictures: []string{"picture1", "picture2"},
		sections: []publication.Section{{ID: "s"}}, authors: []people.Author{{ID: "a"}}, topics: []topic.Topic{{ID: "t"}}}
	for l := range all {
		s.langs = append(s.langs, l)
	}
	slices.Sort(s.langs)
	c := clockwork{end: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), gap: time.Hour, to: 400}
	kinds := map[document.Kind]int{}
	for i := range c.to {
		for _, x := range s.tell(c, i).texts {
			if err := document.Validate(x.doc); err != nil {
				t.Fatalf("story %d in %s: %v", i, x.lang, err)
			}
			for _, b := range x.doc.Blocks {
				kinds[b.Kind]++
			}
		}
	}
	for _, k := range []document.Kind{document.Paragraph, document.Heading, document.List, document.Quotation, document.PictureK, document.Table, document.FactBox} {
		if kinds[k] == 0 {
			t.Errorf("no block is a %s", k)
		}
	}
}

func BenchmarkTell(b *testing.B) {
	all, err := voices()
	if err != nil {
		b.Fatal(err)
	}
	s := &scene{seed: 3, langs: []lang.Tag{"de", "uk", "en"}, voices: all, words: 250,
		sections: []publication.Section{{ID: "s"}}, authors: []people.Author{{ID: "a"}}, topics: []topic.Topic{{ID: "t"}}}
	c := clockwork{end: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), gap: time.Hour, to: 1 << 30}
	for i := 0; b.Loop(); i++ {
		var rows db.Bulk
		if err := put(&rows, time.Now(), s.tell(c, i), 1); err != nil {
			b.Fatal(err)
		}
	}
}
