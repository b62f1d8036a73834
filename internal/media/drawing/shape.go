package drawing

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// shape is the outline of an element.
func (p *painter) shape(n *node) (o outline, err error) {
	diagonal := math.Hypot(p.w, p.h) / math.Sqrt2
	var v lengths
	switch n.name {
	case "path":
		if o, err = readPath(n.attr("d")); err != nil {
			return o, fmt.Errorf("%w: %w", ErrUnpainted, err)
		}
	case "rect":
		rx, ry := n.attr("rx"), n.attr("ry")
		if rx == "" || rx == "auto" {
			rx = ry
		}
		if ry == "" || ry == "auto" {
			ry = rx
		}
		o.rect(v.of(n, "x", p.w), v.of(n, "y", p.h), v.of(n, "width", p.w), v.of(n, "height", p.h), v.read(rx, 0, p.w), v.read(ry, 0, p.h))
	case "circle":
		r := v.of(n, "r", diagonal)
		o.ellipse(v.of(n, "cx", p.w), v.of(n, "cy", p.h), r, r)
	case "ellipse":
		rx, ry := n.attr("rx"), n.attr("ry")
		if rx == "" {
			rx = ry
		}
		if ry == "" {
			ry = rx
		}
		o.ellipse(v.of(n, "cx", p.w), v.of(n, "cy", p.h), v.read(rx, 0, p.w), v.read(ry, 0, p.h))
	case "line":
		o.moveTo(point{v.of(n, "x1", p.w), v.of(n, "y1", p.h)})
		o.lineTo(point{v.of(n, "x2", p.w), v.of(n, "y2", p.h)})
	case "polyline", "polygon":
		list, err := numbers(n.attr("points"))
		if err != nil || len(list)%2 != 0 {
			return o, fmt.Errorf("%w: points", ErrUnpainted)
		}
		for i := 0; i < len(list); i += 2 {
			if at := (point{list[i], list[i+1]}); i == 0 {
				o.moveTo(at)
			} else {
				o.lineTo(at)
			}
		}
		if n.name == "polygon" && len(list) > 0 {
			o.closed()
		}
	default:
		return o, fmt.Errorf("%w: <%s>", ErrUnpainted, n.name)
	}
	return o, v.err
}

func (o *outline) rect(x, y, w, h, rx, ry float64) {
	if w <= 0 || h <= 0 {
		return
	}
	rx, ry = max(0, min(rx, w/2)), max(0, min(ry, h/2))
	o.moveTo(point{x + rx, y})
	for i, corner := range []point{{x + w - rx, y + ry}, {x + w - rx, y + h - ry}, {x + rx, y + h - ry}, {x + rx, y + ry}} {
		from := float64(i-1) * math.Pi / 2
		sin, cos := math.Sincos(from)
		o.lineTo(point{corner.x + rx*cos, corner.y + ry*sin})
		if rx > 0 && ry > 0 {
			o.sweep(matrix{rx, 0, 0, ry, corner.x, corner.y}, from, math.Pi/2)
		}
	}
	o.closed()
}

func (o *outline) ellipse(cx, cy, rx, ry float64) {
	if rx <= 0 || ry <= 0 {
		return
	}
	o.moveTo(point{cx + rx, cy})
	o.sweep(matrix{rx, 0, 0, ry, cx, cy}, 0, 2*math.Pi)
	o.closed()
}

// paint is what an outline is filled or stroked with, or nil for nothing.
func (p *painter) paint(l look, name, none string, o outline, m matrix) (image.Image, error) {
	value := l[name]
	if value == "" {
		value = none
	}
	opacity, err := share(l[name+"-opacity"])
	if err != nil {
		return nil, err
	}
	if rest, ok := strings.CutPrefix(value, "url(#"); ok {
		id, _, _ := strings.Cut(rest, ")")
		return p.gradient(p.ids[id], o, m, opacity)
	}
	c, err := readColour(value, l["color"])
	c.A = uint8(math.Round(float64(c.A) * opacity))
	if err != nil || c.A == 0 {
		return nil, err
	}
	return image.NewUniform(c), nil
}

// readColour reads a colour; none is one that can't be seen.
func readColour(s, current string) (color.NRGBA, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "currentcolor" {
		s = "black"
		if current = strings.ToLower(current); current != "" && current != "currentcolor" {
			s = current
		}
	}
	if s == "none" || s == "transparent" {
		return color.NRGBA{}, nil
	}
	if c, ok := colornames.Map[s]; ok {
		return color.NRGBA(c), nil
	}
	if h, ok := strings.CutPrefix(s, "#"); ok {
		if len(h) == 3 || len(h) == 4 {
			var long strings.Builder
			for _, r := range h {
				long.WriteString(strings.Repeat(string(r), 2))
			}
			h = long.String()
		}
		if len(h) == 6 {
			h += "ff"
		}
		if v, err := strconv.ParseUint(h, 16, 32); err == nil && len(h) == 8 {
			return color.NRGBA{uint8(v >> 24), uint8(v >> 16), uint8(v >> 8), uint8(v)}, nil
		}
	}
	if args, ok := strings.CutPrefix(strings.Replace(s, "rgba(", "rgb(", 1), "rgb("); ok {
		words := strings.FieldsFunc(strings.TrimSuffix(args, ")"), func(r rune) bool { return r == ',' || r == ' ' || r == '/' })
		if c, ok := mixed(words); ok {
			return c, nil
		}
	}
	return color.NRGBA{}, fmt.Errorf("%w: the colour %q", ErrUnpainted, s)
}

// mixed reads red, green, blue and perhaps how solid they are.
func mixed(words []string) (color.NRGBA, bool) {
	if len(words) != 3 && len(words) != 4 {
		return color.NRGBA{}, false
	}
	v := [4]uint8{3: 255}
	for i, w := range words {
		whole := 255.0
		if i == 3 {
			whole = 1
		}
		t, percent := strings.CutSuffix(w, "%")
		if percent {
			whole = 100
		}
		f, err := strconv.ParseFloat(t, 64)
		if err != nil {
			return color.NRGBA{}, false
		}
		v[i] = uint8(math.Round(max(0, min(1, f/whole)) * 255))
	}
	return color.NRGBA{v[0], v[1], v[2], v[3]}, true
}

// gradient reads a gradient for an outline. What isn't there paints nothing.
func (p *painter) gradient(n *node, o outline, m matrix, opacity float64) (image.Image, error) {
	if n == nil || n.name != "linearGradient" && n.name != "radialGradient" {
		return nil, nil
	}
	if n.attr("href") != "" {
		return nil, fmt.Errorf("%w: a gradient of another", ErrUnpainted)
	}
	g := &gradient{radial: n.name == "radialGradient", spread: n.attr("spreadMethod")}
	w, h, middle := p.w, p.h, "50%"
	if n.attr("gradientUnits") != "userSpaceOnUse" {
		box := o.box()
		m = m.times(matrix{box[1].x - box[0].x, 0, 0, box[1].y - box[0].y, box[0].x, box[0].y})
		w, h = 1, 1
	}
	turned, err := readTransform(n.attr("gradientTransform"))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnpainted, err)
	}
	var ok bool
	if g.back, ok = m.times(turned).inverse(); !ok {
		return nil, nil
	}
	var v lengths
	or := func(name, none string, whole float64) float64 {
		s := n.attr(name)
		if s == "" {
			s = none
		}
		return v.read(s, 0, whole)
	}
	if g.radial {
		g.a, g.r = point{or("cx", middle, w), or("cy", middle, h)}, or("r", middle, math.Hypot(w, h)/math.Sqrt2)
		if or("fx", n.attr("cx"), w) != g.a.x && n.attr("fx") != "" || or("fy", n.attr("cy"), h) != g.a.y && n.attr("fy") != "" {
			return nil, fmt.Errorf("%w: a focus", ErrUnpainted)
		}
	} else {
		g.a, g.b = point{or("x1", "0", w), or("y1", "0", h)}, point{or("x2", "100%", w), or("y2", "0", h)}
	}
	if v.err != nil {
		return nil, v.err
	}
	return g, p.stops(g, n, opacity)
}

func (p *painter) stops(g *gradient, n *node, opacity float64) error {
	for _, c := range n.children {
		if c.name != "stop" {
			continue
		}
		l := p.sheet.of(c, look{})
		at, err := share(c.attr("offset"))
		if c.attr("offset") == "" {
			at = 0
		}
		if err != nil {
			return err
		}
		solid, err := share(l["stop-opacity"])
		if err != nil {
			return err
		}
		value := l["stop-color"]
		if value == "" {
			value = "black"
		}
		colour, err := readColour(value, l["color"])
		if err != nil {
			return err
		}
		colour.A = uint8(math.Round(float64(colour.A) * solid * opacity))
		if k := len(g.stops); k > 0 {
			at = max(at, g.stops[k-1].at)
		}
		g.stops = append(g.stops, stop{at, colour})
	}
	if len(g.stops) == 0 {
		g.stops = []stop{{}}
	}
	return nil
}

// box is the box around an outline, as far as its points tell.
func (o outline) box() [2]point {
	lo, hi := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, part := range o.parts {
		n := map[partKind]int{begin: 1, line: 1, curve: 3}[part.kind]
		for _, p := range part.points[:n] {
			lo, hi = point{min(lo.x, p.x), min(lo.y, p.y)}, point{max(hi.x, p.x), max(hi.y, p.y)}
		}
	}
	return [2]point{lo, hi}
}
