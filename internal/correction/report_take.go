package correction

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/entry"
	"depesche/internal/events"
	"depesche/internal/id"
	"depesche/internal/problem"
)

// NewReport is what a reader sends.
type NewReport struct {
	Block    document.ID
	Revision int64
	Given    time.Time // when the reader was given the form: then Revision was what readers saw
	Quote    string
	Said     string
	Mail     string // "" if no answer is wanted
}

// Reader is whom the audit names where a reader did something.
var Reader = actor.System("reader").ID

// Reported is what a report.made and report.closed event says.
type Reported struct {
	edition.Happened
	Report ReportID `json:"report"`
}

// Take stores what a reader of live says is wrong in doc, which is what its revision n.Revision said. What
// was said at that block before in the same words is counted there. It refuses with problem.Invalid
// (fields said, mail, block), and with problem.TooMany once the story, or the paper, has got as many
// different ones in a day as anybody could read.
func (s *Service) Take(ctx context.Context, live edition.Live, doc document.Doc, n NewReport) error {
	var f problem.Fields
	r := Report{Edition: live.Edition.ID, Story: live.Story.ID, Number: live.Story.Number, Lang: live.Edition.Lang, Block: n.Block, Revision: n.Revision, State: ReportOpen}
	r.Said = entry.Lines(&f, "said", n.Said, MaxSaid)
	if !f.Has("said") && !entry.Visible(r.Said) {
		f.Add("said", entry.Required, "")
	}
	address := cleanMail(&f, n.Mail)
	var ok bool
	if r.Passage, ok = Passage(doc, n.Block); !ok {
		f.Add("block", "problem.required", "")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if quote := strings.TrimSpace(n.Quote); quote != "" && strings.Contains(r.Passage, quote) {
		r.Quote = cut(quote, quoteKept)
	}
	r.Passage = cut(r.Passage, passageKept)
	err := s.db.Write(ctx, func(tx *db.Tx) error { return s.take(ctx, tx, r, address, n.Given) })
	if err != nil {
		return fmt.Errorf("report at %s of edition %s: %w", n.Block, r.Edition, err)
	}
	return nil
}

func (s *Service) take(ctx context.Context, tx *db.Tx, r Report, address string, given time.Time) error {
	r.ID = ReportID(id.New(tx.Now()))
	known, again, err := sayAgain(ctx, tx, &r, given)
	if err != nil {
		return err
	}
	if again { // what was corrected is still wrong, or wrong again
		if err := tellReport(ctx, tx, "report.made", r); err != nil {
			return err
		}
	}
	if !known {
		if err := room(ctx, tx, r, tx.Now().Add(-24*time.Hour)); err != nil {
			return err
		}
		if err := insertReport(ctx, tx, r); err != nil {
			return err
		}
		err := audit.Record(ctx, tx, audit.Entry{Actor: Reader, Act: "report.made", Subject: "story:" + string(r.Story), Detail: map[string]any{
			"report": r.ID, "edition": r.Edition, "block": r.Block, "revision": r.Revision,
		}})
		if err != nil {
			return err
		}
		if err := tellReport(ctx, tx, "report.made", r); err != nil {
			return err
		}
	}
	if address == "" || r.State.Closed() {
		return nil
	}
	return putMail(ctx, tx, r.ID, address)
}

func tellReport(ctx context.Context, tx *db.Tx, kind string, r Report) error {
	return events.Append(ctx, tx, kind, "report:"+string(r.ID), Reported{
		Happened: edition.Happened{Story: r.Story, Edition: r.Edition, Lang: r.Lang, Number: r.Number}, Report: r.ID,
	})
}

func cleanMail(f *problem.Fields, given string) string {
	if strings.TrimSpace(given) == "" {
		return ""
	}
	out := entry.Email(f, "mail", given)
	// The newsroom is going to press it: nothing in it may be an instruction to a mail program, or hide.
	if !f.Has("mail") && (!strings.Contains(out[strings.LastIndexByte(out, '@'):], ".") || strings.ContainsAny(out, "?&%#") || strings.ContainsFunc(out, hides)) {
		f.Add("mail", entry.BadEmail, given)
	}
	return out
}

func hides(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) }

// cut shortens a text to n characters.
func cut(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}
