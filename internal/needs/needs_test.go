package needs_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"depesche/internal/needs"
)

// told notes what a test was told.
type told struct {
	testing.TB
	skipped, failed bool
}

func (t *told) Skip(...any)           { t.skipped = true }
func (t *told) Fatalf(string, ...any) { t.failed = true }
func (t *told) Helper()               {}

func TestProgram(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "press")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	for name, want := range map[string]told{
		"press here":      {},
		"press nowhere":   {},
		"ink somewhere":   {skipped: true},
		"ink presses ink": {failed: true},
	} {
		program, here, _ := strings.Cut(name, " ")
		t.Setenv(needs.Here, here)
		var got told
		needs.Program(&got, program, "presses")
		if got.skipped && !got.failed != want.skipped || got.failed != want.failed {
			t.Errorf("%s: skipped %v, failed %v", name, got.skipped, got.failed)
		}
	}
}
