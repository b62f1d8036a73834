package drawing

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// errTooMuch ends the painting of a drawing that would take longer than it is worth.
var errTooMuch = errors.New("too much to paint")

// How much work one drawing may be: pixels covered, and rows that edges run through. Both take about
// a second; the house's drawings take a hundredth of it.
const (
	mostPixels = 100_000_000
	mostRows   = 60_000_000
)

// work is what is left of both.
type work struct{ pixels, rows int }

func (w *work) cover(pixels int) {
	if w.pixels -= pixels; w.pixels < 0 {
		panic(errTooMuch)
	}
}

func (w *work) pass(rows int) {
	if w.rows -= rows; w.rows < 0 {
		panic(errTooMuch)
	}
}

// scanner fills outlines, each within the box around it: what rasterx comes with takes the whole
// picture for each.
type scanner struct {
	dst    *image.RGBA
	work   *work
	points []fixed.Point26_6
	starts []int // of outlines, among the points
	paint  image.Image
	raster vector.Rasterizer
}

func (s *scanner) Start(p fixed.Point26_6) {
	s.starts = append(s.starts, len(s.points))
	s.points = append(s.points, p)
}

func (s *scanner) Line(p fixed.Point26_6) {
	if len(s.points) == 0 {
		s.Start(p)
		return
	}
	rows := (p.Y - s.points[len(s.points)-1].Y).Ceil()
	s.work.pass(1 + max(rows, -rows))
	s.points = append(s.points, p)
}

func (s *scanner) Draw() {
	box := s.GetPathExtent()
	at := image.Rect(box.Min.X.Floor(), box.Min.Y.Floor(), box.Max.X.Ceil()+1, box.Max.Y.Ceil()+1).Intersect(s.dst.Rect)
	if at.Empty() || s.paint == nil {
		return
	}
	s.work.cover(at.Dx() * at.Dy())
	s.raster.Reset(at.Dx(), at.Dy())
	next := 0
	// The edges of a stroke come one by one, not in their order round it: nothing is closed here.
	for i, p := range s.points {
		x, y := float32(p.X)/64-float32(at.Min.X), float32(p.Y)/64-float32(at.Min.Y)
		if next < len(s.starts) && s.starts[next] == i {
			s.raster.MoveTo(x, y)
			next++
		} else {
			s.raster.LineTo(x, y)
		}
	}
	s.raster.DrawOp = draw.Over
	s.raster.Draw(s.dst, at, s.paint, at.Min)
}

func (s *scanner) GetPathExtent() fixed.Rectangle26_6 {
	if len(s.points) == 0 {
		return fixed.Rectangle26_6{}
	}
	box := fixed.Rectangle26_6{Min: s.points[0], Max: s.points[0]}
	for _, p := range s.points {
		box.Min.X, box.Min.Y = min(box.Min.X, p.X), min(box.Min.Y, p.Y)
		box.Max.X, box.Max.Y = max(box.Max.X, p.X), max(box.Max.Y, p.Y)
	}
	return box
}

func (s *scanner) Clear() { s.points, s.starts = s.points[:0], s.starts[:0] }

// The rest of what rasterx asks for isn't used.

func (s *scanner) SetBounds(int, int)      {}
func (s *scanner) SetColor(any)            {}
func (s *scanner) SetWinding(bool)         {}
func (s *scanner) SetClip(image.Rectangle) {}

// gradient is a paint that changes from place to place.
type gradient struct {
	back   matrix // from the picture to where the gradient is drawn
	radial bool
	a, b   point // from, to; or the middle
	r      float64
	spread string
	stops  []stop
}

type stop struct {
	at    float64
	color color.NRGBA
}

func (g *gradient) ColorModel() color.Model { return color.NRGBAModel }
func (g *gradient) Bounds() image.Rectangle { return image.Rect(-1e6, -1e6, 1e6, 1e6) }

func (g *gradient) At(x, y int) color.Color {
	p := g.back.at(point{float64(x) + .5, float64(y) + .5})
	return g.colour(g.spreadOut(g.place(p)))
}

// place is how far along the gradient a point is.
func (g *gradient) place(p point) float64 {
	dx, dy := p.x-g.a.x, p.y-g.a.y
	if g.radial {
		return math.Hypot(dx, dy) / g.r
	}
	ex, ey := g.b.x-g.a.x, g.b.y-g.a.y
	return (dx*ex + dy*ey) / (ex*ex + ey*ey)
}

func (g *gradient) spreadOut(t float64) float64 {
	switch {
	case math.IsNaN(t) || math.IsInf(t, 0):
		return 1
	case g.spread == "repeat":
		return t - math.Floor(t)
	case g.spread == "reflect":
		if t = math.Mod(math.Abs(t), 2); t > 1 {
			t = 2 - t
		}
	}
	return t
}

func (g *gradient) colour(t float64) color.NRGBA {
	last := g.stops[0]
	for _, s := range g.stops {
		if t < s.at {
			if s.at == last.at {
				return s.color
			}
			k := max(0, (t-last.at)/(s.at-last.at))
			mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*k)) }
			return color.NRGBA{mix(last.color.R, s.color.R), mix(last.color.G, s.color.G), mix(last.color.B, s.color.B), mix(last.color.A, s.color.A)}
		}
		last = s
	}
	return last.color
}
