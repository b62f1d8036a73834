package translate

import (
	"context"
	"fmt"
	"slices"
	"time"

	"depesche/internal/db"
	"depesche/internal/document"
	"depesche/internal/edition"
)

// Turned says when the original of a stale segment came to read as it does, and by whom.
type Turned struct {
	Revision int64
	At       time.Time
	ByName   string
}

// revisionsBack bounds how many revisions of an original are looked through for its last changes.
const revisionsBack = 40

// Turned returns of each stale segment and each orphan of the work since when its original is as it is
// now. What changed longer ago than is looked back isn't there.
func (s *Service) Turned(ctx context.Context, q db.Conn, w Work) (map[document.Address]Turned, error) {
	open := map[document.Address]Row{}
	oldest := w.Source.Revision
	for _, r := range w.Rows {
		if r.State == Stale || r.State == Orphan {
			open[r.Address] = r
			oldest = min(oldest, r.MadeFrom)
		}
	}
	out := map[document.Address]Turned{}
	if len(open) == 0 {
		return out, nil
	}
	list, err := s.editions.Revisions(ctx, q, w.Source.ID, 0, revisionsBack)
	if err != nil {
		return nil, fmt.Errorf("revisions of edition %s: %w", w.Source.ID, err)
	}
	list = slices.DeleteFunc(list, func(r edition.Revision) bool { return r.Number < oldest })
	for i := range len(list) - 1 {
		then, err := s.editions.RevisionDoc(ctx, q, w.Source.ID, list[i+1].Number)
		if err != nil {
			return nil, fmt.Errorf("revision %d of edition %s: %w", list[i+1].Number, w.Source.ID, err)
		}
		for addr, r := range open {
			if seg, _ := then.Segment(addr); !same(seg.Text, r.Source) {
				out[addr] = Turned{Revision: list[i].Number, At: list[i].At, ByName: list[i].ByName}
				delete(open, addr)
			}
		}
		if len(open) == 0 {
			break
		}
	}
	return out, nil
}
