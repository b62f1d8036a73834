package document

import "slices"

// Shape is a way in which a translation can be built otherwise than its source.
type Shape string

// The ways.
const (
	ShapeOrder     Shape = "order"     // blocks, or parts of them, stand in another order
	ShapeKind      Shape = "kind"      // a paragraph is a heading, a list is numbered
	ShapePicture   Shape = "picture"   // a picture is another, more or gone
	ShapeEmbed     Shape = "embed"     // likewise of embeds and rules
	ShapeQuotation Shape = "quotation" // the original wording or the source of a quotation
)

// Reshape returns target built as its source is, and in which ways it was built otherwise. Only what no
// row of a translation asks for is looked at: segments that target lacks stay missing, and those that
// source lacks stay.
//
// Earlier are former states of the source. Where target is as source never was, it is so on purpose and
// stays. Nothing typed is lost but what goes with a picture, an embed or a speaker that source has no more.
func Reshape(source, target Doc, earlier ...Doc) (Doc, []Shape) {
	r := reshaping{source: source, target: target.Clone(), earlier: earlier}
	r.headPicture()
	r.gone()
	for _, s := range source.Blocks {
		r.block(s)
	}
	r.blocksInOrder()
	return r.target.Normal(), r.shapes
}

type reshaping struct {
	source, target Doc
	earlier        []Doc
	shapes         []Shape
}

func (r *reshaping) did(s Shape) {
	if !slices.Contains(r.shapes, s) {
		r.shapes = append(r.shapes, s)
	}
}

// had reports whether the source had a block of which that holds.
func (r *reshaping) had(id ID, that func(Block) bool) bool {
	return slices.ContainsFunc(r.earlier, func(d Doc) bool {
		i := indexOf(d.Blocks, id)
		return i >= 0 && that(d.Blocks[i])
	})
}

func (r *reshaping) hadPart(id ID) bool {
	return slices.ContainsFunc(r.earlier, func(d Doc) bool { return idsOf(d.Blocks)[id] })
}

func idsOf(blocks []Block) map[ID]bool {
	out := map[ID]bool{}
	EachID(blocks, func(id *ID) { out[*id] = true })
	return out
}

func (r *reshaping) headPicture() {
	s, t := r.source.Picture, r.target.Picture
	once := func(p *Picture) bool {
		return slices.ContainsFunc(r.earlier, func(d Doc) bool {
			return (d.Picture == nil) == (p == nil) && (p == nil || d.Picture.ID == p.ID && d.Picture.Media == p.Media)
		})
	}
	if s == nil && t == nil || s != nil && t != nil && s.ID == t.ID && s.Media == t.Media || !once(t) {
		return
	}
	// It was there already and was taken out here.
	if t == nil && once(s) {
		return
	}
	r.did(ShapePicture)
	bare := Skeleton(r.source).Picture
	if s != nil && t != nil && s.ID == t.ID {
		bare.Caption, bare.Alt, bare.Credit = t.Caption, t.Alt, t.Credit
	}
	r.target.Picture = bare
}

// gone takes out pictures, embeds and rules that the source has no more.
func (r *reshaping) gone() {
	now := idsOf(r.source.Blocks)
	if r.source.Picture != nil {
		now[r.source.Picture.ID] = true
	}
	gone := func(id ID) bool { return !now[id] && r.hadPart(id) }
	var out []Block
	for _, b := range r.target.Blocks {
		switch {
		case pictured(b.Kind):
			n := len(b.Pictures)
			if b.Pictures = slices.DeleteFunc(b.Pictures, func(p Picture) bool { return gone(p.ID) }); len(b.Pictures) < n {
				r.did(ShapePicture)
			}
			if len(b.Pictures) == 0 {
				continue
			}
			b = asPictures(b)
		case b.Kind == Embed || b.Kind == Rule:
			if gone(b.ID) {
				r.did(ShapeEmbed)
				continue
			}
		}
		out = append(out, b)
	}
	r.target.Blocks = out
}

func (r *reshaping) block(s Block) {
	j := indexOf(r.target.Blocks, s.ID)
	if j < 0 {
		r.absent(s)
		return
	}
	t := r.target.Blocks[j]
	switch {
	case pictured(s.Kind) && pictured(t.Kind):
		r.pictures(s, j)
	case s.Kind != t.Kind:
		if r.had(s.ID, func(b Block) bool { return b.Kind == t.Kind }) {
			r.did(ShapeKind)
			recast(&r.target, j, bare(s))
		}
	default:
		r.movedIn(s)
		if j = indexOf(r.target.Blocks, s.ID); j >= 0 {
			r.attributes(s, &r.target.Blocks[j])
			r.partsInOrder(s, &r.target.Blocks[j])
		}
	}
}

// absent brings in what has no text to be translated, and what target has elsewhere.
func (r *reshaping) absent(s Block) {
	there := idsOf(r.target.Blocks)
	elsewhere := false
	EachID([]Block{s}, func(id *ID) { elsewhere = elsewhere || there[*id] })
	kind := ShapeOrder
	if !elsewhere {
		silent := !slices.ContainsFunc(Segments(Doc{Blocks: []Block{s}}), func(x Segment) bool { return !x.Fixed })
		if !silent || r.hadPart(s.ID) {
			return
		}
		switch {
		case pictured(s.Kind):
			kind = ShapePicture
		case s.Kind == Embed || s.Kind == Rule:
			kind = ShapeEmbed
		default:
			return
		}
	}
	r.did(kind)
	r.target, _ = Place(r.source, r.target, s.ID)
}

// movedIn brings parts that stand elsewhere in target to the block that they are in now.
func (r *reshaping) movedIn(s Block) {
	i := indexOf(r.target.Blocks, s.ID)
	inHere := idsOf(r.target.Blocks[i : i+1])
	all := idsOf(r.target.Blocks)
	moved := false
	EachID([]Block{s}, func(id *ID) { moved = moved || all[*id] && !inHere[*id] })
	if moved {
		r.did(ShapeOrder)
		r.target, _ = Conform(r.source, r.target, s.ID)
	}
}

func (r *reshaping) pictures(s Block, j int) {
	t := r.target.Blocks[j].Clone()
	for k := range t.Pictures {
		p := &t.Pictures[k]
		for _, q := range s.Pictures {
			if q.ID == p.ID && q.Media != p.Media && r.had(s.ID, hasPicture(*p)) {
				p.Media = q.Media
				r.did(ShapePicture)
			}
		}
	}
	more := slices.Clone(s.Pictures)
	more = slices.DeleteFunc(more, func(p Picture) bool {
		return !slices.ContainsFunc(t.Pictures, func(q Picture) bool { return p.ID == q.ID }) && (r.hadPart(p.ID) || len(p.Caption) > 0 || p.Alt != "" || p.Credit != "")
	})
	if len(more) > 0 {
		n := len(t.Pictures)
		if t.Pictures = conform(more, t.Pictures, pictureID, nil); len(t.Pictures) > n {
			r.did(ShapePicture)
		}
	}
	t = asPictures(t)
	r.partsInOrder(s, &t)
	r.target.Blocks[j] = t
}

func hasPicture(p Picture) func(Block) bool {
	return func(b Block) bool {
		return slices.ContainsFunc(b.Pictures, func(q Picture) bool { return q.ID == p.ID && q.Media == p.Media })
	}
}

// attributes gives t what belongs to a block besides its texts.
func (r *reshaping) attributes(s Block, t *Block) {
	if (s.Level != t.Level || s.Ordered != t.Ordered || s.Header != t.Header) &&
		r.had(s.ID, func(b Block) bool { return b.Level == t.Level && b.Ordered == t.Ordered && b.Header == t.Header }) {
		t.Level, t.Ordered, t.Header = s.Level, s.Ordered, s.Header
		r.did(ShapeKind)
	}
	if (s.Source != t.Source || s.Original != t.Original || s.OriginalLang != t.OriginalLang) &&
		r.had(s.ID, func(b Block) bool {
			return b.Source == t.Source && b.Original == t.Original && b.OriginalLang == t.OriginalLang
		}) {
		t.Source, t.Original, t.OriginalLang = s.Source, s.Original, s.OriginalLang
		r.did(ShapeQuotation)
	}
	if s.Embed != nil && t.Embed != nil && (s.Embed.URL != t.Embed.URL || s.Embed.Media != t.Embed.Media) &&
		r.had(s.ID, func(b Block) bool {
			return b.Embed != nil && b.Embed.URL == t.Embed.URL && b.Embed.Media == t.Embed.Media
		}) {
		e := *s.Embed
		e.Title = t.Embed.Title
		t.Embed = &e
		r.did(ShapeEmbed)
	}
}

func (r *reshaping) partsInOrder(s Block, t *Block) {
	parts := func(list func(Block) []ID) (out [][]ID) {
		for _, d := range r.earlier {
			if i := indexOf(d.Blocks, s.ID); i >= 0 {
				out = append(out, list(d.Blocks[i]))
			}
		}
		return out
	}
	sorted := inOrder(s.Items, t.Items, func(x Item) ID { return x.ID }, parts(func(b Block) []ID { return idList(b.Items, func(x Item) ID { return x.ID }) }), &t.Items)
	sorted = inOrder(s.Rows, t.Rows, func(x Row) ID { return x.ID }, parts(func(b Block) []ID { return idList(b.Rows, func(x Row) ID { return x.ID }) }), &t.Rows) || sorted
	sorted = inOrder(s.Pictures, t.Pictures, pictureID, parts(func(b Block) []ID { return idList(b.Pictures, pictureID) }), &t.Pictures) || sorted
	sorted = inOrder(s.Blocks, t.Blocks, blockID, parts(func(b Block) []ID { return idList(b.Blocks, blockID) }), &t.Blocks) || sorted
	if sorted {
		r.did(ShapeOrder)
	}
}

func (r *reshaping) blocksInOrder() {
	var before [][]ID
	for _, d := range r.earlier {
		before = append(before, idList(d.Blocks, blockID))
	}
	if inOrder(r.source.Blocks, r.target.Blocks, blockID, before, &r.target.Blocks) {
		r.did(ShapeOrder)
	}
}

func blockID(b Block) ID { return b.ID }

func idList[E any](list []E, id func(E) ID) (out []ID) {
	for _, e := range list {
		out = append(out, id(e))
	}
	return out
}

// inOrder puts what both have into the source's order, if it stands in one that the source once had.
func inOrder[E any](source, target []E, id func(E) ID, before [][]ID, dst *[]E) bool {
	now, here := idList(source, id), idList(target, id)
	if slices.Equal(among(here, now), among(now, here)) ||
		!slices.ContainsFunc(before, func(was []ID) bool { return slices.Equal(among(among(here, now), was), among(among(was, now), here)) }) {
		return false
	}
	both := slices.DeleteFunc(slices.Clone(source), func(e E) bool { return !slices.Contains(here, id(e)) })
	*dst = conform(both, target, id, nil)
	return true
}

// among returns those of the list that are in the other one too.
func among(list, other []ID) []ID {
	return slices.DeleteFunc(slices.Clone(list), func(id ID) bool { return !slices.Contains(other, id) })
}
