package wxr

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// clean puts a text right: bytes that aren't UTF-8 are read as Windows-1252, which is what they are
// where a database was converted once too little; characters that XML forbids are dropped; line
// breaks are "\n". It reports what it did.
func clean(s string) (out string, bytes, control bool) {
	if tidy(s) {
		return s, false, false
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '\r':
				if i < len(s) && s[i] == '\n' {
					i++
				}
				b.WriteByte('\n')
			case c < ' ' && c != '\n' && c != '\t':
				control = true
			default:
				b.WriteByte(c)
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		if r == utf8.RuneError && n == 1 {
			r, bytes = charmap.Windows1252.DecodeByte(c), true
		}
		if !allowed(r) {
			control = true
			continue
		}
		b.WriteRune(r)
	}
	return b.String(), bytes, control
}

// tidy reports whether there is nothing to clean.
func tidy(s string) bool {
	ascii := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= utf8.RuneSelf {
			ascii = false
		} else if c < ' ' && c != '\n' && c != '\t' {
			return false
		}
	}
	return ascii || utf8.ValidString(s) && !strings.Contains(s, "\uFFFE") && !strings.Contains(s, "\uFFFF")
}
