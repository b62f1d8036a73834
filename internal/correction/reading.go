package correction

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
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
	rows, err := q.QueryContext(ctx, ofStoriesQuery(list), append([]any{l}, args...)...)
	all, err := db.Collect(rows, err, scan)
	newest(all)
	for _, c := range all {
		out[c.Story] = append(out[c.Story], c)
	}
	return out, err
}

// ofStoriesQuery: see [ofStoryQuery].
func ofStoriesQuery(list string) string {
	return `
		SELECT ` + columns + `
		FROM correction c CROSS JOIN correction_text t
		WHERE t.correction_id = c.id AND t.lang = $1 AND c.story_id IN ` + list + `
		ORDER BY c.id DESC`
}

// newest puts those first that were told last. Those of one moment keep their order.
func newest(list []Correction) {
	slices.SortStableFunc(list, func(a, b Correction) int { return b.At.Compare(a.At) })
}

// Since returns when the stories that were corrected since a moment were corrected last, in whatever
// languages.
func (s *Service) Since(ctx context.Context, q db.Conn, since time.Time) (map[story.ID]time.Time, error) {
	rows, err := q.QueryContext(ctx, sinceQuery, db.Time{Time: since})
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

// sinceQuery doesn't group by story, for which SQLite would go through all corrections.
const sinceQuery = `SELECT story_id, at FROM correction WHERE at >= $1 ORDER BY at`
