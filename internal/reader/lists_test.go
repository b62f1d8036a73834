package reader

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/publication"
	"depesche/internal/story"
)

func TestCorrectionsAreTold(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Berichtigt", "politics", evening.Add(-3*time.Hour), "de", "uk")
		w.has("/de/corrections/", "Bisher gab es nichts zu berichtigen.")
		de, err := w.Editions.ByLanguage(t.Context(), w.d.Read(), st.ID, "de")
		w.must(err)
		w.correct(st, true, correction.Text{Edition: de.ID, Lang: "de", Text: "Es waren 32 <Staaten>."})
		article := w.page("/de/1/berichtigt-de")
		for _, want := range []string{
			`<p class="fixed"><a href="#correction-`, "Dieser Artikel wurde korrigiert", "Es waren 32 &lt;Staaten&gt;.",
			`"correction":[{"@type":"CorrectionComment","text":"Es waren 32 \u003cStaaten\u003e."`,
		} {
			if !strings.Contains(article, want) {
				t.Errorf("the article lacks %s in\n%s", want, article)
			}
		}
		w.lacks("/uk/1/berichtigt-uk", "Staaten", "Виправлення</h2>")
		w.has("/uk/1/berichtigt-uk", `<p class="fixed">Оригінал виправлено 23 жовтня 2024.`)
		other := w.publish("Nur übersetzt falsch", "politics", evening.Add(-3*time.Hour), "uk", "de")
		de, err = w.Editions.ByLanguage(t.Context(), w.d.Read(), other.ID, "de")
		w.must(err)
		w.correct(other, false, correction.Text{Edition: de.ID, Lang: "de", Text: "Ein Komma."})
		w.lacks("/uk/2/nur-ubersetzt-falsch-uk", `class="fixed"`)
		w.has("/de/corrections/", "Berichtigt de", "Es waren 32 &lt;Staaten&gt;.", "/de/1/berichtigt-de#correction-")
		w.has("/de/feed.rss", "<strong>Korrektur vom 23.\u00a0Oktober 2024, 20:30\u00a0Uhr.</strong> Es waren 32 &lt;Staaten&gt;.")
		w.has("/de/corrections/feed.atom", "Es waren 32 &lt;Staaten&gt;.")
		w.lacks("/uk/corrections/", "Berichtigt")
		w.withdraw(st, "de", "")
		w.lacks("/de/corrections/", "Berichtigt de")
		if gone := w.get("/de/1/berichtigt-de"); gone.StatusCode != http.StatusGone || !strings.Contains(gone.text, "Es waren 32 &lt;Staaten&gt;.</p>") {
			t.Errorf("%d: the correction went with the story\n%s", gone.StatusCode, gone.text)
		}
	})
}

func TestStaticPages(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		for l, title := range map[lang.Tag]string{"de": "Impressum", "uk": "Вихідні дані"} {
			_, err := w.Publication.SavePage(t.Context(), admin, publication.Page{
				Key: "imprint", Lang: l, Title: title, Footer: true, Body: []byte(`{"blocks":[{"id":"b","kind":"paragraph","text":[{"text":"Wer wir sind."}]}]}`),
			})
			w.must(err)
		}
		w.has("/de/page/impressum/", "<h1>Impressum</h1>", "Wer wir sind.", `hreflang="uk" href="https://paper.example/uk/page/`)
		w.has("/de/", `<a href="/de/page/impressum/">Impressum</a>`)
		_, err := w.Publication.SavePage(t.Context(), admin, publication.Page{Key: "jobs", Lang: "de", Title: "Stellen"})
		w.must(err)
		w.has("/de/page/stellen/", "<h1>Stellen</h1>")
		w.lacks("/de/", "Stellen")
		w.lacks("/en/", "Impressum")
		w.leads("/de/page/impressum", "/de/page/impressum/", http.StatusMovedPermanently)
		w.has("/sitemap.xml", "https://paper.example/de/page/impressum/")
	})
}

func TestListsInPages(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		for i := range 45 {
			w.publish(fmt.Sprintf("Meldung %d", i+1), "politics", evening.Add(-time.Duration(i)*time.Minute), "de")
		}
		seen := map[string]int{}
		path := "/de/politik/"
		for range 3 {
			d := read(t, path, w.page(path))
			path = ""
			for _, n := range d.nodes {
				if n.Data == "a" && strings.HasPrefix(textContent(n), "Meldung ") {
					seen[textContent(n)]++
				}
				if n.Data == "a" && textContent(n) == "Ältere Artikel" {
					path = value(n, "href")
				}
			}
		}
		if len(seen) != 45 || path != "" {
			t.Errorf("%d stories, and then %q", len(seen), path)
		}
		for name, n := range seen {
			if n != 1 {
				t.Errorf("%s stands %d times", name, n)
			}
		}
		for _, cursor := range []string{"x", "-", "zzzzzzzzzzzz-1", "%00", strings.Repeat("1", 3000)} {
			if res := w.get("/de/politik/?before=" + cursor); res.StatusCode != http.StatusNotFound {
				t.Errorf("cursor %.20s: %d", cursor, res.StatusCode)
			}
		}
	})
}

func TestNoStoryStandsTwiceOnAFront(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		for _, n := range []int{0, 1, 2, 3, 5, 9, 14, 30} {
			for i := len(w.numbers); i < n; i++ {
				w.publish(fmt.Sprintf("Meldung %d", i), []string{"politics", "business"}[i%2], evening.Add(-time.Duration(i)*time.Minute), "de")
				w.numbers = append(w.numbers, i)
			}
			seen := map[string]bool{}
			for _, node := range read(t, "/de/", w.page("/de/")).nodes {
				if to := value(node, "href"); node.Data == "a" && strings.HasPrefix(textContent(node), "Meldung ") {
					if seen[to] {
						t.Errorf("of %d: %s stands twice", n, to)
					}
					seen[to] = true
				}
			}
			if len(seen) < min(n, 9) {
				t.Errorf("of %d stories only %d are shown", n, len(seen))
			}
		}
	})
}

func TestSitemapInParts(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Erste", "politics", evening, "de")
		w.has("/sitemap.xml", "<urlset", "/de/1/erste-de")
		w.has("/sitemap-1.xml", "/de/1/erste-de")
		if res := w.get("/sitemap-2.xml"); res.StatusCode != http.StatusNotFound {
			t.Errorf("a part that isn't there: %d", res.StatusCode)
		}
		w.write(func(ctx context.Context, tx *db.Tx) error { // the newsroom has grown old
			_, err := tx.ExecContext(ctx, `UPDATE story SET number = 4000`)
			if err == nil {
				_, err = tx.ExecContext(ctx, `UPDATE card SET number = 4000`)
			}
			return err
		})
		w.handler = New(w.Deps) // no act told of it
		w.has("/sitemap.xml", "<sitemapindex", "https://paper.example/sitemap-13.xml")
		w.has("/sitemap-13.xml", "/de/4000/erste-de")
		w.lacks("/sitemap-1.xml", "erste-de")
	})
}

func TestNewsSitemapHoldsTwoDays(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Neu", "politics", evening.Add(-47*time.Hour), "de")
		w.publish("Alt", "politics", evening.Add(-49*time.Hour), "de")
		w.has("/sitemap-news.xml", "Neu de", "<news:language>de</news:language>")
		w.lacks("/sitemap-news.xml", "Alt de")
	})
}

func TestArchive(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Kurz vor Mitternacht", "politics", time.Date(2024, 10, 20, 21, 59, 0, 0, time.UTC), "de")
		w.publish("Kurz danach", "politics", time.Date(2024, 10, 20, 22, 0, 0, 0, time.UTC), "de")
		w.publish("Viel später", "politics", time.Date(2024, 10, 23, 10, 0, 0, 0, time.UTC), "de")
		w.leads("/de/archive/", "/de/archive/2024-10-23/", http.StatusFound)
		w.has("/de/archive/2024-10-20/", "Kurz vor Mitternacht de", `href="/de/archive/2024-10-21/" rel="next"`, "Sonntag, 20.\u00a0Oktober 2024", "23:59")
		w.lacks("/de/archive/2024-10-20/", "Kurz danach", `rel="prev"`)
		w.has("/de/archive/2024-10-21/", "Kurz danach de", `href="/de/archive/2024-10-20/" rel="prev"`, `href="/de/archive/2024-10-23/" rel="next"`)
		if res := w.get("/de/archive/2024-10-22/"); res.StatusCode != http.StatusNotFound || !strings.Contains(res.text, "An diesem Tag ist nichts erschienen.") {
			t.Errorf("an empty day: %d", res.StatusCode)
		}
		if res := w.get("/uk/archive/"); res.StatusCode != http.StatusNotFound {
			t.Errorf("an empty archive: %d", res.StatusCode)
		}
	})
}

func TestRetiredLanguageStaysReadable(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Geblieben", "politics", evening, "de", "en")
		paper, err := w.Publication.Paper(t.Context())
		w.must(err)
		paper.Languages = paper.Languages[:2]
		_, err = w.Publication.SavePaper(t.Context(), admin, paper)
		w.must(err)
		w.has("/en/1/geblieben-en", "Geblieben en")
		w.lacks("/de/1/geblieben-de", "English", "/en/", `hreflang="en"`)
		w.lacks("/sitemap.xml", "/en/")
	})
}

func TestErrorsOfOurs(t *testing.T) {
	w := newWorld(t, dbtest.Open(t), clock.NewStepping(evening)).setUp()
	w.publish("Meldung", "politics", evening, "de")
	w.must(w.d.Close())
	res := w.get("/de/1/meldung-de", "Accept-Language", "de")
	if res.StatusCode < 500 || !strings.Contains(res.text, "Diese Seite lässt sich gerade nicht anzeigen") || res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v\n%s", res.StatusCode, res.Header, res.text)
	}
	for _, secret := range []string{"sql", "database", "goroutine", ".go:"} {
		if strings.Contains(res.text, secret) {
			t.Errorf("the page tells strangers about %s", secret)
		}
	}
	if res := w.get("/healthz"); res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("health: %d", res.StatusCode)
	}
}

func TestPreviewIsNoPage(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Erste Fassung", "politics", evening.Add(-time.Hour), "de", "uk")
		ed, err := w.Editions.ByLanguage(t.Context(), w.d.Read(), st.ID, "de")
		w.must(err)
		var b strings.Builder
		csp, err := w.Pages.Preview(t.Context(), w.d.Read(), &b, ed, st, textOf("Noch nicht erschienen", "de"), 7)
		w.must(err)
		for _, want := range []string{"Vorschau von Revision 7", "<h1>Noch nicht erschienen de</h1>", `content="noindex"`, `href="/uk/1/`} {
			if !strings.Contains(b.String(), want) {
				t.Errorf("the preview lacks %q", want)
			}
		}
		for _, unwanted := range []string{"canonical", "og:", "ld+json", "t.me", "Vorschau von Revision 0"} {
			if strings.Contains(b.String(), unwanted) {
				t.Errorf("the preview has %q", unwanted)
			}
		}
		if !strings.Contains(csp, "frame-ancestors 'self'") || !strings.Contains(csp, "style-src 'sha256-") {
			t.Error(csp)
		}
		w.lacks("/de/1/erste-fassung-de", "Noch nicht")
	})
}

// Only a page with an embed from a host that is allowed now may frame it, and only that.
func TestFramesOnPagesWithEmbedsOnly(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		allow := func(hosts ...string) {
			paper, err := w.Publication.Paper(t.Context())
			w.must(err)
			paper.EmbedHosts = hosts
			_, err = w.Publication.SavePaper(t.Context(), admin, paper)
			w.must(err)
		}
		w.publish("Ohne", "politics", evening.Add(-time.Hour), "de")
		doc := textOf("Mit Karte", "de")
		doc.Blocks = append(doc.Blocks, document.Block{ID: "b2", Kind: document.Embed, Embed: &document.EmbedRef{URL: "https://www.openstreetmap.org/#map=13/46.9970/8.3800", Title: "Karte"}})
		with, err := w.stories.Create(t.Context(), chief, story.NewStory{Kind: story.News, OriginalLang: "de", Section: w.sections["politics"]})
		w.must(err)
		ed := w.out(with, "de", doc, evening)

		const header, frames = "Content-Security-Policy", "; frame-src https://www.openstreetmap.org"
		allow("www.openstreetmap.org", "youtube.com")
		if csp := w.get("/de/2/mit-karte-de").Header.Get(header); !strings.HasSuffix(csp, frames) {
			t.Error(csp)
		}
		w.has("/de/2/mit-karte-de", `data-embed="https://www.openstreetmap.org/export/embed.html?`, `data-load="Von openstreetmap.org laden"`)
		var b strings.Builder
		csp, err := w.Pages.Preview(t.Context(), w.d.Read(), &b, ed, with, doc, 1)
		w.must(err)
		if !strings.Contains(csp, "frame-ancestors 'self'"+frames) || !strings.Contains(b.String(), "/assets/reader.") {
			t.Errorf("the preview: %s", csp)
		}
		for _, path := range []string{"/de/", "/de/1/ohne-de", "/de/politik/", "/de/9/nichts"} {
			if csp := w.get(path).Header.Get(header); csp == "" || strings.Contains(csp, "frame-src") {
				t.Errorf("%s: %s", path, csp)
			}
		}
		w.has("/de/feed.rss", `<p><a href="https://www.openstreetmap.org/#map=13/46.9970/8.3800">Karte</a></p>`)

		allow()
		if csp := w.get("/de/2/mit-karte-de").Header.Get(header); strings.Contains(csp, "frame-src") {
			t.Error(csp)
		}
		w.has("/de/2/mit-karte-de", `<a href="https://www.openstreetmap.org/#map=13/46.9970/8.3800"><span class="t">Karte</span>`)
		w.lacks("/de/2/mit-karte-de", `data-embed="`)
	})
}
