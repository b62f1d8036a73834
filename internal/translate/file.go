package translate

import (
	"context"
	"fmt"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
	"depesche/internal/translate/xliff"
)

// File is the translation as an XLIFF file: all segments of the original in its order, those that
// aren't translated (a quotation's original wording) for their context. Notes say what a segment is
// and, of a stale one, what the original said before.
//
// kind gives the name of a segment's kind in a language that the translator reads; about gives further
// notes on a row, nil for none.
func (s *Service) File(ctx context.Context, q db.Conn, id edition.ID, kind func(Row) string, about func(Row) []xliff.Note) (xliff.File, error) {
	w, err := s.Work(ctx, q, id)
	if err != nil {
		return xliff.File{}, err
	}
	f := xliff.File{From: w.From, To: w.To, Edition: string(id), SourceRev: w.Source.Revision, TargetRev: w.Edition.Revision}
	rows := map[document.Address]Row{}
	for _, r := range w.Rows {
		rows[r.Address] = r
	}
	for _, seg := range document.Segments(w.Source.Doc) {
		if seg.Fixed {
			if seg.Field != document.FieldSlug {
				f.Units = append(f.Units, xliff.Unit{Address: seg.Address, Source: seg.Text, Fixed: true})
			}
			continue
		}
		r := rows[seg.Address]
		if r.State == Dropped {
			continue
		}
		u := xliff.Unit{Address: r.Address, Source: r.Source, Target: r.Target, State: fileStates[r.State], Notes: []xliff.Note{{Category: "context", Text: kind(r)}}}
		if r.State == Stale {
			u.Notes = append(u.Notes, xliff.Note{Category: "changed", Text: r.SourceThen.Plain()})
		}
		if about != nil {
			u.Notes = append(u.Notes, about(r)...)
		}
		f.Units = append(f.Units, u)
	}
	return f, nil
}

var fileStates = map[State]xliff.State{
	Missing: xliff.Initial, Stale: xliff.Initial, Machine: xliff.Translated, Edited: xliff.Translated,
	Reviewed: xliff.Reviewed, Adapted: xliff.Reviewed, Added: xliff.Reviewed,
}

// Refused is a segment of a file that wasn't taken in.
type Refused struct {
	Address document.Address
	Why     string // word key
	Text    document.Inline
}

// Why segments of a file aren't taken in.
const (
	WhyMoved   = "xliff.moved"   // the original says something else by now
	WhyChanged = "xliff.changed" // somebody has changed the translation here meanwhile
	WhyGone    = "xliff.gone"    // there is no such segment any more
	WhyPurpose = "xliff.purpose" // it differs on purpose here
)

// Returned is what became of a file that came back.
type Returned struct {
	Edition edition.Edition
	Taken   []document.Address // stored, as edited
	Same    int                // stood there already, or is empty in the file
	Refused []Refused
	Lost    map[document.Address][]document.Mark // marks of the original that a taken text hasn't
}

// BringIn stores what came back in a file that was taken out of this edition: in one revision, as
// edited by the actor. Segments whose original has moved on, or that somebody has changed here
// since, are refused one by one and stay as they are; a file of another edition, another direction or
// of revisions that there never were is refused as a whole, as problem.Invalid.
func (s *Service) BringIn(ctx context.Context, a actor.Actor, id edition.ID, f xliff.File) (Returned, error) {
	var out Returned
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		out = Returned{Lost: map[document.Address][]document.Mark{}}
		w, err := s.Work(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayTranslate(ctx, tx, a, w); err != nil {
			return err
		}
		if err := fits(f, w); err != nil {
			return err
		}
		then, err := s.editions.RevisionDoc(ctx, tx, id, f.TargetRev)
		if err != nil {
			return err
		}
		doc, err := out.take(f, w, segments(then))
		if err != nil {
			return err
		}
		out.Edition = w.Edition
		if len(out.Taken) == 0 {
			return nil
		}
		saved, err := s.editions.SaveTx(ctx, tx, a, edition.Save{Edition: id, Base: w.Edition.Revision, Doc: doc, Why: "XLIFF"})
		if err != nil {
			return err
		}
		out.Edition = saved.Edition
		return s.brought(ctx, tx, a, w, saved.Edition, out.Taken)
	})
	if err != nil {
		return Returned{}, fmt.Errorf("file for edition %s: %w", id, err)
	}
	return out, nil
}

// fits refuses a file that isn't of this translation.
func fits(f xliff.File, w Work) error {
	switch {
	case f.Edition != string(w.Edition.ID):
		return problem.New(problem.Invalid, "problem.xliff_edition")
	case f.From.Base() != w.From.Base() || f.To.Base() != w.To.Base():
		return problem.New(problem.Invalid, "problem.xliff_languages", "from", f.From.String(), "to", f.To.String())
	case f.SourceRev < 1 || f.SourceRev > w.Source.Revision || f.TargetRev < 1 || f.TargetRev > w.Edition.Revision:
		return problem.New(problem.Invalid, "problem.xliff_revision")
	}
	return nil
}

// take decides on each unit and returns the translation with those that are taken in. then are the
// translation's segments as they were taken out.
func (out *Returned) take(f xliff.File, w Work, then map[document.Address]document.Segment) (document.Doc, error) {
	rows := map[document.Address]Row{}
	for _, r := range w.Rows {
		rows[r.Address] = r
	}
	doc := w.Edition.Doc
	for _, u := range f.Units {
		if u.Fixed {
			continue
		}
		r, known := rows[u.Address]
		text := ours(u.Target, r)
		switch {
		case len(text) == 0, known && same(text, r.Target):
			out.Same++
			continue
		case !known || len(r.Source) == 0:
			out.Refused = append(out.Refused, Refused{u.Address, WhyGone, u.Target})
			continue
		case !same(u.Source, r.Source):
			out.Refused = append(out.Refused, Refused{u.Address, WhyMoved, u.Target})
			continue
		case r.State == Adapted || r.State == Dropped:
			out.Refused = append(out.Refused, Refused{u.Address, WhyPurpose, u.Target})
			continue
		case !same(then[u.Address].Text, r.Target):
			out.Refused = append(out.Refused, Refused{u.Address, WhyChanged, u.Target})
			continue
		}
		var err error
		if doc, err = put(w.Source.Doc, doc, u.Address, text); err != nil {
			return document.Doc{}, err
		}
		out.Taken = append(out.Taken, u.Address)
		if lost := without(marksOf(r.Source), marksOf(text)); len(lost) > 0 && !r.Plain {
			out.Lost[u.Address] = lost
		}
	}
	return doc, nil
}

// brought says of the segments that came back that they were made from the original as it is now.
func (s *Service) brought(ctx context.Context, tx *db.Tx, a actor.Actor, w Work, e edition.Edition, taken []document.Address) error {
	all, err := units(ctx, tx, []edition.ID{e.ID})
	if err != nil {
		return err
	}
	for _, addr := range taken {
		seg, _ := e.Doc.Segment(addr)
		u := all[e.ID][addr]
		u.Draft, err = putDraft(ctx, tx, Draft{
			Edition: e.ID, Address: addr, SourceRev: w.Source.Revision, From: w.From, To: w.To,
			Origin: Origin{Source: FromXLIFF, Text: seg.Text}, Placed: true,
		})
		if err != nil {
			return err
		}
		u.SourceRev, u.TargetRev, u.Answer, u.Reason, u.ByID, u.At = w.Source.Revision, e.Revision, AnswerEdited, "", a.ID, tx.Now()
		if err := putUnit(ctx, tx, e.ID, w.Source.ID, addr, u); err != nil {
			return err
		}
	}
	err = audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: "translate.xliff", Subject: "edition:" + string(e.ID), Detail: map[string]any{"segments": len(taken), "revision": e.Revision}})
	if err != nil {
		return err
	}
	return s.remake(ctx, tx, a, e)
}

// ours is a text without marks that neither the original nor the translation has at that place: a file
// may have been anywhere.
func ours(text document.Inline, r Row) document.Inline {
	known := append(marksOf(r.Source), marksOf(r.Target)...)
	out := make(document.Inline, 0, len(text))
	for _, span := range text {
		var marks []document.Mark
		for _, m := range span.Marks {
			if slices.Contains(known, m) {
				marks = append(marks, m)
			}
		}
		out = append(out, document.Span{Text: span.Text, Marks: marks})
	}
	return out.Normal()
}

func same(a, b document.Inline) bool { return slices.EqualFunc(a.Normal(), b.Normal(), equalSpans) }

// marksOf are the marks of a text, each once.
func marksOf(in document.Inline) []document.Mark {
	var out []document.Mark
	for _, span := range in {
		for _, m := range span.Marks {
			if !slices.Contains(out, m) {
				out = append(out, m)
			}
		}
	}
	return out
}

func without(all, some []document.Mark) []document.Mark {
	return slices.DeleteFunc(slices.Clone(all), func(m document.Mark) bool { return slices.Contains(some, m) })
}
