package app

import (
	"bytes"
	"context"
	"image"
	_ "image/jpeg"
	_ "image/png"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/config"
	"depesche/internal/port"
)

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func fetched(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	body, err := io.ReadAll(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, string(body)
}

var loc = regexp.MustCompile(`<loc>http://[^/]+([^<]*)</loc>`)

// TestRestoredPaperServesTheSamePages takes a backup of the demo while it answers, restores it into
// an empty newsroom, and compares every page of the sitemap, the fronts, feeds and pictures.
func TestRestoredPaperServesTheSamePages(t *testing.T) {
	ctx := context.Background()
	from, err := NewDemo(ctx, config.Default(t.TempDir()), quiet(), false, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	stop := make(chan struct{})
	served := make(chan int)
	go func() { // readers, meanwhile
		n := 0
		for {
			select {
			case <-stop:
				served <- n
				return
			default:
				w := httptest.NewRecorder()
				from.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/de/", nil))
				n++
			}
		}
	}()
	var archive bytes.Buffer
	if _, err := port.Backup(ctx, from.DB, from.Blobs, &archive, nil); err != nil {
		t.Fatal(err)
	}
	close(stop)
	if n := <-served; n == 0 {
		t.Error("nobody was served while the backup was taken")
	}
	to, err := New(ctx, config.Default(t.TempDir()), quiet(), Options{Clock: from.Clock, Forgetful: true})
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if _, err := port.Restore(ctx, to.DB, to.Blobs, bytes.NewReader(archive.Bytes()), nil); err != nil {
		t.Fatal(err)
	}
	paths := []string{"/sitemap.xml", "/de/", "/uk/", "/en/", "/fr/", "/de/feed.rss", "/de/feed.atom", "/uk/feed.json", "/robots.txt", "/de/corrections/"}
	_, sitemap := fetched(t, from.Handler(), "/sitemap.xml")
	for _, m := range loc.FindAllStringSubmatch(sitemap, -1) {
		if strings.HasSuffix(m[1], ".xml") {
			_, part := fetched(t, from.Handler(), m[1])
			for _, m := range loc.FindAllStringSubmatch(part, -1) {
				paths = append(paths, m[1])
			}
		}
		paths = append(paths, m[1])
	}
	if len(paths) < 120 {
		t.Errorf("only %d pages are compared", len(paths))
	}
	placards := map[string]int{}
	for _, p := range paths {
		status, want := fetched(t, from.Handler(), p)
		again, got := fetched(t, to.Handler(), p)
		if status != again || status != http.StatusOK {
			t.Errorf("%s: %d, restored %d", p, status, again)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s differs:\n%s", p, diff)
		}
		if strings.Contains(want, "</html>") {
			placards[placardOf(t, p, want)]++
		}
	}
	// What was drawn isn't in the backup: it is drawn again. A dozen of them will do.
	n := 0
	for address := range placards {
		if n++; n > 12 {
			break
		}
		status, file := fetched(t, to.Handler(), address)
		if c, _, err := image.DecodeConfig(strings.NewReader(file)); status != http.StatusOK || err != nil || c.Width != 1200 || c.Height != 630 || len(file) > 100<<10 {
			t.Errorf("%s: %d, %d by %d in %d bytes, %v", address, status, c.Width, c.Height, len(file), err)
		}
	}
	if len(placards) < 100 {
		t.Errorf("%d placards for all editions", len(placards))
	}
}

var ogImage = regexp.MustCompile(`<meta property="og:image" content="http://[^/]+(/placard/[^"]+)">`)

// placardOf is the address of the picture that a page is shared with.
func placardOf(t *testing.T, path, page string) string {
	t.Helper()
	m := ogImage.FindStringSubmatch(page)
	if m == nil {
		t.Errorf("%s names no placard", path)
		return ""
	}
	return m[1]
}
