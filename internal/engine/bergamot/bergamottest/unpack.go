package bergamottest

import (
	"archive/tar"
	"compress/gzip"
	"fmt"
	"io"
	"os"
)

// unpack returns one file of an archive.
func unpack(archive, name string) ([]byte, error) {
	f, err := os.Open(archive)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	t := tar.NewReader(z)
	for {
		h, err := t.Next()
		if err != nil {
			return nil, fmt.Errorf("%s in %s: %w", name, archive, err)
		}
		if h.Name == name {
			return io.ReadAll(io.LimitReader(t, 64<<20))
		}
	}
}
