// Package memory is the translation memory: pairs of segments that a person confirmed or that came in
// as TMX, found again when the same or nearly the same is to be translated.
//
// A pair is learned in the transaction in which its segment is confirmed. What is found says where it
// comes from; only a segment's own earlier translation and its story's may be put in unasked, since
// news goes stale.
package memory

import (
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/story"
)

// ID names a pair. Unlike other IDs it is a number, and one that was deleted may come again.
type ID int64

// Unit is a confirmed pair to be learned.
type Unit struct {
	From, To             lang.Tag
	Source, Target       document.Inline
	Story                story.ID
	Edition              edition.ID // of the translation
	Address              document.Address
	SourceRev, TargetRev int64
	ByID, ByName         string
}

// Place names a segment of a translation.
type Place struct {
	Edition  edition.ID
	Address  document.Address
	From, To lang.Tag
}

// Origin says where a match comes from. Those first are offered first.
type Origin int

// The origins.
const (
	Own      Origin = iota // this segment, earlier
	Story                  // another segment of this story
	Other                  // another story
	Imported               // a TMX file
)

// String returns the origin's name in words' keys and files.
func (o Origin) String() string { return [...]string{"own", "story", "other", "imported"}[o] }

// Entry is a pair as it is remembered.
type Entry struct {
	ID             ID
	From, To       lang.Tag
	Source, Target document.Inline
	Story          story.ID   // "" if imported
	Edition        edition.ID // "" if imported
	Address        document.Address
	Imported       string // the name of the file, "" if confirmed here
	ByID, ByName   string
	At             time.Time

	exact int64
}

// Match is a remembered pair whose source is, or nearly is, the present one.
//
// In a match of another story, source references are gone from both texts: they lead to that story's
// sources. In one of the same story they stand, as far as the sources do.
type Match struct {
	Entry
	Origin Origin
	// Score is how alike the sources are in per cent. 100 means the same but for typography.
	Score int
	// Diff leads from the remembered source to the present one.
	Diff []document.Op
	// NumbersDiffer warns that the sources don't have the same numbers.
	NumbersDiffer bool
}

// MayInsert says that the translation may be put in unasked. All others are for a person to take.
func (m Match) MayInsert() bool { return m.Score == 100 && m.Origin <= Story }

// Segment is a text to be translated and its place.
type Segment struct {
	Address document.Address
	Text    document.Inline
}

// Query asks for matches for segments of one translation.
type Query struct {
	From, To lang.Tag
	Story    story.ID
	Edition  edition.ID // of the translation
	Segments []Segment
	Limit    int // matches for each segment; 0 means [DefaultLimit]
	Min      int // least score; 0 means [DefaultMin]
}

// What a query asks for if it doesn't say.
const (
	DefaultLimit = 5
	// DefaultMin is where editing a match still is quicker than writing anew: see docs/decisions/0224.
	DefaultMin = 60
)

// Service is the room's door.
type Service struct {
	db    *db.DB
	batch int // pairs that an import writes at once
}

// New returns the room on the database.
func New(d *db.DB) *Service { return &Service{db: d, batch: batch} }

// Portable returns a text without what means something in its own story only: source references.
func Portable(in document.Inline) document.Inline {
	return without(in, func(m document.Mark) bool { return m.Type == document.SourceRef })
}

// abroad returns a text without what means something in this house only.
func abroad(in document.Inline) document.Inline {
	return without(in, func(m document.Mark) bool {
		return m.Type == document.SourceRef || m.Type == document.StoryLink
	})
}

func without(in document.Inline, drop func(document.Mark) bool) document.Inline {
	var out document.Inline
	for _, s := range in {
		var marks []document.Mark
		for _, m := range s.Marks {
			if !drop(m) {
				marks = append(marks, m)
			}
		}
		out = append(out, document.Span{Text: s.Text, Marks: marks})
	}
	return out.Normal()
}
