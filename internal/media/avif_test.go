package media_test

import (
	"bytes"
	"slices"
	"testing"

	"depesche/internal/db/dbtest"
	"depesche/internal/media"
	"depesche/internal/needs"
)

// Where vipsthumbnail is, what it makes is AVIF.
func TestAVIF(t *testing.T) {
	path := needs.Program(t, "vipsthumbnail", "libvips-tools")
	d := dbtest.Open(t)
	s, _, _ := library(t, d, media.Options{VIPS: path})
	p := upload(t, s, photo(t, 400, 300, 14))
	if err := s.Finish(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	media.MakeAVIF(s, t, p)
	media.FinishedLate(s, t, p) // a second one, of before there were AVIFs
	p, err := s.ByID(t.Context(), d.Read(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(p.Formats, "avif") {
		t.Errorf("the AVIFs are forgotten: %q", p.Formats)
	}
	data, kind := content(t, s, p.URL(320, "avif"))
	if kind != "image/avif" || len(data) < 12 || string(data[4:12]) != "ftypavif" {
		t.Errorf("%s, %.12q", kind, data)
	}
	// It makes the WebP as well, and tells nothing in it.
	data, kind = content(t, s, p.URL(320, "webp"))
	if kind != "image/webp" || bytes.Contains(data, []byte("Exif")) || bytes.Contains(data, []byte("ICCP")) {
		t.Errorf("%s, %.60q", kind, data)
	}
}
