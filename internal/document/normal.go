package document

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normal returns the text in the one form in which it is stored: neighbours with equal marks are one
// span, empty spans are gone, marks stand in the order of nesting and not twice, letters are composed
// (NFC), control characters are gone but for line breaks, tabs are spaces. An empty text is nil.
func (in Inline) Normal() Inline {
	if in.isNormal() {
		if len(in) == 0 {
			return nil
		}
		return in
	}
	var out Inline
	var joined strings.Builder // of the last span of out
	end := func() {
		if n := len(out) - 1; n >= 0 {
			// Joining may have brought a letter and its accent together.
			out[n].Text = norm.NFC.String(joined.String())
			joined.Reset()
		}
	}
	for _, s := range in {
		s.Text = tidy(s.Text, true)
		if s.Text == "" {
			continue
		}
		s.Marks = normalMarks(s.Marks)
		if n := len(out) - 1; n < 0 || !slices.Equal(out[n].Marks, s.Marks) {
			end()
			out = append(out, s)
		}
		joined.WriteString(s.Text)
	}
	end()
	return out
}

func (in Inline) isNormal() bool {
	for i, s := range in {
		if s.Text == "" || !isTidy(s.Text, true) || !marksNormal(s.Marks) {
			return false
		}
		if i > 0 && slices.Equal(in[i-1].Marks, s.Marks) {
			return false
		}
	}
	return true
}

// marksNormal is an order without equals, where nil is the only empty list.
func marksNormal(marks []Mark) bool {
	if marks == nil {
		return true
	}
	for i := 1; i < len(marks); i++ {
		if compareMarks(marks[i-1], marks[i]) >= 0 {
			return false
		}
	}
	return len(marks) > 0
}

func normalMarks(marks []Mark) []Mark {
	if marksNormal(marks) {
		return marks
	}
	out := slices.Clone(marks)
	slices.SortStableFunc(out, compareMarks)
	out = slices.Compact(out)
	if len(out) == 0 {
		return nil
	}
	return out
}

// compareMarks orders by nesting; marks of one type, of which a valid span has only one, by value.
func compareMarks(a, b Mark) int {
	if r := markRank(a.Type) - markRank(b.Type); r != 0 {
		return r
	}
	return strings.Compare(
		string(a.Type)+"\x00"+a.Href+"\x00"+a.Story+"\x00"+a.Source+"\x00"+a.Lang,
		string(b.Type)+"\x00"+b.Href+"\x00"+b.Story+"\x00"+b.Source+"\x00"+b.Lang)
}

// Normal returns the document in the one form in which it is stored: every text as [Inline.Normal]
// says, fields of one line without line breaks, Blocks never nil.
func (d Doc) Normal() Doc {
	d = d.Clone()
	visit(&d, func(p part) {
		if p.Plain != nil {
			*p.Plain = tidy(*p.Plain, p.Lines)
		} else {
			*p.Inline = p.Inline.Normal()
		}
	})
	normalBlocks(d.Blocks)
	if d.Blocks == nil {
		d.Blocks = []Block{}
	}
	return d
}

// normalBlocks gives empty lists the form that comes back from JSON.
func normalBlocks(blocks []Block) {
	visitBlocks(blocks, func(b *Block) {
		b.Items = nilIfEmpty(b.Items)
		b.Pictures = nilIfEmpty(b.Pictures)
		b.Blocks = nilIfEmpty(b.Blocks)
		b.Rows = nilIfEmpty(b.Rows)
		for i := range b.Rows {
			if b.Rows[i].Cells == nil {
				b.Rows[i].Cells = []Cell{}
			}
		}
	})
}

func nilIfEmpty[S ~[]E, E any](s S) S {
	if len(s) == 0 {
		return nil
	}
	return s
}

// tidy takes out of s what no text may hold. With lines, line breaks of any system become "\n";
// without, they become spaces.
func tidy(s string, lines bool) string {
	if isTidy(s, lines) {
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	br := '\n'
	if !lines {
		br = ' '
	}
	var b strings.Builder
	b.Grow(len(s))
	last := rune(0)
	for _, r := range s {
		switch {
		case r == '\n' && last == '\r':
		case isBreak(r):
			b.WriteRune(br)
		case r == '\t':
			b.WriteByte(' ')
		case !isForbidden(r):
			b.WriteRune(r)
		}
		last = r
	}
	return norm.NFC.String(b.String())
}

func isTidy(s string, lines bool) bool {
	ascii := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			ascii = false
			break
		}
		if c < ' ' && (c != '\n' || !lines) || c == 0x7f {
			return false
		}
	}
	if ascii {
		return true
	}
	for i, r := range s {
		switch {
		case r == '\n':
			if !lines {
				return false
			}
		case r == utf8.RuneError:
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return false
			}
		case isBreak(r), isForbidden(r):
			return false
		}
	}
	return norm.NFC.IsNormalString(s)
}

// isBreak is a line break, that of a paragraph as well: a text is one block's.
func isBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// isForbidden are control characters, and what can't stand in XML and so in no feed.
func isForbidden(r rune) bool {
	return unicode.IsControl(r) || r == '\uFFFE' || r == '\uFFFF'
}
