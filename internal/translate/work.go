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
	all, err := s.works(ctx, q, []pair{{source, e}})
	if err != nil {
		return Work{}, err
	}
	return all[0], nil
}

// pair is a translation with its original.
type pair struct{ source, target edition.Edition }

type revision struct {
	edition edition.ID
	number  int64
}

// works computes the rows of translations. What is known of them is read for all at once.
func (s *Service) works(ctx context.Context, q db.Conn, pairs []pair) ([]Work, error) {
	if len(pairs) == 0 {
		return nil, nil
	}
	var ids, sources []edition.ID
	for _, p := range pairs {
		ids, sources = append(ids, p.target.ID), append(sources, p.source.ID)
	}
	all, err := units(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	begun, err := begunFrom(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	drafts, err := draftsIn(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	said, err := decisions(ctx, q, sources)
	if err != nil {
		return nil, err
	}
	cache := map[revision]document.Doc{}
	out := make([]Work, len(pairs))
	for i, p := range pairs {
		w := Work{Edition: p.target, Source: p.source, From: p.source.Lang, To: p.target.Lang}
		w.Rows, err = sides{
			lang: p.source.Lang, source: p.source.Doc, sourceRev: p.source.Revision, target: p.target.Doc,
			units: all[p.target.ID], drafts: drafts, decisions: said[p.source.ID], since: begun[p.target.ID],
			then: func(n int64) (document.Doc, error) {
				at := revision{p.source.ID, n}
				if doc, ok := cache[at]; ok {
					return doc, nil
				}
				doc, err := s.editions.RevisionDoc(ctx, q, at.edition, at.number)
				if err == nil {
					cache[at] = doc
				}
				return doc, err
			},
		}.rows()
		if err != nil {
			return nil, fmt.Errorf("rows of edition %s: %w", p.target.ID, err)
		}
		w.Progress = count(w.Rows)
		out[i] = w
	}
	return out, nil
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
	editions, originals, err := s.editions.WithOriginals(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	var pairs []pair
	for _, e := range editions {
		if source, ok := originals[e.Story]; ok && source.ID != e.ID {
			pairs = append(pairs, pair{source, e})
		}
	}
	all, err := s.works(ctx, q, pairs)
	for _, w := range all {
		out[w.Edition.ID] = w.Progress
	}
	return out, err
}
