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

const (
	doubleMarks = `"„“”«»″`
	singleMarks = `'‚‘’‹›`
)

// marksIn returns the quotation marks of a text; apostrophes and signs of minutes, feet and inches
// are left out.
func marksIn(s string) []quoteMark {
	if !strings.ContainsAny(s, doubleMarks+singleMarks) {
		return nil
	}
	var out []quoteMark
	for i, r := range s {
		single := strings.ContainsRune(singleMarks, r)
		if !single && !strings.ContainsRune(doubleMarks, r) {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		if isApostropheHere(r, before, after) || unicode.IsDigit(before) && (r == '"' || r == '″' || r == '\'') && !(isWordRune(after)) && strings.Count(s, string(r))%2 == 1 {
			continue
		}
		m := quoteMark{at: i, r: r, single: single}
		m.open = i == 0 || !isWordRune(before) && !strings.ContainsRune(".,!?…;:", before)
		m.close = !isWordRune(after)
		if m.open && m.close {
			spaced := unicode.IsSpace(after)
			m.open, m.close = !spaced || i == 0, spaced || after == utf8.RuneError || unicode.IsPunct(after)
		}
		switch r {
		case '„', '‚':
			m.open, m.close = true, false
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
	odd            int // where a double mark has no partner, -1 for nowhere
	open           bool
}

// quotesIn counts pairs of quotation marks. In « » and „ “ the form tells which opens; in the
// typewriter's every second one does.
func quotesIn(s string) quoteCount {
	c := quoteCount{odd: -1}
	var doubles []quoteMark
	singles := 0
	for _, m := range marksIn(s) {
		if m.single {
			if m.r != '’' && m.r != '\'' || m.open || singles%2 == 1 {
				singles++
			}
			continue
		}
		doubles = append(doubles, m)
	}
	c.single = singles / 2
	c.double = (len(doubles) + 1) / 2
	if len(doubles)%2 == 1 {
		c.odd, c.open = loneMark(doubles)
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
// the original has one as well, since words of a person may run over several paragraphs.
func (r *run) quoted(p *pair) {
	if !strings.ContainsAny(p.a, doubleMarks+singleMarks) && !strings.ContainsAny(p.b, doubleMarks+singleMarks) {
		return
	}
	a, b := quotesIn(p.a), quotesIn(p.b)
	f := Finding{Severity: Warn, Address: p.src.Address, Excerpt: clip(p.b)}
	switch {
	case b.odd >= 0 && a.odd < 0 && !r.tale.goesOn(p.dst.Address, b.open):
		_, n := utf8.DecodeRuneInString(p.b[b.odd:])
		f.Code, f.Spot, f.Excerpt = "quote_unclosed", p.b[b.odd:b.odd+n], excerpt(p.b, b.odd, b.odd+n)
	case b.odd < 0 && a.odd >= 0:
		_, n := utf8.DecodeRuneInString(p.a[a.odd:])
		f.Code, f.Severity, f.SourceSpot = "quotes_differ", Note, p.a[a.odd:a.odd+n]
		f.Args = []any{"source", a.double, "target", b.double, "from", r.OriginalLang}
	case a.double > 0 && b.double+b.single == 0:
		// Nothing is marked as said any more.
		// Translators also tell in their own words what somebody said.
		f.Code, f.Severity, f.Args = "quotes_differ", Note, []any{"source", a.double, "target", 0, "from", r.OriginalLang}
		f.SourceSpot = firstQuoted(p.a)
	case a.double+a.single != b.double+b.single && (a.double != b.double):
		f.Code, f.Severity, f.Args = "quotes_differ", Note, []any{"source", a.double + a.single, "target", b.double + b.single, "from", r.OriginalLang}
	default:
		return
	}
	r.add(f)
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
