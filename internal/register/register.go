// Package register is the house's spelling of names and terms: who or what is meant, how it is
// written in each language, how it is inflected, and how it is never written.
//
// Entries that an editor approved take part in translating and checking. A translator or reporter
// proposes: a new entry, or a change of one, which lies beside it until an editor takes it.
package register

import (
	"slices"
	"time"

	"depesche/internal/lang"
)

// ID names an entry for ever.
type ID string

// Kind says what an entry is about.
type Kind string

// The kinds.
const (
	Person Kind = "person"
	Place  Kind = "place"
	Body   Kind = "body" // an organisation, an office, a court
	Work   Kind = "work" // a title: of a book, a law, a ship
	Term   Kind = "term"
)

// Kinds are all kinds, in the order in which screens list them.
var Kinds = []Kind{Person, Place, Body, Work, Term}

// Name reports whether what is of the kind is written with capitals, so that a small letter is
// another word.
func (k Kind) Name() bool { return k != Term }

// State says whether an entry holds.
type State string

// The states.
const (
	Proposed State = "proposed"
	Approved State = "approved"
)

// Gender is a noun's or a person's.
type Gender string

// The genders. Plural is of what has no singular: Суми, Vereinte Nationen.
const (
	Unknown   Gender = ""
	Masculine Gender = "m"
	Feminine  Gender = "f"
	Neuter    Gender = "n"
	Plural    Gender = "pl"
)

// Genders are all genders, in the order in which screens list them.
var Genders = []Gender{Unknown, Masculine, Feminine, Neuter, Plural}

// Entry is a name or a term.
type Entry struct {
	ID   ID
	Kind Kind
	// Note says who or what it is, so that two of the same name are told apart.
	Note string
	// Keep says that it isn't translated: what stands in the original stands in each edition.
	Keep  bool
	State State
	// Amends is the entry that a proposal wants to change, "" for a new one; AmendsVersion is the
	// version of it that the proposer saw.
	Amends        ID
	AmendsVersion int64
	Version       int64
	CreatedBy     string // an actor's ID
	Created       time.Time
	ChangedBy     string
	Changed       time.Time
	Words         map[lang.Tag]Word
}

// Word is an entry in one language.
type Word struct {
	// Text is the house's spelling, as in a dictionary.
	Text   string
	Gender Gender
	// Forms are inflected forms that the rules don't know; Others are right too: a short form, a
	// synonym.
	Forms, Others []string
	Forbidden     []Forbidden
	// Remark is for translators into the language.
	Remark string
}

// Forbidden is a spelling that the house never uses, with the reason if one was given.
type Forbidden struct{ Text, Reason string }

// Title is what the entry is called on a screen in the language: there, else in the main one, else
// in any.
func (e Entry) Title(want, main lang.Tag) string {
	for _, l := range append([]lang.Tag{want, main}, e.Langs()...) {
		if w := e.Words[l].Text; w != "" {
			return w
		}
	}
	return string(e.ID)
}

// Langs are the languages that the entry has a spelling in, sorted by their tags.
func (e Entry) Langs() []lang.Tag {
	out := make([]lang.Tag, 0, len(e.Words))
	for l := range e.Words {
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}

// clone is a copy that shares no words with e.
func (e Entry) clone() Entry {
	words := make(map[lang.Tag]Word, len(e.Words))
	for l, w := range e.Words {
		w.Forms, w.Others, w.Forbidden = slices.Clone(w.Forms), slices.Clone(w.Others), slices.Clone(w.Forbidden)
		words[l] = w
	}
	e.Words = words
	return e
}
