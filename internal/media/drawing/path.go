package drawing

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

type point struct{ x, y float64 }

func (p point) to(q point, t float64) point { return point{p.x + (q.x-p.x)*t, p.y + (q.y-p.y)*t} }

// matrix maps (x, y) to (a·x + c·y + e, b·x + d·y + f).
type matrix struct{ a, b, c, d, e, f float64 }

var same = matrix{a: 1, d: 1}

func (m matrix) times(n matrix) matrix {
	return matrix{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b, m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

func (m matrix) at(p point) point { return point{m.a*p.x + m.c*p.y + m.e, m.b*p.x + m.d*p.y + m.f} }

func (m matrix) det() float64 { return m.a*m.d - m.b*m.c }

// scale is by how much lengths grow, on the whole.
func (m matrix) scale() float64 { return math.Sqrt(math.Abs(m.det())) }

func (m matrix) inverse() (matrix, bool) {
	det := m.det()
	if det == 0 || math.IsNaN(det) || math.IsInf(det, 0) {
		return same, false
	}
	return matrix{
		m.d / det, -m.b / det, -m.c / det, m.a / det,
		(m.c*m.f - m.d*m.e) / det, (m.b*m.e - m.a*m.f) / det,
	}, true
}

var errPath = errors.New("a path that can't be read")

// readTransform reads a transform attribute.
func readTransform(s string) (matrix, error) {
	m := same
	for s = strings.TrimLeft(s, " ,\t\n"); s != ""; s = strings.TrimLeft(s, " ,\t\n") {
		name, rest, ok := strings.Cut(s, "(")
		args, after, ok2 := strings.Cut(rest, ")")
		v, err := numbers(args)
		if !ok || !ok2 || err != nil {
			return m, errPath
		}
		n, ok := turn(strings.TrimSpace(name), v)
		if !ok {
			return m, errPath
		}
		m, s = m.times(n), after
	}
	return m, nil
}

func turn(name string, v []float64) (matrix, bool) {
	switch {
	case name == "matrix" && len(v) == 6:
		return matrix{v[0], v[1], v[2], v[3], v[4], v[5]}, true
	case name == "translate" && len(v) == 1:
		return matrix{1, 0, 0, 1, v[0], 0}, true
	case name == "translate" && len(v) == 2:
		return matrix{1, 0, 0, 1, v[0], v[1]}, true
	case name == "scale" && len(v) == 1:
		return matrix{v[0], 0, 0, v[0], 0, 0}, true
	case name == "scale" && len(v) == 2:
		return matrix{v[0], 0, 0, v[1], 0, 0}, true
	case name == "skewX" && len(v) == 1:
		return matrix{1, 0, math.Tan(v[0] * math.Pi / 180), 1, 0, 0}, true
	case name == "skewY" && len(v) == 1:
		return matrix{1, math.Tan(v[0] * math.Pi / 180), 0, 1, 0, 0}, true
	case name == "rotate" && (len(v) == 1 || len(v) == 3):
		sin, cos := math.Sincos(v[0] * math.Pi / 180)
		m := matrix{cos, sin, -sin, cos, 0, 0}
		if len(v) == 3 {
			m = matrix{1, 0, 0, 1, v[1], v[2]}.times(m).times(matrix{1, 0, 0, 1, -v[1], -v[2]})
		}
		return m, true
	}
	return same, false
}

// numbers reads a list of numbers, which need no blank between them where it is clear.
func numbers(s string) ([]float64, error) {
	r := pathReader{rest: s}
	var out []float64
	for r.skip(); r.rest != ""; r.skip() {
		v, ok := r.number()
		if !ok {
			return nil, errPath
		}
		out = append(out, v)
	}
	return out, nil
}

type pathReader struct{ rest string }

func (r *pathReader) skip() { r.rest = strings.TrimLeft(r.rest, " ,\t\r\n") }

func (r *pathReader) number() (float64, bool) {
	r.skip()
	i, dot, digits := 0, false, false
	s := r.rest
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	for ; i < len(s) && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' && !dot); i++ {
		dot, digits = dot || s[i] == '.', digits || s[i] != '.'
	}
	if !digits {
		return 0, false
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		j := i + 1
		if j < len(s) && (s[j] == '+' || s[j] == '-') {
			j++
		}
		if j < len(s) && s[j] >= '0' && s[j] <= '9' {
			for i = j; i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
			}
		}
	}
	v, err := strconv.ParseFloat(s[:i], 64)
	r.rest = s[i:]
	return v, err == nil
}

// flag reads one of an arc's, behind which nothing needs to stand.
func (r *pathReader) flag() (bool, bool) {
	r.skip()
	if r.rest == "" || r.rest[0] != '0' && r.rest[0] != '1' {
		return false, false
	}
	on := r.rest[0] == '1'
	r.rest = r.rest[1:]
	return on, true
}

// outline is a path of lines and cubic curves, which is all there is.
type outline struct {
	parts []part
	at    point
	start point
}

// part is one stroke of the pen: to points[0], or by a curve to points[2]. Begin lifts it before, end
// closes what it drew.
type part struct {
	kind   partKind
	points [3]point
}

type partKind byte

const (
	begin partKind = iota
	line
	curve
	end
)

func (o *outline) moveTo(p point) {
	o.parts, o.at, o.start = append(o.parts, part{begin, [3]point{p}}), p, p
}

func (o *outline) lineTo(p point) { o.parts, o.at = append(o.parts, part{line, [3]point{p}}), p }

func (o *outline) curveTo(a, b, p point) {
	o.parts, o.at = append(o.parts, part{curve, [3]point{a, b, p}}), p
}

func (o *outline) bendTo(a, p point) { o.curveTo(o.at.to(a, 2.0/3), p.to(a, 2.0/3), p) }

func (o *outline) closed() { o.parts, o.at = append(o.parts, part{kind: end}), o.start }

// arcTo is SVG's elliptical arc, as curves of an eighth of the circle at most.
func (o *outline) arcTo(rx, ry, degrees float64, large, sweep bool, p point) {
	rx, ry = math.Abs(rx), math.Abs(ry)
	if rx == 0 || ry == 0 || p == o.at {
		o.lineTo(p)
		return
	}
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	hx, hy := (o.at.x-p.x)/2, (o.at.y-p.y)/2
	x, y := cos*hx+sin*hy, cos*hy-sin*hx
	if over := x*x/(rx*rx) + y*y/(ry*ry); over > 1 {
		rx, ry = rx*math.Sqrt(over), ry*math.Sqrt(over)
	}
	k := math.Sqrt(math.Max(0, (rx*rx*ry*ry-rx*rx*y*y-ry*ry*x*x)/(rx*rx*y*y+ry*ry*x*x)))
	if large == sweep {
		k = -k
	}
	cx, cy := k*rx*y/ry, -k*ry*x/rx
	from := math.Atan2((y-cy)/ry, (x-cx)/rx)
	by := math.Atan2((-y-cy)/ry, (-x-cx)/rx) - from
	if sweep && by < 0 {
		by += 2 * math.Pi
	} else if !sweep && by > 0 {
		by -= 2 * math.Pi
	}
	middle := o.at.to(p, .5)
	m := matrix{cos * rx, sin * rx, -sin * ry, cos * ry, middle.x + cos*cx - sin*cy, middle.y + sin*cx + cos*cy}
	o.sweep(m, from, by)
	o.at = p
}

// sweep follows the unit circle, as m maps it.
func (o *outline) sweep(m matrix, from, by float64) {
	n := max(1, int(math.Ceil(math.Abs(by)/(math.Pi/4)-1e-9)))
	step := by / float64(n)
	k := 4.0 / 3 * math.Tan(step/4)
	for i := range n {
		s1, c1 := math.Sincos(from + step*float64(i))
		s2, c2 := math.Sincos(from + step*float64(i+1))
		o.curveTo(m.at(point{c1 - k*s1, s1 + k*c1}), m.at(point{c2 + k*s2, s2 - k*c2}), m.at(point{c2, s2}))
	}
}

// arguments is how many numbers each command of a path takes.
var arguments = map[byte]int{'M': 2, 'L': 2, 'H': 1, 'V': 1, 'C': 6, 'S': 4, 'Q': 4, 'T': 2, 'A': 7, 'Z': 0}

// readPath reads the d of a path.
func readPath(d string) (outline, error) {
	var o outline
	r := pathReader{rest: d}
	var command, before byte
	var control point // of the last curve, for those that go on smoothly
	for r.skip(); r.rest != ""; r.skip() {
		if c := r.rest[0]; c >= 'A' && c != 'e' && c != 'E' {
			command, r.rest = c, r.rest[1:]
		} else if command == 'M' {
			command = 'L'
		} else if command == 'm' {
			command = 'l'
		} else if command == 0 || command == 'Z' || command == 'z' {
			return o, errPath
		}
		kind := command &^ 0x20
		v, err := r.operands(kind)
		if err != nil || len(o.parts) == 0 && kind != 'M' {
			return o, errPath
		}
		var base point
		if command >= 'a' {
			base = o.at
		}
		control = o.add(kind, before, v, base, control)
		before = kind
	}
	return o, nil
}

func (r *pathReader) operands(kind byte) (v [7]float64, err error) {
	n, ok := arguments[kind]
	if !ok {
		return v, errPath
	}
	for i := range n {
		if kind == 'A' && (i == 3 || i == 4) {
			on, ok := r.flag()
			if !ok {
				return v, errPath
			}
			if on {
				v[i] = 1
			}
		} else if v[i], ok = r.number(); !ok {
			return v, errPath
		}
	}
	return v, nil
}

// add does what a command says and returns the control point of the curve, if it was one.
func (o *outline) add(kind, before byte, v [7]float64, base, control point) point {
	p := func(i int) point { return point{base.x + v[i], base.y + v[i+1]} }
	mirror := func(kinds string) point {
		if strings.IndexByte(kinds, before) < 0 {
			return o.at
		}
		return point{2*o.at.x - control.x, 2*o.at.y - control.y}
	}
	switch kind {
	case 'M':
		o.moveTo(p(0))
	case 'L':
		o.lineTo(p(0))
	case 'H':
		o.lineTo(point{base.x + v[0], o.at.y})
	case 'V':
		o.lineTo(point{o.at.x, base.y + v[0]})
	case 'C':
		o.curveTo(p(0), p(2), p(4))
		return p(2)
	case 'S':
		o.curveTo(mirror("CS"), p(0), p(2))
		return p(0)
	case 'Q':
		o.bendTo(p(0), p(2))
		return p(0)
	case 'T':
		c := mirror("QT")
		o.bendTo(c, p(0))
		return c
	case 'A':
		o.arcTo(v[0], v[1], v[2], v[3] != 0, v[4] != 0, p(5))
	case 'Z':
		o.closed()
	}
	return o.at
}
