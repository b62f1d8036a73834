//go:build !unix

package store

// lock does nothing where the system has no such locks.
func lock(string) (unlock func(), err error) { return func() {}, nil }

// syncDir does nothing where folders can't be synced.
func syncDir(string) error { return nil }
