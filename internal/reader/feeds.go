package reader

import (
	"context"
	"net/http"
	"time"

	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/page"
)

// feed makes the feed of a list.
func (v *visit) feed(ctx context.Context, l page.Listing) (*body, error) {
	path := l.Path(v.route.lang)
	if path == "" {
		return nil, errMissing
	}
	if away, ok := v.at(page.FeedPath(path, v.route.feed)); !ok {
		return away, nil
	}
	entries, err := v.site.Entries(ctx, v.q, l)
	if err != nil {
		return nil, err
	}
	return v.writeFeed(l, entries, "edition")
}

func (v *visit) correctionsFeed(ctx context.Context) (*body, error) {
	l := v.site.CorrectionsListing()
	if away, ok := v.at(page.FeedPath(l.Path(v.route.lang), v.route.feed)); !ok {
		return away, nil
	}
	entries, err := v.site.CorrectionEntries(ctx, v.q)
	if err != nil {
		return nil, err
	}
	return v.writeFeed(l, entries, "correction")
}

// writeFeed writes the entries, which are named after what they are.
func (v *visit) writeFeed(l page.Listing, entries []page.Entry, what string) (*body, error) {
	path := l.Path(v.route.lang)
	f := feed{
		id:   v.feedID(l),
		lang: v.route.lang, paper: v.site.Name(), title: l.Feed, about: l.About, home: v.site.Abs(path), base: v.site.Abs(page.FeedPath(path, "")),
		icon: v.site.Abs("/icon-192.png"), born: v.paper.Updated,
	}
	for _, e := range entries {
		f.entries = append(f.entries, v.entry(e, what))
	}
	data, kind, err := f.write(v.route.feed)
	return &body{status: http.StatusOK, kind: kind, bytes: data, lang: v.route.lang, modified: f.newest(), robots: "noindex"}, err
}

// feedID names the feed of a list. A section, topic or author can be renamed, and moves then; the other
// lists have an address that is fixed.
func (v *visit) feedID(l page.Listing) string {
	for what, name := range map[string]string{"section": string(l.Query.Section), "topic": string(l.Query.Topic), "author": string(l.Query.Author)} {
		if born, ok := id.Time(name); ok {
			return tagURI(v.paper.BaseURL, born, what+"/"+name+"/"+string(v.route.lang))
		}
	}
	return v.site.Abs(l.Path(v.route.lang))
}

func (v *visit) entry(e page.Entry, what string) entry {
	born, ok := id.Time(e.ID) // not when it was published, which can happen twice
	if !ok {
		born = e.Published
	}
	out := entry{
		id: tagURI(v.paper.BaseURL, born, what+"/"+e.ID), url: e.URL, title: e.Title, summary: e.Summary,
		content: e.Content, published: e.Published, categories: e.Categories, image: e.Image,
	}
	if e.Updated != nil {
		out.updated = *e.Updated
	}
	for _, a := range e.Authors {
		out.authors = append(out.authors, feedAuthor{name: a.Text, url: a.Href})
	}
	for _, o := range e.Others {
		out.others = append(out.others, other{lang: lang.Tag(o.Lang), url: o.Href})
	}
	return out
}

// newsAge is how long news search engines take something for news.
const newsAge = 48 * time.Hour
