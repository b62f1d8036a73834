package page

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/placard"
	"depesche/internal/publication"
	"depesche/internal/topic"
)

// How many stories stand on a page of a list. A page of text alone stays light: what is older is a page on.
const (
	listSize     = 20
	textListSize = 10
)

func (s *Site) listSize() int {
	if s.alone {
		return textListSize
	}
	return listSize
}

// Listing is a list of stories that has a page and feeds: what it is called, where it is, and
// which stories are in it.
type Listing struct {
	Above   string
	Heading string
	About   string
	Feed    string // the title of its feeds
	Here    where
	Query   edition.List
	kind    string // of Open Graph
	about   *ldThing
	section publication.Section
}

// Path is the list's address in l, or "".
func (l Listing) Path(t lang.Tag) string { return l.Here[t] }

// SectionListing is the list of a section's stories.
func (s *Site) SectionListing(ctx context.Context, q db.Conn, sec publication.Section) (Listing, error) {
	name := sec.Names[s.Lang].Name
	l := Listing{
		Heading: name, Feed: s.t("reader.feed_section", "paper", s.Name(), "section", name),
		Query: edition.List{Lang: s.Lang, Section: sec.ID}, kind: "website", section: sec,
	}
	var err error
	l.Here, err = s.filled(ctx, q, l.Query, func(t lang.Tag) string {
		if n := sec.Names[t]; n.Slug != "" {
			return SectionPath(t, n.Slug)
		}
		return ""
	})
	return l, err
}

// TopicListing is the list of the stories on a topic.
func (s *Site) TopicListing(ctx context.Context, q db.Conn, t topic.Topic) (Listing, error) {
	name := t.Names[s.Lang].Name
	l := Listing{
		Above: s.t("reader.topic"), Heading: name,
		Feed:  s.t("reader.feed_topic", "paper", s.Name(), "topic", name),
		Query: edition.List{Lang: s.Lang, Topic: t.ID}, kind: "website",
		about: &ldThing{Type: topicTypes[t.Kind], Name: name},
	}
	var err error
	l.Here, err = s.filled(ctx, q, l.Query, func(tag lang.Tag) string {
		if n := t.Names[tag]; n.Slug != "" {
			return TopicPath(tag, n.Slug)
		}
		return ""
	})
	return l, err
}

// AuthorListing is the list of an author's stories.
func (s *Site) AuthorListing(ctx context.Context, q db.Conn, a people.Author) (Listing, error) {
	n := a.Names[s.Lang]
	l := Listing{
		Heading: n.Name, About: n.About,
		Feed:  s.t("reader.feed_author", "paper", s.Name(), "name", n.Name),
		Query: edition.List{Lang: s.Lang, Author: a.ID}, kind: "profile",
	}
	about := s.person(a)
	l.about = &about
	var err error
	l.Here, err = s.filled(ctx, q, l.Query, func(t lang.Tag) string {
		if n := a.Names[t]; n.Slug != "" {
			return AuthorPath(t, n.Slug)
		}
		return ""
	})
	return l, err
}

// FrontListing is the list of all stories of the language, which has the front as its page.
func (s *Site) FrontListing() Listing {
	l := Listing{
		Heading: s.Name(), About: s.Paper.AboutIn(s.Lang), Feed: s.t("reader.feed_front", "paper", s.Name()),
		Query: edition.List{Lang: s.Lang}, Here: where{}, kind: "website",
	}
	for _, t := range s.Paper.Active() {
		l.Here[t] = FrontPath(t)
	}
	l.Here[s.Lang] = FrontPath(s.Lang)
	return l
}

// filled says where the list is in each language in which it has stories, and here in any case.
func (s *Site) filled(ctx context.Context, q db.Conn, l edition.List, path func(lang.Tag) string) (where, error) {
	langs, err := s.pages.rooms.Editions.FilledLangs(ctx, q, l)
	if err != nil {
		return nil, err
	}
	here := where{s.Lang: path(s.Lang)}
	for _, t := range s.Paper.Active() {
		if p := path(t); p != "" && langs[t] {
			here[t] = p
		}
	}
	return here, nil
}

// List fills a page of the list, from the cursor before on; "" is the newest.
func (s *Site) List(ctx context.Context, q db.Conn, l Listing, before edition.Cursor) (*List, error) {
	l.Query.Before, l.Query.Limit = before, s.listSize()
	cards, next, err := s.pages.rooms.Editions.Cards(ctx, q, l.Query)
	if err != nil {
		return nil, err
	}
	d, err := s.deck(ctx, q, cards)
	if err != nil {
		return nil, err
	}
	path, here := l.Here[s.Lang], l.Here
	if before != "" {
		here = where{s.Lang: path + "?before=" + url.QueryEscape(string(before))}
	}
	v := &List{
		Frame: s.frame(l.Heading+" | "+s.Name(), l.About, here), Above: l.Above, Heading: l.Heading, About: l.About,
		Cards: d.list(cards, place{sizes: sizesList, teaser: true, section: l.Query.Section == ""}),
	}
	v.under(path)
	v.Languages = s.switches(l.Here)
	v.Feed = s.feed(l.Feed, path)
	v.Foot = s.foot(path)
	if next != "" {
		v.Older = path + "?before=" + url.QueryEscape(string(next))
	}
	if before != "" {
		v.Newer = path
	}
	if len(cards) == 0 {
		v.Empty, v.NoIndex = s.t("reader.list_empty"), true
	}
	s.website(&v.Frame, l.kind, l.Here)
	if l.section.ID != "" {
		v.Graph.Image = s.graphImage(placardSection+string(l.section.ID), s.placardAlt(l.Heading, ""), func() placard.Spec { return s.sectionPlacard(l.section) })
	}
	v.Data = Data{s.collection(&v.Frame, l.Heading, l.about, v.Cards), s.crumbs(Link{}, l.Heading)}
	return v, nil
}

// dayLimit is more than any newsroom publishes in a day; what comes after it is found by topic.
const dayLimit = 500

// Day fills the archive's page of a day, with the days before and after that have stories. Text alone has
// further pages, from the cursor before on; else the day is whole, whatever before is.
func (s *Site) Day(ctx context.Context, q db.Conn, iso string, before edition.Cursor) (*List, error) {
	from, err := time.ParseInLocation(DayLayout, iso, s.Paper.Location)
	if err != nil {
		return nil, err
	}
	to := from.AddDate(0, 0, 1)
	ed := s.pages.rooms.Editions
	list := edition.List{Lang: s.Lang, From: from, To: to, Limit: dayLimit}
	if s.alone {
		list.Before, list.Limit = before, textListSize
	}
	cards, next, err := ed.Cards(ctx, q, list)
	if err != nil {
		return nil, err
	}
	d, err := s.deck(ctx, q, cards)
	if err != nil {
		return nil, err
	}
	here := where{s.Lang: DayPath(s.Lang, from)}
	date := s.Lang.Date(from, lang.Long)
	v := &List{
		Frame: s.frame(s.t("reader.archive_day", "date", date)+" | "+s.Name(), "", here),
		Above: s.t("reader.archive"), Heading: s.Lang.UpperFirst(s.Lang.Date(from, lang.Full)),
		Cards: d.list(cards, place{sizes: sizesList, teaser: true, section: true, absolute: true}),
	}
	if v.Before, v.After, err = s.neighbours(ctx, q, from, to); err != nil {
		return nil, err
	}
	if s.alone && next != "" {
		v.Older = DayPath(s.Lang, from) + "?before=" + url.QueryEscape(string(next))
	}
	if s.alone && before != "" {
		v.Newer = DayPath(s.Lang, from)
	}
	if len(cards) == 0 {
		v.Empty, v.NoIndex = s.t("reader.archive_empty"), true
	}
	s.website(&v.Frame, "website", here)
	v.Data = Data{s.collection(&v.Frame, v.Heading, nil, v.Cards), s.crumbs(Link{}, v.Heading)}
	return v, nil
}

func (s *Site) neighbours(ctx context.Context, q db.Conn, from, to time.Time) (before, after *Link, err error) {
	ed := s.pages.rooms.Editions
	older, _, err := ed.Cards(ctx, q, edition.List{Lang: s.Lang, To: from, Limit: 1})
	if err != nil {
		return nil, nil, err
	}
	if len(older) > 0 {
		before = s.dayLink(older[0].Published)
	}
	at, ok, err := ed.FirstSince(ctx, q, s.Lang, to)
	if err != nil || !ok {
		return before, nil, err
	}
	return before, s.dayLink(at), nil
}

func (s *Site) dayLink(at time.Time) *Link {
	at = s.local(at)
	return &Link{Text: s.Lang.Date(at, lang.Plain), Href: DayPath(s.Lang, at)}
}

// NewestDay is the address of the newest day of the archive, or "" if there is none.
func (s *Site) NewestDay(ctx context.Context, q db.Conn) (string, error) {
	cards, _, err := s.pages.rooms.Editions.Cards(ctx, q, edition.List{Lang: s.Lang, Limit: 1})
	if err != nil || len(cards) == 0 {
		return "", err
	}
	return DayPath(s.Lang, s.local(cards[0].Published)), nil
}

// CorrectionsListing says where the corrections are in each language that has some, and here in any
// case.
func (s *Site) CorrectionsListing() Listing {
	l := Listing{
		Heading: s.t("reader.corrections"), About: s.t("reader.corrections_lead"),
		Feed: s.t("reader.feed_corrections", "paper", s.Name()), Here: where{}, kind: "website",
	}
	for _, t := range s.Paper.Active() {
		if s.fixes[t] {
			l.Here[t] = CorrectionsPath(t)
		}
	}
	l.Here[s.Lang] = CorrectionsPath(s.Lang)
	return l
}

// correctionPath is where readers find what was corrected.
func correctionPath(e correction.Entry) string {
	path := CardPath(e.Card)
	if e.Number != 0 { // an entry of a running story
		path += "/" + strconv.FormatInt(e.Number, 10)
	}
	return path + "#" + correctionID(e.ID)
}

// Corrections fills the page of corrections.
func (s *Site) Corrections(ctx context.Context, q db.Conn, before edition.Cursor) (*Corrections, error) {
	entries, next, err := s.pages.rooms.Corrections.List(ctx, q, s.Lang, before, s.listSize())
	if err != nil {
		return nil, err
	}
	l := s.CorrectionsListing()
	path, here := l.Here[s.Lang], l.Here
	if before != "" {
		here = where{s.Lang: path + "?before=" + url.QueryEscape(string(before))}
	}
	v := &Corrections{Frame: s.frame(l.Heading+" | "+s.Name(), l.About, here)}
	for _, e := range entries {
		v.Entries = append(v.Entries, Correction{
			ID: correctionID(e.ID), At: s.exact(e.At), Text: s.Lang.Bind(e.Text), Headline: s.Lang.Bind(e.Card.Headline), Href: correctionPath(e),
		})
	}
	if next != "" {
		v.Older = path + "?before=" + url.QueryEscape(string(next))
	}
	v.Feed, v.Foot, v.NoIndex = s.feed(l.Feed, path), s.foot(path), len(v.Entries) == 0
	s.website(&v.Frame, "website", l.Here)
	v.Data = Data{s.collection(&v.Frame, l.Heading, nil, nil), s.crumbs(Link{}, l.Heading)}
	return v, nil
}
