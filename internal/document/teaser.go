package document

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/words"

	"depesche/internal/lang"
)

// Teaser returns what lists and feeds show of the document, in at most limit characters as readers
// count them. A teaser that somebody wrote is returned as it is, whatever its length. Otherwise it is
// made of the lead, or else of the first paragraphs: cut behind a sentence if that leaves a third of
// limit, else behind a clause, else between two words, in the last two cases with the language's
// ellipsis. It never ends within a word or a character; where there is no other way (a language
// without spaces, an address as a word), it is longer than limit.
func Teaser(d Doc, l lang.Tag, limit int) string {
	if s := oneLine(d.Teaser); s != "" {
		return s
	}
	return Shorten(teaserText(d, l, limit), l, limit)
}

func teaserText(d Doc, l lang.Tag, limit int) string {
	if s := oneLine(d.Lead.Plain()); s != "" {
		return s
	}
	between := " "
	if unspaced(l) {
		between = ""
	}
	var out string
	for _, kinds := range [][]Kind{{Paragraph}, {Paragraph, Quotation, List, FactBox}} {
		for _, b := range d.Blocks {
			if !slices.Contains(kinds, b.Kind) {
				continue
			}
			s := oneLine(b.Text.Plain())
			if b.Kind == List || b.Kind == FactBox {
				s = oneLine(b.Plain())
			}
			if s == "" {
				continue
			}
			if out != "" {
				out += between
			}
			if out += s; utf8.RuneCountInString(out) > 2*limit {
				return out
			}
		}
		if out != "" {
			return out
		}
	}
	return ""
}

// oneLine is s without line breaks and with single spaces; no-break spaces stay.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || isBreak(r) || r == '\t' }), " ")
}

// Shorten cuts a text of one line as [Teaser] does.
func Shorten(s string, l lang.Tag, limit int) string {
	c := newCutter(s, l)
	if limit <= 0 || c.length(len(s)) <= limit {
		return s
	}
	sentence := 0
	for _, x := range Sentences(s, l) {
		if c.length(c.trimmed(sentence+len(x))) > limit {
			break
		}
		sentence += len(x)
	}
	sentence = c.trimmed(sentence)
	if n := c.length(sentence); n > 0 && n >= limit/3 {
		return c.closed(s[:sentence], "")
	}
	room := limit - graphemeCount(c.ellipsis())
	if at := c.last(c.clauses(), room); at > 0 && c.length(at) >= limit/3 {
		return c.closed(c.bare(at), c.ellipsis())
	}
	if n := c.length(sentence); n > 0 && n >= limit/6 {
		return c.closed(s[:sentence], "")
	}
	at := c.last(c.gaps(), room)
	if at == 0 {
		// Not a single word fits.
		if at = c.first(c.gaps(), room); at == 0 || c.length(at) > 4*limit {
			at = c.offset(max(room, 1))
		}
	}
	if at >= len(s) {
		return s
	}
	bare := c.bare(at)
	if bare == "" {
		bare = s[:at]
	}
	return c.closed(bare, c.ellipsis())
}

// cutter knows where a text may be cut. Places are byte offsets.
type cutter struct {
	s       string
	l       lang.Tag
	starts  []int // of the characters, as readers count them
	noSpace bool
}

func newCutter(s string, l lang.Tag) *cutter {
	c := &cutter{s: s, l: l, noSpace: unspaced(l)}
	for it := graphemes.FromString(s); it.Next(); {
		c.starts = append(c.starts, it.Start())
	}
	return c
}

func graphemeCount(s string) int {
	n := 0
	for it := graphemes.FromString(s); it.Next(); {
		n++
	}
	return n
}

// length is the number of characters before the place.
func (c *cutter) length(at int) int {
	n, _ := slices.BinarySearch(c.starts, at)
	return n
}

// offset is the place behind n characters.
func (c *cutter) offset(n int) int {
	if n >= len(c.starts) {
		return len(c.s)
	}
	return c.starts[max(n, 0)]
}

// trimmed is the place without the spaces before it.
func (c *cutter) trimmed(at int) int {
	return len(strings.TrimRightFunc(c.s[:at], unicode.IsSpace))
}

// last is the last of the places with at most n characters before it, 0 if there is none.
func (c *cutter) last(places []int, n int) int {
	best := 0
	for _, at := range places {
		if c.length(at) <= n {
			best = at
		}
	}
	return best
}

// first is the first of the places with more than n characters before it, 0 if there is none.
func (c *cutter) first(places []int, n int) int {
	for _, at := range append(places, len(c.s)) {
		if c.length(at) > n {
			return at
		}
	}
	return 0
}

// clauses are the places at which a clause ends, before its comma.
func (c *cutter) clauses() []int {
	var out []int
	for i, r := range c.s {
		end := i + utf8.RuneLen(r)
		after, _ := utf8.DecodeRuneInString(c.s[end:])
		switch {
		case strings.ContainsRune("、，；：", r):
			out = append(out, i)
		case strings.ContainsRune(",;:،؛", r) && unicode.IsSpace(after):
			out = append(out, i)
		case (r == '–' || r == '—') && unicode.IsSpace(after) && i > 0:
			out = append(out, i)
		case r == ')' && unicode.IsSpace(after):
			out = append(out, end)
		case c.thaiLike() && r == ' ':
			out = append(out, i)
		}
	}
	return out
}

// gaps are the places between words. A number keeps what it counts.
func (c *cutter) gaps() []int {
	var out []int
	if c.thaiLike() {
		for i, r := range c.s {
			if r == ' ' {
				out = append(out, i)
			}
		}
		return out
	}
	var before rune
	for it := words.FromString(c.s); it.Next(); {
		after, _ := utf8.DecodeRuneInString(it.Value())
		at := it.Start()
		switch {
		case at == 0 || unicode.IsDigit(before):
		case after == ' ':
			out = append(out, at)
		case isIdeographic(before) && isIdeographic(after) && !(isKana(before) && isKana(after)):
			// Without a dictionary nobody knows where a word ends. In Japanese it is seldom before
			// Hiragana, which are the endings.
			if !unicode.Is(unicode.Hiragana, after) {
				out = append(out, at)
			}
		}
		before, _ = utf8.DecodeLastRuneInString(it.Value())
	}
	return out
}

func isIdeographic(r rune) bool { return unicode.In(r, unicode.Han) || isKana(r) }

func isKana(r rune) bool {
	return unicode.Is(unicode.Hiragana, r) || unicode.Is(unicode.Katakana, r) || r == 'ー'
}

// unspaced are languages written without spaces between words.
func unspaced(l lang.Tag) bool {
	switch l.Base() {
	case "zh", "yue", "ja", "th", "lo", "km", "my", "bo", "dz":
		return true
	}
	return false
}

// thaiLike are those of them whose words can't be told apart without a dictionary, and in which a
// space ends a phrase.
func (c *cutter) thaiLike() bool {
	return c.noSpace && c.l.Base() != "ja" && c.l.Base() != "zh" && c.l.Base() != "yue"
}

// bare is the text before the place without what can't stand before an ellipsis.
func (c *cutter) bare(at int) string {
	return strings.TrimRightFunc(c.s[:at], func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:،؛、，；：–—-…", r) || unicode.In(r, unicode.Ps, unicode.Pi) && !isClosing(r) || r == '„'
	})
}

// ellipsis is how the language says that words are left out.
func (c *cutter) ellipsis() string {
	switch c.l.Base() {
	case "zh", "yue", "ja":
		return "……"
	}
	if c.noSpace || c.l.Typography().Ellipsis == lang.EllipsisClosed {
		return "…"
	}
	return "\u00a0…"
}

// closed adds the ellipsis, and closes the quotation marks, brackets and directions that the cut left
// open.
func (c *cutter) closed(s, ellipsis string) string {
	t := c.l.Typography()
	pairs := [][2]string{t.Quotes, t.Nested, {"(", ")"}, {"[", "]"}, {"（", "）"}, {"「", "」"}, {"『", "』"}}
	type open struct{ mark, close string }
	var stack []open
	for _, r := range s {
		mark := string(r)
		if n := len(stack) - 1; n >= 0 && mark == stack[n].close {
			stack = stack[:n]
			continue
		}
		for _, p := range pairs {
			// An apostrophe that also closes can't be told from one that doesn't.
			if mark == p[0] && p[0] != p[1] && p[1] != t.Apostrophe && p[0] != t.Apostrophe {
				stack = append(stack, open{mark, p[1]})
				break
			}
		}
		if r >= '\u202a' && r <= '\u202e' && r != '\u202c' {
			stack = append(stack, open{mark, "\u202c"})
		}
		if r >= '\u2066' && r <= '\u2068' {
			stack = append(stack, open{mark, "\u2069"})
		}
	}
	s += ellipsis
	for _, o := range slices.Backward(stack) {
		if o.mark == t.Quotes[0] {
			s += t.QuoteSpace
		}
		s += o.close
	}
	return s
}

// WordCount counts the words of the running text: lead, blocks and captions, without headline,
// alternative texts and credits. Chinese and Japanese are counted by characters, as is the custom
// there; Thai and its like by a word for each five.
func WordCount(d Doc) int {
	n := 0
	for _, s := range Segments(d) {
		if s.Fixed || s.Block == "" && s.Field != FieldLead || s.Field == FieldAlt || s.Field == FieldCredit {
			continue
		}
		n += countWords(s.Text.Plain())
	}
	return n
}

func countWords(s string) int {
	n, letters := 0, 0
	for it := words.FromString(s); it.Next(); {
		for _, r := range it.Value() {
			if unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan) {
				if unicode.IsLetter(r) {
					letters++
				}
				break
			}
			if unicode.IsLetter(r) || unicode.IsNumber(r) {
				n++
				break
			}
		}
	}
	return n + (letters+4)/5
}
