package document

import "strings"

// Plain returns the text without its marks.
func (in Inline) Plain() string {
	if len(in) == 1 {
		return in[0].Text
	}
	var b strings.Builder
	for _, s := range in {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Plain returns the document as a person reads it, without slug and teaser: a paragraph a segment,
// the cells of a row on one line. It is for search, for counting and for mail without HTML.
func (d Doc) Plain() string {
	var b strings.Builder
	para := func(s string) {
		if s == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteString("\n\n")
		}
		b.WriteString(s)
	}
	para(d.Kicker)
	para(d.Headline)
	para(d.Lead.Plain())
	if d.Picture != nil {
		para(d.Picture.plain())
	}
	for i := range d.Blocks {
		para(d.Blocks[i].Plain())
	}
	return b.String()
}

// Plain returns the block as a person reads it.
func (b Block) Plain() string {
	var lines []string
	line := func(s string) {
		if s != "" {
			lines = append(lines, s)
		}
	}
	line(b.Title)
	line(b.Text.Plain())
	for _, it := range b.Items {
		line(it.Text.Plain())
	}
	line(b.Speaker)
	line(b.Original)
	for _, r := range b.Rows {
		cells := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			cells[i] = c.Text.Plain()
		}
		line(strings.TrimRight(strings.Join(cells, "\t"), "\t"))
	}
	for _, p := range b.Pictures {
		line(p.plain())
	}
	if b.Embed != nil {
		line(b.Embed.Title)
	}
	for _, in := range b.Blocks {
		line(in.Plain())
	}
	return strings.Join(lines, "\n")
}

func (p Picture) plain() string {
	var lines []string
	for _, s := range []string{p.Caption.Plain(), p.Alt, p.Credit} {
		if s != "" {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n")
}

// Text makes running text of s, without marks.
func Text(s string) Inline { return Inline{{Text: s}}.Normal() }
