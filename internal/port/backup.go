package port

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"depesche/internal/blob"
	"depesche/internal/db"
	"depesche/internal/problem"
)

// A backup is a tar archive, compressed by zstd:
//
//	backup.json              what it is: format, schema, engine, time
//	tables/<name>/<n>.jsonl  rows, some megabytes a part; each part's first line names the columns
//	files/<key>              every file of the store
//	manifest.json            counts, and a hash over the names, sizes and hashes of all before it
//
// Times, documents and numbers stand in it as in the database, whose engine doesn't matter. The job
// queue isn't in it: what it would do is found anew from the tables.
const (
	backupHead     = "backup.json"
	backupManifest = "manifest.json"
	backupFormat   = 1
	partSize       = 4 << 20
)

// backupInfo is the first entry of a backup.
type backupInfo struct {
	Format  int       `json:"depesche_backup"`
	Schema  int64     `json:"schema"`
	Engine  string    `json:"engine"`
	Created time.Time `json:"created"`
}

// manifest is the last entry of a backup.
type manifest struct {
	Tables map[string]int64 `json:"tables"` // rows
	Files  int              `json:"files"`
	Bytes  int64            `json:"bytes"` // of the files
	SHA256 string           `json:"sha256"`
}

// Kept says what is in a backup.
type Kept struct {
	Tables, Files int
	Rows          int64
}

func (m manifest) kept() Kept {
	k := Kept{Tables: len(m.Tables), Files: m.Files}
	for _, n := range m.Tables {
		k.Rows += n
	}
	return k
}

// columns is the first line of a part of a table.
type columns struct {
	Columns []string        `json:"columns"`
	Kinds   []db.ColumnKind `json:"kinds"`
}

// Backup writes everything that the newsroom consists of: all tables as of one moment, and all
// files. It runs while others read and write; nobody waits for it. The archive holds the accounts
// with their password hashes: keep it as you keep the database. progress is told of bytes: first of
// tables, whose total nobody knows and is 0, then of files.
func Backup(ctx context.Context, d *db.DB, files blob.Store, w io.Writer, progress Progress) (Kept, error) {
	b := &backup{db: d, files: files, progress: progress, manifest: manifest{Tables: map[string]int64{}}, digest: sha256.New()}
	if err := b.write(ctx, w); err != nil {
		return Kept{}, fmt.Errorf("backup: %w", err)
	}
	return b.manifest.kept(), nil
}

type backup struct {
	db       *db.DB
	files    blob.Store
	progress Progress
	tar      *tar.Writer
	manifest manifest
	digest   hash.Hash // over all entries
	told     int64     // bytes of tables
	now      time.Time
}

func (b *backup) write(ctx context.Context, w io.Writer) error {
	z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	b.tar = tar.NewWriter(z)
	b.now = b.db.Now()
	// The tables before the files: a picture that comes in meanwhile is in the archive without being
	// known, which harms nobody; the other way round its page would be broken.
	if err := b.db.Snapshot(ctx, func(q db.Conn) error { return b.tables(ctx, q) }); err != nil {
		return err
	}
	if err := b.allFiles(ctx); err != nil {
		return err
	}
	b.manifest.SHA256 = fmt.Sprintf("%x", b.digest.Sum(nil))
	last, err := json.MarshalIndent(b.manifest, "", "  ")
	if err != nil {
		return err
	}
	if err := b.entry(backupManifest, int64(len(last)), bytes.NewReader(last)); err != nil {
		return err
	}
	return errors.Join(b.tar.Close(), z.Close())
}

// entry writes an entry and makes it part of the digest.
func (b *backup) entry(name string, size int64, r io.Reader) error {
	err := b.tar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: b.now, Format: tar.FormatPAX})
	if err != nil {
		return err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(b.tar, h), r)
	if err == nil && n != size {
		err = fmt.Errorf("%s has %d bytes, not %d", name, n, size)
	}
	sign(b.digest, name, size, h)
	return err
}

// sign adds an entry to the digest of a backup.
func sign(digest io.Writer, name string, size int64, content hash.Hash) {
	fmt.Fprintf(digest, "%q %d %x\n", name, size, content.Sum(nil))
}

func (b *backup) tables(ctx context.Context, q db.Conn) error {
	schema, err := b.db.SchemaVersion(ctx, q)
	if err != nil {
		return err
	}
	head, err := json.Marshal(backupInfo{Format: backupFormat, Schema: schema, Engine: b.db.Engine(), Created: b.now})
	if err != nil {
		return err
	}
	if err := b.entry(backupHead, int64(len(head)), bytes.NewReader(head)); err != nil {
		return err
	}
	tables, err := b.db.Tables(ctx, q)
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := b.table(ctx, q, t); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
	}
	return nil
}

func (b *backup) table(ctx context.Context, q db.Conn, t db.Table) error {
	p := part{backup: b, table: t}
	p.begin()
	rows, err := q.QueryContext(ctx, `SELECT `+columnList(t.Columns)+` FROM "`+t.Name+`"`)
	if err != nil {
		return err
	}
	defer rows.Close()
	into, values := scanner(t.Columns)
	for rows.Next() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := p.add(values()); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	b.manifest.Tables[t.Name] = p.rows
	return p.end()
}

func columnList(list []db.Column) string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = `"` + c.Name + `"`
	}
	return strings.Join(names, ", ")
}

// scanner returns where a row is scanned to, and a function that returns it as JSON wants it.
func scanner(list []db.Column) (into []any, values func() []any) {
	into = make([]any, len(list))
	for i, c := range list {
		switch c.Kind {
		case db.IntColumn:
			into[i] = new(sql.Null[int64])
		case db.BoolColumn:
			into[i] = new(sql.Null[bool])
		case db.BytesColumn:
			into[i] = new([]byte)
		default:
			into[i] = new(sql.Null[string])
		}
	}
	row := make([]any, len(list))
	return into, func() []any {
		for i := range into {
			row[i] = nil
			switch v := into[i].(type) {
			case *sql.Null[int64]:
				if v.Valid {
					row[i] = v.V
				}
			case *sql.Null[bool]:
				if v.Valid {
					row[i] = v.V
				}
			case *sql.Null[string]:
				if v.Valid {
					row[i] = v.V
				}
			case *[]byte:
				if *v != nil {
					row[i] = *v
				}
			}
		}
		return row
	}
}

// part collects rows of a table until they are an entry.
type part struct {
	*backup
	table db.Table
	n     int
	rows  int64
	buf   bytes.Buffer
	enc   *json.Encoder
	held  int64
}

func (p *part) begin() {
	p.buf.Reset()
	p.enc = json.NewEncoder(&p.buf)
	p.enc.SetEscapeHTML(false)
	head := columns{}
	for _, c := range p.table.Columns {
		head.Columns = append(head.Columns, c.Name)
		head.Kinds = append(head.Kinds, c.Kind)
	}
	p.held = 0
	_ = p.enc.Encode(head) // strings into memory: can't fail
}

func (p *part) add(row []any) error {
	if err := p.enc.Encode(row); err != nil {
		return err
	}
	p.rows++
	p.held++
	if p.buf.Len() < partSize {
		return nil
	}
	if err := p.end(); err != nil {
		return err
	}
	p.begin()
	return nil
}

// end writes the part; a table without rows has one with its columns only.
func (p *part) end() error {
	if p.held == 0 && p.n > 0 {
		return nil
	}
	p.n++
	name := fmt.Sprintf("tables/%s/%06d.jsonl", p.table.Name, p.n)
	if err := p.entry(name, int64(p.buf.Len()), bytes.NewReader(p.buf.Bytes())); err != nil {
		return err
	}
	if p.told += int64(p.buf.Len()); p.progress != nil {
		p.progress(p.told, 0)
	}
	return nil
}

func (b *backup) allFiles(ctx context.Context) error {
	if b.files == nil {
		return nil
	}
	var total, done int64
	if b.progress != nil {
		if err := b.files.List(ctx, "", func(i blob.Info) error { total += i.Size; return nil }); err != nil {
			return err
		}
	}
	return b.files.List(ctx, "", func(i blob.Info) error {
		err := b.file(ctx, i.Key)
		if problem.Is(err, problem.NotFound) {
			return nil // taken away while we walked
		}
		if done += i.Size; b.progress != nil {
			b.progress(min(done, total), total)
		}
		return err
	})
}

func (b *backup) file(ctx context.Context, key string) error {
	r, info, err := b.files.Open(ctx, key)
	if err != nil {
		return err
	}
	defer r.Close()
	b.manifest.Files++
	b.manifest.Bytes += info.Size
	return b.entry("files/"+key, info.Size, r)
}
