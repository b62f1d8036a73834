package edition

import (
	"context"
	"database/sql"
	"fmt"

	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/publication"
)

// Waiting is how many editions of a kind wait for a review: what decides who may do it.
type Waiting struct {
	Lang      lang.Tag
	Section   publication.SectionID
	CreatedBy string // who began the stories
	N         int
}

// InReview counts the editions in review. It reads an index of those and no other edition.
func (s *Service) InReview(ctx context.Context, q db.Conn) ([]Waiting, error) {
	rows, err := q.QueryContext(ctx, `
		SELECT e.lang, COALESCE(s.section_id, ''), s.created_by, COUNT(*)
		FROM edition e JOIN story s ON s.id = e.story_id
		WHERE e.state = 'review' AND s.live_of IS NULL
		GROUP BY e.lang, s.section_id, s.created_by`)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (Waiting, error) {
		var w Waiting
		return w, r.Scan(&w.Lang, &w.Section, &w.CreatedBy, &w.N)
	})
	if err != nil {
		return nil, fmt.Errorf("editions in review: %w", err)
	}
	return list, nil
}
