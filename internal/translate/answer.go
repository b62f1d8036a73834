package translate

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/entry"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Confirm stores a segment's text and what the translator says of it. It goes through edition.Save,
// so it may return an [*edition.ClashError]; then nothing is stored.
//
// A segment that the source got later is put in where the source has it. A dropped one loses its
// text. Adapted, added and dropped need a reason.
func (s *Service) Confirm(ctx context.Context, a actor.Actor, u Unit) (Row, error) {
	var row Row
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		row, err = s.confirm(ctx, tx, a, u)
		return err
	})
	if err != nil {
		return Row{}, fmt.Errorf("segment %s of edition %s: %w", u.Address, u.Edition, err)
	}
	return row, nil
}

// ConfirmTx is Confirm within an act of another room.
func (s *Service) ConfirmTx(ctx context.Context, tx *db.Tx, a actor.Actor, u Unit) (Row, error) {
	row, err := s.confirm(ctx, tx, a, u)
	if err != nil {
		return Row{}, fmt.Errorf("segment %s of edition %s: %w", u.Address, u.Edition, err)
	}
	return row, nil
}

func (s *Service) confirm(ctx context.Context, tx *db.Tx, a actor.Actor, u Unit) (Row, error) {
	u, err := cleanUnit(u)
	if err != nil {
		return Row{}, err
	}
	w, err := s.Work(ctx, tx, u.Edition)
	if err != nil {
		return Row{}, err
	}
	if u.SourceRev, err = sourceRevision(w, u.SourceRev); err != nil {
		return Row{}, err
	}
	base := w.Edition.Doc
	if u.Base == 0 {
		u.Base = w.Edition.Revision
	} else if u.Base != w.Edition.Revision {
		then, err := s.editions.RevisionDoc(ctx, tx, u.Edition, u.Base)
		if err != nil {
			return Row{}, err
		}
		// An answer is about its segment: what was done elsewhere in the same block is no clash.
		if sameSegment(then, base, u.Address) {
			u.Base = w.Edition.Revision
		} else {
			base = then
		}
	}
	doc, err := answered(w.Source.Doc, base, u)
	var unknown *document.UnknownAddressError
	if errors.As(err, &unknown) {
		err = problem.Wrap(problem.NotFound, "problem.segment_gone", err)
	}
	if err != nil {
		return Row{}, err
	}
	saved, err := s.editions.SaveTx(ctx, tx, a, edition.Save{Edition: u.Edition, Base: u.Base, Doc: doc})
	if err != nil {
		return Row{}, err
	}
	from, err := s.cameFrom(ctx, tx, w, u)
	if err != nil {
		return Row{}, err
	}
	row, err := s.say(ctx, tx, a, w.Source.ID, saved.Edition, u.Address, unit{
		SourceRev: u.SourceRev, TargetRev: saved.Edition.Revision, Answer: u.Answer, Reason: u.Reason, Draft: from, ByID: a.ID, At: tx.Now(),
	})
	if err != nil {
		return Row{}, err
	}
	w.Edition = saved.Edition
	if err := s.learn(ctx, tx, a, w, row); err != nil {
		return Row{}, err
	}
	return row, s.remake(ctx, tx, a, saved.Edition)
}

// cameFrom returns the draft that the answer's text was made from: the one it names, one made of
// its origin, or the one that the segment had.
func (s *Service) cameFrom(ctx context.Context, tx *db.Tx, w Work, u Unit) (DraftID, error) {
	switch {
	case u.Answer == AnswerDropped:
		return "", nil
	case u.Draft != "":
		ok, err := placed(ctx, tx, u.Edition, u.Address, u.Draft)
		if err == nil && !ok {
			err = problem.New(problem.NotFound, "problem.not_found")
		}
		return u.Draft, err
	case u.Origin.Source != "" && u.Origin.Source != Hand && len(u.Origin.Text) > 0:
		return putDraft(ctx, tx, Draft{
			Edition: u.Edition, Address: u.Address, SourceRev: u.SourceRev, From: w.From, To: w.To, Origin: u.Origin, Placed: true,
		})
	}
	all, err := units(ctx, tx, []edition.ID{u.Edition})
	return all[u.Edition][u.Address].Draft, err
}

func cleanUnit(u Unit) (Unit, error) {
	var f problem.Fields
	if u.Answer == "" {
		u.Answer = AnswerEdited
	}
	switch u.Answer {
	case AnswerEdited, AnswerReviewed:
		u.Reason = ""
	case AnswerAdapted, AnswerAdded, AnswerDropped:
		u.Reason = entry.Must(&f, "reason", u.Reason, entry.Note)
	default:
		f.Add("answer", entry.Choice, string(u.Answer))
	}
	u.Text = u.Text.Normal()
	return u, f.Err()
}

func sameSegment(a, b document.Doc, addr document.Address) bool {
	x, inA := a.Segment(addr)
	y, inB := b.Segment(addr)
	return inA == inB && reflect.DeepEqual(x.Text.Normal(), y.Text.Normal())
}

// answered is the translation with the answer in it.
func answered(source, target document.Doc, u Unit) (document.Doc, error) {
	if u.Answer == AnswerDropped {
		return drop(target, u.Address)
	}
	return put(source, target, u.Address, u.Text)
}

// StillRight says that the segment's present text fits the source as of sourceRev (0: the newest).
// It makes no revision.
func (s *Service) StillRight(ctx context.Context, a actor.Actor, id edition.ID, addr document.Address, sourceRev int64) (Row, error) {
	var row Row
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		w, err := s.Work(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayTranslate(ctx, tx, a, w); err != nil {
			return err
		}
		if sourceRev, err = sourceRevision(w, sourceRev); err != nil {
			return err
		}
		seg, ok := w.Edition.Doc.Segment(addr)
		if !ok || len(seg.Text) == 0 {
			return problem.New(problem.NotFound, "problem.segment_gone")
		}
		if err := s.editions.Stories().Touch(ctx, tx, w.Edition.Story); err != nil {
			return err
		}
		all, err := units(ctx, tx, []edition.ID{id})
		if err != nil {
			return err
		}
		u, known := all[id][addr]
		if !known || u.Answer == answerMachine {
			u.Answer = AnswerEdited
		}
		u.SourceRev, u.TargetRev, u.ByID, u.At = sourceRev, w.Edition.Revision, a.ID, tx.Now()
		if row, err = s.say(ctx, tx, a, w.Source.ID, w.Edition, addr, u); err != nil {
			return err
		}
		if err := s.learn(ctx, tx, a, w, row); err != nil {
			return err
		}
		return s.tell(ctx, tx, w.Edition)
	})
	if err != nil {
		return Row{}, fmt.Errorf("segment %s of edition %s: %w", addr, id, err)
	}
	return row, nil
}

// say stores a unit and returns its row as it is then.
func (s *Service) say(ctx context.Context, tx *db.Tx, a actor.Actor, source edition.ID, e edition.Edition, addr document.Address, u unit) (Row, error) {
	if err := putUnit(ctx, tx, e.ID, source, addr, u); err != nil {
		return Row{}, err
	}
	err := audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: "translate." + string(u.Answer), Subject: "edition:" + string(e.ID), Detail: map[string]any{
		"address": addr, "source_rev": u.SourceRev, "target_rev": u.TargetRev, "reason": u.Reason,
	}})
	if err != nil {
		return Row{}, err
	}
	rows, err := s.Rows(ctx, tx, e.ID)
	for _, r := range rows {
		if r.Address == addr {
			return r, nil
		}
	}
	// What was dropped on both sides has no row any more.
	return Row{Address: addr, State: State(u.Answer), Reason: u.Reason, SourceRev: u.SourceRev}, err
}

// sourceRevision is the revision of the source that an answer speaks of.
func sourceRevision(w Work, n int64) (int64, error) {
	switch {
	case n == 0:
		return w.Source.Revision, nil
	case n < 0 || n > w.Source.Revision:
		return 0, problem.New(problem.Invalid, "problem.revision_unknown", "n", n)
	}
	return n, nil
}

func (s *Service) mayTranslate(ctx context.Context, q db.Conn, a actor.Actor, w Work) error {
	st, err := s.editions.Stories().ByID(ctx, q, w.Edition.Story)
	if err != nil {
		return err
	}
	return s.editions.May(ctx, q, a, st, w.Edition.Lang, actor.Translate)
}

func (s *Service) tell(ctx context.Context, tx *db.Tx, e edition.Edition) error {
	st, err := s.editions.Stories().ByID(ctx, tx, e.Story)
	if err != nil {
		return err
	}
	return edition.Tell(ctx, tx, "edition.state", st, e)
}

// TextSaved gives segments that were written in the writing screen a unit. A segment that has one
// keeps the source revision it was made from: who writes there doesn't see the source, so a stale
// segment stays stale until somebody says otherwise.
func (s *Service) TextSaved(ctx context.Context, tx *db.Tx, a actor.Actor, st story.Story, then document.Doc, now edition.Edition) error {
	if now.Lang == st.OriginalLang {
		return nil
	}
	addresses := changed(then, now.Doc)
	if len(addresses) == 0 {
		return nil
	}
	source, newest, err := newestRevision(ctx, tx, st)
	if err != nil {
		return fmt.Errorf("original of edition %s: %w", now.ID, err)
	}
	all, err := units(ctx, tx, []edition.ID{now.ID})
	if err != nil {
		return err
	}
	for _, addr := range addresses {
		u, known := all[now.ID][addr]
		if !known {
			u.SourceRev = newest
		}
		if u.Answer != AnswerAdapted && u.Answer != AnswerAdded {
			u.Answer, u.Reason = AnswerEdited, ""
		}
		u.TargetRev, u.ByID, u.At = now.Revision, a.ID, tx.Now()
		if err := putUnit(ctx, tx, now.ID, source, addr, u); err != nil {
			return err
		}
	}
	return nil
}
