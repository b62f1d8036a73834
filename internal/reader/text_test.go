package reader

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"depesche/internal/db"
)

var links = regexp.MustCompile(`<a href="([^"]*)"`)

// Each page is there as text alone, and whoever reads that way stays there.
func TestTextAlone(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Umgezogen", "politics", evening.Add(-time.Hour), "de", "uk")
		for _, path := range []string{"/de/", "/uk/", "/de/1/umgezogen-de", "/de/politik/", "/de/topic/nato/", "/de/author/olena-marko/", "/de/archive/2024-10-23/"} {
			whole, alone := w.get(path), w.get("/text"+path)
			if alone.StatusCode != http.StatusOK {
				t.Errorf("/text%s: %d", path, alone.StatusCode)
				continue
			}
			if !strings.Contains(whole.text, `<a href="/text`+path+`"`) || !strings.Contains(alone.text, `<a href="`+path+`"`) {
				t.Errorf("%s and its text don't lead to each other", path)
			}
			if !strings.Contains(alone.text, `<link rel="canonical" href="https://paper.example`+path+`">`) || strings.Contains(alone.text, "hreflang=\"x-default\"") {
				t.Errorf("/text%s isn't told to be another form of %s", path, path)
			}
			for _, m := range links.FindAllStringSubmatch(alone.text, -1) {
				if strings.HasPrefix(m[1], "/") && !strings.HasPrefix(m[1], "/text/") && m[1] != path {
					t.Errorf("/text%s leads away to %s", path, m[1])
				}
			}
		}
		w.leads("/text/de/1/falsch", "/text/de/1/umgezogen-de", http.StatusMovedPermanently)
		w.leads("/text/DE/1", "/text/de/1/umgezogen-de", http.StatusMovedPermanently)
		w.leads("/text/", "/text/uk/", http.StatusFound, "Accept-Language", "uk")
		w.leads("/text", "/text/uk/", http.StatusFound, "Accept-Language", "uk")
		w.has("/text/", `href="/text/de/"`)
		w.write(func(ctx context.Context, tx *db.Tx) error {
			return w.Publication.AddRedirect(ctx, tx, "/2024/10/umgezogen/", "story:"+string(st.ID)+":de")
		})
		w.leads("/text/2024/10/umgezogen/", "/text/de/1/umgezogen-de", http.StatusMovedPermanently)
		for _, missing := range []string{"/text/robots.txt", "/text/de/feed.rss", "/text/assets/x.js", "/text/healthz", "/text/media/x", "/text/text/de/", "/text/de/99", "/textde/", "/text//de/"} {
			if res := w.get(missing); res.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", missing, res.StatusCode)
			}
		}
		if res := w.get("/text/de/99"); strings.Contains(res.text, "/assets/") || !strings.Contains(res.text, `href="/text/de/1/umgezogen-de"`) {
			t.Errorf("nothing there, as text alone:\n%s", res.text)
		}
		w.withdraw(st, "de", "Die Quelle war erfunden.")
		if res := w.get("/text/de/1/umgezogen-de"); res.StatusCode != http.StatusGone || !strings.Contains(res.text, "Die Quelle war erfunden.") || strings.Contains(res.text, "Der Text von") {
			t.Errorf("withdrawn: %d\n%s", res.StatusCode, res.text)
		}
	})
}

// Lists of text alone are short, and all that is in them is reached page by page: also a day of the archive,
// which else is one page.
func TestTextAloneTurnsPages(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		const stories = 23
		for i := range stories {
			w.publish(fmt.Sprintf("Meldung %d", i), "politics", evening.Add(-time.Duration(i+1)*time.Minute), "de")
		}
		story := regexp.MustCompile(`<h2><a href="(/text/de/\d+/[^"]*)"`)
		older := regexp.MustCompile(`<a href="([^"]*)" rel="next">`)
		for _, first := range []string{"/text/de/politik/", "/text/de/topic/nato/", "/text/de/archive/2024-10-23/"} {
			seen, pages := map[string]int{}, 0
			for path := first; path != "" && pages < 9; pages++ {
				res := w.get(path)
				found := story.FindAllStringSubmatch(res.text, -1)
				if res.StatusCode != http.StatusOK || len(found) == 0 || len(found) > 10 {
					t.Fatalf("%s: %d with %d stories", path, res.StatusCode, len(found))
				}
				for _, m := range found {
					seen[m[1]]++
				}
				path = ""
				if m := older.FindStringSubmatch(res.text); m != nil {
					path = html.UnescapeString(m[1])
				}
			}
			if len(seen) != stories || pages != 3 {
				t.Errorf("%s: %d stories on %d pages", first, len(seen), pages)
			}
		}
		if n := strings.Count(w.page("/de/archive/2024-10-23/"), `href="/de/`); n < stories {
			t.Errorf("the whole day has %d links", n)
		}
	})
}
