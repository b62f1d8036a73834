package check

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is a word of a text with its place.
type token struct {
	from, to int
	text     string
	lower    string
	// initial says that a sentence, a quotation or a line begins with it, so that its capital says nothing.
	initial bool
}

// tokensOf cuts a text into its words. A hyphen parts words; an apostrophe parts what it clips
// ("l’Europe") from the name but not the parts of a Ukrainian word.
func tokensOf(s string) []token {
	var out []token
	start, initial := -1, true
	flush := func(to int) {
		if start >= 0 {
			t := s[start:to]
			out = append(out, token{from: start, to: to, text: t, lower: lowered(t), initial: initial})
			start, initial = -1, false
		}
	}
	for i, r := range s {
		switch {
		case r == ' ':
			flush(i)
		case inAWord(r):
			if start < 0 {
				start = i
			}
		case (r == '\'' || r == '’' || r == 'ʼ') && start >= 0 && apostropheWithin(s, start, i+utf8.RuneLen(r)):
		default:
			flush(i)
			before, _ := utf8.DecodeLastRuneInString(s[:i])
			switch {
			case r == '.' && len(out) > 0 && out[len(out)-1].to == i && isTitle(out[len(out)-1].text):
			case strings.ContainsRune(".!?…:\n•", r):
				initial = true
			case strings.ContainsRune("\"“”„«‚‘'–—", r):
				// What is said begins here if it is introduced: a name may stand between marks too.
				initial = initial || i == 0 || introduced(s[:i], before)
			}
		}
	}
	flush(len(s))
	return out
}

// apostropheWithin reports whether the apostrophe belongs to the word: between Cyrillic letters, or
// before the end of an English contraction.
func apostropheWithin(s string, start, after int) bool {
	next, _ := utf8.DecodeRuneInString(s[after:])
	if unicode.Is(unicode.Cyrillic, next) {
		return true
	}
	if next == 't' && start >= 0 {
		rest, _ := utf8.DecodeRuneInString(s[after+1:])
		return !isWordRune(rest)
	}
	return false
}

// introduced reports whether a quotation mark or a dash begins a sentence: after a colon, a comma, a
// full stop.
func introduced(text string, before rune) bool {
	if !unicode.IsSpace(before) {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(text, unicode.IsSpace))
	return strings.ContainsRune(".,!?:…–—", last)
}

// inAWord is isWordRune, quick for the letters that most texts are made of.
func inAWord(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	case r >= 'А' && r <= 'я':
		return true
	}
	return isWordRune(r)
}

// lowered is a word in small letters. It knows the letters that most texts are made of by heart: the
// tables of the standard library take ten times as long for Cyrillic.
func lowered(w string) string {
	if !strings.ContainsFunc(w, isLarge) {
		return w
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z' || r >= 'А' && r <= 'Я':
			return r + 32
		case r < utf8.RuneSelf || r >= 'а' && r <= 'я':
			return r
		}
		return unicode.ToLower(r)
	}, w)
}

// isLarge is [unicode.IsUpper], quick for the letters that most texts are made of.
func isLarge(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r >= 'A' && r <= 'Z'
	case r >= 'а' && r <= 'я':
		return false
	case r >= 'А' && r <= 'Я':
		return true
	}
	return unicode.IsUpper(r)
}

// isTitle reports whether a word with a full stop is put before a name, and ends no sentence.
func isTitle(w string) bool { return titles[w] }

var titles = setOf("Mr Mrs Ms Dr Dra St Sr Sra Prof Sen Gov Rep Rev Gen Col Lt Sgt M Mme Mlle Hr Fr им ім ул вул пл проф акад ген")
