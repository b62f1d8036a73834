package document

import (
	"strings"
	"unicode"
)

// maxTold is how much of a text is quoted in a sentence, in characters.
const maxTold = 100

// Args are the arguments of the word Key: "value", what stands there, and "n", the limit where there
// is one.
func (p Problem) Args() []any {
	return []any{"value", told(p.Value), "n", limit(p.Key, p.Address)}
}

// Place is the address that the error is about, "" where it is the whole document or the JSON itself.
func (e *ParseError) Place() Address {
	if e.ofLimit() {
		return Address(e.Field)
	}
	return ""
}

// Args are the arguments of the word Key, as those of a [Problem].
func (e *ParseError) Args() []any {
	if e.ofLimit() {
		return Problem{Key: e.Key, Address: Address(e.Field)}.Args()
	}
	return Problem{Key: e.Key, Value: e.Field}.Args()
}

// ofLimit says that Field is an address, as it is for the limits that [Parse] holds, and no name.
func (e *ParseError) ofLimit() bool { return e.Key == KeyTooMany || e.Key == KeyTooLong }

// Args are the arguments of the word Key, as those of a [Problem].
func (e *MarkdownError) Args() []any {
	if e.limit > 0 {
		return []any{"value", told(e.Text), "n", e.limit}
	}
	return Problem{Key: e.Key, Value: e.Text}.Args()
}

// Args are the arguments of the word Key: "value" is what the remark is about.
func (m Remark) Args() []any { return []any{"value", told(m.What)} }

// limit is the number that was exceeded, in the unit that the word names.
func limit(key string, at Address) int {
	_, field, _ := strings.Cut(string(at), "/")
	switch key {
	case KeyTooLarge:
		return MaxBytes >> 20
	case KeyTooManyBlocks:
		return MaxBlocks
	case KeyTooLong:
		return MaxText
	case KeyHeadTooLong:
		return headLimits[at]
	case KeySlug:
		return MaxSlug
	case KeyTooMany:
		return map[string]int{"items": MaxItems, "rows": MaxRows, "cells": MaxCells, "pictures": MaxPictures}[field]
	}
	return 0
}

// told shortens what stands in a text so that it can be quoted in a sentence of another language: on one
// line, and without what would turn the sentence around.
func told(s string) string {
	short := firstRunes(s, maxTold)
	if len(short) < len(s) {
		short += "…"
	}
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case isForbidden(r) || unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, short)), " ")
}
