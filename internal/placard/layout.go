package placard

import (
	"image"
	"image/color"
	"image/draw"
)

// The grid: margins, and where a picture begins.
const (
	margin  = 64.0
	gap     = 48.0
	picWide = 500.0
	rule    = 6.0
	band    = 16.0
)

// image draws the placard. The error says that words are missing from it.
func (f *Fonts) image(s Spec, photo image.Image) (*image.RGBA, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := &canvas{img: image.NewRGBA(image.Rect(0, 0, Width, Height)), rtl: s.Lang.Dir() == "rtl"}
	p := poster{Fonts: f, canvas: c, Spec: s, accent: colour(s.Accent, verdi), wide: Width - 2*margin}
	back := colour(s.Wash, wash)
	if photo != nil {
		back, p.wide = ground, Width-picWide-margin-gap
	}
	draw.Draw(c.img, c.img.Bounds(), image.NewUniform(back), image.Point{}, draw.Src)
	if photo != nil {
		p.picture(photo)
	} else { // as a fact box has it
		p.fill(rect{0, 0, band, Height}, 0, p.accent)
	}
	if s.Headline == "" {
		p.front()
	} else {
		p.story(photo != nil)
	}
	if p.lacks {
		return c.img, ErrLetters
	}
	return c.img, nil
}

// poster is a placard while it is drawn.
type poster struct {
	*Fonts
	*canvas
	Spec
	accent color.RGBA
	wide   float64 // of the column
	lacks  bool    // words are missing
}

// words sets words, or reports false: there are none, or letters are missing.
func (p *poster) words(text string, st style) (block, bool) {
	st.lang = p.Lang
	b, ok := p.set(text, st)
	p.lacks = p.lacks || !ok
	return b, ok && len(b.lines) > 0
}

// picture stands at the end side, as high as the placard.
func (p *poster) picture(photo image.Image) {
	r := rect{Width - picWide, 0, picWide, Height}
	if flat, ok := edge(photo); ok { // a drawing: all of it, on its own ground
		p.fill(r, 0, flat)
		b := photo.Bounds()
		h := picWide * float64(b.Dy()) / float64(b.Dx())
		if h < Height {
			r.y, r.h = (Height-h)/2, h
		}
	}
	p.photo(r, photo, p.FocusX, p.FocusY)
}

// name is the line at the top: the tile with the mark, and what the paper is called.
func (p *poster) name() {
	const tile = 46.0
	p.fill(rect{margin, 56, p.wide, rule}, 0, ink)
	p.icon(margin, 84, tile, ink, onTile)
	if b, ok := p.words(p.Paper, style{voice: serif, most: 36, least: 22, lines: 1, width: p.wide - tile - 18, height: 80}); ok {
		p.text(b, margin+tile+18, 84+tile/2-b.size*b.m.above+b.size*0.33, p.wide-tile-18, ink)
	}
}

// bottom is where the headline ends, roof where it may begin.
const (
	bottom = Height - 52.0
	roof   = 164.0
)

// story has the headline at the bottom, and the section above it.
func (p *poster) story(pictured bool) {
	p.name()
	most := 92.0
	switch {
	case pictured:
		most = 66
	case p.Section == "": // a list's name is short
		most = 130
	}
	room := bottom - roof
	section, labelled := block{}, false
	if p.Section != "" {
		section, labelled = p.words(p.Section, style{voice: sans, most: 28, least: 20, lines: 1, width: p.wide, height: 60})
	}
	if labelled {
		room -= section.height() + 14
	}
	h, ok := p.words(p.Headline, style{voice: serif, most: most, least: 34, lines: 4, width: p.wide, height: room, headline: true})
	top := bottom
	if ok {
		top -= h.height()
		p.text(h, margin, top, p.wide, ink)
	}
	if labelled {
		p.text(section, margin, top-14-section.height(), p.wide, p.accent)
	}
}

// front has the paper's name alone.
func (p *poster) front() {
	p.fill(rect{margin, 56, p.wide, rule}, 0, ink)
	p.icon(margin, 100, 104, ink, onTile)
	top := bottom
	if p.About != "" {
		if b, ok := p.words(p.About, style{voice: sans, most: 36, least: 24, lines: 2, width: p.wide, height: 120}); ok {
			top -= b.height()
			p.text(b, margin, top, p.wide, ink2)
			top -= 20
		}
	}
	if b, ok := p.words(p.Paper, style{voice: serif, most: 150, least: 48, lines: 2, width: p.wide, height: top - 230, headline: true}); ok {
		p.text(b, margin, top-b.height(), p.wide, ink)
	}
}

// edge returns the colour all round a picture, if it is one: that of a drawing's ground.
func edge(img image.Image) (color.RGBA, bool) {
	b := img.Bounds()
	first := color.RGBAModel.Convert(img.At(b.Min.X+2, b.Min.Y+2)).(color.RGBA)
	const steps = 24
	for i := range steps + 1 {
		x, y := b.Min.X+2+(b.Dx()-5)*i/steps, b.Min.Y+2+(b.Dy()-5)*i/steps
		for _, p := range [4]image.Point{{x, b.Min.Y + 2}, {x, b.Max.Y - 3}, {b.Min.X + 2, y}, {b.Max.X - 3, y}} {
			if !p.In(b) || !alike(first, color.RGBAModel.Convert(img.At(p.X, p.Y)).(color.RGBA)) {
				return color.RGBA{}, false
			}
		}
	}
	return first, true
}

func alike(a, b color.RGBA) bool {
	near := func(x, y uint8) bool { return max(x, y)-min(x, y) < 6 }
	return near(a.R, b.R) && near(a.G, b.G) && near(a.B, b.B)
}
