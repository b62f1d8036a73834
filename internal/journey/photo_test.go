//go:build browser

package journey

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// photo is a JPEG as a camera makes it; more stands right behind its start.
func photo(t *testing.T, w, h int, more ...byte) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{uint8(255 * x / w), uint8(255 * y / h), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return append(append(bytes.Clone(b.Bytes()[:2]), more...), b.Bytes()[2:]...)
}

// onDisk is a file for the browser to choose.
func onDisk(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// upload takes a picture into the library and returns its ID.
func (p *tab) upload(path string) string {
	p.t.Helper()
	p.open("/desk/pictures")
	p.do(chromedp.SetUploadFiles(chromedp.CSS(`#file`), []string{path}))
	p.until(`document.querySelector('.uploads a, .pictures a')`)
	href := p.js(`document.querySelector('.uploads a, .pictures a').getAttribute("href")`)
	return filepath.Base(href)
}
