package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
	"time"

	"depesche/internal/id"
	"depesche/internal/problem"
)

// unfinished holds files that are being written. No key can name it.
const unfinished = ".unfinished"

// folder keeps files below one directory and, by os.Root, can't be led out of it.
type folder struct{ root *os.Root }

// Folder returns a store that keeps its files below dir, which it creates. What a crash left
// half-written there is removed after a day.
func Folder(dir string) (Store, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("open file store: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open file store: %w", err)
	}
	f := &folder{root}
	if err := f.prepare(time.Now().Add(-24 * time.Hour)); err != nil {
		_ = root.Close() // the first error is the one to tell
		return nil, fmt.Errorf("open file store %s: %w", dir, err)
	}
	return f, nil
}

func (f *folder) prepare(old time.Time) error {
	if err := f.root.Mkdir(unfinished, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	left, err := fs.ReadDir(f.root.FS(), unfinished)
	if err != nil {
		return err
	}
	for _, e := range left {
		if info, err := e.Info(); err == nil && info.ModTime().Before(old) {
			if err := f.root.Remove(path.Join(unfinished, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

func (f *folder) Put(ctx context.Context, key string, r io.Reader) error {
	if err := checkKey(key); err != nil {
		return fmt.Errorf("store file %q: %w", key, err)
	}
	if err := f.put(ctx, key, r); err != nil {
		return fmt.Errorf("store file %s: %w", key, fault(err))
	}
	return nil
}

// put writes beside, syncs, renames and syncs the directory: a rename is atomic, and lasting only
// after the last of them.
func (f *folder) put(ctx context.Context, key string, r io.Reader) error {
	tmp := path.Join(unfinished, id.New(time.Now()))
	if err := f.write(tmp, reader{ctx, r}); err != nil {
		_ = f.root.Remove(tmp) // else it goes after a day
		return err
	}
	if err := f.place(tmp, key); err != nil {
		_ = f.root.Remove(tmp) // else it goes after a day
		return err
	}
	return nil
}

func (f *folder) write(name string, r io.Reader) error {
	w, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	if err == nil {
		err = w.Sync()
	}
	if cerr := w.Close(); err == nil {
		err = cerr
	}
	return err
}

func (f *folder) place(tmp, key string) error {
	for {
		err := f.mkdirs(path.Dir(key))
		if err == nil {
			err = f.root.Rename(tmp, key)
		}
		if err == nil {
			return f.sync(path.Dir(key))
		}
		// Delete may have removed a directory, empty until now, in between: once more.
		if _, serr := f.root.Stat(tmp); !errors.Is(err, fs.ErrNotExist) || serr != nil {
			return err
		}
	}
}

// mkdirs creates dir and makes its being there lasting.
func (f *folder) mkdirs(dir string) error {
	if dir == "." {
		return nil
	}
	if _, err := f.root.Stat(dir); err == nil {
		return nil
	}
	parent := path.Dir(dir)
	if err := f.mkdirs(parent); err != nil {
		return err
	}
	if err := f.root.Mkdir(dir, 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return f.sync(parent)
}

func (f *folder) sync(dir string) error {
	d, err := f.root.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // deleted meanwhile, with what was in it
	}
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

func (f *folder) Open(_ context.Context, key string) (io.ReadSeekCloser, Info, error) {
	if err := checkKey(key); err != nil {
		return nil, Info{}, err
	}
	file, err := f.root.Open(key)
	if err != nil {
		return nil, Info{}, fmt.Errorf("open file %s: %w", key, fault(err))
	}
	st, err := file.Stat()
	if err == nil && st.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		file.Close()
		return nil, Info{}, fmt.Errorf("open file %s: %w", key, fault(err))
	}
	return file, Info{Key: key, Size: st.Size(), Modified: st.ModTime()}, nil
}

func (f *folder) Delete(_ context.Context, key string) error {
	if !ValidKey(key) {
		return nil
	}
	switch err := f.remove(key); {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return nil
	case err != nil:
		return fmt.Errorf("delete file %s: %w", key, fault(err))
	}
	// Empty directories go too; one that isn't empty refuses.
	dir := path.Dir(key)
	for dir != "." && f.root.Remove(dir) == nil {
		dir = path.Dir(dir)
	}
	return nil
}

func (f *folder) remove(key string) error {
	st, err := f.root.Lstat(key)
	if err != nil {
		return err
	}
	if st.IsDir() {
		return fs.ErrNotExist
	}
	return f.root.Remove(key)
}

func (f *folder) List(ctx context.Context, prefix string, fn func(Info) error) error {
	start := "."
	if i := strings.LastIndexByte(prefix, '/'); i > 0 && ValidKey(prefix[:i]) {
		start = prefix[:i]
	}
	err := fs.WalkDir(f.root.FS(), start, func(name string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // deleted meanwhile, or never there
			return nil
		case err != nil:
			return err
		case e.IsDir() && e.Name() == unfinished:
			return fs.SkipDir
		case e.IsDir() || !strings.HasPrefix(name, prefix) || !ValidKey(name):
			return ctx.Err()
		}
		st, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		return fn(Info{Key: name, Size: st.Size(), Modified: st.ModTime()})
	})
	if err != nil {
		return fmt.Errorf("list files %s: %w", prefix, err)
	}
	return nil
}

// reader ends when its context does: a copy of a large upload shouldn't outlive it.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// fault gives errors of the file system their kind.
func fault(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return problem.Wrap(problem.NotFound, "problem.not_found", err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return problem.Wrap(problem.Unavailable, "problem.disk_full", err)
	case errors.Is(err, syscall.EIO), errors.Is(err, syscall.EROFS):
		return problem.Wrap(problem.Unavailable, "problem.disk_fault", err)
	}
	return err
}
