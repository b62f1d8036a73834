package desk

import (
	"context"

	"depesche/internal/check"
	"depesche/internal/edition"
)

// stoppedLooks bounds how many checklists one look at the board goes through.
const stoppedLooks = 24

// goesOut are the states from which an edition goes out next, the nearest first. What is still written may
// have as many errors as it likes.
var goesOut = []edition.State{edition.Scheduled, edition.Approved, edition.Review}

// stops are the errors of an edition: how many, and the first.
type stops struct {
	n     int
	first check.Finding
}

// stopped finds the errors that the checklist has for editions that are about to go out.
func (d *Desk) stopped(ctx context.Context, rows []edition.BoardRow) (map[edition.ID]stops, error) {
	out := map[edition.ID]stops{}
	looks := 0
	for _, state := range goesOut {
		for _, row := range rows {
			for _, c := range row.Cells {
				if c.State != state || looks == stoppedLooks {
					continue
				}
				looks++
				list, err := d.Releases.ChecklistOf(ctx, d.DB.Read(), c.Edition)
				if err != nil {
					return nil, err
				}
				found, _ := list.Of(c.Edition)
				if n := found.Count(check.Stop); n > 0 {
					out[c.Edition] = stops{n, found.Findings[0]} // errors come first
				}
			}
		}
	}
	return out, nil
}

// stop says of a cell that errors hold its edition back.
func (f *frame) stop(cell *boardCell, c edition.Cell, has stops) {
	if has.n == 0 {
		return
	}
	cell.Stops, cell.Tone = has, "signal"
	if cell.State == "stale" {
		return // its mark says so already, and what stops it is that
	}
	cell.Fact = f.words.T("desk.board.errors", "n", has.n)
	if c.State == edition.Scheduled && c.Scheduled != nil {
		cell.Fact += ", " + f.at(*c.Scheduled)
	}
}
