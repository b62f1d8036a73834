package raster

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"depesche/internal/problem"
)

// scene is a picture with large areas, edges and some grain, red at the left top, green at the
// right top, blue at the left bottom, white at the right bottom.
func scene(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	rnd := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			c := color.NRGBA{230, 20, 20, 255}
			switch {
			case x >= w/2 && y >= h/2:
				c = color.NRGBA{240, 240, 240, 255}
			case x >= w/2:
				c = color.NRGBA{20, 200, 20, 255}
			case y >= h/2:
				c = color.NRGBA{20, 20, 220, 255}
			}
			g := uint8(rnd.IntN(12))
			c.R, c.G, c.B = c.R+g, c.G+g, c.B+g
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func asJPEG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment puts a marker with a body right behind a JPEG's start.
func segment(file []byte, marker byte, body []byte) []byte {
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xff, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), file[2:]...)
}

// turned gives a JPEG an EXIF orientation, and a place where it was taken.
func turned(file []byte, orientation uint16) []byte {
	b := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01")
	b = append(b, 0x01, 0x12, 0, 3, 0, 0, 0, 1)
	b = binary.BigEndian.AppendUint16(b, orientation)
	b = append(b, 0, 0, 0, 0, 0, 0)
	return segment(file, 0xe1, b)
}

// chunk is one of a PNG's.
func chunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngHead is a PNG that claims a size and has no pixels.
func pngHead(w, h uint32, depth, colour byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, w)
	b = binary.BigEndian.AppendUint32(b, h)
	b = append(b, depth, colour, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", b)...)
	return append(append(out, chunk("IDAT", []byte{0x78, 0x9c, 1})...), chunk("IEND", nil)...)
}

func asGIF(t testing.TB, frames int) []byte {
	t.Helper()
	g := gif.GIF{}
	for i := range frames {
		f := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.White, color.RGBA{uint8(i), 0, 0, 255}, color.Transparent})
		for j := range f.Pix {
			f.Pix[j] = uint8(j % 3)
		}
		g.Image, g.Delay = append(g.Image, f), append(g.Delay, 10)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRefusals(t *testing.T) {
	photo := asJPEG(t, scene(64, 48))
	for _, tc := range []struct {
		name string
		file []byte
		key  string
	}{
		{"empty", nil, "problem.picture_wrong_type"},
		{"text", []byte("hello, I am a picture.jpg"), "problem.picture_wrong_type"},
		{"HTML that calls itself a picture", []byte("<html><script>alert(1)</script>"), "problem.picture_wrong_type"},
		{"SVG", []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), "problem.picture_wrong_type"},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "problem.picture_wrong_type"},
		{"PDF", []byte("%PDF-1.7\n"), "problem.picture_wrong_type"},
		{"more than 100 megapixels", pngHead(20_000, 20_000, 8, 2), "problem.picture_too_large"},
		{"more pixels than there are numbers", pngHead(1<<31-1, 1<<31-1, 8, 2), "problem.picture_too_large"},
		{"a bomb by its header", pngHead(9_900, 9_900, 8, 2), "problem.picture_bomb"},
		{"sixteen bits a channel, large", pngHead(9_000, 9_000, 16, 6), "problem.picture_bomb"},
		{"a line", pngHead(60_000, 10, 8, 2), "problem.picture_shape"},
		{"no pixels", pngHead(0, 10, 8, 2), "problem.picture_broken"},
		{"a header without pixels", pngHead(100, 100, 8, 2), "problem.picture_broken"},
		{"PNG cut in its header", []byte("\x89PNG\r\n\x1a\n\x00\x00"), "problem.picture_broken"},
		{"JPEG cut in its header", photo[:30], "problem.picture_broken"},
		{"JPEG cut in its pixels", photo[:len(photo)/2], "problem.picture_broken"},
		{"JPEG with noise in it", noise(photo), "problem.picture_broken"},
		{"WebP with nothing", []byte("RIFF\x04\x00\x00\x00WEBP"), "problem.picture_broken"},
		{"GIF cut", asGIF(t, 1)[:40], "problem.picture_broken"},
		{"too many bytes", append(append([]byte{}, photo...), make([]byte, MaxBytes)...), "problem.picture_too_large"},
		{"JPEG of too many scans", scans(photo, 200), "problem.picture_bomb"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := load(bytes.NewReader(tc.file))
			var p *problem.Error
			if !errors.As(err, &p) || p.Key != tc.key || p.Kind != problem.Invalid {
				t.Errorf("got %v, want %s", err, tc.key)
			}
		})
	}
}

// noise breaks the tables of a JPEG.
func noise(file []byte) []byte {
	out := bytes.Clone(file)
	for i := 20; i < len(out)-20; i += 7 {
		out[i] ^= 0x5a
	}
	return out
}

// scans adds scans that the header's reader counts.
func scans(file []byte, n int) []byte {
	out := bytes.Clone(file[:len(file)-2])
	for range n {
		out = append(out, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0)
	}
	return append(out, 0xff, 0xd9)
}

func load(r io.ReadSeeker) (*Picture, error) {
	h, err := Read(r)
	if err != nil {
		return nil, err
	}
	ReadMeta(r, &h)
	return Decode(r, h)
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestFormats(t *testing.T) {
	img := scene(64, 48)
	grey := image.NewGray(img.Rect)
	deep := image.NewNRGBA64(img.Rect)
	for y := range 48 {
		for x := range 64 {
			grey.Set(x, y, img.At(x, y))
			deep.Set(x, y, img.At(x, y))
		}
	}
	solid := image.NewRGBA64(img.Rect)
	for y := range 48 {
		for x := range 64 {
			solid.Set(x, y, img.At(x, y))
		}
	}
	for _, tc := range []struct {
		name, format string
		file         []byte
		w, h         int
	}{
		// Written by libvips of the scene: Go writes neither.
		{"progressive JPEG", JPEG, testdata(t, "progressive.jpg"), 64, 48},
		{"JPEG for print", JPEG, testdata(t, "cmyk.jpg"), 64, 48},
		{"deep PNG without alpha", PNG, asPNG(t, solid), 64, 48},
		{"JPEG", JPEG, asJPEG(t, img), 64, 48},
		{"grey JPEG", JPEG, asJPEG(t, grey), 64, 48},
		{"PNG", PNG, asPNG(t, img), 64, 48},
		{"grey PNG", PNG, asPNG(t, grey), 64, 48},
		{"deep PNG", PNG, asPNG(t, deep), 64, 48},
		{"GIF", GIF, asGIF(t, 1), 40, 30},
		{"moving GIF", GIF, asGIF(t, 5), 40, 30},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p, err := load(bytes.NewReader(tc.file))
			if err != nil {
				t.Fatal(err)
			}
			if p.Format != tc.format || p.Width != tc.w || p.Height != tc.h {
				t.Errorf("%s of %d by %d", p.Format, p.Width, p.Height)
			}
			out := p.Scaled(Whole, 20)
			if out.Rect.Dx() != 20 {
				t.Errorf("scaled to %v", out.Rect)
			}
			if grey := tc.file[0] == 'G' || strings.HasPrefix(tc.name, "grey"); grey {
				return
			}
			// Red, green and blue are where they were, whatever the form; print has duller ones.
			red, green, blue := out.NRGBAAt(3, 3), out.NRGBAAt(16, 3), out.NRGBAAt(3, 12)
			if red.R < 120 || red.R < 2*red.G || green.G < 100 || green.G < 2*green.R || blue.B < 100 || blue.B < 2*blue.R {
				t.Errorf("%v, %v, %v", red, green, blue)
			}
		})
	}
}

// near reports whether the pixel is about the colour.
func near(img *image.NRGBA, x, y int, want color.NRGBA) bool {
	c := img.NRGBAAt(x, y)
	d := func(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }
	return d(c.R, want.R)+d(c.G, want.G)+d(c.B, want.B)+d(c.A, want.A) < 60
}

var (
	red   = color.NRGBA{235, 25, 25, 255}
	green = color.NRGBA{25, 205, 25, 255}
	blue  = color.NRGBA{25, 25, 225, 255}
	white = color.NRGBA{245, 245, 245, 255}
)

// The eight ways a camera can be held: after turning, the corners are where the table of EXIF's
// standard says.
func TestOrientations(t *testing.T) {
	file := asJPEG(t, scene(80, 40))
	for o, corners := range map[uint16][4]color.NRGBA{ // left top, right top, left bottom, right bottom
		1: {red, green, blue, white},
		2: {green, red, white, blue},
		3: {white, blue, green, red},
		4: {blue, white, red, green},
		5: {red, blue, green, white},
		6: {blue, red, white, green},
		7: {white, green, blue, red},
		8: {green, white, red, blue},
	} {
		p, err := load(bytes.NewReader(turned(file, o)))
		if err != nil {
			t.Fatal(err)
		}
		w, h := p.Upright()
		if o >= 5 && (w != 40 || h != 80) || o < 5 && (w != 80 || h != 40) {
			t.Errorf("orientation %d: %d by %d", o, w, h)
		}
		img := p.Scaled(Whole, w)
		for i, at := range []image.Point{{5, 5}, {w - 6, 5}, {5, h - 6}, {w - 6, h - 6}} {
			if !near(img, at.X, at.Y, corners[i]) {
				t.Errorf("orientation %d, corner %d: %v, want %v", o, i, img.NRGBAAt(at.X, at.Y), corners[i])
			}
		}
		// The right bottom quarter, as seen, is of one colour.
		part := p.Scaled(Part{550, 550, 400, 400}, 10)
		for _, at := range []image.Point{{1, 1}, {8, 1}, {5, part.Rect.Dy() - 2}} {
			if !near(part, at.X, at.Y, corners[3]) {
				t.Errorf("orientation %d, part at %v: %v, want %v", o, at, part.NRGBAAt(at.X, at.Y), corners[3])
			}
		}
	}
}

func TestScaleKeepsWhatIsFlat(t *testing.T) {
	img := image.NewNRGBA(image.Rect(3, 5, 203, 105))
	for i := range img.Pix {
		img.Pix[i] = []uint8{10, 120, 200, 255}[i%4]
	}
	for _, w := range []int{1, 7, 64, 199, 200} {
		out := Shrunk(img, w, HeightAt(w, 200, 100))
		for i, v := range out.Pix {
			if want := []uint8{10, 120, 200, 255}[i%4]; v != want {
				t.Fatalf("at width %d byte %d is %d, want %d", w, i, v, want)
			}
		}
	}
}

func TestScaleDoesNotBleed(t *testing.T) {
	// Green that can't be seen beside red that can: no green at the edge.
	img := image.NewNRGBA(image.Rect(0, 0, 100, 100))
	for y := range 100 {
		for x := range 100 {
			c := color.NRGBA{255, 0, 0, 255}
			if x < 50 {
				c = color.NRGBA{0, 255, 0, 0}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	out := Shrunk(img, 33, 33)
	for x := range 33 {
		if c := out.NRGBAAt(x, 10); c.G > 3 {
			t.Errorf("at %d: %v", x, c)
		}
	}
}

func TestJPEGStandsOnWhite(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 16, 16)) // nothing but transparent black
	var b bytes.Buffer
	if err := WriteJPEG(&b, img, 90); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := out.At(8, 8).RGBA(); r>>8 < 250 {
		t.Errorf("transparent became %v", out.At(8, 8))
	}
}

func TestOddSizes(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {1, 40}, {40, 1}, {3, 2}, {17, 31}} {
		p, err := load(bytes.NewReader(asPNG(t, scene(size[0], size[1]))))
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range []int{1, 2, 320} {
			out := p.Scaled(Part{300, 300, 1, 1}, w)
			if out.Rect.Empty() {
				t.Errorf("%v at %d is empty", size, w)
			}
			if out := p.Scaled(Whole, w); out.Rect.Dx() > max(size[0], 1) {
				t.Errorf("%v was enlarged to %v", size, out.Rect)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(asJPEG(f, scene(24, 16)))
	f.Add(turned(asJPEG(f, scene(24, 16)), 6))
	f.Add(asPNG(f, scene(24, 16)))
	f.Add(asGIF(f, 2))
	f.Add(pngHead(100, 100, 8, 2))
	f.Add(testdata(f, "progressive.jpg"))
	f.Add(testdata(f, "cmyk.jpg"))
	f.Add(asPNG(f, image.NewRGBA64(image.Rect(0, 0, 9, 7))))
	f.Add(segment(asJPEG(f, scene(8, 8)), 0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00"+xmpPacket)))
	for _, name := range []string{"scene.webp", "clear.webp"} { // made by media/webp of the scene, and of nothing
		file, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(file)
		f.Add(withProfile(file, []byte("no profile"), 24, 16))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		r := bytes.NewReader(file)
		h, err := Read(r)
		if err != nil {
			return
		}
		m := ReadMeta(r, &h)
		if strings.ContainsAny(m.Credit, "\x00\n") {
			t.Errorf("credit %q", m.Credit)
		}
		if h.Width*h.Height > 200_000 {
			return // the decoders have their own fuzz tests; ours is what stands before them
		}
		p, err := Decode(r, h)
		if err != nil {
			return
		}
		if img := p.Scaled(Whole, 50); img.Rect.Empty() {
			t.Error("empty picture")
		}
	})
}

func BenchmarkTwelveMegapixels(b *testing.B) {
	file := asJPEG(b, scene(4000, 3000))
	b.Run("header", func(b *testing.B) {
		for b.Loop() {
			if _, err := Read(bytes.NewReader(file)); err != nil {
				b.Fatal(err)
			}
		}
	})
	p, err := load(bytes.NewReader(file))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			if _, err := load(bytes.NewReader(file)); err != nil {
				b.Fatal(err)
			}
		}
	})
	var big *image.NRGBA
	b.Run("to 1920", func(b *testing.B) {
		for b.Loop() {
			big = p.Scaled(Whole, 1920)
		}
	})
	b.Run("1920 to 960", func(b *testing.B) {
		for b.Loop() {
			Shrunk(big, 960, 720)
		}
	})
	b.Run("JPEG of 1920", func(b *testing.B) {
		for b.Loop() {
			if err := WriteJPEG(io.Discard, big, 82); err != nil {
				b.Fatal(err)
			}
		}
	})
}
