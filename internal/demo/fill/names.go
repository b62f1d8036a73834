package fill

import (
	"math/rand/v2"
	"strings"

	"depesche/internal/lang"
)

// syllables are parts of names that exist nowhere, in both scripts.
var syllables = [][2]string{
	{"vel", "вел"}, {"tor", "тор"}, {"ka", "ка"}, {"lin", "лін"}, {"mar", "мар"}, {"os", "ос"}, {"ben", "бен"}, {"du", "ду"}, {"ri", "рі"},
	{"san", "сан"}, {"ol", "ол"}, {"gre", "гре"}, {"vin", "він"}, {"pa", "па"}, {"lor", "лор"}, {"zem", "зем"}, {"ti", "ті"}, {"nar", "нар"},
	{"ek", "ек"}, {"bur", "бур"}, {"wal", "вал"}, {"do", "до"}, {"mi", "мі"}, {"ro", "ро"}, {"stan", "стан"}, {"el", "ел"}, {"kor", "кор"}, {"na", "на"},
}

// name is an invented one, as the language's script writes it. The same draws make the same name in
// every language.
func name(r *rand.Rand, l lang.Tag, parts int) string {
	script := 0
	if l.Script() == "Cyrl" {
		script = 1
	}
	s := ""
	for range parts {
		s += syllables[r.IntN(len(syllables))][script]
	}
	if l.Base() == "ru" {
		s = strings.ReplaceAll(s, "і", "и")
	}
	return l.UpperFirst(s)
}

// person is a first and a last name.
func person(r *rand.Rand, l lang.Tag) string { return name(r, l, 2) + " " + name(r, l, 2+r.IntN(2)) }
