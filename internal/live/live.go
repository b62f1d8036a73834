// Package live is a running story: timed entries that are written at the desk while things happen and pushed to
// the pages that readers have open.
//
// An entry is a small story of its own (docs/decisions/0351), so that it has editions with revisions, units,
// sources, corrections and releases like any other. It belongs to the running story, stands in its section and on its
// page, and in no list. What is said here is only what an entry is beyond that: when it happened, whether it is one of
// the few that tell the story so far, and what readers see of it in a language: its line.
package live

import (
	"time"

	"depesche/internal/correction"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/translate"
)

// Coverage is a story that runs live, or did.
type Coverage struct {
	Story   story.ID
	Began   time.Time
	Ended   *time.Time // nil while it runs
	Open    bool       // reporters and translators send entries out themselves
	Version int64
}

// Running reports whether entries may be written.
func (c Coverage) Running() bool { return c.Ended == nil && c.Story != "" }

// Entry is what an entry is beyond its story.
type Entry struct {
	Story    story.ID
	Live     story.ID
	Number   int64
	Original lang.Tag
	Happened time.Time
	Pinned   bool
	Version  int64
	By       string // ID of who wrote it
}

// Line is what readers see of an entry in one language, without its text.
type Line struct {
	Edition  edition.ID
	Entry    story.ID
	Live     story.ID
	Lang     lang.Tag
	Number   int64
	Happened time.Time
	Pinned   bool
	Out      bool   // false: it was withdrawn
	Headline string // its own, or how its text begins
	Turn     int64  // counts what readers saw change
	Told     time.Time
}

// Happened is what a live.… event says: live.entry of an entry in a language, live.state of a running story.
type Happened struct {
	Story   story.ID   `json:"story"` // the running one
	Lang    lang.Tag   `json:"lang,omitempty"`
	Entry   story.ID   `json:"entry,omitempty"`
	Edition edition.ID `json:"edition,omitempty"`
	Number  int64      `json:"number,omitempty"` // the entry's
}

// Service is the room's door.
type Service struct {
	db          *db.DB
	stories     *story.Service
	editions    *edition.Service
	people      *people.Service
	releases    *release.Service
	corrections *correction.Service
	translate   *translate.Service
}

// New returns the room on the database and has editions tell it what becomes of entries.
func New(d *db.DB, editions *edition.Service, staff *people.Service, releases *release.Service,
	corrections *correction.Service, work *translate.Service,
) *Service {
	s := &Service{d, editions.Stories(), editions, staff, releases, corrections, work}
	editions.WatchEntries(s)
	return s
}

// headlineOf is how lists name an entry: by its headline, or by how its text begins.
func headlineOf(doc document.Doc, l lang.Tag) string {
	if doc.Headline != "" {
		return doc.Headline
	}
	doc.Teaser = ""
	return document.Teaser(doc, l, lineLength)
}

// lineLength is how much of a text stands for a headline, in characters.
const lineLength = 120
