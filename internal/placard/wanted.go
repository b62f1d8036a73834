package placard

import (
	"context"
	"time"

	"depesche/internal/db"
	"depesche/internal/jobs"
	"depesche/internal/lang"
)

// Wanted is the job that draws a story's placard before anybody asks for it.
type Wanted struct {
	Number int64    `json:"number"` // the story's
	Lang   lang.Tag `json:"lang"`
}

// Kind names the job.
func (Wanted) Kind() string { return "placard.draw" }

// later lets the pages of what went out be rendered first: drawing takes longer than all of them.
const later = 10 * time.Second

// Want has the placard of an edition drawn that goes out, or whose words change, in tx, ten seconds later. Nothing
// depends on it: a placard that isn't there is drawn when it is asked for.
func Want(ctx context.Context, tx *db.Tx, number int64, l lang.Tag) error {
	return jobs.Enqueue(ctx, tx, Wanted{Number: number, Lang: l}, jobs.Unique(), jobs.MaxAttempts(3), jobs.Background(), jobs.Delay(later))
}
