//go:build browser

package journey

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"depesche/internal/document"
	"depesche/internal/port"
)

// take brings a WordPress export into the newsroom while it is open.
func (n *newsroom) take(path string, o port.Options) port.Report {
	n.t.Helper()
	files, err := port.Files(path)
	if err != nil {
		n.t.Fatal(err)
	}
	a := n.app
	rooms := port.Rooms{
		DB: a.DB, Files: a.Blobs, Publication: a.Publication, People: a.People, Topics: a.Topics, Media: a.Media, Stories: a.Stories,
		Editions: a.Editions, Releases: a.Releases, Corrections: a.Corrections,
	}
	report, err := port.ImportWordPress(n.t.Context(), rooms, files, o)
	if err != nil {
		n.t.Fatal(err)
	}
	return report
}

// TestImport takes in an old paper with its pictures, finds it under its old addresses, reads it and
// goes on writing in it.
func TestImport(t *testing.T) {
	t.Parallel()
	n := founded(t)
	file := photo(t, 800, 500)
	old := port.Options{Fetch: func(context.Context, string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file)), nil }}
	first := n.take("../port/testdata/oldpaper.xml", old)
	if first.Editions.New != 6 || first.Pictures.New == 0 {
		t.Fatalf("%+v", first)
	}
	again := n.take("../port/testdata/oldpaper.xml", old)
	if again.Editions.New != 0 || again.Editions.Same != 6 || again.Stories.New != 0 {
		t.Errorf("a second time: %+v", again.Editions)
	}

	reader := n.visitor()
	for was, is := range map[string]string{"/politik/einladung/": "/de/", "/ua/%D0%B7%D0%B0%D0%BF%D1%80%D0%BE%D1%88%D0%B5%D0%BD%D0%BD%D1%8F/": "/uk/", "/impressum/": "/de/page/"} {
		status, _, head := n.get(was)
		to := strings.TrimPrefix(head.Get("Location"), n.url)
		if status != http.StatusMovedPermanently || !strings.HasPrefix(to, is) {
			t.Errorf("%s: %d to %s", was, status, to)
			continue
		}
		if status := reader.open(was); status != http.StatusOK || reader.path() != to {
			t.Errorf("%s leads the reader to %s (%d), want %s", was, reader.path(), status, to)
		}
	}
	reader.open("/politik/einladung/")
	reader.equal(`document.querySelector("h1").textContent.trim()`, "Einladung vor dem Ende der Amtszeit?")
	reader.hides("spot_img")
	reader.hides("Mehr wie das")
	reader.until(`[...document.images].some(i => i.currentSrc.includes("/media/"))`)
	reader.equal(`document.querySelectorAll("[href^='javascript']").length`, "0")
	reader.follow(`header a[hreflang=uk]`)
	reader.equal(`document.querySelector("h1").textContent.trim()`, "Запрошення до кінця каденції?")
	n.becomes("/de/", "Einladung vor dem Ende der Amtszeit?", true)
	reader.width(320)
	for _, l := range []string{"de", "uk"} {
		for _, list := range n.pages(l) {
			for _, address := range list {
				if status := reader.open(address); status != http.StatusOK {
					t.Errorf("%s answers %d", address, status)
				}
				reader.fits(address + " at 320")
			}
		}
	}

	p := n.chief()
	p.open("/desk/stories")
	p.run(`[...document.querySelectorAll(".board a.title")].find(a => a.textContent.includes("Einladung")).setAttribute("data-test-mark", "")`)
	p.follow(`[data-test-mark]`)
	p.writes()
	id := p.editionID()
	p.caret(".ProseMirror > p", -1)
	p.keys(" Nachtrag.")
	p.keys("s", chromedp.ModifierCtrl)
	p.saved()
	if text := document.Markdown(n.doc(id).Blocks); !strings.Contains(text, "Nachtrag.") {
		t.Errorf("%s", text)
	}
	if kept := n.take("../port/testdata/oldpaper.xml", old); kept.Editions.Changed != 0 {
		t.Errorf("a later import overwrites the desk: %+v", kept.Editions)
	}
}

// TestImportOfAThemesTest takes in what theme makers try their themes with: every block there is,
// titles without an end, floats, galleries.
func TestImportOfAThemesTest(t *testing.T) {
	t.Parallel()
	path := material("wxr", "wordpress-importer", "theme-unit-test-data.xml")
	if path == "" {
		t.Skip("the test material isn't here")
	}
	n := founded(t)
	n.take(path, port.Options{Lang: "en"})
	reader := n.visitor()
	reader.width(320)
	articles := n.pages("en")["article"]
	if len(articles) < 10 {
		t.Errorf("readers find %d articles", len(articles))
	}
	for _, address := range articles {
		reader.open(address)
		reader.fits(address + " at 320")
	}
}

// material is a file of the test material that isn't in the repository, or "".
func material(parts ...string) string {
	dir, err := os.Getwd()
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		at := filepath.Join(append([]string{dir, "..", "shared", "data"}, parts...)...)
		if _, err := os.Stat(at); err == nil {
			return at
		}
	}
	return ""
}
