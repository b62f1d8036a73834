package page

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"

	"golang.org/x/image/vector"

	"depesche/internal/publication"
)

// Base is the paper's address without a slash at its end.
func Base(p publication.Paper) string { return strings.TrimRight(p.BaseURL, "/") }

// The icon is the mark, D in Morse, in the dark theme's accent on a tile of ink.
var (
	iconInk  = color.RGBA{0x14, 0x1b, 0x1c, 0xff}
	iconMark = color.RGBA{0x63, 0xcd, 0xbb, 0xff}
)

const iconSVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#141b1c"/>` +
	`<g fill="#63cdbb"><rect x="4.5" y="13.5" width="9" height="5" rx="2.5"/><circle cx="18" cy="16" r="2.5"/><circle cx="25" cy="16" r="2.5"/></g></svg>` + "\n"

// iconSizes are the icons made of points, by name. Phones round the corners themselves.
var iconSizes = map[string]struct {
	size    int
	rounded bool
}{
	"apple-touch-icon.png": {180, false},
	"icon-192.png":         {192, true},
	"icon-512.png":         {512, true},
	"favicon.ico":          {48, true}, // a PNG: every browser looks at the bytes
}

var icons = sync.OnceValue(func() map[string][]byte {
	out := map[string][]byte{}
	for name, i := range iconSizes {
		out[name] = drawIcon(i.size, i.rounded)
	}
	return out
})

// Icon returns the icon called name and its type. An unknown name is the drawing.
func Icon(name string) (data []byte, contentType string) {
	if data, ok := icons()[name]; ok {
		return data, "image/png"
	}
	return []byte(iconSVG), "image/svg+xml"
}

func drawIcon(size int, rounded bool) []byte {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	unit := float32(size) / 32
	fill := func(c color.Color, draw func(*pen)) {
		r := vector.NewRasterizer(size, size)
		draw(&pen{r, unit})
		r.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{})
	}
	radius := float32(0)
	if rounded {
		radius = 7
	}
	fill(iconInk, func(p *pen) { p.rect(0, 0, 32, 32, radius) })
	fill(iconMark, func(p *pen) {
		p.rect(4.5, 13.5, 9, 5, 2.5)
		p.rect(15.5, 13.5, 5, 5, 2.5)
		p.rect(22.5, 13.5, 5, 5, 2.5)
	})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // to memory, of a picture we made
	}
	return b.Bytes()
}

// pen draws on a grid of 32 by 32.
type pen struct {
	r    *vector.Rasterizer
	unit float32
}

// kappa is how far the handles of a curve are from its ends, to make it a quarter of a circle.
const kappa = 0.5523

func (p *pen) rect(x, y, w, h, radius float32) {
	u := p.unit
	k := radius * (1 - kappa)
	curve := func(ax, ay, bx, by, cx, cy float32) { p.r.CubeTo(ax*u, ay*u, bx*u, by*u, cx*u, cy*u) }
	p.r.MoveTo((x+radius)*u, y*u)
	p.r.LineTo((x+w-radius)*u, y*u)
	curve(x+w-k, y, x+w, y+k, x+w, y+radius)
	p.r.LineTo((x+w)*u, (y+h-radius)*u)
	curve(x+w, y+h-k, x+w-k, y+h, x+w-radius, y+h)
	p.r.LineTo((x+radius)*u, (y+h)*u)
	curve(x+k, y+h, x, y+h-k, x, y+h-radius)
	p.r.LineTo(x*u, (y+radius)*u)
	curve(x, y+k, x+k, y, x+radius, y)
	p.r.ClosePath()
}
