package document

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"depesche/internal/lang"
)

// quotation reads a quotation; caption says who said it, where that stands outside of it.
func (f *flow) quotation(n, caption *html.Node, c context) {
	f.end()
	if link := socialLink(n); link != "" {
		if e, ok := f.r.embedRef(link, collapse(textOf(n))); ok {
			f.put(Block{Kind: Embed, Embed: &e})
			return
		}
	}
	b := Block{Kind: Quotation}
	if caption == nil {
		caption = attributionIn(n)
		if caption != nil {
			caption.Parent.RemoveChild(caption)
		}
	}
	blocks := f.r.blocks(n, c)
	simple := func(x Block) bool {
		return x.Kind == Paragraph || x.Kind == Quotation && len(x.Speaker+x.Original+x.Source) == 0
	}
	if slices.ContainsFunc(blocks, func(x Block) bool { return !simple(x) }) {
		// More than a quotation: an indented part of a page.
		f.r.remark(RemarkQuotation, n.Data)
		f.put(blocks...)
		if caption != nil {
			f.put(f.r.blocks(caption, c)...)
		}
		return
	}
	var text Inline
	for i, x := range blocks {
		if i > 0 {
			text = append(text, Span{Text: "\n"})
		}
		text = append(text, x.Text...)
	}
	b.Text = oneText(text)
	if caption != nil {
		f.r.attributed(&b, caption)
	}
	f.r.ownWording(&b)
	if len(b.Text) == 0 {
		f.put(wordsOf(b)...)
		return
	}
	f.put(b)
}

// ownWording makes the original wording the text where a page would show it as that: if there is no
// other, or if it is in the edition's language.
func (r *htmlReader) ownWording(b *Block) {
	l, own := lang.Tag(b.OriginalLang), r.o.Lang
	switch {
	case b.Original == "" || b.OriginalLang != "" && !validLang(b.OriginalLang):
		b.OriginalLang = ""
	case own != "" && l != "" && l.Base() == own.Base() && l.Script() == own.Script():
		b.Text, b.Original, b.OriginalLang = Text(b.Original), "", ""
	case len(b.Text) == 0:
		b.Text = Text(b.Original)
		if l != "" {
			b.Text[0].Marks = []Mark{{Type: Foreign, Lang: b.OriginalLang}}
		}
		b.Original, b.OriginalLang = "", ""
	}
}

// wordsOf keeps who would have said something.
func wordsOf(b Block) []Block {
	if b.Speaker == "" {
		return nil
	}
	return []Block{{Kind: Paragraph, Text: Text(b.Speaker)}}
}

// attributionIn finds who said it at the end of a quotation.
func attributionIn(n *html.Node) *html.Node {
	for child := n.LastChild; child != nil; child = child.PrevSibling {
		if child.Type == html.TextNode && strings.TrimSpace(child.Data) == "" {
			continue
		}
		if child.Type == html.ElementNode && (child.Data == "cite" || child.Data == "footer") {
			return child
		}
		// <p><cite>N</cite></p>, as feeds have it.
		if child.Type == html.ElementNode && child.Data == "p" && child.PrevSibling != nil && child.FirstChild != nil && child.FirstChild.Data == "cite" {
			return child
		}
		return nil
	}
	return nil
}

// captioned gathers what our own pages say below a quotation where a figure has it, and reports whether
// this is such a quotation.
func captioned(n *html.Node) bool {
	if quote := n.FirstChild; quote == nil || quote.Data != "blockquote" {
		return false
	}
	caption := &html.Node{Type: html.ElementNode, Data: "figcaption", DataAtom: atom.Figcaption}
	for child := n.FirstChild.NextSibling; child != nil; child = n.FirstChild.NextSibling {
		n.RemoveChild(child)
		if !hasClass(child, "said") {
			caption.AppendChild(child)
			continue
		}
		for in := child.FirstChild; in != nil; in = child.FirstChild {
			child.RemoveChild(in)
			caption.AppendChild(in)
		}
	}
	if caption.FirstChild != nil {
		n.AppendChild(caption)
	}
	return true
}

// attributed reads who said it, from which source, and the original wording.
func (r *htmlReader) attributed(b *Block, caption *html.Node) {
	if original := find(caption, func(n *html.Node) bool { return hasClass(n, "original") }); original != nil {
		if words := find(original, func(n *html.Node) bool { return n.Data == "span" && !hasClass(n, "label") }); words != nil {
			b.Original = oneText(r.plainOf(words)).Plain()
			b.OriginalLang = attrIn(words, "lang")
		}
		original.Parent.RemoveChild(original)
	}
	if r.o.Source != nil {
		for _, a := range slices.Collect(elements(caption, "a")) {
			id, ok := r.o.Source(attrIn(a, "href"))
			if !ok || !validRef(id) {
				continue
			}
			b.Source = id
			if a.Parent == caption {
				// The source's name, with the comma before it.
				if before := a.PrevSibling; before != nil && before.Type == html.TextNode && strings.Trim(before.Data, ",،， ") == "" {
					caption.RemoveChild(before)
				}
				caption.RemoveChild(a)
			}
			break
		}
	}
	speaker := strings.ReplaceAll(oneText(r.plainOf(caption)).Plain(), "\n", " ")
	b.Speaker = strings.TrimLeft(speaker, "–—―- \u00a0")
}

// plainOf is the text of n without marks.
func (r *htmlReader) plainOf(n *html.Node) Inline {
	var out Inline
	for _, b := range r.blocks(n, context{}) {
		if len(out) > 0 {
			out = append(out, Span{Text: "\n"})
		}
		out = append(out, Text(b.Plain())...)
	}
	return out
}

// socialLink is the address of a post that a page shows as a quotation until a script comes.
func socialLink(n *html.Node) string {
	if !hasClass(n, "twitter-tweet", "instagram-media", "tiktok-embed", "bluesky-embed", "mastodon-embed", "reddit-card", "text-post-media") {
		return ""
	}
	if at := attrIn(n, "cite", "data-instgrm-permalink"); at != "" {
		return at
	}
	last := ""
	for a := range elements(n, "a") {
		last = attrIn(a, "href")
	}
	return last
}
