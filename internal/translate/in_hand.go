package translate

import (
	"context"
	"fmt"

	"depesche/internal/db"
)

// InHand counts the translations that the holder has in hand and that are still to be done: what is out or
// goes out by itself isn't.
func (s *Service) InHand(ctx context.Context, q db.Conn, holder string) (int, error) {
	var n int
	err := q.QueryRowContext(ctx, `
		SELECT COUNT(*) FROM assignment a JOIN edition e ON e.id = a.edition_id
		WHERE a.holder_id = $1 AND e.state IN ('draft', 'review', 'approved')`, holder).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("translations in hand: %w", err)
	}
	return n, nil
}
