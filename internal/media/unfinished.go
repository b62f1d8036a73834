package media

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"depesche/internal/db"
	"depesche/internal/jobs"
)

// unfinishedJob and noAVIFJob look for pictures whose jobs are gone: a restored backup has pictures
// and no jobs, and a job that failed for hours, on a full disk say, gives up.
type (
	unfinishedJob struct{}
	noAVIFJob     struct{}
)

func (unfinishedJob) Kind() string { return "media.unfinished" }
func (noAVIFJob) Kind() string     { return "media.no_avif" }

// resume enqueues the rendering of pictures that nobody works at.
func (s *Service) resume(ctx context.Context) error {
	return s.again(ctx, `state = 'rendering'`, func(p Picture) jobs.Args { return renderJob{Picture: p.ID, Generation: p.Generation} })
}

// resumeAVIF does so for those that could have AVIF, which they can be shown without: a few at a
// time, since what makes them may be unable to.
func (s *Service) resumeAVIF(ctx context.Context) error {
	if s.vips == "" {
		return nil
	}
	return s.again(ctx, `state = 'ready' AND format <> 'svg' AND formats NOT LIKE '%"avif"%'`,
		func(p Picture) jobs.Args { return avifJob{Picture: p.ID, Generation: p.Generation} })
}

// atOnce bounds how many jobs are enqueued by one look.
const atOnce = 500

func (s *Service) again(ctx context.Context, which string, job func(Picture) jobs.Args) error {
	rows, err := s.db.Read().QueryContext(ctx, `
		SELECT id, sha256, crop FROM picture WHERE deleted_at IS NULL AND `+which+` ORDER BY id DESC LIMIT $1`, atOnce)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (p Picture, err error) {
		var sha string
		err = r.Scan(&p.ID, &sha, &p.Crop)
		p.Generation = generation(sha, p.Crop)
		return p, err
	})
	if err != nil {
		return fmt.Errorf("unfinished pictures: %w", err)
	}
	for chunk := range slices.Chunk(list, 50) {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			for _, p := range chunk {
				// One attempt: the next look makes the next.
				if err := jobs.Enqueue(ctx, tx, job(p), jobs.Unique(), jobs.MaxAttempts(1), jobs.Background()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("unfinished pictures: %w", err)
		}
	}
	return nil
}
