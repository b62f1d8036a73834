package placard

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// canvas is drawn on from the side where reading starts: x grows away from it.
type canvas struct {
	img *image.RGBA
	rtl bool
}

// rect is a part of the canvas.
type rect struct{ x, y, w, h float64 }

// left is where the rectangle lies on the picture.
func (c *canvas) left(r rect) float64 {
	if c.rtl {
		return Width - r.x - r.w
	}
	return r.x
}

func (c *canvas) fill(r rect, radius float64, with color.Color) {
	if radius == 0 {
		draw.Draw(c.img, c.area(r), image.NewUniform(with), image.Point{}, draw.Src)
		return
	}
	c.paint(r, with, func(p path) { p.rounded(float32(r.w), float32(r.h), float32(radius)) })
}

// area is the rectangle on the picture, in whole pixels.
func (c *canvas) area(r rect) image.Rectangle {
	x := c.left(r)
	return image.Rect(int(x), int(r.y), int(math.Ceil(x+r.w)), int(math.Ceil(r.y+r.h))).Intersect(c.img.Bounds())
}

// paint draws shapes in a part of the canvas, whose corner is their origin, in one colour.
func (c *canvas) paint(r rect, with color.Color, shapes func(path)) {
	a := c.area(r)
	if a.Empty() {
		return
	}
	v := vector.NewRasterizer(a.Dx(), a.Dy())
	shapes(path{v, float32(c.left(r)) - float32(a.Min.X), float32(r.y) - float32(a.Min.Y), 1})
	v.Draw(c.img, a, image.NewUniform(with), image.Point{})
}

// photo fills the rectangle with the part of a picture around its focus.
func (c *canvas) photo(r rect, pic image.Image, fx, fy int) {
	to := image.Rect(int(c.left(r)), int(r.y), int(c.left(r)+r.w), int(r.y+r.h))
	b := pic.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	scale := max(r.w/w, r.h/h)
	pw, ph := r.w/scale, r.h/scale
	x := min(max(w*float64(fx)/1000-pw/2, 0), w-pw)
	y := min(max(h*float64(fy)/1000-ph/2, 0), h-ph)
	from := image.Rect(b.Min.X+int(x), b.Min.Y+int(y), b.Min.X+int(x+pw), b.Min.Y+int(y+ph))
	xdraw.CatmullRom.Scale(c.img, to, pic, from, draw.Src, nil)
}

// spill is how far letters may reach out of their column and their lines.
const spill = 24.0

// text writes a block whose top is at y, from the start of a column on.
func (c *canvas) text(b block, x, y, width float64, with color.Color) {
	r := rect{x - spill, y - spill, width + 2*spill, b.height() + 2*spill}
	c.paint(r, with, func(p path) {
		base := float64(p.y) + spill + b.m.above*b.size
		for _, line := range b.lines {
			at := float64(p.x) + spill
			if c.rtl {
				at += width - advance(line)
			}
			for _, run := range line {
				scale := float32(b.size) / float32(run.Face.Upem())
				for _, g := range run.Glyphs {
					if o, ok := run.Face.GlyphData(g.GlyphID).(font.GlyphOutline); ok {
						path{p.v, float32(at + float64(g.XOffset)/64), float32(base - float64(g.YOffset)/64), scale}.outline(o.Segments)
					}
					at += float64(g.Advance) / 64
				}
			}
			base += b.m.line * b.size
		}
	})
}

// icon draws the tile with the mark.
func (c *canvas) icon(x, y, size float64, tile, mark color.Color) {
	r := rect{x, y, size, size}
	c.fill(r, size*0.22, tile)
	// The mark has a grid of 30 by 6; on the tile it takes 25.5 of 32.
	unit := size * 25.5 / 32 / 30
	c.paint(r, mark, func(p path) {
		left, top := float64(p.x)+size*3.25/32, float64(p.y)+size/2-3*unit
		for _, part := range [3][2]float64{{0, 14}, {16, 6}, {24, 6}} {
			path{p.v, float32(left + part[0]*unit), float32(top), 1}.rounded(float32(part[1]*unit), float32(6*unit), float32(3*unit))
		}
	})
}

// path draws outlines at a place, with y growing upwards for letters.
type path struct {
	v     *vector.Rasterizer
	x, y  float32
	scale float32
}

func (p path) outline(segments []opentype.Segment) {
	at := func(q opentype.SegmentPoint) (x, y float32) { return p.x + q.X*p.scale, p.y - q.Y*p.scale }
	open := false
	for _, s := range segments {
		x0, y0 := at(s.Args[0])
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			if open {
				p.v.ClosePath()
			}
			p.v.MoveTo(x0, y0)
			open = true
		case opentype.SegmentOpLineTo:
			p.v.LineTo(x0, y0)
		case opentype.SegmentOpQuadTo:
			x1, y1 := at(s.Args[1])
			p.v.QuadTo(x0, y0, x1, y1)
		case opentype.SegmentOpCubeTo:
			x1, y1 := at(s.Args[1])
			x2, y2 := at(s.Args[2])
			p.v.CubeTo(x0, y0, x1, y1, x2, y2)
		}
	}
	if open {
		p.v.ClosePath()
	}
}

// kappa is how far the handles of a curve are from its ends, to make it a quarter of a circle.
const kappa = 0.5523

func (p path) rounded(w, h, radius float32) {
	k := radius * (1 - kappa)
	x, y := p.x, p.y
	p.v.MoveTo(x+radius, y)
	p.v.LineTo(x+w-radius, y)
	p.v.CubeTo(x+w-k, y, x+w, y+k, x+w, y+radius)
	p.v.LineTo(x+w, y+h-radius)
	p.v.CubeTo(x+w, y+h-k, x+w-k, y+h, x+w-radius, y+h)
	p.v.LineTo(x+radius, y+h)
	p.v.CubeTo(x+k, y+h, x, y+h-k, x, y+h-radius)
	p.v.LineTo(x, y+radius)
	p.v.CubeTo(x, y+k, x+k, y, x+radius, y)
	p.v.ClosePath()
}

// reduced is a flat picture with a palette of its most frequent colours, which halves its file: there
// are a few inks and the steps between them.
func reduced(img *image.RGBA) image.Image {
	counts := map[color.RGBA]int{}
	var last color.RGBA
	run := 0
	for i := 0; i+3 < len(img.Pix); i += 4 {
		if c := (color.RGBA{img.Pix[i], img.Pix[i+1], img.Pix[i+2], 255}); c == last {
			run++
		} else {
			counts[last] += run
			last, run = c, 1
		}
	}
	counts[last] += run
	delete(counts, color.RGBA{}) // what the first pixel was told from
	palette := paletteOf(counts)
	nearest := make(map[color.RGBA]uint8, len(counts))
	for c := range counts {
		nearest[c] = uint8(palette.Index(c)) //nolint:gosec // 256 at most
	}
	out := image.NewPaletted(img.Bounds(), palette)
	last = color.RGBA{}
	var index uint8
	for i := range out.Pix {
		p := img.Pix[4*i : 4*i+4]
		if c := (color.RGBA{p[0], p[1], p[2], 255}); c != last {
			last, index = c, nearest[c]
		}
		out.Pix[i] = index
	}
	return out
}
