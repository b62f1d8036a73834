// Package tmx reads and writes translation memories in TMX 1.4b, the format that all such programs
// exchange. It streams: a file of any size takes the memory of its largest unit.
package tmx

import (
	"fmt"
	"strings"
	"time"

	"depesche/internal/document"
	"depesche/internal/problem"
)

// Unit is one text in several languages.
type Unit struct {
	ID string // "" if the file gives none
	// Source is the language it was translated from as the file writes it, "*all*" if any may be that.
	Source           string
	Created, Changed time.Time // zero if the file doesn't say
	By               string
	// Props are notes of programs by their types, "x-story". Only those that are written; read ones are
	// counted.
	Props    [][2]string
	Variants []Variant
}

// All is the source language of a unit whose languages all are.
const All = "*all*"

// Variant is a unit's text in one language, as the file writes that.
type Variant struct {
	Lang string
	Text document.Inline
}

// Reason says what in a file was not understood, and so left out, while the rest was taken.
type Reason string

// The reasons.
const (
	Code       Reason = "code"       // formatting that we have no mark for: gone, its text stays
	SubText    Reason = "sub"        // a text within formatting, a footnote say: gone
	Element    Reason = "element"    // an element that TMX doesn't know: gone, its text stays
	Property   Reason = "property"   // a program's note
	TooLong    Reason = "too_long"   // a text longer than any of ours may be
	TooMany    Reason = "too_many"   // more languages than a unit can have
	NoLanguage Reason = "no_lang"    // a text without a language
	Empty      Reason = "empty"      // a text without words
	Single     Reason = "single"     // a unit with fewer than two texts that can be used
	Language   Reason = "language"   // a language that isn't asked for
	NoSource   Reason = "no_source"  // a unit whose source language has no text
	Double     Reason = "second"     // a second text in one language
	BadAddress Reason = "bad_target" // a link that leads nowhere a link may lead
)

// Reasons counts them.
type Reasons map[Reason]int

// Bounds on files that strangers send.
const (
	maxToken    = 4 << 20 // bytes of a tag, or of a text between two
	maxDepth    = 64
	maxVariants = 200
	maxCode     = 4_000 // bytes of a formatting code that is looked at
)

// The words for what makes a file unreadable.
const (
	KeyNotTMX   = "problem.tmx_not"
	KeyBroken   = "problem.tmx_broken"
	KeyEntities = "problem.tmx_entities"
	KeyTooDeep  = "problem.tmx_too_large"
)

// fileError is a file that can't be read on, and where.
func fileError(key string, line int, cause string) error {
	return &problem.Error{
		Kind: problem.Invalid, Key: key, Args: []any{"line", line},
		Cause: fmt.Errorf("line %d: %s", line, strings.TrimSpace(cause)),
	}
}

// dateForm is how TMX writes a moment, in UTC.
const dateForm = "20060102T150405Z"
