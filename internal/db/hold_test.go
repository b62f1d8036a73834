package db

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestSweepHolds(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a [b] *")
	d, err := Open(t.Context(), Options{Dir: dir, Loose: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	held, err := d.Hold(t.Context(), "x-living")
	if err != nil || held == nil {
		t.Fatal(held, err)
	}
	defer held.Release()
	for _, name := range []string{"x-dead", "x-young", "other-dead"} {
		if err := os.WriteFile(d.path+"."+name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old := time.Now().Add(-time.Hour)
	for _, name := range []string{"x-living", "x-dead", "other-dead"} {
		if err := os.Chtimes(d.path+"."+name, old, old); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.SweepHolds("x-"); err != nil {
		t.Fatal(err)
	}
	for name, there := range map[string]bool{"x-living": true, "x-dead": false, "x-young": true, "other-dead": true} {
		if _, err := os.Stat(d.path + "." + name); (err == nil) != there {
			t.Errorf("%s: there %t, %v", name, err == nil, err)
		}
	}
}
