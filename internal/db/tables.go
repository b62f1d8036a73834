package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Table is a table of ours as the database knows it.
type Table struct {
	Name    string
	Columns []Column
	// Refs are the tables that its rows refer to.
	Refs []string
}

// Column is a column and what its values are in Go.
type Column struct {
	Name string
	Kind ColumnKind
}

// ColumnKind is what a column holds, on both engines.
type ColumnKind string

// The kinds of column that a migration may use.
const (
	TextColumn  ColumnKind = "text"
	IntColumn   ColumnKind = "int"
	BoolColumn  ColumnKind = "bool"
	BytesColumn ColumnKind = "bytes"
)

// Tables lists our tables with their columns, those that others refer to first. The migrations'
// own table and the job queue's are left out: they belong to the binary and to this server.
func (d *DB) Tables(ctx context.Context, q Conn) ([]Table, error) {
	names, columns, refs := `
		SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name`, `
		SELECT name, type FROM pragma_table_info($1) ORDER BY cid`, `
		SELECT DISTINCT "table" FROM pragma_foreign_key_list($1) ORDER BY 1`
	if d.engine == Postgres {
		names, columns, refs = `
		SELECT table_name::text FROM information_schema.tables
		WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1`, `
		SELECT column_name::text, data_type::text FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`, `
		SELECT DISTINCT confrelid::regclass::text FROM pg_constraint
		WHERE contype = 'f' AND conrelid = to_regclass($1) ORDER BY 1`
	}
	rows, err := q.QueryContext(ctx, names)
	list, err := Collect(rows, err, scanString)
	if err != nil {
		return nil, fmt.Errorf("tables: %w", err)
	}
	var out []Table
	for _, name := range list {
		if name == "goose_db_version" || strings.HasPrefix(name, "river_") {
			continue
		}
		t := Table{Name: name}
		rows, err := q.QueryContext(ctx, columns, name)
		if t.Columns, err = Collect(rows, err, scanColumn); err != nil {
			return nil, fmt.Errorf("columns of %s: %w", name, err)
		}
		rows, err = q.QueryContext(ctx, refs, name)
		if t.Refs, err = Collect(rows, err, scanString); err != nil {
			return nil, fmt.Errorf("references of %s: %w", name, err)
		}
		out = append(out, t)
	}
	return inOrder(out)
}

func scanString(rows *sql.Rows) (string, error) {
	var s string
	return s, rows.Scan(&s)
}

func scanColumn(rows *sql.Rows) (Column, error) {
	var c Column
	var kind string
	if err := rows.Scan(&c.Name, &kind); err != nil {
		return c, err
	}
	switch strings.ToLower(kind) {
	case "text":
		c.Kind = TextColumn
	case "bigint", "integer":
		c.Kind = IntColumn
	case "boolean":
		c.Kind = BoolColumn
	case "bytea":
		c.Kind = BytesColumn
	default:
		return c, fmt.Errorf("column %s: no kind for the type %q", c.Name, kind)
	}
	return c, nil
}

// inOrder puts a table behind those that it refers to.
func inOrder(tables []Table) ([]Table, error) {
	var out []Table
	done := map[string]bool{}
	for len(out) < len(tables) {
		before := len(out)
		for _, t := range tables {
			ready := !done[t.Name] && !slices.ContainsFunc(t.Refs, func(r string) bool { return r != t.Name && !done[r] })
			if ready {
				done[t.Name] = true
				out = append(out, t)
			}
		}
		if len(out) == before {
			return nil, fmt.Errorf("tables refer to each other in a circle")
		}
	}
	return out, nil
}

// SchemaVersion is the number of the newest migration that this binary knows, which an open
// database has.
func (d *DB) SchemaVersion(ctx context.Context, q Conn) (int64, error) {
	var v int64
	err := q.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version`).Scan(&v)
	return v, err
}
