package register

import (
	"slices"
	"strings"

	"depesche/internal/lang"
)

// Proposal is a spelling that a rule makes of a spelling in another language. It is never more than
// that: who is known by another name keeps it, and a person confirms.
type Proposal struct {
	Text string
	// Norm is the rule, "" where letters were only written in others.
	Norm lang.Norm
	// From is the language whose spelling it was made of.
	From lang.Tag
}

// Propose returns spellings of the entry in a language, made by the norms for names of those that it
// has, Ukrainian before Russian before others. For terms there are none: they are translated.
func Propose(e Entry, to lang.Tag) []Proposal {
	if e.Kind == Term {
		return nil
	}
	langs := e.Langs()
	rank := func(l lang.Tag) int {
		if i := slices.Index([]lang.Tag{"uk", "ru"}, l.Base()); i >= 0 {
			return i
		}
		return 2
	}
	slices.SortStableFunc(langs, func(a, b lang.Tag) int { return rank(a) - rank(b) })
	var out []Proposal
	for _, from := range langs {
		if from == to || e.Words[from].Text == "" {
			continue
		}
		text, norm := lang.Respell(from, to, e.Words[from].Text)
		if norm == "" && from.Script() != to.Script() && to.Script() != "Latn" {
			continue // nothing to propose but what stands there
		}
		if !slices.ContainsFunc(out, func(p Proposal) bool { return p.Text == text }) {
			out = append(out, Proposal{text, norm, from})
		}
	}
	return out
}

// menInA are given names of men that end like a woman's.
var menInA = strings.Fields("Микола Ілля Лука Сава Хома Кузьма Микита Никита Илья Савва Фома Данила Гаврила Kuba Barnaba Bonawentura Kosma")

// ProposeGender returns the gender that a word most likely has by its ending, Unknown where endings
// say nothing.
func ProposeGender(l lang.Tag, k Kind, text string) Gender {
	gr := grammars[l.Base()]
	words := strings.Fields(text)
	if len(words) == 0 || gr == nil || gr.cases != 7 && l.Base() != "ru" {
		return Unknown
	}
	word := words[0] // of a person, the given name
	if k != Person {
		for i, role := range gr.roles(k, words) {
			if role == noun {
				word = words[i]
				break
			}
		}
	}
	if invariable(l, word) {
		return Unknown
	}
	return genderOf(k, word, len(words) > 1)
}

func genderOf(k Kind, word string, named bool) Gender {
	switch {
	case k == Person && !named && ends(word, "енко", "ко", "ук", "юк", "чук"):
		return Unknown // a family's name alone
	case slices.Contains(menInA, word):
		return Masculine
	case ends(word, "а", "я", "a"):
		return Feminine
	case k == Person && ends(word, "о", "o", "й", "y", "i"):
		return Masculine
	case ends(word, "о", "е", "є", "o", "e", "um"):
		return Neuter
	case k != Person && ends(word, "и", "і", "ї", "ы", "y", "i"):
		return Plural
	case ends(word, "ь", "ć", "ś", "ź"):
		return Unknown
	}
	return Masculine
}

// ProposeForms returns the inflected forms that the rules make of a word, the spelling itself left
// out. They are found without being listed; a list is for what the rules get wrong.
func ProposeForms(l lang.Tag, k Kind, w Word) []string {
	if w.Text == "" {
		return nil
	}
	return Inflect(l, k, w.Gender, w.Text)[1:]
}
