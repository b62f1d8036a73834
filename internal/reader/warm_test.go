package reader

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"depesche/internal/db"
	"depesche/internal/events"
	"depesche/internal/fastpath"
	"depesche/internal/pagecache"
)

// runs lets the reader do what it does beside answering, until end is called.
func runs(t *testing.T, rd *Reader) (end func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- rd.Run(ctx) }()
	for range 3000 {
		if rd.warming.is() {
			break
		}
		pause(ctx, time.Millisecond)
	}
	return func() {
		t.Helper()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func (w *warming) is() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.running
}

// comes waits until the page lies in memory in the coding, half a minute at most.
func comes(t *testing.T, rd *Reader, key string, coding pagecache.Coding) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); pause(t.Context(), time.Millisecond) {
		if e := rd.cache.Get(key); e != nil && e.Ready(coding) != nil {
			return
		}
	}
	t.Fatalf("%s isn't made before it is asked for", key)
}

// What was read much is made before it is asked for: after a start, and when it was dropped; what has
// just gone out as well.
func TestWarm(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Erste", "politics", evening, "de")
		w.CacheDir = filepath.Join(t.TempDir(), "cache")
		first := New(w.Deps)
		w.handler = first
		for range 9 {
			w.get("/de/", "Accept-Encoding", "gzip")
			w.get("/de/1/erste-de", "Accept-Encoding", "br")
		}
		w.get("/de/politik/")
		end := runs(t, first)
		end()
		noted, err := os.ReadFile(filepath.Join(w.CacheDir, hotFile))
		if err != nil || !strings.Contains(string(noted), "/de/1/erste-de") || strings.Contains(string(noted), "politik") {
			t.Errorf("%s %v", noted, err)
		}
		second := New(w.Deps)
		w.handler = second
		end = runs(t, second)
		defer end()
		comes(t, second, "/de/", pagecache.Gzip)
		comes(t, second, "/de/1/erste-de", pagecache.Brotli)
		for range 9 {
			w.get("/de/", "Accept-Encoding", "gzip")
		}
		w.publish("Zweite", "politics", evening.Add(time.Second), "de")
		comes(t, second, "/de/", pagecache.Gzip)
		comes(t, second, "/de/2/zweite-de", pagecache.Brotli)
		w.has("/de/", "Zweite")
	})
}

// What somebody asked for before its turn came isn't rendered a second time, what the clock made false
// once, and asking for that isn't asking again.
func TestWarmsOnce(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Erste", "politics", evening, "de")
		rd := New(w.Deps)
		w.handler = rd
		rd.warming.start()
		renders := func(want uint64) {
			t.Helper()
			before := rd.cache.Counts().Made
			rd.render(t.Context(), "/de/")
			if made := rd.cache.Counts().Made - before; made != want {
				t.Errorf("rendered %d times, not %d", made, want)
			}
			if p, ok := rd.warming.toRender(); ok {
				t.Errorf("%s waits again", p.Key)
			}
		}
		w.has("/de/", "Erste")
		renders(0)
		e := rd.cache.Get("/de/")
		w.clock.Advance(time.UnixMilli(e.Until()).Sub(w.clock.Now()))
		w.has("/de/", "Erste")
		if p, ok := rd.warming.toRender(); !ok || p.Key != "/de/" {
			t.Fatalf("what the clock made false isn't made anew: %v", p)
		}
		renders(1)
		renders(0)
		rd.cache.DropAll()
		renders(1)
	})
}

// A file that somebody wrote over is no reason not to start, nor to render what isn't an address.
func TestHotFileIsNotBelieved(t *testing.T) {
	each(t, func(w *world) {
		w.CacheDir = t.TempDir()
		rd := New(w.Deps)
		for text, want := range map[string]int{
			"": 0, "{": 0, "[]": 0, `[{"key":"/de/","codings":[1,3]}]`: 1, `[{"key":"404 de","codings":[]},{"key":"http://x/","codings":[1]},{"key":"/a","codings":[200]}]`: 0,
		} {
			w.must(os.WriteFile(filepath.Join(w.CacheDir, hotFile), []byte(text), 0o600))
			if got := rd.hotPages(); len(got) != want {
				t.Errorf("%q: %v", text, got)
			}
		}
	})
}

// While nothing is heard of other nodes, what is in memory isn't believed; while the database is away
// as well, it is all there is.
func TestDoubt(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Erste", "politics", evening, "de")
		rd := New(w.Deps)
		w.handler = rd
		w.has("/de/1/erste-de", "Erste")
		e := rd.cache.Get("/de/1/erste-de")
		rd.doubt.Store(true)
		rd.believed = time.Hour
		w.has("/de/1/erste-de", "Erste")
		if now := rd.cache.Get("/de/1/erste-de"); now != e {
			t.Error("in doubt each reader has it rendered")
		}
		rd.believed = 0
		w.has("/de/1/erste-de", "Erste")
		if now := rd.cache.Get("/de/1/erste-de"); e == nil || now == e {
			t.Error("in doubt it is sent as it was")
		}
		if _, ok := rd.Page(&fastpath.Request{Target: []byte("/de/1/erste-de")}); ok {
			t.Error("in doubt the fast path answers")
		}
		w.withdraw(st, "de", "Falsch")
		if res := w.get("/de/1/erste-de"); res.StatusCode != http.StatusGone {
			t.Errorf("%d", res.StatusCode)
		}
		w.has("/de/", "<html")
		w.must(w.d.Close())
		w.clock.Advance(2 * time.Hour)
		if res := w.get("/de/"); res.StatusCode != http.StatusOK {
			t.Errorf("with the database away: %d", res.StatusCode)
		}
		if res := w.get("/de/corrections/"); res.StatusCode < 500 {
			t.Errorf("what never was in memory: %d", res.StatusCode)
		}
	})
}

// When the events alone can't be read, pages are made anew once they are old enough, since another node may have
// done anything; when they can be read again, what was missed is gone and the rest is believed.
func TestEventsCannotBeRead(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Erste", "politics", evening, "de")
		w.Bus = events.NewBus(w.d, slog.New(slog.DiscardHandler))
		rd := New(w.Deps)
		w.handler = rd
		ctx, began := t.Context(), time.Now()
		judged := func(at time.Time, doubt bool) {
			t.Helper()
			if rd.heed(ctx, began, at); rd.doubt.Load() != doubt {
				t.Errorf("%s after the bus was heard: doubt is %v", at.Sub(rd.Bus.Heard()), !doubt)
			}
		}
		judged(began.Add(silence), false)
		judged(began.Add(silence+time.Second), true) // it never was heard
		w.must(w.Bus.Drain(ctx))
		heard := rd.Bus.Heard()
		judged(heard.Add(silence), false)
		exec := func(query string) {
			t.Helper()
			w.must(w.d.Write(ctx, func(tx *db.Tx) error { _, err := tx.ExecContext(ctx, query); return err }))
		}
		w.has("/de/1/erste-de", "Politik")
		exec(`ALTER TABLE event RENAME TO event_away`)
		// As another node would, whose events don't come.
		exec(`UPDATE section_name SET name = 'Staatssachen' WHERE name = 'Politik'`)
		if err := w.Bus.Drain(ctx); err == nil || !rd.Bus.Heard().Equal(heard) {
			t.Fatalf("the bus was heard: %v", err)
		}
		judged(heard.Add(silence/2), false)
		w.has("/de/1/erste-de", "Politik")
		judged(heard.Add(silence+time.Second), true)
		rd.believed = 0
		w.has("/de/1/erste-de", "Staatssachen")
		exec(`ALTER TABLE event_away RENAME TO event`)
		w.must(w.Bus.Drain(ctx))
		judged(rd.Bus.Heard().Add(silence), false)
		e := rd.cache.Get("/de/1/erste-de")
		w.has("/de/1/erste-de", "Staatssachen")
		if rd.cache.Get("/de/1/erste-de") != e {
			t.Error("it isn't believed again")
		}
	})
}

// What is read much is coded anew as small as can be, and stays the same page.
func TestRecodesWhatIsReadMuch(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.out(w.publish("Erste", "politics", evening, "de"), "uk", longText(1, "uk"), evening)
		rd := New(w.Deps)
		w.handler = rd
		var before answer
		for range 600 {
			before = w.get("/uk/1/meldung-1-uk", "Accept-Encoding", "br")
		}
		e := rd.mostRead(nil)
		if e == nil || e.Key() != "/uk/1/meldung-1-uk" {
			t.Fatalf("what is read most: %v", e)
		}
		if !rd.cache.Recode(e, pagecache.Brotli) {
			t.Fatal("it isn't smaller")
		}
		after := w.get("/uk/1/meldung-1-uk", "Accept-Encoding", "br")
		if len(after.text) >= len(before.text) || after.Header.Get("Etag") == before.Header.Get("Etag") {
			t.Errorf("%d bytes became %d", len(before.text), len(after.text))
		}
		if res := w.get("/uk/1/meldung-1-uk", "Accept-Encoding", "br", "If-None-Match", before.Header.Get("Etag")); res.StatusCode != http.StatusNotModified {
			t.Errorf("who has the page gets it anew: %d", res.StatusCode)
		}
		if rd.mostRead(map[*pagecache.Entry]bool{e: true}) != nil {
			t.Error("what is read little is coded anew")
		}
	})
}
