// Package check finds what is wrong with an edition before readers do. It is pure: documents and
// facts in, findings out; it knows no database, no clock and no words. What a finding says to
// people stands in the word catalogue under "check.<code>", what to do about it under
// "check.<code>.do", and what was looked at and is fine under "check.ok.<code>".
//
// A check that cries wolf is worse than none. Each code is either certain, or its false alarms were
// counted on good human text (see the tests over parallel news).
package check

import (
	"depesche/internal/document"
	"depesche/internal/lang"
)

// Severity is how much a finding weighs.
type Severity int

// The severities.
const (
	Note Severity = iota // shown, nothing more
	Warn                 // may be gone past, by name and with a reason
	Stop                 // nothing goes out with it
)

// String returns the severity as it stands in data attributes: "note", "warn", "stop".
func (s Severity) String() string { return [...]string{"note", "warn", "stop"}[s] }

// Finding is one thing that is wrong, or may be.
type Finding struct {
	Code     string
	Severity Severity
	// Address is the segment it is in; "" means the edition or its story as a whole. For pictures
	// it is the ID of the picture with the field: "<ID>/alt".
	Address document.Address
	// Excerpt is the text in question with a few words around it, or "".
	Excerpt string
	// Spot is the piece of the text in question itself, and SourceSpot the one of the original that it
	// should agree with; "" where there is none. Either is in its text as it stands here.
	Spot, SourceSpot string
	// Args are the arguments of the word keys, pairs of name and value.
	Args []any
	// Fix is what the whole segment should read, when there is one certain repair; else "".
	Fix string
}

// Word returns the key of what the finding says, Do that of what to do about it.
func (f Finding) Word() string { return "check." + f.Code }

// Do returns the word key of what to do about the finding.
func (f Finding) Do() string { return "check." + f.Code + ".do" }

// Input is all that the checks know.
type Input struct {
	Lang lang.Tag
	Doc  document.Doc
	// Original is the original's newest document, nil if this edition is the original.
	Original     *document.Doc
	OriginalLang lang.Tag
	Story        Story
	Pictures     map[string]Picture // by media ID
	EmbedHosts   []string
	// Stories are the IDs of the linked stories that exist; nil means: links weren't looked up.
	Stories map[string]bool
	// Stale are the segments of a translation whose source changed since; StaleFacts those of them, and
	// of those whose source is gone, in which something else is said now.
	Stale, StaleFacts []document.Address
	// Unchecked says that a machine made the text, nobody has checked it, and the paper doesn't let
	// such text go out in this language. Retired says that the paper isn't published in it.
	Unchecked, Retired bool
	// Entry says that it is an entry of a running story: it may have no headline, and needs no topic.
	Entry bool
	// Rebuilt says that the original's blocks were moved, made into something else, or their pictures
	// changed, and the translation is as they were before.
	Rebuilt bool
	// Answers are the segments of a translation that differ on purpose, which the comparisons with
	// the original leave alone.
	Answers map[document.Address]Answer
	// Terms are the entries of the register for this pair of languages.
	Terms []Term
}

// Answer says how a segment of a translation differs on purpose.
type Answer string

// The answers.
const (
	Adapted Answer = "adapted"
	Added   Answer = "added"
	Dropped Answer = "dropped"
)

// Story is what the checks know of the story.
type Story struct {
	HasAuthor  bool
	HasSection bool
	Topics     int
	Sources    []Source
}

// Source is what the checks know of a source.
type Source struct {
	ID      string
	Name    string
	HasLink bool
	HasHow  bool // in any language
}

// Picture is what the checks know of a picture of the library, in the edition's language.
type Picture struct {
	Alt    bool // has an alternative text
	Credit bool // has a credit
}
