package story

import (
	"context"
	"database/sql"
	"fmt"

	"depesche/internal/db"
)

// After returns the IDs of up to limit stories whose numbers come after n, by number: for whoever
// walks through all of them.
func (s *Service) After(ctx context.Context, q db.Conn, n int64, limit int) ([]ID, error) {
	rows, err := q.QueryContext(ctx, `SELECT id FROM story WHERE number > $1 ORDER BY number LIMIT $2`, n, limit)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (id ID, err error) {
		err = r.Scan(&id)
		return id, err
	})
	if err != nil {
		return nil, fmt.Errorf("stories after number %d: %w", n, err)
	}
	return list, nil
}

// Count returns how many stories there are.
func (s *Service) Count(ctx context.Context, q db.Conn) (int64, error) {
	var n int64
	err := q.QueryRowContext(ctx, `SELECT COUNT(*) FROM story`).Scan(&n)
	return n, db.One(err)
}
