package check

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quoteMark is a quotation mark of any style, with what it can be where it stands.
type quoteMark struct {
	at     int
	r      rune
	single bool
	open   bool // it may open, by its neighbours and its form
	close  bool
}

func (m quoteMark) opens() int {
	switch {
	case m.open && !m.close:
		return 1
	case m.close && !m.open:
		return -1
	}
	return 0
}

func isQuote(r rune) bool { return isDouble(r) || isSingle(r) }

func isDouble(r rune) bool {
	switch r {
	case '"', '„', '“', '”', '«', '»', '″':
		return true
	}
	return false
}

func isSingle(r rune) bool {
	switch r {
	case '\'', '‚', '‘', '’', '‹', '›':
		return true
	}
	return false
}

// marksIn returns the quotation marks of a text; apostrophes and signs of minutes, feet and inches
// are left out.
func marksIn(s string) []quoteMark {
	var out []quoteMark
	for i, r := range s {
		if !isQuote(r) {
			continue
		}
		single := isSingle(r)
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		if isApostropheHere(r, before, after) || unicode.IsDigit(before) && (r == '"' || r == '″' || r == '\'') && !(isWordRune(after)) && strings.Count(s, string(r))%2 == 1 {
			continue
		}
		m := quoteMark{at: i, r: r, single: single}
		m.open = i == 0 || !isWordRune(before) && !strings.ContainsRune(".,!?…;:%‰°)]", before)
		m.close = !isWordRune(after)
		both := m.open && m.close
		if both {
			spaced := unicode.IsSpace(after) || after == utf8.RuneError
			m.open, m.close = !spaced || i == 0, spaced && i > 0 || unicode.IsPunct(after)
		}
		switch {
		case r == '„' || r == '‚' || r == '«' && both:
			m.open, m.close = true, false
		case (r == '»' || r == '”') && both:
			m.open, m.close = false, true
		}
		out = append(out, m)
	}
	return out
}

func isApostropheHere(r, before, after rune) bool {
	if r == '\'' || r == '’' || r == '‘' {
		return isWordRune(before) && isWordRune(after)
	}
	// Ukrainian is typed with every sign there is for its apostrophe.
	return r == '"' && isWordRune(before) && isWordRune(after)
}

// quoteCount is how often a text quotes.
type quoteCount struct {
	double, single int // pairs
	names          int // of the double ones, those that hold a name, which one language marks and another doesn't
	odd            int // where a double mark has no partner, -1 for nowhere
	open           bool
	leading        bool // the text begins with a double mark
	nested         bool // somebody is quoted within a quotation
	sameForm       bool // and the marks of both look alike
	// possessive says that the lone mark stands for an apostrophe: the Lakers" plans.
	possessive bool
}

// quotesIn counts pairs of quotation marks. In « » and „ “ the form tells which opens; in the
// typewriter's every second one does.
func quotesIn(s string) quoteCount {
	c := quoteCount{odd: -1}
	var doubles []quoteMark
	singles, depth := 0, 0
	for _, m := range marksIn(s) {
		if m.single {
			if m.r != '’' && m.r != '\'' || m.open || singles%2 == 1 {
				singles++
				c.nested = c.nested || depth > 0
			}
			continue
		}
		depth = max(0, depth+m.opens())
		if depth > 1 {
			c.nested = true
			c.sameForm = c.sameForm || m.r != '"' && m.r == doubles[len(doubles)-1].r
		}
		doubles = append(doubles, m)
	}
	for i := 0; i+1 < len(doubles); i += 2 {
		if isNameQuoted(s[doubles[i].at+utf8.RuneLen(doubles[i].r) : doubles[i+1].at]) {
			c.names++
		}
	}
	c.single = singles / 2
	c.double = (len(doubles) + 1) / 2
	c.leading = len(doubles) > 0 && strings.TrimSpace(s[:doubles[0].at]) == ""
	if len(doubles)%2 == 1 {
		c.odd, c.open = loneMark(doubles)
		c.possessive = !c.open && s[c.odd] == '"' && strings.HasSuffix(s[:c.odd], "s") && strings.HasPrefix(s[c.odd+1:], " ")
	}
	return c
}

// loneMark finds the mark without a partner.
func loneMark(marks []quoteMark) (at int, opens bool) {
	var stack []quoteMark
	for _, m := range marks {
		opening := m.open && (len(stack) == 0 || !m.close)
		switch {
		case opening || len(stack) == 0 && !m.close:
			stack = append(stack, m)
		case len(stack) > 0:
			stack = stack[:len(stack)-1]
		default:
			return m.at, false
		}
	}
	if len(stack) > 0 {
		return stack[len(stack)-1].at, true
	}
	return marks[len(marks)-1].at, false
}

// quoted compares how often both sides quote. A mark without a partner is one that was lost, unless
// it has one in another text, since words of a person may run over several paragraphs.
func (r *run) quoted(p *pair) {
	if !strings.ContainsFunc(p.a, isQuote) && !strings.ContainsFunc(p.b, isQuote) {
		return
	}
	a, b := quotesIn(p.a), quotesIn(p.b)
	apostrophes(&a, &b)
	if r.unclosed(p, a, b) {
		return
	}
	saidA, saidB := a.double-a.names, b.double-b.names
	if b.odd >= 0 || a.double == b.double || saidA == saidB || a.double+a.single == b.double+b.single || saidA+a.single == saidB+b.single {
		return
	}
	f := Finding{
		Code: "quotes_differ", Severity: Note, Address: p.src.Address, Excerpt: clip(p.b),
		Args: []any{"source", saidA + a.single, "target", saidB + b.single, "from", r.OriginalLang},
	}
	if saidA > 0 && saidB+b.single == 0 {
		// Nothing is marked as said any more. Translators also tell in their own words what somebody said.
		f.SourceSpot = firstQuoted(p.a)
	}
	r.add(f)
}

// nameWords is how many words a name in quotation marks has at most.
const nameWords = 5

// isNameQuoted reports whether what stands in quotation marks is the name of a team, a paper, a ship: it
// begins with a capital or a figure, as most of its few words do, and has no mark of a sentence.
func isNameQuoted(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > nameWords || strings.ContainsAny(s, ",.!?…;:") || !large(words[0]) {
		return false
	}
	n := 0
	for _, w := range words {
		if large(w) {
			n++
		}
	}
	return 2*n > len(words)
}

func large(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.IsUpper(r) || unicode.IsDigit(r)
}

// apostrophes takes lone marks that were typed for an apostrophe for what they are, if both sides then
// quote equally often.
func apostrophes(a, b *quoteCount) {
	if a.possessive {
		a.odd, a.double = -1, a.double-1
	}
	if b.possessive && (a.odd >= 0 || a.double == b.double-1) {
		b.odd, b.double = -1, b.double-1
	}
}

// unclosed looks for a mark of the translation without a partner, here or in another text. It is a
// note where the original doesn't quote, so that nothing was lost, where it has the same lone mark, and
// where one mark closes two quotations, as is the rule in some languages.
func (r *run) unclosed(p *pair, a, b quoteCount) bool {
	if b.odd < 0 {
		return false
	}
	known := r.elsewhere()[p.dst.Address]
	balanced := a.odd < 0 && a.double > 0
	if known != 0 && !balanced {
		return false
	}
	_, n := utf8.DecodeRuneInString(p.b[b.odd:])
	f := Finding{Code: "quote_unclosed", Severity: Warn, Address: p.src.Address, Spot: p.b[b.odd : b.odd+n], Excerpt: excerpt(p.b, b.odd, b.odd+n)}
	sameLack := a.odd >= 0 && a.open == b.open
	if a.double+a.single == 0 || sameLack || a.nested && b.sameForm && b.open || known == hasPartner {
		f.Severity = Note
	}
	r.add(f)
	return true
}

// firstQuoted is the first piece between double quotation marks.
func firstQuoted(s string) string {
	marks := slices.DeleteFunc(marksIn(s), func(m quoteMark) bool { return m.single })
	if len(marks) < 2 {
		return ""
	}
	_, n := utf8.DecodeRuneInString(s[marks[0].at:])
	return s[marks[0].at+n : marks[1].at]
}
