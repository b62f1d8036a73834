package translate

import (
	"context"
	"errors"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
)

var errPending = errors.New("being written")

// Work returns the translation and its source, a row a segment, in the source's order; orphans
// stand where they stand in the translation. An original has no work: problem.Invalid.
func (s *Service) Work(ctx context.Context, q db.Conn, id edition.ID) (Work, error) {
	return Work{}, errPending
}

// Rows is the rows of [Service.Work].
func (s *Service) Rows(ctx context.Context, q db.Conn, id edition.ID) ([]Row, error) {
	return nil, errPending
}

// Confirm stores a segment's text and what the translator says of it, through edition.Save: it may
// return an *edition.ClashError.
func (s *Service) Confirm(ctx context.Context, a actor.Actor, u Unit) (Row, error) {
	return Row{}, errPending
}

// StillRight says that the segment's present text fits the source as of sourceRev.
func (s *Service) StillRight(ctx context.Context, a actor.Actor, id edition.ID, addr document.Address, sourceRev int64) (Row, error) {
	return Row{}, errPending
}

// Progress counts; originals and unknown editions are left out.
func (s *Service) Progress(ctx context.Context, q db.Conn, ids ...edition.ID) (map[edition.ID]Progress, error) {
	return nil, errPending
}

// Review records that a person has read the whole translation beside its source: all answered
// segments become reviewed, the edition human_checked (machine_checked if a machine made it) with
// the actor's name. It refuses while a segment is missing or stale.
func (s *Service) Review(ctx context.Context, a actor.Actor, id edition.ID, version int64) (edition.Edition, error) {
	return edition.Edition{}, errPending
}
