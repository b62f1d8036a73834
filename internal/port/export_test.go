package port

import (
	"context"
	"io"
	"testing"
)

// WalkBackup reads an archive's entries.
func WalkBackup(t *testing.T, r io.ReadSeeker, fn func(name string, body io.Reader)) {
	t.Helper()
	err := walk(context.Background(), r, func(name string, _ int64, body io.Reader) error {
		fn(name, body)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
