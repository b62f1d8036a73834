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

	"depesche/internal/db"
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

// Older returns a backup as a Depesche whose schema was older would have written it: with change
// made to each part of a table, lines of JSON, the first naming the columns.
func Older(t *testing.T, archive []byte, schema int64, change func(table string, columns []string, row []any) ([]string, []any)) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	b := &backup{tar: tar.NewWriter(z), digest: sha256.New()}
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
			raw = older(t, table, raw, change)
		case name == backupManifest:
			if err := json.Unmarshal(raw, &b.manifest); err != nil {
				t.Fatal(err)
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

func older(t *testing.T, table string, raw []byte, change func(string, []string, []any) ([]string, []any)) []byte {
	t.Helper()
	lines := bytes.Split(bytes.TrimSpace(raw), []byte("\n"))
	var head columns
	if err := json.Unmarshal(lines[0], &head); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]db.ColumnKind{}
	for i, c := range head.Columns {
		kinds[c] = head.Kinds[i]
	}
	names, _ := change(table, head.Columns, nil)
	then := columns{Columns: names}
	for _, n := range names {
		then.Kinds = append(then.Kinds, kinds[n])
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.Encode(then)
	for _, line := range lines[1:] {
		var row []any
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		_, row = change(table, head.Columns, row)
		enc.Encode(row)
	}
	return out.Bytes()
}
