package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Bulk gathers rows of many acts and writes them at once: for papers that are made, not written. The
// tables are written in the order in which the first row of each was put, so put what is referred to
// before what refers to it.
type Bulk struct {
	order  []string
	tables map[string]*heap
}

// heap are the rows for one table.
type heap struct {
	columns []string
	values  []any // row after row
}

// boundAtOnce is how many values one statement brings to SQLite. More gain nothing.
const boundAtOnce = 400

// Put adds a row. Each row of a table has the same columns, a list with commas.
func (b *Bulk) Put(table, columns string, values ...any) error {
	h, ok := b.tables[table]
	if !ok {
		if b.tables == nil {
			b.tables = map[string]*heap{}
		}
		h = &heap{columns: strings.Split(columns, ", ")}
		b.tables[table], b.order = h, append(b.order, table)
	}
	if len(values) != len(h.columns) {
		return fmt.Errorf("row for %s: %d values for %d columns", table, len(values), len(h.columns))
	}
	for _, v := range values {
		plain, err := driver.DefaultParameterConverter.ConvertValue(v)
		if err != nil {
			return fmt.Errorf("row for %s: %w", table, err)
		}
		h.values = append(h.values, plain)
	}
	return nil
}

// Rows is how many rows wait.
func (b *Bulk) Rows() int {
	n := 0
	for _, h := range b.tables {
		n += len(h.values) / len(h.columns)
	}
	return n
}

// Write writes all rows. They stay in the bulk, so that a transaction that is tried again writes them
// again; [Bulk.Clear] lets them go.
func (b *Bulk) Write(ctx context.Context, tx *Tx) error {
	for _, table := range b.order {
		h := b.tables[table]
		if len(h.values) == 0 {
			continue
		}
		write := h.insert
		if tx.pgx != nil {
			write = h.copy
		}
		if err := write(ctx, tx, table); err != nil {
			return fmt.Errorf("rows for %s: %w", table, fault(err))
		}
	}
	return nil
}

// Clear forgets the rows and keeps their room.
func (b *Bulk) Clear() {
	for _, h := range b.tables {
		clear(h.values)
		h.values = h.values[:0]
	}
}

// insert writes as many rows a statement as it takes, and what is left in one more.
func (h *heap) insert(ctx context.Context, tx *Tx, table string) error {
	width := len(h.columns)
	each := max(1, boundAtOnce/width) * width
	for from := 0; from < len(h.values); from += each {
		part := h.values[from:min(from+each, len(h.values))]
		if _, err := tx.q.ExecContext(ctx, h.statement(table, len(part)/width), part...); err != nil {
			return err
		}
	}
	return nil
}

func (h *heap) statement(table string, rows int) string {
	var s strings.Builder
	s.WriteString(`INSERT INTO ` + table + ` (` + strings.Join(h.columns, ", ") + `) VALUES `)
	n := 0
	for row := range rows {
		for i := range h.columns {
			n++
			switch {
			case i > 0:
				s.WriteString(", ")
			case row > 0:
				s.WriteString("), (")
			default:
				s.WriteString("(")
			}
			s.WriteString("$" + strconv.Itoa(n))
		}
	}
	s.WriteString(")")
	return s.String()
}

func (h *heap) copy(ctx context.Context, tx *Tx, table string) error {
	width, at := len(h.columns), 0
	_, err := tx.pgx.CopyFrom(ctx, pgx.Identifier{table}, h.columns, pgx.CopyFromFunc(func() ([]any, error) {
		if at >= len(h.values) {
			return nil, nil
		}
		at += width
		return h.values[at-width : at], nil
	}))
	return err
}
