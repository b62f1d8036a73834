package document

import (
	"slices"
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/sentences"
	"github.com/clipperhouse/uax29/v2/words"
	"github.com/sergi/go-diff/diffmatchpatch"
)

// OpKind says what happened to a piece of text.
type OpKind string

// The kinds of change between two texts.
const (
	OpEqual  OpKind = "equal"
	OpDelete OpKind = "delete"
	OpInsert OpKind = "insert"
	// OpMarks is the same text with other marks: a link that leads elsewhere now, say.
	OpMarks OpKind = "marks"
)

// Op is a piece of text and what happened to it. A deletion stands before the insertion that takes
// its place.
type Op struct {
	Kind OpKind
	Text string
	// Was and Is are the marks before and after, for OpMarks.
	Was, Is []Mark
}

// DiffWords says which words became which. The texts of its operations without insertions make a,
// without deletions b. In languages written without spaces the unit is what Unicode says: an
// ideograph, a letter with its signs.
func DiffWords(a, b string) []Op {
	if a == b {
		if a == "" {
			return nil
		}
		return []Op{{Kind: OpEqual, Text: a}}
	}
	// Comparing costs the product of the lengths at worst. Long texts are compared by sentences
	// first, then by words within those that changed.
	ta, tb := wordTokens(a), wordTokens(b)
	if len(ta)*len(tb) <= maxGrid {
		return tidyOps(diffTokens(ta, tb))
	}
	sa, sb := sentenceTokens(a), sentenceTokens(b)
	if len(sa)*len(sb) > maxGrid {
		return replaced(a, b)
	}
	var out []Op
	ops := tidyOps(diffTokens(sa, sb))
	for i := 0; i < len(ops); i++ {
		if ops[i].Kind != OpDelete || i+1 == len(ops) || ops[i+1].Kind != OpInsert {
			out = append(out, ops[i])
			continue
		}
		x, y := wordTokens(ops[i].Text), wordTokens(ops[i+1].Text)
		if len(x)*len(y) <= maxGrid {
			out = append(out, diffTokens(x, y)...)
		} else {
			out = append(out, ops[i], ops[i+1])
		}
		i++
	}
	return tidyOps(out)
}

// maxGrid bounds a comparison to some tens of milliseconds.
const maxGrid = 16_000_000

func replaced(a, b string) []Op {
	return tidyOps([]Op{{Kind: OpDelete, Text: a}, {Kind: OpInsert, Text: b}})
}

func wordTokens(s string) (out []string) {
	for it := words.FromString(s); it.Next(); {
		out = append(out, it.Value())
	}
	return out
}

func sentenceTokens(s string) (out []string) {
	for it := sentences.FromString(s); it.Next(); {
		out = append(out, it.Value())
	}
	return out
}

// diffTokens compares texts whose letters are tokens.
func diffTokens(a, b []string) []Op {
	number := map[string]rune{}
	var tokens []string
	runes := func(in []string) []rune {
		out := make([]rune, len(in))
		for i, t := range in {
			r, ok := number[t]
			if !ok {
				r = rune(len(tokens))
				tokens, number[t] = append(tokens, t), r
			}
			out[i] = letter(r)
		}
		return out
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = 0 // the result may not depend on the clock
	var out []Op
	for _, diff := range d.DiffMainRunes(runes(a), runes(b), false) {
		var text strings.Builder
		for _, r := range diff.Text {
			text.WriteString(tokens[unletter(r)])
		}
		kind := OpEqual
		switch diff.Type {
		case diffmatchpatch.DiffDelete:
			kind = OpDelete
		case diffmatchpatch.DiffInsert:
			kind = OpInsert
		}
		out = append(out, Op{Kind: kind, Text: text.String()})
	}
	return out
}

// letter maps a number to a rune that survives being in a string: surrogates don't.
func letter(n rune) rune {
	if n++; n >= 0xD800 {
		n += 0x800
	}
	return n
}

func unletter(r rune) rune {
	if r >= 0xE000 {
		r -= 0x800
	}
	return r - 1
}

// tidyOps makes the operations readable: what was deleted in one go stands together, and a space
// that two texts share by chance doesn't part two changed words.
func tidyOps(ops []Op) []Op {
	var out []Op
	var del, ins strings.Builder
	flush := func() {
		if del.Len() > 0 {
			out = append(out, Op{Kind: OpDelete, Text: del.String()})
		}
		if ins.Len() > 0 {
			out = append(out, Op{Kind: OpInsert, Text: ins.String()})
		}
		del.Reset()
		ins.Reset()
	}
	for i, op := range ops {
		switch op.Kind {
		case OpDelete:
			del.WriteString(op.Text)
		case OpInsert:
			ins.WriteString(op.Text)
		default:
			if del.Len() > 0 && ins.Len() > 0 && i+1 < len(ops) && isSpace(op.Text) {
				del.WriteString(op.Text)
				ins.WriteString(op.Text)
				continue
			}
			flush()
			if n := len(out) - 1; n >= 0 && out[n].Kind == OpEqual {
				out[n].Text += op.Text
			} else {
				out = append(out, op)
			}
		}
	}
	flush()
	return out
}

func isSpace(s string) bool {
	return strings.TrimFunc(s, unicode.IsSpace) == ""
}

// DiffInline is [DiffWords] for texts with marks.
func DiffInline(a, b Inline) []Op {
	a, b = a.Normal(), b.Normal()
	var out []Op
	ra, rb := reader{in: a}, reader{in: b}
	for _, op := range DiffWords(a.Plain(), b.Plain()) {
		switch op.Kind {
		case OpDelete:
			ra.skip(len(op.Text))
			out = append(out, op)
		case OpInsert:
			rb.skip(len(op.Text))
			out = append(out, op)
		default:
			for rest := op.Text; rest != ""; {
				was, n := ra.peek()
				is, m := rb.peek()
				n = min(n, m, len(rest))
				piece := Op{Kind: OpEqual, Text: rest[:n]}
				if !slices.Equal(was, is) {
					piece.Kind, piece.Was, piece.Is = OpMarks, was, is
				}
				if k := len(out) - 1; k >= 0 && out[k].Kind == OpEqual && piece.Kind == OpEqual {
					out[k].Text += piece.Text
				} else {
					out = append(out, piece)
				}
				ra.skip(n)
				rb.skip(n)
				rest = rest[n:]
			}
		}
	}
	return out
}

// reader walks through running text byte by byte, span by span.
type reader struct {
	in Inline
	at int // within the first span of in
}

// peek returns the marks here and how many bytes have them.
func (r *reader) peek() ([]Mark, int) { return r.in[0].Marks, len(r.in[0].Text) - r.at }

func (r *reader) skip(n int) {
	for n > 0 {
		_, have := r.peek()
		if n < have {
			r.at += n
			return
		}
		n -= have
		r.in, r.at = r.in[1:], 0
	}
}

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
