package document

import (
	"fmt"
	"slices"

	"depesche/internal/problem"
)

// Segment is the smallest text that is translated as one, with its place.
type Segment struct {
	Address Address
	// Block is the ID of the outermost block that the segment is in, "" for the head.
	Block ID
	// Kind is that of the block the text is in, "" for the head.
	Kind  Kind
	Field Field
	// Text has no marks where the document keeps a plain string.
	Text Inline
	// Fixed says that a translation doesn't translate this: the original wording of a quotation
	// is carried over, a slug is made anew from the headline.
	Fixed bool
	// PlainOnly says that the document keeps a plain string here, so marks would be lost.
	PlainOnly bool
}

// Segments returns the segments of d that hold text, in reading order.
func Segments(d Doc) []Segment {
	d = d.Clone()
	var out []Segment
	visit(&d, func(p part) {
		if s := p.segment(); len(s.Text) > 0 && p.proper() {
			out = append(out, s)
		}
	})
	return out
}

// Places returns all places of d where text can stand, those without text included: what a form
// offers.
func Places(d Doc) []Segment {
	d = d.Clone()
	var out []Segment
	visit(&d, func(p part) {
		if p.proper() {
			out = append(out, p.segment())
		}
	})
	return out
}

// Segment returns the segment at an address, and whether d has such a place. The text may be empty.
func (d Doc) Segment(a Address) (Segment, bool) {
	var out Segment
	found := false
	visit(&d, func(p part) {
		if p.Address == a && p.proper() && !found {
			out, found = p.segment(), true
		}
	})
	out.Text = out.Text.clone()
	return out, found
}

// UnknownAddressError says that a document has no text at an address.
type UnknownAddressError struct{ Address Address }

func (e *UnknownAddressError) Error() string { return fmt.Sprintf("no text at %q", e.Address) }

// ProblemKind tells the edge that there is no such thing.
func (e *UnknownAddressError) ProblemKind() problem.Kind { return problem.NotFound }

// WithSegment returns d with text at the address, in normal form; d stays as it is. It refuses an
// address that d doesn't have with an [*UnknownAddressError]. Where the document keeps a plain
// string, marks are dropped.
func WithSegment(d Doc, a Address, text Inline) (Doc, error) {
	d = d.Clone()
	found := false
	visit(&d, func(p part) {
		if p.Address != a || !p.proper() || found {
			return
		}
		found = true
		if p.Plain != nil {
			*p.Plain = tidy(text.Plain(), p.Lines)
			return
		}
		*p.Inline = text.clone().Normal()
	})
	if !found {
		return Doc{}, &UnknownAddressError{a}
	}
	return d, nil
}

func (p part) segment() Segment {
	s := Segment{Address: p.Address, Block: p.Block, Kind: p.Kind, Field: p.Field, PlainOnly: p.Plain != nil,
		Fixed: p.Field == FieldOriginal || p.Field == FieldSlug}
	if p.Inline != nil {
		s.Text = *p.Inline
	} else if *p.Plain != "" {
		s.Text = Inline{{Text: *p.Plain}}
	}
	return s
}

// proper reports whether the kind of block has this text.
func (p part) proper() bool {
	switch p.Kind {
	case "":
		return true
	case PictureK, Gallery:
		return p.Field == FieldCaption || p.Field == FieldAlt || p.Field == FieldCredit
	case List:
		return p.Field == FieldItem
	case Table:
		return p.Field == FieldCell
	case Quotation:
		return p.Field == FieldText || p.Field == FieldSpeaker || p.Field == FieldOriginal
	case FactBox, Embed:
		return p.Field == FieldTitle
	case Paragraph, Heading:
		return p.Field == FieldText
	}
	return false
}

// Skeleton returns what a new translation of d starts with: the same blocks, pictures and IDs without
// the text. Quotations keep their original wording, embeds their address.
func Skeleton(d Doc) Doc {
	d = d.Clone()
	visit(&d, func(p part) {
		switch {
		case p.Field == FieldOriginal:
		case p.Plain != nil:
			*p.Plain = ""
		default:
			*p.Inline = nil
		}
	})
	return d.Normal()
}

// Alignment says how the blocks of a translation correspond to those of its source.
type Alignment struct {
	Pairs   []Pair // in the order of the target
	Missing []ID   // in the source only, in its order
	Added   []ID   // in the target only, in its order
	// Parts are the items, rows, cells, pictures and boxed blocks that only one side of a pair
	// has: somebody added a row, say, in the source after the translation was made.
	Parts []PartDiff
	// Reordered says that the pairs stand in another order than in the source.
	Reordered bool
}

// Pair is a block and what it was translated into.
type Pair struct {
	ID             ID
	Source, Target int // places in the documents' Blocks
	// OtherKind says that somebody made, for example, a paragraph of a heading.
	OtherKind bool
}

// PartDiff is a part of a pair's block that one side lacks.
type PartDiff struct {
	Block   ID
	ID      ID
	Missing bool // in the target; otherwise the target has it and the source doesn't
}

// Align compares the blocks of two editions of a story by their IDs.
func Align(source, target Doc) Alignment {
	var a Alignment
	at := make(map[ID]int, len(source.Blocks))
	for i, b := range source.Blocks {
		at[b.ID] = i
	}
	in := make(map[ID]bool, len(target.Blocks))
	last := -1
	for j, b := range target.Blocks {
		in[b.ID] = true
		i, ok := at[b.ID]
		if !ok {
			a.Added = append(a.Added, b.ID)
			continue
		}
		a.Pairs = append(a.Pairs, Pair{b.ID, i, j, source.Blocks[i].Kind != b.Kind})
		a.Reordered = a.Reordered || i < last
		last = max(last, i)
		a.Parts = append(a.Parts, partDiffs(source.Blocks[i], b)...)
	}
	for _, b := range source.Blocks {
		if !in[b.ID] {
			a.Missing = append(a.Missing, b.ID)
		}
	}
	return a
}

func partDiffs(source, target Block) []PartDiff {
	if source.Kind != target.Kind {
		return nil
	}
	list := func(b Block) (ids []ID) {
		EachID([]Block{b}, func(id *ID) { ids = append(ids, *id) })
		return ids
	}
	var out []PartDiff
	s, t := list(source), list(target)
	for _, id := range s {
		if !slices.Contains(t, id) {
			out = append(out, PartDiff{target.ID, id, true})
		}
	}
	for _, id := range t {
		if !slices.Contains(s, id) {
			out = append(out, PartDiff{target.ID, id, false})
		}
	}
	return out
}

func indexOf(blocks []Block, id ID) int {
	return slices.IndexFunc(blocks, func(b Block) bool { return b.ID == id })
}

// derive makes an ID from another, the same one each time.
func derive(id ID, n int) ID {
	tail := fmt.Sprintf("-%d", n)
	return ID(firstRunes(string(id), MaxID-len(tail)) + tail)
}

// unduplicate gives what uses an ID for the second time one derived from it. Blocks keep theirs
// before what is inside of blocks, since addresses of readers and translations name blocks.
func unduplicate(d *Doc) {
	seen, taken := map[ID]bool{}, map[ID]bool{}
	EachID(d.Blocks, func(id *ID) { taken[*id] = true })
	one := func(id *ID) {
		if first := *id; seen[first] {
			for n := 2; taken[*id]; n++ {
				*id = derive(first, n)
			}
			taken[*id] = true
		}
		seen[*id] = true
	}
	outer := make(map[*ID]bool, len(d.Blocks))
	for i := range d.Blocks {
		one(&d.Blocks[i].ID)
		outer[&d.Blocks[i].ID] = true
	}
	if d.Picture != nil {
		taken[d.Picture.ID] = true
		one(&d.Picture.ID)
	}
	EachID(d.Blocks, func(id *ID) {
		if !outer[id] {
			one(id)
		}
	})
}
