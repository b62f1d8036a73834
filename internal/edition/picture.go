package edition

import (
	"context"
	"time"

	"depesche/internal/db"
)

// PictureUsed reports whether a text of an edition, the newest or the published one, places the picture. It reads all
// texts, and is asked only before a picture is deleted. With since it reads those alone that were saved from then on,
// or are out in another text than the newest.
func (s *Service) PictureUsed(ctx context.Context, q db.Conn, media string, since time.Time) (bool, error) {
	query, args := usedQuery, []any{`%"media":"` + media + `"%`}
	if !since.IsZero() {
		query, args = usedSinceQuery, append(args, db.Time{Time: since})
	}
	var used bool
	err := q.QueryRowContext(ctx, query, args...).Scan(&used)
	return used, err
}

const (
	usedQuery = `
		SELECT EXISTS (SELECT 1 FROM edition WHERE body LIKE $1)
		    OR EXISTS (SELECT 1 FROM edition e JOIN revision r ON r.edition_id = e.id AND r.number = e.published_rev
		               WHERE e.published_rev IS NOT NULL AND e.published_rev <> e.revision AND r.body LIKE $1)`
	// What was withdrawn since then was still out when all texts were read.
	usedSinceQuery = `
		SELECT EXISTS (SELECT 1 FROM edition WHERE saved_at >= $2 AND body LIKE $1)
		    OR EXISTS (SELECT 1 FROM edition e JOIN revision r ON r.edition_id = e.id AND r.number = e.published_rev
		               WHERE e.state = 'published' AND e.published_rev <> e.revision AND r.body LIKE $1)`
)
