package correction

import (
	"context"

	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/story"
)

// OfStories returns the corrections of several stories as the language tells them, newest first,
// in one statement: what a feed asks.
func (s *Service) OfStories(ctx context.Context, q db.Conn, stories []story.ID, l lang.Tag) (map[story.ID][]Correction, error) {
	out := map[story.ID][]Correction{}
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
