package document

import (
	"slices"
	"strings"
)

// Place returns target with the source's block id in it, at the place that corresponds to the source's
// order: behind the nearest block before it that target has. Its texts are empty, but for what target
// has elsewhere under the same addresses: a paragraph that went into a fact box, say, goes there with
// its text. A block that target has already stays where it is. It refuses an ID that source doesn't
// have with an [*UnknownAddressError].
func Place(source, target Doc, id ID) (Doc, error) {
	i := indexOf(source.Blocks, id)
	if i < 0 {
		return Doc{}, &UnknownAddressError{Address(id)}
	}
	target = target.Clone()
	if indexOf(target.Blocks, id) >= 0 {
		return target, nil
	}
	moveIn(&target, bare(source.Blocks[i]), func() int {
		for j := i - 1; j >= 0; j-- {
			if k := indexOf(target.Blocks, source.Blocks[j].ID); k >= 0 {
				return k + 1
			}
		}
		return 0
	})
	return target.Normal(), nil
}

// bare is the block without its texts.
func bare(b Block) Block { return Skeleton(Doc{Blocks: []Block{b}}).Blocks[0] }

// Conform returns target with the shape of source inside of the block id: items, rows, cells,
// pictures and boxed blocks that target's block lacks are put in, empty, in the source's order; those
// that only target has stay, behind what they stood behind. Nothing typed is lost, so an item that was
// taken out of the source stays until somebody takes it out here.
//
// A block that is of another kind in source becomes of that kind; texts for which there is no place then
// stand behind it as paragraphs, under their own addresses. What only makes sense in the old kind goes:
// a speaker, and pictures with their words.
func Conform(source, target Doc, id ID) (Doc, error) {
	i, j := indexOf(source.Blocks, id), indexOf(target.Blocks, id)
	if i < 0 || j < 0 {
		return Doc{}, &UnknownAddressError{Address(id)}
	}
	target = target.Clone()
	s, t := bare(source.Blocks[i]), target.Blocks[j]
	switch {
	case s.Kind == t.Kind:
		t = inside(s, t)
		target.Blocks = slices.Delete(target.Blocks, j, j+1)
		moveIn(&target, t, func() int { return min(j, len(target.Blocks)) })
	case pictured(s.Kind) && pictured(t.Kind):
		t.Pictures = conform(s.Pictures, t.Pictures, pictureID, nil)
		target.Blocks[j] = asPictures(t)
		unduplicate(&target)
	default:
		recast(&target, j, s)
	}
	return target.Normal(), nil
}

func pictureID(p Picture) ID { return p.ID }

// inside gives t the parts of s, which is of its kind.
func inside(s, t Block) Block {
	t.Items = conform(s.Items, t.Items, func(x Item) ID { return x.ID }, nil)
	t.Pictures = conform(s.Pictures, t.Pictures, pictureID, nil)
	t.Rows = conform(s.Rows, t.Rows, func(x Row) ID { return x.ID }, func(s, t Row) Row {
		t.Cells = conform(s.Cells, t.Cells, func(x Cell) ID { return x.ID }, nil)
		return t
	})
	t.Blocks = conform(s.Blocks, t.Blocks, func(x Block) ID { return x.ID }, func(s, t Block) Block {
		if s.Kind == t.Kind {
			t.Items = conform(s.Items, t.Items, func(x Item) ID { return x.ID }, nil)
		}
		return t
	})
	pad(&t)
	return t
}

func pictured(k Kind) bool { return k == PictureK || k == Gallery }

// asPictures gives a block of pictures the kind that fits their number.
func asPictures(b Block) Block {
	b.Kind = Gallery
	if len(b.Pictures) == 1 {
		b.Kind = PictureK
	}
	return b
}

// recast gives the block at j the shape of s.
func recast(target *Doc, j int, s Block) {
	old := target.Blocks[j]
	texts := textsOf(Doc{Blocks: []Block{old}})
	fill(&s, texts)
	var rest []Block
	for _, seg := range Segments(Doc{Blocks: []Block{old}}) {
		if _, left := texts[seg.Address]; !left || seg.Fixed {
			continue
		}
		switch seg.Field {
		case FieldText, FieldItem, FieldCell:
			rest = append(rest, Block{ID: idOf(seg.Address), Kind: Paragraph, Text: seg.Text})
		case FieldTitle:
			rest = append(rest, Block{ID: old.ID, Kind: Paragraph, Text: seg.Text})
		}
	}
	target.Blocks = slices.Replace(target.Blocks, j, j+1, rest...)
	moveIn(target, s, func() int { return min(j, len(target.Blocks)) })
}

// moveIn puts b into target at the place that at says, once what b has of target's parts is taken out
// there: their texts move with them.
func moveIn(target *Doc, b Block, at func() int) {
	ids := map[ID]bool{}
	EachID([]Block{b}, func(id *ID) { ids[*id] = true })
	fill(&b, textsOf(Doc{Blocks: target.Blocks}))
	have := textsOf(Doc{Blocks: []Block{b}})
	var rest []Block
	for _, old := range target.Blocks {
		rest = append(rest, without(old, ids, have)...)
	}
	target.Blocks = rest
	target.Blocks = slices.Insert(target.Blocks, at(), b)
	unduplicate(target)
}

func textsOf(d Doc) map[Address]Inline {
	out := map[Address]Inline{}
	for _, seg := range Segments(d) {
		out[seg.Address] = seg.Text
	}
	return out
}

// fill puts texts into empty places of b and takes them out of the list.
func fill(b *Block, texts map[Address]Inline) {
	d := Doc{Blocks: []Block{*b}}
	visit(&d, func(p part) {
		text, ok := texts[p.Address]
		if !ok || !p.proper() || len(p.segment().Text) > 0 {
			return
		}
		if p.Plain != nil {
			*p.Plain = tidy(text.Plain(), p.Lines)
		} else {
			*p.Inline = text.clone()
		}
		delete(texts, p.Address)
	})
	*b = d.Blocks[0]
}

// without returns the block without the parts that stand elsewhere now; nothing, if it is such a part
// itself or has nothing left. Cells are emptied, since rows are equally long. A text of a part that
// isn't there in its new place stays.
func without(b Block, ids map[ID]bool, have map[Address]Inline) []Block {
	parts := len(b.Items) + len(b.Pictures) + len(b.Blocks)
	moved := func(id ID) bool { return ids[id] }
	b.Items = slices.DeleteFunc(b.Items, func(x Item) bool { return moved(x.ID) })
	b.Pictures = slices.DeleteFunc(b.Pictures, func(x Picture) bool { return moved(x.ID) })
	var inner []Block
	for _, x := range b.Blocks {
		inner = append(inner, without(x, ids, have)...)
	}
	b.Blocks = inner
	for i := range b.Rows {
		for j := range b.Rows[i].Cells {
			if c := &b.Rows[i].Cells[j]; moved(c.ID) {
				c.Text = nil
			}
		}
	}
	if moved(b.ID) {
		if _, there := have[address(b.ID, FieldText)]; there {
			b.Text = nil
		}
	}
	if pictured(b.Kind) && len(b.Pictures) > 0 {
		return []Block{asPictures(b)}
	}
	if empty := len(b.Items)+len(b.Pictures)+len(b.Blocks) == 0; moved(b.ID) && b.Plain() == "" || empty && parts > 0 {
		if b.Title == "" {
			return nil
		}
		return []Block{{ID: b.ID, Kind: Paragraph, Text: Text(b.Title)}}
	}
	return []Block{b}
}

func conform[E any](source, target []E, id func(E) ID, both func(s, t E) E) []E {
	have := map[ID]E{}
	for _, t := range target {
		have[id(t)] = t
	}
	var out []E
	in := map[ID]bool{}
	for _, s := range source {
		t, ok := have[id(s)]
		switch {
		case !ok:
			t = s
		case both != nil:
			t = both(s, t)
		}
		out = append(out, t)
		in[id(s)] = true
	}
	at := 0
	for _, t := range target {
		if in[id(t)] {
			at = 1 + slices.IndexFunc(out, func(e E) bool { return id(e) == id(t) })
			continue
		}
		out = slices.Insert(out, at, t)
		at++
	}
	return out
}

// pad makes the rows of a table equally long, with cells named after their row.
func pad(b *Block) {
	width := 0
	for _, r := range b.Rows {
		width = max(width, len(r.Cells))
	}
	for i := range b.Rows {
		r := &b.Rows[i]
		for n := len(r.Cells); n < width; n++ {
			r.Cells = append(r.Cells, Cell{ID: derive(r.ID, n)})
		}
	}
}

// idOf is the part that an address names.
func idOf(a Address) ID {
	id, _, _ := strings.Cut(string(a), "/")
	return ID(id)
}
