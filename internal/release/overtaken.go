package release

import (
	"context"

	"depesche/internal/db"
	"depesche/internal/edition"
)

// originalOf returns the story's original and the revision of it that readers see when the scheduled
// release has gone out; 0 if they see none.
func (b batch) originalOf(r Release) (edition.Edition, int64) {
	for _, e := range b.editions {
		if e.Lang != b.story.OriginalLang {
			continue
		}
		for _, p := range r.Editions {
			if p.Edition == e.ID && e.State == edition.Scheduled && e.Scheduled != nil && e.Scheduled.Equal(*r.Due) {
				return e, p.Revision
			}
		}
		if e.Out() {
			return e, e.PublishedRev
		}
	}
	return edition.Edition{}, 0
}

// overtaken returns what holds a scheduled translation back: facts that changed in the original, and went
// out there, since it was checked.
func (s *Service) overtaken(ctx context.Context, tx *db.Tx, source edition.Edition, beside int64, part Part, e edition.Edition) ([]HeldBack, error) {
	if beside == 0 || e.ID == source.ID || part.SourceRev == 0 || beside <= part.SourceRev {
		return nil, nil
	}
	list, err := s.translate.Overtaken(ctx, tx, source, e, part.Revision, part.SourceRev, beside)
	var out []HeldBack
	for _, addr := range list {
		out = append(out, HeldBack{e.ID, e.Lang, "stale_fact", addr})
	}
	return out, err
}

// leave takes an edition out of a release whose time has come, and notes why. It is as if somebody had
// called its schedule off.
func (s *Service) leave(ctx context.Context, tx *db.Tx, b batch, r ID, part Part, e edition.Edition, why []HeldBack) error {
	if err := takeOut(ctx, tx, r, e.ID); err != nil {
		return err
	}
	if err := insertHeld(ctx, tx, r, why); err != nil {
		return err
	}
	act := edition.ActUnschedule
	if part.Revision != e.Revision {
		act = edition.ActWithdraw // what stands there now was never approved
	}
	return s.callOff(ctx, tx, b.story, e, act)
}
