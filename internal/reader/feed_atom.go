package reader

import (
	"encoding/xml"
	"time"
)

type atomFeed struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang      string      `xml:"xml:lang,attr"`
	ID        string      `xml:"id"`
	Title     string      `xml:"title"`
	Subtitle  string      `xml:"subtitle,omitempty"`
	Updated   string      `xml:"updated"`
	Links     []atomLink  `xml:"link"`
	Icon      string      `xml:"icon,omitempty"`
	Generator string      `xml:"generator"`
	Entries   []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Links      []atomLink     `xml:"link"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Authors    []atomPerson   `xml:"author"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
	Content    *atomContent   `xml:"content,omitempty"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Lang string `xml:"hreflang,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomPerson struct {
	Name string `xml:"name"`
	URI  string `xml:"uri,omitempty"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

// atom writes an Atom feed (RFC 4287) with the whole text.
func (f feed) atom() ([]byte, error) {
	at := f.newest()
	if at.IsZero() {
		at = f.born // Atom requires a time, also of an empty list
	}
	out := atomFeed{
		Lang: string(f.lang), ID: f.id, Title: f.title, Subtitle: f.about, Updated: at.UTC().Format(time.RFC3339),
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", Href: f.self("atom")},
			{Rel: "alternate", Type: "text/html", Lang: string(f.lang), Href: f.home},
		},
		Icon: f.icon, Generator: "Depesche",
	}
	for _, e := range f.entries {
		out.Entries = append(out.Entries, e.atom(f))
	}
	return writeXML(out)
}

func (e entry) atom(f feed) atomEntry {
	out := atomEntry{
		ID: e.id, Title: e.title, Summary: e.summary,
		Published: e.published.UTC().Format(time.RFC3339), Updated: e.changed().UTC().Format(time.RFC3339),
		Links: []atomLink{{Rel: "alternate", Type: "text/html", Lang: string(f.lang), Href: e.url}},
	}
	for _, o := range e.others {
		out.Links = append(out.Links, atomLink{Rel: "alternate", Type: "text/html", Lang: string(o.lang), Href: o.url})
	}
	for _, a := range e.authors {
		out.Authors = append(out.Authors, atomPerson{Name: a.name, URI: a.url})
	}
	if len(out.Authors) == 0 {
		out.Authors = []atomPerson{{Name: f.paper, URI: f.home}} // Atom requires one
	}
	for _, c := range e.categories {
		out.Categories = append(out.Categories, atomCategory{c})
	}
	if e.content != "" {
		out.Content = &atomContent{Type: "html", HTML: e.content}
	}
	return out
}
