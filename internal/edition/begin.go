package edition

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/story"
)

// Begin starts a story and its original edition in one act, with a first headline if there is one.
//
// Errors are those of [story.Service.Create] and [Service.Create].
func (s *Service) Begin(ctx context.Context, a actor.Actor, n story.NewStory, headline string) (Edition, error) {
	var out Edition
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		st, err := s.stories.CreateTx(ctx, tx, a, n)
		if err != nil {
			return err
		}
		if out, err = s.CreateTx(ctx, tx, a, st.ID, st.OriginalLang); err != nil || headline == "" {
			return err
		}
		doc := out.Doc
		doc.Headline = headline
		saved, err := s.SaveTx(ctx, tx, a, Save{Edition: out.ID, Base: out.Revision, Doc: doc})
		out = saved.Edition
		return err
	})
	if err != nil {
		return Edition{}, fmt.Errorf("begin story: %w", err)
	}
	return out, nil
}
