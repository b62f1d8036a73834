package bergamot

import (
	"errors"
	"slices"
	"strings"
	"unicode"
)

var errHTML = errors.New("not a well-formed HTML fragment")

// void elements have no end.
var void = []string{"br", "wbr", "img", "hr"}

// raw elements hold no text to translate.
var raw = []string{"script", "style", "textarea", "title", "template", "iframe", "noscript", "xmp", "plaintext", "svg", "math"}

// wellFormed refuses fragments that Bergamot would give up at: elements that aren't closed, or closed
// in the wrong order, and everything that isn't text, an element or an entity. It returns the text.
func wellFormed(s string) (text string, err error) {
	var open []string
	var out strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "<&")
		if i < 0 {
			i = len(s)
		}
		out.WriteString(s[:i])
		if s = s[i:]; s == "" {
			break
		}
		if s[0] == '&' {
			n := entity(s)
			if n == 0 {
				return "", errHTML
			}
			out.WriteByte(' ')
			s = s[n:]
			continue
		}
		t, n := tag(s)
		if n == 0 || slices.Contains(raw, t.name) {
			return "", errHTML
		}
		s = s[n:]
		switch isVoid := slices.Contains(void, t.name); {
		case t.end && (isVoid || len(open) == 0 || open[len(open)-1] != t.name):
			return "", errHTML
		case t.end:
			open = open[:len(open)-1]
		case t.closed && !isVoid:
			return "", errHTML
		case !isVoid:
			open = append(open, t.name)
		}
	}
	if len(open) > 0 {
		return "", errHTML
	}
	return out.String(), nil
}

// entity is the length of "&amp;", "&#39;" or "&#x27;" at the front, 0 if there is none.
func entity(s string) int {
	end := strings.IndexByte(s, ';')
	if end < 2 || end > 32 {
		return 0
	}
	name := s[1:end]
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		hex := len(digits) > 1 && (digits[0] == 'x' || digits[0] == 'X')
		if hex {
			digits = digits[1:]
		}
		if digits == "" || len(digits) > 7 || strings.ContainsFunc(digits, func(c rune) bool { return !digit(c, hex) }) {
			return 0
		}
		return end + 1
	}
	if strings.ContainsFunc(name, func(c rune) bool { return !letter(c) && !digit(c, false) }) {
		return 0
	}
	return end + 1
}

func letter(c rune) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func digit(c rune, hex bool) bool {
	return c >= '0' && c <= '9' || hex && (c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F')
}

type element struct {
	name        string
	end, closed bool // </name>, <name/>
}

// tag reads a tag at the front as our serialiser writes them, attributes in double quotes, and returns
// its length, 0 if there is none.
func tag(s string) (t element, n int) {
	i := 1
	if i < len(s) && s[i] == '/' {
		t.end = true
		i++
	}
	start := i
	for i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || i > start && (s[i] >= '0' && s[i] <= '9' || s[i] == '-')) {
		i++
	}
	if t.name = s[start:i]; t.name == "" {
		return t, 0
	}
	for {
		space := i
		for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t') {
			i++
		}
		switch {
		case i >= len(s):
			return t, 0
		case s[i] == '>':
			return t, i + 1
		case strings.HasPrefix(s[i:], "/>") && !t.end:
			t.closed = true
			return t, i + 2
		case t.end || space == i:
			return t, 0
		}
		k := attribute(s[i:])
		if k == 0 {
			return t, 0
		}
		i += k
	}
}

// attribute is the length of name or name="value" at the front.
func attribute(s string) int {
	i := strings.IndexFunc(s, func(c rune) bool { return !letter(c) && !digit(c, false) && c != '-' && c != '_' && c != ':' })
	if i <= 0 {
		return 0
	}
	if !strings.HasPrefix(s[i:], `="`) {
		return i
	}
	i += 2
	end := strings.IndexByte(s[i:], '"')
	if end < 0 || strings.ContainsAny(s[i:i+end], "<>\x00") {
		return 0
	}
	return i + end + 1
}

// speaks says whether there is anything to translate: a letter.
func speaks(text string) bool { return strings.ContainsFunc(text, unicode.IsLetter) }
