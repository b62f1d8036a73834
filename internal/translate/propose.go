package translate

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/engine"
	"depesche/internal/problem"
)

// Propose asks the engines for one segment as the original has it now. The edition stays as it is; the
// proposal goes in by [Service.Confirm] with its ID. If no engine can, it is problem.Unavailable.
func (s *Service) Propose(ctx context.Context, a actor.Actor, id edition.ID, addr document.Address) (Draft, []Failure, error) {
	out, failed, err := s.propose(ctx, a, id, addr)
	if err != nil {
		return Draft{}, failed, fmt.Errorf("proposal for %s of edition %s: %w", addr, id, err)
	}
	return out, failed, nil
}

func (s *Service) propose(ctx context.Context, a actor.Actor, id edition.ID, addr document.Address) (Draft, []Failure, error) {
	w, err := s.Work(ctx, s.db.Read(), id)
	if err != nil {
		return Draft{}, nil, err
	}
	if err := s.mayTranslate(ctx, s.db.Read(), a, w); err != nil {
		return Draft{}, nil, err
	}
	i := slices.IndexFunc(w.Rows, func(r Row) bool { return r.Address == addr && len(r.Source) > 0 })
	if i < 0 {
		return Draft{}, nil, problem.New(problem.NotFound, "problem.segment_gone")
	}
	if s.help.Engines == nil {
		return Draft{}, nil, problem.New(problem.Unavailable, "problem.no_engine")
	}
	ask, err := s.ask(ctx, w, w.Rows[i:i+1])
	if err != nil {
		return Draft{}, nil, err
	}
	// Asked by a person, so it is no repetition of what was asked before.
	ask.Key, ask.Again = fmt.Sprintf("propose %s %s %d", id, addr, w.Source.Revision), true
	got, failed, err := s.proposed(ctx, ask)
	if err != nil {
		return Draft{}, failed, err
	}
	text, err := s.spelt(ctx, w, addr, got.Text)
	if err != nil {
		return Draft{}, failed, err
	}
	d := Draft{Edition: id, Address: addr, SourceRev: w.Source.Revision, From: w.From, To: w.To, Origin: Origin{
		Source: FromEngine, Engine: got.Engine, Model: got.Model, Through: got.Through, Text: text,
	}}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if d.ID, err = putDraft(ctx, tx, d); err != nil {
			return err
		}
		d.At = tx.Now()
		return s.forget(ctx, tx, ask.Key)
	})
	return d, failed, err
}

// proposed is what the engines make of the one segment that is asked for, and which of them failed.
func (s *Service) proposed(ctx context.Context, ask engine.Draft) (engine.Drafted, []Failure, error) {
	var got engine.Drafted
	err := s.help.Engines.Draft(ctx, ask, func(_ context.Context, done []engine.Drafted) error {
		for _, x := range done {
			if x.Address == ask.Segments[0].Address {
				got = x
			}
		}
		return nil
	})
	var spoken *engine.Error
	if err != nil && !errors.As(err, &spoken) {
		return got, nil, err
	}
	var failed []Failure
	for _, f := range got.Failed {
		failed = append(failed, Failure{f.Engine, f.Trouble, 1})
	}
	if spoken != nil {
		failed = add(failed, []Failure{{spoken.Engine, spoken.Trouble, 1}})
	}
	if len(got.Text) == 0 {
		return got, failed, problem.New(problem.Unavailable, "problem.no_engine")
	}
	return got, failed, nil
}
