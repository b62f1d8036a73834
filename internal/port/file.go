package port

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

// File is an export to be read, more than once.
type File struct {
	Name string
	Size int64
	Open func() (io.ReadCloser, error)
}

// Files returns the exports at the paths. A ZIP archive, as WordPress.com hands out, stands for the
// exports in it. Whether they can be read as exports shows later.
func Files(paths ...string) ([]File, error) {
	var out []File
	for _, p := range paths {
		list, err := filesAt(p)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func filesAt(p string) ([]File, error) {
	f, err := os.Open(p)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if st.IsDir() {
		return nil, fmt.Errorf("%s is a folder; name the files in it", p)
	}
	magic := make([]byte, 4)
	if _, err := io.ReadFull(f, magic); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && err != io.EOF {
		return nil, err
	}
	if string(magic) != "PK\x03\x04" {
		return []File{{Name: p, Size: st.Size(), Open: func() (io.ReadCloser, error) { return os.Open(p) }}}, nil
	}
	z, err := zip.NewReader(f, st.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p, err)
	}
	var out []File
	for _, m := range z.File {
		if !strings.EqualFold(path.Ext(m.Name), ".xml") || strings.HasPrefix(path.Base(m.Name), ".") {
			continue
		}
		out = append(out, File{Name: p + ": " + m.Name, Size: int64(m.UncompressedSize64), Open: func() (io.ReadCloser, error) { return openMember(p, m.Name) }})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: there is no XML file in the archive", p)
	}
	return out, nil
}

// zipped is an open file of an archive; closing it closes the archive too.
type zipped struct {
	io.ReadCloser
	archive io.Closer
}

func (m zipped) Close() error { return errors.Join(m.ReadCloser.Close(), m.archive.Close()) }

func openMember(archive, name string) (io.ReadCloser, error) {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return nil, err
	}
	for _, m := range z.File {
		if m.Name == name {
			r, err := m.Open()
			if err != nil {
				return nil, errors.Join(err, z.Close())
			}
			return zipped{r, z}, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s: %s is gone", archive, name), z.Close())
}
