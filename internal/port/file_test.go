package port_test

import (
	"archive/zip"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"depesche/internal/db/dbtest"
	"depesche/internal/port"
)

// TestFiles takes in an archive of exports, as WordPress.com hands them out.
func TestFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "export.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, src := range map[string]string{"a/one.xml": export(t, post("1", "Eins", "x", isOut)), "a/two.xml": export(t, post("2", "Zwei", "y", isOut)), "a/readme.txt": oldPaper, "__MACOSX/._one.xml": oldPaper} {
		b, err := os.ReadFile(src)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	f.Close()
	rep := take(t, paper(t, dbtest.OpenClock(t, steady), "de"), port.Options{}, path)
	if len(rep.Files) != 2 || rep.Stories.New != 2 {
		t.Errorf("%+v", rep)
	}
	if b, err := json.Marshal(rep); err != nil || !json.Valid(b) {
		t.Errorf("%s, %v", b, err)
	}
	empty := filepath.Join(t.TempDir(), "empty.zip")
	if err := os.WriteFile(empty, []byte("PK\x03\x04broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{"a folder": t.TempDir(), "missing": "nowhere.xml", "a broken archive": empty} {
		if _, err := port.Files(path); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}
