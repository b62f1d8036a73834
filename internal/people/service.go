package people

import (
	"context"

	"depesche/internal/actor"
	"depesche/internal/address"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/events"
	"depesche/internal/problem"
)

// Service reads and changes staff, sessions and authors.
type Service struct {
	db        *db.DB
	redirects address.Redirects
	hasher    *hasher
	doors     *doors
}

// New returns the service. With redirects nil, an author's old addresses are forgotten.
func New(d *db.DB, redirects address.Redirects) *Service {
	return &Service{db: d, redirects: redirects, hasher: newHasher(), doors: newDoors()}
}

func (s *Service) store() store { return store{} }

func forbidden() error { return problem.New(problem.Forbidden, "problem.forbidden") }

func record(ctx context.Context, tx *db.Tx, a actor.Actor, act, subject string, detail any) error {
	return audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: act, Subject: subject, Detail: detail})
}

// tell records the act and lets the other rooms know, in the act's own transaction.
func tell(ctx context.Context, tx *db.Tx, a actor.Actor, act, kind, subject string, detail any) error {
	if err := record(ctx, tx, a, act, subject, detail); err != nil {
		return err
	}
	return events.Append(ctx, tx, kind, subject, nil)
}
