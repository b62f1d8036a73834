package media

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/media/raster"
	"depesche/internal/problem"
)

// The formats of renditions.
const (
	jpg    = "jpg"
	webpEx = "webp"
	avif   = "avif"
	svg    = "svg"
)

const (
	maxAlt = 1000
	// maxHeight bounds what is rendered of a very tall picture.
	maxHeight = 4000
)

// ladder are the widths that pictures are rendered at.
var ladder = []int{320, 640, 960, 1280, 1920}

// widthsFor returns the widths to render of what is w by h: those of the ladder that it reaches, or
// its own.
func widthsFor(w, h int) []int {
	widest := w
	if h > maxHeight {
		widest = max(1, w*maxHeight/h)
	}
	var out []int
	for _, x := range ladder {
		if x <= widest {
			out = append(out, x)
		}
	}
	if out == nil {
		out = []int{widest}
	}
	return out
}

// checkFields brings what people type about a picture into its stored form.
func checkFields(f *problem.Fields, p Picture) Picture {
	if !slices.Contains(Kinds, p.Kind) {
		f.Add("kind", entry.Choice, "")
	}
	p.Credit = entry.Line(f, "credit", p.Credit, entry.Name)
	texts := map[lang.Tag]Text{}
	for t, x := range p.Texts {
		key := string(t)
		l := entry.Lang(f, "caption."+key, t)
		x = Text{
			Caption: entry.Lines(f, "caption."+key, x.Caption, entry.Note),
			Alt:     entry.Lines(f, "alt."+key, x.Alt, maxAlt),
			Credit:  entry.Line(f, "credit."+key, x.Credit, entry.Name),
		}
		if x != (Text{}) {
			texts[l] = x
		}
	}
	p.Texts = texts
	for name, v := range map[string]int{"focus_x": p.FocusX, "focus_y": p.FocusY} {
		if v < 0 || v > 1000 {
			f.Add(name, "problem.value", "")
		}
	}
	part, ok := parseCrop(p.Crop)
	if !ok {
		f.Add("crop", "problem.value", p.Crop)
	}
	p.Crop = cropString(part)
	return p
}

// fileName is what the uploader called the file, as far as it can be kept. It never refuses: it is
// the uploader's machine that writes it.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), `\`, "/"))
	s = norm.NFC.String(strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r&0xfffe == 0xfffe {
			return -1
		}
		return r
	}, s)))
	if r := []rune(s); len(r) > entry.Name {
		s = string(r[len(r)-entry.Name:]) // the end has the extension
	}
	if s == "" || s == "." || s == "/" {
		return "picture"
	}
	return s
}

// offer fills the empty ones of p's fields with what the file says itself.
func offer(p Picture, m raster.Meta, fallback lang.Tag) Picture {
	if p.Credit == "" {
		p.Credit = cut(m.Credit, entry.Name)
	}
	texts := map[lang.Tag]Text{}
	for t, x := range p.Texts {
		texts[t] = x
	}
	put := func(from map[lang.Tag]string, limit int, field func(*Text) *string) {
		for _, t := range sortedTags(from) {
			to := t.Base() // de-DE is de here
			if t == "" {
				to = fallback
			}
			x := texts[to]
			if f := field(&x); *f == "" && to != "" {
				*f = cut(from[t], limit)
				texts[to] = x
			}
		}
	}
	put(m.Caption, entry.Note, func(t *Text) *string { return &t.Caption })
	put(m.Alt, maxAlt, func(t *Text) *string { return &t.Alt })
	p.Texts = texts
	return p
}

// sortedTags has the text without a language last: one that names it is surer.
func sortedTags(m map[lang.Tag]string) []lang.Tag {
	out := make([]lang.Tag, 0, len(m))
	for t := range m {
		if t != "" {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	if _, ok := m[""]; ok {
		out = append(out, "")
	}
	return out
}

func cut(s string, limit int) string {
	s = norm.NFC.String(s)
	if r := []rune(s); len(r) > limit {
		return strings.TrimSpace(string(r[:limit-1])) + "…"
	}
	return s
}

// words is what a picture is found by.
func (p Picture) words() string {
	list := []string{p.FileName, p.Credit}
	for _, x := range p.Texts {
		list = append(list, x.Caption, x.Alt, x.Credit)
	}
	slices.Sort(list[2:])
	return entry.Folded(list...)
}
