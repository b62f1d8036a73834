package correction

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/story"
)

// OfStories returns the corrections of several stories as the language tells them, newest first,
// in one statement: what a feed asks.
func (s *Service) OfStories(ctx context.Context, q db.Conn, stories []story.ID, l lang.Tag) (map[story.ID][]Correction, error) {
	out := map[story.ID][]Correction{}
	db.Note(q, "story", stories...)
	if len(stories) == 0 {
		return out, nil
	}
	list, args := db.In(2, stories)
	rows, err := q.QueryContext(ctx, `
		SELECT `+columns+`
		FROM correction c JOIN correction_text t ON t.correction_id = c.id
		WHERE t.lang = $1 AND c.story_id IN `+list+`
		ORDER BY t.at DESC, c.id DESC`, append([]any{l}, args...)...)
	all, err := db.Collect(rows, err, scan)
	for _, c := range all {
		out[c.Story] = append(out[c.Story], c)
	}
	return out, err
}

// Since returns when the stories that were corrected since a moment were corrected last, in whatever
// languages.
func (s *Service) Since(ctx context.Context, q db.Conn, since time.Time) (map[story.ID]time.Time, error) {
	rows, err := q.QueryContext(ctx, `SELECT story_id, MAX(at) FROM correction WHERE at >= $1 GROUP BY story_id`, db.Time{Time: since})
	out := map[story.ID]time.Time{}
	_, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) {
		var id story.ID
		var at db.Time
		err := r.Scan(&id, &at)
		out[id] = at.Time
		return struct{}{}, err
	})
	if err != nil {
		return nil, fmt.Errorf("stories corrected since %s: %w", since.Format(time.RFC3339), err)
	}
	return out, nil
}
