package check

import (
	"unicode"
	"unicode/utf8"
)

// matches returns how many bytes of the text the form takes at its beginning, or 0.
func matches(text, form string, exact bool) int {
	n := 0
	for _, want := range form {
		got, size := utf8.DecodeRuneInString(text[n:])
		if size == 0 || got != want && !alike(got, want, exact) {
			return 0
		}
		n += size
	}
	return n
}

func alike(a, b rune, exact bool) bool {
	switch {
	case unicode.IsSpace(a) && unicode.IsSpace(b):
		return true
	case isTick(a) && isTick(b):
		return true
	case isDash(a) && isDash(b):
		return true
	}
	return !exact && unicode.ToLower(a) == unicode.ToLower(b)
}

func isTick(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '‘' }

func isDash(r rune) bool { return r == '-' || r == '\u2010' || r == '\u2011' }

func wordBefore(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return isWordRune(r)
}

func wordAt(text string, i int) bool {
	r, _ := utf8.DecodeRuneInString(text[i:])
	return i < len(text) && isWordRune(r)
}
