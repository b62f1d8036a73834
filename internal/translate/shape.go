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
)

// Shapes returns in which ways the translation is built as its original was and no longer is: what no
// row asks for, such as the order, a heading, a picture.
func (s *Service) Shapes(ctx context.Context, q db.Conn, w Work) ([]document.Shape, error) {
	_, shapes, err := s.reshaped(ctx, q, w)
	return shapes, err
}

// reshaped is the translation built as its original is now.
func (s *Service) reshaped(ctx context.Context, q db.Conn, w Work) (document.Doc, []document.Shape, error) {
	begun, err := begunFrom(ctx, q, []edition.ID{w.Edition.ID})
	if err != nil {
		return document.Doc{}, nil, err
	}
	revs := []int64{begun[w.Edition.ID]}
	for _, r := range w.Rows {
		if r.MadeFrom > 0 {
			revs = append(revs, r.MadeFrom)
		}
	}
	slices.Sort(revs)
	var earlier []document.Doc
	for _, n := range slices.Compact(revs) {
		doc := w.Source.Doc
		if n != w.Source.Revision {
			if doc, err = s.editions.RevisionDoc(ctx, q, w.Source.ID, n); err != nil {
				return document.Doc{}, nil, fmt.Errorf("revision %d of edition %s: %w", n, w.Source.ID, err)
			}
		}
		earlier = append(earlier, doc)
	}
	doc, shapes := document.Reshape(w.Source.Doc, w.Edition.Doc, earlier...)
	return doc, shapes, nil
}

// TakeShape builds the translation as its original is, and leaves what differs on purpose. Whoever may
// translate may do it. If somebody wrote since revision base (0: the newest), it is refused with
// problem.Conflict; if nothing differs, nothing happens.
func (s *Service) TakeShape(ctx context.Context, a actor.Actor, id edition.ID, base int64) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		w, err := s.Work(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.mayTranslate(ctx, tx, a, w); err != nil {
			return err
		}
		if base != 0 && base != w.Edition.Revision {
			return problem.New(problem.Conflict, "problem.edition_changed", "lang", string(w.To))
		}
		doc, shapes, err := s.reshaped(ctx, tx, w)
		if err != nil || len(shapes) == 0 {
			return err
		}
		saved, err := s.editions.SaveTx(ctx, tx, a, edition.Save{Edition: id, Base: w.Edition.Revision, Doc: doc})
		if err != nil {
			return err
		}
		err = audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: "translate.shape", Subject: "edition:" + string(id), Detail: map[string]any{
			"ways": shapes, "source_rev": w.Source.Revision, "target_rev": saved.Edition.Revision,
		}})
		if err != nil {
			return err
		}
		return s.remake(ctx, tx, a, saved.Edition)
	})
	if err != nil {
		return fmt.Errorf("shape of edition %s: %w", id, err)
	}
	return nil
}
