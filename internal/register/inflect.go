package register

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// The forms of a word stand in places: the cases of the singular, then those of the plural. Words of
// a name that go together stand in the same place: Верховної Ради, never Верховної Раду.
//
// The tables give more forms than a grammar would: where usage wavers (Донбасу, Донбаса), and where
// the gender isn't known, all. A form that nobody writes does no harm to one who looks for names; a
// form that is missing does.

// word is what is asked of a table.
type word struct {
	text   string
	kind   Kind
	gender Gender
	// adjective says that it belongs to a noun beside it, alone that there is no other word.
	adjective, alone bool
}

// grammar knows the endings of a language.
type grammar struct {
	cases int
	rules []rule
	// soft is the stem before an ending that changes its last consonant.
	soft func(stem string) string
	// mobile are the vowels that come in before the last consonant where there is no ending.
	mobile []string
	// agrees says whether a word is an adjective that belongs to the next one.
	agrees func(w, next string) bool
	// after says that adjectives may stand behind their noun, too.
	after bool
	// plainNames says that a name whose gender isn't known is inflected as a person's.
	plainNames bool
}

// rule is how words with an ending are inflected.
type rule struct {
	ending  string
	genders string // letters of m, f, n, p
	only    string // "A" adjectives, "P" persons, "" all
	cut     int    // runes that the endings replace
	places  [][]string
}

// table reads rules, a line each: ending[,ending…] | genders | only | cut | singular | plural. Each
// number is a list of places, each place a list of endings with commas between. "-" is no ending;
// "~" before one softens the stem, "%" lets a mobile vowel in, "+" doubles the last consonant.
func table(cases int, text string) []rule {
	var out []rule
	for line := range strings.Lines(strings.TrimSpace(text)) {
		part := strings.Split(line, "|")
		r := rule{genders: strings.TrimSpace(part[1]), only: strings.TrimSpace(part[2])}
		r.cut = int(strings.TrimSpace(part[3])[0] - '0')
		r.places = make([][]string, 2*cases)
		for number := range 2 {
			for i, f := range strings.Fields(part[4+number]) {
				if i < cases { // the vocative is left out where it is the nominative
					r.places[number*cases+i] = strings.Split(f, ",")
				}
			}
		}
		for e := range strings.SplitSeq(strings.TrimSpace(part[0]), ",") {
			r.ending = e
			out = append(out, r)
		}
	}
	return out
}

// grammars are by base language.
var grammars = map[lang.Tag]*grammar{"uk": ukrainian, "ru": russian, "pl": polish, "de": german, "en": english, "fr": french, "es": spanish}

// maxInflected bounds the forms that rules make of one spelling.
const maxInflected = 90

// Inflect returns the forms that text may have in the language, text itself first. They are
// proposals: rules know endings, not words.
func Inflect(l lang.Tag, k Kind, g Gender, text string) []string {
	out := []string{text}
	for _, place := range inflect(l, k, g, text) {
		for _, f := range place {
			if len(out) < maxInflected && !slices.Contains(out, f) {
				out = append(out, f)
			}
		}
	}
	return out
}

// inflect returns the forms by place. Where a language has no tables, or a text no inflected words,
// there is one place for all.
func inflect(l lang.Tag, k Kind, g Gender, text string) [][]string {
	gr := grammars[l.Base()]
	words := strings.Split(text, " ")
	if gr == nil || len(words) > 8 {
		return [][]string{{text}}
	}
	roles := gr.roles(k, words)
	forms := make([][][]string, len(words))
	any := false
	for i, w := range words {
		if roles[i] == fixed || invariable(l, w) {
			continue
		}
		head, last := "", w
		if at := strings.LastIndexByte(w, '-'); at >= 0 {
			head, last = w[:at+1], w[at+1:]
		}
		if forms[i] = gr.forms(word{last, k, g, roles[i] == adjective, len(words) == 1}); forms[i] == nil {
			continue
		}
		any = true
		for _, place := range forms[i] {
			for j := range place {
				place[j] = head + place[j]
			}
		}
	}
	if !any {
		return [][]string{{text}}
	}
	return gr.join(k, g, words, forms)
}

// join puts the words' forms together, place by place.
func (gr *grammar) join(k Kind, g Gender, words []string, forms [][][]string) [][]string {
	out := make([][]string, 2*gr.cases)
	for place := range out {
		plural := place >= gr.cases
		if plural && k != Term && g != Plural || !plural && g == Plural {
			continue
		}
		list := []string{""}
		for i, w := range words {
			these := []string{w}
			if forms[i] != nil {
				these = forms[i][place]
			}
			var next []string
			for _, a := range list {
				for _, b := range these {
					if len(next) < maxInflected {
						next = append(next, strings.TrimPrefix(a+" "+b, " "))
					}
				}
			}
			list = next
		}
		out[place] = list
	}
	return out
}

// The roles of a word in a name.
const (
	noun = iota
	adjective
	fixed
)

// roles says which words of a name are inflected, and how. In a person's name all are; elsewhere
// adjectives and the noun that they belong to, and not what that noun is the noun of.
func (gr *grammar) roles(k Kind, words []string) []int {
	out := make([]int, len(words))
	if k == Person || gr.agrees == nil {
		return out
	}
	i := 0
	for i < len(words)-1 && gr.agrees(words[i], words[i+1]) {
		out[i] = adjective
		i++
	}
	head := words[i]
	for i++; i < len(words); i++ {
		if gr.after && gr.agrees(words[i], head) {
			out[i] = adjective
			continue
		}
		for ; i < len(words); i++ {
			out[i] = fixed
		}
	}
	return out
}

// particles are words that stand within names and are never inflected.
var particles = strings.Fields("von van der den dem des die das de del della di da do dos du la le les los las el al bin ibn y e i und and of the à au aux en et sur für in im am an zu zur та і й з у в на до від для und")

// invariable reports whether a word has no other forms, whatever its ending: an abbreviation, a
// number, a particle.
func invariable(l lang.Tag, w string) bool {
	if utf8.RuneCountInString(w) < 3 || slices.Contains(particles, w) || strings.ContainsAny(w, "0123456789.’'") && l.Base() != "uk" {
		return true
	}
	return strings.IndexFunc(w, unicode.IsLower) < 0
}

// forms returns the word's forms by place, nil if it has none but itself.
func (gr *grammar) forms(w word) [][]string {
	genders := string(w.gender)
	switch {
	case w.gender == Plural:
		genders = "p"
	case w.adjective || w.gender == Unknown && w.kind == Term:
		genders = "mfnp" // an adjective shows its gender by its ending
	case w.gender == Unknown:
		genders = "mfn"
	}
	var out [][]string
	for _, g := range genders {
		for _, only := range gr.sorts(w) {
			if r, ok := gr.rule(w.text, string(g), only); ok {
				out = gr.add(out, w.text, r)
				if w.kind == Person {
					break
				}
			}
		}
	}
	return out
}

// sorts are the sorts of rules that a word is looked up in.
func (gr *grammar) sorts(w word) []string {
	switch {
	case w.adjective:
		return []string{"A"}
	case gr.plainNames && w.gender == Unknown && w.kind.Name():
		return []string{"P"}
	case w.kind == Person:
		return []string{"P", ""}
	case w.alone && w.kind == Place:
		return []string{"", "A"} // Рівне, Лозова
	}
	return []string{""}
}

func (gr *grammar) rule(text, gender, only string) (rule, bool) {
	for _, r := range gr.rules {
		if r.only == only && strings.Contains(r.genders, gender) && strings.HasSuffix(text, r.ending) && len(text) > len(r.ending) {
			return r, true
		}
	}
	return rule{}, false
}

func (gr *grammar) add(to [][]string, text string, r rule) [][]string {
	if to == nil {
		to = make([][]string, 2*gr.cases)
	}
	stem := text
	for range r.cut {
		_, n := utf8.DecodeLastRuneInString(stem)
		stem = stem[:len(stem)-n]
	}
	for place, endings := range r.places {
		for _, e := range endings {
			for _, f := range gr.put(stem, e) {
				if !slices.Contains(to[place], f) {
					to[place] = append(to[place], f)
				}
			}
		}
	}
	return to
}

func (gr *grammar) put(stem, ending string) []string {
	last, n := utf8.DecodeLastRuneInString(stem)
	switch rest := ending[1:]; ending[0] {
	case '-':
		return []string{stem + rest}
	case '~':
		return []string{gr.soft(stem) + rest}
	case '+':
		return []string{stem + string(last) + rest}
	case '%':
		out := []string{stem + rest}
		before, _ := utf8.DecodeLastRuneInString(stem[:len(stem)-n])
		if isVowel(last) || isVowel(before) {
			return out
		}
		cut := strings.TrimSuffix(stem[:len(stem)-n], "ь")
		for _, v := range gr.mobile {
			out = append(out, cut+v+string(last)+rest)
		}
		return out
	}
	return []string{stem + ending}
}

func isVowel(r rune) bool {
	return strings.ContainsRune("aeiouyąęóäöüаеиіїєоуюяыэё", unicode.ToLower(r))
}

// ends reports whether s has one of the endings.
func ends(s string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(s, e) })
}
