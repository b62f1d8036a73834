package translate

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/db"
)

// learn tells the memory what a person said of segments. What differs from its source on purpose, or
// isn't there any more, is nothing to be remembered; one that is being written isn't yet, and a stale one
// was when it fitted.
func (s *Service) learn(ctx context.Context, tx *db.Tx, a actor.Actor, w Work, rows ...Row) error {
	if s.help.Memory == nil {
		return nil
	}
	var told []Learned
	for _, r := range rows {
		l := Learned{
			Story: w.Edition.Story, Edition: w.Edition.ID, Address: r.Address, From: w.From, To: w.To,
			Source: r.Source, SourceRev: r.SourceRev, TargetRev: w.Edition.Revision, By: a,
		}
		switch r.State {
		case Reviewed:
			l.Target = r.Target
		case Adapted, Added, Dropped:
		default:
			continue
		}
		told = append(told, l)
	}
	if len(told) == 0 {
		return nil
	}
	if err := s.help.Memory.Learn(ctx, tx, told); err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	return nil
}
