package markup

import (
	"unicode"
	"unicode/utf8"
)

// spaces repairs the white space that engines lose or add at tags, and gives the text the source's own
// at its ends.
func (f *Fragment) spaces(in []glyph) []glyph {
	for len(in) > 0 && isSpace(in[0].r) {
		in = in[1:]
	}
	for len(in) > 0 && isSpace(in[len(in)-1].r) {
		in = in[:len(in)-1]
	}
	var out []glyph
	for i, g := range in {
		if i > 0 && isSpace(g.r) && f.tooMuch(in, i) {
			continue
		}
		if n := len(out); n > 0 && f.glued(out[n-1], g) {
			out = append(out, glyph{' ', common(out[n-1].in, g.in)})
		}
		out = append(out, g)
	}
	if len(out) == 0 {
		return nil
	}
	first, last := 0, len(f.source)
	for first < last && isSpace(f.source[first]) {
		first++
	}
	for last > first && isSpace(f.source[last-1]) {
		last--
	}
	var all []glyph
	for i := range first {
		all = append(all, glyph{f.source[i], f.marks[i]})
	}
	all = append(all, out...)
	for i := last; i < len(f.source); i++ {
		all = append(all, glyph{f.source[i], f.marks[i]})
	}
	return all
}

// glued says that two words meet at the edge of an element where the source has a space.
func (f *Fragment) glued(a, b glyph) bool {
	if !isWord(a.r) || !isWord(b.r) || unspaced(a.r) || unspaced(b.r) {
		return false
	}
	for _, e := range a.in { // ends here
		if to := f.elems[e].to; !contains(b.in, e) && (f.spaceAt(to-1) || f.spaceAt(to)) {
			return true
		}
	}
	for _, e := range b.in { // begins here
		if from := f.elems[e].from; !contains(a.in, e) && (f.spaceAt(from) || f.spaceAt(from-1)) {
			return true
		}
	}
	return false
}

// tooMuch says that the space at i stands between the edge of an element and a mark of punctuation
// that touches it in the source.
func (f *Fragment) tooMuch(in []glyph, i int) bool {
	if i == 0 || i+1 >= len(in) {
		return false
	}
	a, b := in[i-1], in[i+1]
	for _, e := range a.in {
		if to := f.elems[e].to; !contains(b.in, e) && f.at(to) == b.r && isPunct(b.r) {
			return true
		}
	}
	for _, e := range b.in {
		if from := f.elems[e].from; !contains(a.in, e) && f.at(from-1) == a.r && isPunct(a.r) {
			return true
		}
	}
	return false
}

func (f *Fragment) at(i int) rune {
	if i < 0 || i >= len(f.source) {
		return 0
	}
	return f.source[i]
}

func (f *Fragment) spaceAt(i int) bool { return isSpace(f.at(i)) }

func common(a, b []int) []int {
	var out []int
	for _, e := range a {
		if contains(b, e) {
			out = append(out, e)
		}
	}
	return out
}

func contains(list []int, e int) bool {
	for _, x := range list {
		if x == e {
			return true
		}
	}
	return false
}

func isSpace(r rune) bool { return r == ' ' || r == '\n' || r == 0xA0 || r == 0x202F }

func isLetter(r rune) bool { return unicode.IsLetter(r) }

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func isPunct(r rune) bool { return unicode.IsPunct(r) }

// unspaced are letters of scripts that don't part words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func firstRune(s string) rune {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return 0
	}
	return r
}

func lastRune(s string) rune {
	r, n := utf8.DecodeLastRuneInString(s)
	if n == 0 {
		return 0
	}
	return r
}
