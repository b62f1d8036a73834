package reader

import (
	"context"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/publication"
)

func TestArticleAddresses(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Selenskyj hofft", "politics", evening.Add(-time.Hour), "uk", "de")
		w.has("/de/1/selenskyj-hofft-de", "<h1>Selenskyj hofft de</h1>", `<link rel="canonical" href="https://paper.example/de/1/selenskyj-hofft-de">`)
		for _, wrong := range []string{"/de/1", "/de/1/", "/de/1/falsch", "/de/1/selenskyj-hofft-de/", "/DE/1/selenskyj-hofft-de"} {
			w.leads(wrong, "/de/1/selenskyj-hofft-de", http.StatusMovedPermanently)
		}
		w.leads("/de/1?utm_source=x", "/de/1/selenskyj-hofft-de?utm_source=x", http.StatusMovedPermanently)
		for _, missing := range []string{"/en/1/selenskyj-hofft-en", "/de/2/x", "/fr/1/x", "/de/1/a/b", "/x", "/de/../de/1"} {
			if res := w.get(missing); res.StatusCode != http.StatusNotFound || !strings.Contains(res.text, "<h1>") {
				t.Errorf("%s: %d", missing, res.StatusCode)
			}
		}
	})
}

func TestMissingPageShowsTheNewest(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Neues", "politics", evening, "de")
		res := w.get("/de/gibt-es-nicht/")
		if res.StatusCode != http.StatusNotFound || !strings.Contains(res.text, "Diese Seite gibt es nicht") || !strings.Contains(res.text, "Neues de") || !strings.Contains(res.text, `name="robots" content="noindex"`) {
			t.Errorf("%d\n%s", res.StatusCode, res.text)
		}
		if res := w.get("/uk/gibt-es-nicht/"); strings.Contains(res.text, "Neues de") || strings.Contains(res.text, "Останні новини") {
			t.Error("a story in another language, or a heading over nothing")
		}
	})
}

func TestWithdrawnEverywhere(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Falschmeldung", "politics", evening.Add(-time.Hour), "de", "uk", "en")
		w.publish("Anderes", "politics", evening.Add(-2*time.Hour), "de", "uk")
		places := []string{
			"/de/", "/de/politik/", "/de/topic/nato/", "/de/author/olena-marko/", "/de/archive/2024-10-23/",
			"/de/feed.rss", "/de/feed.atom", "/de/feed.json", "/de/politik/feed.rss", "/de/topic/nato/feed.atom", "/de/author/olena-marko/feed.json",
			"/sitemap.xml", "/sitemap-news.xml",
		}
		for _, p := range places {
			w.has(p, "/de/1/falschmeldung-de")
		}
		w.withdraw(st, "de", "Die Quelle war erfunden.")
		for _, p := range places {
			w.lacks(p, "falschmeldung-de")
		}
		res := w.get("/de/1/falschmeldung-de")
		for _, s := range []string{"Dieser Artikel wurde zurückgezogen", "23.\u00a0Oktober 2024", "Grund: Die Quelle war erfunden.", `href="/uk/1/falschmeldung-uk"`, "noindex"} {
			if !strings.Contains(res.text, s) {
				t.Errorf("the page of the withdrawn story lacks %q", s)
			}
		}
		if res.StatusCode != http.StatusGone || strings.Contains(res.text, "Der Text von") {
			t.Errorf("%d\n%s", res.StatusCode, res.text)
		}
		if res := w.get("/de/1/anders"); res.StatusCode != http.StatusGone {
			t.Errorf("with another slug: %d", res.StatusCode)
		}
		if _, langs, _ := strings.Cut(res.text, `class="about langs"`); strings.Index(langs, `href="/uk/1/`) > strings.Index(langs, `href="/en/1/`) {
			t.Error("the languages aren't in the paper's order")
		}
		if strings.Contains(res.text, "box corr") {
			t.Error("a heading over no correction")
		}
		w.has("/uk/1/falschmeldung-uk", "Falschmeldung uk")
		w.lacks("/uk/1/falschmeldung-uk", "/de/1/")
	})
}

func TestPagesAreFreshAfterEachCommit(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Erste Fassung", "politics", evening.Add(-time.Hour), "de")
		path := "/de/1/erste-fassung-de"
		tag := w.get(path).Header.Get("ETag")
		if res := w.get(path, "If-None-Match", tag); res.StatusCode != http.StatusNotModified {
			t.Errorf("unchanged: %d", res.StatusCode)
		}
		doc := textOf("Zweite Fassung", "de")
		doc.Slug = "erste-fassung-de"
		w.out(st, "de", doc, evening.Add(-time.Hour))
		if res := w.get(path, "If-None-Match", tag); res.StatusCode != http.StatusOK || !strings.Contains(res.text, "Zweite Fassung") {
			t.Errorf("changed: %d", res.StatusCode)
		}
		w.has("/de/", "Zweite Fassung de")
		w.has("/de/feed.rss", "Zweite Fassung de")
	})
}

func TestOldAddressesLeadToTheNewInOneStep(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Umgezogen", "politics", evening, "de", "uk")
		w.write(func(ctx context.Context, tx *db.Tx) error {
			for path, target := range map[string]string{
				"/?p=12":                    "story:" + string(st.ID) + ":de",
				"/2024/10/umgezogen/":       "story:" + string(st.ID) + ":de",
				"/uk/2024/10/%D0%BD%D0%B0/": "story:" + string(st.ID) + ":uk",
				"/category/politik/":        "section:" + string(w.sections["politics"]) + ":de",
				"/tag/nato/":                "topic:" + string(w.nato) + ":de",
				"/author/om/":               "author:" + string(w.olena) + ":de",
				"/feed/":                    "/de/feed.rss",
				"/alt/":                     "/2024/10/umgezogen/",
				"/de/alter-ort/":            "/alt/",
			} {
				if err := w.Publication.AddRedirect(ctx, tx, path, target); err != nil {
					return err
				}
			}
			return nil
		})
		for path, to := range map[string]string{
			"/?p=12":                    "/de/1/umgezogen-de",
			"/?p=12&utm_source=x":       "/de/1/umgezogen-de",
			"/2024/10/umgezogen/":       "/de/1/umgezogen-de",
			"/2024/10/umgezogen":        "/de/1/umgezogen-de",
			"/uk/2024/10/%D0%BD%D0%B0/": "/uk/1/umgezogen-uk",
			"/uk/2024/10/%d0%bd%d0%b0":  "/uk/1/umgezogen-uk",
			"/category/politik/":        "/de/politik/",
			"/tag/nato/":                "/de/topic/nato/",
			"/author/om/":               "/de/author/olena-marko/",
			"/feed/":                    "/de/feed.rss",
			"/alt/":                     "/de/1/umgezogen-de",
			"/de/alter-ort/":            "/de/1/umgezogen-de",
		} {
			w.leads(path, to, http.StatusMovedPermanently)
		}
		if res := w.get("/?p=13"); res.StatusCode != http.StatusOK {
			t.Errorf("an unknown query at the root: %d", res.StatusCode)
		}
	})
}

func TestRenamedSectionKeepsItsAddresses(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Neues", "politics", evening, "de")
		sec, err := w.Publication.SectionByID(t.Context(), w.d.Read(), w.sections["politics"])
		w.must(err)
		name := regexp.MustCompile("<id>tag:paper.example,[^<]*:section/[^<]*/de</id>").FindString(w.page("/de/politik/feed.atom"))
		if name == "" {
			t.Fatalf("the feed has no name of its own\n%s", w.page("/de/politik/feed.atom"))
		}
		sec.Names["de"] = publication.Name{Name: "Innen & Außen", Slug: "innen-aussen"}
		_, err = w.Publication.SaveSection(t.Context(), chief, sec)
		w.must(err)
		w.leads("/de/politik/", "/de/innen-aussen/", http.StatusMovedPermanently)
		w.leads("/de/politik", "/de/innen-aussen/", http.StatusMovedPermanently)
		w.leads("/de/politik/feed.rss", "/de/innen-aussen/feed.rss", http.StatusMovedPermanently)
		w.has("/de/innen-aussen/feed.atom", name)
		w.has("/de/innen-aussen/", "<h1>Innen &amp; Außen</h1>", "Neues de")
	})
}

func TestRoot(t *testing.T) {
	each(t, func(w *world) {
		if res := w.get("/"); res.StatusCode != http.StatusTemporaryRedirect || res.Header.Get("Location") != "/desk/" {
			t.Errorf("before it is set up: %d %s", res.StatusCode, res.Header.Get("Location"))
		}
		w.setUp()
		for accept, to := range map[string]string{"uk-UA,uk;q=0.9": "/uk/", "fr, en;q=0.3": "/en/", "de-CH": "/de/", "DE": "/de/"} {
			res := w.get("/", "Accept-Language", accept)
			if res.StatusCode != http.StatusFound || res.Header.Get("Location") != to || res.Header.Get("Vary") != "Accept-Language" {
				t.Errorf("%s: %d %v", accept, res.StatusCode, res.Header)
			}
		}
		for _, accept := range []string{"", "ja", "*", ";;q=x", strings.Repeat("x-y,", 5000)} {
			res := w.get("/", "Accept-Language", accept)
			if res.StatusCode != http.StatusOK || !strings.Contains(res.text, `<a href="/uk/" lang="uk" hreflang="uk">Українська</a>`) {
				t.Errorf("%.20s: %d", accept, res.StatusCode)
			}
		}
	})
}

func TestMethods(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		for _, m := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH"} {
			r, err := http.NewRequestWithContext(t.Context(), m, "/de/", nil)
			w.must(err)
			rec := httptest.NewRecorder()
			w.handler.ServeHTTP(rec, r)
			if rec.Code != http.StatusMethodNotAllowed || rec.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("%s: %d", m, rec.Code)
			}
		}
	})
}

func TestFixedAddresses(t *testing.T) {
	each(t, func(w *world) {
		if res := w.get("/healthz"); res.StatusCode != http.StatusOK || !strings.Contains(res.text, "ok") {
			t.Errorf("health before set-up: %d %s", res.StatusCode, res.text)
		}
		w.setUp()
		w.has("/robots.txt", "Disallow: /desk/", "Sitemap: https://paper.example/sitemap.xml")
		for path, kind := range map[string]string{
			"/favicon.svg": "image/svg+xml", "/favicon.ico": "image/png", "/apple-touch-icon.png": "image/png", "/icon-512.png": "image/png",
			"/site.webmanifest": "application/manifest+json", "/sitemap.xml": "application/xml; charset=utf-8",
			"/sitemap-news.xml": "application/xml; charset=utf-8", "/de/feed.rss": "application/rss+xml; charset=utf-8",
		} {
			res := w.get(path)
			if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != kind || len(res.text) == 0 {
				t.Errorf("%s: %d %s", path, res.StatusCode, res.Header.Get("Content-Type"))
			}
			if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s lacks its guards: %v", path, res.Header)
			}
		}
		asset := w.Pages.Assets().URL("reader.js")
		if res := w.get(asset); res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d", asset, res.StatusCode)
		}
	})
}

// Who saves data gets no fonts; the page is the same for everyone.
func TestSaveDataLeavesFontsOut(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		plain, saving := w.get("/de/"), w.get("/de/", "Save-Data", "on")
		if plain.text != saving.text || slices.Contains(plain.Header.Values("Vary"), "Save-Data") {
			t.Error("the page differs by Save-Data")
		}
		_, font, _ := strings.Cut(plain.text, `<link rel="preload" as="font" type="font/woff2" href="`)
		font, _, _ = strings.Cut(font, `"`)
		if res := w.get(font); res.StatusCode != http.StatusOK || len(res.text) < 5000 || !slices.Contains(res.Header.Values("Vary"), "Save-Data") {
			t.Errorf("%s: %d, %d bytes, Vary %q", font, res.StatusCode, len(res.text), res.Header.Values("Vary"))
		}
		if res := w.get(font, "Save-Data", "on"); res.StatusCode != http.StatusNoContent || res.text != "" || res.Header.Get("Cache-Control") != never {
			t.Errorf("saving data: %d, %d bytes, %q", res.StatusCode, len(res.text), res.Header.Get("Cache-Control"))
		}
	})
}
