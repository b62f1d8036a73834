package correction

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/publication"
	"depesche/internal/story"
)

// ReportID names a reader's report.
type ReportID string

// ReportState says what became of a reader's report.
type ReportState string

// The states. From Open and Taken a report is closed as one of the others; closed ones stay closed, but
// for one that was corrected and is said again.
const (
	ReportOpen      ReportState = "open"
	ReportTaken     ReportState = "taken" // somebody looks into it
	ReportCorrected ReportState = "corrected"
	ReportNoFault   ReportState = "no_fault"
	ReportSpam      ReportState = "spam"
)

// Closed reports whether nobody has to do anything any more.
func (s ReportState) Closed() bool { return s != ReportOpen && s != ReportTaken }

// Head is the block of what stands above the text: headline and lead.
const Head document.ID = "head"

// Report is what a reader says is wrong at a block. The block's ID is the same in all languages of the
// story, so a report in one concerns the same place in each.
type Report struct {
	ID       ReportID
	Story    story.ID
	Number   int64 // of the story
	Section  publication.SectionID
	Edition  edition.ID
	Lang     lang.Tag
	Headline string // of the edition as it is now
	Block    document.ID
	Revision int64  // that the reader saw
	Passage  string // what the block said in it
	Quote    string // the words in Passage that the reader chose, or ""
	Said     string
	Times    int // that it was said
	State    ReportState
	Version  int64
	ByID     string // who took it up or closed it
	ByName   string
	First    time.Time
	Last     time.Time
	Closed   *time.Time
	Mails    []string // of readers who want an answer
}

// Bounds of what strangers may leave.
const (
	MaxSaid      = 2000 // characters
	maxMails     = 20   // of one report
	reportsStory = 60   // different ones, of a story in a day
	reportsDay   = 600  // of all stories in a day
	passageKept  = 4000
	quoteKept    = 300
)

// How long what readers left is kept.
const (
	mailOpen     = 90 * 24 * time.Hour // of a report that nobody closes
	MailClosed   = 30 * 24 * time.Hour // after the report was closed
	reportClosed = 365 * 24 * time.Hour
)

// Passage returns what a block says as plain text, and false if the document hasn't got it.
func Passage(d document.Doc, block document.ID) (string, bool) {
	if block == Head {
		return strings.TrimSpace(d.Headline + "\n" + d.Lead.Plain()), true
	}
	for _, b := range d.Blocks {
		if b.ID != block {
			continue
		}
		var lines []string
		for _, seg := range document.Segments(document.Doc{Blocks: []document.Block{b}}) {
			if text := strings.TrimSpace(seg.Text.Plain()); text != "" && !seg.Fixed {
				lines = append(lines, text)
			}
		}
		return strings.Join(lines, "\n"), len(lines) > 0
	}
	return "", false
}

// BlockOf is the block that an address lies in: Head, or one of d.Blocks, which hold items, cells and
// pictures with IDs of their own.
func BlockOf(d document.Doc, addr document.Address) document.ID {
	id, _, _ := strings.Cut(string(addr), "/")
	if id == string(Head) {
		return Head
	}
	for _, b := range d.Blocks {
		if string(b.ID) == id {
			return b.ID
		}
		for _, seg := range document.Segments(document.Doc{Blocks: []document.Block{b}}) {
			if seg.Address == addr {
				return b.ID
			}
		}
	}
	return document.ID(id)
}

// same is what two reports have in common that say the same.
func same(said string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(strings.Join(strings.Fields(said), " "))))
	return hex.EncodeToString(sum[:16])
}
