package document

import (
	"slices"
	"strings"
	"unicode"
)

// IDSource makes IDs for new blocks, items, rows, cells and pictures.
type IDSource func() ID

// Clean repairs what [Validate] would refuse, without losing text: what doesn't fit where it stands
// becomes a block of its own right after. IDs that are missing, malformed or used before are made
// anew by ids; marks and references that can't be kept are dropped, their text stays.
//
// A headline, kicker or teaser that is too long is shortened, and stands whole in front of the text.
// Else it doesn't cut: a document beyond the limits stays beyond them. Everything else that it returns
// passes Validate.
func Clean(d Doc, ids IDSource) Doc {
	d = d.Clone()
	c := cleaner{ids: ids}
	visit(&d, func(p part) {
		if p.Inline != nil {
			*p.Inline = cleanMarks(*p.Inline)
		}
	})
	d = d.Normal()
	if !validSlug(d.Slug) {
		d.Slug = cleanSlug(d.Slug)
	}
	blocks := c.head(&d)
	if p := d.Picture; p != nil && !validRef(p.Media) {
		blocks = append(blocks, c.words(*p)...)
		d.Picture = nil
	}
	for _, b := range d.Blocks {
		blocks = append(blocks, c.block(b)...)
	}
	d.Blocks = blocks
	c.renew(&d)
	return d.Normal()
}

type cleaner struct{ ids IDSource }

// head shortens what is too long to stand above a story, and returns it whole as paragraphs.
func (c *cleaner) head(d *Doc) []Block {
	var out []Block
	visitHead(d, func(at Address, text *string) {
		limit := headLimits[at]
		if !longer(*text, limit) || longer(*text, MaxText) {
			return
		}
		out = append(out, Block{ID: c.ids(), Kind: Paragraph, Text: Text(*text)})
		short := firstRunes(*text, limit-1)
		if i := strings.LastIndexByte(short, ' '); i > len(short)/2 {
			short = short[:i]
		}
		*text = strings.TrimRightFunc(short, unicode.IsSpace) + "…"
	})
	return out
}

// block returns b as one valid block, with what it may not contain behind it.
func (c *cleaner) block(b Block) []Block {
	fields, known := fieldsOf(b.Kind)
	if !known {
		b.Kind, fields = Paragraph, []string{"text"}
	}
	rest := c.spill(&b, fields)
	switch b.Kind {
	case Heading:
		b.Level = min(max(b.Level, MinLevel), MaxLevel)
	case List:
		if len(b.Items) == 0 {
			b.Items = []Item{{ID: c.ids()}}
		}
	case Quotation:
		if !validRef(b.Source) {
			b.Source = ""
		}
		if !validLang(b.OriginalLang) {
			b.OriginalLang = ""
		}
	case PictureK, Gallery:
		return append(c.pictures(b), rest...)
	case Table:
		c.table(&b)
	case FactBox:
		var out []Block
		b.Blocks, out = c.inBox(b.Blocks)
		rest = append(out, rest...)
	case Embed:
		return append(c.embed(b), rest...)
	}
	return append([]Block{b}, rest...)
}

// spill takes out of b what its kind has no field for and returns it as blocks.
func (c *cleaner) spill(b *Block, fields []string) []Block {
	var out []Block
	foreign := func(field string) bool { return !slices.Contains(fields, field) }
	block := func(n Block) {
		n.ID = c.ids()
		out = append(out, c.block(n)...)
	}
	text := func(s *string) {
		if *s != "" {
			block(Block{Kind: Paragraph, Text: Text(*s)})
		}
		*s = ""
	}
	if foreign("title") {
		text(&b.Title)
	}
	if foreign("text") && len(b.Text) > 0 {
		block(Block{Kind: Paragraph, Text: b.Text})
		b.Text = nil
	}
	if foreign("items") && len(b.Items) > 0 {
		block(Block{Kind: List, Items: b.Items, Ordered: b.Ordered})
		b.Items = nil
	}
	if foreign("original") {
		text(&b.Original)
		text(&b.Speaker)
		b.Source, b.OriginalLang = "", ""
	}
	if foreign("pictures") && len(b.Pictures) > 0 {
		block(Block{Kind: Gallery, Pictures: b.Pictures})
		b.Pictures = nil
	}
	if foreign("rows") && len(b.Rows) > 0 {
		block(Block{Kind: Table, Rows: b.Rows, Header: b.Header})
		b.Rows = nil
	}
	if foreign("blocks") {
		for _, n := range b.Blocks {
			out = append(out, c.block(n)...)
		}
		b.Blocks = nil
	}
	if foreign("embed") && b.Embed != nil {
		block(Block{Kind: Embed, Embed: b.Embed})
		b.Embed = nil
	}
	if foreign("level") {
		b.Level = 0
	}
	b.Ordered = b.Ordered && !foreign("ordered")
	b.Header = b.Header && !foreign("header")
	return out
}

// words keeps what was written about a picture that isn't there.
func (c *cleaner) words(p Picture) []Block {
	var out []Block
	for _, in := range []Inline{p.Caption, Text(p.Alt), Text(p.Credit)} {
		if len(in) > 0 {
			out = append(out, Block{ID: c.ids(), Kind: Paragraph, Text: in})
		}
	}
	return out
}

func (c *cleaner) pictures(b Block) []Block {
	var kept []Picture
	var rest []Block
	for _, p := range b.Pictures {
		if validRef(p.Media) {
			kept = append(kept, p)
		} else {
			rest = append(rest, c.words(p)...)
		}
	}
	b.Pictures = kept
	switch len(kept) {
	case 0:
		return rest
	case 1:
		b.Kind = PictureK
	default:
		b.Kind = Gallery
	}
	return append([]Block{b}, rest...)
}

func (c *cleaner) table(b *Block) {
	width := 1
	for _, r := range b.Rows {
		width = max(width, len(r.Cells))
	}
	if len(b.Rows) == 0 {
		b.Rows = []Row{{ID: c.ids()}}
	}
	for i := range b.Rows {
		for len(b.Rows[i].Cells) < width {
			b.Rows[i].Cells = append(b.Rows[i].Cells, Cell{ID: c.ids()})
		}
	}
}

// inBox makes the inside of a fact box. What may not stand there comes back as rest, unless it is
// text that a paragraph can hold.
func (c *cleaner) inBox(blocks []Block) (inside, rest []Block) {
	var clean []Block
	for _, b := range blocks {
		clean = append(clean, c.block(b)...)
	}
	for _, b := range clean {
		switch b.Kind {
		case Paragraph, List:
			inside = append(inside, b)
		case Heading:
			b.Kind, b.Level = Paragraph, 0
			inside = append(inside, b)
		case FactBox:
			if b.Title != "" {
				inside = append(inside, Block{ID: b.ID, Kind: Paragraph, Text: Text(b.Title)})
			}
			inside = append(inside, b.Blocks...)
		default:
			rest = append(rest, b)
		}
	}
	if len(inside) == 0 {
		inside = []Block{{ID: c.ids(), Kind: Paragraph}}
	}
	return inside, rest
}

// embed makes a paragraph with a link, or at least with the text, of what can't be embedded.
func (c *cleaner) embed(b Block) []Block {
	if b.Embed == nil {
		return nil
	}
	if validEmbed(b.Embed.URL) {
		if !validRef(b.Embed.Media) {
			b.Embed.Media = ""
		}
		return []Block{b}
	}
	title, url := b.Embed.Title, tidy(b.Embed.URL, false)
	in := Text(title)
	switch href, ok := RepairHref(url); {
	case ok && title == "":
		in = Inline{{Text: url, Marks: []Mark{{Type: Link, Href: href}}}}
	case ok:
		in = Inline{{Text: title, Marks: []Mark{{Type: Link, Href: href}}}}
	case title == "":
		in = Text(url)
	}
	if len(in) == 0 {
		return nil
	}
	return []Block{{ID: b.ID, Kind: Paragraph, Text: in}}
}

// cleanMarks drops the marks that can't be kept: the first of a type wins, and a link to a story
// over another link.
func cleanMarks(in Inline) Inline {
	for i := range in {
		var kept []Mark
		for _, m := range in[i].Marks {
			if m, ok := cleanMark(m); ok && !slices.ContainsFunc(kept, func(k Mark) bool { return k.Type == m.Type }) {
				kept = append(kept, m)
			}
		}
		if slices.ContainsFunc(kept, func(m Mark) bool { return m.Type == StoryLink }) {
			kept = slices.DeleteFunc(kept, func(m Mark) bool { return m.Type == Link })
		}
		in[i].Marks = kept
	}
	return in
}

func cleanMark(m Mark) (Mark, bool) {
	out := Mark{Type: m.Type}
	switch m.Type {
	case Link:
		href, ok := RepairHref(m.Href)
		out.Href = href
		return out, ok
	case StoryLink:
		out.Story = m.Story
	case SourceRef:
		out.Source = m.Source
	case Foreign:
		out.Lang = m.Lang
	}
	key, _ := markProblem(out)
	return out, key == ""
}

// RepairHref makes an address that is safe by [SafeHref] of what people write, if it can be one.
func RepairHref(href string) (string, bool) {
	href = strings.TrimSpace(href)
	if len(href) > 4 && strings.EqualFold(href[:4], "www.") {
		href = "https://" + href
	}
	href = hrefEscapes.Replace(href)
	return href, SafeHref(href)
}

// hrefEscapes writes the characters that browsers take in an address and we don't.
var hrefEscapes = strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "^", "%5E", "`", "%60", "{", "%7B", "|", "%7C", "}", "%7D")

// cleanSlug makes hyphens of what may not stand in a slug.
func cleanSlug(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		r = unicode.ToLower(r)
		if n == MaxSlug {
			break
		}
		if inSlug(r) {
			b.WriteRune(r)
			n++
		} else if n > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
			n++
		}
	}
	return strings.Trim(b.String(), "-")
}

// renew gives each thing that has no proper ID, or one that something before it has, a new one.
func (c *cleaner) renew(d *Doc) {
	seen := map[ID]bool{}
	one := func(id *ID) {
		for tries := 0; !validName(string(*id), MaxID) || seen[*id]; tries++ {
			if tries == 100 {
				panic("document: the source of IDs repeats itself or makes malformed ones")
			}
			*id = c.ids()
		}
		seen[*id] = true
	}
	if d.Picture != nil {
		one(&d.Picture.ID)
	}
	EachID(d.Blocks, one)
}
