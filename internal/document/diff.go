package document

import (
	"slices"
)

// Change says what happened to a block.
type Change string

// The changes.
const (
	Same    Change = "same"
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed"
)

// BlockDiff tells what happened to a block, or to the head, whose ID is "".
type BlockDiff struct {
	ID     ID
	Kind   Kind // of the new block, or of the one removed
	Change Change
	// Moved says that the block stands elsewhere among those both documents have.
	Moved bool
	// Old and New are nil where there is none, and for the head.
	Old, New *Block
	// Segments are all texts of a block that isn't Same, with those that are gone where they stood.
	Segments []SegmentDiff
	// Fields names what changed besides texts: "kind", "level", "ordered", "items", "source",
	// "originalLang", "pictures", "header", "rows", "blocks", "embed", and "picture" for the head.
	Fields []string
}

// SegmentDiff tells what happened to the words of a segment.
type SegmentDiff struct {
	Address Address
	Field   Field
	Ops     []Op
}

// Differs reports whether anything happened to the segment.
func (s SegmentDiff) Differs() bool {
	return slices.ContainsFunc(s.Ops, func(op Op) bool { return op.Kind != OpEqual })
}

// Diff compares two revisions. It tells of the head first, then of every block in b's order, the
// removed ones where they stood, those that are the same included, so that a screen can show the text
// around a change.
func Diff(a, b Doc) []BlockDiff {
	a, b = a.Normal(), b.Normal()
	out := []BlockDiff{diffHead(a, b)}
	was, is, went := byID(a.Blocks), byID(b.Blocks), moved(a.Blocks, b.Blocks)
	ids := func(blocks []Block) (out []ID) {
		for i := range blocks {
			out = append(out, blocks[i].ID)
		}
		return out
	}
	for _, id := range weave(ids(a.Blocks), ids(b.Blocks)) {
		d := BlockDiff{ID: id, Old: was[id], New: is[id], Moved: went[id], Change: Same}
		switch {
		case d.Old == nil:
			d.Change, d.Kind = Added, d.New.Kind
		case d.New == nil:
			d.Change, d.Kind = Removed, d.Old.Kind
		default:
			d.Kind = d.New.Kind
			if !equal(d.Old, d.New) {
				d.Change, d.Fields = Changed, otherFields(*d.Old, *d.New)
			}
		}
		if d.Change != Same {
			d.Segments = diffTexts(segmentsOf(d.Old), segmentsOf(d.New))
		}
		out = append(out, d)
	}
	return out
}

func diffHead(a, b Doc) BlockDiff {
	d := BlockDiff{Change: Same}
	a.Blocks, b.Blocks = nil, nil
	if equal(a, b) {
		return d
	}
	d.Change, d.Segments = Changed, diffTexts(Segments(a), Segments(b))
	if x, y := pictureShape(a.Picture), pictureShape(b.Picture); !equal(x, y) {
		d.Fields = []string{"picture"}
	}
	return d
}

func segmentsOf(b *Block) []Segment {
	if b == nil {
		return nil
	}
	return Segments(Doc{Blocks: []Block{*b}})
}

func diffTexts(a, b []Segment) []SegmentDiff {
	text := func(in []Segment) (order []Address, m map[Address]Segment) {
		m = map[Address]Segment{}
		for _, s := range in {
			order, m[s.Address] = append(order, s.Address), s
		}
		return order, m
	}
	oldOrder, was := text(a)
	newOrder, is := text(b)
	var out []SegmentDiff
	for _, addr := range weave(oldOrder, newOrder) {
		field := is[addr].Field
		if field == "" {
			field = was[addr].Field
		}
		out = append(out, SegmentDiff{addr, field, DiffInline(was[addr].Text, is[addr].Text)})
	}
	return out
}

// weave puts what only old has into the order of new, behind what it stood behind.
func weave[K comparable](old, now []K) []K {
	out := slices.Clone(now)
	for i, k := range old {
		if slices.Contains(now, k) {
			continue
		}
		at := 0
		if i > 0 {
			at = slices.Index(out, old[i-1]) + 1
		}
		out = slices.Insert(out, at, k)
	}
	return out
}

func pictureShape(p *Picture) [2]string {
	if p == nil {
		return [2]string{}
	}
	return [2]string{string(p.ID), p.Media}
}

// otherFields lists what differs between two versions of a block when their texts are left aside.
func otherFields(a, b Block) []string {
	a, b = Skeleton(Doc{Blocks: []Block{a}}).Blocks[0], Skeleton(Doc{Blocks: []Block{b}}).Blocks[0]
	var out []string
	for _, f := range []struct {
		name string
		a, b any
	}{
		{"kind", a.Kind, b.Kind},
		{"level", a.Level, b.Level},
		{"ordered", a.Ordered, b.Ordered},
		{"items", a.Items, b.Items},
		{"source", a.Source, b.Source},
		{"originalLang", a.OriginalLang, b.OriginalLang},
		{"pictures", a.Pictures, b.Pictures},
		{"header", a.Header, b.Header},
		{"rows", a.Rows, b.Rows},
		{"blocks", a.Blocks, b.Blocks},
		{"embed", a.Embed, b.Embed},
	} {
		if !equal(f.a, f.b) {
			out = append(out, f.name)
		}
	}
	return out
}
