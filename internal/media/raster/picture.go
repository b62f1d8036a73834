package raster

import (
	"errors"
	"image"
	"image/jpeg"
	"io"
	"math"
)

var errEmpty = errors.New("no pixels")

// Picture is a decoded file. It holds all its pixels: let go of it soon.
type Picture struct {
	Header
	pixels pixels
	// frame is the size of the pixels, which of a GIF's first frame may be less than the header's.
	w, h int
}

// Decode decodes the file whose header was read. It refuses with problem.picture_broken what is cut
// off or damaged.
func Decode(r io.ReadSeeker, h Header) (*Picture, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	img, err := h.decode(r)
	if err != nil {
		return nil, err
	}
	p := &Picture{Header: h, pixels: pixelsOf(img, h.Format)}
	p.w, p.h = p.pixels.bounds.Dx(), p.pixels.bounds.Dy()
	if p.w < 1 || p.h < 1 {
		return nil, broken(errEmpty)
	}
	p.Width, p.Height = p.w, p.h
	return p, nil
}

// Part is a part of an upright picture in thousandths of its width and height.
type Part struct{ X, Y, W, H int }

// Whole is all of it.
var Whole = Part{0, 0, 1000, 1000}

// Size returns the size in pixels of a part of an upright picture of width by height.
func (p Part) Size(width, height int) (w, h int) {
	return max(1, (width*p.W+500)/1000), max(1, (height*p.H+500)/1000)
}

// Scaled returns the part, upright and in sRGB, at the width, or at its own where that is less.
func (p *Picture) Scaled(part Part, width int) *image.NRGBA {
	uw, uh := p.Upright()
	pw, ph := part.Size(uw, uh)
	if width = max(1, min(width, pw)); width == pw && part == Whole {
		width = uw
	}
	height := HeightAt(width, pw, ph)
	f := rect{float64(part.X) / 1000, float64(part.Y) / 1000, float64(part.X+part.W) / 1000, float64(part.Y+part.H) / 1000}
	s := stored(f, p.Orientation)
	sw, sh := width, height
	if p.Orientation >= 5 {
		sw, sh = height, width
	}
	fw, fh := float64(p.w), float64(p.h)
	img := scale(p.pixels, rect{s.x0 * fw, s.y0 * fh, s.x1 * fw, s.y1 * fh}, sw, sh)
	toSRGB(img, p.profile)
	return upright(img, p.Orientation)
}

// HeightAt returns the height of what is w by h when it is shown at the width.
func HeightAt(width, w, h int) int {
	return max(1, int(math.Round(float64(width)*float64(h)/float64(w))))
}

// Shrunk returns img at a lesser size, or img itself where that isn't less.
func Shrunk(img *image.NRGBA, width, height int) *image.NRGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if width >= w {
		return img
	}
	return scale(pixelsOf(img, PNG), rect{0, 0, float64(w), float64(h)}, width, height)
}

// WriteJPEG writes img as a JPEG; what shines through stands on white.
func WriteJPEG(w io.Writer, img *image.NRGBA, quality int) error {
	flat := &image.RGBA{Pix: img.Pix, Stride: img.Stride, Rect: img.Rect}
	if !img.Opaque() {
		flat = image.NewRGBA(img.Rect)
		for i := 0; i+3 < len(img.Pix) && i+3 < len(flat.Pix); i += 4 {
			a := uint32(img.Pix[i+3])
			for c := range 3 {
				flat.Pix[i+c] = uint8((uint32(img.Pix[i+c])*a + 255*(255-a) + 127) / 255)
			}
			flat.Pix[i+3] = 255
		}
	}
	return jpeg.Encode(w, flat, &jpeg.Options{Quality: quality})
}
