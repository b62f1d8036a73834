package media_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	xwebp "golang.org/x/image/webp"

	"depesche/internal/actor"
	"depesche/internal/blob"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/jobs"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/problem"
)

var (
	reporter = actor.Actor{ID: "r", Role: string(actor.Reporter), UILang: "de"}
	editor   = actor.Actor{ID: "e", Role: string(actor.Editor), UILang: "de"}
)

// photo returns a JPEG with a gradient, another for each seed.
func photo(t testing.TB, w, h int, seed uint8) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			i := img.PixOffset(x, y)
			img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = uint8(255*x/w), uint8(255*y/h), seed, 255
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// library returns the room with its files in a folder.
func library(t testing.TB, d *db.DB, o media.Options) (*media.Service, blob.Store, string) {
	t.Helper()
	dir := t.TempDir()
	files, err := blob.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if o.VIPS == "" {
		o.VIPS = "-"
	}
	o.CacheDir = cache()
	s, err := media.New(d, files, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.Background()) })
	return s, files, dir
}

// cache is one for all tests of a run: compiling the encoder takes most of their time.
var cache = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "depesche-media-test-")
	if err != nil {
		panic(err)
	}
	return dir
})

func TestMain(m *testing.M) {
	code := m.Run()
	os.RemoveAll(cache())
	os.Exit(code)
}

func upload(t testing.TB, s *media.Service, file []byte) media.Picture {
	t.Helper()
	p, err := s.Upload(context.Background(), editor, media.Upload{Name: "a.jpg", R: bytes.NewReader(file), Credit: "Foto: Mia Berg"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func keyOf(err error) string {
	var p *problem.Error
	if errors.As(err, &p) {
		return p.Key
	}
	return ""
}

func fields(err error) map[string]string {
	out := map[string]string{}
	for _, f := range problem.FieldsOf(err) {
		out[f.Name] = f.Key
	}
	return out
}

// content opens an address of a picture and returns its content and type.
func content(t testing.TB, s *media.Service, url string) ([]byte, string) {
	t.Helper()
	f, err := s.Open(context.Background(), strings.TrimPrefix(url, "/media/"))
	if err != nil {
		t.Fatalf("%q: %v", url, err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil || int64(len(data)) != f.Size {
		t.Fatalf("%q: %d of %d bytes, %v", url, len(data), f.Size, err)
	}
	return data, f.Type
}

func TestUpload(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, files, _ := library(t, d, media.Options{})
		file := photo(t, 700, 350, 1)
		p, err := s.Upload(ctx, reporter, media.Upload{
			Name: `C:\Bilder\Brücke "Süd".JPG`, R: iotest.OneByteReader(bytes.NewReader(file)), Credit: " Mia Berg ",
			Texts: map[lang.Tag]media.Text{"de": {Alt: "Eine Brücke"}, "uk": {}},
		})
		if err != nil {
			t.Fatal(err)
		}
		want := media.Picture{
			ID: p.ID, Format: "jpeg", Width: 700, Height: 350, Bytes: int64(len(file)), FileName: `Brücke "Süd".JPG`, Kind: media.Photo,
			Credit: "Mia Berg", FocusX: 500, FocusY: 500, Widths: []int{320, 640}, Formats: []string{"jpg"}, State: media.Rendering,
			Generation: p.Generation, UploadedBy: "r", Version: 1, Created: p.Created, Texts: map[lang.Tag]media.Text{"de": {Alt: "Eine Brücke"}},
		}
		if diff := cmp.Diff(want, p); diff != "" {
			t.Error(diff)
		}
		for _, w := range p.Widths {
			data, kind := content(t, s, p.URL(w, "jpg"))
			c, err := jpeg.DecodeConfig(bytes.NewReader(data))
			if err != nil || c.Width != w || c.Height != w/2 || kind != "image/jpeg" {
				t.Errorf("at %d: %+v, %s, %v", w, c, kind, err)
			}
		}
		if err := s.Finish(ctx, p.ID); err != nil {
			t.Fatal(err)
		}
		p, err = s.ByID(ctx, d.Read(), p.ID)
		if err != nil || p.State != media.Ready || p.Version != 1 || !cmp.Equal(p.Formats, []string{"jpg", "webp"}) {
			t.Errorf("%+v, %v", p, err)
		}
		for _, w := range p.Widths {
			data, kind := content(t, s, p.URL(w, "webp"))
			c, err := xwebp.DecodeConfig(bytes.NewReader(data))
			if err != nil || c.Width != w || c.Height != w/2 || kind != "image/webp" {
				t.Errorf("at %d: %+v, %s, %v", w, c, kind, err)
			}
		}
		// The original is kept to the byte, and has no address.
		f, err := s.Original(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if got, _ := io.ReadAll(f); !bytes.Equal(got, file) {
			t.Error("the original is another")
		}
		for _, path := range []string{string(p.ID) + "/original", string(p.ID) + "-" + p.Generation + "/original", string(p.ID) + "-aaaaaaaa/320.jpg", "../" + string(p.ID), ""} {
			if _, err := s.Open(ctx, path); !problem.Is(err, problem.NotFound) {
				t.Errorf("%s: %v", path, err)
			}
		}
		// The same file again is the same picture, with what was said of it first.
		again, err := s.Upload(ctx, editor, media.Upload{Name: "other.jpg", R: bytes.NewReader(file), Credit: "somebody else"})
		if err != nil || again.ID != p.ID || again.Credit != "Mia Berg" {
			t.Errorf("%+v, %v", again, err)
		}
		n := 0
		if err := files.List(ctx, "", func(blob.Info) error { n++; return nil }); err != nil || n != 2+4 {
			t.Errorf("%d files, %v", n, err)
		}
	})
}

func TestUploadAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s, files, _ := library(t, d, media.Options{})
		file := photo(t, 400, 300, 2)
		var wg sync.WaitGroup
		ids := make([]media.ID, 6)
		for i := range ids {
			wg.Go(func() { ids[i] = upload(t, s, file).ID })
		}
		wg.Wait()
		for _, id := range ids {
			if id != ids[0] {
				t.Errorf("several pictures of one file: %v", ids)
			}
		}
		err := files.List(t.Context(), "", func(i blob.Info) error {
			if !strings.HasPrefix(i.Key, "media/"+string(ids[0])+"/") {
				t.Errorf("left over: %s", i.Key)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestUploadRefuses(t *testing.T) {
	d := dbtest.Open(t)
	s, files, _ := library(t, d, media.Options{})
	good := photo(t, 64, 48, 3)
	for _, tc := range []struct {
		name string
		file []byte
		key  string
	}{
		{"page.jpg", []byte("<html><script>alert(1)</script>"), "problem.picture_wrong_type"},
		{"empty.jpg", nil, "problem.picture_wrong_type"},
		{"cut.jpg", good[:len(good)/2], "problem.picture_broken"},
		{"long.jpg", append(bytes.Clone(good), make([]byte, 40<<20)...), "problem.picture_too_large"},
		{"script.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>1</script></svg>`), "problem.drawing_refused"},
		{"entities.svg", []byte(`<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg/>`), "problem.drawing_refused"},
	} {
		_, err := s.Upload(t.Context(), editor, media.Upload{Name: tc.name, R: bytes.NewReader(tc.file), Credit: "x"})
		if keyOf(err) != tc.key {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.key)
		}
	}
	if _, err := s.AddDrawing(t.Context(), editor, media.Upload{Name: "a.svg", R: bytes.NewReader(good)}); keyOf(err) != "problem.picture_broken" {
		t.Errorf("a photograph as a drawing: %v", err)
	}
	_, err := s.Upload(t.Context(), editor, media.Upload{
		Name: "a.jpg", R: bytes.NewReader(good), Kind: "film", Credit: strings.Repeat("x", 201),
		Texts: map[lang.Tag]media.Text{"de": {Alt: "a\x00"}, "?": {Caption: "x"}},
	})
	want := map[string]string{"kind": "problem.choice", "credit": "problem.too_long", "alt.de": "problem.bad_characters", "caption.?": "problem.language"}
	if diff := cmp.Diff(want, fields(err)); diff != "" {
		t.Error(diff)
	}
	if _, err := s.Upload(t.Context(), actor.Actor{Role: "reader"}, media.Upload{R: bytes.NewReader(good)}); !problem.Is(err, problem.Forbidden) {
		t.Errorf("by a stranger: %v", err)
	}
	gone := errors.New("the line is gone")
	if _, err := s.Upload(t.Context(), editor, media.Upload{R: io.MultiReader(bytes.NewReader(good[:100]), iotest.ErrReader(gone))}); !errors.Is(err, gone) {
		t.Errorf("a broken line: %v", err)
	}
	if list, err := s.List(t.Context(), d.Read(), media.Filter{}); err != nil || len(list) > 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if err := files.List(t.Context(), "", func(i blob.Info) error { t.Errorf("left over: %s", i.Key); return nil }); err != nil {
		t.Error(err)
	}
}

// A file above the operator's limit is too large, not damaged, and the limit is said.
func TestUploadLimit(t *testing.T) {
	s, _, _ := library(t, dbtest.Open(t), media.Options{MaxBytes: 1 << 20})
	long := append(photo(t, 64, 48, 3), make([]byte, 1<<20)...)
	_, err := s.Upload(t.Context(), editor, media.Upload{Name: "a.jpg", R: bytes.NewReader(long)})
	var p *problem.Error
	if !errors.As(err, &p) || p.Key != "problem.picture_too_large" || !cmp.Equal(p.Args, []any{"mb", int64(1)}) {
		t.Errorf("%v", err)
	}
	_, err = s.Upload(t.Context(), editor, media.Upload{Name: "a.png", R: bytes.NewReader(claims(t, 12_000, 9_000))})
	if !errors.As(err, &p) || p.Key != "problem.picture_too_large" || !cmp.Equal(p.Args, []any{"mb", int64(1)}) {
		t.Errorf("%v", err)
	}
	upload(t, s, photo(t, 64, 48, 3))
}

// claims is a small PNG that says that it is a large one: who believes it makes room for all its pixels.
func claims(t testing.TB, width, height uint32) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 12, 9))); err != nil {
		t.Fatal(err)
	}
	const head = 8 + 4 // the signature, and how long the first chunk is
	chunk := b.Bytes()[head : head+4+13]
	binary.BigEndian.PutUint32(chunk[4:], width)
	binary.BigEndian.PutUint32(chunk[8:], height)
	binary.BigEndian.PutUint32(b.Bytes()[head+4+13:], crc32.ChecksumIEEE(chunk))
	return b.Bytes()
}

// What is a picture and something else too comes out as a picture only.
func TestPolyglot(t *testing.T) {
	d := dbtest.Open(t)
	s, _, _ := library(t, d, media.Options{})
	evil := "<script>alert(document.domain)</script>"
	file := photo(t, 400, 300, 4)
	file = append(append(bytes.Clone(file[:2]), append([]byte{0xff, 0xfe, 0, byte(len(evil) + 2)}, evil...)...), file[2:]...)
	file = append(file, evil...)
	p := upload(t, s, file)
	if err := s.Finish(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	p, _ = s.ByID(t.Context(), d.Read(), p.ID)
	for _, ext := range p.Formats {
		if data, _ := content(t, s, p.URL(320, ext)); bytes.Contains(data, []byte("<script")) {
			t.Errorf("the %s carries it on", ext)
		}
	}
}

func TestMetadataIsOffered(t *testing.T) {
	d := dbtest.Open(t)
	s, _, _ := library(t, d, media.Options{})
	xmp := `http://ns.adobe.com/xap/1.0/` + "\x00" + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:iptc="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
 photoshop:Credit="Agentur Nord" xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="50,27.0N" exif:GPSLongitude="30,31.4E">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">The bridge</rdf:li><rdf:li xml:lang="de-DE">Die Brücke</rdf:li></rdf:Alt></dc:description>
<iptc:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">Steel over water</rdf:li></rdf:Alt></iptc:AltTextAccessibility>
</rdf:Description></rdf:RDF></x:xmpmeta>`
	plain := photo(t, 64, 48, 5)
	file := append(bytes.Clone(plain[:2]), 0xff, 0xe1, byte((len(xmp)+2)>>8), byte(len(xmp)+2))
	file = append(append(file, xmp...), plain[2:]...)
	p, err := s.Upload(t.Context(), editor, media.Upload{Name: "a.jpg", R: bytes.NewReader(file), Lang: "en", Texts: map[lang.Tag]media.Text{"de": {Caption: "Mein Text"}}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[lang.Tag]media.Text{"de": {Caption: "Mein Text"}, "en": {Caption: "The bridge", Alt: "Steel over water"}}
	if diff := cmp.Diff(want, p.Texts); diff != "" || p.Credit != "Agentur Nord" {
		t.Errorf("%s %q", diff, p.Credit)
	}
	data, _ := content(t, s, p.Fallback())
	for _, secret := range []string{"GPS", "50,27", "xmpmeta", "Exif", "Nord"} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("what is shown tells %q", secret)
		}
	}
}

func TestSmallAndOddPictures(t *testing.T) {
	d := dbtest.Open(t)
	s, _, _ := library(t, d, media.Options{})
	for _, tc := range []struct {
		w, h   int
		widths []int
	}{
		{1, 1, []int{1}},
		{250, 100, []int{250}},
		{320, 400, []int{320}},
		{700, 20, []int{320, 640}},
		{330, 4400, []int{300}}, // so tall that the width is what its height leaves
		{2000, 200, []int{320, 640, 960, 1280, 1920}},
	} {
		p := upload(t, s, photo(t, tc.w, tc.h, 6))
		if diff := cmp.Diff(tc.widths, p.Widths); diff != "" || p.Width != tc.w || p.Height != tc.h {
			t.Errorf("%d by %d: %+v", tc.w, tc.h, p)
		}
		if tc.w*tc.h > 200_000 {
			continue // encoding is as good at this size as at that, and slow under the race detector
		}
		if err := s.Finish(t.Context(), p.ID); err != nil {
			t.Errorf("%d by %d: %v", tc.w, tc.h, err)
		}
	}
}

func TestTransparency(t *testing.T) {
	d := dbtest.Open(t)
	s, _, _ := library(t, d, media.Options{})
	img := image.NewNRGBA(image.Rect(0, 0, 320, 320))
	for i := range 320 * 160 {
		copy(img.Pix[4*i:], []byte{200, 30, 30, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	p := upload(t, s, b.Bytes())
	if err := s.Finish(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	p, _ = s.ByID(t.Context(), d.Read(), p.ID)
	data, _ := content(t, s, p.URL(320, "webp"))
	out, err := xwebp.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, _, a := out.At(160, 300).RGBA(); a != 0 {
		t.Error("WebP has lost what is transparent")
	}
	data, _ = content(t, s, p.URL(320, "jpg"))
	out, err = jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if c := color.NRGBAModel.Convert(out.At(160, 300)).(color.NRGBA); c.R < 250 || c.G < 250 {
		t.Errorf("JPEG has %v where nothing was", c)
	}
}

func TestSaveAndCrop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, files, _ := library(t, d, media.Options{})
		p := upload(t, s, photo(t, 680, 520, 7))
		if err := s.Finish(ctx, p.ID); err != nil {
			t.Fatal(err)
		}
		old, err := s.ByID(ctx, d.Read(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		p = old
		p.Credit, p.Kind, p.FocusX, p.FocusY = "Mia Berg / dpa", media.Graphic, 750, 250
		p.Texts = map[lang.Tag]media.Text{"de": {Caption: "Zeile 1\r\nZeile 2", Alt: "Alt", Credit: "Grafik: dpa"}, "fr": {}}
		p, err = s.Save(ctx, reporter, p)
		if err != nil || p.Version != 2 || p.State != media.Ready || p.Generation != old.Generation {
			t.Fatalf("%+v, %v", p, err)
		}
		if x := p.TextIn("de"); x.Caption != "Zeile 1\nZeile 2" || x.Credit != "Grafik: dpa" || p.TextIn("fr").Credit != "Mia Berg / dpa" {
			t.Errorf("%+v", p.Texts)
		}
		if _, err := s.Save(ctx, reporter, old); !problem.Is(err, problem.Conflict) {
			t.Errorf("stale: %v", err)
		}
		p.Crop = "500,0,500,500" // the right top quarter
		cropped, err := s.Save(ctx, reporter, p)
		if err != nil {
			t.Fatal(err)
		}
		w, h := cropped.Shown()
		if w != 340 || h != 260 || !cmp.Equal(cropped.Widths, []int{320}) || cropped.State != media.Rendering || cropped.Generation == old.Generation {
			t.Errorf("%d by %d: %+v", w, h, cropped)
		}
		if x, y := cropped.Focus(); x != 500 || y != 500 {
			t.Errorf("focus %d, %d", x, y)
		}
		data, _ := content(t, s, cropped.URL(320, "jpg"))
		img, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		left := color.NRGBAModel.Convert(img.At(5, 5)).(color.NRGBA)
		right := color.NRGBAModel.Convert(img.At(314, 239)).(color.NRGBA)
		if left.R < 115 || left.R > 140 || left.G > 12 || right.R < 245 || right.G < 110 || right.G > 135 {
			t.Errorf("it shows another part: %v, %v", left, right)
		}
		// Pages in caches still show the old files; the new WebP comes with the job.
		content(t, s, old.URL(640, "webp"))
		if cropped.SrcSet("webp") != "" || cropped.URL(320, "webp") != "" {
			t.Errorf("%q", cropped.SrcSet("webp"))
		}
		if err := s.Finish(ctx, p.ID); err != nil {
			t.Fatal(err)
		}
		cropped, _ = s.ByID(ctx, d.Read(), p.ID)
		base := "/media/" + string(p.ID) + "-" + cropped.Generation + "/"
		if got, want := cropped.SrcSet("webp"), base+"320.webp 320w"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if f, err := s.Whole(ctx, p.ID); err != nil {
			t.Error(err)
		} else {
			c, err := jpeg.DecodeConfig(f)
			f.Close()
			if err != nil || c.Width != 640 || c.Height != 489 {
				t.Errorf("the whole is %d by %d, %v", c.Width, c.Height, err)
			}
		}
		for _, crop := range []string{"x", "1,2,3", "-1,0,500,500", "600,0,500,500", "0,0,10,500", "0,0,500,1001", "0,0,5e2,500"} {
			p := cropped
			p.Crop = crop
			if _, err := s.Save(ctx, reporter, p); fields(err)["crop"] == "" {
				t.Errorf("%q: %v", crop, err)
			}
		}
		cropped.Crop = "0,0,1000,1000" // all of it again: the old address again
		whole, err := s.Save(ctx, reporter, cropped)
		if err != nil || whole.Crop != "" || whole.Generation != old.Generation {
			t.Errorf("%+v, %v", whole, err)
		}
		used, placed := false, false
		ask := func(_ context.Context, _ db.Conn, _ media.ID, since time.Time) (bool, error) {
			return used || placed && !since.IsZero(), nil
		}
		if err := s.Delete(ctx, reporter, p.ID, whole.Version, ask); !problem.Is(err, problem.Forbidden) {
			t.Errorf("deleted by a reporter: %v", err)
		}
		if err := s.Delete(ctx, editor, p.ID, whole.Version-1, ask); !problem.Is(err, problem.Conflict) {
			t.Errorf("stale: %v", err)
		}
		used = true
		if err := s.Delete(ctx, editor, p.ID, whole.Version, ask); keyOf(err) != "problem.picture_in_use" {
			t.Errorf("used: %v", err)
		}
		used, placed = false, true
		if err := s.Delete(ctx, editor, p.ID, whole.Version, ask); keyOf(err) != "problem.picture_in_use" {
			t.Errorf("placed while all texts were gone through: %v", err)
		}
		placed = false
		if err := s.Delete(ctx, editor, p.ID, whole.Version, ask); err != nil {
			t.Fatal(err)
		}
		if _, err := s.ByID(ctx, d.Read(), p.ID); !problem.Is(err, problem.NotFound) {
			t.Errorf("deleted: %v", err)
		}
		media.Sweep(s, t, p.ID)
		if err := files.List(ctx, "", func(i blob.Info) error { t.Errorf("left over: %s", i.Key); return nil }); err != nil {
			t.Error(err)
		}
		again := upload(t, s, photo(t, 680, 520, 7))
		if again.ID == p.ID {
			t.Error("a deleted picture came back")
		}
	})
}

func TestSweepKeepsWhatIsShown(t *testing.T) {
	d := dbtest.Open(t)
	s, files, _ := library(t, d, media.Options{})
	p := upload(t, s, photo(t, 700, 500, 8))
	first := p
	p.Crop = "0,0,500,500"
	p, err := s.Save(t.Context(), editor, p)
	if err != nil {
		t.Fatal(err)
	}
	// An upload that was killed: files without a picture, one young, one old.
	for _, key := range []string{"media/01j00000000000000000000000/original", "media/01j00000000000000000000001/original"} {
		if err := files.Put(t.Context(), key, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	media.Sweep(s, t, p.ID)
	content(t, s, p.URL(320, "jpg"))
	if _, err := s.Open(t.Context(), strings.TrimPrefix(first.URL(320, "jpg"), "/media/")); !problem.Is(err, problem.NotFound) {
		t.Errorf("the former crop: %v", err)
	}
	if f, err := s.Whole(t.Context(), p.ID); err != nil {
		t.Error(err)
	} else {
		f.Close()
	}
}

func TestOrphans(t *testing.T) {
	d := dbtest.Open(t)
	s, files, dir := library(t, d, media.Options{})
	p := upload(t, s, photo(t, 320, 200, 9))
	old, young := "media/01j00000000000000000000000/original", "media/01j00000000000000000000001/original"
	for _, key := range []string{old, young} {
		if err := files.Put(t.Context(), key, strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-48 * time.Hour)
	for _, key := range []string{old, "media/" + string(p.ID) + "/original"} {
		if err := os.Chtimes(filepath.Join(dir, key), past, past); err != nil {
			t.Fatal(err)
		}
	}
	media.SweepOrphans(s, t)
	var left []string
	if err := files.List(t.Context(), "", func(i blob.Info) error { left = append(left, i.Key); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, key := range left {
		if key == old {
			t.Error("an old file without a picture is left")
		}
	}
	if len(left) != 4 {
		t.Errorf("left: %v", left)
	}
}

func TestListAndSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s, _, _ := library(t, d, media.Options{})
		var ids []media.ID
		for i, u := range []media.Upload{
			{Name: "bruecke-1.jpg", Credit: "Mia Berg"},
			{Name: "rat.jpg", Texts: map[lang.Tag]media.Text{"de": {Caption: "Der Rat tagt in Köln", Alt: "Saal"}}},
			{Name: "100%.jpg", Credit: "x", Texts: map[lang.Tag]media.Text{"uk": {Caption: "Міст через Дніпро", Alt: "Міст"}}},
		} {
			u.R = bytes.NewReader(photo(t, 40+i, 30, 10))
			p, err := s.Upload(ctx, editor, u)
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, p.ID)
		}
		a, b, c := ids[0], ids[1], ids[2]
		for _, tc := range []struct {
			name   string
			filter media.Filter
			want   []media.ID
		}{
			{"all, newest first", media.Filter{Limit: 10}, []media.ID{c, b, a}},
			{"a page", media.Filter{Limit: 2}, []media.ID{c, b}},
			{"the next page", media.Filter{Limit: 2, Before: b}, []media.ID{a}},
			{"words in any order", media.Filter{Text: "KOLN rat", Limit: 10}, []media.ID{b}},
			{"Cyrillic without case", media.Filter{Text: "ДНІПРО", Limit: 10}, []media.ID{c}},
			{"the credit", media.Filter{Text: "berg", Limit: 10}, []media.ID{a}},
			{"a sign is no pattern", media.Filter{Text: "%", Limit: 10}, nil},
			{"both, where one isn't", media.Filter{Text: "rat berg", Limit: 10}, nil},
			{"without credit", media.Filter{NoCredit: true, Limit: 10}, []media.ID{b}},
			{"without alternative text", media.Filter{NoAlt: true, Limit: 10}, []media.ID{a}},
		} {
			list, err := s.List(ctx, d.Read(), tc.filter)
			if err != nil {
				t.Fatal(err)
			}
			var got []media.ID
			for _, p := range list {
				got = append(got, p.ID)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s: %s", tc.name, diff)
			}
		}
		byID, err := s.ByIDs(ctx, d.Read(), []media.ID{a, c, "none"})
		if err != nil || len(byID) != 2 || byID[c].Texts["uk"].Alt != "Міст" {
			t.Errorf("%+v, %v", byID, err)
		}
	})
}

func TestDrawing(t *testing.T) {
	d := dbtest.Open(t)
	s, _, _ := library(t, d, media.Options{})
	svg := "\ufeff" + `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 640"><!-- x --><rect width="9" height="9" fill="#fff"/></svg>`
	for _, take := range []func(context.Context, actor.Actor, media.Upload) (media.Picture, error){s.AddDrawing, s.Upload} {
		p, err := take(t.Context(), editor, media.Upload{Name: "x.svg", R: strings.NewReader(svg), Credit: "Depesche"})
		if err != nil {
			t.Fatal(err)
		}
		if p.Format != "svg" || p.Kind != media.Illustration || p.State != media.Ready || p.Width != 1200 || p.Height != 640 || p.SrcSet("webp") != "" {
			t.Errorf("%+v", p)
		}
		data, kind := content(t, s, p.Fallback())
		if kind != "image/svg+xml" || bytes.Contains(data, []byte("<!--")) || !strings.HasSuffix(p.Fallback(), "/drawing.svg") {
			t.Errorf("%s, %s, %s", p.Fallback(), kind, data)
		}
		shared, w, h := p.Shared()
		if jpeg, kind := content(t, s, shared); kind != "image/jpeg" || !bytes.HasPrefix(jpeg, []byte{0xff, 0xd8}) || w != 1200 || h != 640 || p.SrcSet("jpg") != "" {
			t.Errorf("for sharing: %s, %s, %d by %d", shared, kind, w, h)
		}
		p.Crop, p.Credit = "0,0,500,500", "neu"
		if p, err = s.Save(t.Context(), editor, p); err != nil || p.Crop != "" || p.Credit != "neu" {
			t.Errorf("%+v, %v", p, err)
		}
	}
}

// A drawing that can't be painted, or has the shape of a ribbon, is shown and not shared.
func TestDrawingThatIsNotShared(t *testing.T) {
	d := dbtest.Open(t)
	s, _, _ := library(t, d, media.Options{})
	for name, svg := range map[string]string{
		"words":  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 640"><text>Wort</text></svg>`,
		"ribbon": `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 20"><rect width="9" height="9"/></svg>`,
	} {
		p, err := s.AddDrawing(t.Context(), editor, media.Upload{Name: "x.svg", R: strings.NewReader(svg), Credit: "Depesche"})
		if err != nil {
			t.Fatal(err)
		}
		if at, _, _ := p.Shared(); at != "" || p.Fallback() == "" {
			t.Errorf("%s: %q, %q", name, at, p.Fallback())
		}
	}
}

// watched tells when a file is stored.
type watched struct {
	blob.Store
	stored chan string
}

func (w watched) Put(ctx context.Context, key string, r io.Reader) error {
	err := w.Store.Put(ctx, key, r)
	w.stored <- key
	return err
}

// working is a library whose jobs run. The function waits until as many pictures have their AVIF, and for the
// jobs' last writes.
func working(ctx context.Context, t *testing.T, d *db.DB, folder blob.Store, vips string) (*media.Service, func(n int)) {
	t.Helper()
	files := watched{folder, make(chan string, 100)}
	s, err := media.New(d, files, media.Options{CacheDir: cache(), VIPS: vips})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(context.WithoutCancel(ctx)) })
	runner, err := jobs.New(d, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s.Work(runner)
	if err := runner.Start(ctx); err != nil {
		t.Fatal(err)
	}
	return s, func(n int) {
		t.Helper()
		for n > 0 {
			select {
			case key := <-files.stored:
				if strings.HasSuffix(key, "320.avif") {
					n--
				}
			case <-ctx.Done():
				t.Fatal("no AVIF within a minute")
			}
		}
		if err := runner.Stop(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// The jobs do the rest, AVIF included where there is a program for it.
func TestJobs(t *testing.T) {
	vips := filepath.Join(t.TempDir(), "vipsthumbnail")
	script := "#!/bin/sh\nout=${5%%[*}\ntest \"$2\" = --size && test \"$4\" = -o && cp \"$1\" \"$out\"\n"
	if err := os.WriteFile(vips, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		folder, err := blob.Folder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		s, avifs := working(ctx, t, d, folder, vips)
		p := upload(t, s, photo(t, 400, 300, 11))
		avifs(1)
		p, err = s.ByID(ctx, d.Read(), p.ID)
		if err != nil || p.State != media.Ready || !cmp.Equal(p.Formats, []string{"jpg", "webp", "avif"}) {
			t.Errorf("%+v, %v", p, err)
		}
		if _, kind := content(t, s, p.URL(320, "avif")); kind != "image/avif" {
			t.Error(kind)
		}
	})
}

// A twelve-megapixel photograph, from the upload to the moment it can be shown.
func BenchmarkUpload(b *testing.B) {
	d := dbtest.Open(b)
	s, _, _ := library(b, d, media.Options{})
	file := photo(b, 4000, 3000, 12)
	n := byte(0)
	for b.Loop() {
		n++
		p := upload(b, s, append(bytes.Clone(file), n)) // another file each time
		b.StopTimer()
		if err := s.Finish(b.Context(), p.ID); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

func BenchmarkFinish(b *testing.B) {
	d := dbtest.Open(b)
	s, _, _ := library(b, d, media.Options{})
	file := photo(b, 4000, 3000, 13)
	n := byte(0)
	for b.Loop() {
		b.StopTimer()
		n++
		p := upload(b, s, append(bytes.Clone(file), n))
		b.StartTimer()
		if err := s.Finish(b.Context(), p.ID); err != nil {
			b.Fatal(err)
		}
	}
}
