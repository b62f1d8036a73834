package port

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/klauspost/compress/zstd"
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

// Older returns a backup as a Depesche with another schema would have written it, which knew only
// those columns of each table that had says.
func Older(t *testing.T, archive []byte, schema int64, had func(table, column string) bool) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	b := &backup{tar: tar.NewWriter(z), digest: sha256.New()}
	var unknown []string
	WalkBackup(t, bytes.NewReader(archive), func(name string, body io.Reader) {
		raw, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		switch table, isTable := tableOf(name); {
		case name == backupHead:
			var info backupInfo
			if err := json.Unmarshal(raw, &info); err != nil {
				t.Fatal(err)
			}
			info.Schema = schema
			raw, _ = json.Marshal(info)
		case isTable:
			if raw = older(t, table, raw, had); raw == nil {
				unknown = append(unknown, table)
				return
			}
		case name == backupManifest:
			if err := json.Unmarshal(raw, &b.manifest); err != nil {
				t.Fatal(err)
			}
			for _, table := range unknown {
				delete(b.manifest.Tables, table)
			}
			b.manifest.SHA256 = fmt.Sprintf("%x", b.digest.Sum(nil))
			raw, _ = json.Marshal(b.manifest)
		}
		if err := b.entry(name, int64(len(raw)), bytes.NewReader(raw)); err != nil {
			t.Fatal(err)
		}
	})
	if err := errors.Join(b.tar.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func older(t *testing.T, table string, raw []byte, had func(table, column string) bool) []byte {
	t.Helper()
	lines := bytes.Split(bytes.TrimSpace(raw), []byte("\n"))
	var head, then columns
	if err := json.Unmarshal(lines[0], &head); err != nil {
		t.Fatal(err)
	}
	var keep []int
	for i, c := range head.Columns {
		if had(table, c) {
			keep = append(keep, i)
			then.Columns, then.Kinds = append(then.Columns, c), append(then.Kinds, head.Kinds[i])
		}
	}
	if keep == nil {
		return nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.Encode(then)
	for _, line := range lines[1:] {
		var row, was []any
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		for _, i := range keep {
			was = append(was, row[i])
		}
		enc.Encode(was)
	}
	return out.Bytes()
}
