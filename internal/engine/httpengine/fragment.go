package httpengine

import (
	"html"
	"strconv"
	"strings"
)

// Piece is a part of a fragment of ours: a tag as it was written, or text without entities.
type Piece struct {
	Tag  string
	Text string
}

// Pieces cuts a well-formed fragment, as the house writes them, into tags and texts. What isn't
// well-formed is text.
func Pieces(fragment string) []Piece {
	var out []Piece
	text := func(s string) {
		if s == "" {
			return
		}
		s = html.UnescapeString(s)
		if n := len(out); n > 0 && out[n-1].Tag == "" {
			out[n-1].Text += s
			return
		}
		out = append(out, Piece{Text: s})
	}
	for fragment != "" {
		at := strings.IndexByte(fragment, '<')
		if at < 0 {
			text(fragment)
			break
		}
		text(fragment[:at])
		fragment = fragment[at:]
		end := tagEnd(fragment)
		if end == 0 {
			text("<")
			fragment = fragment[1:]
			continue
		}
		out = append(out, Piece{Tag: fragment[:end]})
		fragment = fragment[end:]
	}
	return out
}

// tagEnd is the length of the tag that s begins with, 0 if it begins with none. A sign within the
// quotation marks of an attribute ends no tag.
func tagEnd(s string) int {
	if len(s) < 3 || s[1] != '/' && !letter(s[1]) || s[1] == '/' && !letter(s[2]) {
		return 0
	}
	var quote byte
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i + 1
		case c == '<':
			return 0
		}
	}
	return 0
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// TagName returns the name of a tag in small letters, and whether it closes or stands alone.
func TagName(tag string) (name string, closing, alone bool) {
	s := strings.TrimSuffix(strings.TrimPrefix(tag, "<"), ">")
	s, alone = strings.CutSuffix(s, "/")
	s, closing = strings.CutPrefix(s, "/")
	if i := strings.IndexAny(s, " \t\n/"); i >= 0 {
		s = s[:i]
	}
	name = strings.ToLower(s)
	switch name {
	case "br", "wbr", "img", "hr", "input":
		alone = true
	}
	return name, closing, alone
}

// Masked is a fragment whose tags have names that stand nowhere in its text, so that what comes back
// of them can't be confused with text, even when an engine has lost every escape.
type Masked struct {
	HTML string
	tags []maskedTag
	text string // all text of the source
}

type maskedTag struct{ open, close, ours, oursEnd string }

// Mask gives each element of a well-formed fragment a name of its own.
func Mask(fragment string) Masked {
	pieces := Pieces(fragment)
	m := Masked{}
	for _, p := range pieces {
		m.text += p.Text
	}
	prefix := "x"
	for strings.Contains(strings.ToLower(m.text), prefix+"0") {
		prefix += "x"
	}
	var b strings.Builder
	var open []int
	for _, p := range pieces {
		if p.Tag == "" {
			b.WriteString(escape.Replace(p.Text))
			continue
		}
		_, closing, alone := TagName(p.Tag)
		switch {
		case closing && len(open) > 0:
			t := &m.tags[open[len(open)-1]]
			open = open[:len(open)-1]
			t.oursEnd = p.Tag
			b.WriteString(t.close)
		case closing: // nothing is open: the fragment isn't well-formed, and stays so
			m.tags = append(m.tags, newMask(prefix, len(m.tags), p.Tag))
			b.WriteString(m.tags[len(m.tags)-1].open + m.tags[len(m.tags)-1].close)
		default:
			t := newMask(prefix, len(m.tags), p.Tag)
			m.tags = append(m.tags, t)
			b.WriteString(t.open)
			if alone {
				b.WriteString(t.close)
			} else {
				open = append(open, len(m.tags)-1)
			}
		}
	}
	for i := len(open) - 1; i >= 0; i-- {
		b.WriteString(m.tags[open[i]].close)
	}
	m.HTML = b.String()
	return m
}

func newMask(prefix string, n int, ours string) maskedTag {
	name := prefix + "0" + strconv.Itoa(n)
	return maskedTag{open: "<" + name + ">", close: "</" + name + ">", ours: ours}
}

// escape writes text as HTML, leaving quotation marks as readers see them.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// EscapeText writes plain text as HTML.
func EscapeText(s string) string { return escape.Replace(s) }

// Unmask puts the house's tags back. unescaped says that the engine has lost every escape; otherwise
// entities are read as such. Whatever else looks like a tag is text.
func (m Masked) Unmask(answer string, unescaped bool) string {
	var b strings.Builder
	text := func(s string) {
		if !unescaped {
			s = html.UnescapeString(s)
		}
		b.WriteString(escape.Replace(s))
	}
	for answer != "" {
		at := strings.IndexByte(answer, '<')
		if at < 0 {
			text(answer)
			break
		}
		text(answer[:at])
		answer = answer[at:]
		ours, n := m.tagAt(answer)
		if n == 0 {
			b.WriteString("&lt;")
			n = 1
		}
		b.WriteString(ours)
		answer = answer[n:]
	}
	return b.String()
}

// tagAt returns our tag for the masked one that s begins with, and the length of that one.
func (m Masked) tagAt(s string) (string, int) {
	end := strings.IndexByte(s, '>') + 1
	if end == 0 || end > 60 {
		return "", 0
	}
	compact := strings.ToLower(strings.Join(strings.Fields(s[:end]), ""))
	for _, t := range m.tags {
		switch compact {
		case t.open:
			return t.ours, end
		case t.close:
			return t.oursEnd, end
		}
	}
	return "", 0
}

// Text returns the fragment's text without tags and entities.
func (m Masked) Text() string { return m.text }
