package quantity

import (
	"strings"

	"depesche/internal/lang"
)

// addMonths adds the names of months in the forms that dates have them in.
func (t *tables) addMonths(l lang.Tag) {
	for _, names := range l.Months() {
		for i, name := range names {
			for _, f := range monthForms(l.Base(), lower(name)) {
				if old := t.words[f]; len(f) > 2 && (old == nil || old.month == 0) && !onlyFigures(f) {
					t.add([]string{f}, func(w *word) { w.month = i + 1 })
				}
			}
		}
	}
}

func onlyFigures(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return digitOf(r) >= 0 }) >= 0
}

// monthEndings are the endings of the genitive, which dates have, and those of the other cases.
var monthEndings = map[lang.Tag][][]string{
	"uk": {{"ня", "ні", "нем", "ню"}, {"того", "тому", "тим"}, {"ада", "аді", "адом"}},
	"ru": {{"я", "е", "ем", "ю"}, {"та", "те", "том", "ту"}},
	"pl": {{"nia", "niu", "niem"}, {"ca", "cu", "cem"}, {"ja", "ju", "jem"}, {"ego", "ym"}, {"pca", "pcu"}, {"pada", "padzie"}, {"nika", "niku"}},
	"cs": {{"na", "nu"}, {"ra", "ru"}, {"ce", "ci"}, {"du", "dem"}},
}

func monthForms(base lang.Tag, name string) []string {
	name = strings.TrimSuffix(name, ".")
	out := []string{name}
	for _, e := range monthEndings[base] {
		if stem, ok := strings.CutSuffix(name, e[0]); ok {
			for _, other := range e[1:] {
				out = append(out, stem+other)
			}
		}
	}
	return out
}

// doubtful are names of months that are other words too. They count beside figures, or with a
// capital where the language gives months one.
var doubtful = map[lang.Tag]map[string]bool{
	"en": set("may march mar sun sat dec jun"),
	"fr": set("mars mai août"),
	"es": set("mar may"),
	"uk": set("лютий лютого лип лист серп трав бер січ черв груд вер"),
	"ru": set("мая май мар"),
	"pl": set("maj maja mar lip lut lis paź gru sty"),
	"de": set("mai"),
	"cs": set("úno"),
}

func set(s string) map[string]bool {
	out := map[string]bool{}
	for _, f := range strings.Fields(s) {
		out[f] = true
	}
	return out
}
