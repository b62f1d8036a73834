package edition

// ListQuery is the statement for a list, for the test that looks at its plan.
func ListQuery(l List, limit int) (string, []any, error) { return l.query(limit) }
