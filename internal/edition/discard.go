package edition

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Discard deletes an edition that readers never saw, with its revisions, guarded by version; with the
// original, which has to be the last, goes the story. Who may review there may do it, and who wrote it
// all alone. What was ever public stays for good: it is withdrawn instead.
func (s *Service) Discard(ctx context.Context, a actor.Actor, id ID, version int64) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		st, err := s.stories.ByID(ctx, tx, e.Story)
		if err != nil {
			return err
		}
		if err := s.mayDiscard(ctx, tx, a, st, e); err != nil {
			return err
		}
		if e.Version != version {
			return errChanged(e)
		}
		if err := discardable(e); err != nil {
			return err
		}
		// Before the other languages are counted: who begins one touches the story as well and waits here.
		if err := s.stories.Touch(ctx, tx, st.ID); err != nil {
			return err
		}
		whole := e.Lang == st.OriginalLang
		if whole {
			others, err := s.OfStory(ctx, tx, st.ID)
			if err != nil {
				return err
			}
			if len(others) > 1 {
				return problem.New(problem.Conflict, "problem.discard_original")
			}
		}
		if err := drop(ctx, tx, e); err != nil {
			return err
		}
		tx.OnCommit(func() { s.presence.drop(e.ID) })
		detail := map[string]any{"number": st.Number, "lang": e.Lang, "revisions": e.Revision}
		if err := s.tell(ctx, tx, a, "edition.discard", "edition.discarded", st, e, detail); err != nil || !whole {
			return err
		}
		return s.stories.Discard(ctx, tx, a, st)
	})
	if err != nil {
		return fmt.Errorf("discard edition %s: %w", id, err)
	}
	return nil
}

// MayDiscard says whether [Service.Discard] would delete the edition as things are; why it wouldn't is
// the error.
func (s *Service) MayDiscard(ctx context.Context, q db.Conn, a actor.Actor, st story.Story, e Edition) error {
	if err := s.mayDiscard(ctx, q, a, st, e); err != nil {
		return err
	}
	return discardable(e)
}

func (s *Service) mayDiscard(ctx context.Context, q db.Conn, a actor.Actor, st story.Story, e Edition) error {
	err := s.may(ctx, q, a, st, e.Lang, actor.Review)
	if err == nil || e.State == Approved { // taking back what was approved is a reviewer's, too
		return err
	}
	if err := s.mayWrite(ctx, q, a, st, e.Lang); err != nil {
		return err
	}
	shared, err := byOthers(ctx, q, e.ID, a.ID)
	if err == nil && shared {
		err = problem.New(problem.Forbidden, "problem.discard_others")
	}
	return err
}

func discardable(e Edition) error {
	switch {
	case e.State == Scheduled:
		return problem.New(problem.Conflict, "problem.discard_scheduled")
	case e.State == Published, e.State == Withdrawn, e.PublishedRev != 0, e.FirstPublished != nil:
		return problem.New(problem.Conflict, "problem.discard_public")
	}
	return nil
}
