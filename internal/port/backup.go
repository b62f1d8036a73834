package port

import (
	"archive/tar"
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"depesche/internal/blob"
	"depesche/internal/db"
	"depesche/internal/problem"
)

// A backup is a tar archive, compressed by zstd: backup.json says what it is; tables/<name>.jsonl
// are the tables, a line of JSON an array of a row's values in the order of the columns that the
// first line names; files/<key> are the files; manifest.json ends it with what must be there.
const (
	backupFormat = 1
	headName     = "backup.json"
	manifestName = "manifest.json"
	tablePrefix  = "tables/"
	filePrefix   = "files/"
)

type backupHead struct {
	Format int       `json:"format"`
	Schema int64     `json:"schema"`
	Engine string    `json:"engine"`
	At     time.Time `json:"at"`
}

// manifest has the SHA-256 of every other entry, by its name.
type manifest struct {
	Entries map[string]string `json:"entries"`
	Rows    map[string]int64  `json:"rows"`
}

// Kept says what is in a backup.
type Kept struct {
	Tables, Files int
	Rows          int64
}

// Backup writes database and files to w while the newsroom serves: the database as it is at one
// moment, then all files that are there. Jobs aren't in it: what waits to be released is in its
// table, and renditions of pictures can be made again. Tables are spooled to disk one by one, so
// memory stays flat.
func Backup(ctx context.Context, d *db.DB, files blob.Store, w io.Writer, progress Progress) (Kept, error) {
	zip, err := zstd.NewWriter(w)
	if err != nil {
		return Kept{}, err
	}
	b := &backup{tar: tar.NewWriter(zip), at: time.Now().UTC().Truncate(time.Second), progress: progress, manifest: manifest{Entries: map[string]string{}, Rows: map[string]int64{}}}
	err = d.Snapshot(ctx, func(q db.Conn) error { return b.tables(ctx, d, q) })
	if err == nil {
		err = b.files(ctx, files)
	}
	if err == nil {
		err = b.json(manifestName, b.manifest)
	}
	if err == nil {
		err = b.tar.Close()
	}
	if closed := zip.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return Kept{}, fmt.Errorf("backup: %w", err)
	}
	return b.kept, nil
}

type backup struct {
	tar      *tar.Writer
	at       time.Time
	manifest manifest
	kept     Kept
	done     int64
	total    int64
	progress Progress
}

func (b *backup) tables(ctx context.Context, d *db.DB, q db.Conn) error {
	schema, err := d.SchemaVersion(ctx, q)
	if err != nil {
		return err
	}
	if err := b.json(headName, backupHead{Format: backupFormat, Schema: schema, Engine: d.Engine(), At: b.at}); err != nil {
		return err
	}
	list, err := d.Tables(ctx, q)
	if err != nil {
		return err
	}
	for _, t := range list {
		if err := b.table(ctx, q, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return nil
}

// table spools a table to a file, since an archive wants to know an entry's size first.
func (b *backup) table(ctx context.Context, q db.Conn, t db.Table) error {
	tmp, err := os.CreateTemp("", "depesche-backup-")
	if err != nil {
		return err
	}
	defer func() {
		tmp.Close()
		os.Remove(tmp.Name())
	}()
	out := bufio.NewWriter(tmp)
	n, err := writeRows(ctx, q, t, out)
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	size, err := tmp.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return err
	}
	b.kept.Tables++
	b.kept.Rows += n
	b.manifest.Rows[t.Name] = n
	return b.entry(tablePrefix+t.Name+".jsonl", size, tmp)
}

func writeRows(ctx context.Context, q db.Conn, t db.Table, w io.Writer) (int64, error) {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(names); err != nil {
		return 0, err
	}
	rows, err := q.QueryContext(ctx, "SELECT "+quotedList(names)+" FROM "+quotedName(t.Name))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var n int64
	values, targets := newRow(t.Columns)
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return 0, err
		}
		row := make([]any, len(values))
		for i, v := range values {
			row[i] = v.value()
		}
		if err := enc.Encode(row); err != nil {
			return 0, err
		}
		n++
	}
	return n, rows.Err()
}

// The names come from the schema, never from outside; they are quoted all the same.
func quotedName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func quotedList(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = quotedName(n)
	}
	return strings.Join(out, ", ")
}

// cell is a value of a column that may be NULL.
type cell struct {
	kind  db.ColumnKind
	text  sql.NullString
	int   sql.NullInt64
	bool  sql.NullBool
	bytes []byte
}

func newRow(columns []db.Column) ([]*cell, []any) {
	cells, targets := make([]*cell, len(columns)), make([]any, len(columns))
	for i, c := range columns {
		cells[i] = &cell{kind: c.Kind}
		switch c.Kind {
		case db.IntColumn:
			targets[i] = &cells[i].int
		case db.BoolColumn:
			targets[i] = &cells[i].bool
		case db.BytesColumn:
			targets[i] = &cells[i].bytes
		default:
			targets[i] = &cells[i].text
		}
	}
	return cells, targets
}

func (c *cell) value() any {
	switch {
	case c.kind == db.IntColumn && c.int.Valid:
		return c.int.Int64
	case c.kind == db.BoolColumn && c.bool.Valid:
		return c.bool.Bool
	case c.kind == db.BytesColumn && c.bytes != nil:
		return c.bytes // base64 in JSON
	case c.kind == db.TextColumn && c.text.Valid:
		return c.text.String
	}
	return nil
}

func (b *backup) files(ctx context.Context, files blob.Store) error {
	var keys []blob.Info
	if err := files.List(ctx, "", func(i blob.Info) error { keys = append(keys, i); b.total += i.Size; return nil }); err != nil {
		return err
	}
	for _, i := range keys {
		r, now, err := files.Open(ctx, i.Key)
		if problem.Is(err, problem.NotFound) {
			continue // an old rendition that was cleared away meanwhile
		}
		if err != nil {
			return err
		}
		err = b.entry(filePrefix+i.Key, now.Size, r)
		r.Close()
		if err != nil {
			return fmt.Errorf("file %s: %w", i.Key, err)
		}
		b.kept.Files++
		b.done += now.Size
		if b.progress != nil {
			b.progress(b.done, b.total)
		}
	}
	return nil
}

func (b *backup) json(name string, v any) error {
	raw, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return err
	}
	return b.entry(name, int64(len(raw)), strings.NewReader(string(raw)))
}

func (b *backup) entry(name string, size int64, r io.Reader) error {
	if err := b.tar.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o600, ModTime: b.at, Format: tar.FormatPAX}); err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(b.tar, io.TeeReader(r, sum)); err != nil {
		return err
	}
	b.manifest.Entries[name] = hex.EncodeToString(sum.Sum(nil))
	return nil
}

// ErrNotEmpty says that a newsroom already has something in it.
var ErrNotEmpty = errors.New("this newsroom isn't empty; restore into a new data folder or database")

// ErrBroken says that an archive isn't a whole backup.
var ErrBroken = errors.New("this isn't a whole backup; nothing was changed")

// Restore brings a backup into an empty newsroom, on either engine. The whole archive is read and
// checked first; then the files are stored, then all rows in one transaction. A backup of a newer
// schema is refused; one of an older schema is taken if only columns were added since.
func Restore(ctx context.Context, d *db.DB, files blob.Store, r io.ReadSeeker, progress Progress) (Kept, error) {
	head, err := verify(ctx, r)
	if err != nil {
		return Kept{}, err
	}
	tables, err := d.Tables(ctx, d.Read())
	if err != nil {
		return Kept{}, err
	}
	schema, err := d.SchemaVersion(ctx, d.Read())
	if err != nil {
		return Kept{}, err
	}
	if head.Schema > schema {
		return Kept{}, fmt.Errorf("the backup was made by a newer Depesche (schema %d, this one knows %d); nothing was changed", head.Schema, schema)
	}
	if err := empty(ctx, d.Read(), tables); err != nil {
		return Kept{}, err
	}
	rs := &restore{tables: tables, progress: progress}
	if err := rs.files(ctx, r, files); err != nil {
		return Kept{}, fmt.Errorf("restore files: %w", err)
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		rs.kept.Tables, rs.kept.Rows = 0, 0
		// What an empty newsroom has by itself makes room: its set-up token.
		if _, err := tx.ExecContext(ctx, `DELETE FROM setting`); err != nil {
			return err
		}
		return rs.rows(ctx, r, tx)
	})
	if err != nil {
		return Kept{}, fmt.Errorf("restore: %w", err)
	}
	return rs.kept, nil
}

// empty refuses a database that holds anything that people or imports brought.
func empty(ctx context.Context, q db.Conn, tables []db.Table) error {
	for _, t := range tables {
		if t.Name == "setting" || t.Name == "event" {
			continue
		}
		var n int
		if err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM "+quotedName(t.Name)+" LIMIT 1) AS found").Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return ErrNotEmpty
		}
	}
	return nil
}

// walk reads the archive from its beginning.
func walk(ctx context.Context, r io.ReadSeeker, fn func(name string, size int64, r io.Reader) error) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	zip, err := zstd.NewReader(r, zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return err
	}
	defer zip.Close()
	t := tar.NewReader(zip)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w (%w)", ErrBroken, err)
		}
		if err := fn(h.Name, h.Size, t); err != nil {
			return err
		}
	}
}

// verify reads the whole archive and compares it with its manifest.
func verify(ctx context.Context, r io.ReadSeeker) (backupHead, error) {
	var head backupHead
	var m *manifest
	found := map[string]string{}
	err := walk(ctx, r, func(name string, size int64, body io.Reader) error {
		if m != nil {
			return fmt.Errorf("%w (%s stands behind its end)", ErrBroken, name)
		}
		sum := sha256.New()
		keep := &strings.Builder{}
		var dst io.Writer = sum
		if name == headName || name == manifestName {
			if size > 256<<20 {
				return fmt.Errorf("%w (%s is too large)", ErrBroken, name)
			}
			dst = io.MultiWriter(sum, keep)
		}
		if _, err := io.Copy(dst, body); err != nil {
			return fmt.Errorf("%w (%s: %w)", ErrBroken, name, err)
		}
		switch name {
		case headName:
			if err := json.Unmarshal([]byte(keep.String()), &head); err != nil {
				return fmt.Errorf("%w (%w)", ErrBroken, err)
			}
		case manifestName:
			m = &manifest{}
			if err := json.Unmarshal([]byte(keep.String()), m); err != nil {
				return fmt.Errorf("%w (%w)", ErrBroken, err)
			}
			return nil
		}
		found[name] = sumOf(sum)
		return nil
	})
	if err != nil {
		return head, err
	}
	if m == nil || head.Format == 0 || len(found) != len(m.Entries) {
		return head, fmt.Errorf("%w (its end is missing)", ErrBroken)
	}
	if head.Format != backupFormat {
		return head, fmt.Errorf("backup format %d isn't known to this Depesche; nothing was changed", head.Format)
	}
	for name, want := range m.Entries {
		if found[name] != want {
			return head, fmt.Errorf("%w (%s isn't what was written)", ErrBroken, name)
		}
	}
	return head, nil
}

func sumOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

type restore struct {
	tables   []db.Table
	kept     Kept
	progress Progress
	done     int64
}

func (rs *restore) files(ctx context.Context, r io.ReadSeeker, files blob.Store) error {
	return walk(ctx, r, func(name string, size int64, body io.Reader) error {
		key, ok := strings.CutPrefix(name, filePrefix)
		if !ok {
			return nil
		}
		if err := files.Put(ctx, key, body); err != nil {
			return err
		}
		rs.kept.Files++
		rs.done += size
		if rs.progress != nil {
			rs.progress(rs.done, 0)
		}
		return nil
	})
}

// rows inserts the tables in the order in which the archive has them, which is the order of what
// they refer to.
func (rs *restore) rows(ctx context.Context, r io.ReadSeeker, tx *db.Tx) error {
	return walk(ctx, r, func(name string, _ int64, body io.Reader) error {
		table, ok := strings.CutPrefix(name, tablePrefix)
		if !ok {
			return nil
		}
		table = strings.TrimSuffix(table, ".jsonl")
		n, err := rs.table(ctx, tx, table, body)
		if err != nil {
			return fmt.Errorf("table %s: %w", table, err)
		}
		rs.kept.Tables++
		rs.kept.Rows += n
		return nil
	})
}

func (rs *restore) table(ctx context.Context, tx *db.Tx, name string, body io.Reader) (int64, error) {
	var columns []db.Column
	for _, t := range rs.tables {
		if t.Name == name {
			columns = t.Columns
		}
	}
	if columns == nil {
		return 0, fmt.Errorf("this Depesche doesn't know it")
	}
	dec := json.NewDecoder(body)
	dec.UseNumber()
	var names []string
	if err := dec.Decode(&names); err != nil {
		return 0, err
	}
	kinds := make([]db.ColumnKind, len(names))
	places := make([]string, len(names))
	for i, n := range names {
		for _, c := range columns {
			if c.Name == n {
				kinds[i] = c.Kind
			}
		}
		if kinds[i] == "" {
			return 0, fmt.Errorf("column %s: this Depesche doesn't know it", n)
		}
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	insert := "INSERT INTO " + quotedName(name) + " (" + quotedList(names) + ") VALUES (" + strings.Join(places, ", ") + ")"
	var n int64
	for dec.More() {
		var row []any
		if err := dec.Decode(&row); err != nil {
			return 0, err
		}
		if len(row) != len(names) {
			return 0, fmt.Errorf("row %d has %d values, not %d", n+1, len(row), len(names))
		}
		for i, v := range row {
			value, err := valueOf(kinds[i], v)
			if err != nil {
				return 0, fmt.Errorf("row %d, column %s: %w", n+1, names[i], err)
			}
			row[i] = value
		}
		if _, err := tx.ExecContext(ctx, insert, row...); err != nil {
			return 0, fmt.Errorf("row %d: %w", n+1, err)
		}
		n++
	}
	return n, nil
}

// valueOf turns a value of the archive into one of the column's kind.
func valueOf(kind db.ColumnKind, v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	switch kind {
	case db.IntColumn:
		if n, ok := v.(json.Number); ok {
			return n.Int64()
		}
	case db.BoolColumn:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case db.BytesColumn:
		if s, ok := v.(string); ok {
			var raw []byte
			err := json.Unmarshal([]byte(`"`+s+`"`), &raw)
			return raw, err
		}
	default:
		if s, ok := v.(string); ok {
			return s, nil
		}
	}
	return nil, fmt.Errorf("%v is no %s", v, kind)
}
