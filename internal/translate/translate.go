// Package translate is the work of making one edition from another, segment by segment.
//
// A unit remembers which revision of the source a segment was made from. Whether it is stale is
// computed: the source's segment in that revision is compared with the newest one's. So it is
// never a flag that somebody forgot, and the old source can be shown beside the new one.
package translate

import (
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
)

// State is what is known of one segment of a translation.
type State string

// The states of a unit.
const (
	Missing  State = "missing"
	Edited   State = "edited"   // text is there, nobody has confirmed it
	Reviewed State = "reviewed" // a person said that it is right
	Stale    State = "stale"    // the source changed since
	Adapted  State = "adapted"  // differs on purpose
	Added    State = "added"    // stands only in the translation, on purpose
	Dropped  State = "dropped"  // stands only in the source, on purpose
	Orphan   State = "orphan"   // its source is gone; to be dropped or kept as added
)

// Row is a segment of a translation beside its source.
type Row struct {
	Address document.Address
	Field   document.Field
	Block   document.ID   // the outermost block it is in, "" in the head
	Kind    document.Kind // of the block it is in, "" in the head

	Source document.Inline // as it is now; empty for an orphan or an added one
	// SourceThen is the source's wording that the translation was made from; only in a stale row.
	SourceThen document.Inline
	SourceRev  int64 // the newest revision of the source, to be sent back with an answer
	Target     document.Inline
	State      State
	Reason     string // of an adapted, added or dropped one
	ByID       string // who answered last, "" if nobody
	At         *time.Time
	// Plain says that the segment has no marks: headline, kicker, teaser, alternative text.
	Plain bool
}

// Answer is what a translator says of a segment.
type Answer string

// The answers.
const (
	AnswerEdited   Answer = "edited"
	AnswerReviewed Answer = "reviewed"
	AnswerAdapted  Answer = "adapted" // needs a reason
	AnswerAdded    Answer = "added"   // needs a reason
	AnswerDropped  Answer = "dropped" // needs a reason
)

// Unit is an answer to one segment.
type Unit struct {
	Edition   edition.ID
	Address   document.Address
	Text      document.Inline
	Answer    Answer // "" means edited
	Reason    string
	SourceRev int64 // the source revision the translator saw; 0 means the newest
	Base      int64 // the translation's revision the translator saw; 0 means the newest
}

// Progress is how far a translation is.
type Progress struct {
	Total    int // segments that the source asks for
	Done     int // edited, reviewed, adapted, added or dropped, and not stale
	Reviewed int
	Missing  int
	Stale    int
	Orphan   int
}

// Work is a translation as its screen needs it.
type Work struct {
	Edition  edition.Edition
	Source   edition.Edition
	From, To lang.Tag
	Rows     []Row
	Progress Progress
}

// Service is the room's door.
type Service struct {
	db       *db.DB
	editions *edition.Service
}

// New returns the room on the database and has editions tell it of saves, so that text that was
// written elsewhere than in its rows has a unit as well.
func New(d *db.DB, editions *edition.Service) *Service {
	s := &Service{db: d, editions: editions}
	editions.Watch(s)
	return s
}
