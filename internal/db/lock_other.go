//go:build !unix

package db

import (
	"errors"
	"io/fs"
	"os"
)

// lockFile does nothing where there is no flock: two processes that create the same new file at
// the same instant end with an error in one of them, and nothing is lost.
func lockFile(string) (unlock func(), err error) { return func() {}, nil }

// tryLockFile takes the lock on path if there is no such file, else returns nil: what a process
// that died held is held until the file is removed by hand.
func tryLockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, nil
	}
	return f, err
}
