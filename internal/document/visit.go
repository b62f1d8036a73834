package document

import "slices"

// Field names what a segment is of its block, picture, item or cell: the second half of its
// [Address].
type Field string

// The fields that hold text.
const (
	FieldKicker   Field = "kicker"
	FieldHeadline Field = "headline"
	FieldLead     Field = "lead"
	FieldTeaser   Field = "teaser"
	FieldSlug     Field = "slug"
	FieldText     Field = "text" // of a paragraph, heading or quotation
	FieldItem     Field = "item" // of a list
	FieldCell     Field = "cell" // of a table
	FieldSpeaker  Field = "speaker"
	FieldOriginal Field = "original"
	FieldCaption  Field = "caption"
	FieldAlt      Field = "alt"
	FieldCredit   Field = "credit"
	FieldTitle    Field = "title" // of a fact box or an embed
)

// part is a place in a document that holds text: either Inline or Plain is set, pointing into it.
type part struct {
	Address Address
	Block   ID   // the outermost block, "" for the head
	Kind    Kind // of the block the text is in, "" for the head
	Field   Field
	Inline  *Inline
	Plain   *string
	// Lines says that a plain text may have more than one line.
	Lines bool
}

// address puts together the address of a field.
func address(id ID, f Field) Address { return Address(string(id) + "/" + string(f)) }

// visit calls fn for each text of d in reading order, whether or not there is anything in it. It
// also goes where a valid document has nothing, such as the items of a paragraph.
func visit(d *Doc, fn func(part)) {
	head := func(a Address, f Field, s *string) { fn(part{Address: a, Field: f, Plain: s}) }
	head(AddrKicker, FieldKicker, &d.Kicker)
	head(AddrHeadline, FieldHeadline, &d.Headline)
	fn(part{Address: AddrLead, Field: FieldLead, Inline: &d.Lead})
	head(AddrTeaser, FieldTeaser, &d.Teaser)
	head(AddrSlug, FieldSlug, &d.Slug)
	if d.Picture != nil {
		visitPicture(d.Picture, part{}, fn)
	}
	for i := range d.Blocks {
		visitBlock(&d.Blocks[i], d.Blocks[i].ID, fn)
	}
}

func visitBlock(b *Block, outer ID, fn func(part)) {
	base := part{Block: outer, Kind: b.Kind}
	plain := func(f Field, s *string, lines bool) {
		p := base
		p.Address, p.Field, p.Plain, p.Lines = address(b.ID, f), f, s, lines
		fn(p)
	}
	inline := func(id ID, f, name Field, in *Inline) {
		p := base
		p.Address, p.Field, p.Inline = address(id, f), name, in
		fn(p)
	}
	if b.Embed == nil || b.Title != "" {
		plain(FieldTitle, &b.Title, false)
	}
	inline(b.ID, FieldText, FieldText, &b.Text)
	plain(FieldSpeaker, &b.Speaker, false)
	plain(FieldOriginal, &b.Original, true)
	for i := range b.Items {
		inline(b.Items[i].ID, FieldText, FieldItem, &b.Items[i].Text)
	}
	for i := range b.Rows {
		for j := range b.Rows[i].Cells {
			c := &b.Rows[i].Cells[j]
			inline(c.ID, FieldText, FieldCell, &c.Text)
		}
	}
	for i := range b.Pictures {
		visitPicture(&b.Pictures[i], base, fn)
	}
	if b.Embed != nil {
		plain(FieldTitle, &b.Embed.Title, false)
	}
	for i := range b.Blocks {
		visitBlock(&b.Blocks[i], outer, fn)
	}
}

func visitPicture(p *Picture, base part, fn func(part)) {
	base.Address, base.Field, base.Inline = address(p.ID, FieldCaption), FieldCaption, &p.Caption
	fn(base)
	base.Inline = nil
	base.Address, base.Field, base.Plain = address(p.ID, FieldAlt), FieldAlt, &p.Alt
	fn(base)
	base.Address, base.Field, base.Plain = address(p.ID, FieldCredit), FieldCredit, &p.Credit
	fn(base)
}

// visitBlocks calls fn for each block and those inside of it.
func visitBlocks(blocks []Block, fn func(*Block)) {
	for i := range blocks {
		fn(&blocks[i])
		visitBlocks(blocks[i].Blocks, fn)
	}
}

// EachID calls fn for each ID of the blocks with what they contain, outer before inner.
func EachID(blocks []Block, fn func(*ID)) {
	for i := range blocks {
		b := &blocks[i]
		fn(&b.ID)
		for j := range b.Items {
			fn(&b.Items[j].ID)
		}
		for j := range b.Rows {
			fn(&b.Rows[j].ID)
			for k := range b.Rows[j].Cells {
				fn(&b.Rows[j].Cells[k].ID)
			}
		}
		for j := range b.Pictures {
			fn(&b.Pictures[j].ID)
		}
		EachID(b.Blocks, fn)
	}
}

// Clone returns a copy that shares nothing with d.
func (d Doc) Clone() Doc {
	d.Lead = d.Lead.clone()
	if d.Picture != nil {
		p := d.Picture.clone()
		d.Picture = &p
	}
	d.Blocks = cloneAll(d.Blocks, Block.Clone)
	return d
}

// Clone returns a copy that shares nothing with b.
func (b Block) Clone() Block {
	b.Text = b.Text.clone()
	b.Items = cloneAll(b.Items, func(i Item) Item { i.Text = i.Text.clone(); return i })
	b.Pictures = cloneAll(b.Pictures, Picture.clone)
	b.Rows = cloneAll(b.Rows, func(r Row) Row {
		r.Cells = cloneAll(r.Cells, func(c Cell) Cell { c.Text = c.Text.clone(); return c })
		return r
	})
	b.Blocks = cloneAll(b.Blocks, Block.Clone)
	if b.Embed != nil {
		e := *b.Embed
		b.Embed = &e
	}
	return b
}

func (p Picture) clone() Picture {
	p.Caption = p.Caption.clone()
	return p
}

func (in Inline) clone() Inline {
	return cloneAll(in, func(s Span) Span { s.Marks = slices.Clone(s.Marks); return s })
}

func cloneAll[S ~[]E, E any](in S, one func(E) E) S {
	if in == nil {
		return nil
	}
	out := make(S, len(in))
	for i, e := range in {
		out[i] = one(e)
	}
	return out
}
