package azure

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
)

// withTerms marks the terms within the texts, as Microsoft's dynamic dictionary wants it, for as long
// as all texts together stay below most characters: the rest goes without, and is checked later.
func withTerms(texts []string, terms []engine.Term, most int) []string {
	terms = slices.DeleteFunc(slices.Clone(terms), func(t engine.Term) bool { return t.Source == "" || t.Target == "" })
	if len(terms) == 0 {
		return texts
	}
	slices.SortStableFunc(terms, func(a, b engine.Term) int { return len(b.Source) - len(a.Source) })
	room := most - httpengine.Characters(texts)
	out := slices.Clone(texts)
	for i, t := range texts {
		marked := mark(t, terms)
		if more := utf8.RuneCountInString(marked) - utf8.RuneCountInString(t); more <= room {
			out[i], room = marked, room-more
		}
	}
	return out
}

// mark marks whole words only: the case counts, and what stands in a tag is no word.
func mark(fragment string, terms []engine.Term) string {
	var b strings.Builder
	for _, p := range httpengine.Pieces(fragment) {
		if p.Tag != "" {
			b.WriteString(p.Tag)
			continue
		}
		before := ' '
		for s := p.Text; s != ""; {
			if i := slices.IndexFunc(terms, func(t engine.Term) bool { return wholeWord(before, s, t.Source) }); i >= 0 {
				b.WriteString(`<mstrans:dictionary translation="` + html.EscapeString(terms[i].Target) + `">` +
					httpengine.EscapeText(terms[i].Source) + `</mstrans:dictionary>`)
				before, _ = utf8.DecodeLastRuneInString(terms[i].Source)
				s = s[len(terms[i].Source):]
				continue
			}
			r, size := utf8.DecodeRuneInString(s)
			b.WriteString(httpengine.EscapeText(s[:size]))
			before, s = r, s[size:]
		}
	}
	return b.String()
}

// wholeWord tells whether s, which follows the character before, begins with the word.
func wholeWord(before rune, s, word string) bool {
	if !strings.HasPrefix(s, word) || inWord(before) {
		return false
	}
	after, size := utf8.DecodeRuneInString(s[len(word):])
	return size == 0 || !inWord(after)
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

var dictionary = regexp.MustCompile(`(?i)</?mstrans:dictionary[^<>]*>`)

// withoutTerms takes away marks that Microsoft should have, and didn't.
func withoutTerms(s string) string { return dictionary.ReplaceAllString(s, "") }
