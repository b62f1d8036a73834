package document

import (
	"fmt"
	"slices"

	"depesche/internal/problem"
)

// The keys of what can be wrong with a document, words of the catalogue.
const (
	// From Parse only.
	KeySyntax         = "document.syntax"
	KeyUnknownField   = "document.unknown_field"
	KeyDuplicateField = "document.duplicate_field"
	KeyTooDeep        = "document.too_deep"
	// From Parse, Encode and Validate.
	KeyTooLarge      = "document.too_large"
	KeyTooManyBlocks = "document.too_many_blocks"
	KeyTooMany       = "document.too_many"
	KeyTooLong       = "document.too_long"
	// From Validate only.
	KeyIDMissing    = "document.id_missing"
	KeyIDForm       = "document.id_form"
	KeyIDTwice      = "document.id_twice"
	KeyKindUnknown  = "document.kind_unknown"
	KeyForeignField = "document.foreign_field"
	KeyLevel        = "document.level"
	KeyListEmpty    = "document.list_empty"
	KeyPictureCount = "document.picture_count"
	KeyTableEmpty   = "document.table_empty"
	KeyTableRagged  = "document.table_ragged"
	KeyBoxEmpty     = "document.box_empty"
	KeyBoxContent   = "document.box_content"
	KeyMarkUnknown  = "document.mark_unknown"
	KeyMarkTwice    = "document.mark_twice"
	KeyMarkValue    = "document.mark_value"
	KeyLinkAndStory = "document.link_and_story"
	KeyHref         = "document.href"
	KeyLang         = "document.lang"
	KeyRef          = "document.ref"
	KeyEmbedMissing = "document.embed_missing"
	KeyEmbedURL     = "document.embed_url"
	KeySlug         = "document.slug"
	KeyHeadTooLong  = "document.head_too_long"
	KeyNotNormal    = "document.not_normal"
)

var keys = []string{
	KeySyntax, KeyUnknownField, KeyDuplicateField, KeyTooDeep, KeyTooLarge, KeyTooManyBlocks, KeyTooMany,
	KeyTooLong, KeyIDMissing, KeyIDForm, KeyIDTwice, KeyKindUnknown, KeyForeignField, KeyLevel, KeyListEmpty,
	KeyPictureCount, KeyTableEmpty, KeyTableRagged, KeyBoxEmpty, KeyBoxContent, KeyMarkUnknown, KeyMarkTwice,
	KeyMarkValue, KeyLinkAndStory, KeyHref, KeyLang, KeyRef, KeyEmbedMissing, KeyEmbedURL, KeySlug, KeyHeadTooLong,
	KeyNotNormal,
}

// Problem is one thing that is wrong with a document. Address names the place: a segment, or a field
// that isn't one such as "<ID>/level"; it is "" where the whole document is meant. Value is what
// stands there, shortened, for fields that aren't text.
type Problem struct {
	Address Address
	Key     string
	Value   string
}

// ValidationError lists what is wrong with a document, in its order, the first hundred of it.
type ValidationError struct {
	Problems []Problem
}

// Error names the first problem and says how many there are.
func (e *ValidationError) Error() string {
	if len(e.Problems) == 0 {
		return "invalid document"
	}
	p := e.Problems[0]
	s := fmt.Sprintf("invalid document: %s at %q", p.Key, p.Address)
	if n := len(e.Problems) - 1; n > 0 {
		s += fmt.Sprintf(" and %d more", n)
	}
	return s
}

// ProblemKind tells the edge that the input is to blame.
func (e *ValidationError) ProblemKind() problem.Kind { return problem.Invalid }

// Validate checks that d has the form that documents have, and returns a [*ValidationError] if not.
//
// It asks whether the document is well built, not whether it is complete: empty texts, an embed
// without title or a picture without alternative text are valid, since a new translation begins with
// them. The checklist before publishing asks for those.
func Validate(d Doc) error {
	v := &validator{seen: map[ID]bool{}}
	if p := overLimit(&d); p != nil {
		v.problems = append(v.problems, *p)
	}
	v.texts(&d)
	v.head(&d)
	if d.Slug != "" && !validSlug(d.Slug) {
		v.add(AddrSlug, KeySlug, d.Slug)
	}
	if d.Picture != nil {
		v.picture(d.Picture)
	}
	v.blocks(d.Blocks, false)
	if len(v.problems) == 0 {
		return nil
	}
	return &ValidationError{Problems: v.problems}
}

type validator struct {
	problems []Problem
	seen     map[ID]bool
}

func (v *validator) add(a Address, key, value string) {
	if len(v.problems) < 100 {
		v.problems = append(v.problems, Problem{a, key, firstRunes(value, 100)})
	}
}

func (v *validator) texts(d *Doc) {
	visit(d, func(p part) {
		if p.Plain != nil {
			if !isTidy(*p.Plain, p.Lines) {
				v.add(p.Address, KeyNotNormal, "")
			}
			return
		}
		if !p.Inline.isNormal() {
			v.add(p.Address, KeyNotNormal, "")
		}
		for _, s := range *p.Inline {
			v.marks(p.Address, s.Marks)
		}
	})
}

// headLimits are how long the texts above a story may be. Parse doesn't hold them, so that what was
// stored before them can be read and shortened.
var headLimits = map[Address]int{AddrKicker: MaxKicker, AddrHeadline: MaxHeadline, AddrTeaser: MaxTeaser}

func (v *validator) head(d *Doc) {
	visitHead(d, func(at Address, text *string) {
		if longer(*text, headLimits[at]) {
			v.add(at, KeyHeadTooLong, *text)
		}
	})
}

// visitHead calls fn for each text that has a limit of its own.
func visitHead(d *Doc, fn func(Address, *string)) {
	fn(AddrKicker, &d.Kicker)
	fn(AddrHeadline, &d.Headline)
	fn(AddrTeaser, &d.Teaser)
}

func (v *validator) marks(a Address, marks []Mark) {
	if len(marks) > len(schemaMarks) { // there are more than types, so some are there twice
		v.add(a, KeyMarkTwice, string(marks[0].Type))
		return
	}
	for i, m := range marks {
		if key, value := markProblem(m); key != "" {
			v.add(a, key, value)
		}
		for _, other := range marks[:i] {
			switch {
			case other.Type == m.Type:
				v.add(a, KeyMarkTwice, string(m.Type))
			case other.Type == StoryLink && m.Type == Link, other.Type == Link && m.Type == StoryLink:
				v.add(a, KeyLinkAndStory, m.Href+other.Href)
			}
		}
	}
}

// markProblem returns what is wrong with the mark itself, "" for nothing.
func markProblem(m Mark) (key, value string) {
	rank := markRank(m.Type)
	if rank == len(schemaMarks) {
		return KeyMarkUnknown, string(m.Type)
	}
	for _, a := range []struct{ name, value string }{{"href", m.Href}, {"story", m.Story}, {"source", m.Source}, {"lang", m.Lang}} {
		if a.value != "" && a.name != schemaMarks[rank].Value {
			return KeyMarkValue, a.value
		}
	}
	switch m.Type {
	case Link:
		if !SafeHref(m.Href) {
			return KeyHref, m.Href
		}
	case Foreign:
		if !validLang(m.Lang) {
			return KeyLang, m.Lang
		}
	case StoryLink:
		if !validRef(m.Story) {
			return KeyRef, m.Story
		}
	case SourceRef:
		if !validRef(m.Source) {
			return KeyRef, m.Source
		}
	}
	return "", ""
}

func (v *validator) id(id ID) {
	switch {
	case id == "":
		v.add("/id", KeyIDMissing, "")
	case !validName(string(id), MaxID):
		v.add(address(id, "id"), KeyIDForm, string(id))
	case v.seen[id]:
		v.add(address(id, "id"), KeyIDTwice, string(id))
	}
	v.seen[id] = true
}

func (v *validator) blocks(blocks []Block, inBox bool) {
	for i := range blocks {
		b := &blocks[i]
		v.id(b.ID)
		fields, known := fieldsOf(b.Kind)
		if !known {
			v.add(address(b.ID, "kind"), KeyKindUnknown, string(b.Kind))
			continue
		}
		if inBox && !slices.Contains(boxKinds, b.Kind) {
			v.add(address(b.ID, "kind"), KeyBoxContent, string(b.Kind))
			continue
		}
		for _, f := range setFields(b) {
			if !slices.Contains(fields, f) {
				v.add(address(b.ID, Field(f)), KeyForeignField, "")
			}
		}
		v.block(b)
	}
}

func (v *validator) block(b *Block) {
	at := func(f Field) Address { return address(b.ID, f) }
	switch b.Kind {
	case Heading:
		if b.Level < MinLevel || b.Level > MaxLevel {
			v.add(at("level"), KeyLevel, fmt.Sprint(b.Level))
		}
	case List:
		if len(b.Items) == 0 {
			v.add(at("items"), KeyListEmpty, "")
		}
		for _, it := range b.Items {
			v.id(it.ID)
		}
	case Quotation:
		if b.Source != "" && !validRef(b.Source) {
			v.add(at("source"), KeyRef, b.Source)
		}
		if b.OriginalLang != "" && !validLang(b.OriginalLang) {
			v.add(at("originalLang"), KeyLang, b.OriginalLang)
		}
	case PictureK, Gallery:
		if n := len(b.Pictures); b.Kind == PictureK && n != 1 || b.Kind == Gallery && n < 2 {
			v.add(at("pictures"), KeyPictureCount, fmt.Sprint(n))
		}
		for i := range b.Pictures {
			v.picture(&b.Pictures[i])
		}
	case Table:
		v.table(b)
	case FactBox:
		if len(b.Blocks) == 0 {
			v.add(at("blocks"), KeyBoxEmpty, "")
		}
		v.blocks(b.Blocks, true)
	case Embed:
		if b.Embed == nil {
			v.add(at("embed"), KeyEmbedMissing, "")
			return
		}
		if !validEmbed(b.Embed.URL) {
			v.add(at("embed"), KeyEmbedURL, b.Embed.URL)
		}
		if b.Embed.Media != "" && !validRef(b.Embed.Media) {
			v.add(at("media"), KeyRef, b.Embed.Media)
		}
	}
}

func (v *validator) table(b *Block) {
	if len(b.Rows) == 0 || len(b.Rows[0].Cells) == 0 {
		v.add(address(b.ID, "rows"), KeyTableEmpty, "")
	}
	for _, r := range b.Rows {
		v.id(r.ID)
		if len(r.Cells) != len(b.Rows[0].Cells) {
			v.add(address(r.ID, "cells"), KeyTableRagged, fmt.Sprint(len(r.Cells)))
		}
		for _, c := range r.Cells {
			v.id(c.ID)
		}
	}
}

func (v *validator) picture(p *Picture) {
	v.id(p.ID)
	if !validRef(p.Media) {
		v.add(address(p.ID, "media"), KeyRef, p.Media)
	}
}
