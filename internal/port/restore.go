package port

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"

	"depesche/internal/blob"
	"depesche/internal/db"
)

// ErrNotEmpty says that a newsroom already has something in it.
var ErrNotEmpty = errors.New("this newsroom isn't empty; restore into a new data folder or database")

// ErrBroken says that an archive isn't a whole backup.
var ErrBroken = errors.New("this isn't a whole backup; nothing was changed")

// ErrNewer says that a backup was made by a newer Depesche.
var ErrNewer = errors.New("the backup was made by a newer Depesche; restore it with that one")

// Restore brings a backup into an empty newsroom, on whichever engine. First the whole archive is
// read and held against its manifest: one that is cut off or changed is [ErrBroken] before anything
// is written, and so are [ErrNewer] and [ErrNotEmpty]. A backup of an older Depesche is migrated as
// the database itself would have been.
//
// The rows come in one transaction, after the files: if it fails, the newsroom is as empty as before,
// but for files that nobody knows of. progress is told of bytes of r, which is read more than once.
func Restore(ctx context.Context, d *db.DB, files blob.Store, r io.ReadSeeker, progress Progress) (Kept, error) {
	k, err := restore(ctx, d, files, r, progress)
	if err != nil {
		return Kept{}, fmt.Errorf("restore: %w", err)
	}
	return k, nil
}

func restore(ctx context.Context, d *db.DB, files blob.Store, r io.ReadSeeker, progress Progress) (Kept, error) {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return Kept{}, err
	}
	counted := seeker{r, &counter{total: 3 * size, tell: progress}}
	info, m, err := verify(ctx, counted)
	if err != nil {
		return Kept{}, err
	}
	now, err := d.SchemaVersion(ctx, d.Read())
	if err != nil {
		return Kept{}, err
	}
	if info.Schema > now {
		return Kept{}, fmt.Errorf("%w (its schema is %d, this one knows %d)", ErrNewer, info.Schema, now)
	}
	if err := mustBeEmpty(ctx, d); err != nil {
		return Kept{}, err
	}
	in := &incoming{db: d, files: files}
	if err := walk(ctx, counted, func(name string, _ int64, r io.Reader) error { return in.file(ctx, name, r) }); err != nil {
		return Kept{}, err
	}
	fill := func(tx *db.Tx) error {
		in.tables = nil
		if err := makeRoom(ctx, tx); err != nil {
			return err
		}
		return walk(ctx, counted, func(name string, _ int64, r io.Reader) error { return in.part(ctx, tx, name, r) })
	}
	if info.Schema < now {
		err = d.Rebuild(ctx, info.Schema, fill)
	} else {
		err = d.Write(ctx, fill)
	}
	return m.kept(), err
}

// seeker counts what is read, whichever time it is.
type seeker struct {
	io.ReadSeeker
	c *counter
}

func (s seeker) Read(b []byte) (int, error) { return s.c.reader(s.ReadSeeker).Read(b) }

// broken says that an archive isn't what was written.
func broken(format string, args ...any) error {
	return fmt.Errorf("%w (%w)", ErrBroken, fmt.Errorf(format, args...))
}

// walk calls fn for each entry of an archive, in order.
func walk(ctx context.Context, r io.ReadSeeker, fn func(name string, size int64, r io.Reader) error) error {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return err
	}
	z, err := zstd.NewReader(bufio.NewReaderSize(r, 1<<20), zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(256<<20))
	if err != nil {
		return err
	}
	defer z.Close()
	archive := tar.NewReader(z)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			// A compressed stream carries a checksum at its end: read it.
			if _, err := io.Copy(io.Discard, z); err != nil {
				return broken("the archive is damaged: %w", err)
			}
			return nil
		}
		if err != nil {
			return broken("the archive is damaged, or no backup: %w", err)
		}
		if h.Typeflag != tar.TypeReg {
			return broken("%q is no file", h.Name)
		}
		if err := fn(h.Name, h.Size, archive); err != nil {
			return err
		}
	}
}

// verify reads everything and compares it with the manifest.
func verify(ctx context.Context, r io.ReadSeeker) (backupInfo, manifest, error) {
	var info backupInfo
	var told manifest
	found := manifest{Tables: map[string]int64{}}
	digest := sha256.New()
	n, ended := 0, false
	err := walk(ctx, r, func(name string, size int64, r io.Reader) error {
		if ended {
			return broken("%q stands behind the manifest", name)
		}
		switch n++; {
		case n == 1 && name != backupHead:
			return broken("it doesn't begin as a backup")
		case name == backupHead:
			return readHead(&info, digest, name, size, r)
		case name == backupManifest:
			ended = true
			return readJSON(name, size, r, &told)
		}
		h := sha256.New()
		body := io.TeeReader(r, h)
		if table, ok := tableOf(name); ok {
			rows, err := countRows(body)
			if err != nil {
				return broken("%s: %w", name, err)
			}
			found.Tables[table] += rows
		} else if strings.HasPrefix(name, "files/") {
			found.Files++
			found.Bytes += size
		} else {
			return broken("%q is unknown", name)
		}
		if _, err := io.Copy(io.Discard, body); err != nil {
			return broken("%s: %w", name, err)
		}
		sign(digest, name, size, h)
		return nil
	})
	if err != nil {
		return info, told, err
	}
	if !ended {
		return info, told, broken("the manifest is missing: the archive is incomplete")
	}
	found.SHA256 = fmt.Sprintf("%x", digest.Sum(nil))
	a, _ := json.Marshal(found)
	b, _ := json.Marshal(told)
	if !bytes.Equal(a, b) {
		return info, told, broken("its content isn't what its manifest says")
	}
	return info, told, nil
}

func readHead(info *backupInfo, digest io.Writer, name string, size int64, r io.Reader) error {
	h := sha256.New()
	if err := readJSON(name, size, io.TeeReader(r, h), info); err != nil {
		return err
	}
	if info.Format != backupFormat {
		return fmt.Errorf("%w (its format is %d, this one knows %d)", ErrNewer, info.Format, backupFormat)
	}
	sign(digest, name, size, h)
	return nil
}

func readJSON(name string, size int64, r io.Reader, v any) error {
	if size > 1<<20 {
		return broken("%s has %d bytes", name, size)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return broken("%s: %w", name, err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return broken("%s: %w", name, err)
	}
	return nil
}

// tableOf returns the table that an entry is a part of.
func tableOf(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, "tables/")
	if !ok {
		return "", false
	}
	table, part, ok := strings.Cut(rest, "/")
	return table, ok && strings.HasSuffix(part, ".jsonl")
}

// maxLine is the longest row: a document is at most four megabytes, and escaped twice.
const maxLine = 64 << 20

func lines(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 1<<16), maxLine)
	return s
}

func countRows(r io.Reader) (int64, error) {
	n := int64(-1) // the columns
	s := lines(r)
	for s.Scan() {
		n++
	}
	return n, s.Err()
}

// filled are tables that a newsroom without a paper may have something in: its token, a note of its
// start.
var filled = []string{"setting", "event"}

func mustBeEmpty(ctx context.Context, d *db.DB) error {
	tables, err := d.Tables(ctx, d.Read())
	if err != nil {
		return err
	}
	for _, t := range tables {
		if slices.Contains(filled, t.Name) {
			continue
		}
		var some bool
		if err := d.Read().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM "`+t.Name+`")`).Scan(&some); err != nil {
			return db.One(err)
		}
		if some {
			return fmt.Errorf("%w (there is something in the table %s)", ErrNotEmpty, t.Name)
		}
	}
	return nil
}
