package lang

import (
	"strings"
	"unicode"
)

// slugLength is the length of a slug for which no other is wanted.
const slugLength = 80

// Slug makes the readable part of an address from s: small Latin letters, figures and hyphens, at
// most max long and cut between words. It is never figures only. It returns "" when nothing
// readable is left, as with a headline in Chinese; the caller has a name for that case.
func (t Tag) Slug(s string, max int) string {
	if max <= 0 {
		max = slugLength
	}
	latin := Transliterate(t, t.joinNumbers(s))
	if lettersIn(latin)*2 < lettersIn(s) {
		return "" // most of it was in letters we can't write
	}
	var b strings.Builder
	gap, letter := false, false
	for _, r := range strings.ToLower(latin) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			letter = letter || r > '9'
			b.WriteRune(r)
		case isApostrophe(r) && !elides[string(t.Base())], unicode.IsMark(r), r == '\u00ad', r == '\u2060', r == '\u200d', r == '\u200c':
		default:
			gap = true
		}
	}
	if !letter {
		return ""
	}
	return cutSlug(b.String(), max)
}

// elides are the languages in which an apostrophe parts two words.
var elides = words("fr it ca oc co")

func lettersIn(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// joinNumbers takes the thousands separators out of numbers: "1.077" is one word.
func (t Tag) joinNumbers(s string) string {
	group := []rune(t.Typography().Group)
	runes := []rune(s)
	out := make([]rune, 0, len(runes))
	for i, r := range runes {
		separates := r == '\u00a0' || r == '\u202f' || len(group) == 1 && r == group[0] && r != ' '
		if separates && i > 0 && unicode.IsDigit(runes[i-1]) && digitsAt(runes, i+1) == 3 {
			continue
		}
		out = append(out, r)
	}
	return string(out)
}

// digitsAt counts the digits from i on.
func digitsAt(runes []rune, i int) int {
	n := 0
	for i+n < len(runes) && unicode.IsDigit(runes[i+n]) {
		n++
	}
	return n
}

// cutSlug shortens a slug to whole words, or within the first if that alone is too long.
func cutSlug(slug string, max int) string {
	if len(slug) <= max {
		return slug
	}
	cut := slug[:max]
	if slug[max] != '-' {
		if at := strings.LastIndexByte(cut, '-'); at > 0 && strings.ContainsFunc(cut[:at], unicode.IsLetter) {
			cut = cut[:at]
		}
	}
	cut = strings.Trim(cut, "-")
	if !strings.ContainsFunc(cut, unicode.IsLetter) {
		return ""
	}
	return cut
}
