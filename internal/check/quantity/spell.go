package quantity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// inWords is the greatest number that is put in as a word: greater ones are written in figures.
const inWords = 12

// respelled writes n in the place of q's words: as a word where it stands in the form that one counts
// with, else in figures. What is counted must stay in its form, so the two must be of one plural.
func (q Quantity) respelled(l lang.Tag, text string, n int64) (string, bool) {
	old, whole := q.Values[0].Int()
	t := tablesOf(l)
	said := text[q.NumFrom:q.NumTo]
	if !whole || len(q.Values) != 1 || q.Weak || q.ordinal || q.Kind != Number || q.Power > 3 || l.Plural(old) != l.Plural(n) || !t.inWordsAlone(said) {
		return "", false
	}
	word := t.spelt[n]
	if n > inWords || word == "" || t.gendered && n == 2 || lower(said) != lower(t.spelt[old]) {
		return l.Number(n), true
	}
	if first, _ := utf8.DecodeRuneInString(said); unicode.IsUpper(first) {
		word = l.UpperFirst(word)
	}
	return word, true
}

// inWordsAlone reports whether a text is a number in words and nothing else: no "dozen", no compound such
// as "three-year-old" in one word, none of the words for so many people, which want another form beside them.
func (t *tables) inWordsAlone(text string) bool {
	for _, x := range t.scan(text) {
		if x.sort == signToken && x.low == "-" {
			continue
		}
		w := t.words[x.low]
		hundreds := w.is(times) && !w.is(many) && w.value == Whole(100)
		if x.sort != wordToken || w.is(ordinal) || !w.is(counts) && !w.is(scale) && !w.is(join) && !hundreds {
			return false
		}
		for _, end := range t.people {
			if strings.HasSuffix(x.low, end) {
				return false
			}
		}
	}
	return true
}

// people ends the words for so many people, which have the counted in the genitive.
var people = map[lang.Tag][]string{"uk": {"оє", "еро"}, "ru": {"ое", "еро"}, "pl": {"oje", "oro", "ojga", "orga"}, "cs": {"oje"}}
