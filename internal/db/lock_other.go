//go:build !unix

package db

// lockFile does nothing where there is no flock: two processes that create the same new file at
// the same instant end with an error in one of them, and nothing is lost.
func lockFile(string) (unlock func(), err error) { return func() {}, nil }
