package check

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// shortestName is how many letters a word needs to be looked for as a name: short ones sound like
// too much.
const shortestName = 4

// mayBeName reports whether the word has the form of a name, and isn't one of those that languages
// write so though they translate them.
func mayBeName(l lang.Tag, t token) bool {
	if utf8.RuneCountInString(t.text) < shortestName {
		return false
	}
	first, n := utf8.DecodeRuneInString(t.text)
	if !unicode.IsUpper(first) {
		return false
	}
	second, _ := utf8.DecodeRuneInString(t.text[n:])
	return unicode.IsLower(second) && !isCommon(l, t.lower)
}

// looksLikeName reports whether the word at i stands like a name. In German every noun has a capital;
// those that are none have an article or an adjective before them or a noun's ending.
func looksLikeName(l lang.Tag, text string, tokens []token, i int, eager bool) bool {
	if l.Base() != "de" {
		return !tokens[i].initial || utf8.RuneCountInString(tokens[i].text) > shortestName
	}
	w := tokens[i].lower
	ends := germanNouns
	if eager {
		ends = ends[:8]
	}
	if i == 0 || slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(w, end) }) {
		return false
	}
	before := tokens[i-1]
	if isCapital(before.text) && !before.initial {
		return strings.TrimSpace(text[before.to:tokens[i].from]) == ""
	}
	if beforeNouns[before.lower] {
		return false
	}
	if eager {
		return true
	}
	return beforeNames[before.lower] || !slices.ContainsFunc(adjectives, func(end string) bool { return strings.HasSuffix(before.lower, end) })
}

var (
	germanNouns = strings.Fields("ung ungen heit keit schaft innen tion tionen tät nis tum ment en ern ler rer ger ismus ik ft cht keiten te zeit tag jahr saal haus spiel trainer")
	beforeNouns = setOf("der die das den dem des ein kein mein dein sein ihr unser im am zum zur vom beim ins ans mehr viel zwei drei vier fünf sechs sieben acht neun zehn zu ohne als pro per eine einen einem einer eines seine ihre keine")
	beforeNames = setOf("gegen neben zwischen wegen haben hatten hatte habe hätte hätten wurde wurden würde würden werden sagte sagten sagen erklärte erklärten meinte fügte teilte berichtete berichteten nannte könnte könnten konnte konnten sollte sollten wollte wollten müsste müssen können waren wäre wären über unter hinter oder aber heute gestern laut herrn frauen twitterte schrieb gewann erzielte besiegte traf wie sowie")
	adjectives  = strings.Fields("en er es em ne ge le he ue")
)

// exonym reports whether the word is a country's or a people's and the other side has that country
// under its own name: "Deutschland" and "німецький".
func exonym(l lang.Tag, word string, other lang.Tag, theirs []token) bool {
	codes := countriesOf(l, word)
	if word[0] < utf8.RuneSelf && l.Base() != "en" {
		codes = append(codes, countriesOf("en", word)...) // Rapid Vienna
	}
	for _, code := range codes {
		for _, t := range theirs {
			if slices.Contains(countriesOf(other, t.lower), code) || other != "en" && t.text[0] < utf8.RuneSelf && slices.Contains(countriesOf("en", t.lower), code) {
				return true
			}
		}
	}
	return false
}

// isCommon reports whether the word is, or is made of, one of those that have a capital in names of
// bodies and offices but are translated. A short beginning wants a usual ending.
func isCommon(l lang.Tag, w string) bool {
	for _, stem := range commonIn(l.Base())[firstLetters(w)] {
		rest, ok := strings.CutPrefix(w, stem)
		if ok && (utf8.RuneCountInString(stem) > 5 || rest == "" || endings[rest] || l.Script() == "Cyrl" && inflectsCommon(stem, rest) || l.Base() == "pl" && len(rest) < 5) {
			return true
		}
	}
	return false
}

// inflectsCommon reports whether a Cyrillic word may be made of the beginning: one of three letters has
// a short ending, or one that makes nouns and adjectives. Меркель isn't made of "мер".
func inflectsCommon(stem, rest string) bool {
	switch n := utf8.RuneCountInString(stem); {
	case n < 3:
		return false
	case n > 3 || utf8.RuneCountInString(rest) < 4:
		return true
	}
	return slices.ContainsFunc(cyrillicSuffixes, func(s string) bool { return strings.Contains(rest, s) })
}

var cyrillicSuffixes = strings.Fields("ськ цьк ск цк льн ичн ічн іон ион ств ість ост ник ник ова ува нн")

// firstLetters is what the beginnings of common words are looked up by.
func firstLetters(w string) string {
	_, n := utf8.DecodeRuneInString(w)
	_, m := utf8.DecodeRuneInString(w[n:])
	return w[:n+m]
}

var commonTables sync.Map // lang.Tag → map[string][]string

func commonIn(l lang.Tag) map[string][]string {
	if t, ok := commonTables.Load(l); ok {
		return t.(map[string][]string)
	}
	table := map[string][]string{}
	for _, stem := range common[l] {
		table[firstLetters(stem)] = append(table[firstLetters(stem)], stem)
	}
	commonTables.Store(l, table)
	return table
}

var endings = setOf("en er ern em es n innen in s es e ed er ers ing al als y ies ly n en ns x aux elle nt o a os as al ales ion ions ity ment ian ians le les re res é ée és in ine ive ar ary que is ón or ores")
