package translate

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/problem"
)

// Review records that a person has read the whole translation beside its source: its edited
// segments become reviewed, the edition checked by the actor. It refuses with problem.Conflict while
// a segment is missing, stale or an orphan, or if the edition isn't the version the actor saw.
func (s *Service) Review(ctx context.Context, a actor.Actor, id edition.ID, version int64) (edition.Edition, error) {
	var out edition.Edition
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		out, err = s.ReviewTx(ctx, tx, a, id, version, nil)
		return err
	})
	if err != nil {
		return edition.Edition{}, fmt.Errorf("review of edition %s: %w", id, err)
	}
	return out, nil
}

// ReviewTx is Review within an act of another room, which knows what was set aside.
func (s *Service) ReviewTx(ctx context.Context, tx *db.Tx, a actor.Actor, id edition.ID, version int64, aside []edition.Aside) (edition.Edition, error) {
	w, err := s.Work(ctx, tx, id)
	if err != nil {
		return edition.Edition{}, err
	}
	st, err := s.editions.Stories().ByID(ctx, tx, w.Edition.Story)
	if err != nil {
		return edition.Edition{}, err
	}
	if err := s.editions.May(ctx, tx, a, st, w.Edition.Lang, actor.Review); err != nil {
		return edition.Edition{}, err
	}
	if w.Edition.Version != version {
		return edition.Edition{}, problem.New(problem.Conflict, "problem.edition_changed", "lang", string(w.To))
	}
	if open := w.Progress.Missing + w.Progress.Stale + w.Progress.Orphan; open > 0 {
		return edition.Edition{}, problem.New(problem.Conflict, "problem.translation_open", "n", open)
	}
	all, err := units(ctx, tx, []edition.ID{id})
	if err != nil {
		return edition.Edition{}, err
	}
	for _, r := range w.Rows {
		if r.State != Edited && r.State != Machine {
			continue
		}
		u := all[id][r.Address]
		u.SourceRev, u.TargetRev, u.Answer, u.Reason, u.ByID, u.At = w.Source.Revision, w.Edition.Revision, AnswerReviewed, "", a.ID, tx.Now()
		if err := putUnit(ctx, tx, id, w.Source.ID, r.Address, u); err != nil {
			return edition.Edition{}, err
		}
	}
	now, err := s.Work(ctx, tx, id)
	if err != nil {
		return edition.Edition{}, err
	}
	if err := s.learn(ctx, tx, a, now, now.Rows...); err != nil {
		return edition.Edition{}, err
	}
	return s.editions.MarkChecked(ctx, tx, a, w.Edition, w.Source.Revision, aside)
}
