package drawing

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strconv"
	"strings"

	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
)

// ErrUnpainted says that a drawing has something that [Paint] can't draw as browsers do: words, which
// need fonts, masks and the like, or that it is too much.
var ErrUnpainted = errors.New("a drawing that only browsers can show")

// Paint returns the picture of a cleaned drawing at a width, on white, as browsers show it on a light
// ground: for those who show links and don't understand drawings. It paints all of it or nothing.
func Paint(svg []byte, width, height int) (*image.NRGBA, error) {
	return paint(svg, width, height, work{mostPixels, mostRows})
}

// paint gives up what is more than so much work.
func paint(svg []byte, width, height int, most work) (img *image.NRGBA, err error) {
	root, err := parse(svg)
	if err != nil {
		return nil, err
	}
	defer func() {
		if p := recover(); p != nil && p != errTooMuch { //nolint:errorlint // the value itself
			err = fmt.Errorf("%w: %v", ErrUnpainted, p) // a shape that the library has no answer for
		} else if p != nil {
			err = fmt.Errorf("%w: %w", ErrUnpainted, errTooMuch)
		}
	}()
	box, err := numbers(root.attr("viewBox"))
	if err != nil || len(box) != 4 || !(box[2] > 0) || !(box[3] > 0) {
		return nil, ErrUnpainted
	}
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(dst, dst.Rect, image.White, image.Point{}, draw.Src)
	p := painter{dst: dst, ids: map[string]*node{}, sheet: readSheet(root), w: box[2], h: box[3], work: &most}
	p.name(root)
	// As preserveAspectRatio does unless it says otherwise: whole, in the middle.
	k := min(float64(width)/box[2], float64(height)/box[3])
	m := matrix{k, 0, 0, k, (float64(width)-k*box[2])/2 - k*box[0], (float64(height)-k*box[3])/2 - k*box[1]}
	l := p.sheet.of(root, look{})
	for _, c := range root.children {
		if err := p.draw(c, l, m); err != nil {
			return nil, err
		}
	}
	return &image.NRGBA{Pix: dst.Pix, Stride: dst.Stride, Rect: dst.Rect}, nil // opaque, so the same
}

type painter struct {
	dst   *image.RGBA
	ids   map[string]*node
	sheet sheet
	w, h  float64 // of the viewBox, for percentages
	work  *work
}

func (p *painter) name(n *node) {
	if id := n.attr("id"); id != "" {
		p.ids[id] = n
	}
	for _, c := range n.children {
		p.name(c)
	}
}

// unseen elements are there for others.
var unseen = set("", "defs", "title", "desc", "style", "symbol", "clipPath", "mask", "linearGradient", "radialGradient", "stop")

func (p *painter) draw(n *node, above look, m matrix) error {
	if unseen[n.name] {
		return nil
	}
	l := p.sheet.of(n, above)
	if l["display"] == "none" {
		return nil
	}
	for name, plain := range map[string]string{"clip-path": "none", "mask": "none", "mix-blend-mode": "normal", "vector-effect": "none"} {
		if v := l[name]; v != "" && v != plain {
			return fmt.Errorf("%w: %s", ErrUnpainted, name)
		}
	}
	turned, err := readTransform(n.attr("transform"))
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnpainted, err)
	}
	m = m.times(turned)
	opacity, err := share(l["opacity"])
	switch {
	case err != nil:
		return err
	case opacity <= 0:
		return nil
	case opacity < 1:
		return p.through(opacity, func(q *painter) error { return q.inside(n, l, m) })
	}
	return p.inside(n, l, m)
}

// through paints on a sheet of its own, and lays that over the picture.
func (p *painter) through(opacity float64, paint func(*painter) error) error {
	q := *p
	p.work.cover(2 * len(p.dst.Pix) / 4)
	q.dst = image.NewRGBA(p.dst.Rect)
	if err := paint(&q); err != nil {
		return err
	}
	mask := image.NewUniform(color.Alpha16{uint16(math.Round(opacity * 0xffff))})
	draw.DrawMask(p.dst, p.dst.Rect, q.dst, image.Point{}, mask, image.Point{}, draw.Over)
	return nil
}

func (p *painter) inside(n *node, l look, m matrix) error {
	switch n.name {
	case "g":
		for _, c := range n.children {
			if err := p.draw(c, l, m); err != nil {
				return err
			}
		}
		return nil
	case "use":
		to := p.ids[strings.TrimPrefix(n.attr("href"), "#")]
		if to == nil {
			return nil
		}
		if to.name == "symbol" || to.name == "svg" {
			return fmt.Errorf("%w: <%s>", ErrUnpainted, to.name)
		}
		var v lengths
		x, y := v.of(n, "x", p.w), v.of(n, "y", p.h)
		if v.err != nil {
			return v.err
		}
		return p.draw(to, l, m.times(matrix{1, 0, 0, 1, x, y}))
	}
	o, err := p.shape(n)
	if err != nil || len(o.parts) == 0 || l["visibility"] == "hidden" || l["visibility"] == "collapse" {
		return err
	}
	if err := p.fill(o, l, m); err != nil {
		return err
	}
	return p.stroke(o, l, m)
}

func (p *painter) fill(o outline, l look, m matrix) error {
	paint, err := p.paint(l, "fill", "black", o, m)
	if err != nil || paint == nil {
		return err
	}
	if l["fill-rule"] == "evenodd" && o.begins() > 1 {
		return fmt.Errorf("%w: evenodd", ErrUnpainted)
	}
	s := &scanner{dst: p.dst, work: p.work, paint: paint}
	f := rasterx.NewFiller(p.dst.Rect.Dx(), p.dst.Rect.Dy(), s)
	o.along(f, m)
	f.Draw()
	return nil
}

var (
	caps  = map[string]rasterx.CapFunc{"": rasterx.ButtCap, "butt": rasterx.ButtCap, "round": rasterx.RoundCap, "square": rasterx.SquareCap}
	joins = map[string]rasterx.JoinMode{"": rasterx.Miter, "miter": rasterx.Miter, "round": rasterx.Round, "bevel": rasterx.Bevel}
)

// leastDash is the shortest pattern of dashes in pixels: below, it is a grey line that takes for ever.
const leastDash = 0.5

func (p *painter) stroke(o outline, l look, m matrix) error {
	paint, err := p.paint(l, "stroke", "none", o, m)
	if err != nil || paint == nil {
		return err
	}
	diagonal := math.Hypot(p.w, p.h) / math.Sqrt2
	var v lengths
	k := m.scale()
	width := v.read(l["stroke-width"], 1, diagonal) * k
	limit := v.read(l["stroke-miterlimit"], 4, 1)
	offset := v.read(l["stroke-dashoffset"], 0, diagonal) * k
	var dashes []float64
	sum := 0.0
	if list := l["stroke-dasharray"]; list != "none" {
		for _, d := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
			dashes = append(dashes, v.read(d, 0, diagonal)*k)
			sum += dashes[len(dashes)-1]
		}
	}
	cap1, ok1 := caps[l["stroke-linecap"]]
	join, ok2 := joins[l["stroke-linejoin"]]
	switch {
	case v.err != nil:
		return v.err
	case !ok1 || !ok2 || width > 1e4:
		return fmt.Errorf("%w: a stroke", ErrUnpainted)
	case width <= 0:
		return nil
	case sum == 0:
		dashes = nil // the same as none
	case sum < leastDash:
		return fmt.Errorf("%w: dashes", ErrUnpainted)
	case len(dashes)%2 == 1:
		dashes = append(dashes, dashes...)
	}
	s := &scanner{dst: p.dst, work: p.work, paint: paint}
	d := rasterx.NewDasher(p.dst.Rect.Dx(), p.dst.Rect.Dy(), s)
	gap := rasterx.FlatGap
	if join == rasterx.Round {
		gap = rasterx.RoundGap
	}
	d.SetStroke(fixed.Int26_6(width*64), fixed.Int26_6(limit*64), cap1, cap1, gap, join, dashes, offset)
	o.along(d, m)
	d.Draw()
	return nil
}

// begins is how many strokes of the pen an outline has.
func (o outline) begins() int {
	n := 0
	for _, p := range o.parts {
		if p.kind == begin {
			n++
		}
	}
	return n
}

// along draws the outline with a pen of rasterx.
func (o outline) along(pen rasterx.Adder, m matrix) {
	down, start := false, point{}
	lift := func(closed bool) {
		if down {
			pen.Stop(closed)
		}
		down = false
	}
	for _, part := range o.parts {
		switch part.kind {
		case begin:
			lift(false)
			start = part.points[0]
			continue
		case end:
			lift(true)
			continue
		}
		if !down {
			pen.Start(pixel(m.at(start)))
			down = true
		}
		if part.kind == line {
			pen.Line(pixel(m.at(part.points[0])))
		} else {
			pen.CubeBezier(pixel(m.at(part.points[0])), pixel(m.at(part.points[1])), pixel(m.at(part.points[2])))
		}
	}
	lift(false)
}

// farthest is how far outside the picture a point is taken for where it is.
const farthest = 1 << 14

func pixel(p point) fixed.Point26_6 {
	in := func(v float64) fixed.Int26_6 {
		if math.IsNaN(v) {
			v = 0
		}
		return fixed.Int26_6(math.Round(max(-farthest, min(farthest, v)) * 64))
	}
	return fixed.Point26_6{X: in(p.x), Y: in(p.y)}
}

// share reads a number from 0 to 1, or a percentage; "" is all.
func share(s string) (float64, error) {
	if s == "" {
		return 1, nil
	}
	whole := 1.0
	if t, ok := strings.CutSuffix(s, "%"); ok {
		s, whole = t, 100
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: %q", ErrUnpainted, s)
	}
	return max(0, min(1, v/whole)), nil
}

// lengths reads lengths and keeps the first error.
type lengths struct{ err error }

func (v *lengths) of(n *node, name string, whole float64) float64 {
	return v.read(n.attr(name), 0, whole)
}

func (v *lengths) read(s string, none, whole float64) float64 {
	if s == "" {
		return none
	}
	unit := 1.0
	for suffix, u := range map[string]float64{"px": 1, "pt": 4.0 / 3, "%": whole / 100} {
		if t, ok := strings.CutSuffix(s, suffix); ok {
			s, unit = t, u
			break
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && v.err == nil {
		v.err = fmt.Errorf("%w: %q", ErrUnpainted, s)
	}
	return f * unit
}
