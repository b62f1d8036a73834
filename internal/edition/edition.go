// Package edition is a story in one language: its document, its state and its chain of revisions.
//
// A revision is only ever inserted. The edition's row holds the newest one's text, so that a screen
// of the desk is one read; readers see the revision numbered PublishedRev. What lists and feeds
// show of a published edition stands in its card, which is written in the act that publishes it
// and is gone in the act that withdraws it.
//
// Nothing done to one language changes another: each edition has its own revisions and state.
package edition

import (
	"context"
	"time"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/story"
)

// ID names an edition.
type ID string

// Made says how an edition's text came to be; readers are told.
type Made string

// Check says that somebody read a revision of a translation beside its source.
type Check struct {
	Revision int64 // 0: nobody ever checked the edition
	By       string
}

// How an edition was made.
const (
	MadeOriginal Made = "original"
	MadeHuman    Made = "human"
	MadeMachine  Made = "machine"
)

// Edition is a story in one language.
type Edition struct {
	ID           ID
	Story        story.ID
	Lang         lang.Tag
	State        State
	Version      int64 // counts every change; acts are guarded by it
	Revision     int64 // number of the newest revision
	PublishedRev int64 // number of the revision readers see; 0: none
	Headline     string
	Doc          document.Doc // of the newest revision
	Slug         string       // fixed when it first goes out; "" before
	Translator   string       // as readers are told; "" for an original
	Made         Made
	Check        Check // the newest; of this revision or of one before it
	// FirstPublished is when it went out for the first time, for ever. Published is when it last
	// went out after not being out, and what readers are shown and lists are ordered by. Updated is
	// the last update or correction that readers are told of.
	FirstPublished *time.Time
	Published      *time.Time
	Updated        *time.Time
	Scheduled      *time.Time
	Withdrawn      *time.Time
	WithdrawnWhy   string
	Saved          time.Time
}

// Changed reports whether the newest revision isn't the one readers see, of an edition that is out.
func (e Edition) Changed() bool { return e.PublishedRev != 0 && e.PublishedRev != e.Revision }

// Out reports whether readers see the edition.
func (e Edition) Out() bool { return e.State == Published }

// RevisionKind says how a revision came to be.
type RevisionKind string

// The kinds of revision.
const (
	RevSave    RevisionKind = "save"
	RevMerge   RevisionKind = "merge" // the saver's changes joined with those of another
	RevRestore RevisionKind = "restore"
	RevImport  RevisionKind = "import"
)

// Revision is an unchangeable state of an edition.
type Revision struct {
	Edition ID
	Number  int64
	Parent  int64 // the revision its writer started from; 0 for the first
	Kind    RevisionKind
	Doc     document.Doc // empty in lists
	ByID    string
	ByName  string
	Why     string
	At      time.Time
}

// Save is what an editor stores.
type Save struct {
	Edition ID
	Base    int64 // the revision the editor started from
	Doc     document.Doc
	Why     string // in a few words, or ""
}

// Saved is what became of a [Save].
type Saved struct {
	Edition  Edition  // Doc is what is stored now, with the others' changes
	Revision Revision // the newest one; without its document
	Merged   bool     // others' changes came in
	Fresh    bool     // a revision was made; false if nothing was new
}

// ClashError says that the same block was changed by somebody else meanwhile. Nothing was stored
// and nothing is lost: it holds both texts. To settle it, save a document with Base set to
// Edition.Revision.
type ClashError struct {
	Edition Edition          // as it is stored, with the other's text
	Base    document.Doc     // what both started from
	Mine    document.Doc     // what was sent
	Theirs  document.Doc     // what is stored
	Merged  document.Doc     // all that could be joined, with mine where both changed a block
	Clashes []document.Clash // the blocks to choose in
}

// Watcher is a room above that keeps something beside an edition's segments. Its methods run in the
// act's own transaction.
type Watcher interface {
	// TextSaved is told of each new revision by a person's hand; then is the newest before it.
	TextSaved(ctx context.Context, tx *db.Tx, a actor.Actor, st story.Story, then document.Doc, now Edition) error
	// Unread reports whether an engine wrote something in a translation's newest text of which no
	// person has said anything.
	Unread(ctx context.Context, q db.Conn, e Edition) (bool, error)
}

// Lines is the room of the running stories. What stands in no list but on the page of another story has no
// card; its methods run in the act's own transaction.
type Lines interface {
	// EntryOut is told that readers see doc of an entry's edition, or that they see anew what it is made of.
	EntryOut(ctx context.Context, tx *db.Tx, st story.Story, e Edition, doc document.Doc) error
	// EntryGone is told that an edition was withdrawn, of an entry or not.
	EntryGone(ctx context.Context, tx *db.Tx, e Edition) error
}

// Service is the room's door. It is safe for many goroutines once Watch has been called.
type Service struct {
	db       *db.DB
	stories  *story.Service
	watcher  Watcher
	lines    Lines
	presence presence
}

// Stories returns the room of the stories that the editions belong to.
func (s *Service) Stories() *story.Service { return s.stories }

// Watch names the one who is told of saves; translate.New does it.
func (s *Service) Watch(w Watcher) { s.watcher = w }

// WatchEntries names the one who keeps the entries of running stories; live.New does it.
func (s *Service) WatchEntries(l Lines) { s.lines = l }

// New returns the room on the database and has stories tell it of their changes, since cards are
// made of both.
func New(d *db.DB, stories *story.Service) *Service {
	s := &Service{db: d, stories: stories}
	s.presence.now = d.Now
	stories.Watch(s)
	return s
}
