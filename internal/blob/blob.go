// Package blob keeps files under keys: a folder by default.
package blob

import (
	"context"
	"io"
	"strings"
	"time"

	"depesche/internal/problem"
)

// Store keeps files. A key is a path of small parts: media/01jd…/1200.webp.
type Store interface {
	// Put stores what r gives under key, in place of what was there. Readers see the old file or
	// the whole new one, also after a power cut; when Put returns nil it is on the disk.
	Put(ctx context.Context, key string, r io.Reader) error
	// Open returns the file, or problem.NotFound.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, Info, error)
	// Delete removes the file. None there is fine.
	Delete(ctx context.Context, key string) error
	// List calls fn for each file whose key begins with prefix, in no particular order, until fn
	// returns an error.
	List(ctx context.Context, prefix string, fn func(Info) error) error
}

// Info describes a file.
type Info struct {
	Key      string
	Size     int64
	Modified time.Time
}

const maxKey = 512

// ValidKey reports whether a file may be stored under key: parts of a-z, A-Z, 0-9, '-', '_' and '.'
// between single slashes, none beginning with a dot.
func ValidKey(key string) bool {
	if key == "" || len(key) > maxKey {
		return false
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part[0] == '.' || len(part) > 200 || strings.ContainsFunc(part, notInKey) {
			return false
		}
	}
	return true
}

func notInKey(c rune) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '.':
		return false
	}
	return true
}

func checkKey(key string) error {
	if !ValidKey(key) {
		// Strangers type keys into addresses: for them there is no such file.
		return problem.New(problem.NotFound, "problem.not_found")
	}
	return nil
}
