package document

import (
	"cmp"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"depesche/internal/lang"
)

// marked gives the context within an element: what it means for the text in it.
func (f *flow) marked(n *html.Node, c context) context {
	style := styleOf(n)
	switch n.Data {
	case "b", "strong":
		c = c.with(Mark{Type: Strong})
	case "i", "em", "cite", "dfn", "var", "address":
		if n.Data != "address" {
			c = c.with(Mark{Type: Emphasis})
		}
	case "a":
		c = f.r.linked(n, c)
	}
	switch weight := style["font-weight"]; {
	case weight == "bold" || weight == "bolder" || len(weight) == 3 && weight >= "600":
		c = c.with(Mark{Type: Strong})
	case weight == "normal" || weight == "lighter" || len(weight) == 3 && weight >= "100":
		c = c.without(Strong)
	}
	switch style["font-style"] {
	case "italic", "oblique":
		c = c.with(Mark{Type: Emphasis})
	case "normal":
		c = c.without(Emphasis)
	}
	if ws := style["white-space"]; ws == "pre" || ws == "pre-line" {
		c.pre = true
	}
	if l, ok := attrOf(n, "lang"); ok && n.Data != "html" && n.Data != "body" {
		l = strings.TrimSpace(l)
		switch {
		case f.r.o.Lang != "" && strings.EqualFold(string(lang.Tag(strings.ToLower(l)).Base()), string(f.r.o.Lang.Base())):
			c = c.without(Foreign)
		case validLang(l):
			c = c.with(Mark{Type: Foreign, Lang: l})
		}
	}
	return c
}

// linked is the context within a link.
func (r *htmlReader) linked(n *html.Node, c context) context {
	raw, ok := attrOf(n, "href")
	if raw = strings.TrimSpace(raw); !ok || raw == "" {
		return c
	}
	if r.o.Source != nil {
		if id, ok := r.o.Source(raw); ok && validRef(id) {
			return c.with(Mark{Type: SourceRef, Source: id})
		}
	}
	href := r.absolute(raw)
	if r.o.Story != nil {
		if id, ok := r.o.Story(href); ok && validRef(id) {
			return c.without(Link).with(Mark{Type: StoryLink, Story: id})
		}
	}
	c.link = href
	if href, ok = RepairHref(href); !ok {
		if raw[0] != '#' {
			r.remark(RemarkLink, raw)
		}
		return c
	}
	return c.without(StoryLink).with(Mark{Type: Link, Href: href})
}

// absolute resolves an address and takes the detour over a search engine out of it.
func (r *htmlReader) absolute(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return href
	}
	if r.base != nil && r.base.IsAbs() && !u.IsAbs() && !strings.HasPrefix(href, "#") {
		return r.base.ResolveReference(u).String()
	}
	if u.Path == "/url" && strings.HasPrefix(u.Hostname(), "www.google.") {
		if to := cmp.Or(u.Query().Get("q"), u.Query().Get("url")); to != "" {
			return to
		}
	}
	return href
}
