package document

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

func (f *flow) linkAround(n *html.Node, c context) context {
	if a := n.Parent; a != nil && a.Data == "a" {
		c.link = f.r.absolute(attrIn(a, "href"))
	}
	return c
}

// picture takes a picture over. Its caption stays even if the picture doesn't.
func (f *flow) picture(n, caption *html.Node, credit string, c context) {
	f.end()
	var text Inline
	var rest []Block
	if caption != nil {
		text, rest = f.r.texts(caption, context{})
	}
	if p, ok := f.r.found(n, text, credit, c.link); ok {
		f.put(Block{Kind: PictureK, Pictures: []Picture{p}})
	} else {
		if len(text) > 0 {
			f.put(Block{Kind: Paragraph, Text: text})
		}
		if credit != "" {
			f.put(Block{Kind: Paragraph, Text: Text(credit)})
		}
	}
	f.put(rest...)
}

// found asks for a picture's place in the library.
func (r *htmlReader) found(n *html.Node, caption Inline, credit, link string) (Picture, bool) {
	src := attrIn(n, "data-src", "data-lazy-src", "data-original", "data-orig-file", "src")
	if src == "" || isPixel(n) {
		return Picture{}, false
	}
	src = r.absolute(src)
	class, _ := attrOf(n, "class")
	if r.o.Picture != nil {
		p, ok := r.o.Picture(FoundPicture{Src: src, Alt: collapse(attrIn(n, "alt")), Title: attrIn(n, "title"), Link: link, Class: class, Caption: caption, Credit: credit})
		if ok && validRef(p.Media) {
			if p.ID == "" {
				p.ID = r.o.IDs()
			}
			if len(p.Caption) == 0 {
				p.Caption = caption
			}
			return p, true
		}
	}
	r.remark(RemarkPicture, src)
	return Picture{}, false
}

// isPixel are pictures that count readers.
func isPixel(n *html.Node) bool {
	small := func(name string) bool {
		v, err := strconv.Atoi(strings.TrimSuffix(attrIn(n, name), "px"))
		return err == nil && v <= 2
	}
	return small("width") || small("height")
}

// gallery reads all pictures within n as one block, each with its own caption.
func (f *flow) gallery(n *html.Node, c context) {
	f.end()
	var pictures []Picture
	var rest []Block
	for _, img := range slices.Collect(elements(n, "img")) {
		var caption Inline
		credit := ""
		if fig := ancestor(img, "figure", "li", "dl"); fig != nil && fig != n && len(slices.Collect(elements(fig, "img"))) == 1 {
			if cap := find(fig, func(x *html.Node) bool {
				return x.Data == "figcaption" || hasClass(x, "gallery-caption", "blocks-gallery-item__caption")
			}); cap != nil {
				if span := find(cap, func(n *html.Node) bool { return hasClass(n, "credit") }); span != nil {
					credit = strings.TrimSpace(collapse(textOf(span)))
					span.Parent.RemoveChild(span)
				}
				caption, _ = f.r.texts(cap, context{})
				cap.Parent.RemoveChild(cap)
			}
		}
		p, ok := f.r.found(img, caption, credit, f.linkAround(img, c).link)
		if ok {
			pictures = append(pictures, p)
		} else if len(caption) > 0 {
			rest = append(rest, Block{Kind: Paragraph, Text: caption})
		}
		img.Parent.RemoveChild(img)
	}
	rest = append(rest, f.r.blocks(n, c)...)
	if len(pictures) > 0 {
		f.put(Block{Kind: Gallery, Pictures: pictures})
	}
	f.put(rest...)
}

func ancestor(n *html.Node, names ...string) *html.Node {
	for a := range n.Ancestors() {
		if a.Type == html.ElementNode && slices.Contains(names, a.Data) {
			return a
		}
	}
	return nil
}

// embed reads foreign content; what is inside of the element is for browsers that can't show it.
func (f *flow) embed(n *html.Node) {
	src := attrIn(n, "data-src", "src", "data", "data-lazy-src")
	if src == "" {
		if s := find(n, named("source", "embed")); s != nil {
			src = attrIn(s, "src")
		}
	}
	if id := attrIn(n, "data-videoid"); src == "" && n.Data == "amp-youtube" && id != "" {
		src = "https://www.youtube.com/watch?v=" + id
	}
	if src == "" {
		f.drop(n)
		return
	}
	src = f.r.absolute(src)
	e, ok := f.r.embedRef(src, attrIn(n, "title", "aria-label"))
	if !ok {
		f.r.remark(RemarkEmbed, src)
		return
	}
	f.end()
	f.put(Block{Kind: Embed, Embed: &e})
}

func (r *htmlReader) embedRef(src, title string) (EmbedRef, bool) {
	if r.o.Embed == nil || src == "" {
		return EmbedRef{}, false
	}
	e, ok := r.o.Embed(src, strings.TrimSpace(title))
	return e, ok && validEmbed(e.URL)
}
