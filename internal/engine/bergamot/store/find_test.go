package store

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestReadIsBounded: what unpacks to more than any model costs no memory, and what never ends isn't begun.
func TestReadIsBounded(t *testing.T) {
	var member bytes.Buffer
	z := gzip.NewWriter(&member)
	if _, err := z.Write(make([]byte, 4<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	bomb := filepath.Join(t.TempDir(), "model.enuk.intgemm.alphas.bin.gz")
	if err := os.WriteFile(bomb, bytes.Repeat(member.Bytes(), maxFile/(4<<20)+1), 0o600); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, err := read(bomb)
	runtime.ReadMemStats(&after)
	if err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("a bomb: %v", err)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > 16<<20 {
		t.Errorf("a bomb took %d bytes of memory", took)
	}

	endless := filepath.Join(t.TempDir(), "model.enuk.intgemm.alphas.bin")
	if err := os.Symlink(t.TempDir(), endless); err != nil {
		t.Fatal(err)
	}
	if _, _, err := read(endless); err == nil || !strings.Contains(err.Error(), "is no file") {
		t.Errorf("no file: %v", err)
	}
}
