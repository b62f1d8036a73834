package raster

import (
	"image"
	"image/color"
	"math/rand/v2"
	"testing"
)

// However a decoder has left the pixels, a row of them is what the picture's own colours say.
func TestRowsAreWhatThePictureSays(t *testing.T) {
	const w, h = 19, 7
	r := image.Rect(0, 0, w, h)
	rnd := rand.New(rand.NewPCG(3, 4))
	fill := func(b ...[]uint8) {
		for _, b := range b {
			for i := range b {
				b[i] = uint8(rnd.IntN(256))
			}
		}
	}
	pictures := map[string]image.Image{}
	for _, ratio := range []image.YCbCrSubsampleRatio{
		image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio420,
		image.YCbCrSubsampleRatio440, image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410,
	} {
		img := image.NewYCbCr(r, ratio)
		fill(img.Y, img.Cb, img.Cr)
		pictures[ratio.String()] = img
	}
	solid, clear, deep, deepClear := image.NewRGBA(r), image.NewRGBA(r), image.NewRGBA64(r), image.NewRGBA64(r)
	fill(solid.Pix, deep.Pix)
	for y := range h {
		for x := range w {
			solid.Pix[solid.PixOffset(x, y)+3] = 255
			deep.Pix[deep.PixOffset(x, y)+6], deep.Pix[deep.PixOffset(x, y)+7] = 255, 255
			c := color.NRGBA{uint8(rnd.IntN(256)), uint8(rnd.IntN(256)), uint8(rnd.IntN(256)), uint8(rnd.IntN(256))}
			clear.Set(x, y, c)
			deepClear.Set(x, y, c)
		}
	}
	pictures["RGBA"], pictures["RGBA, translucent"], pictures["RGBA64"], pictures["RGBA64, translucent"] = solid, clear, deep, deepClear
	for name, img := range pictures {
		p := pixelsOf(img, PNG)
		for _, part := range [][2]int{{0, w}, {3, w}, {5, 11}} {
			row := make([]uint8, 4*(part[1]-part[0]))
			for y := range h {
				p.row(y, part[0], part[1], row)
				for x := part[0]; x < part[1]; x++ {
					want := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
					got := row[4*(x-part[0]):]
					if [4]uint8(got) != [4]uint8{want.R, want.G, want.B, want.A} {
						t.Fatalf("%s at %d,%d: %v, not %v", name, x, y, got[:4], want)
					}
				}
			}
		}
	}
}
