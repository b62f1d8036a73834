package check

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"depesche/internal/lang"
)

// strange are groups of letters that words of a language don't have, but for a few borrowed ones. Such
// a word that stands in the source letter by letter was most likely left.
var strange = map[lang.Tag]*regexp.Regexp{
	"es": regexp.MustCompile(`w|k|th|sh|ght|ph|oo|ee|tt|ss|ff|pp|bb|dd|gg|mm|ng$|[bcfgkmpqtvwxy]$|[bcdfghjklmnpqrstvwxyz]{2}$|^s[ptckmnlq]|ings?$|[^aeiou]le$|ou[a-z]|ea[^lrn]$|(?:[^rstcp]|[^a]r|[^s]t)ed$|tion|[^r]ies$|ness$|ful$|able[ds]$`),
	"en": regexp.MustCompile(`[áéíóúñü]|ci[oó]n|[aeiou]j[aeiou]|cio$|cia$|[iu]do$|[ia]da$|dor$|mente$|[^eil]ar$|[^o]o$|[^e]a$|os$|as$|qu[ei][^aeiours]|^des[aeiou]|eza$|aje$`),
	"uk": regexp.MustCompile(`[ыэъё]|и(?:я|ю|е|и|ей|ем|ям|ях)$|тся|ость$|вший|ющ|ящ|ённ`),
	"ru": regexp.MustCompile(`[іїєґ]|ння|ття|лля|ють$|ськ|цьк|йно$`),
}

// akin are languages so near to each other that they borrow no words as they are written: there, one
// strange word is enough for a warning. Elsewhere it takes two.
var akin = map[[2]lang.Tag]bool{{"ru", "uk"}: true, {"uk", "ru"}: true}

// shortest is how long a word must be before its letters say something.
const shortest = 4

// strangeWords returns where small words of the source stand in the target whose letters say that they
// aren't of its language, outside of brackets, quotation marks and addresses.
func (r *run) strangeWords(lower, b string) [][]int {
	odd := strange[r.Lang.Base()]
	if odd == nil || odd == strange[r.OriginalLang.Base()] {
		return nil
	}
	var out [][]int
	seen := map[string]bool{}
	for at := range wordPlaces(b) {
		w := b[at[0]:at[1]]
		if !strings.Contains(lower, w) || seen[w] || w != r.Lang.Lower(w) || utf8.RuneCountInString(w) < shortest || !odd.MatchString(w) || inAddress(b, at[0], at[1]) {
			continue
		}
		if standsAlone(lower, w) && !cited(b, at[0]) {
			seen[w] = true
			out = append(out, at[:])
		}
	}
	return out
}

// inAddress reports whether a word is a part of a name on the web: weather.com.
func inAddress(s string, from, to int) bool {
	before, after := s[:from], s[to:]
	next, _ := utf8.DecodeRuneInString(strings.TrimPrefix(after, "."))
	return strings.HasSuffix(before, ".") || strings.HasSuffix(before, "/") || strings.HasSuffix(before, "@") ||
		strings.HasPrefix(after, "@") || strings.HasPrefix(after, ".") && isWordRune(next)
}
