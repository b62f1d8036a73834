package wptext

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// leftover are classes of what themes and plug-ins put around a text: buttons to share it, lists of
// other posts, forms, advertising, tables of contents.
var leftover = set("sharedaddy jp-relatedposts addtoany_share_save_container addtoany_content td-a-rec td-post-sharing adsbygoogle " +
	"code-block essb_links yarpp yarpp-related related-posts crp_related mc4wp-form swp_social_panel heateor_sss_sharing_container " +
	"social-share social-sharing ez-toc-container lwptoc toc_container rp4wp-related-posts wp-block-jetpack-related-posts sd-sharing " +
	"twitter-share-button fb-like post-views kk-star-ratings wp-pagenavi quads-location ai-viewport screen-reader-text")

// dom makes the last step of [HTML], on the tree.
func (c *converter) dom(text string) Result {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		// Nested beyond what a parser takes: words are all that can be had of it.
		c.add(RemarkDepth, err.Error())
		return Result{HTML: paragraphs(text), Remarks: c.list}
	}
	body := find1(root, atom.Body)
	if body == nil {
		return Result{Remarks: c.list}
	}
	c.walk(body)
	var out strings.Builder
	for n := body.FirstChild; n != nil; n = n.NextSibling {
		if err := html.Render(&out, n); err != nil {
			c.add(RemarkDepth, err.Error())
			return Result{HTML: paragraphs(text), Remarks: c.list}
		}
	}
	return Result{HTML: out.String(), Pictures: c.pictures, Remarks: c.list}
}

// paragraphs keeps the words of HTML that can't be parsed.
func paragraphs(text string) string {
	var out strings.Builder
	for p := range strings.SplitSeq(text, "<p") {
		if words := Plain("<p" + p); words != "" {
			out.WriteString("<p>" + html.EscapeString(words))
		}
	}
	return out.String()
}

func find1(n *html.Node, a atom.Atom) *html.Node {
	for c := range n.Descendants() {
		if c.DataAtom == a {
			return c
		}
	}
	return nil
}

func (c *converter) walk(n *html.Node) {
	for k := n.FirstChild; k != nil; {
		next := k.NextSibling
		switch k.Type {
		case html.CommentNode:
			n.RemoveChild(k)
		case html.ElementNode:
			c.element(n, k)
		}
		k = next
	}
}

func (c *converter) element(parent, n *html.Node) {
	classes := strings.Fields(attr(n, "class"))
	switch {
	case slices.ContainsFunc(classes, func(s string) bool { return leftover[s] }):
		if words := shorten(textOf(n), 120); words != "" {
			c.add(RemarkDebris, words)
		}
		parent.RemoveChild(n)
	case slices.Contains(classes, "wp-block-file__button"):
		parent.RemoveChild(n)
	case isFigure(n, classes) && c.figure(parent, n):
	case n.DataAtom == atom.Img:
		c.image(n)
	case n.DataAtom == atom.Iframe, n.DataAtom == atom.Embed, n.DataAtom == atom.Object, n.DataAtom == atom.Video, n.DataAtom == atom.Audio:
		c.player(parent, n)
	default:
		c.walk(n)
	}
}

func phrasing(n *html.Node) bool {
	switch n.DataAtom {
	case atom.A, atom.Span, atom.Strong, atom.Em, atom.B, atom.I, atom.Picture, atom.Font:
		return true
	}
	return false
}

func onlyChild(n *html.Node) bool {
	for k := n.Parent.FirstChild; k != nil; k = k.NextSibling {
		if k != n && (k.Type == html.ElementNode && k.DataAtom != atom.Source || k.Type == html.TextNode && strings.TrimSpace(k.Data) != "") {
			return false
		}
	}
	return true
}

func element(a atom.Atom) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: a.String(), DataAtom: a}
}

func anchor(href, words string) *html.Node {
	a := element(atom.A)
	a.Attr = []html.Attribute{{Key: "href", Val: href}}
	a.AppendChild(&html.Node{Type: html.TextNode, Data: words})
	return a
}

func linked(href, words string) *html.Node {
	p := element(atom.P)
	p.AppendChild(anchor(href, words))
	return p
}

// player puts foreign content in its place, or a link to it.
func (c *converter) player(parent, n *html.Node) {
	address := first(attr(n, "src"), attr(n, "data-src"), attr(n, "data-lazy-src"), attr(n, "data"))
	for k := range n.Descendants() {
		if address == "" && (k.DataAtom == atom.Source || k.DataAtom == atom.Embed) {
			address = attr(k, "src")
		}
	}
	if strings.HasPrefix(address, "//") {
		address = "https:" + address
	}
	recording := n.DataAtom == atom.Video || n.DataAtom == atom.Audio
	address, title := pageOf(strings.TrimSpace(address)), strings.TrimSpace(attr(n, "title"))
	switch {
	case address == "" || strings.HasPrefix(address, "about:"):
		if words := textOf(n); words != "" && recording {
			c.add(RemarkMedia, words)
		}
	case !recording && c.env.Embed != nil && c.env.Embed(address):
		frame := element(atom.Iframe)
		frame.Attr = []html.Attribute{{Key: "src", Val: address}, {Key: "title", Val: title}}
		parent.InsertBefore(frame, n)
	default:
		key := RemarkEmbed
		if recording {
			key, title = RemarkMedia, first(title, fileName(address))
		}
		c.add(key, address)
		parent.InsertBefore(linked(address, first(title, address)), n)
	}
	parent.RemoveChild(n)
}

// pageOf returns the address that a reader would open for a player's.
func pageOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	switch host {
	case "youtube.com", "youtube-nocookie.com", "m.youtube.com":
		id, ok := strings.CutPrefix(u.Path, "/embed/")
		if !ok {
			id, ok = strings.CutPrefix(u.Path, "/v/")
		}
		if ok && id != "" && !strings.ContainsAny(id, "/&") && id != "videoseries" {
			return "https://www.youtube.com/watch?v=" + id
		}
		if u.Path == "/watch" && u.Query().Get("v") != "" {
			return "https://www.youtube.com/watch?v=" + url.QueryEscape(u.Query().Get("v"))
		}
	case "youtu.be":
		if id := strings.Trim(u.Path, "/"); id != "" && !strings.Contains(id, "/") {
			return "https://www.youtube.com/watch?v=" + id
		}
	case "player.vimeo.com":
		if id, ok := strings.CutPrefix(u.Path, "/video/"); ok && id != "" {
			return "https://vimeo.com/" + id
		}
	}
	return address
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// inner returns the HTML inside of an element.
func inner(n *html.Node) string {
	var out strings.Builder
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if err := html.Render(&out, k); err != nil {
			return textOf(n)
		}
	}
	return strings.TrimSpace(out.String())
}
