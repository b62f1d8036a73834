package wxr

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"
)

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
