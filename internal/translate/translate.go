// Package translate is the work of making one edition from another, segment by segment.
//
// A unit remembers which revision of the source a segment was made from. Whether it is stale is
// computed: the source's segment in that revision is compared with the newest one's. So it is
// never a flag that somebody forgot, and the old source can be shown beside the new one.
package translate

import (
	"time"

	"depesche/internal/check"
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
	Machine  State = "machine"  // an engine wrote it, no person has said anything of it
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
	// MadeFrom is the source's revision that the translation was made from.
	MadeFrom int64
	// Change is what the source's change means; only of a stale row and of an orphan.
	Change    Weighed
	SourceRev int64 // the newest revision of the source, to be sent back with an answer
	Target    document.Inline
	State     State
	Origin    Origin // where Target came from; zero of a missing one
	ByHand    bool   // a person wrote Target, or changed what came from elsewhere
	Unread    bool   // an engine wrote Target, and no person has said anything of it
	Reason    string // of an adapted, added or dropped one
	ByID      string // who answered last, "" if nobody
	At        *time.Time
	// Plain says that the segment has no marks: headline, kicker, teaser, alternative text.
	Plain bool
}

// Weighed is what a change of the original means for its translations.
type Weighed struct {
	Weight check.Weight // that counts: decided or, where nobody has decided, proposed
	// Firm says that it can't be called less than a fact; Why are the word keys of the reasons that
	// the checks see.
	Firm bool
	Why  []string
	// Decided is by whom the weight was decided, "" if nobody has.
	Decided string
}

// Source says where a text came from.
type Source string

// Where a text can come from.
const (
	Hand         Source = "hand"
	FromEngine   Source = "engine"
	OwnSegment   Source = "own"   // the same segment's earlier translation
	SameStory    Source = "story" // another segment of the story that says the same
	OtherStories Source = "other"
	NearMatch    Source = "near"
	FromXLIFF    Source = "xliff"
	Imported     Source = "import"
)

// Origin is where the text of a segment came from.
type Origin struct {
	Source  Source
	Engine  string   // that wrote it
	Model   string   // as the engine calls it, or ""
	Through lang.Tag // the language in between, or ""
	Alike   int      // of a near match, in hundred
	// Text is the text as it came. In a row it is empty if it came by hand.
	Text document.Inline
}

// Answer is what a translator says of a segment.
type Answer string

// The answers.
const (
	answerMachine  Answer = "machine" // never a person's
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
	// Draft is the proposal that the text was made from, see [Service.Propose]; Origin what else it
	// was made from, with Text as it came: a match of the memory, a file. Without either, a text keeps
	// the origin it has.
	Draft  DraftID
	Origin Origin
}

// Progress is how far a translation is.
type Progress struct {
	Total    int // segments that the source asks for
	Done     int // edited, reviewed, adapted, added or dropped, and not stale
	Machine  int // of an engine, unconfirmed
	Reviewed int
	Missing  int
	Stale    int // of both weights
	Facts    int // stale ones whose source says something else now
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
	help     Helpers
}

// New returns the room on the database and has editions tell it of saves, so that text that was
// written elsewhere than in its rows has a unit as well.
func New(d *db.DB, editions *edition.Service) *Service {
	s := &Service{db: d, editions: editions}
	editions.Watch(s)
	return s
}
