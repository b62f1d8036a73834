// Package release is editions going out, being corrected or withdrawn in one act: all of the
// chosen ones or none. Before it stands the checklist; what goes out is exactly the revision that
// was checked.
package release

import (
	"context"
	"time"

	"depesche/internal/check"
	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// ID names a release.
type ID string

// Act says what a release does.
type Act string

// The acts.
const (
	Publish    Act = "publish"
	Schedule   Act = "schedule"
	Unschedule Act = "unschedule"
	Minor      Act = "minor"  // the newest text goes out, readers see no new date
	Update     Act = "update" // the newest text goes out and readers see when
	Correct    Act = "correct"
	Withdraw   Act = "withdraw"
)

// Command is one act on editions of one story.
type Command struct {
	Story    story.ID
	Act      Act
	Editions []Choice
	At       time.Time           // schedule: when
	Why      map[lang.Tag]string // withdraw: told to readers, one text a chosen language
	Note     string              // for the newsroom, or ""
	Correct  *CorrectionInput    // correct
	Override []Override          // warnings gone past
	// HoldBack lets the chosen translations that errors hold stay behind, and the others go. Without it,
	// or if the original is among those held, or nothing would go, nothing goes.
	HoldBack bool
	// Reports are those of readers that a minor change, an update or a correction settles: they are closed
	// as corrected with it.
	Reports []correction.ReportID
}

// Choice is an edition as the actor saw it: a changed version is a conflict.
type Choice struct {
	Edition edition.ID
	Version int64
}

// CorrectionInput is what was wrong and is now right, in the language of each chosen edition.
type CorrectionInput struct {
	// Of is an earlier correction of the story that is now told in further languages; "" for a new one.
	Of        correction.ID
	Prominent bool
	Texts     map[lang.Tag]string
}

// Override goes past one warning.
type Override struct {
	Edition edition.ID
	Code    string
	Address document.Address
	Reason  string
}

// Release is what was done, or waits to be done.
type Release struct {
	ID        ID
	Story     story.ID
	Act       Act
	Due       *time.Time // of a scheduled one
	Done      *time.Time // nil while it waits
	Cancelled bool
	Why       string
	ByID      string
	ByName    string
	Created   time.Time
	Editions  []Part
	Overrides []Overridden
	Held      []HeldBack // chosen, and held by these errors while the others went
}

// HeldBack is an error that held an edition back.
type HeldBack struct {
	Edition edition.ID
	Lang    lang.Tag
	Code    string
	Address document.Address
}

// Part is an edition of a release.
type Part struct {
	Edition  edition.ID
	Lang     lang.Tag
	Revision int64
	// SourceRev is the original's newest revision when the edition was checked; 0 of an original.
	SourceRev int64
}

// Overridden is a warning that somebody went past.
type Overridden struct {
	Override
	ByID   string
	ByName string
}

// Checklist is what was found in each edition of a story.
type Checklist struct {
	Story    story.Story
	Editions []Checked // the original first
}

// Checked is one edition's part of the checklist.
type Checked struct {
	Edition  edition.Edition
	Findings []check.Finding // the gravest first
	Passed   []check.Fine    // what was looked at and is fine
	// Made says how the newest text came to be; Unread that some of it is an engine's, and no person has
	// said anything of it.
	Made   edition.Made
	Unread bool
	// SourceRev is the revision of the original that it was compared with; 0 of an original.
	SourceRev int64
	// Past are the warnings among Findings that somebody went past before, in a text that hasn't
	// changed there since. They don't hold a release again.
	Past []Overridden
}

// WentPast returns who went past the finding, if somebody did.
func (c Checked) WentPast(f check.Finding) (Overridden, bool) {
	for _, o := range c.Past {
		if o.Code == f.Code && o.Address == f.Address {
			return o, true
		}
	}
	return Overridden{}, false
}

// Of returns the part of the edition.
func (c Checklist) Of(id edition.ID) (Checked, bool) {
	for _, e := range c.Editions {
		if e.Edition.ID == id {
			return e, true
		}
	}
	return Checked{}, false
}

// Count returns how many findings have the severity.
func (c Checked) Count(s check.Severity) int {
	n := 0
	for _, f := range c.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// CanPublish reports whether nothing stops the edition; warnings have to be gone past by name.
func (c Checked) CanPublish() bool { return c.Count(check.Stop) == 0 }

// HeldError says that the checklist holds a release. Nothing was done.
type HeldError struct {
	Checklist Checklist
	// Open are the findings that hold it: errors, and warnings without an override.
	Open []Open
}

// Open is a finding that holds an edition.
type Open struct {
	Edition edition.ID
	Lang    lang.Tag
	check.Finding
}

// Service is the room's door.
type Service struct {
	db          *db.DB
	stories     *story.Service
	editions    *edition.Service
	corrections *correction.Service
	paper       *publication.Service
	pictures    *media.Service
	translate   *translate.Service
	terms       Terms
}

// Terms has the names and terms of the house that stand in texts, with the forms they may have in the
// other language.
type Terms interface {
	For(ctx context.Context, q db.Conn, from, to lang.Tag, texts ...string) ([]check.Term, error)
}

// New returns the room on the database. terms may be nil: then no text is held against the register.
func New(d *db.DB, stories *story.Service, editions *edition.Service, corrections *correction.Service,
	paper *publication.Service, pictures *media.Service, work *translate.Service, terms Terms,
) *Service {
	return &Service{d, stories, editions, corrections, paper, pictures, work, terms}
}
