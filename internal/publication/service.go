package publication

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/events"
	"depesche/internal/problem"
)

// Service reads and changes the paper. It keeps nothing in memory: the paper is a handful of small
// rows, read in a fraction of a millisecond, and so no node ever shows another's old settings.
type Service struct {
	db    *db.DB
	tries *tries
	zones sync.Map
}

// New returns the service.
func New(d *db.DB) *Service { return &Service{db: d, tries: newTries(d.Clock())} }

// Ready reports whether the paper was set up.
func (s *Service) Ready(ctx context.Context) (bool, error) {
	_, err := s.store().paper(ctx, s.db.Read())
	if problem.Is(err, problem.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// Paper returns the paper, or problem.NotFound as long as it isn't set up.
func (s *Service) Paper(ctx context.Context) (Paper, error) { return s.PaperIn(ctx, s.db.Read()) }

// PaperIn is [Service.Paper] within a transaction or snapshot.
func (s *Service) PaperIn(ctx context.Context, q db.Conn) (Paper, error) {
	db.Note(q, "paper", "settings")
	p, err := s.store().paper(ctx, q)
	if err != nil {
		return Paper{}, fmt.Errorf("paper: %w", err)
	}
	return p, nil
}

// SetUp makes the paper. It refuses with problem.Conflict if there is one already, and with
// problem.Invalid, per field of [Setup], if something can't be taken. From then on the setup token
// is worth nothing.
func (s *Service) SetUp(ctx context.Context, tx *db.Tx, in Setup) error {
	p, err := newPaper(in)
	if err != nil {
		return err
	}
	switch _, err := s.store().paper(ctx, tx); {
	case err == nil:
		return problem.New(problem.Conflict, "problem.set_up_already")
	case !problem.Is(err, problem.NotFound):
		return err
	}
	p.Updated = tx.Now()
	if err := s.store().insertPaper(ctx, tx, p); err != nil {
		return fmt.Errorf("set up the paper: %w", err)
	}
	if err := s.store().dropToken(ctx, tx); err != nil {
		return err
	}
	return tell(ctx, tx, actor.System("setup"), "publication.set_up", "publication.changed", "publication:paper", map[string]any{"name": p.Name})
}

// SavePaper stores name, languages, look and addresses. Languages that p leaves out are retired,
// never forgotten: their editions exist. The fields of its problems are name, main, zone, base,
// langs, name.<lang>, about.<lang>, embed_hosts and those of the look (accent, wash_dark …).
func (s *Service) SavePaper(ctx context.Context, a actor.Actor, p Paper) (Paper, error) {
	if !actor.May(a, actor.EditSettings, actor.Scope{}) {
		return Paper{}, forbidden()
	}
	p, err := checkPaper(p)
	if err != nil {
		return Paper{}, err
	}
	var out Paper
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		old, err := s.store().paper(ctx, tx)
		if err != nil {
			return err
		}
		next := p
		next.Languages = withRetired(p.Languages, old.Languages)
		next.Updated = tx.Now()
		if err := s.store().updatePaper(ctx, tx, next); err != nil {
			return err
		}
		if err := tell(ctx, tx, a, "publication.save", "publication.changed", "publication:paper", nil); err != nil {
			return err
		}
		out, err = s.store().paper(ctx, tx)
		return err
	})
	if err != nil {
		return Paper{}, fmt.Errorf("save the paper: %w", err)
	}
	return out, nil
}

// withRetired adds those of old that list lacks, retired, at the end.
func withRetired(list, old []Language) []Language {
	out := slices.Clone(list)
	for _, l := range old {
		if !slices.ContainsFunc(list, func(x Language) bool { return x.Tag == l.Tag }) {
			l.Active = false
			out = append(out, l)
		}
	}
	return out
}

func forbidden() error { return problem.New(problem.Forbidden, "problem.forbidden") }

// stale is the answer to a save from a tab that has not seen another's save.
func stale() error { return problem.New(problem.Conflict, "problem.stale") }

// tell records the act and lets the other rooms know, in the act's own transaction.
func tell(ctx context.Context, tx *db.Tx, a actor.Actor, act, kind, subject string, detail any) error {
	if err := audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: act, Subject: subject, Detail: detail}); err != nil {
		return err
	}
	if kind == "" {
		return nil
	}
	return events.Append(ctx, tx, kind, subject, nil)
}

func (s *Service) store() store { return store{&s.zones} }
