package document

import "slices"

//go:generate go run ./schemagen -o schema.json

// Limits of a document. They keep a page renderable and a save answerable; they are far above what
// a newsroom writes.
const (
	MaxBytes    = 4 << 20 // of the JSON
	MaxDepth    = 16      // of nested objects and arrays in the JSON
	MaxBlocks   = 5_000   // with those inside of fact boxes
	MaxText     = 200_000 // characters in one text
	MaxSpans    = 20_000  // in one text
	MaxItems    = 2_000   // in a list
	MaxRows     = 2_000   // in a table
	MaxCells    = 60      // in a row
	MaxPictures = 200     // in a gallery
	MaxID       = 40      // characters of an ID
	MaxRef      = 100     // characters of the ID of a source, a story or a picture of the library
	MaxHref     = 2_000   // characters of an address
	MaxLang     = 35      // characters of a language tag
	MaxSlug     = 120     // characters of a slug
	MaxHeadline = 300     // characters; the desk's counter advises less
	MaxKicker   = 120     // characters
	MaxTeaser   = 1_000   // characters
)

// The levels of a heading. The edition's headline is level 1.
const (
	MinLevel = 2
	MaxLevel = 4
)

// schemaKinds says which fields a block of a kind may have besides its ID and kind, in the order of
// [Block]. It is the one place that knows; the editor's copy is made from it.
var schemaKinds = []struct {
	Kind   Kind
	Fields []string
}{
	{Paragraph, []string{"text"}},
	{Heading, []string{"level", "text"}},
	{List, []string{"ordered", "items"}},
	{Quotation, []string{"text", "speaker", "source", "original", "originalLang"}},
	{PictureK, []string{"pictures"}},
	{Gallery, []string{"pictures"}},
	{Table, []string{"header", "rows"}},
	{FactBox, []string{"title", "blocks"}},
	{Embed, []string{"embed"}},
	{Rule, nil},
}

// boxKinds are the kinds of block inside of a fact box.
var boxKinds = []Kind{Paragraph, List}

// schemaMarks says which attribute each type of mark carries, in the order of nesting from outside
// to inside; "" is none.
var schemaMarks = []struct {
	Type  MarkType
	Value string
}{
	{SourceRef, "source"},
	{StoryLink, "story"},
	{Link, "href"},
	{Foreign, "lang"},
	{Strong, ""},
	{Emphasis, ""},
}

// fieldsOf returns the fields of a kind and whether there is such a kind.
func fieldsOf(k Kind) ([]string, bool) {
	for _, s := range schemaKinds {
		if s.Kind == k {
			return s.Fields, true
		}
	}
	return nil, false
}

// markRank is the place of a type in the order of nesting; unknown types come last.
func markRank(t MarkType) int {
	for i, s := range schemaMarks {
		if s.Type == t {
			return i
		}
	}
	return len(schemaMarks)
}

// setFields lists the fields of b that hold something, ID and kind left out.
func setFields(b *Block) []string {
	var out []string
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"level", b.Level != 0},
		{"text", len(b.Text) > 0},
		{"ordered", b.Ordered},
		{"items", len(b.Items) > 0},
		{"speaker", b.Speaker != ""},
		{"source", b.Source != ""},
		{"original", b.Original != ""},
		{"originalLang", b.OriginalLang != ""},
		{"pictures", len(b.Pictures) > 0},
		{"header", b.Header},
		{"rows", len(b.Rows) > 0},
		{"title", b.Title != ""},
		{"blocks", len(b.Blocks) > 0},
		{"embed", b.Embed != nil},
	} {
		if f.set {
			out = append(out, f.name)
		}
	}
	return out
}

// Schema describes documents for programs in other languages: what the editor in the browser checks
// itself against.
type Schema struct {
	Kinds    []KindSchema   `json:"kinds"`
	InBox    []Kind         `json:"inBox"`
	Marks    []MarkSchema   `json:"marks"`
	Levels   [2]int         `json:"levels"`
	Excludes [][2]MarkType  `json:"excludes"`
	Head     []string       `json:"head"`
	ID       string         `json:"id"`
	Ref      string         `json:"ref"`
	Lang     string         `json:"lang"`
	Href     []string       `json:"href"`
	Limits   map[string]int `json:"limits"`
	Keys     []string       `json:"keys"`
}

// KindSchema is a kind of block and the fields it may have besides its ID and kind.
type KindSchema struct {
	Kind   Kind     `json:"kind"`
	Fields []string `json:"fields"`
}

// MarkSchema is a type of mark and the attribute it must have, "" for none.
type MarkSchema struct {
	Type  MarkType `json:"type"`
	Value string   `json:"value,omitempty"`
}

// TheSchema returns the description of documents as this package reads them.
func TheSchema() Schema {
	s := Schema{
		InBox:    slices.Clone(boxKinds),
		Levels:   [2]int{MinLevel, MaxLevel},
		Excludes: [][2]MarkType{{Link, StoryLink}},
		Head:     []string{"kicker", "headline", "lead", "teaser", "slug", "picture"},
		ID:       "^[A-Za-z0-9_-]{1,40}$",
		Ref:      "^[A-Za-z0-9_-]{1,100}$",
		Lang:     "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
		Href:     []string{"http", "https", "mailto", "tel"},
		Limits: map[string]int{
			"bytes": MaxBytes, "depth": MaxDepth, "blocks": MaxBlocks, "text": MaxText, "spans": MaxSpans,
			"items": MaxItems, "rows": MaxRows, "cells": MaxCells, "pictures": MaxPictures, "id": MaxID,
			"ref": MaxRef, "href": MaxHref, "lang": MaxLang, "slug": MaxSlug,
			"headline": MaxHeadline, "kicker": MaxKicker, "teaser": MaxTeaser,
		},
		Keys: slices.Clone(keys),
	}
	for _, k := range schemaKinds {
		s.Kinds = append(s.Kinds, KindSchema{k.Kind, append([]string{}, k.Fields...)})
	}
	for _, m := range schemaMarks {
		s.Marks = append(s.Marks, MarkSchema{m.Type, m.Value})
	}
	return s
}
