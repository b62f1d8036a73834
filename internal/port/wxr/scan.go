package wxr

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind is what a scanner found.
type kind int

const (
	textToken  kind = iota // s.chunk
	startToken             // s.name, s.attrs
	endToken               // s.name
	eofToken
)

// attr is an attribute of a start tag.
type attr struct{ name, value string }

// scanner takes an export apart into tags and text. It is far more patient than encoding/xml, which
// gives up at the first bare ampersand, and holds a chunk at a time where encoding/xml holds the
// whole of a text; where that one accepts a file, both see the same (FuzzScanner).
type scanner struct {
	r    io.Reader
	buf  []byte
	pos  int // of what isn't read yet, in buf
	end  int
	err  error // of r, told when buf is empty
	line int64

	chunk []byte // valid until the next call
	name  string
	attrs []attr
	raw   []byte // the tag as it was written, valid until the next call

	cdata   bool
	pending string            // name of an empty element that has still to end
	names   map[string]string // so that each tag's name is one string
	repairs []Repair
}

const bufferSize = 128 << 10

func newScanner(r io.Reader) *scanner {
	return &scanner{r: r, buf: make([]byte, bufferSize), line: 1, names: map[string]string{}}
}

func (s *scanner) fail(format string, args ...any) error {
	return &SyntaxError{Line: s.line, Reason: fmt.Sprintf(format, args...)}
}

func (s *scanner) repair(key string) {
	for i := range s.repairs {
		if s.repairs[i].Key == key {
			s.repairs[i].N++
			return
		}
	}
	s.repairs = append(s.repairs, Repair{Key: key, Line: s.line, N: 1})
}

// fill reads until n bytes are there, if there are so many. n is at most the buffer's size.
func (s *scanner) fill(n int) {
	for s.end-s.pos < n && s.err == nil {
		if s.pos > 0 && len(s.buf)-s.end < len(s.buf)/2 {
			copy(s.buf, s.buf[s.pos:s.end])
			s.end -= s.pos
			s.pos = 0
		}
		var got int
		got, s.err = s.r.Read(s.buf[s.end:])
		s.end += got
	}
}

// take moves behind n bytes and counts their lines.
func (s *scanner) take(n int) []byte {
	b := s.buf[s.pos : s.pos+n]
	s.pos += n
	s.line += int64(bytes.Count(b, newline))
	return b
}

var newline = []byte{'\n'}

func (s *scanner) rest() []byte { return s.buf[s.pos:s.end] }

// next returns the next token. Text comes in chunks of any size; entities are decoded.
func (s *scanner) next() (kind, error) {
	if s.pending != "" {
		s.name, s.pending = s.pending, ""
		s.raw = nil
		return endToken, nil
	}
	for {
		if s.cdata {
			if s.inCDATA() {
				return textToken, nil
			}
			if s.cdata {
				return 0, s.ended("inside of a CDATA section")
			}
			continue
		}
		s.fill(maxTag)
		b := s.rest()
		switch {
		case len(b) == 0:
			if !errors.Is(s.err, io.EOF) {
				return 0, s.err
			}
			return eofToken, nil
		case b[0] == '<':
			k, done, err := s.markup(b)
			if done || err != nil {
				return k, err
			}
		default:
			s.text(b)
			return textToken, nil
		}
	}
}

func (s *scanner) ended(where string) error {
	if s.err != nil && !errors.Is(s.err, io.EOF) {
		return s.err
	}
	return s.fail("the file ends %s: it is incomplete", where)
}

// inCDATA returns a chunk of a CDATA section, and false at its end or the file's.
func (s *scanner) inCDATA() bool {
	s.fill(maxTag)
	b := s.rest()
	if i := bytes.Index(b, []byte("]]>")); i >= 0 {
		s.chunk = s.take(i)
		s.take(3)
		s.cdata = false
		return len(s.chunk) > 0
	}
	n := len(b) - 2 // "]]" may be the beginning of the end
	if n <= 0 {
		return false
	}
	s.chunk = s.take(n)
	return true
}

// text takes a chunk of running text.
func (s *scanner) text(b []byte) {
	if b[0] == '&' {
		s.entity(b)
		return
	}
	n := bytes.IndexAny(b, "<&")
	if n < 0 {
		n = len(b)
	}
	s.chunk = s.take(n)
}

// entity decodes what stands behind an ampersand. One that belongs to no entity is text.
func (s *scanner) entity(b []byte) {
	end := bytes.IndexByte(b[:min(len(b), 40)], ';')
	if end > 1 {
		name := string(b[1:end])
		if text, ok := charRef(name); ok {
			if text == "" {
				s.repair(RepairControl)
			}
			s.take(end + 1)
			s.chunk = []byte(text)
			return
		}
		if text, ok := named(name); ok {
			if len(name) != 2 && name != "amp" && name != "quot" && name != "apos" {
				s.repair(RepairEntity)
			}
			s.take(end + 1)
			s.chunk = []byte(text)
			return
		}
	}
	s.repair(RepairAmpersand)
	s.chunk = s.take(1)
}

var predefined = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

func named(name string) (string, bool) {
	if text, ok := predefined[name]; ok {
		return text, true
	}
	text, ok := xml.HTMLEntity[name]
	return text, ok
}

// charRef decodes "#8230" and "#x2026". A character that XML forbids is nothing.
func charRef(name string) (string, bool) {
	if name[0] != '#' {
		return "", false
	}
	digits, base := name[1:], 10
	if strings.HasPrefix(digits, "x") {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || strings.HasPrefix(digits, "+") {
		return "", false
	}
	if n > utf8.MaxRune || !allowed(rune(n)) {
		return "", true
	}
	return string(rune(n)), true
}

// allowed are the characters of XML.
func allowed(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// markup reads what begins with <. done is false if there is nothing to tell of it.
func (s *scanner) markup(b []byte) (k kind, done bool, err error) {
	switch {
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		s.take(9)
		s.cdata = true
		return 0, false, nil
	case bytes.HasPrefix(b, []byte("<!--")):
		s.take(4)
		return 0, false, s.skip("-->", "a comment")
	case bytes.HasPrefix(b, []byte("<?")):
		s.take(2)
		return 0, false, s.skip("?>", "a processing instruction")
	case len(b) > 2 && b[1] == '!' && (isNameStart(b[2]) || b[2] == '['):
		return 0, false, s.directive()
	case len(b) > 2 && b[1] == '/' && isNameStart(b[2]):
		return s.endTag(b)
	case len(b) > 1 && isNameStart(b[1]):
		return s.startTag(b)
	}
	s.repair(RepairLess)
	s.chunk = s.take(1)
	return textToken, true, nil
}

// skip goes behind the next end.
func (s *scanner) skip(end, what string) error {
	from := s.line
	for {
		s.fill(maxTag)
		b := s.rest()
		if i := bytes.Index(b, []byte(end)); i >= 0 {
			s.take(i + len(end))
			return nil
		}
		if len(b) < len(end) {
			return s.ended(fmt.Sprintf("inside of %s that begins in line %d", what, from))
		}
		s.take(len(b) - len(end) + 1)
	}
}

// directive goes behind a document type. What it declares isn't looked at, so that no entity can
// grow out of it.
func (s *scanner) directive() error {
	from, depth := s.line, 0
	where := fmt.Sprintf("inside of a document type that begins in line %d", from)
	for {
		s.fill(maxTag)
		b := s.rest()
		if len(b) == 0 {
			return s.ended(where)
		}
		i := bytes.IndexAny(b, "\"'<>")
		if i < 0 {
			s.take(len(b))
			continue
		}
		c := b[i]
		s.take(i)
		switch rest := b[i:]; {
		case depth > 0 && bytes.HasPrefix(rest, []byte("<!--")):
			s.take(4)
			if err := s.skip("-->", "a comment"); err != nil {
				return err
			}
			continue
		case c == '<':
			if depth++; depth == 2 {
				s.repair(RepairDoctype)
			}
		case c == '>':
			depth--
		default:
			s.take(1)
			if err := s.skip(string(c), "a quotation"); err != nil {
				return err
			}
			continue
		}
		s.take(1)
		if depth == 0 {
			return nil
		}
	}
}

func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= utf8.RuneSelf
}

func isName(c byte) bool { return isNameStart(c) || c >= '0' && c <= '9' || c == '-' || c == '.' }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// word returns the name at the beginning of b.
func (s *scanner) word(b []byte) string {
	n := 0
	for n < len(b) && isName(b[n]) {
		n++
	}
	if name, ok := s.names[string(b[:n])]; ok {
		return name
	}
	name := string(b[:n])
	if len(s.names) < 1000 && n < 200 {
		s.names[name] = name
	}
	return name
}

func (s *scanner) endTag(b []byte) (kind, bool, error) {
	name := s.word(b[2:])
	n := 2 + len(name)
	for n < len(b) && isSpace(b[n]) {
		n++
	}
	if n == len(b) {
		return 0, true, s.ended("inside of </" + name)
	}
	if b[n] != '>' {
		return 0, true, s.fail("</%s isn't closed", name)
	}
	s.raw = s.take(n + 1)
	s.name = name
	return endToken, true, nil
}

func (s *scanner) startTag(b []byte) (kind, bool, error) {
	s.name = s.word(b[1:])
	s.attrs = s.attrs[:0]
	i := 1 + len(s.name)
	for {
		for i < len(b) && isSpace(b[i]) {
			i++
		}
		if i == len(b) {
			if len(b) >= maxTag {
				return 0, true, s.fail("the tag <%s> has more than %d bytes", s.name, maxTag)
			}
			return 0, true, s.ended("inside of the tag <" + s.name + ">")
		}
		switch {
		case b[i] == '>':
			s.raw = s.take(i + 1)
			return startToken, true, nil
		case b[i] == '/' && i+1 < len(b) && b[i+1] == '>':
			s.raw = s.take(i + 2)
			s.pending = s.name
			return startToken, true, nil
		}
		n, ok := s.attribute(b[i:])
		if !ok {
			if i+n >= len(b) && s.err == nil {
				return 0, true, s.fail("the tag <%s> has more than %d bytes", s.name, maxTag)
			}
			if i+n >= len(b) {
				return 0, true, s.ended("inside of the tag <" + s.name + ">")
			}
			// "a <b and c": no tag at all.
			s.repair(RepairLess)
			s.chunk = s.take(1)
			return textToken, true, nil
		}
		i += n
	}
}

// attribute reads one attribute and returns its length, or how far it is readable.
func (s *scanner) attribute(b []byte) (int, bool) {
	name := s.word(b)
	i := len(name)
	if i == 0 {
		return 0, false
	}
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return i, false
	}
	if b[i] != '=' { // HTML's way: no value
		s.attrs = append(s.attrs, attr{name, name})
		return i, true
	}
	i++
	for i < len(b) && isSpace(b[i]) {
		i++
	}
	if i == len(b) {
		return i, false
	}
	if quote := b[i]; quote == '"' || quote == '\'' {
		end := bytes.IndexByte(b[i+1:], quote)
		if end < 0 {
			return len(b), false
		}
		s.attrs = append(s.attrs, attr{name, unescape(b[i+1 : i+1+end])})
		return i + end + 2, true
	}
	from := i
	for i < len(b) && !isSpace(b[i]) && b[i] != '>' {
		i++
	}
	s.attrs = append(s.attrs, attr{name, unescape(b[from:i])})
	return i, i > from && i < len(b)
}

// unescape decodes the entities of an attribute's value.
func unescape(b []byte) string {
	if !bytes.ContainsAny(b, "&\r\x00") && utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	for len(b) > 0 {
		if b[0] != '&' {
			n := bytes.IndexByte(b, '&')
			if n < 0 {
				n = len(b)
			}
			out.Write(b[:n])
			b = b[n:]
			continue
		}
		end := bytes.IndexByte(b[:min(len(b), 40)], ';')
		if end > 1 {
			name := string(b[1:end])
			text, ok := charRef(name)
			if !ok {
				text, ok = named(name)
			}
			if ok {
				out.WriteString(text)
				b = b[end+1:]
				continue
			}
		}
		out.WriteByte('&')
		b = b[1:]
	}
	text, _, _ := clean(out.String())
	return text
}

// attr returns the value of the current tag's attribute.
func (s *scanner) attr(name string) string {
	i := slices.IndexFunc(s.attrs, func(a attr) bool { return a.name == name })
	if i < 0 {
		return ""
	}
	return s.attrs[i].value
}
