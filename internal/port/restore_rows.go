package port

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/blob"
	"depesche/internal/db"
)

// incoming is a backup on its way in.
type incoming struct {
	db     *db.DB
	files  blob.Store
	tables map[string]db.Table // of the database, read when the first part comes
}

// file stores a file of the archive.
func (in *incoming) file(ctx context.Context, name string, r io.Reader) error {
	key, ok := strings.CutPrefix(name, "files/")
	if !ok || in.files == nil {
		return nil
	}
	return in.files.Put(ctx, key, r)
}

// makeRoom empties what a newsroom has before its paper.
func makeRoom(ctx context.Context, tx *db.Tx) error {
	for _, t := range filled {
		if _, err := tx.ExecContext(ctx, `DELETE FROM "`+t+`"`); err != nil {
			return err
		}
	}
	return nil
}

// part inserts a part of a table.
func (in *incoming) part(ctx context.Context, tx *db.Tx, name string, r io.Reader) error {
	table, ok := tableOf(name)
	if !ok {
		return nil
	}
	if in.tables == nil {
		list, err := in.db.Tables(ctx, tx)
		if err != nil {
			return err
		}
		in.tables = map[string]db.Table{}
		for _, t := range list {
			in.tables[t.Name] = t
		}
	}
	t, ok := in.tables[table]
	if !ok {
		return broken("there is no table %q", table)
	}
	s := lines(r)
	if !s.Scan() {
		return broken("%s is empty", name)
	}
	var head columns
	if err := json.Unmarshal(s.Bytes(), &head); err != nil {
		return broken("%s: %w", name, err)
	}
	if err := fits(t, head); err != nil {
		return broken("%s: %w", name, err)
	}
	return in.rows(ctx, tx, t.Name, head, s)
}

// fits compares the columns of a part with the table's. The names come into a statement, so only
// those that the database itself has are taken.
func fits(t db.Table, head columns) error {
	if len(head.Columns) != len(head.Kinds) || len(head.Columns) == 0 {
		return errors.New("its columns are malformed")
	}
	for i, name := range head.Columns {
		if !slices.Contains(t.Columns, db.Column{Name: name, Kind: head.Kinds[i]}) {
			return fmt.Errorf("there is no column %q of that kind", name)
		}
	}
	return nil
}

// maxArgs is how many values one statement carries: far below what either engine takes.
const maxArgs = 900

func (in *incoming) rows(ctx context.Context, tx *db.Tx, table string, head columns, s *bufio.Scanner) error {
	names := make([]string, len(head.Columns))
	for i, n := range head.Columns {
		names[i] = `"` + n + `"`
	}
	begin := `INSERT INTO "` + table + `" (` + strings.Join(names, ", ") + `) VALUES `
	var args []any
	var text strings.Builder
	flush := func() error {
		if len(args) == 0 {
			return nil
		}
		_, err := tx.ExecContext(ctx, begin+text.String(), args...)
		args = args[:0]
		text.Reset()
		return err
	}
	size := 0
	for s.Scan() {
		row, err := values(head, s.Bytes())
		if err != nil {
			return broken("table %s: %w", table, err)
		}
		sep := "("
		if text.Len() > 0 {
			sep = ", ("
		}
		for _, v := range row {
			args = append(args, v)
			text.WriteString(sep + "$" + strconv.Itoa(len(args)))
			sep = ", "
		}
		text.WriteByte(')')
		if size += len(s.Bytes()); len(args)+len(row) > maxArgs || size > partSize {
			size = 0
			if err := flush(); err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
		}
	}
	if err := s.Err(); err != nil {
		return broken("table %s: %w", table, err)
	}
	if err := flush(); err != nil {
		return fmt.Errorf("table %s: %w", table, err)
	}
	return nil
}

// values reads a row.
func values(head columns, line []byte) ([]any, error) {
	var raw []json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return nil, err
	}
	if len(raw) != len(head.Kinds) {
		return nil, fmt.Errorf("a row has %d values instead of %d", len(raw), len(head.Kinds))
	}
	out := make([]any, len(raw))
	for i, kind := range head.Kinds {
		if string(raw[i]) == "null" {
			continue
		}
		var err error
		switch kind {
		case db.IntColumn:
			out[i], err = value[int64](raw[i])
		case db.BoolColumn:
			out[i], err = value[bool](raw[i])
		case db.BytesColumn:
			out[i], err = value[[]byte](raw[i])
		default:
			out[i], err = value[string](raw[i])
		}
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", head.Columns[i], err)
		}
	}
	return out, nil
}

func value[T any](raw json.RawMessage) (T, error) {
	var v T
	err := json.Unmarshal(raw, &v)
	return v, err
}
