package reader

import (
	"bytes"
	"encoding/xml"
	"strings"
	"time"
)

type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Content string     `xml:"xmlns:content,attr"`
	DC      string     `xml:"xmlns:dc,attr"`
	Media   string     `xml:"xmlns:media,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string     `xml:"title"`
	Link        string     `xml:"link"`
	Description string     `xml:"description"`
	Language    string     `xml:"language"`
	Built       string     `xml:"lastBuildDate,omitempty"`
	Generator   string     `xml:"generator"`
	TTL         int        `xml:"ttl"`
	Self        []atomLink `xml:"atom:link"`
	Image       *rssImage  `xml:"image,omitempty"`
	Items       []rssItem  `xml:"item"`
}

type rssImage struct {
	URL   string `xml:"url"`
	Title string `xml:"title"`
	Link  string `xml:"link"`
}

type rssItem struct {
	Title       string     `xml:"title"`
	Link        string     `xml:"link"`
	GUID        rssGUID    `xml:"guid"`
	Published   string     `xml:"pubDate"`
	Updated     string     `xml:"atom:updated,omitempty"`
	Creators    []string   `xml:"dc:creator"`
	Categories  []string   `xml:"category"`
	Others      []atomLink `xml:"atom:link"`
	Image       *rssMedia  `xml:"media:content,omitempty"`
	Description string     `xml:"description,omitempty"`
	Content     *cdata     `xml:"content:encoded,omitempty"`
}

type rssGUID struct {
	PermaLink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

type rssMedia struct {
	URL    string `xml:"url,attr"`
	Medium string `xml:"medium,attr"`
}

type cdata struct {
	Text string `xml:",cdata"`
}

// rss writes RSS 2.0 with the whole text.
func (f feed) rss() ([]byte, error) {
	c := rssChannel{
		Title: f.title, Link: f.home, Description: f.about, Language: strings.ToLower(string(f.lang)),
		Generator: "Depesche", TTL: 5,
		Self: []atomLink{{Rel: "self", Type: "application/rss+xml", Href: f.self("rss")}},
	}
	if c.Description == "" {
		c.Description = f.title // RSS requires one
	}
	if at := f.newest(); !at.IsZero() {
		c.Built = rfc822(at)
	}
	if f.icon != "" {
		c.Image = &rssImage{URL: f.icon, Title: f.title, Link: f.home}
	}
	for _, e := range f.entries {
		c.Items = append(c.Items, e.rss())
	}
	return writeXML(rss{
		Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Content: "http://purl.org/rss/1.0/modules/content/",
		DC: "http://purl.org/dc/elements/1.1/", Media: "http://search.yahoo.com/mrss/", Channel: c,
	})
}

func (e entry) rss() rssItem {
	item := rssItem{
		Title: e.title, Link: e.url, GUID: rssGUID{ID: e.id}, Published: rfc822(e.published),
		Categories: e.categories, Description: e.summary,
	}
	if e.content != "" {
		item.Content = &cdata{strings.Map(inXML, e.content)}
	}
	if !e.updated.IsZero() {
		item.Updated = e.updated.UTC().Format(time.RFC3339)
	}
	for _, a := range e.authors {
		item.Creators = append(item.Creators, a.name)
	}
	for _, o := range e.others {
		item.Others = append(item.Others, atomLink{Rel: "alternate", Lang: string(o.lang), Type: "text/html", Href: o.url})
	}
	if e.image != "" {
		item.Image = &rssMedia{URL: e.image, Medium: "image"}
	}
	return item
}

// inXML drops what XML can't hold. encoding/xml replaces it everywhere but in a CDATA section.
func inXML(r rune) rune {
	switch {
	case r == '\t', r == '\n', r == '\r', r >= 0x20 && r <= 0xd7ff, r >= 0xe000 && r <= 0xfffd, r >= 0x10000:
		return r
	}
	return -1
}

// rfc822 is the date of RSS, with the numeric zone that every reader understands.
func rfc822(t time.Time) string { return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 +0000") }

func writeXML(v any) ([]byte, error) {
	b := bytes.NewBufferString(xml.Header)
	enc := xml.NewEncoder(b)
	enc.Indent("", " ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
