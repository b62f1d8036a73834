package dbtest

import (
	"strings"
	"testing"
)

// Plan is how SQLite goes about a query, step by step: "SCAN x" goes through all of a table, "SEARCH x" doesn't,
// unless it names no index; that is how a MAX is looked for in all of it.
func Plan(t testing.TB, query string, args ...any) string {
	t.Helper()
	rows, err := Open(t).Read().QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "; ")
}
