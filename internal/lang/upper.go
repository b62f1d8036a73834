package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// UpperFirst writes the first letter of s large, as the language does at the start of a line:
// "istanbul" is "İstanbul" in Turkish, "ijs" is "IJs" in Dutch. Marks before it are passed over;
// scripts without large letters stay as they are.
func (t Tag) UpperFirst(s string) string {
	at := strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	if at < 0 {
		return s
	}
	r, size := utf8.DecodeRuneInString(s[at:])
	if !unicode.IsLower(r) {
		return s
	}
	switch base := t.Base(); {
	case (base == "tr" || base == "az") && r == 'i':
		return s[:at] + "İ" + s[at+size:]
	case base == "nl" && strings.HasPrefix(s[at:], "ij"):
		return s[:at] + "IJ" + s[at+2:]
	}
	return s[:at] + string(unicode.ToTitle(r)) + s[at+size:]
}

// Lower writes s small as the language does: "ISPARTA" is "ısparta" in Turkish.
func (t Tag) Lower(s string) string { return cases.Lower(language.Make(string(t))).String(s) }
