package reader

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/jpeg"
	_ "image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"depesche/internal/blob"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/jobs"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/page"
	"depesche/internal/placard"
	"depesche/internal/purge"
	"depesche/internal/story"
)

// drawing gives the world pictures and placards.
func (w *world) drawing() *world {
	w.t.Helper()
	words, err := lang.LoadWords()
	w.must(err)
	quiet := slog.New(slog.DiscardHandler)
	files, err := blob.Folder(w.t.TempDir())
	w.must(err)
	cache, err := blob.Folder(w.t.TempDir())
	w.must(err)
	w.Media, err = media.New(w.d, files, media.Options{VIPS: "-", Log: quiet})
	w.must(err)
	w.Pages, err = page.New(words, page.Rooms{
		Publication: w.Publication, People: w.People, Topics: w.Topics, Media: w.Media, Editions: w.Editions, Corrections: w.Corrections,
		Placards: placard.NewFonts("", w.t.TempDir(), quiet),
	}, w.clock)
	w.must(err)
	w.Placards = page.NewPlacards(w.Pages, w.d, cache, quiet)
	w.handler = New(w.Deps)
	return w
}

var ogImage = regexp.MustCompile(`<meta property="og:image" content="https://paper.example(/placard/[^"]+)">`)

// placardOf is the address of the placard that a page names.
func (w *world) placardOf(path string) string {
	w.t.Helper()
	m := ogImage.FindStringSubmatch(w.page(path))
	if m == nil {
		w.t.Fatalf("%s names no placard", path)
	}
	return m[1]
}

// placard wants a picture of the right size at the address.
func (w *world) placard(address string) answer {
	w.t.Helper()
	res := w.get(address)
	img, kind, err := image.DecodeConfig(strings.NewReader(res.text))
	if err != nil || img.Width != 1200 || img.Height != 630 || res.Header.Get("Content-Type") != "image/"+kind || len(res.text) > 100<<10 {
		w.t.Errorf("%s: %d, %s, %d by %d in %d bytes, %v", address, res.StatusCode, kind, img.Width, img.Height, len(res.text), err)
	}
	return res
}

func (w *world) rename(st story.Story, l lang.Tag, headline string) {
	w.t.Helper()
	w.write(func(ctx context.Context, tx *db.Tx) error {
		e, err := w.Editions.ByLanguage(ctx, tx, st.ID, l)
		if err != nil {
			return err
		}
		e.Doc.Headline = headline
		saved, err := w.Editions.SaveTx(ctx, tx, chief, edition.Save{Edition: e.ID, Base: e.Revision, Doc: e.Doc})
		if err != nil {
			return err
		}
		if e, err = w.Editions.GoOut(ctx, tx, st, saved.Edition, saved.Edition.Revision, edition.ActUpdate, tx.Now()); err != nil {
			return err
		}
		return edition.Tell(ctx, tx, "edition.updated", st, e)
	})
}

// Every page that can be shared names a placard, and it is there. A headline that changes has another;
// the old address shows the new one; a withdrawn story has none.
func TestPlacards(t *testing.T) {
	each(t, func(w *world) {
		w.setUp().drawing()
		st := w.publish("Kyjiw wartet", "politics", evening.Add(-time.Hour), "de", "uk")
		seen := map[string]bool{}
		for _, path := range []string{"/de/", "/uk/", "/de/politik/", "/de/topic/nato/", "/de/author/olena-marko/", "/de/archive/2024-10-23/", page.ArticlePath("de", st.Number, "kyjiw-wartet-de"), page.ArticlePath("uk", st.Number, "kyjiw-wartet-uk")} {
			if w.get(path).StatusCode == http.StatusMovedPermanently {
				path = w.get(path).Header.Get("Location")
			}
			seen[w.placardOf(path)] = true
			w.has(path, `<meta property="og:image:width" content="1200">`, `<meta property="og:image:alt" content="`, `content="summary_large_image"`)
		}
		if len(seen) != 5 { // the paper's in two languages, the section's, the story's in two
			t.Errorf("%d placards: %v", len(seen), seen)
		}
		for address := range seen {
			w.placard(address)
		}
		path := page.ArticlePath("de", st.Number, "kyjiw-wartet-de")
		old := w.placardOf(path)
		before := w.placard(old)
		w.rename(st, "de", "Brüssel wartet auf Kyjiw")
		now := w.placardOf(path)
		if now == old {
			t.Fatal("another headline, the same address")
		}
		after, again := w.placard(now), w.placard(old)
		if after.text == before.text || again.text != after.text {
			t.Error("the old address doesn't show the new headline")
		}
		if after.Header.Get("Cache-Control") != revalidate || again.Header.Get("Cache-Control") != revalidate {
			t.Errorf("%q, %q", after.Header.Get("Cache-Control"), again.Header.Get("Cache-Control"))
		}
		if res := w.get(now, "If-None-Match", after.Header.Get("ETag")); res.StatusCode != http.StatusNotModified {
			t.Errorf("%d", res.StatusCode)
		}
		w.withdraw(st, "de", "Falsch")
		for _, address := range []string{now, old} {
			if res := w.get(address); res.StatusCode != http.StatusGone || strings.Contains(res.text, "PNG") {
				t.Errorf("%s of a withdrawn story: %d", address, res.StatusCode)
			}
		}
	})
}

func TestPlacardAddresses(t *testing.T) {
	each(t, func(w *world) {
		w.setUp().drawing()
		w.publish("Kyjiw wartet", "politics", evening.Add(-time.Hour), "de")
		for _, address := range []string{
			"", "de", "de/", "de/paper", "de/paper.png", "de/paper-aaaa.png", "xx/paper-aaaaaaaaaaaaaaaa.png", "DE/paper-aaaaaaaaaaaaaaaa.png",
			"de/0-aaaaaaaaaaaaaaaa.png", "de/999-aaaaaaaaaaaaaaaa.png", "uk/1-aaaaaaaaaaaaaaaa.png", "de/999999999999999999-aaaaaaaaaaaaaaaa.png",
			"de/section-01hadmn0000000000000000000-aaaaaaaaaaaaaaaa.png", "de/paper-aaaaaaaaaaaaaaaa.gif", "de/../paper-aaaaaaaaaaaaaaaa.png",
		} {
			if res := w.get(page.PlacardPrefix + address); res.StatusCode != http.StatusNotFound {
				t.Errorf("%s: %d", address, res.StatusCode)
			}
		}
		w.placard(page.PlacardPrefix + "de/paper-aaaaaaaaaaaaaaaa.png")

	})
}

// With a photograph the placard shows it; search engines get it without words.
func TestPlacardWithPicture(t *testing.T) {
	each(t, func(w *world) {
		w.setUp().drawing()
		img := image.NewRGBA(image.Rect(0, 0, 1600, 1000))
		for i := range img.Pix {
			img.Pix[i] = []uint8{200, 20, 20, 255}[i%4]
		}
		var b bytes.Buffer
		w.must(jpeg.Encode(&b, img, nil))
		p, err := w.Media.Upload(t.Context(), chief, media.Upload{Name: "rot.jpg", R: &b, Credit: "N. N."})
		w.must(err)
		at := evening.Add(-time.Hour)
		st, err := w.stories.Create(t.Context(), chief, story.NewStory{Kind: story.News, OriginalLang: "de"})
		w.must(err)
		doc := textOf("Rot", "de")
		doc.Picture = &document.Picture{ID: "bild", Media: string(p.ID), Alt: "Eine rote Fläche"}
		w.out(st, "de", doc, at)
		path := page.ArticlePath("de", st.Number, "rot-de")
		w.has(path, `content="Meridian: Rot de (Eine rote Fläche)"`, `"url":"https://paper.example/media/`)
		address := w.placardOf(path)
		res := w.placard(address)
		drawn, err := jpeg.Decode(strings.NewReader(res.text))
		w.must(err)
		if r, g, _, _ := drawn.At(1150, 300).RGBA(); r < 0x9000 || g > 0x4000 {
			t.Errorf("the photograph isn't there: %v", drawn.At(1150, 300))
		}
	})
}

// What stands in front is told to forget a withdrawn story's placard by a word that came with it, and each of
// an answer's words stands there once.
func TestFrontForgetsPlacards(t *testing.T) {
	each(t, func(w *world) {
		told := map[string]bool{}
		hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			var said struct{ Keys []string }
			if err := json.NewDecoder(r.Body).Decode(&said); err != nil {
				t.Error(err)
			}
			for _, key := range said.Keys {
				told[key] = true
			}
		}))
		defer hook.Close()
		front, err := purge.New(purge.Hook, []string{hook.URL}, "")
		w.must(err)
		w.Front = front
		w.setUp().drawing()
		runner, err := jobs.New(w.d, slog.New(slog.DiscardHandler))
		w.must(err)
		w.handler.(*Reader).Work(runner)
		st := w.publish("Kyjiw wartet", "politics", evening.Add(-time.Hour), "de")
		w.publish("Paris bleibt", "politics", evening.Add(-2*time.Hour), "de")
		w.must(runner.Drain(t.Context()))
		words := func(address string) []string {
			t.Helper()
			h := w.get(address).Header
			list := strings.Fields(h.Get("Surrogate-Key"))
			if h.Get("Cache-Control") != revalidate || h.Get("CDN-Cache-Control") == "" || len(list) < 3 {
				t.Fatalf("%s: %v", address, h)
			}
			once := slices.Compact(slices.Sorted(slices.Values(list)))
			if len(once) != len(list) {
				t.Errorf("%s: a word stands there twice: %q", address, list)
			}
			return list
		}
		gone := words(w.placardOf(page.ArticlePath("de", st.Number, "kyjiw-wartet-de")))
		stays := words(w.placardOf("/de/2/paris-bleibt-de"))
		words("/de/")
		words("/de/politik/")
		clear(told)
		w.withdraw(st, "de", "Falsch")
		w.must(runner.Drain(t.Context()))
		has := func(word string) bool { return told[word] }
		if !slices.ContainsFunc(gone, has) || slices.ContainsFunc(stays, has) {
			t.Errorf("told %v; of the withdrawn story's %q, of another's %q", told, gone, stays)
		}
	})
}

// What goes out is drawn before anybody asks, a moment after its pages: by a job, which finds nothing to do where a
// story was taken back meanwhile.
func TestPlacardJob(t *testing.T) {
	each(t, func(w *world) {
		w.setUp().drawing()
		st := w.publish("Kyjiw wartet", "politics", evening.Add(-time.Hour), "de", "uk")
		w.withdraw(st, "uk", "Falsch")
		runner, err := jobs.New(w.d, slog.New(slog.DiscardHandler))
		w.must(err)
		w.Placards.Work(runner)
		w.write(func(ctx context.Context, tx *db.Tx) error {
			for _, l := range []lang.Tag{"de", "uk", "de"} {
				if err := placard.Want(ctx, tx, st.Number, l); err != nil {
					return err
				}
			}
			return nil
		})
		w.must(runner.Drain(t.Context()))
		if n := w.Placards.Drawn(); n != 0 {
			t.Errorf("%d were drawn while pages are still rendered", n)
		}
		w.clock.Advance(10 * time.Second)
		w.must(runner.Drain(t.Context()))
		if n := w.Placards.Drawn(); n != 1 {
			t.Errorf("%d were drawn", n)
		}
		w.placard(w.placardOf(page.ArticlePath("de", st.Number, "kyjiw-wartet-de")))
		if n := w.Placards.Drawn(); n != 1 {
			t.Error("it was drawn again")
		}
	})
}

// Whoever asks for many at once gets them, or is sent away; nothing is drawn twice.
func TestPlacardsAtOnce(t *testing.T) {
	each(t, func(w *world) {
		w.setUp().drawing()
		address := w.placardOf("/de/")
		done := make(chan int)
		const askers = 12
		for range askers {
			go func() {
				rec := httptest.NewRecorder()
				w.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, address, nil))
				done <- rec.Code
			}()
		}
		for range askers {
			if code := <-done; code != http.StatusOK {
				t.Errorf("%d", code)
			}
		}
		if n := w.Placards.Drawn(); n != 1 {
			t.Errorf("drawn %d times", n)
		}
	})
}

// A picture's file is kept for ever by who has it, is fetched in parts by who wants some, and can't be
// taken for anything else.
func TestPictureFiles(t *testing.T) {
	each(t, func(w *world) {
		w.setUp().drawing()
		img := image.NewRGBA(image.Rect(0, 0, 400, 300))
		var b bytes.Buffer
		w.must(jpeg.Encode(&b, img, nil))
		p, err := w.Media.Upload(t.Context(), chief, media.Upload{Name: "x.jpg", R: &b, Credit: "N. N."})
		w.must(err)
		drawn, err := w.Media.AddDrawing(t.Context(), chief, media.Upload{Name: "x.svg", R: strings.NewReader(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40"><rect width="60" height="40" fill="#00655a"/></svg>`), Credit: "N. N."})
		w.must(err)
		for address, kind := range map[string]string{p.URL(320, "jpg"): "image/jpeg", drawn.URL(0, "svg"): "image/svg+xml"} {
			whole := w.get(address)
			h := whole.Header
			if whole.StatusCode != http.StatusOK || h.Get("Content-Type") != kind || !strings.Contains(h.Get("Cache-Control"), "immutable") ||
				h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Content-Disposition") != "inline" || h.Get("Set-Cookie") != "" {
				t.Errorf("%s: %d %v", address, whole.StatusCode, h)
			}
			if res := w.get(address, "If-None-Match", h.Get("ETag")); res.StatusCode != http.StatusNotModified || res.text != "" {
				t.Errorf("%s: %d", address, res.StatusCode)
			}
			part := w.get(address, "Range", "bytes=10-19", "If-Range", h.Get("ETag"))
			if part.StatusCode != http.StatusPartialContent || part.text != whole.text[10:20] {
				t.Errorf("%s: %d, %d bytes", address, part.StatusCode, len(part.text))
			}
			if res := w.get(address, "Range", "bytes=10-19", "If-Range", `"another"`); res.StatusCode != http.StatusOK || res.text != whole.text {
				t.Errorf("a part of what has changed: %d", res.StatusCode)
			}
			if res := w.get(address, "Range", "bytes=99999999-"); res.StatusCode != http.StatusRequestedRangeNotSatisfiable {
				t.Errorf("beyond the end: %d", res.StatusCode)
			}
		}
	})
}
