package story

import (
	"context"
	"errors"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/people"
)

// The bodies follow within the hour; the signatures are final.
var errPending = errors.New("being written")

// Create makes a story without text; its number is the next free one.
func (s *Service) Create(ctx context.Context, a actor.Actor, n NewStory) (Story, error) {
	return Story{}, errPending
}

// CreateTx is Create within an act of another room.
func (s *Service) CreateTx(ctx context.Context, tx *db.Tx, a actor.Actor, n NewStory) (Story, error) {
	return Story{}, errPending
}

// ByID returns the story with authors, topics and sources.
func (s *Service) ByID(ctx context.Context, q db.Conn, id ID) (Story, error) {
	return Story{}, errPending
}

// ByNumber returns the story with the number.
func (s *Service) ByNumber(ctx context.Context, q db.Conn, n int64) (Story, error) {
	return Story{}, errPending
}

// SaveDetails stores kind, section, original language, embargo, authors and topics, guarded by
// st.Version. The original language can't change once there are editions.
func (s *Service) SaveDetails(ctx context.Context, a actor.Actor, st Story) (Story, error) {
	return Story{}, errPending
}

// SaveDetailsTx is SaveDetails within an act of another room.
func (s *Service) SaveDetailsTx(ctx context.Context, tx *db.Tx, a actor.Actor, st Story) (Story, error) {
	return Story{}, errPending
}

// SaveSource stores a source; one without ID is new and comes last.
func (s *Service) SaveSource(ctx context.Context, a actor.Actor, st ID, src Source) (Source, error) {
	return Source{}, errPending
}

// SaveSourceTx is SaveSource within an act of another room.
func (s *Service) SaveSourceTx(ctx context.Context, tx *db.Tx, a actor.Actor, st ID, src Source) (Source, error) {
	return Source{}, errPending
}

// DeleteSource takes a source away; how = UnlessUsed refuses while a text refers to it.
func (s *Service) DeleteSource(ctx context.Context, a actor.Actor, st ID, source string, how Removal) error {
	return errPending
}

// MoveSource moves a source by delta places.
func (s *Service) MoveSource(ctx context.Context, a actor.Actor, st ID, source string, delta int) error {
	return errPending
}

// Scope says what of the story an act of a's would touch, as people.May wants to know it.
func (s *Service) Scope(ctx context.Context, q db.Conn, a actor.Actor, st Story, l lang.Tag) (people.Scope, error) {
	return people.Scope{}, errPending
}
