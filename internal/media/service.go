package media

import (
	"context"

	"depesche/internal/actor"
	"depesche/internal/blob"
	"depesche/internal/db"
	"depesche/internal/jobs"
	"depesche/internal/lang"
)

type Service struct {
	db    *db.DB
	files blob.Store
}

func New(d *db.DB, files blob.Store, o Options) (*Service, error) { panic("soon") }

// Close frees the encoder.
func (s *Service) Close(ctx context.Context) error { panic("soon") }

// Work registers the room's jobs: the larger renditions, AVIF, sweeping.
func (s *Service) Work(r *jobs.Runner) { panic("soon") }

func (s *Service) Upload(ctx context.Context, a actor.Actor, u Upload) (Picture, error) {
	panic("soon")
}

// AddDrawing takes an SVG in, written anew from what is known to be harmless.
func (s *Service) AddDrawing(ctx context.Context, a actor.Actor, u Upload) (Picture, error) {
	panic("soon")
}
func (s *Service) List(ctx context.Context, q db.Conn, f Filter) ([]Picture, error) { panic("soon") }
func (s *Service) ByID(ctx context.Context, q db.Conn, id ID) (Picture, error)      { panic("soon") }
func (s *Service) ByIDs(ctx context.Context, q db.Conn, ids []ID) (map[ID]Picture, error) {
	panic("soon")
}

// Save stores kind, credit, focus, crop and texts; a new crop is rendered before it returns.
func (s *Service) Save(ctx context.Context, a actor.Actor, p Picture) (Picture, error) {
	panic("soon")
}

// Used asks the rooms above whether a picture is used anywhere.
type Used func(ctx context.Context, q db.Conn, id ID) (bool, error)

func (s *Service) Delete(ctx context.Context, a actor.Actor, id ID, version int64, used Used) error {
	panic("soon")
}

// Open opens what stands behind /media/ in an address: "<id>-<generation>/<width>.<ext>".
// An unknown one is problem.NotFound. Its content never changes.
func (s *Service) Open(ctx context.Context, path string) (File, error) { panic("soon") }

// URL returns the address of the smallest rendition at least width wide, or of the largest; "" if there is none in ext.
func (p Picture) URL(width int, ext string) string { panic("soon") }

// SrcSet returns the srcset attribute of the format ext, or "" if it isn't rendered.
func (p Picture) SrcSet(ext string) string { panic("soon") }

// Fallback is the address for the img element itself: a JPEG of about 960, or the drawing.
func (p Picture) Fallback() string { panic("soon") }

// Shown returns width and height after the crop.
func (p Picture) Shown() (w, h int) { panic("soon") }

// Focus returns the focal point in thousandths of what is shown after the crop.
func (p Picture) Focus() (x, y int) { panic("soon") }

// TextIn returns the words in the language, with the picture's own credit where the language has none.
func (p Picture) TextIn(t lang.Tag) Text { panic("soon") }

// Usable reports whether the picture has a credit.
func (p Picture) Usable() bool { panic("soon") }
