// Package story is one piece of news, whatever the language: its number, kind, section, authors,
// topics and sources. It has no text; that stands in its editions.
//
// A story's number is people's name for it and a part of its addresses for ever. Its sources say
// where the news comes from: they belong to the story, and every edition's text refers to them by ID.
package story

import (
	"context"
	"time"

	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/topic"
)

// ID names a story.
type ID string

// Kind says what sort of text a story is.
type Kind string

// The kinds of story.
const (
	News      Kind = "news"
	Report    Kind = "report"
	Analysis  Kind = "analysis"
	Interview Kind = "interview"
	Opinion   Kind = "opinion"
	Explainer Kind = "explainer"
)

// Kinds are all kinds of story in the order in which a form offers them.
var Kinds = []Kind{News, Report, Analysis, Interview, Opinion, Explainer}

// Story is one piece of news.
type Story struct {
	ID           ID
	Number       int64
	Kind         Kind
	Section      publication.SectionID // "" until one is chosen; required before it goes out
	OriginalLang lang.Tag
	Embargo      *time.Time // nothing of it goes out before; nil means none
	Authors      []people.AuthorID
	Topics       []topic.ID
	Sources      []Source
	LiveOf       ID // the running story that it is an entry of; "" for a story that stands for itself
	Version      int64
	CreatedBy    string
	Created      time.Time
	Updated      time.Time // of the story or any of its editions
}

// SourceKind says what a source is.
type SourceKind string

// The kinds of source.
const (
	Paper     SourceKind = "paper"
	Agency    SourceKind = "agency"
	Document  SourceKind = "document"
	Person    SourceKind = "person"
	Authority SourceKind = "authority"
	Website   SourceKind = "website"
)

// SourceKinds are all kinds of source in the order in which a form offers them.
var SourceKinds = []SourceKind{Paper, Agency, Document, Person, Authority, Website}

// Source is who says so.
type Source struct {
	ID   string
	Kind SourceKind
	Name string
	URL  string   // http or https, or "" when there is none; then a text's How says how it came
	Lang lang.Tag // what the source itself is written in, "" if it isn't known
	// Date and Accessed are days as 2024-10-23, or "". A source may know its month or year only:
	// 2024-10, 2024.
	Date     string
	Accessed string
	Texts    map[lang.Tag]SourceText
}

// SourceText is what one language says of a source.
type SourceText struct {
	Name  string `json:"name,omitempty"`  // what the language calls it, "" for its own name
	Title string `json:"title,omitempty"` // of the article or document
	Claim string `json:"claim,omitempty"` // what it stands for
	How   string `json:"how,omitempty"`   // how it came when there is no link: by telephone
}

// NameIn is what the language calls the source.
func (s Source) NameIn(l lang.Tag) string {
	if name := s.Texts[l].Name; name != "" {
		return name
	}
	return s.Name
}

// Source returns the story's source with the ID.
func (s Story) Source(id string) (Source, bool) {
	for _, src := range s.Sources {
		if src.ID == id {
			return src, true
		}
	}
	return Source{}, false
}

// NewStory is what a story begins with. Only Kind and OriginalLang are required.
type NewStory struct {
	Kind         Kind
	OriginalLang lang.Tag
	Section      publication.SectionID
	Authors      []people.AuthorID
	Topics       []topic.ID
	Embargo      *time.Time
	// LiveOf is the running story that it is an entry of: it stands in that one's section.
	LiveOf ID
	// At is when an imported story began; zero means now.
	At time.Time
}

// Removal says how far [Service.DeleteSource] goes.
type Removal int

// The ways to remove a source.
const (
	UnlessUsed Removal = iota // refuse while a text refers to it
	EvenIfUsed
)

// Watcher is a room above that keeps things derived from stories. Its methods run in the act's own
// transaction.
type Watcher interface {
	// StoryChanged brings what was derived from the story up to date.
	StoryChanged(ctx context.Context, tx *db.Tx, st Story) error
	// ShownIn returns the languages that the story is out in, or waits to go out in.
	ShownIn(ctx context.Context, q db.Conn, st ID) ([]lang.Tag, error)
	// SourceUsed reports whether a text, published or not, refers to the source.
	SourceUsed(ctx context.Context, q db.Conn, st ID, source string) (bool, error)
}

// Service is the room's door. It is safe for many goroutines once Watch has been called.
type Service struct {
	db      *db.DB
	watcher Watcher
}

// New returns the room on the database.
func New(d *db.DB) *Service { return &Service{db: d} }

// Watch names the one who is told of changes; edition.New does it.
func (s *Service) Watch(w Watcher) { s.watcher = w }
