package document

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func (r *htmlReader) list(n *html.Node, ordered bool) {
	r.endParagraph()
	b := Block{Kind: List, Ordered: ordered}
	var others []Block
	var walk func(*html.Node, int)
	walk = func(list *html.Node, depth int) {
		for c := list.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode {
				if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" {
					b.Items = append(b.Items, Item{ID: r.o.IDs(), Text: Text(foldSpace(c.Data))})
				}
				continue
			}
			if isList(c) { // a list beside its entry, as browsers read bad markup
				if depth < maxHTMLDepth {
					r.remark(RemarkNested, c.Data)
					walk(c, depth+1)
				}
				continue
			}
			shell, nested := splitLists(c)
			text, more := r.inner(shell)
			if len(text) > 0 {
				b.Items = append(b.Items, Item{ID: r.o.IDs(), Text: text})
			}
			others = append(others, more...)
			for _, l := range nested {
				if depth < maxHTMLDepth {
					r.remark(RemarkNested, l.Data)
					walk(l, depth+1)
				}
			}
		}
	}
	walk(n, 0)
	if len(b.Items) > 0 {
		r.put(b)
	}
	r.out = append(r.out, others...)
}

func isList(n *html.Node) bool { return n.DataAtom == atom.Ul || n.DataAtom == atom.Ol }

// splitLists parts an entry from the lists in it.
func splitLists(item *html.Node) (*html.Node, []*html.Node) {
	shell := &html.Node{Type: html.ElementNode, Data: item.Data, DataAtom: item.DataAtom, Attr: item.Attr}
	var nested []*html.Node
	for c := item.FirstChild; c != nil; {
		next := c.NextSibling
		item.RemoveChild(c)
		if c.Type == html.ElementNode && isList(c) {
			nested = append(nested, c)
		} else {
			shell.AppendChild(c)
		}
		c = next
	}
	return shell, nested
}

// quotation reads a quotation; a cite or footer in it is who said so.
func (r *htmlReader) quotation(n *html.Node) {
	r.endParagraph()
	speaker := ""
	var cut func(*html.Node, int)
	cut = func(p *html.Node, depth int) {
		for c := p.FirstChild; c != nil && depth < maxHTMLDepth; {
			next := c.NextSibling
			if c.Type == html.ElementNode && (c.DataAtom == atom.Cite || c.DataAtom == atom.Footer) && speaker == "" {
				speaker = strings.TrimLeft(strings.TrimSpace(foldSpace(textOf(c))), "—–- ")
				p.RemoveChild(c)
			} else {
				cut(c, depth+1)
			}
			c = next
		}
	}
	cut(n, 0)
	text, others := r.inner(n)
	switch {
	case len(text) > 0:
		r.put(Block{Kind: Quotation, Text: text, Speaker: speaker})
	case speaker != "":
		r.put(Block{Kind: Paragraph, Text: Text(speaker)})
	}
	r.out = append(r.out, others...)
}

// textOf is all text below a node.
func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// figure reads a picture with its caption, several as a gallery, or whatever else it frames.
func (r *htmlReader) figure(n *html.Node) {
	r.endParagraph()
	var images []*html.Node
	var caption *html.Node
	for c := range n.Descendants() {
		switch c.DataAtom {
		case atom.Img:
			images = append(images, c)
		case atom.Figcaption:
			if caption == nil {
				caption = c
			}
		}
	}
	if len(images) == 0 {
		r.flow(n, nil)
		r.endParagraph()
		return
	}
	var text Inline
	if caption != nil {
		text, _ = r.inner(caption)
	}
	from := len(r.out)
	for i, img := range images {
		if i > 0 {
			text = nil
		}
		r.image(img, text)
	}
	r.gather(from)
}

// gather makes one gallery of the pictures that stand in a row from an index on.
func (r *htmlReader) gather(from int) {
	if len(r.out)-from < 2 {
		return
	}
	g := Block{ID: r.o.IDs(), Kind: Gallery}
	for _, b := range r.out[from:] {
		if b.Kind != PictureK {
			return
		}
		g.Pictures = append(g.Pictures, b.Pictures...)
	}
	r.out = append(r.out[:from], g)
}

func (r *htmlReader) image(n *html.Node, caption Inline) {
	src, alt := attr(n, "src"), strings.TrimSpace(attr(n, "alt"))
	if r.o.Picture != nil && src != "" {
		if p, ok := r.o.Picture(src, alt, caption); ok {
			r.put(Block{Kind: PictureK, Pictures: []Picture{p}})
			return
		}
	}
	r.remark(RemarkPicture, src)
	if len(caption) > 0 {
		r.put(Block{Kind: Paragraph, Text: caption})
	}
}

func (r *htmlReader) embed(n *html.Node) {
	src, title := attr(n, "src"), attr(n, "title")
	if src == "" {
		src = attr(n, "data")
	}
	for c := range n.Descendants() {
		if src == "" && c.DataAtom == atom.Source {
			src = attr(c, "src")
		}
	}
	if r.o.Embed != nil && src != "" {
		if e, ok := r.o.Embed(src, title); ok {
			r.put(Block{Kind: Embed, Embed: &e})
			return
		}
	}
	r.remark(RemarkEmbed, src)
}

// table reads rows and cells; a cell that spans several is followed by empty ones.
func (r *htmlReader) table(n *html.Node) {
	r.endParagraph()
	b := Block{Kind: Table}
	var others []Block
	headers := 0
	var rows func(*html.Node, int)
	rows = func(p *html.Node, depth int) {
		for c := p.FirstChild; c != nil && depth < 8; c = c.NextSibling {
			switch c.DataAtom {
			case atom.Tr:
				row, all := Row{ID: r.o.IDs()}, true
				for cell := c.FirstChild; cell != nil; cell = cell.NextSibling {
					if cell.DataAtom != atom.Td && cell.DataAtom != atom.Th {
						continue
					}
					all = all && cell.DataAtom == atom.Th
					text, more := r.inner(cell)
					others = append(others, more...)
					row.Cells = append(row.Cells, Cell{ID: r.o.IDs(), Text: text})
					span, _ := strconv.Atoi(attr(cell, "colspan"))
					for range min(max(span, 1), 20) - 1 {
						row.Cells = append(row.Cells, Cell{ID: r.o.IDs()})
					}
				}
				if len(row.Cells) > 0 {
					if len(b.Rows) == 0 && (all || p.DataAtom == atom.Thead) {
						headers = 1
					}
					b.Rows = append(b.Rows, row)
				}
			case atom.Caption:
				if text, _ := r.inner(c); len(text) > 0 {
					r.put(Block{Kind: Paragraph, Text: text})
				}
			default:
				rows(c, depth+1)
			}
		}
	}
	rows(n, 0)
	b.Header = headers == 1 && len(b.Rows) > 1
	if r.layoutTable(b) {
		for _, row := range b.Rows {
			for _, c := range row.Cells {
				if len(c.Text) > 0 {
					r.put(Block{Kind: Paragraph, Text: c.Text})
				}
			}
		}
	} else if len(b.Rows) > 0 {
		r.put(b)
	}
	r.out = append(r.out, others...)
}

// layoutTable is a table of one column or one cell: it holds text, not figures.
func (r *htmlReader) layoutTable(b Block) bool {
	for _, row := range b.Rows {
		if len(row.Cells) > 1 {
			return false
		}
	}
	return true
}
