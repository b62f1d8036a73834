package edition

import "depesche/internal/db"

// ListQuery is the statement for a list, for the test that looks at its plan.
func ListQuery(l List, limit int) (string, []any, error) { return l.query(limit) }

// BoardQuery is the statement for the first page of a board, or that for what a page has of what was touched last.
func BoardQuery(f BoardFilter, near bool) (string, []any) {
	if near {
		return f.query(false, []any{db.Time{}, ""}, db.Time{}, "", 50)
	}
	return f.query(f.scattered(), nil, db.Time{}, "", 50)
}

// TouchedQuery finds the place after what was touched last, HeadlinesQuery all headlines.
const (
	TouchedQuery   = touchedQuery
	HeadlinesQuery = headlinesQuery
)

// UsedSinceQuery finds a picture in what was saved since.
const UsedSinceQuery = usedSinceQuery
