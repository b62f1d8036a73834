package port_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/port"
	"depesche/internal/topic"
)

// rows counts the rows of all tables but the outbox.
func rows(t testing.TB, d *db.DB) map[string]int {
	t.Helper()
	tables, err := d.Tables(t.Context(), d.Read())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, x := range tables {
		var n int
		if err := d.Read().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM "`+x.Name+`"`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		out[x.Name] = n
	}
	return out
}

// TestImportTwiceIsOnce holds that a repeated import writes nothing at all.
func TestImportTwiceIsOnce(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		for _, f := range append(optional(t), oldPaper) {
			r := paperOnce(t, d)
			one := take(t, r, port.Options{Origin: f}, f)
			before, told := rows(t, d), world(t, r)
			two := take(t, r, port.Options{Origin: f}, f)
			if diff := cmp.Diff(before, rows(t, d)); diff != "" {
				t.Errorf("%s:\n%s", f, diff)
			}
			if diff := cmp.Diff(told, world(t, r)); diff != "" {
				t.Errorf("%s:\n%s", f, diff)
			}
			want := port.Tally{Same: one.Editions.New}
			if two.Editions != want || two.Pages != (port.Tally{Same: one.Pages.New}) || two.Stories.New > 0 || two.Redirects > 0 || two.Topics.New > 0 {
				t.Errorf("%s, the second time: %+v", f, two)
			}
		}
	})
}

// optional are the real exports where they are here.
func optional(t *testing.T) (out []string) {
	t.Run("material", func(t *testing.T) {
		for _, f := range realExports(t) {
			if strings.Contains(f, "theme-unit") || strings.Contains(f, "small-export") || strings.Contains(f, "sample") {
				out = append(out, f)
			}
		}
	})
	return out
}

// paperOnce sets a paper up where there is none.
func paperOnce(t testing.TB, d *db.DB) port.Rooms {
	t.Helper()
	r := rooms(d)
	if ready, err := r.Publication.Ready(t.Context()); err != nil {
		t.Fatal(err)
	} else if ready {
		return r
	}
	return paper(t, d, "de", "uk", "en")
}

// cutOff is a file that fails after n bytes have been read of it altogether, or that calls stop.
type cutOff struct {
	left *int64
	stop func()
	io.Reader
}

func (c cutOff) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b[:min(len(b), 512)])
	if *c.left -= int64(n); *c.left < 0 {
		c.stop()
	}
	return n, err
}

// interrupted imports once and is interrupted after n bytes.
func interrupted(t testing.TB, r port.Rooms, src []byte, n int64) error {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	f := port.File{Name: "x.xml", Size: int64(len(src)), Open: func() (io.ReadCloser, error) {
		return io.NopCloser(cutOff{&n, stop, bytes.NewReader(src)}), nil
	}}
	_, err := port.ImportWordPress(ctx, r, []port.File{f}, port.Options{Batch: 2})
	return err
}

// TestImportResumes interrupts an import at random moments, as often as it takes, and ends where an
// import that wasn't interrupted ends. Nothing half is ever there.
func TestImportResumes(t *testing.T) {
	src, err := os.ReadFile(oldPaper)
	if err != nil {
		t.Fatal(err)
	}
	whole := dbtest.OpenClock(t, steady)
	want := paper(t, whole, "de", "uk", "en")
	take(t, want, port.Options{}, oldPaper)
	told := world(t, want)
	fixed := strings.Split(told, "\n")
	// Each check imports the paper up to six times: thirty break off some ninety imports, anywhere.
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		t.Cleanup(func() { _ = checks.Value.Set(checks.DefValue) })
		if err := checks.Value.Set("30"); err != nil {
			t.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		d := dbtest.OpenClock(t, steady)
		r := paper(t, d, "de", "uk", "en")
		for range rapid.IntRange(1, 5).Draw(rt, "times") {
			err := interrupted(t, r, src, rapid.Int64Range(int64(len(src)), 2*int64(len(src))).Draw(rt, "after"))
			if err != nil && !errors.Is(err, context.Canceled) {
				rt.Fatal(err)
			}
			halves(t, rt, d)
		}
		if err := interrupted(t, r, src, 1<<40); err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(fixed, strings.Split(world(t, r), "\n")); diff != "" {
			rt.Fatal(diff)
		}
	})
}

// halves looks for stories without an edition, editions without a note of where they came from, and
// links that lead nowhere for ever.
func halves(t *testing.T, rt *rapid.T, d *db.DB) {
	t.Helper()
	for what, query := range map[string]string{
		"stories without an edition":   `SELECT COUNT(*) FROM story s WHERE NOT EXISTS (SELECT 1 FROM edition e WHERE e.story_id = s.id)`,
		"stories that nobody knows of": `SELECT COUNT(*) FROM story s WHERE NOT EXISTS (SELECT 1 FROM imported i WHERE i.own_id = s.id)`,
		"editions without a revision":  `SELECT COUNT(*) FROM edition e WHERE NOT EXISTS (SELECT 1 FROM revision r WHERE r.edition_id = e.id)`,
		"published without a card":     `SELECT COUNT(*) FROM edition e WHERE e.state = 'published' AND NOT EXISTS (SELECT 1 FROM card c WHERE c.edition_id = e.id)`,
	} {
		var n int
		if err := d.Read().QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			rt.Fatal(err)
		}
		if n > 0 {
			rt.Errorf("%d %s", n, what)
		}
	}
}

// export makes an export of items, each a sequence of elements.
func export(t testing.TB, items ...string) string {
	t.Helper()
	f, err := os.CreateTemp(t.TempDir(), "*.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	io.WriteString(f, `<?xml version="1.0" encoding="UTF-8"?><rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Alt</title><link>https://alt.example</link><language>de</language>`)
	for _, it := range items {
		io.WriteString(f, "<item>"+it+"</item>\n")
	}
	io.WriteString(f, `</channel></rss>`)
	return f.Name()
}

func el(name, text string) string {
	return "<" + name + "><![CDATA[" + strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>") + "]]></" + name + ">"
}

func post(id, title, content string, more ...string) string {
	return el("wp:post_id", id) + el("title", title) + el("content:encoded", content) + el("link", "https://alt.example/"+id+"/") + el("dc:creator", "olena") +
		el("wp:post_type", "post") + strings.Join(more, "")
}

const (
	isOut   = "<wp:status>publish</wp:status><wp:post_date_gmt>2024-05-01 10:00:00</wp:post_date_gmt>"
	isDraft = "<wp:status>draft</wp:status><wp:post_date_gmt>2024-05-01 10:00:00</wp:post_date_gmt>"
)

// only returns the story's edition in German.
func only(t testing.TB, r port.Rooms) edition.Edition {
	t.Helper()
	w := &teller{t: t, r: r, q: r.DB.Read()}
	list := w.all()
	if len(list) != 1 {
		t.Fatalf("%d stories", len(list))
	}
	e, err := r.Editions.ByLanguage(t.Context(), r.DB.Read(), list[0].ID, "de")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// What was deleted here comes in again, and what was joined here stays one.
func TestImportAfterTheDeskWorked(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		r := paper(t, d, "de", "uk")
		tagged := func(tag string) string {
			return `<category domain="post_tag" nicename="` + tag + `"><![CDATA[` + tag + `]]></category>`
		}
		draft := export(t, post("1", "Titel", "Eins.", isDraft, tagged("strom")))
		take(t, r, port.Options{}, draft)
		e := only(t, r)
		chief := actor.Actor{ID: "c", Name: "Chefin", Role: string(actor.Chief)}
		if err := r.Editions.Discard(t.Context(), chief, e.ID, e.Version); err != nil {
			t.Fatal(err)
		}
		if rep := take(t, r, port.Options{}, draft); rep.Stories.New != 1 || rep.Editions.New != 1 {
			t.Errorf("after it was deleted: %+v, %+v", rep.Stories, rep.Editions)
		}
		if e = only(t, r); e.Headline != "Titel" {
			t.Errorf("%+v", e)
		}

		strom, err := r.Topics.BySlug(t.Context(), d.Read(), "de", "strom")
		if err != nil {
			t.Fatal(err)
		}
		energy, err := r.Topics.Save(t.Context(), chief, topic.Topic{Active: true, Names: map[lang.Tag]topic.Name{"de": {Name: "Energie"}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Topics.Merge(t.Context(), chief, strom.ID, energy.ID, r.Editions.MoveTopic); err != nil {
			t.Fatal(err)
		}
		for n := range 2 { // the second time what was found is remembered
			rep := take(t, r, port.Options{}, export(t, post("1", fmt.Sprint("Titel ", n), "Eins.", isDraft, tagged("strom")), post(fmt.Sprint(2+n), "Noch einer", "Zwei.", isDraft, tagged("strom"))))
			if rep.Topics.New != 0 {
				t.Errorf("the joined topic was made anew: %+v", rep.Topics)
			}
		}
		all, err := r.Topics.All(t.Context(), d.Read())
		if err != nil || len(all) != 1 {
			t.Errorf("topics %v, %v", all, err)
		}
		st, err := r.Stories.ByID(t.Context(), d.Read(), e.Story)
		if err != nil || len(st.Topics) != 1 || st.Topics[0] != energy.ID {
			t.Errorf("the story is about %v, %v", st.Topics, err)
		}
	})
}

// TestImportChanges takes in later exports of the same post.
func TestImportChanges(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		r := paper(t, d, "de", "uk")
		take(t, r, port.Options{}, export(t, post("1", "Titel", "Eins.\n\nZwei.\n\nDrei.", isDraft)))
		e := only(t, r)
		if e.State != edition.Draft || e.Revision != 1 {
			t.Fatalf("%s, revision %d", e.State, e.Revision)
		}
		ids := map[string]document.ID{}
		for _, b := range e.Doc.Blocks {
			ids[b.Text.Plain()] = b.ID
		}
		// The same text, out now.
		take(t, r, port.Options{}, export(t, post("1", "Titel", "Eins.\n\nZwei.\n\nDrei.", isOut)))
		if e = only(t, r); e.State != edition.Published || e.Revision != 1 || e.Published == nil {
			t.Errorf("%s, revision %d", e.State, e.Revision)
		}
		// A paragraph more, and a topic.
		rep := take(t, r, port.Options{}, export(t, post("1", "Titel", "Eins.\n\nNeu.\n\nZwei, geändert.\n\nDrei.", isOut, `<category domain="post_tag" nicename="nato">NATO</category>`)))
		if e = only(t, r); e.Revision != 2 || e.PublishedRev != 2 || rep.Editions.Changed != 1 {
			t.Errorf("revision %d, readers see %d, report %+v", e.Revision, e.PublishedRev, rep.Editions)
		}
		if b := e.Doc.Blocks; b[0].ID != ids["Eins."] || b[3].ID != ids["Drei."] || b[2].ID != ids["Zwei."] || b[1].ID == "" || b[1].ID == b[2].ID {
			t.Errorf("blocks %v, before %v", b, ids)
		}
		st, err := r.Stories.ByID(t.Context(), d.Read(), e.Story)
		if err != nil || len(st.Topics) != 1 {
			t.Errorf("topics %v, %v", st.Topics, err)
		}
		// Somebody writes in it here.
		doc := e.Doc.Clone()
		doc.Blocks[0].Text = document.Text("Von Hand.")
		if _, err := r.Editions.Save(t.Context(), actor.Actor{ID: "x", Role: string(actor.Chief)}, edition.Save{Edition: e.ID, Base: e.Revision, Doc: doc}); err != nil {
			t.Fatal(err)
		}
		rep = take(t, r, port.Options{}, export(t, post("1", "Titel", "Ganz anders.", isOut)))
		if e = only(t, r); e.Revision != 3 || e.Doc.Blocks[0].Text.Plain() != "Von Hand." || rep.Editions.Kept != 1 || rep.Remarks[port.RemarkKept] != 1 {
			t.Errorf("revision %d %q, report %+v", e.Revision, e.Doc.Blocks[0].Text.Plain(), rep.Editions)
		}
		// And again: it is known.
		rep = take(t, r, port.Options{}, export(t, post("1", "Titel", "Ganz anders.", isOut)))
		if rep.Editions != (port.Tally{Same: 1}) {
			t.Errorf("report %+v", rep.Editions)
		}
	})
}

// TestImportOtherSite holds that a post of another site with the same number isn't taken for the one
// that is here.
func TestImportOtherSite(t *testing.T) {
	r := paper(t, dbtest.OpenClock(t, steady), "de")
	take(t, r, port.Options{}, export(t, post("1", "Titel", "Eins.", isOut)))
	other := export(t, post("1", "Etwas anderes", "Zwei.", "<wp:status>publish</wp:status><wp:post_date_gmt>2020-01-01 10:00:00</wp:post_date_gmt>"))
	rep := take(t, r, port.Options{}, other)
	if e := only(t, r); e.Headline != "Titel" || rep.Editions.Refused != 1 {
		t.Errorf("%q, report %+v", e.Headline, rep.Editions)
	}
	if rep = take(t, r, port.Options{Origin: "https://anders.example"}, other); rep.Editions.New != 1 {
		t.Errorf("with a name of its own: %+v", rep.Editions)
	}
}

// TestImportTranslationLater adds a language to a story that came in without it.
func TestImportTranslationLater(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		r := paper(t, d, "de", "uk")
		wpml := func(l, group, from string) string {
			return "<wp:postmeta><wp:meta_key>_wpml_import_language_code</wp:meta_key><wp:meta_value>" + l + "</wp:meta_value></wp:postmeta>" +
				"<wp:postmeta><wp:meta_key>_wpml_import_translation_group</wp:meta_key><wp:meta_value>" + group + "</wp:meta_value></wp:postmeta>" +
				"<wp:postmeta><wp:meta_key>_wpml_import_source_language_code</wp:meta_key><wp:meta_value>" + from + "</wp:meta_value></wp:postmeta>"
		}
		de, uk := post("1", "Titel", "Eins.\n\nZwei.", isOut, wpml("de", "7", "")), post("2", "Назва", "Раз.\n\nДва.", isOut, wpml("uk", "7", "de"))
		take(t, r, port.Options{}, export(t, de))
		rep := take(t, r, port.Options{}, export(t, uk, de))
		e := only(t, r)
		all, err := r.Editions.OfStory(t.Context(), d.Read(), e.Story)
		if err != nil || len(all) != 2 || rep.Editions.New != 1 {
			t.Fatalf("%d editions, %v, report %+v", len(all), err, rep.Editions)
		}
		for i, b := range all[0].Doc.Blocks {
			if all[1].Doc.Blocks[i].ID != b.ID {
				t.Errorf("block %d is %s in German and %s in Ukrainian", i, b.ID, all[1].Doc.Blocks[i].ID)
			}
		}
		if all[1].Made != edition.MadeHuman || all[0].Made != edition.MadeOriginal {
			t.Errorf("made %s and %s", all[0].Made, all[1].Made)
		}
	})
}

// TestImportSeveralFiles takes in an export that was cut into files.
func TestImportSeveralFiles(t *testing.T) {
	r := paper(t, dbtest.OpenClock(t, steady), "de")
	a := export(t, post("1", "Eins", `Siehe <a href="https://alt.example/2/">zwei</a>.`, isOut))
	b := export(t, post("2", "Zwei", `Siehe <a href="/1/">eins</a>.`, isOut))
	rep := take(t, r, port.Options{}, a, b)
	if rep.Stories.New != 2 || len(rep.Files) != 2 {
		t.Errorf("%+v", rep)
	}
	if w := world(t, r); !strings.Contains(w, "[zwei](story:story2)") || !strings.Contains(w, "[eins](story:story1)") {
		t.Error(w)
	}
}

// TestImportOneAtATime starts a second import while one is under way.
func TestImportOneAtATime(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		r := paper(t, d, "de")
		files, err := port.Files(export(t, post("1", "Eins", `Text [weather city="x"]`, isOut)))
		if err != nil {
			t.Fatal(err)
		}
		var second error
		_, err = port.ImportWordPress(t.Context(), r, files, port.Options{Item: func(port.ItemReport) error {
			_, second = port.ImportWordPress(t.Context(), r, files, port.Options{})
			return nil
		}})
		if err != nil || !errors.Is(second, port.ErrImporting) {
			t.Errorf("the first %v, the second %v", err, second)
		}
		if rep, err := port.ImportWordPress(t.Context(), r, files, port.Options{}); err != nil || rep.Editions.Same != 1 {
			t.Errorf("afterwards %+v, %v", rep.Editions, err)
		}
	})
}
