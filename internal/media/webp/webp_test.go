package webp_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"testing"
	"time"

	xwebp "golang.org/x/image/webp"

	"depesche/internal/media/webp"
)

// gradient is a picture that any encoder should keep well.
func gradient(w, h int, alpha bool) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			a := uint8(255)
			if alpha {
				a = uint8(255 * x / w)
			}
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(255 * x / w), G: uint8(255 * y / h), B: 90, A: a})
		}
	}
	return img
}

func TestEncode(t *testing.T) {
	e := webp.New("")
	defer e.Close(context.Background())
	for _, tc := range []struct {
		name  string
		img   *image.NRGBA
		alpha bool
	}{
		{"opaque", gradient(97, 61, false), false},
		{"transparent", gradient(64, 64, true), true},
		{"one pixel", gradient(1, 1, false), false},
		{"part of a larger one", gradient(100, 100, false).SubImage(image.Rect(10, 20, 60, 50)).(*image.NRGBA), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, err := e.Encode(context.Background(), tc.img, 90)
			if err != nil {
				t.Fatal(err)
			}
			got, err := xwebp.Decode(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			b := tc.img.Bounds()
			if got.Bounds().Dx() != b.Dx() || got.Bounds().Dy() != b.Dy() {
				t.Fatalf("size %v, want %v", got.Bounds(), b)
			}
			for _, p := range []image.Point{{b.Dx() / 2, b.Dy() / 2}, {b.Dx() - 1, 0}, {0, b.Dy() - 1}} {
				want := tc.img.NRGBAAt(b.Min.X+p.X, b.Min.Y+p.Y)
				have := colour(got, p.X, p.Y)
				if tc.alpha && want.A < 40 {
					continue // colour is free where nothing is seen
				}
				if far(want.R, have.R) || far(want.G, have.G) || far(want.B, have.B) || far(want.A, have.A) {
					t.Errorf("at %v: %v, want about %v", p, have, want)
				}
			}
		})
	}
}

// colour reads a decoded pixel as WebP means it: Y from 16 to 235, where Go's image.YCbCr takes the
// whole range.
func colour(img image.Image, x, y int) color.NRGBA {
	var planes *image.YCbCr
	a := uint8(255)
	switch img := img.(type) {
	case *image.YCbCr:
		planes = img
	case *image.NYCbCrA:
		planes, a = &img.YCbCr, img.A[img.AOffset(x, y)]
	}
	p := planes.YCbCrAt(x, y)
	l, cb, cr := 1.164*(float64(p.Y)-16), float64(p.Cb)-128, float64(p.Cr)-128
	to8 := func(v float64) uint8 { return uint8(max(0, min(255, v+0.5))) }
	return color.NRGBA{to8(l + 1.596*cr), to8(l - 0.392*cb - 0.813*cr), to8(l + 2.017*cb), a}
}

func far(a, b uint8) bool { return max(a, b)-min(a, b) > 14 }

func TestEncodeRefuses(t *testing.T) {
	e := webp.New("")
	defer e.Close(context.Background())
	if _, err := e.Encode(context.Background(), image.NewNRGBA(image.Rect(0, 0, 0, 5)), 80); err == nil {
		t.Error("an empty picture was encoded")
	}
	if _, err := e.Encode(context.Background(), image.NewNRGBA(image.Rect(0, 0, webp.MaxSide+1, 1)), 80); err == nil {
		t.Error("a picture too wide for the format was encoded")
	}
	// More than the sandbox's memory: an error, and the next picture is fine.
	if _, err := e.Encode(context.Background(), image.NewNRGBA(image.Rect(0, 0, 9000, 9000)), 80); err == nil {
		t.Error("a picture larger than the sandbox was encoded")
	}
	if _, err := e.Encode(context.Background(), gradient(20, 20, false), 80); err != nil {
		t.Errorf("after a refusal: %v", err)
	}
}

func TestEncodeStopsWithContext(t *testing.T) {
	e := webp.New("")
	defer e.Close(context.Background())
	if _, err := e.Encode(context.Background(), gradient(8, 8, false), 80); err != nil { // compiled by now
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	if _, err := e.Encode(ctx, gradient(1900, 1900, false), 80); err == nil {
		t.Error("3.6 megapixels were encoded after the context had ended")
	}
	if _, err := e.Encode(context.Background(), gradient(8, 8, false), 80); err != nil {
		t.Errorf("after one that was stopped: %v", err)
	}
}

func BenchmarkEncode(b *testing.B) {
	e := webp.New(b.TempDir())
	defer e.Close(context.Background())
	for _, size := range []struct {
		name string
		w, h int
	}{{"320", 320, 213}, {"960", 960, 640}, {"1920", 1920, 1280}} {
		img := gradient(size.w, size.h, false)
		for i := range img.Pix { // grain, since a smooth picture is too easy
			if i%4 != 3 {
				img.Pix[i] += uint8(i * 7919 >> 5 & 15)
			}
		}
		b.Run(size.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Encode(context.Background(), img, 80); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
