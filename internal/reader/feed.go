package reader

import (
	"net/url"
	"time"

	"depesche/internal/lang"
)

// feed is a list of stories for other programs, whatever the format.
type feed struct {
	id      string // for ever, whatever the list is called and wherever it moves
	lang    lang.Tag
	paper   string
	title   string
	about   string
	home    string // address of the page with the same list
	base    string // address of the list's feeds, without the format
	icon    string
	born    time.Time // what an empty list tells as the time of its last change
	entries []entry
}

// entry is a story of a feed. Its id is the edition's for ever, through new addresses and corrections.
type entry struct {
	id         string
	url        string
	title      string
	summary    string
	content    string // HTML with absolute addresses; corrections stand on top
	published  time.Time
	updated    time.Time // zero: never
	authors    []feedAuthor
	categories []string
	image      string
	others     []other // the story in other languages
}

type feedAuthor struct{ name, url string }

type other struct {
	lang lang.Tag
	url  string
}

// changed is when a reader of the feed should look again.
func (e entry) changed() time.Time {
	if e.updated.After(e.published) {
		return e.updated
	}
	return e.published
}

func (f feed) self(format string) string { return f.base + format }

// newest is the time of the newest change among the entries.
func (f feed) newest() time.Time {
	var at time.Time
	for _, e := range f.entries {
		if e.changed().After(at) {
			at = e.changed()
		}
	}
	return at
}

// tagURI names something for ever, as RFC 4151 wants it: the paper's host, the day it first was
// there, and what it is.
func tagURI(base string, day time.Time, what string) string {
	host := "localhost"
	if u, err := url.Parse(base); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return "tag:" + host + "," + day.UTC().Format("2006-01-02") + ":" + what
}

// write makes the feed in the format rss, atom or json, and says of what type it is.
func (f feed) write(format string) (body []byte, contentType string, err error) {
	switch format {
	case "atom":
		body, err = f.atom()
		return body, "application/atom+xml; charset=utf-8", err
	case "json":
		body, err = f.json()
		return body, "application/feed+json; charset=utf-8", err
	}
	body, err = f.rss()
	return body, "application/rss+xml; charset=utf-8", err
}
