package port_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
	"sync"
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/media"
	"depesche/internal/port"
)

// site serves pictures and counts who asks.
type site struct {
	mu    sync.Mutex
	asked map[string]int
	files map[string][]byte
}

func (s *site) fetch(_ context.Context, url string) (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == nil {
		s.asked = map[string]int{}
	}
	s.asked[url]++
	b, ok := s.files[url]
	if !ok {
		return nil, errors.New("404 Not Found")
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

// photo is a PNG of a colour.
func photo(t testing.TB, c color.Color) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, 400, 300))
	for i := range 400 * 300 {
		img.Set(i%400, i/400, c)
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func withPictures(t testing.TB, r port.Rooms) port.Rooms {
	t.Helper()
	r.Files = folder(t)
	m, err := media.New(r.DB, r.Files, media.Options{VIPS: "-"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	r.Media = m
	return r
}

// TestImportPictures fetches pictures, also for posts that came in without them.
func TestImportPictures(t *testing.T) {
	const up = "https://alt.example/wp-content/uploads/2024/10/"
	dbtest.EachClock(t, steady, func(t *testing.T, d *db.DB) {
		s := &site{files: map[string][]byte{
			up + "gipfel.jpg": photo(t, color.NRGBA{200, 30, 30, 255}),
			up + "saal.png":   photo(t, color.NRGBA{30, 30, 200, 255}),
		}}
		r := withPictures(t, paper(t, d, "de", "uk", "en"))
		take(t, r, port.Options{}, oldPaper)
		if len(s.asked) > 0 {
			t.Fatal("fetched without being asked to")
		}
		rep := take(t, r, port.Options{Fetch: s.fetch}, oldPaper)
		if rep.Pictures.New != 2 || rep.Editions.Changed != 2 || rep.Editions.Same != 4 {
			t.Errorf("pictures %+v, editions %+v", rep.Pictures, rep.Editions)
		}
		for url, n := range s.asked {
			if n != 1 || strings.Contains(url, "-640x400") {
				t.Errorf("%s was asked for %d times", url, n)
			}
		}
		golden(t, "oldpaper.pictures.golden", picturesOf(world(t, r)))
		rep = take(t, r, port.Options{Fetch: s.fetch}, oldPaper)
		if rep.Editions.Same != 6 || rep.Pictures.New != 0 {
			t.Errorf("the third time: %+v, %+v", rep.Editions, rep.Pictures)
		}
	})
}

// picturesOf are the lines of a world about pictures.
func picturesOf(world string) string {
	var out []string
	for _, line := range strings.Split(world, "\n") {
		if strings.Contains(line, "media:") || strings.Contains(line, "gallery") || strings.HasPrefix(line, "picture:") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// TestImportPicturesThatFail holds that a picture that can't be had is a remark and no reason to stop.
func TestImportPicturesThatFail(t *testing.T) {
	s := &site{files: map[string][]byte{"https://alt.example/kaputt.jpg": []byte("<html>Anmelden</html>")}}
	r := withPictures(t, paper(t, dbtest.OpenClock(t, steady), "de"))
	path := export(t, post("1", "Titel", `<p>Text <img src="/kaputt.jpg" alt="Ein Bild"></p><p><img src="/weg.jpg"></p>`, isOut))
	rep := take(t, r, port.Options{Fetch: s.fetch}, path)
	if rep.Editions.New != 1 || rep.Pictures.Refused != 2 || rep.Remarks[port.RemarkFetch] != 2 {
		t.Errorf("%+v, %+v, %v", rep.Editions, rep.Pictures, rep.Remarks)
	}
	if w := world(t, r); !strings.Contains(w, "[Ein Bild](https://alt.example/kaputt.jpg)") {
		t.Error(w)
	}
	if out := text(t, rep); !strings.Contains(out, "https://alt.example/kaputt.jpg: no picture that can be read") || !strings.Contains(out, "https://alt.example/weg.jpg: 404 Not Found") || strings.Contains(out, "problem.") {
		t.Error(out)
	}
	// Still not: nothing has changed, and it is said again.
	rep = take(t, r, port.Options{Fetch: s.fetch}, path)
	if rep.Editions != (port.Tally{Same: 1}) || rep.Remarks[port.RemarkFetch] != 2 {
		t.Errorf("once more: %+v, %v", rep.Editions, rep.Remarks)
	}
	// The next time they are there.
	s.files["https://alt.example/kaputt.jpg"] = photo(t, color.Black)
	s.files["https://alt.example/weg.jpg"] = photo(t, color.White)
	rep = take(t, r, port.Options{Fetch: s.fetch}, path)
	if rep.Editions.Changed != 1 || rep.Pictures.New != 2 || len(rep.Remarks) > 0 {
		t.Errorf("again: %+v, %+v, %v", rep.Editions, rep.Pictures, rep.Remarks)
	}
}
