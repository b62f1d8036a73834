// Package topic is what stories are about: subjects, people, places, organisations, events, each
// with a name and an address in every language.
package topic

import (
	"time"

	"depesche/internal/lang"
)

// ID names a topic for ever.
type ID string

// Kind says what sort of thing a topic is.
type Kind string

// The kinds.
const (
	Subject      Kind = "subject"
	Person       Kind = "person"
	Place        Kind = "place"
	Organisation Kind = "organisation"
	Event        Kind = "event"
)

// Kinds are all kinds, in the order in which screens list them.
var Kinds = []Kind{Subject, Person, Place, Organisation, Event}

// Topic is what stories are about.
type Topic struct {
	ID      ID
	Kind    Kind
	Active  bool
	Version int64
	Created time.Time
	// Names are by language. A topic without a name in a language has no page there.
	Names map[lang.Tag]Name
}

// Name is what a topic is called in a language, and the part of its address.
type Name struct{ Name, Slug string }
