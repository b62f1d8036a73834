package check

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"depesche/internal/lang"
)

// countriesOf returns the codes of the countries whose name, or whose people's, the word is the
// beginning of, or begins: "німецький" is Німеччина. Which it is of several doesn't matter here.
func countriesOf(l lang.Tag, word string) []string {
	const stem = 4
	cut := cutRunes(word, stem)
	if cut == "" {
		return nil
	}
	var out []string
	for _, c := range countries(l.Base())[cut] {
		if alikeStem(word, c.word) {
			out = append(out, c.code)
		}
	}
	return out
}

// alikeStem reports whether two words agree in all but their endings.
func alikeStem(a, b string) bool {
	n := 0
	for i, r := range a {
		got, size := utf8.DecodeRuneInString(b[min(i, len(b)):])
		if size == 0 || got != r {
			break
		}
		n++
	}
	return n >= 4 && n*2 >= min(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
}

type countryWord struct{ word, code string }

var countryTables sync.Map // lang.Tag → map[string][]countryWord

// countries holds the words of the countries' names in a language by their first letters.
func countries(l lang.Tag) map[string][]countryWord {
	if t, ok := countryTables.Load(l); ok {
		return t.(map[string][]countryWord)
	}
	table := map[string][]countryWord{}
	put := func(code, name string) {
		for w := range strings.FieldsFuncSeq(strings.ToLower(name), func(r rune) bool { return !isWordRune(r) }) {
			if cut := cutRunes(w, 4); cut != "" && !slices.Contains(table[cut], countryWord{w, code}) {
				table[cut] = append(table[cut], countryWord{w, code})
			}
		}
	}
	for code, name := range l.Places() {
		put(code, name)
	}
	for code, words := range peoples[l] {
		put(code, words)
	}
	countryTables.Store(l, table)
	return table
}

func cutRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	if n == 0 {
		return s
	}
	return ""
}
