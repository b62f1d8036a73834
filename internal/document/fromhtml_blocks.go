package document

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// paragraph is a <p>, which for word processors is also an entry of a list.
func (f *flow) paragraph(n *html.Node, c context) {
	mso := styleOf(n)["mso-list"]
	if mso == "" || mso == "none" || !strings.Contains(mso, "level") {
		switch {
		case hasClass(n, "MsoQuote", "MsoIntenseQuote"):
			f.quotation(n, nil, c)
		case hasClass(n, "MsoTitle"):
			f.within(Heading, MinLevel, n, c)
		default:
			f.within(f.kind, f.level, n, c)
		}
		return
	}
	f.end()
	marker := find(n, func(d *html.Node) bool { return strings.HasPrefix(styleOf(d)["mso-list"], "ignore") })
	ordered := false
	if marker != nil {
		ordered = orderedMarker.MatchString(strings.TrimSpace(textOf(marker)))
		marker.Parent.RemoveChild(marker)
	}
	if !strings.Contains(mso, "level1") {
		f.r.remark(RemarkNestedList, "p")
	}
	text, rest := f.r.texts(n, c)
	if last := len(f.out) - 1; f.wordList && f.out[last].Ordered == ordered {
		f.out[last].Items = append(f.out[last].Items, Item{f.r.o.IDs(), text})
	} else if len(text) > 0 {
		f.put(Block{Kind: List, Ordered: ordered, Items: []Item{{f.r.o.IDs(), text}}})
	}
	f.wordList = len(rest) == 0 && len(f.out) > 0 && f.out[len(f.out)-1].Kind == List
	if len(rest) > 0 {
		f.put(rest...)
	}
}

var orderedMarker = regexp.MustCompile(`^\(?([0-9]+|[a-zA-Z]|[ivxIVX]+)[.)]`)

// texts reads n as one text; what is no text comes back as blocks.
func (r *htmlReader) texts(n *html.Node, c context) (Inline, []Block) {
	var text Inline
	var rest []Block
	for _, b := range r.blocks(n, c) {
		if b.Kind != Paragraph && b.Kind != Heading {
			rest = append(rest, b)
			continue
		}
		if len(text) > 0 {
			text = append(text, Span{Text: "\n"})
		}
		text = append(text, b.Text...)
	}
	return oneText(text), rest
}

// list reads a list. A document's lists have one level: entries of inner lists stand behind the one
// they belong to.
func (f *flow) list(n *html.Node, c context) {
	f.end()
	if hasClass(n, "wp-block-gallery", "blocks-gallery-grid", "gallery") && find(n, named("img")) != nil {
		f.gallery(n, c)
		return
	}
	b := Block{Kind: List, Ordered: n.Data == "ol"}
	var behind []Block
	item := func(text Inline, rest []Block) {
		if len(text) > 0 {
			b.Items = append(b.Items, Item{f.r.o.IDs(), text})
		}
		for _, x := range rest {
			if x.Kind == List {
				f.r.remark(RemarkNestedList, n.Data)
				b.Items = append(b.Items, x.Items...)
			} else {
				behind = append(behind, x)
			}
		}
	}
	var loose Inline // text between the entries, which shouldn't be there
	for child := range n.ChildNodes() {
		if child.Type == html.ElementNode && (child.Data == "li" || slices.Contains([]string{"ul", "ol", "menu", "dir"}, child.Data)) {
			item(oneText(loose), nil)
			loose = nil
			if child.Data == "li" {
				if !hidden(child) {
					item(f.r.texts(child, f.marked(child, c)))
				}
			} else {
				one := flow{r: f.r, kind: Paragraph}
				one.node(child, c)
				item(nil, one.out)
			}
			continue
		}
		one := flow{r: f.r, kind: Paragraph}
		one.node(child, c)
		loose = append(loose, one.text...)
		one.text = nil
		for _, x := range one.out {
			if x.Kind == Paragraph || x.Kind == Heading {
				item(x.Text, nil)
			} else {
				item(nil, []Block{x})
			}
		}
	}
	item(oneText(loose), nil)
	if len(b.Items) > 0 {
		f.put(b)
	}
	f.put(behind...)
}

func elements(n *html.Node, name string) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		for d := range n.Descendants() {
			if d.Type == html.ElementNode && d.Data == name && !yield(d) {
				return
			}
		}
	}
}

// figure reads what stands in a figure by itself: pictures, a quotation, a table, an embed.
func (f *flow) figure(n *html.Node, c context) {
	f.end()
	caption := find(n, named("figcaption"))
	if quote := find(n, named("blockquote")); quote != nil {
		if caption != nil && caption.Parent != nil {
			caption.Parent.RemoveChild(caption)
		}
		if socialLink(quote) == "" && onlyChild(n, quote) {
			f.quotation(quote, caption, f.marked(quote, c))
			return
		}
		f.children(n, c)
		f.end()
		if caption != nil {
			f.put(f.r.blocks(caption, c)...)
		}
		return
	}
	if a := find(n, named("a")); hasClass(n, "embed") && a != nil {
		title := ""
		if t := find(a, func(n *html.Node) bool { return hasClass(n, "t") }); t != nil {
			title = strings.TrimFunc(collapse(tidy(textOf(t), false)), invisible)
		}
		if title == hostOf(attrIn(a, "href")) {
			title = "" // ours had none
		}
		if e, ok := f.r.embedRef(attrIn(a, "href"), title); ok {
			f.put(Block{Kind: Embed, Embed: &e})
			return
		}
	}
	images := slices.Collect(elements(n, "img"))
	if len(images) == 0 || find(n, named("table", "iframe", "video", "ul", "ol")) != nil && !hasClass(n, "wp-block-gallery", "gallery") {
		f.within(Paragraph, 0, n, c)
		return
	}
	if len(images) > 1 {
		f.gallery(n, c)
		return
	}
	credit := ""
	if caption != nil {
		if span := find(caption, func(n *html.Node) bool { return hasClass(n, "credit") }); span != nil {
			credit = strings.TrimSpace(collapse(textOf(span)))
			span.Parent.RemoveChild(span)
		}
		caption.Parent.RemoveChild(caption)
	}
	f.picture(images[0], caption, credit, f.linkAround(images[0], c))
	images[0].Parent.RemoveChild(images[0])
	f.within(Paragraph, 0, n, c) // whatever else there is
}

// onlyChild reports whether n holds nothing but child.
func onlyChild(n, child *html.Node) bool {
	for x := range n.ChildNodes() {
		if x != child && (x.Type == html.ElementNode || strings.TrimSpace(x.Data) != "" && x.Type == html.TextNode) {
			return false
		}
	}
	return child.Parent == n
}

// aside is a fact box if it says so.
func (f *flow) aside(n *html.Node, c context) {
	if !hasClass(n, "fact", "factbox", "fact-box", "infobox", "info-box") {
		f.within(f.kind, f.level, n, c)
		return
	}
	f.end()
	b := Block{Kind: FactBox}
	inside := n
	if d := n.FirstChild; d != nil && d.Data == "details" && d.Type == html.ElementNode {
		inside = d
	}
	if title := boxTitle(inside); title != nil {
		b.Title = strings.ReplaceAll(oneText(f.r.plainOf(title)).Plain(), "\n", " ")
		title.Parent.RemoveChild(title)
	}
	b.Blocks = f.r.blocks(n, c)
	fits := func(b Block) bool { return b.Kind == Heading || b.Kind == FactBox || slices.Contains(boxKinds, b.Kind) }
	switch {
	case b.Title != "" || slices.ContainsFunc(b.Blocks, fits):
		f.put(b)
	default: // a table, a picture: nothing of it can stand in the box
		for _, x := range b.Blocks {
			f.put(x)
		}
	}
}

// boxTitle is the heading that a box begins with.
func boxTitle(n *html.Node) *html.Node {
	for child := range n.ChildNodes() {
		if child.Type == html.TextNode && strings.TrimSpace(child.Data) == "" {
			continue
		}
		if child.Type == html.ElementNode && (child.Data == "summary" || len(child.Data) == 2 && child.Data[0] == 'h' && child.Data != "hr") {
			return child
		}
		return nil
	}
	return nil
}

func (f *flow) div(n *html.Node, c context) {
	switch {
	case hasClass(n, "gallery", "wp-block-gallery", "tiled-gallery", "galleria") && find(n, named("img")) != nil:
		f.gallery(n, c)
	case hasClass(n, "fact", "factbox", "fact-box", "infobox", "info-box"):
		f.aside(n, c)
	case hasClass(n, "wp-caption") && find(n, named("img")) != nil:
		if text := find(n, func(n *html.Node) bool { return hasClass(n, "wp-caption-text") }); text != nil {
			text.Data = "figcaption"
		}
		f.figure(n, c)
	default:
		f.within(f.kind, f.level, n, c)
	}
}
