package reader

import (
	"encoding/xml"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"depesche/internal/correction"
)

// Before the paper is set up, crawlers are told to come again.
func TestCrawlersBeforeSetUp(t *testing.T) {
	each(t, func(w *world) {
		for _, path := range []string{"/robots.txt", "/sitemap.xml", "/sitemap-1.xml", "/sitemap-news.xml"} {
			res := w.get(path)
			if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || res.Header.Get("Location") != "" {
				t.Errorf("%s: %d %v", path, res.StatusCode, res.Header)
			}
		}
	})
}

// An empty paper has no list that leads nowhere, and its feeds have a time that is its own.
func TestEmptyPaper(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		paper, err := w.Publication.PaperIn(t.Context(), w.d.Read())
		w.must(err)
		w.has("/de/feed.atom", "<updated>"+paper.Updated.UTC().Format(time.RFC3339)+"</updated>")
		w.lacks("/de/", "/de/corrections/", "/de/archive/", "hreflang=\"x-default\"", "correctionsPolicy")
		w.has("/de/", `name="robots" content="noindex"`)
		w.has("/de/corrections/", `name="robots" content="noindex"`)
		w.lacks("/sitemap.xml", "<loc>")
	})
}

// A language without anything to read is no language to offer.
func TestEmptyLanguagesAreNotOffered(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.has("/", `href="/uk/"`, `href="/en/"`) // nothing is out at all: the choice is all there is
		st := w.publish("Erste", "politics", evening, "de", "uk")
		for _, path := range []string{"/", "/de/", "/de/politik/", "/de/1/erste-de", "/de/corrections/"} {
			w.lacks(path, `href="/en/"`)
		}
		w.has("/de/", `href="/uk/"`)
		w.leads("/", "/uk/", http.StatusFound, "Accept-Language", "en,uk;q=0.5")
		if res := w.get("/site.webmanifest", "Accept-Language", "en"); !strings.Contains(res.text, `"start_url":"/de/"`) {
			t.Error(res.text)
		}
		w.withdraw(st, "uk", "Falsch")
		w.lacks("/de/", `href="/uk/"`)
		w.leads("/", "/de/", http.StatusFound, "Accept-Language", "uk")
		w.has("/en/", `href="/de/"`, `name="robots" content="noindex"`)
	})
}

// The sitemap has every list on which there is something, in the languages in which there is.
func TestSitemapHasFilledLists(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Erste", "politics", evening, "de")
		want := []string{"/de/", "/de/1/erste-de", "/de/author/olena-marko/", "/de/politik/", "/de/topic/nato/"}
		compareLocs(t, want, w.page("/sitemap.xml"))
		w.out(st, "uk", textOf("Перша", "uk"), evening)
		de, err := w.Editions.ByLanguage(t.Context(), w.d.Read(), st.ID, "de")
		w.must(err)
		w.correct(st, false, correction.Text{Edition: de.ID, Lang: "de", Text: "Ein Komma."})
		want = append(want, "/de/corrections/", "/uk/", "/uk/1/persha-uk", "/uk/author/olena-marko/", "/uk/polityka/", "/uk/topic/nato-uk/")
		compareLocs(t, want, w.page("/sitemap.xml"))
		w.has("/de/", `<a href="/de/corrections/">`, "correctionsPolicy")
		w.lacks("/uk/", "/uk/corrections/")
		w.lacks("/de/corrections/", "noindex", `hreflang="uk" href="https://paper.example/uk/corrections/"`)
		w.withdraw(st, "de", "")
		w.lacks("/sitemap.xml", "/de/")
	})
}

func compareLocs(t *testing.T, want []string, sitemap string) {
	t.Helper()
	var set struct {
		Loc []string `xml:"url>loc"`
	}
	if err := xml.Unmarshal([]byte(sitemap), &set); err != nil {
		t.Fatal(err)
	}
	for i, loc := range set.Loc {
		set.Loc[i] = strings.TrimPrefix(loc, "https://paper.example")
	}
	slices.Sort(set.Loc)
	slices.Sort(want)
	if !slices.Equal(set.Loc, want) {
		t.Errorf("got  %v\nwant %v", set.Loc, want)
	}
}

// An address of ours but for capitals and zeros leads to the right one, in one step.
func TestNearlyRightAddresses(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Erste", "politics", evening, "de")
		for wrong, right := range map[string]string{
			"/de/POLITIK/":                "/de/politik/",
			"/DE/Politik":                 "/de/politik/",
			"/de/Politik/?before=":        "/de/politik/?before=",
			"/de/01/x":                    "/de/1/erste-de",
			"/de/0001":                    "/de/1/erste-de",
			"/de/1/ERSTE-DE":              "/de/1/erste-de",
			"/de/Topic/NATO/":             "/de/topic/nato/",
			"/de/author/Olena-Marko/":     "/de/author/olena-marko/",
			"/de/CORRECTIONS/":            "/de/corrections/",
			"/de/Feed.RSS":                "/de/feed.rss",
			"/uk/%D0%9F%D0%9E%D0%9B/feed": "",
			"/de/00/x":                    "",
			"/de/0":                       "",
			"/de/02/x":                    "",
			"/de/SPORT/":                  "",
			"/X":                          "",
		} {
			if right != "" {
				w.leads(wrong, right, http.StatusMovedPermanently)
			} else if res := w.get(wrong); res.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d %s", wrong, res.StatusCode, res.Header.Get("Location"))
			}
		}
	})
}

// What the browser's languages decided is told to caches.
func TestMissingPageVaries(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		for path, want := range map[string]bool{"/x": true, "/fr/x/": true, "/de/x/": false, "/uk/a/b/c/d": false} {
			res := w.get(path, "Accept-Language", "uk")
			if got := slices.Contains(res.Header.Values("Vary"), "Accept-Language"); got != want || res.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d %v", path, res.StatusCode, res.Header.Values("Vary"))
			}
		}
	})
}

func TestHealthLooksAtTheDisk(t *testing.T) {
	each(t, func(w *world) {
		w.Data = filepath.Join(t.TempDir(), "data")
		w.handler = New(w.Deps)
		health := func(status int, text string) {
			t.Helper()
			if res := w.get("/healthz"); res.StatusCode != status || !strings.Contains(res.text, text) {
				t.Errorf("%d %s, want %d %s", res.StatusCode, res.text, status, text)
			}
		}
		health(http.StatusServiceUnavailable, "data folder not writable")
		w.must(os.Mkdir(w.Data, 0o700))
		health(http.StatusServiceUnavailable, "data folder not writable") // believed for a while
		w.clock.Advance(diskAge)
		health(http.StatusOK, "ok")
		if left, err := os.ReadDir(w.Data); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v %v", left, err)
		}
	})
}
