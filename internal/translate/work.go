package translate

import (
	"context"
	"fmt"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
)

// Work returns the translation and its source, a row a segment. An original has no work:
// problem.Invalid.
func (s *Service) Work(ctx context.Context, q db.Conn, id edition.ID) (Work, error) {
	e, err := s.editions.ByID(ctx, q, id)
	if err != nil {
		return Work{}, fmt.Errorf("edition %s: %w", id, err)
	}
	source, err := s.editions.Original(ctx, q, e.Story)
	if err != nil {
		return Work{}, fmt.Errorf("original of edition %s: %w", id, err)
	}
	if source.ID == e.ID {
		return Work{}, problem.New(problem.Invalid, "problem.not_a_translation")
	}
	w := Work{Edition: e, Source: source, From: source.Lang, To: e.Lang}
	all, err := units(ctx, q, []edition.ID{id})
	if err != nil {
		return Work{}, err
	}
	begun, err := begunFrom(ctx, q, []edition.ID{id})
	if err != nil {
		return Work{}, err
	}
	w.Rows, err = s.sides(ctx, q, source, e, all[id], begun[id], map[revision]document.Doc{}).rows()
	if err != nil {
		return Work{}, fmt.Errorf("rows of edition %s: %w", id, err)
	}
	w.Progress = count(w.Rows)
	return w, nil
}

type revision struct {
	edition edition.ID
	number  int64
}

func (s *Service) sides(ctx context.Context, q db.Conn, source, target edition.Edition, u map[document.Address]unit, begun int64,
	cache map[revision]document.Doc,
) sides {
	return sides{
		source: source.Doc, sourceRev: source.Revision, target: target.Doc, units: u, since: begun,
		then: func(n int64) (document.Doc, error) {
			if doc, ok := cache[revision{source.ID, n}]; ok {
				return doc, nil
			}
			doc, err := s.editions.RevisionDoc(ctx, q, source.ID, n)
			if err == nil {
				cache[revision{source.ID, n}] = doc
			}
			return doc, err
		},
	}
}

// Rows returns the rows of [Service.Work].
func (s *Service) Rows(ctx context.Context, q db.Conn, id edition.ID) ([]Row, error) {
	w, err := s.Work(ctx, q, id)
	return w.Rows, err
}

// Progress counts. Originals and unknown editions are left out.
func (s *Service) Progress(ctx context.Context, q db.Conn, ids ...edition.ID) (map[edition.ID]Progress, error) {
	out := map[edition.ID]Progress{}
	if len(ids) == 0 {
		return out, nil
	}
	all, err := units(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	begun, err := begunFrom(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	editions, originals, err := s.editions.WithOriginals(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	cache := map[revision]document.Doc{}
	for _, e := range editions {
		source, ok := originals[e.Story]
		if !ok || source.ID == e.ID {
			continue
		}
		rows, err := s.sides(ctx, q, source, e, all[e.ID], begun[e.ID], cache).rows()
		if err != nil {
			return nil, fmt.Errorf("progress of edition %s: %w", e.ID, err)
		}
		out[e.ID] = count(rows)
	}
	return out, nil
}
