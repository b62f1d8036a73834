// Package correction is what was wrong and is now right. A correction belongs to the story and is
// told in each language in that edition's own words; it is only ever inserted.
package correction

import (
	"time"

	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/story"
)

// ID names a correction.
type ID string

// Correction is a correction as one language tells it.
type Correction struct {
	ID        ID
	Story     story.ID
	Edition   edition.ID
	Lang      lang.Tag
	At        time.Time
	Prominent bool // the headline or a number was wrong: told under the lead too
	Text      string
}

// Entry is a correction on the corrections page, with the card of its edition.
type Entry struct {
	Correction
	Card   edition.Card // of the running story, where an entry was corrected
	Number int64        // of that entry, 0 for a story that stands for itself
}

// Note is a correction to be recorded. Texts has one text for each edition that is corrected.
type Note struct {
	Story     story.ID
	Of        ID // an earlier correction to tell in further languages; "" for a new one
	Release   string
	Prominent bool
	Texts     []Text
}

// Text is what one edition says of a correction.
type Text struct {
	Edition edition.ID
	Lang    lang.Tag
	Text    string
}

// Service is the room's door.
type Service struct{ db *db.DB }

// New returns the room on the database.
func New(d *db.DB) *Service { return &Service{db: d} }
