package topic

import (
	"context"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/lang"
)

// Redirects keeps a changed address reachable; [publication.Service] does.
type Redirects interface {
	AddRedirect(ctx context.Context, tx *db.Tx, path, target string) error
	Redirect(ctx context.Context, q db.Conn, path string) (target string, err error)
}

// Mover puts the topic into in the place of from wherever a room of a higher floor refers to it.
type Mover func(ctx context.Context, tx *db.Tx, from, into ID) error

type Service struct {
	db        *db.DB
	redirects Redirects
}

func New(d *db.DB, redirects Redirects) *Service { return &Service{db: d, redirects: redirects} }

func (s *Service) All(ctx context.Context, q db.Conn) ([]Topic, error) { panic("soon") }
func (s *Service) Search(ctx context.Context, q db.Conn, text string, l lang.Tag, limit int) ([]Topic, error) {
	panic("soon")
}
func (s *Service) ByID(ctx context.Context, q db.Conn, id ID) (Topic, error) { panic("soon") }
func (s *Service) ByIDs(ctx context.Context, q db.Conn, ids []ID) (map[ID]Topic, error) {
	panic("soon")
}
func (s *Service) BySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (Topic, error) {
	panic("soon")
}
func (s *Service) Save(ctx context.Context, a actor.Actor, t Topic) (Topic, error) { panic("soon") }
func (s *Service) SaveTx(ctx context.Context, tx *db.Tx, a actor.Actor, t Topic) (Topic, error) {
	panic("soon")
}
func (s *Service) Merge(ctx context.Context, a actor.Actor, from, into ID, move Mover) error {
	panic("soon")
}
