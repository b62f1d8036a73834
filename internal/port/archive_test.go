package port_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"image/color"
	"io"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/people"
	"depesche/internal/port"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// unpacked are an archive's files.
func unpacked(t testing.TB, b []byte) map[string][]byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := out[h.Name]; twice || path.Clean(h.Name) != h.Name {
			t.Errorf("a strange or second %q", h.Name)
		}
		if out[h.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
}

// TestExport holds that everything is in the archive and nothing secret.
func TestExport(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := &site{files: map[string][]byte{
			"https://alt.example/wp-content/uploads/2024/10/gipfel.jpg": photo(t, color.NRGBA{200, 30, 30, 255}),
			"https://alt.example/wp-content/uploads/2024/10/saal.png":   photo(t, color.NRGBA{30, 30, 200, 255}),
		}}
		r := withPictures(t, paper(t, d, "de", "uk", "en"))
		if _, err := r.People.CreateStaff(ctx, port.Importer, people.NewStaff{Name: "Chefin", Email: "chefin@meridian.example", Role: actor.Chief, UILang: "de", Password: "ein langes Passwort 7"}); err != nil {
			t.Fatal(err)
		}
		token, _, err := r.People.SignIn(ctx, "chefin@meridian.example", "ein langes Passwort 7", people.Client{Agent: "test", Address: "127.0.0.1"})
		if err != nil {
			t.Fatal(err)
		}
		take(t, r, port.Options{Fetch: s.fetch}, oldPaper)
		e := write(t, r)
		var b bytes.Buffer
		var steps, total int64
		out, err := port.Export(ctx, r, &b, func(done, of int64) { steps, total = done, of })
		if err != nil {
			t.Fatal(err)
		}
		if want := (port.Exported{Stories: 6, Editions: 7, Revisions: 8, Pages: 1, Pictures: 2}); out != want || steps != total || steps != 8 {
			t.Errorf("%+v, want %+v; %d of %d steps", out, want, steps, total)
		}
		files := unpacked(t, b.Bytes())
		all := bytes.Join(slices.Collect(func(yield func([]byte) bool) {
			for _, f := range files {
				if !yield(f) {
					return
				}
			}
		}), nil)
		for _, secret := range []string{token, "argon2", "Passwort 7", "token_hash"} {
			if bytes.Contains(all, []byte(secret)) {
				t.Errorf("%q is in the archive", secret)
			}
		}
		holds(t, files, e)
	})
}

// TestExportRunning holds that a running story and its entries are known as such.
func TestExportRunning(t *testing.T) {
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		ctx, chief := t.Context(), actor.Actor{ID: "c", Name: "Chefin", Role: string(actor.Chief)}
		r := paper(t, d, "de", "uk")
		work := translate.New(d, r.Editions)
		r.Live = live.New(d, r.Editions, r.People, release.New(d, r.Stories, r.Editions, r.Corrections, r.Publication, nil, work, nil), r.Corrections, work)
		e := write(t, r)
		if _, err := r.Live.Start(ctx, chief, e.Story, true); err != nil {
			t.Fatal(err)
		}
		_, err := r.Live.Post(ctx, chief, live.Post{Live: e.Story, Lang: "de", Sent: "one", Pinned: true, HandIn: true, Happened: noon, Doc: document.Doc{
			Blocks: []document.Block{{ID: "p1", Kind: document.Paragraph, Text: document.Text("Es beginnt.")}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := port.Export(ctx, r, &b, nil); err != nil {
			t.Fatal(err)
		}
		files := unpacked(t, b.Bytes())
		var of, entry struct {
			ID    string
			Live  *struct{ Open bool }
			Entry *struct {
				Of       string
				Happened time.Time
				Pinned   bool
			}
		}
		if err := errors.Join(json.Unmarshal(files["stories/000001/story.json"], &of), json.Unmarshal(files["stories/000002/story.json"], &entry)); err != nil {
			t.Fatal(err)
		}
		if of.Live == nil || !of.Live.Open || of.Entry != nil || entry.Live != nil || entry.Entry == nil || entry.Entry.Of != of.ID || !entry.Entry.Pinned || !entry.Entry.Happened.Equal(noon) {
			t.Errorf("%+v\n%+v", of, entry)
		}
	})
}

// write makes a story of two revisions and with a source, and returns its edition.
func write(t testing.TB, r port.Rooms) edition.Edition {
	t.Helper()
	ctx, chief := t.Context(), actor.Actor{ID: "c", Name: "Chefin", Role: string(actor.Chief)}
	e, err := r.Editions.Begin(ctx, chief, story.NewStory{Kind: story.News, OriginalLang: "de"}, "Eins")
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Stories.SaveSource(ctx, chief, e.Story, story.Source{Kind: story.Paper, Name: "Zeitung", URL: "https://zeitung.example/1",
		Texts: map[lang.Tag]story.SourceText{"de": {Name: "Die Welt", Title: "Ein Artikel", Claim: "Es war so"}}})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func holds(t *testing.T, files map[string][]byte, e edition.Edition) {
	t.Helper()
	for _, name := range []string{
		"README.txt", "paper.json", "redirects.jsonl", "audit.jsonl", "stories/000001/story.json", "stories/000001/de.json", "stories/000001/de.md",
		"stories/000001/uk.revisions.jsonl",
	} {
		if len(files[name]) == 0 {
			t.Errorf("%s is missing", name)
		}
	}
	doc, err := document.Parse(files["stories/000006/de.json"])
	if err != nil || doc.Headline != "Eins" {
		t.Errorf("document %q, %v", doc.Headline, err)
	}
	if n := bytes.Count(files["stories/000006/de.revisions.jsonl"], []byte("\n")); int64(n) != e.Revision {
		t.Errorf("%d revisions of %d", n, e.Revision)
	}
	var st struct {
		Sources []struct {
			Name  string
			Texts map[string]struct{ Title string }
		}
		Editions []struct{ Lang, State string }
	}
	if err := json.Unmarshal(files["stories/000006/story.json"], &st); err != nil || len(st.Sources) != 1 || st.Sources[0].Texts["de"].Title != "Ein Artikel" {
		t.Errorf("story %+v, %v", st, err)
	}
	pictures := 0
	for name, b := range files {
		if strings.HasPrefix(name, "pictures/") && strings.HasSuffix(name, "/original.png") {
			pictures++
			if !bytes.HasPrefix(b, []byte("\x89PNG")) {
				t.Errorf("%s isn't the original", name)
			}
		}
	}
	if pictures != 2 {
		t.Errorf("%d originals", pictures)
	}
	md := string(files["stories/000001/de.md"])
	want := "---\nstory: 1\nlang: \"de\"\nstate: \"published\"\nmade: \"original\"\nheadline: \"Einladung vor dem Ende der Amtszeit?\"\n" +
		"teaser: \"Eine Hoffnung, keine Zusage.\"\nslug: \"einladung\"\nsection: \"Politik\"\nauthors: [\"Olena Marko\",\"Gast Gastmann\"]\n" +
		"topics: [\"Ausland\",\"NATO\"]\npublished: \"2024-10-23T10:00:00Z\"\n---\n\n# Einladung vor dem Ende der Amtszeit?\n"
	if head := md[:min(len(md), len(want))]; head != want {
		t.Error(cmp.Diff(want, head))
	}
}
