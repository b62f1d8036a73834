package edition

import (
	"context"
	"errors"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// The bodies follow within the hour; the signatures are final.
var errPending = errors.New("being written")

// Error, ProblemKind: Conflict.
func (e *ClashError) Error() string { return "the same block was changed by somebody else" }

// ---- writing

func (s *Service) Create(ctx context.Context, a actor.Actor, st story.ID, l lang.Tag) (Edition, error) {
	return Edition{}, errPending
}
func (s *Service) CreateTx(ctx context.Context, tx *db.Tx, a actor.Actor, st story.ID, l lang.Tag) (Edition, error) {
	return Edition{}, errPending
}
func (s *Service) Save(ctx context.Context, a actor.Actor, in Save) (Saved, error) {
	return Saved{}, errPending
}
func (s *Service) SaveTx(ctx context.Context, tx *db.Tx, a actor.Actor, in Save) (Saved, error) {
	return Saved{}, errPending
}
func (s *Service) Restore(ctx context.Context, a actor.Actor, id ID, number int64, why string) (Saved, error) {
	return Saved{}, errPending
}

// SaveCredit stores what readers are told of the translator, guarded by version.
func (s *Service) SaveCredit(ctx context.Context, a actor.Actor, id ID, version int64, translator string) (Edition, error) {
	return Edition{}, errPending
}

// Imported is an edition from another system.
type Imported struct {
	Story      story.ID
	Lang       lang.Tag
	Doc        document.Doc
	Translator string
	Made       Made       // "" means original in the story's original language, else human
	Published  *time.Time // nil: a draft; else it goes out as of then, without a checklist
	Updated    *time.Time
	Slug       string // "" : from the document
	Why        string // where it came from, kept in the revision
}

// Import stores an edition as another system had it. Where the story has one already in that
// language, it gets a new revision (none if nothing is new), unless a person has written in it
// since: then fresh is false and nothing changes.
func (s *Service) Import(ctx context.Context, tx *db.Tx, a actor.Actor, in Imported) (e Edition, fresh bool, err error) {
	return Edition{}, false, errPending
}

func (s *Service) SendToReview(ctx context.Context, a actor.Actor, id ID, version int64) (Edition, error) {
	return Edition{}, errPending
}
func (s *Service) Approve(ctx context.Context, a actor.Actor, id ID, version int64) (Edition, error) {
	return Edition{}, errPending
}
func (s *Service) BackToDraft(ctx context.Context, a actor.Actor, id ID, version int64, why string) (Edition, error) {
	return Edition{}, errPending
}

// ---- reading, desk

func (s *Service) ByID(ctx context.Context, q db.Conn, id ID) (Edition, error) {
	return Edition{}, errPending
}
func (s *Service) ByLanguage(ctx context.Context, q db.Conn, st story.ID, l lang.Tag) (Edition, error) {
	return Edition{}, errPending
}

// OfStory returns the story's editions, the original first.
func (s *Service) OfStory(ctx context.Context, q db.Conn, st story.ID) ([]Edition, error) {
	return nil, errPending
}

// Revisions lists revisions without documents, newest first, before that number (0: from the newest).
func (s *Service) Revisions(ctx context.Context, q db.Conn, id ID, before int64, limit int) ([]Revision, error) {
	return nil, errPending
}
func (s *Service) RevisionDoc(ctx context.Context, q db.Conn, id ID, number int64) (document.Doc, error) {
	return document.Doc{}, errPending
}
func (s *Service) Compare(ctx context.Context, q db.Conn, id ID, from, to int64) ([]document.BlockDiff, error) {
	return nil, errPending
}

// BoardFilter chooses rows of the board. Empty fields choose all.
type BoardFilter struct {
	Mine       string // staff ID: stories begun, signed or written in by that person
	NeedsCheck bool   // an edition is in review, or out with unpublished changes
	Text       string // in a headline, or the story's number
	Section    publication.SectionID
	Lang       lang.Tag // has an edition in it
	State      State    // has an edition in that state (in Lang, if given)
	Before     Cursor
	Limit      int
}

// BoardRow is a story on the board.
type BoardRow struct {
	Story        story.ID
	Number       int64
	Kind         story.Kind
	Section      publication.SectionID
	OriginalLang lang.Tag
	Headline     string   // the original's, else the first that has one
	HeadlineLang lang.Tag // what it is written in
	Embargo      *time.Time
	Updated      time.Time
	Cells        map[lang.Tag]Cell
}

// Cell is an edition on the board.
type Cell struct {
	Edition      ID
	State        State
	Headline     string
	Version      int64
	Revision     int64
	PublishedRev int64
	Made         Made
	Saved        time.Time
	Scheduled    *time.Time
	Published    *time.Time
	Updated      *time.Time
	Withdrawn    *time.Time
}

// Changed is [Edition.Changed].
func (c Cell) Changed() bool { return c.PublishedRev != 0 && c.PublishedRev != c.Revision }

// Board lists stories, the last touched first, and the cursor of the next page ("" : no more).
func (s *Service) Board(ctx context.Context, q db.Conn, f BoardFilter) ([]BoardRow, Cursor, error) {
	return nil, "", errPending
}

// ---- reading, readers

// Cursor is a place in a list, safe in addresses. "" is the beginning.
type Cursor string

// Card is what lists, feeds and sitemaps show of a published edition.
type Card struct {
	Edition   ID
	Story     story.ID
	Number    int64
	Lang      lang.Tag
	Section   publication.SectionID
	Kind      story.Kind
	Slug      string
	Kicker    string
	Headline  string
	Teaser    string
	Picture   *document.Picture
	Published time.Time
	Updated   *time.Time
}

// List chooses cards of one language, newest first. At most one of Section, Topic, Author is used,
// in that order.
type List struct {
	Lang     lang.Tag
	Section  publication.SectionID
	Topic    topic.ID
	Author   people.AuthorID
	From, To time.Time // published in [From, To); zero: no bound
	Before   Cursor
	Limit    int // 0 means 20, at most 1000
}

// Cards returns a page of the list and the cursor of the next ("" : no more).
func (s *Service) Cards(ctx context.Context, q db.Conn, l List) ([]Card, Cursor, error) {
	return nil, "", errPending
}

// CardsOf returns one card for each of the stories that is out: in the first language of prefer
// that it is out in, else in its original's, else any. For links between stories.
func (s *Service) CardsOf(ctx context.Context, q db.Conn, ids []story.ID, prefer ...lang.Tag) (map[story.ID]Card, error) {
	return nil, errPending
}

// Siblings returns the cards of all languages each story is out in, sorted by language.
func (s *Service) Siblings(ctx context.Context, q db.Conn, ids []story.ID) (map[story.ID][]Card, error) {
	return nil, errPending
}

// Live is what a reader's page shows of a published edition.
type Live struct {
	Edition  Edition      // Doc is empty: it may be newer than what is out
	Story    story.Story  // with authors, topics, sources
	Doc      document.Doc // of the published revision
	Siblings []Card       // all languages it is out in, itself included, sorted by language
}

// GoneError says that the edition was withdrawn.
type GoneError struct {
	Story    story.ID
	Number   int64
	Lang     lang.Tag
	At       time.Time
	Why      string
	Siblings []Card // languages it is still out in
}

func (e *GoneError) Error() string { return "withdrawn" }

// Published returns what readers see of the story in the language: problem.NotFound if it never was
// out, *GoneError if it was withdrawn.
func (s *Service) Published(ctx context.Context, q db.Conn, number int64, l lang.Tag) (Live, error) {
	return Live{}, errPending
}

// ---- used by release, in its transaction

// PutCard writes the card of a published edition anew from its published revision and its story.
func (s *Service) PutCard(ctx context.Context, tx *db.Tx, id ID) error { return errPending }

// DropCard takes the card away.
func (s *Service) DropCard(ctx context.Context, tx *db.Tx, id ID) error { return errPending }

// StoryChanged and SourceUsed make the service a story.Watcher.
func (s *Service) StoryChanged(ctx context.Context, tx *db.Tx, st story.Story) error {
	return errPending
}
func (s *Service) SourceUsed(ctx context.Context, q db.Conn, st story.ID, source string) (bool, error) {
	return false, errPending
}
