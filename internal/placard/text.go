package placard

import (
	"slices"
	"strings"
	"unicode"

	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"depesche/internal/lang"
)

// style says how words are set.
type style struct {
	lang     lang.Tag
	voice    string
	most     float64 // the largest size, in pixels
	least    float64
	lines    int // at most
	width    float64
	height   float64
	headline bool // spaced as headlines are
}

// block is set text.
type block struct {
	lines []shaping.Line // each in the order in which it is seen
	size  float64
	m     measure
	cut   bool // an ellipsis stands at its end
}

// measure are a script's heights, in sizes: of the first line above its base, from base to base, of the
// last line below it.
type measure struct{ above, line, below float64 }

// measureOf gives room to marks above and below: an Arabic line needs half more than a Latin one.
func measureOf(l lang.Tag) measure {
	switch l.Script() {
	case "Arab":
		return measure{1.0, 1.5, 0.5}
	case "Thai", "Laoo":
		return measure{1.05, 1.45, 0.35}
	case "Khmr", "Mymr":
		return measure{1.0, 1.65, 0.65}
	case "Deva", "Beng", "Guru", "Taml", "Telu", "Sinh", "Ethi":
		return measure{0.95, 1.38, 0.35}
	case "Jpan", "Kore", "Hans", "Hant", "Hani":
		return measure{0.88, 1.28, 0.14}
	}
	if l.Base() == "vi" { // two marks above a capital
		return measure{1.0, 1.3, 0.26}
	}
	return measure{0.78, 1.14, 0.24}
}

func (m measure) height(size float64, lines int) float64 {
	return size * (m.above + m.line*float64(lines-1) + m.below)
}

func (b block) height() float64 { return b.m.height(b.size, len(b.lines)) }

// set sets a text as large as it fits, in as few lines as that needs, and these about equally long.
// It reports false if the fonts lack letters.
func (f *Fonts) set(text string, st style) (block, bool) {
	runes := []rune(breakable(text))
	if len(runes) == 0 {
		return block{}, true
	}
	m := measureOf(st.lang)
	var best block
	for size := st.most; size >= st.least && size >= calm*best.size; size -= 2 {
		runs, whole := f.shape(runes, st, size)
		if !whole {
			return block{}, false
		}
		lines, fits := f.lines(runes, runs, st, st.width)
		if !fits || len(lines) > st.lines || m.height(size, len(lines)) > st.height+0.5 {
			continue
		}
		b := block{lines: f.balanced(runes, runs, st, len(lines)), size: size, m: m}
		if even(b.lines) {
			return b, true
		}
		if best.lines == nil {
			best = b
		}
	}
	if best.lines != nil {
		return best, true
	}
	return f.shortened(runes, st)
}

// calm is how much smaller a headline may be for the sake of its lines.
const calm = 0.8

// even reports whether the last line isn't a lone word below long ones.
func even(lines []shaping.Line) bool {
	widest := 0.0
	for _, l := range lines {
		widest = max(widest, advance(l))
	}
	return len(lines) < 2 || advance(lines[len(lines)-1]) >= 0.45*widest
}

// shortened is as much of a text as fits at the least size, and an ellipsis: the last resort.
func (f *Fonts) shortened(runes []rune, st style) (block, bool) {
	m := measureOf(st.lang)
	most := st.lines
	for most > 1 && m.height(st.least, most) > st.height {
		most--
	}
	dots, whole := f.shape([]rune("…"), st, st.least)
	if !whole || len(dots) != 1 {
		return block{}, false
	}
	runs, _ := f.shape(runes, st, st.least)
	lines, cut := f.wrap.WrapParagraphF(shaping.WrapConfig{
		Direction: direction(st.lang), TruncateAfterLines: most, Truncator: dots[0],
	}, fixedOf(st.width), runes, iterate(runs))
	return block{lines: seen(lines), size: st.least, m: m, cut: cut > 0}, true
}

// lines breaks at the places where the script allows it. It reports false if a word doesn't fit.
func (f *Fonts) lines(runes []rune, runs []shaping.Output, st style, width float64) (lines []shaping.Line, fits bool) {
	lines, _ = f.wrap.WrapParagraphF(shaping.WrapConfig{Direction: direction(st.lang), BreakPolicy: shaping.Never},
		fixedOf(width), runes, iterate(runs))
	lines = seen(lines)
	for _, l := range lines {
		if advance(l) > width+0.5 {
			return lines, false
		}
	}
	return lines, true
}

// balanced finds the narrowest column in which the text takes no more lines.
func (f *Fonts) balanced(runes []rune, runs []shaping.Output, st style, n int) []shaping.Line {
	best, _ := f.lines(runes, runs, st, st.width)
	if n < 2 {
		return best
	}
	lo, hi := st.width/float64(n)*0.8, st.width
	for hi-lo > 4 {
		mid := (lo + hi) / 2
		if lines, fits := f.lines(runes, runs, st, mid); fits && len(lines) <= n {
			best, hi = lines, mid
		} else {
			lo = mid
		}
	}
	return best
}

// shape turns text into glyphs. It reports false if a letter has none.
func (f *Fonts) shape(runes []rune, st style, size float64) ([]shaping.Output, bool) {
	in := shaping.Input{
		Text: runes, RunEnd: len(runes), Direction: direction(st.lang), Size: fixedOf(size),
		Language: language.NewLanguage(string(st.lang)),
	}
	parts := f.split.Split(in, &chooser{fonts: f, voice: st.voice, others: f.system.of(st.lang)})
	runs := make([]shaping.Output, 0, len(parts))
	for _, p := range parts {
		out := f.shaper.Shape(p)
		for _, g := range out.Glyphs {
			if g.GlyphID == 0 && !unseen(runes[g.TextIndex()]) {
				return nil, false
			}
		}
		runs = append(runs, out)
	}
	if st.headline && spaced(st.lang) {
		shaping.AddSpacing(runs, runes, fixedOf(0.05*size), fixedOf(-0.008*size))
	}
	return runs, true
}

// iterate hands a copy of the runs to the wrapper, which takes the spaces at the ends of lines away.
func iterate(runs []shaping.Output) shaping.RunIterator {
	own := slices.Clone(runs)
	for i := range own {
		own[i].Glyphs = slices.Clone(own[i].Glyphs)
	}
	return shaping.NewSliceIterator(own)
}

// spaced reports whether letters may be moved: they hang together in other scripts.
func spaced(l lang.Tag) bool {
	switch l.Script() {
	case "Latn", "Cyrl", "Grek":
		return true
	}
	return false
}

// unseen reports whether a character has no form of its own.
func unseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || r == 0x2060
}

func direction(l lang.Tag) di.Direction {
	if l.Dir() == "rtl" {
		return di.DirectionRTL
	}
	return di.DirectionLTR
}

func fixedOf(v float64) fixed.Int26_6 { return fixed.Int26_6(v * 64) }

// advance is how long a line is.
func advance(l shaping.Line) float64 {
	var sum fixed.Int26_6
	for _, run := range l {
		sum += run.Advance
	}
	return float64(sum) / 64
}

// seen puts the runs of each line into the order in which they are seen, from left to right. The lines
// are the wrapper's own and change with its next text, so they are copied.
func seen(lines []shaping.Line) []shaping.Line {
	out := make([]shaping.Line, len(lines))
	for i, l := range lines {
		out[i] = slices.Clone(l)
		slices.SortStableFunc(out[i], func(a, b shaping.Output) int { return int(a.VisualIndex) - int(b.VisualIndex) })
	}
	return out
}

// breakable is a text on one line, with the places to break that Unicode's rules don't know: before
// each syllable of Thai and Lao that is seen without a dictionary, which are those that begin with a
// vowel written before its consonant; none within a Korean word.
func breakable(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range strings.ToValidUTF8(s, "") {
		if unicode.IsControl(r) || r == 0x2028 || r == 0x2029 {
			r = ' '
		}
		if r == ' ' && (last == ' ' || last == 0) {
			continue
		}
		if leading(r) && unicode.In(last, unicode.Thai, unicode.Lao) && !leading(last) {
			b.WriteRune(0x200b)
		}
		if unicode.Is(unicode.Hangul, r) && unicode.Is(unicode.Hangul, last) {
			b.WriteRune(0x2060) // Korean breaks between words, as its papers do
		}
		b.WriteRune(r)
		last = r
	}
	return strings.TrimRight(b.String(), " ")
}

func leading(r rune) bool { return r >= 0x0e40 && r <= 0x0e44 || r >= 0x0ec0 && r <= 0x0ec4 }
