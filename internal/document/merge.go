package document

import (
	"reflect"
	"slices"
	"strings"
)

// AddrPicture names the picture above the text. It holds no text itself and so is no segment, but
// [Merge] and [Diff] tell of it.
const AddrPicture Address = "head/picture"

// Clash is a place that two people changed differently: a block, or a part of the head.
type Clash struct {
	// Address is that of the head's part, or "<ID>/block".
	Address Address
	// Base is what both began with.
	Base, Mine, Theirs Value
}

// ID is that of the block, "" for the head.
func (c Clash) ID() ID {
	if id, ok := strings.CutSuffix(string(c.Address), "/block"); ok {
		return ID(id)
	}
	return ""
}

// Block reports whether a block is concerned and not the head.
func (c Clash) Block() bool { return c.ID() != "" }

// Place names the block by its ID, the head's part by its address.
func (c Clash) Place() string {
	if c.Block() {
		return string(c.ID())
	}
	return string(c.Address)
}

// Value is what stands at the place of a [Clash]: a block (nil if it isn't there), the text of a part
// of the head, or the head's picture (nil for none).
type Value struct {
	Block   *Block   `json:"block,omitempty"`
	Text    Inline   `json:"text,omitempty"`
	Picture *Picture `json:"picture,omitempty"`
}

// Plain is what a person reads of it, a line a segment.
func (v Value) Plain() string {
	d := Doc{Lead: v.Text, Picture: v.Picture}
	if v.Block != nil {
		d.Blocks = []Block{*v.Block}
	}
	var lines []string
	for _, s := range Segments(d) {
		lines = append(lines, s.Text.Plain())
	}
	return strings.Join(lines, "\n")
}

// Merge joins two editors' changes to the same base, block by block. Blocks that only one of them
// touched are taken from that one; a block both touched comes back as a [Clash] holding both texts.
// Nothing typed is ever dropped: each block that a or b changed is in merged or in a clash.
//
// a is mine and b theirs: where they clash, merged has mine, except that a text wins over its
// deletion. Parts of the head clash one by one. Order is not worth a clash: a block that both moved
// stands where a put it, and of blocks both put into the same place b's come first.
//
// All three must be valid, that is, no ID may be there twice.
func Merge(base, a, b Doc) (merged Doc, clashes []Clash) {
	base, a, b = base.Normal(), a.Normal(), b.Normal()
	merged, clashes = mergeHead(base, a, b)
	m := merger{base: byID(base.Blocks), a: byID(a.Blocks), b: byID(b.Blocks), kept: map[ID]*Block{}}
	for _, blocks := range [][]Block{a.Blocks, b.Blocks} {
		for i := range blocks {
			m.block(blocks[i].ID)
		}
	}
	merged.Blocks = []Block{}
	for _, id := range m.order(base.Blocks, a.Blocks, b.Blocks) {
		merged.Blocks = append(merged.Blocks, m.kept[id].Clone())
	}
	// Somebody may have moved an item, row or paragraph into a block whose other version still has it.
	unduplicate(&merged)
	return merged, append(clashes, m.clashes...)
}

// Choice is an editor's answer to a clash.
type Choice struct {
	mine, both bool
	edited     *Value
	ids        IDSource
}

// Mine takes what I wrote.
func Mine() Choice { return Choice{mine: true} }

// Theirs takes what the other wrote.
func Theirs() Choice { return Choice{} }

// Both keeps both: a block of theirs behind mine, with new IDs; texts of the head one after the other;
// their picture as the first block.
func Both(ids IDSource) Choice { return Choice{mine: true, both: true, ids: ids} }

// Edited takes what the editor made of both.
func Edited(v Value) Choice { return Choice{edited: &v} }

// Resolve returns merged with the answer in the place of the clash. An answer without a block takes
// the block out. It refuses an address that names no part of a document with an
// [*UnknownAddressError].
func Resolve(merged Doc, c Clash, choice Choice) (Doc, error) {
	d := merged.Clone()
	v := c.Theirs
	if choice.mine {
		v = c.Mine
	}
	if choice.edited != nil {
		v = *choice.edited
	}
	switch {
	case c.Block():
		d.Blocks = resolveBlock(d.Blocks, c, v, choice)
	case c.Address == AddrPicture:
		d.Picture = v.Picture
		if choice.both && c.Theirs.Picture != nil && c.Mine.Picture != nil {
			p := c.Theirs.Picture.clone()
			p.ID = choice.ids()
			d.Blocks = slices.Insert(d.Blocks, 0, Block{ID: choice.ids(), Kind: PictureK, Pictures: []Picture{p}})
		} else if choice.both && v.Picture == nil {
			d.Picture = c.Theirs.Picture
		}
	case !slices.Contains(headTexts, c.Address):
		return Doc{}, &UnknownAddressError{c.Address}
	default:
		text := v.Text
		if choice.both && len(c.Mine.Text) > 0 && len(c.Theirs.Text) > 0 && c.Address != AddrSlug {
			text = slices.Concat(c.Mine.Text, Text(" / "), c.Theirs.Text)
		} else if choice.both && len(text) == 0 {
			text = c.Theirs.Text
		}
		setHead(&d, c.Address, text)
	}
	d = d.Clone() // the answer's parts stay the caller's
	unduplicate(&d)
	return d.Normal(), nil
}

func resolveBlock(blocks []Block, c Clash, v Value, choice Choice) []Block {
	var put []Block
	if v.Block != nil {
		put = append(put, *v.Block)
	}
	if choice.both && c.Theirs.Block != nil {
		theirs := []Block{c.Theirs.Block.Clone()}
		if v.Block != nil {
			EachID(theirs, func(id *ID) { *id = choice.ids() })
		}
		put = append(put, theirs...)
	}
	if len(put) > 0 {
		put[0].ID = c.ID()
	}
	at := indexOf(blocks, c.ID())
	if at < 0 {
		return append(blocks, put...)
	}
	return slices.Replace(blocks, at, at+1, put...)
}

var headTexts = []Address{AddrKicker, AddrHeadline, AddrLead, AddrTeaser, AddrSlug}

func headText(d *Doc, a Address) Inline {
	s, _ := (Doc{Kicker: d.Kicker, Headline: d.Headline, Lead: d.Lead, Teaser: d.Teaser, Slug: d.Slug}).Segment(a)
	return s.Text
}

func setHead(d *Doc, a Address, text Inline) {
	// The head's addresses are always there.
	*d, _ = WithSegment(*d, a, text)
}

func mergeHead(base, a, b Doc) (Doc, []Clash) {
	merged := Doc{}
	var clashes []Clash
	for _, addr := range headTexts {
		x, y, z := headText(&base, addr), headText(&a, addr), headText(&b, addr)
		text, clash := merge3(x, y, z)
		setHead(&merged, addr, text)
		if clash {
			clashes = append(clashes, Clash{Address: addr, Base: Value{Text: x}, Mine: Value{Text: y}, Theirs: Value{Text: z}})
		}
	}
	picture, clash := merge3(base.Picture, a.Picture, b.Picture)
	if picture == nil && clash {
		picture = b.Picture // changed by one, taken away by the other
	}
	merged.Picture = picture
	if clash {
		clashes = append(clashes, Clash{Address: AddrPicture, Base: Value{Picture: base.Picture}, Mine: Value{Picture: a.Picture}, Theirs: Value{Picture: b.Picture}})
	}
	return merged.Clone(), clashes
}

// merge3 takes what one side changed; if both did, differently, it takes a's and says so.
func merge3[T any](base, a, b T) (T, bool) {
	switch {
	case equal(a, b), equal(b, base):
		return a, false
	case equal(a, base):
		return b, false
	}
	return a, true
}

// equal compares parts of documents in normal form.
func equal(a, b any) bool { return reflect.DeepEqual(a, b) }

type merger struct {
	base, a, b map[ID]*Block
	kept       map[ID]*Block
	done       map[ID]bool
	clashes    []Clash
}

func byID(blocks []Block) map[ID]*Block {
	out := make(map[ID]*Block, len(blocks))
	for i := range blocks {
		out[blocks[i].ID] = &blocks[i]
	}
	return out
}

func (m *merger) block(id ID) {
	if m.done[id] {
		return
	}
	if m.done == nil {
		m.done = map[ID]bool{}
	}
	m.done[id] = true
	base, a, b := m.base[id], m.a[id], m.b[id]
	keep, clash := merge3(base, a, b)
	if keep == nil && clash {
		keep = b // an edit wins over a deletion
	}
	if keep != nil {
		m.kept[id] = keep
	}
	if clash {
		m.clashes = append(m.clashes, Clash{Address: address(id, "block"), Base: blockValue(base), Mine: blockValue(a), Theirs: blockValue(b)})
	}
}

func blockValue(b *Block) Value {
	if b == nil {
		return Value{}
	}
	c := b.Clone()
	return Value{Block: &c}
}

// order begins with a's order and carries b's insertions and moves into it, each behind what it
// stands behind in b.
func (m *merger) order(base, a, b []Block) []ID {
	var out []ID
	for _, x := range a {
		if m.kept[x.ID] != nil {
			out = append(out, x.ID)
		}
	}
	movedA, movedB := moved(base, a), moved(base, b)
	place := func(id ID) bool {
		return m.kept[id] != nil && (m.a[id] == nil || movedB[id] && !movedA[id])
	}
	for i, x := range b {
		if !place(x.ID) {
			continue
		}
		out = slices.DeleteFunc(out, func(id ID) bool { return id == x.ID })
		at := 0
		for j := i - 1; j >= 0; j-- {
			if k := slices.Index(out, b[j].ID); k >= 0 {
				at = k + 1
				break
			}
		}
		out = slices.Insert(out, at, x.ID)
	}
	return out
}

// moved finds the smallest set of blocks whose move explains the order of those that both have.
func moved(base, now []Block) map[ID]bool {
	at := make(map[ID]int, len(base))
	for i := range base {
		at[base[i].ID] = i
	}
	var ids []ID
	var places []int
	for i := range now {
		if p, ok := at[now[i].ID]; ok {
			ids, places = append(ids, now[i].ID), append(places, p)
		}
	}
	stays := longestRising(places)
	out := map[ID]bool{}
	for i, id := range ids {
		if !stays[i] {
			out[id] = true
		}
	}
	return out
}

// longestRising marks the members of a longest rising subsequence.
func longestRising(xs []int) []bool {
	var ends []int // ends[n] is the index of the smallest end of a rising sequence of n+1
	before := make([]int, len(xs))
	for i, x := range xs {
		n, _ := slices.BinarySearchFunc(ends, x, func(j, x int) int { return xs[j] - x })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	out := make([]bool, len(xs))
	if len(ends) > 0 {
		for i := ends[len(ends)-1]; i >= 0; i = before[i] {
			out[i] = true
		}
	}
	return out
}
