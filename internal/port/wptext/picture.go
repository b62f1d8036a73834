package wptext

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func isFigure(n *html.Node, classes []string) bool {
	if n.DataAtom == atom.Figure {
		return true
	}
	for _, class := range []string{"wp-caption", "wp-block-gallery", "gallery", "tiled-gallery", "blocks-gallery-grid"} {
		if slices.Contains(classes, class) {
			return true
		}
	}
	return false
}

func isCaption(n *html.Node) bool {
	if n.DataAtom == atom.Figcaption {
		return true
	}
	class := attr(n, "class")
	return strings.Contains(class, "wp-caption-text") || strings.Contains(class, "gallery-caption")
}

// figureParts is what stands in a figure.
type figureParts struct {
	images   []*html.Node
	captions map[*html.Node]*html.Node // by the frame they are of
	nested   bool
	words    string
}

func (p *figureParts) look(n, frame *html.Node) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		switch {
		case k.Type == html.TextNode:
			p.words += strings.TrimSpace(k.Data)
		case k.Type != html.ElementNode:
		case isCaption(k):
			if p.captions[frame] == nil {
				p.captions[frame] = k
			} else {
				p.words += textOf(k)
			}
		case k.DataAtom == atom.Img:
			p.images = append(p.images, k)
		case k.DataAtom == atom.Figure || k.DataAtom == atom.Dl || k.DataAtom == atom.Li || isFigure(k, strings.Fields(attr(k, "class"))):
			p.nested = true
			p.look(k, k)
		case k.DataAtom == atom.Iframe || k.DataAtom == atom.Video || k.DataAtom == atom.Audio || k.DataAtom == atom.Table:
			p.words += "+" // more than pictures
		default:
			p.look(k, frame)
		}
	}
}

// frameOf is the innermost frame around a picture that has a caption, or the figure.
func (p *figureParts) frameOf(img, fig *html.Node) *html.Node {
	for a := img.Parent; a != nil && a != fig; a = a.Parent {
		if p.captions[a] != nil {
			return a
		}
	}
	return fig
}

// figure puts pictures with their captions, or a gallery of them, into one frame. It reports false
// if there is more in it than pictures and captions.
func (c *converter) figure(parent, fig *html.Node) bool {
	in := figureParts{captions: map[*html.Node]*html.Node{}}
	in.look(fig, fig)
	if len(in.images) == 0 || in.words != "" {
		return false
	}
	frame := &html.Node{Type: html.ElementNode, Data: "figure", DataAtom: atom.Figure}
	var after []*html.Node
	for _, img := range in.images {
		p, ok := c.picture(img)
		if !ok {
			continue
		}
		of := in.frameOf(img, fig)
		if caption := in.captions[of]; caption != nil && (of != fig || !in.nested) {
			p.Caption = inner(caption)
		}
		if p.ID == "" {
			p.ID = number(attr(of, "data-id"))
		}
		if n, link := c.place(p); link {
			after = append(after, n)
		} else {
			frame.AppendChild(n)
		}
	}
	if caption := in.captions[fig]; caption != nil && in.nested {
		note := element(atom.P)
		for k := caption.FirstChild; k != nil; {
			next := k.NextSibling
			caption.RemoveChild(k)
			note.AppendChild(k)
			k = next
		}
		after = append(after, note)
	}
	if frame.FirstChild != nil {
		parent.InsertBefore(frame, fig)
	}
	for _, n := range after {
		parent.InsertBefore(n, fig)
	}
	parent.RemoveChild(fig)
	return true
}

// image puts a picture that stands in the midst of the text in its place.
func (c *converter) image(img *html.Node) {
	p, ok := c.picture(img)
	at := img
	// A link, or whatever else is around the picture alone, goes with it.
	for at.Parent != nil && at.Parent.Parent != nil && phrasing(at.Parent) && onlyChild(at) {
		at = at.Parent
	}
	if ok {
		n, _ := c.place(p)
		at.Parent.InsertBefore(n, at)
	} else if words := strings.TrimSpace(attr(img, "alt")); words != "" && isSmiley(img) {
		at.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: words}, at)
	}
	at.Parent.RemoveChild(at)
}

func isSmiley(img *html.Node) bool {
	class := " " + attr(img, "class") + " "
	return strings.Contains(class, " wp-smiley ") || strings.Contains(class, " emoji ") || strings.Contains(attr(img, "src"), "//s.w.org/images/core/emoji")
}

// picture reads an img. It reports false for what isn't a picture: a smiley, a counting pixel, a
// place that a script would fill.
func (c *converter) picture(img *html.Node) (Picture, bool) {
	p := Picture{Alt: strings.TrimSpace(attr(img, "alt"))}
	for _, name := range []string{"data-orig-file", "data-full-url", "src", "data-src", "data-lazy-src", "data-original"} {
		if v := strings.TrimSpace(attr(img, name)); v != "" && !strings.HasPrefix(v, "data:") && !strings.HasPrefix(v, "about:") {
			p.Src = v
			break
		}
	}
	switch {
	case p.Src == "" || isSmiley(img):
		return Picture{}, false
	case small(attr(img, "width")) && small(attr(img, "height")):
		c.add(RemarkDebris, p.Src)
		return Picture{}, false
	}
	p.ID = first(number(attr(img, "data-id")), number(attr(img, "data-attachment-id")))
	for _, class := range strings.Fields(attr(img, "class")) {
		if id, ok := strings.CutPrefix(class, "wp-image-"); ok && p.ID == "" {
			p.ID = number(id)
		}
	}
	return p, true
}

func small(size string) bool { return size == "0" || size == "1" }

// place returns what stands in a picture's place: it, or a link to where it was.
func (c *converter) place(p Picture) (n *html.Node, link bool) {
	if att, ok := c.env.attachment(p.ID); ok {
		p.Alt = first(p.Alt, att.Alt)
		p.Credit = att.Credit
	}
	if c.env.Picture != nil && c.env.Picture(p) {
		n = element(atom.Img)
		n.Attr = []html.Attribute{{Key: "src", Val: "picture:" + strconv.Itoa(len(c.pictures))}}
		c.pictures = append(c.pictures, p)
		return n, false
	}
	c.add(RemarkPicture, p.Src)
	words := first(p.Alt, fileName(p.Src))
	if p.Caption == "" {
		return linked(p.Src, words), true
	}
	n = element(atom.P)
	if nodes, err := html.ParseFragment(strings.NewReader(p.Caption), element(atom.P)); err == nil {
		for _, k := range nodes {
			n.AppendChild(k)
		}
	}
	n.AppendChild(&html.Node{Type: html.TextNode, Data: " "})
	n.AppendChild(anchor(p.Src, "["+fileName(p.Src)+"]"))
	return n, true
}

func fileName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	name := path.Base(u.Path)
	if name == "." || name == "/" {
		return u.Host
	}
	return name
}
