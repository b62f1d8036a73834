package people

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

type Service struct {
	db        *db.DB
	redirects Redirects
}

func New(d *db.DB, redirects Redirects) *Service { return &Service{db: d, redirects: redirects} }

func (s *Service) Staff(ctx context.Context) ([]Staff, error)                    { panic("soon") }
func (s *Service) StaffByID(ctx context.Context, id StaffID) (Staff, error)      { panic("soon") }
func (s *Service) StaffByEmail(ctx context.Context, email string) (Staff, error) { panic("soon") }
func (s *Service) FirstAdmin(ctx context.Context, tx *db.Tx, n NewStaff) (Staff, error) {
	panic("soon")
}
func (s *Service) CreateStaff(ctx context.Context, a actor.Actor, n NewStaff) (Staff, error) {
	panic("soon")
}
func (s *Service) SaveStaff(ctx context.Context, a actor.Actor, st Staff) (Staff, error) {
	panic("soon")
}
func (s *Service) SetPassword(ctx context.Context, a actor.Actor, id StaffID, password string) error {
	panic("soon")
}

// ChangePassword is one's own, with the present one; the session keep goes on.
func (s *Service) ChangePassword(ctx context.Context, a actor.Actor, present, password, keep string) error {
	panic("soon")
}
func (s *Service) SignIn(ctx context.Context, email, password string, c Client) (token string, st Staff, err error) {
	panic("soon")
}
func (s *Service) ActorOf(ctx context.Context, token string) (actor.Actor, Session, error) {
	panic("soon")
}
func (s *Service) SignOut(ctx context.Context, token string) error { panic("soon") }
func (s *Service) Sessions(ctx context.Context, id StaffID) ([]Session, error) {
	panic("soon")
}
func (s *Service) EndSession(ctx context.Context, a actor.Actor, id string) error { panic("soon") }

// EndOtherSessions ends all of the actor's own sessions but the one with the ID keep.
func (s *Service) EndOtherSessions(ctx context.Context, a actor.Actor, keep string) error {
	panic("soon")
}
func (s *Service) Authors(ctx context.Context, q db.Conn) ([]Author, error) { panic("soon") }
func (s *Service) AuthorByID(ctx context.Context, q db.Conn, id AuthorID) (Author, error) {
	panic("soon")
}
func (s *Service) AuthorsByIDs(ctx context.Context, q db.Conn, ids []AuthorID) (map[AuthorID]Author, error) {
	panic("soon")
}
func (s *Service) AuthorBySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (Author, error) {
	panic("soon")
}
func (s *Service) AuthorOf(ctx context.Context, q db.Conn, id StaffID) (Author, error) {
	panic("soon")
}
func (s *Service) SaveAuthor(ctx context.Context, a actor.Actor, au Author) (Author, error) {
	panic("soon")
}
func (s *Service) SaveAuthorTx(ctx context.Context, tx *db.Tx, a actor.Actor, au Author) (Author, error) {
	panic("soon")
}
