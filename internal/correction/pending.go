package correction

import (
	"context"
	"errors"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/story"
)

var errPending = errors.New("being written")

// OfStory returns the story's corrections as the language tells them, newest first.
func (s *Service) OfStory(ctx context.Context, q db.Conn, st story.ID, l lang.Tag) ([]Correction, error) {
	return nil, errPending
}

// List returns the corrections of a language whose editions are out, newest first, and the cursor
// of the next page.
func (s *Service) List(ctx context.Context, q db.Conn, l lang.Tag, before edition.Cursor, limit int) ([]Entry, edition.Cursor, error) {
	return nil, "", errPending
}

// Record inserts a correction; release does it.
func (s *Service) Record(ctx context.Context, tx *db.Tx, a actor.Actor, n Note) (ID, error) {
	return "", errPending
}
