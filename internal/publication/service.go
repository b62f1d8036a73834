package publication

import (
	"context"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/lang"
)

// Service reads and changes the paper. Each read asks the database: the paper is a handful of
// small rows, and so no node ever shows another's old settings.
type Service struct{ db *db.DB }

func New(d *db.DB) *Service { return &Service{db: d} }

func (s *Service) Ready(ctx context.Context) (bool, error)               { panic("soon") }
func (s *Service) Paper(ctx context.Context) (Paper, error)              { panic("soon") }
func (s *Service) PaperIn(ctx context.Context, q db.Conn) (Paper, error) { panic("soon") }
func (s *Service) SetUp(ctx context.Context, tx *db.Tx, in Setup) error  { panic("soon") }
func (s *Service) SetupToken(ctx context.Context) (token string, fresh bool, err error) {
	panic("soon")
}
func (s *Service) CheckSetupToken(ctx context.Context, tx *db.Tx, token string) error {
	panic("soon")
}
func (s *Service) SavePaper(ctx context.Context, a actor.Actor, p Paper) (Paper, error) {
	panic("soon")
}
func (s *Service) Sections(ctx context.Context, q db.Conn) ([]Section, error) { panic("soon") }
func (s *Service) SectionByID(ctx context.Context, q db.Conn, id SectionID) (Section, error) {
	panic("soon")
}

// SectionBySlug: a slug it had before finds the section too; compare with Names[l].Slug.
func (s *Service) SectionBySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (Section, error) {
	panic("soon")
}
func (s *Service) SaveSection(ctx context.Context, a actor.Actor, sec Section) (Section, error) {
	panic("soon")
}
func (s *Service) MoveSection(ctx context.Context, a actor.Actor, id SectionID, delta int) error {
	panic("soon")
}
func (s *Service) DeleteSection(ctx context.Context, a actor.Actor, id SectionID) error {
	panic("soon")
}
func (s *Service) Pages(ctx context.Context, q db.Conn, l lang.Tag) ([]Page, error) { panic("soon") }
func (s *Service) AllPages(ctx context.Context, q db.Conn) ([]Page, error)          { panic("soon") }
func (s *Service) PageByID(ctx context.Context, q db.Conn, id PageID) (Page, error) { panic("soon") }
func (s *Service) PageBySlug(ctx context.Context, q db.Conn, l lang.Tag, slug string) (Page, error) {
	panic("soon")
}
func (s *Service) SavePage(ctx context.Context, a actor.Actor, p Page) (Page, error) { panic("soon") }
func (s *Service) DeletePage(ctx context.Context, a actor.Actor, id PageID, version int64) error {
	panic("soon")
}
func (s *Service) Redirect(ctx context.Context, q db.Conn, path string) (target string, err error) {
	panic("soon")
}
func (s *Service) Redirects(ctx context.Context, q db.Conn, after string, limit int) ([]Redirect, error) {
	panic("soon")
}
func (s *Service) AddRedirect(ctx context.Context, tx *db.Tx, path, target string) error {
	panic("soon")
}
func (s *Service) SaveRedirect(ctx context.Context, a actor.Actor, path, target string) error {
	panic("soon")
}
func (s *Service) DeleteRedirect(ctx context.Context, a actor.Actor, path string) error {
	panic("soon")
}
