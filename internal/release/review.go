package release

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/edition"
)

// Review records that a person has read the whole translation beside its source, with the findings that
// stand set aside: see [translate.Service.Review] for what it refuses.
func (s *Service) Review(ctx context.Context, a actor.Actor, id edition.ID, version int64) (edition.Edition, error) {
	out, err := s.passed(ctx, id, func(tx *db.Tx, b batch, e edition.Edition) (edition.Edition, error) {
		return s.review(ctx, tx, a, b, e, version)
	})
	if err != nil {
		return edition.Edition{}, fmt.Errorf("review of edition %s: %w", id, err)
	}
	return out, nil
}

// Approve says that the edition may go out as it is, which for a translation is a review as well: one
// act, so that nothing is left behind of one that is refused.
func (s *Service) Approve(ctx context.Context, a actor.Actor, id edition.ID, version int64) (edition.Edition, error) {
	out, err := s.passed(ctx, id, func(tx *db.Tx, b batch, e edition.Edition) (edition.Edition, error) {
		if e.Lang != b.story.OriginalLang {
			reviewed, err := s.review(ctx, tx, a, b, e, version)
			if err != nil {
				return edition.Edition{}, err
			}
			return s.editions.ApproveTx(ctx, tx, a, id, reviewed.Version)
		}
		return s.editions.ApproveTx(ctx, tx, a, id, version)
	})
	if err != nil {
		return edition.Edition{}, fmt.Errorf("approval of edition %s: %w", id, err)
	}
	return out, nil
}

// passed reads the edition with its story's batch and writes what do makes of them.
func (s *Service) passed(ctx context.Context, id edition.ID, do func(*db.Tx, batch, edition.Edition) (edition.Edition, error)) (out edition.Edition, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		e, err := s.editions.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		b, err := s.load(ctx, tx, e.Story)
		if err != nil {
			return err
		}
		out, err = do(tx, b, e)
		return err
	})
	return out, err
}

func (s *Service) review(ctx context.Context, tx *db.Tx, a actor.Actor, b batch, e edition.Edition, version int64) (edition.Edition, error) {
	list, err := s.checklist(ctx, tx, b, []edition.Edition{e})
	if err != nil {
		return edition.Edition{}, err
	}
	var aside []edition.Aside
	for _, o := range list.Editions[0].Past {
		aside = append(aside, edition.Aside{Code: o.Code, Address: o.Address, Reason: o.Reason, By: o.ByName})
	}
	return s.translate.ReviewTx(ctx, tx, a, e.ID, version, aside)
}
