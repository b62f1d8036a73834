// Package blob keeps files: originals and renditions of pictures, archives. The first store is a
// folder; an object store fits behind the same four methods.
package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"depesche/internal/problem"
)

// Info describes a stored file.
type Info struct {
	Key      string
	Size     int64
	Modified time.Time
}

// Store keeps files under keys such as "media/01h…/original". Keys have 1 to 250 characters of
// [A-Za-z0-9._-] in parts joined by slashes; no part is empty or begins with a dot.
type Store interface {
	// Put stores a file durably and whole: when it returns nil the file is there after a power cut;
	// when it doesn't, what was there before is. A full disk is problem.Unavailable.
	Put(ctx context.Context, key string, r io.Reader) error
	// Open reads a file. problem.NotFound if there is none.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, Info, error)
	// Delete takes a file away. None being there is no error.
	Delete(ctx context.Context, key string) error
	// List calls fn for each file whose key begins with prefix, in the order of keys.
	List(ctx context.Context, prefix string, fn func(Info) error) error
}

type folder struct{ dir string }

// Folder keeps files below dir, which is made if it isn't there.
func Folder(dir string) (Store, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("files: %w", err)
	}
	return &folder{dir}, nil
}

// temporary begins the names of files that aren't whole yet; no key can.
const temporary = ".tmp-"

// check refuses keys that could lead out of the folder or clash with temporary files.
func check(key string) error {
	if key == "" || len(key) > 250 {
		return fmt.Errorf("file key %q: length", key)
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part[0] == '.' {
			return fmt.Errorf("file key %q: part %q", key, part)
		}
	}
	if i := strings.IndexFunc(key, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-/", r)
	}); i >= 0 {
		return fmt.Errorf("file key %q: character %q", key, key[i])
	}
	return nil
}

func (f *folder) path(key string) string { return filepath.Join(f.dir, filepath.FromSlash(key)) }

func (f *folder) Put(ctx context.Context, key string, r io.Reader) (err error) {
	if err := check(key); err != nil {
		return err
	}
	path := f.path(key)
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return storeError(key, err)
	}
	tmp, err := os.CreateTemp(dir, temporary)
	if err != nil {
		return storeError(key, err)
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if _, err := io.Copy(tmp, contextReader{ctx, r}); err != nil {
		return storeError(key, err)
	}
	if err := tmp.Sync(); err != nil {
		return storeError(key, err)
	}
	if err := tmp.Close(); err != nil {
		return storeError(key, err)
	}
	if err := os.Rename(tmp.Name(), path); err != nil {
		return storeError(key, err)
	}
	return storeError(key, syncDir(dir))
}

// contextReader stops copying when nobody waits for the file any more.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func storeError(key string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return problem.Wrap(problem.Unavailable, "problem.disk_full", fmt.Errorf("file %s: %w", key, err))
	case errors.Is(err, fs.ErrNotExist):
		return problem.Wrap(problem.NotFound, "problem.not_found", fmt.Errorf("file %s: %w", key, err))
	}
	return fmt.Errorf("file %s: %w", key, err)
}

func (f *folder) Open(_ context.Context, key string) (io.ReadSeekCloser, Info, error) {
	if err := check(key); err != nil {
		return nil, Info{}, problem.Wrap(problem.NotFound, "problem.not_found", err)
	}
	file, err := os.Open(f.path(key))
	if err != nil {
		return nil, Info{}, storeError(key, err)
	}
	st, err := file.Stat()
	if err != nil || st.IsDir() {
		file.Close()
		return nil, Info{}, problem.Wrap(problem.NotFound, "problem.not_found", err)
	}
	return file, Info{Key: key, Size: st.Size(), Modified: st.ModTime()}, nil
}

func (f *folder) Delete(_ context.Context, key string) error {
	if err := check(key); err != nil {
		return err
	}
	if err := os.Remove(f.path(key)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return storeError(key, err)
	}
	return nil
}

func (f *folder) List(ctx context.Context, prefix string, fn func(Info) error) error {
	return filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return nil // taken away while we walked
			}
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		rel, err := filepath.Rel(f.dir, path)
		if err != nil {
			return err
		}
		key := filepath.ToSlash(rel)
		if d.IsDir() {
			// A folder that neither leads to the prefix nor lies below it needn't be read.
			if key != "." && !strings.HasPrefix(key+"/", prefix) && !strings.HasPrefix(prefix, key+"/") {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasPrefix(key, prefix) || strings.HasPrefix(d.Name(), ".") {
			return nil
		}
		st, err := d.Info()
		if err != nil {
			return nil //nolint:nilerr // taken away while we walked
		}
		return fn(Info{Key: key, Size: st.Size(), Modified: st.ModTime()})
	})
}
