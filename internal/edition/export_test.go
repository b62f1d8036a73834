package edition

import "depesche/internal/db"

// ListQuery is the statement for a list, for the test that looks at its plan.
func ListQuery(l List, limit int) (string, []any, error) { return l.query(limit) }

// BoardQuery is the statement for the first page of a board.
func BoardQuery(f BoardFilter) (string, []any) { return f.query(db.Time{}, "", 50) }
