package reader

import (
	"bytes"
	"encoding/json"
	"time"
)

type jsonFeed struct {
	Version  string      `json:"version"`
	Title    string      `json:"title"`
	Home     string      `json:"home_page_url"`
	Self     string      `json:"feed_url"`
	About    string      `json:"description,omitempty"`
	Icon     string      `json:"icon,omitempty"`
	Language string      `json:"language"`
	Items    []jsonEntry `json:"items"`
}

type jsonEntry struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	Summary   string       `json:"summary,omitempty"`
	Content   string       `json:"content_html"`
	Image     string       `json:"image,omitempty"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified,omitempty"`
	Authors   []jsonAuthor `json:"authors,omitempty"`
	Tags      []string     `json:"tags,omitempty"`
	Language  string       `json:"language"`
}

type jsonAuthor struct {
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
}

// json writes a JSON Feed 1.1 with the whole text.
func (f feed) json() ([]byte, error) {
	out := jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: f.title, Home: f.home, Self: f.self("json"),
		About: f.about, Icon: f.icon, Language: string(f.lang), Items: []jsonEntry{},
	}
	for _, e := range f.entries {
		item := jsonEntry{
			ID: e.id, URL: e.url, Title: e.title, Summary: e.summary, Content: e.content, Image: e.image,
			Published: e.published.UTC().Format(time.RFC3339), Tags: e.categories, Language: string(f.lang),
		}
		if item.Content == "" {
			item.Content = "<p></p>" // the format requires some
		}
		if !e.updated.IsZero() {
			item.Modified = e.updated.UTC().Format(time.RFC3339)
		}
		for _, a := range e.authors {
			item.Authors = append(item.Authors, jsonAuthor{Name: a.name, URL: a.url})
		}
		out.Items = append(out.Items, item)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(out)
	return b.Bytes(), err
}
