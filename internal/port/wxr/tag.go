package wxr

import (
	"bytes"
	"unicode/utf8"
)

func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= utf8.RuneSelf
}

func isName(c byte) bool { return isNameStart(c) || c >= '0' && c <= '9' || c == '-' || c == '.' }

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
