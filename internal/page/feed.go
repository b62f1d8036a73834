package page

import (
	"context"
	"strings"
	"time"

	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/people"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// feedSize is how many stories a feed has.
const feedSize = 30

// Entry is a story as a feed tells it. All addresses are absolute.
type Entry struct {
	ID         string // of the edition, or the correction
	URL        string
	Title      string
	Summary    string
	Content    string // HTML
	Published  time.Time
	Updated    *time.Time
	Authors    []Link
	Categories []string
	Image      string
	Others     []Alternate
}

// Entries are the newest stories of the list with their whole text. It is a fixed number of reads.
func (s *Site) Entries(ctx context.Context, q db.Conn, l Listing) ([]Entry, error) {
	l.Query.Limit = feedSize
	r := s.pages.rooms
	cards, _, err := r.Editions.Cards(ctx, q, l.Query)
	if err != nil {
		return nil, err
	}
	b := feedBatch{site: s, cards: cards}
	if err := b.read(ctx, q); err != nil {
		return nil, err
	}
	out := make([]Entry, 0, len(cards))
	for _, c := range cards {
		out = append(out, b.entry(c))
	}
	return out, nil
}

// feedBatch is what the stories of a feed need, read for all of them at once.
type feedBatch struct {
	site        *Site
	cards       []edition.Card
	inside      map[edition.ID]edition.Inside
	siblings    map[story.ID][]edition.Card
	corrections map[story.ID][]correction.Correction
	authors     map[people.AuthorID]people.Author
	topics      map[topic.ID]topic.Topic
	around      surroundings
}

func (b *feedBatch) read(ctx context.Context, q db.Conn) (err error) {
	r := b.site.pages.rooms
	var ids []edition.ID
	var stories []story.ID
	for _, c := range b.cards {
		ids, stories = append(ids, c.Edition), append(stories, c.Story)
	}
	if b.inside, err = r.Editions.InsideOf(ctx, q, ids); err != nil {
		return err
	}
	if b.siblings, err = r.Editions.Siblings(ctx, q, stories); err != nil {
		return err
	}
	if b.corrections, err = r.Corrections.OfStories(ctx, q, stories, b.site.Lang); err != nil {
		return err
	}
	var authors []people.AuthorID
	var topics []topic.ID
	var docs []document.Doc
	for _, id := range ids {
		in := b.inside[id]
		authors, topics, docs = append(authors, in.Authors...), append(topics, in.Topics...), append(docs, in.Doc)
	}
	if b.authors, err = r.People.AuthorsByIDs(ctx, q, authors); err != nil {
		return err
	}
	if b.topics, err = r.Topics.ByIDs(ctx, q, topics); err != nil {
		return err
	}
	b.around, err = b.site.surroundings(ctx, q, docs...)
	return err
}

func (b *feedBatch) entry(c edition.Card) Entry {
	s, in := b.site, b.inside[c.Edition]
	e := Entry{
		ID: string(c.Edition), URL: s.Abs(CardPath(c)), Title: c.Headline, Summary: c.Teaser,
		Published: c.Published, Updated: c.Updated,
	}
	for _, id := range in.Authors {
		n, in := named(s, b.authors[id].Names)
		if n.Name == "" {
			continue
		}
		a := Link{Text: n.Name}
		if in == s.Lang {
			a.Href = s.Abs(AuthorPath(s.Lang, n.Slug))
		}
		e.Authors = append(e.Authors, a)
	}
	for _, sec := range s.sections {
		if sec.ID == c.Section {
			e.Categories = append(e.Categories, sec.Names[s.Lang].Name)
		}
	}
	for _, id := range in.Topics {
		if n := b.topics[id].Names[s.Lang].Name; n != "" && b.topics[id].Active {
			e.Categories = append(e.Categories, n)
		}
	}
	for _, o := range b.siblings[c.Story] {
		if o.Lang != s.Lang && s.Paper.Has(o.Lang) {
			e.Others = append(e.Others, Alternate{Lang: string(o.Lang), Href: s.Abs(CardPath(o))})
		}
	}
	if c.Picture != nil {
		if p, ok := b.around.pictures[mediaID(*c.Picture)]; ok {
			if src, _, _ := p.Shared(); src != "" {
				e.Image = s.Abs(src)
			}
		}
	}
	e.Content = b.content(c, in.Doc)
	return e
}

// content is the whole text, with corrections first: who reads in a feed sees no page.
func (b *feedBatch) content(c edition.Card, doc document.Doc) string {
	s := b.site
	var out strings.Builder
	for _, fix := range b.corrections[c.Story] {
		out.WriteString("<p><strong>" + escapeHTML(s.t("reader.correction_of", "date", s.exact(fix.At).Text)) + ".</strong> " + escapeHTML(fix.Text) + "</p>\n")
	}
	out.WriteString(string(s.feedBody(doc, b.around, s.Abs(CardPath(c)))))
	return out.String()
}

// CorrectionEntries are the newest corrections, as a feed tells them.
func (s *Site) CorrectionEntries(ctx context.Context, q db.Conn) ([]Entry, error) {
	list, _, err := s.pages.rooms.Corrections.List(ctx, q, s.Lang, "", feedSize)
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, c := range list {
		out = append(out, Entry{
			ID: string(c.ID), URL: s.Abs(correctionPath(c)), Title: c.Card.Headline,
			Summary: c.Text, Content: "<p>" + escapeHTML(c.Text) + "</p>", Published: c.At,
		})
	}
	return out, nil
}
