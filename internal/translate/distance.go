package translate

import (
	"strings"
	"unicode"

	"depesche/internal/document"
)

// distance returns how many words have to be put in, taken out or replaced to make b of a, and how
// many words b has. Punctuation and case count, since people correct them too.
func distance(a, b string) (edits, of int) {
	x, y := words(a), words(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, w := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, v := range y {
			cost := 1
			if w == v {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(y)], len(y)
}

// words are runs of letters and digits, and each other sign that isn't space. Scripts that put no
// space between words are taken sign by sign.
func words(s string) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai):
			end()
			out = append(out, string(r))
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r):
			b.WriteRune(r)
		default:
			end()
			if !unicode.IsSpace(r) {
				out = append(out, string(r))
			}
		}
	}
	end()
	return out
}

// mostlyOf reports whether text still is what came, or was made from it: at least half of its words
// stand.
func mostlyOf(came, text document.Inline) bool {
	if equal(came, text) {
		return true
	}
	edits, of := distance(came.Plain(), text.Plain())
	return 2*edits <= of
}
