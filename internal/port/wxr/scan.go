package wxr

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
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

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// attr returns the value of the current tag's attribute.
func (s *scanner) attr(name string) string {
	i := slices.IndexFunc(s.attrs, func(a attr) bool { return a.name == name })
	if i < 0 {
		return ""
	}
	return s.attrs[i].value
}
