package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"depesche/internal/edition"
	"depesche/internal/story"
)

// waitingShown is how many releases the board looks at for what is due next.
const waitingShown = 20

// dueNext puts what is due next on top of Today: stories that go out by themselves, the next first, then
// those under an embargo. The others stay as they were touched. Stories that wait and weren't touched lately
// are brought in on the first page and left out of the others.
func (d *Desk) dueNext(ctx context.Context, f *frame, rows []edition.BoardRow, first bool) ([]edition.BoardRow, error) {
	waiting, err := d.Releases.Waiting(ctx, d.DB.Read(), waitingShown)
	if err != nil {
		return nil, err
	}
	due := map[story.ID]time.Time{}
	var missing []story.ID
	for _, rel := range waiting {
		if rel.Due == nil {
			continue
		}
		if at, ok := due[rel.Story]; !ok || rel.Due.Before(at) {
			due[rel.Story] = *rel.Due
		}
		if !slices.ContainsFunc(rows, func(r edition.BoardRow) bool { return r.Story == rel.Story }) && !slices.Contains(missing, rel.Story) {
			missing = append(missing, rel.Story)
		}
	}
	if !first {
		return slices.DeleteFunc(rows, func(r edition.BoardRow) bool { return !due[r.Story].IsZero() }), nil
	}
	if len(missing) > 0 {
		more, _, err := d.Editions.Board(ctx, d.DB.Read(), edition.BoardFilter{Stories: missing, Limit: waitingShown})
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	for _, row := range rows {
		if row.Embargo != nil && row.Embargo.After(f.now) && due[row.Story].IsZero() {
			due[row.Story] = *row.Embargo
		}
	}
	slices.SortStableFunc(rows, func(a, b edition.BoardRow) int {
		x, y := due[a.Story], due[b.Story]
		if x.IsZero() != y.IsZero() {
			if x.IsZero() {
				return 1
			}
			return -1
		}
		return cmp.Or(x.Compare(y), 0)
	})
	return rows, nil
}
