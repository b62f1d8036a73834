package markup

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"depesche/internal/document"
)

// clean takes out of an answer what no text of ours brings along: entities escaped twice, characters
// that nobody sees, runs of spaces.
func (f *Fragment) clean(in []glyph) []glyph {
	text := string(f.source)
	in = f.unescape(in, text)
	out := in[:0:0]
	for _, g := range in {
		if unicode.IsControl(g.r) && g.r != '\n' || unseen(g.r) && !strings.ContainsRune(text, g.r) {
			continue
		}
		if g.r == ' ' && len(out) > 0 && (out[len(out)-1].r == ' ' || out[len(out)-1].r == '\n') {
			continue
		}
		if g.r == '\n' && len(out) > 0 && out[len(out)-1].r == ' ' {
			out = out[:len(out)-1]
		}
		out = append(out, g)
	}
	return out
}

// unseen are characters without a picture of their own that turn or hide text. Joiners aren't among
// them: some scripts can't be written without.
func unseen(r rune) bool {
	switch {
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r >= 0xE0000 && r <= 0xE007F, r >= 0xFFF9 && r <= 0xFFFB:
		return true
	}
	return r == 0x200B || r == 0x2060 || r == 0xFEFF || r == 0x00AD || r == 0xFFFE || r == 0xFFFF || r == 0xFFFC
}

// unescape decodes entities that an engine escaped twice: the source has none of them.
func (f *Fragment) unescape(in []glyph, text string) []glyph {
	if !slices.ContainsFunc(in, func(g glyph) bool { return g.r == '&' }) || entityLike.MatchString(text) {
		return in
	}
	for range 2 {
		s, at := joined(in)
		found := entityLike.FindAllStringIndex(s, -1)
		if found == nil {
			return in
		}
		var out []glyph
		last := 0
		for _, m := range found {
			out = append(out, in[last:at[m[0]]]...)
			for _, c := range html.UnescapeString(s[m[0]:m[1]]) {
				if c == '\n' || c == '\r' || c == '\t' {
					c = ' '
				}
				out = append(out, glyph{c, in[at[m[0]]].in})
			}
			last = at[m[1]-1] + 1
		}
		in = append(out, in[last:]...)
	}
	return in
}

// joined is the text of glyphs, and of each of its bytes which glyph it belongs to.
func joined(in []glyph) (string, []int) {
	var b strings.Builder
	var at []int
	for i, g := range in {
		b.WriteRune(g.r)
		for len(at) < b.Len() {
			at = append(at, i)
		}
	}
	return b.String(), at
}

// answer says what became of the source's marks.
func (f *Fragment) answer(r reader) Answer {
	var a Answer
	missing := f.missing(r.out)
	r.out = f.again(r.out, missing)
	for _, e := range f.missing(r.out) {
		a.Lost = append(a.Lost, f.elems[e].mark)
	}
	for e, n := range r.used {
		for ; n > 1; n-- {
			a.Gained = append(a.Gained, f.elems[e].mark)
		}
	}
	for _, e := range r.moved {
		a.Moved = append(a.Moved, f.elems[e].mark)
	}
	for _, g := range r.out {
		var marks []document.Mark
		for _, e := range g.in {
			marks = append(marks, f.elems[e].mark)
		}
		if n := len(a.Text); n > 0 && slices.Equal(a.Text[n-1].Marks, marks) {
			a.Text[n-1].Text += string(g.r)
			continue
		}
		a.Text = append(a.Text, document.Span{Text: string(g.r), Marks: marks})
	}
	a.Text = a.Text.Normal()
	return a
}

// missing are the elements that no word of the text is in, the outermost first.
func (f *Fragment) missing(in []glyph) []int {
	there := make([]bool, len(f.elems))
	for _, g := range in {
		if !isSpace(g.r) {
			for _, e := range g.in {
				there[e] = true
			}
		}
	}
	var out []int
	for e, ok := range there {
		if !ok {
			out = append(out, e)
		}
	}
	return out
}

// again puts lost marks where they belong without a doubt: round the whole text, as in the source, or
// round a number, a name, an address or a foreign phrase that stands once in both texts, unchanged.
func (f *Fragment) again(in []glyph, lost []int) []glyph {
	if len(lost) == 0 || len(in) == 0 {
		return in
	}
	in = slices.Clone(in)
	text := string(f.source)
	for _, e := range lost {
		el := f.elems[e]
		from, to := 0, len(in)
		if !f.whole(el) {
			phrase := strings.TrimSpace(string(f.source[el.from:el.to]))
			if !telling(phrase, el.mark.Type) || count(text, phrase) != 1 {
				continue
			}
			s, at := joined(in)
			if count(s, phrase) != 1 {
				continue
			}
			i := index(s, phrase)
			from, to = at[i], at[i+len(phrase)-1]+1
		}
		f.put(in[from:to], e)
	}
	return in
}

// put marks a run, unless some of it has a mark that this one can't be together with.
func (f *Fragment) put(in []glyph, e int) {
	t := f.elems[e].mark.Type
	for _, g := range in {
		for _, o := range g.in {
			if other := f.elems[o].mark.Type; other == t || tags[other] == "a" && tags[t] == "a" {
				return
			}
		}
	}
	for i := range in {
		in[i].in = append(slices.Clone(in[i].in), e)
	}
}

func (f *Fragment) whole(e element) bool {
	outside := func(r []rune) bool { return slices.ContainsFunc(r, func(r rune) bool { return !isSpace(r) }) }
	return !outside(f.source[:e.from]) && !outside(f.source[e.to:]) && e.mark.Type != document.Foreign
}

// telling says that a phrase can't be something else that only looks like it.
func telling(s string, t document.MarkType) bool {
	if t == document.Foreign {
		return strings.ContainsFunc(s, isLetter)
	}
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsUpper(r) }) || strings.Contains(s, "://")
}

// count is how often the phrase stands in s as words of its own.
func count(s, phrase string) int {
	n := 0
	for {
		i := index(s, phrase)
		if i < 0 {
			return n
		}
		n++
		s = s[i+len(phrase):]
	}
}

func index(s, phrase string) int {
	for from := 0; phrase != ""; {
		i := strings.Index(s[from:], phrase)
		if i < 0 {
			return -1
		}
		i += from
		before, after := lastRune(s[:i]), firstRune(s[i+len(phrase):])
		if !(isWord(before) && isWord(firstRune(phrase))) && !(isWord(after) && isWord(lastRune(phrase))) {
			return i
		}
		from = i + len(phrase)
	}
	return -1
}
