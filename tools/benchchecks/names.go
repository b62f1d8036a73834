package main

import (
	"math/rand/v2"
	"regexp"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// nameList holds names that stand in the news as they are written there, by language, with the
// article they are from.
type nameList map[lang.Tag][]foundName

type foundName struct{ word, article string }

// small are the words that the English news write with a small letter.
var small = map[string]bool{}

var capital = regexp.MustCompile(`\p{Lu}\p{Ll}{3,}`)

// namesOf returns the names of a line: words with a capital that at least three of four languages in
// Latin letters have as English has them, that no English sentence begins with, and that English
// nowhere in the news writes with a small letter.
func namesOf(line map[string]string) []string {
	var out []string
	english := line["en"]
	for _, at := range capital.FindAllStringIndex(english, -1) {
		w := english[at[0]:at[1]]
		if at[0] == 0 || small[strings.ToLower(w)] || !wordEdge(english, at[0], at[1]) {
			continue
		}
		same := 0
		for _, l := range []string{"de", "fr", "es", "pl"} {
			if whole(line[l], w) >= 0 {
				same++
			}
		}
		if same >= 3 && heardBy(line, w) {
			out = append(out, w)
		}
	}
	return out
}

// heardBy reports whether the Russian and the Ukrainian line have the word too, by its letters or by
// its sound. Those that they translate are words of a name and no names: League, Highway, University.
func heardBy(line map[string]string, w string) bool {
	for _, l := range []lang.Tag{"ru", "uk"} {
		if from, _ := standsIn(l, line[string(l)], w); from < 0 && whole(line[string(l)], w) < 0 {
			return false
		}
	}
	return true
}

func wordEdge(s string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:from])
	after, _ := utf8.DecodeRuneInString(s[to:])
	part := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
	return !part(before) && before != '-' && !part(after)
}

// whole returns where the word stands as one, or -1.
func whole(s, w string) int {
	for from := 0; ; {
		i := strings.Index(s[from:], w)
		if i < 0 {
			return -1
		}
		if i += from; wordEdge(s, i, i+len(w)) {
			return i
		}
		from = i + len(w)
	}
}

// namesIn collects the names of all articles in all languages.
func namesIn(news []article) nameList {
	for _, a := range news {
		for _, line := range a.lines {
			for _, w := range lower.FindAllString(line["en"], -1) {
				if w == strings.ToLower(w) {
					small[w] = true
				}
			}
		}
	}
	out := nameList{}
	for _, l := range []lang.Tag{"en", "de", "fr", "pl", "ru", "uk", "es"} {
		seen := map[string]bool{}
		for _, a := range news {
			for _, line := range a.lines {
				for _, n := range namesOf(line) {
					if from, to := standsIn(l, line[string(l)], n); from >= 0 && !seen[line[string(l)][from:to]] {
						w := line[string(l)][from:to]
						seen[w] = true
						out[l] = append(out[l], foundName{w, a.name})
					}
				}
			}
		}
		sort.Slice(out[l], func(i, j int) bool { return out[l][i].word < out[l][j].word })
	}
	return out
}

// standsIn finds the name in a text of the language. In Cyrillic it is the word with a capital that
// differs least from it in Latin letters, if that is little.
func standsIn(l lang.Tag, text, name string) (from, to int) {
	if l.Script() != "Cyrl" {
		i := whole(text, name)
		return i, i + len(name)
	}
	from, to = -1, -1
	best := 0.45
	for _, at := range capital.FindAllStringIndex(text, -1) {
		if !wordEdge(text, at[0], at[1]) {
			continue
		}
		latin := strings.ToLower(lang.Transliterate(l, text[at[0]:at[1]]))
		if d := float64(distance(latin, strings.ToLower(name))) / float64(len(name)); d < best {
			best, from, to = d, at[0], at[1]
		}
	}
	return from, to
}

func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

// swapName puts the name of another article for one that the source has too.
func swapName(p place, text string) (string, bool) {
	line := p.line()
	names := namesOf(line)
	if len(names) == 0 {
		return "", false
	}
	name := names[p.dice.IntN(len(names))]
	from, to := standsIn(p.pair.to, text, name)
	if sf, _ := standsIn(p.pair.from, p.source.Text.Plain(), name); from < 0 || sf < 0 {
		return "", false
	}
	if strings.Count(text, text[from:to]) > 1 {
		return "", false // it would still be there
	}
	other := p.names.another(p.pair.to, p.dice, text[from:to], p.article.name)
	return text[:from] + other + text[to:], true
}

func (n nameList) another(l lang.Tag, dice *rand.Rand, not, article string) string {
	for {
		f := n[l][dice.IntN(len(n[l]))]
		if f.article != article && []rune(f.word)[0] != []rune(not)[0] {
			return f.word
		}
	}
}

// line is the line of the news that the segment was made of.
func (p place) line() map[string]string {
	for i, line := range p.article.lines {
		if strings.TrimSpace(line[string(p.pair.to)]) == strings.TrimSpace(p.target.Text.Plain()) && (i == 0) == (p.target.Block == "") {
			return line
		}
	}
	return nil
}
