package reader

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/events"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/page"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// liveWorld is a world with a running story in German and Ukrainian.
type liveWorld struct {
	*world
	st   story.Story
	bus  *events.Bus
	srv  *httptest.Server
	work *translate.Service
}

func eachLive(t *testing.T, fn func(*liveWorld)) {
	t.Helper()
	each(t, func(w *world) { fn(newLiveWorld(w)) })
}

func newLiveWorld(w *world) *liveWorld {
	w.t.Helper()
	lw := &liveWorld{world: w, bus: events.NewBus(w.d, slog.New(slog.DiscardHandler)), work: translate.New(w.d, w.Editions)}
	releases := release.New(w.d, w.stories, w.Editions, w.Corrections, w.Publication, w.Media, lw.work, nil)
	w.Live, w.Bus = live.New(w.d, w.Editions, w.People, releases, w.Corrections, lw.work), lw.bus
	words, err := lang.LoadWords()
	w.must(err)
	w.Pages, err = page.New(words, page.Rooms{
		Publication: w.Publication, People: w.People, Topics: w.Topics, Media: w.Media, Editions: w.Editions, Corrections: w.Corrections, Live: w.Live,
	}, w.clock)
	w.must(err)
	door := New(w.Deps)
	w.handler = door
	w.setUp()
	lw.st = w.publish("Beben", "politics", evening, "de", "uk")
	_, err = w.Live.Start(w.t.Context(), chief, lw.st.ID, true)
	w.must(err)
	lw.srv = httptest.NewServer(w.handler)
	w.t.Cleanup(func() {
		door.EndStreams()
		lw.srv.Close()
	})
	return lw
}

func (w *liveWorld) post(text string, more ...func(*live.Post)) live.Posted {
	w.t.Helper()
	w.clock.Advance(time.Minute)
	in := live.Post{Live: w.st.ID, Lang: "de", Sent: id.New(w.clock.Now()), Doc: document.Doc{
		Blocks: []document.Block{{ID: "p1", Kind: document.Paragraph, Text: document.Text(text)}},
	}}
	for _, m := range more {
		m(&in)
	}
	out, err := w.Live.Post(w.t.Context(), chief, in)
	w.must(err)
	w.must(w.bus.Drain(w.t.Context()))
	return out
}

// path is where the story is in German, with more behind it.
func (w *liveWorld) path(more ...any) string {
	return fmt.Sprint(append([]any{fmt.Sprintf("/de/%d/beben-de", w.st.Number)}, more...)...)
}

// listen opens the stream of the story in German and returns what is told next.
func (w *liveWorld) listen(since string) func() (event string, told toldEntry) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	w.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.srv.URL+w.path("/live?since=", since), nil)
	w.must(err)
	res, err := w.srv.Client().Do(req)
	w.must(err)
	w.t.Cleanup(func() { res.Body.Close() })
	if res.StatusCode != http.StatusOK {
		w.t.Fatalf("the stream answers %d", res.StatusCode)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	return func() (event string, x toldEntry) {
		w.t.Helper()
		for lines.Scan() {
			if e, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				event = e
			}
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				w.must(json.Unmarshal([]byte(data), &x))
				return event, x
			}
		}
		return "end", x
	}
}

func TestLivePage(t *testing.T) {
	eachLive(t, func(w *liveWorld) {
		first := w.post("Die Erde bebt.")
		second := w.post("Das Rathaus ist unversehrt.", func(p *live.Post) {
			p.Pinned, p.Doc.Headline = true, "Rathaus steht"
			p.Sources = []story.Source{{Kind: story.Authority, Name: "Feuerwehr", URL: "https://feuerwehr.example/1"}}
		})
		got := w.get(w.path())
		a, b := strings.Index(got.text, "Die Erde bebt.</p>"), strings.Index(got.text, `<h3 class="t">Rathaus steht</h3>`)
		if a < 0 || b < 0 || b > a {
			t.Errorf("the latest isn't first: %d, %d", a, b)
		}
		for _, want := range []string{
			fmt.Sprintf(`<article class="entry" id="e%d" data-turn="1"`, first.Entry.Number), `<article class="entry key"`,
			fmt.Sprintf(`<a href="%s"><time datetime="2024-10-23T18:31:00Z">20:31 Uhr</time></a>`, w.path("/", first.Entry.Number)),
			`href="https://feuerwehr.example/1"`, `"@type":"LiveBlogPosting"`, `"coverageStartTime":"2024-10-23T18:30:00Z"`, `"liveBlogUpdate":[{"@type":"BlogPosting"`,
			`data-live="` + w.path("/live") + `"`, `<h2 class="k on"`, "Das Wichtigste",
		} {
			if !strings.Contains(strings.ReplaceAll(got.text, "\u00a0", " "), want) {
				t.Errorf("the page lacks %s", want)
			}
		}
		if uk := w.get(fmt.Sprintf("/uk/%d/beben-uk", w.st.Number)); strings.Contains(uk.text, "Rathaus") || !strings.Contains(uk.text, "Наживо") {
			t.Error("the Ukrainian page shows what isn't translated")
		}
		front := w.get("/de/")
		if !strings.Contains(front.text, `<section class="live">`) || !strings.Contains(front.text, ">Rathaus steht</a>") || strings.Count(front.text, "Beben de") != 1 {
			t.Errorf("the front has no live block, or the story twice")
		}
		const mark = `<b class="on">Live</b>`
		if list := w.get("/de/politik/"); strings.Count(list.text, mark) != 1 {
			t.Error("its card in the section's list isn't marked")
		}
		// Every entry has an address of its own; its number alone leads there.
		one := w.get(w.path("/", second.Entry.Number))
		if one.StatusCode != http.StatusOK || !strings.Contains(one.text, "<h1>Rathaus steht</h1>") || !strings.Contains(one.text, `"isPartOf"`) {
			t.Errorf("the entry's page: %d", one.StatusCode)
		}
		if away := w.get(fmt.Sprintf("/de/%d", second.Entry.Number)); away.StatusCode != http.StatusMovedPermanently || away.Header.Get("Location") != w.path("/", second.Entry.Number) {
			t.Errorf("its number leads to %s", away.Header.Get("Location"))
		}
		if other := w.get(w.path("/", w.st.Number)); other.StatusCode != http.StatusNotFound {
			t.Errorf("another story's number: %d", other.StatusCode)
		}
		for _, format := range []string{"rss", "atom", "json"} {
			if f := w.get(w.path("/feed.", format)); f.StatusCode != http.StatusOK || !strings.Contains(f.text, "Rathaus steht") {
				t.Errorf("feed.%s: %d", format, f.StatusCode)
			}
		}
		if list := w.get("/de/feed.atom"); strings.Contains(list.text, "Rathaus steht") || !strings.Contains(list.text, "2024-10-23T18:32:00Z") {
			t.Error("the front's feed has entries, or not the story's new time")
		}
		if text := w.get("/text" + w.path()); !strings.Contains(text.text, "Die Erde bebt.") || !strings.Contains(text.text, "Rathaus steht") {
			t.Error("as text alone it has no entries")
		}
	})
}

// A day of coverage is many light pages.
func TestLivePages(t *testing.T) {
	eachLive(t, func(w *liveWorld) {
		const n = 45
		for i := range n {
			w.post(fmt.Sprintf("Nachricht %d.", i+1))
		}
		seen, path := 0, w.path()
		for pages := 1; path != ""; pages++ {
			got := w.get(path)
			seen += strings.Count(got.text, `<article class="entry"`)
			_, rest, more := strings.Cut(got.text, `<a rel="next" href="`)
			if path = ""; more {
				path, _, _ = strings.Cut(rest, "#live")
			}
			if more != (pages < 3) || strings.Contains(got.text, "data-live") != (pages == 1) || strings.Contains(got.text, "Der Text von") != (pages == 1) {
				t.Errorf("page %d: more %v", pages, more)
			}
		}
		if seen != n {
			t.Errorf("%d of %d entries are on the pages", seen, n)
		}
		if far := w.get(w.path("?before=1-", id.New(evening))); far.StatusCode != http.StatusNotFound {
			t.Errorf("behind the last: %d", far.StatusCode)
		}
		if plain := w.publish("Anderes", "politics", evening, "de"); w.get(fmt.Sprintf("/de/%d/anderes-de?before=1-%s", plain.Number, id.New(evening))).StatusCode != http.StatusNotFound {
			t.Error("a story that doesn't run has older entries")
		}
	})
}

func TestLiveStream(t *testing.T) {
	eachLive(t, func(w *liveWorld) {
		next := w.listen(fmt.Sprint(w.clock.Now().UnixMilli()))
		p := w.post("Die Erde bebt.")
		event, got := next()
		if event != "entry" || got.Number != p.Entry.Number || got.Turn != 1 || !strings.Contains(got.HTML, "Die Erde bebt.") || !strings.HasPrefix(got.HTML, `<article class="entry"`) {
			t.Errorf("%s %+v", event, got)
		}
		doc := p.Edition.Doc
		doc.Blocks[0].Text = document.Text("Die Erde hat gebebt.")
		w.clock.Advance(time.Minute)
		_, err := w.Live.Amend(t.Context(), chief, live.Amend{Edition: p.Edition.ID, Base: p.Edition.Revision, Doc: doc, Correction: "Sie bebt nicht mehr."})
		w.must(err)
		w.must(w.bus.Drain(t.Context()))
		if _, got = next(); got.Turn != 2 || !strings.Contains(got.HTML, "hat gebebt") || !strings.Contains(got.HTML, "Sie bebt nicht mehr.") {
			t.Errorf("corrected: %+v", got)
		}
		fixes := func() bool {
			page, feed := w.get("/de/corrections/"), w.get("/de/corrections/feed.rss")
			at := w.path("/", p.Entry.Number, "#")
			return strings.Contains(page.text, `href="`+at) && strings.Contains(page.text, "Sie bebt nicht mehr.") && strings.Contains(feed.text, at)
		}
		if !fixes() {
			t.Error("the corrections don't have it")
		}
		en, err := w.Live.Entry(t.Context(), w.d.Read(), p.Entry.Story)
		w.must(err)
		_, err = w.Live.Settle(t.Context(), chief, en.Story, en.Version, time.Time{}, true)
		w.must(err)
		w.must(w.bus.Drain(t.Context()))
		if _, got = next(); !strings.HasPrefix(got.Key, "<li>") || !strings.Contains(got.Key, ">Die Erde hat gebebt.</a>") || !strings.Contains(w.get(w.path()).text, got.Key) {
			t.Errorf("the story so far: %+v", got)
		}
		// Who was cut off before is told the newest of it, once.
		missed := w.listen(fmt.Sprint(evening.UnixMilli()))
		if _, got := missed(); got.Turn != 3 {
			t.Errorf("missed: %+v", got)
		}
		w.must(w.Live.Withdraw(t.Context(), chief, p.Entry.Story, map[lang.Tag]string{"de": "Doppelt gemeldet."}))
		w.must(w.bus.Drain(t.Context()))
		for _, hear := range []func() (string, toldEntry){next, missed} {
			if event, got = hear(); event != "entry" || got.HTML != "" || got.Key != "" || got.Turn != 4 {
				t.Errorf("withdrawn: %s %+v", event, got)
			}
		}
		if fixes() {
			t.Error("a correction of what was withdrawn is listed")
		}
		gone := w.get(w.path("/", p.Entry.Number))
		if gone.StatusCode != http.StatusGone || !strings.Contains(gone.text, "Dieser Eintrag wurde zurückgezogen") || !strings.Contains(gone.text, "Doppelt gemeldet.") {
			t.Errorf("its address: %d", gone.StatusCode)
		}
		c, err := w.Live.Of(t.Context(), w.d.Read(), w.st.ID)
		w.must(err)
		_, err = w.Live.End(t.Context(), chief, w.st.ID, c.Version)
		w.must(err)
		w.must(w.bus.Drain(t.Context()))
		if event, _ = next(); event != "over" {
			t.Errorf("at the end: %s", event)
		}
		if got := w.get(w.path()); strings.Contains(got.text, "data-live") || !strings.Contains(got.text, "Der Liveticker ist beendet") || !strings.Contains(got.text, "coverageEndTime") {
			t.Error("the page doesn't say that it has ended")
		}
		if front := w.get("/de/"); strings.Contains(front.text, `<section class="live">`) {
			t.Error("the front shows what has ended")
		}
		if list := w.get("/de/politik/"); strings.Contains(list.text, `class="on"`) {
			t.Error("the card of what has ended is marked")
		}
		if late := w.get(w.path("/live")); late.StatusCode != http.StatusNotFound {
			t.Errorf("the stream of what has ended: %d", late.StatusCode)
		}
	})
}

// A story that is withdrawn is withdrawn everywhere: with its entries, and on open pages.
func TestLiveStoryWithdrawn(t *testing.T) {
	eachLive(t, func(w *liveWorld) {
		p := w.post("Die Erde bebt.")
		next := w.listen(fmt.Sprint(w.clock.Now().UnixMilli()))
		next() // what came in the last seconds
		w.withdraw(w.st, "de", "Falsch.")
		w.write(func(ctx context.Context, tx *db.Tx) error {
			e, err := w.Editions.ByLanguage(ctx, tx, w.st.ID, "de")
			w.must(err)
			return edition.Tell(ctx, tx, "edition.withdrawn", w.st, e)
		})
		w.must(w.bus.Drain(t.Context()))
		if event, _ := next(); event != "gone" {
			t.Errorf("open pages are told %s", event)
		}
		for _, path := range []string{w.path(), w.path("/", p.Entry.Number), w.path("/live"), w.path("/feed.rss")} {
			if got := w.get(path); got.StatusCode != http.StatusGone {
				t.Errorf("%s answers %d", path, got.StatusCode)
			}
		}
		if front := w.get("/de/"); strings.Contains(front.text, "Die Erde bebt.") {
			t.Error("the front shows an entry")
		}
	})
}
