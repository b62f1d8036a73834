package reader

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
)

// kinds finds the kinds of events in the source: the string that stands where events are told of.
var kinds = regexp.MustCompile(`"((?:edition|story|picture|topic|author|staff|section|page|redirect|register|publication|correction|live|entry|report|release)\.[a-z_]+)"`)

// told are the calls that tell of an event.
var told = regexp.MustCompile(`(?s)(?:events\.Append|\b[tT]ell[A-Za-z]*)\([^;{}]*?\)`)

// TestEveryEventIsKnown reads the source: each kind that is told of has its line in the table, and each
// line is told of somewhere.
func TestEveryEventIsKnown(t *testing.T) {
	said := map[string]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "../reader/") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		calls := strings.Join(told.FindAllString(string(src), -1), "\n")
		for _, line := range strings.Split(string(src), "\n") {
			if strings.Contains(line, "kind = ") || strings.Contains(line, "kind := ") {
				calls += "\n" + line
			}
		}
		for _, m := range kinds.FindAllStringSubmatch(calls, -1) {
			said[m[1]] = path
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for kind := range falsified {
		if _, ok := said[kind]; !ok {
			t.Errorf("nobody tells of %s", kind)
		}
	}
	// What is only written into the audit goes through the same calls.
	for kind, path := range said {
		if _, ok := falsified[kind]; !ok && (strings.HasSuffix(kind, "ed") || strings.HasSuffix(kind, ".changed") || strings.HasSuffix(kind, ".state")) && !audited[kind] {
			t.Errorf("%s tells of %s, which makes all pages false: give it its line", path, kind)
		}
	}
}

// audited are words of the audit that end like events.
var audited = map[string]bool{"topic.merged": true, "edition.checked": true, "picture.rendered": true}

// statements is a notebook that keeps the tables that were read.
type statements struct {
	notes
	tables map[string]bool
}

var fromTable = regexp.MustCompile(`(?i)\b(?:from|join)\s+([a-z_]+)`)

func (s *statements) Statement(query string) {
	for _, m := range fromTable.FindAllStringSubmatch(query, -1) {
		s.tables[m[1]] = true
	}
}

// watched are the tables that readers' pages are made from, with who notes it when they are read, or
// why nobody needs to.
var watched = map[string]string{
	"publication": "paper/settings", "publication_language": "paper/settings", "section": "paper/sections", "section_name": "paper/sections",
	"static_page": "paper/pages", "redirect": "what leads elsewhere isn't kept",
	"author": "author", "author_name": "author", "staff": "authors/named", "topic": "topic", "topic_name": "topic",
	"picture": "picture", "picture_text": "picture", "rendition": "picture",
	"story": "text, and numbers of sitemaps", "story_author": "text, edition", "story_topic": "text, edition", "source": "text", "story_source": "text", "source_text": "text",
	"edition": "text, edition", "revision": "text, edition", "revision_check": "text, numbers",
	"card": "story, cards, past", "card_topic": "story, cards, past, filled", "card_author": "story, cards, past, filled",
	"correction": "story, corrections", "correction_text": "story, corrections",
	"release": "text: what an edition owes", "release_edition": "text", "source_change": "text", "unit": "text",
}

// TestTablesOfPagesAreWatched reads every kind of page and looks from which tables: one that nobody
// noted anything of would never make a page false.
func TestTablesOfPagesAreWatched(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Erste", "politics", evening, "de", "uk")
		w.out(st, "en", document.Doc{Headline: "Third", Lead: document.Text("Text.")}, evening)
		de, err := w.Editions.ByLanguage(t.Context(), w.d.Read(), st.ID, "de")
		w.must(err)
		w.correct(st, true, correction.Text{Edition: de.ID, Lang: "de", Text: "Ein Komma."})
		other := w.publish("Weg", "politics", evening, "de")
		w.withdraw(other, "de", "Falsch")
		seen := &statements{tables: map[string]bool{}}
		rd := New(w.Deps)
		for _, path := range append(everyPage(), "/de/2/weg-de") {
			v := &visit{rd: rd, w: &nobody{header: http.Header{}}, r: request(path)}
			v.route = parse(path, known)
			err := w.d.Snapshot(t.Context(), func(q db.Conn) error {
				v.q = db.Noted(q, seen)
				_, err := v.make(t.Context())
				return err
			})
			if err != nil && statusOf(err) != http.StatusGone {
				t.Fatalf("%s: %v", path, err)
			}
		}
		if len(seen.tables) < 12 {
			t.Fatalf("only %d tables are read", len(seen.tables))
		}
		for table := range seen.tables {
			if watched[table] == "" {
				t.Errorf("pages are made from the table %s: note what is read of it (db.Note), tell of its changes, and write it down here", table)
			}
		}
	})
}

// everyPage has one of each kind of the world after its first story.
func everyPage() []string {
	out := []string{"/robots.txt", "/sitemap.xml", "/sitemap-1.xml", "/sitemap-news.xml"}
	for _, l := range []string{"de", "uk"} {
		sec, slug := "politik", "nato"
		if l == "uk" {
			sec, slug = "polityka", "nato-uk"
		}
		for _, list := range []string{"", sec + "/", "topic/" + slug + "/", "author/olena-marko/", "corrections/"} {
			for _, feed := range []string{"", "feed.rss", "feed.atom", "feed.json"} {
				out = append(out, "/"+l+"/"+list+feed)
			}
		}
	}
	out = append(out, "/de/1/erste-de", "/de/archive/2024-10-23/")
	return slices.Clip(out)
}

func request(path string) *http.Request {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://paper.example"+path, nil)
	if err != nil {
		panic(err) // of the test
	}
	return r
}
