package blob_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/blob"
	"depesche/internal/problem"
)

func folder(t *testing.T) (blob.Store, string) {
	t.Helper()
	dir := t.TempDir()
	s, err := blob.Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func read(t *testing.T, s blob.Store, key string) string {
	t.Helper()
	f, info, err := s.Open(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil || info.Size != int64(len(b)) || info.Key != key {
		t.Fatalf("%v %+v", err, info)
	}
	return string(b)
}

func list(t *testing.T, s blob.Store, prefix string) []string {
	t.Helper()
	keys := []string{}
	if err := s.List(t.Context(), prefix, func(i blob.Info) error { keys = append(keys, i.Key); return nil }); err != nil {
		t.Fatal(err)
	}
	slices.Sort(keys)
	return keys
}

func TestFolder(t *testing.T) {
	s, _ := folder(t)
	ctx := t.Context()
	for _, key := range []string{"media/a/1.jpg", "media/a/2.jpg", "media/ab/1.jpg", "top"} {
		if err := s.Put(ctx, key, strings.NewReader("first "+key)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Put(ctx, "media/a/1.jpg", strings.NewReader("second")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, s, "media/a/1.jpg"); got != "second" {
		t.Errorf("after overwriting: %q", got)
	}
	for prefix, want := range map[string][]string{
		"":         {"media/a/1.jpg", "media/a/2.jpg", "media/ab/1.jpg", "top"},
		"media/a":  {"media/a/1.jpg", "media/a/2.jpg", "media/ab/1.jpg"},
		"media/a/": {"media/a/1.jpg", "media/a/2.jpg"},
		"nothing/": {},
		"../":      {},
	} {
		if d := cmp.Diff(want, list(t, s, prefix)); d != "" {
			t.Errorf("list %q: %s", prefix, d)
		}
	}
	for range 2 { // deleting twice is fine
		if err := s.Delete(ctx, "media/a/1.jpg"); err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"media/a/1.jpg", "media/a", "media/a/2.jpg/x"} {
		if _, _, err := s.Open(ctx, key); !problem.Is(err, problem.NotFound) {
			t.Errorf("open %s: %v", key, err)
		}
	}
}

func TestKeys(t *testing.T) {
	s, _ := folder(t)
	for key, want := range map[string]bool{
		"a": true, "b/b.c": true, "A-z_0.9": true,
		"": false, "/a": false, "a/": false, "a//b": false, "../a": false, "a/../b": false, ".unfinished/x": false,
		"a/.b": false, "a b": false, "ä": false, "a\x00": false, `a\b`: false, strings.Repeat("a", 201): false,
		strings.Repeat("a/", 300) + "a": false,
	} {
		if blob.ValidKey(key) != want {
			t.Errorf("ValidKey(%q) isn't %v", key, want)
		}
		if err := s.Put(t.Context(), key, strings.NewReader("")); (err == nil) != want {
			t.Errorf("Put(%q): %v", key, err)
		}
	}
}

func TestFailedPutLeavesTheOldFile(t *testing.T) {
	s, dir := folder(t)
	ctx := t.Context()
	if err := s.Put(ctx, "a/b", strings.NewReader("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the line broke")
	if err := s.Put(ctx, "a/b", io.MultiReader(strings.NewReader("new"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.Put(gone, "a/b", strings.NewReader("new")); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if got := read(t, s, "a/b"); got != "old" {
		t.Errorf("it holds %q", got)
	}
	left, err := os.ReadDir(filepath.Join(dir, ".unfinished"))
	if err != nil || len(left) != 0 {
		t.Errorf("left over: %v %v", left, err)
	}
}

func TestFolderRemovesOldRemains(t *testing.T) {
	_, dir := folder(t)
	old, young := filepath.Join(dir, ".unfinished", "old"), filepath.Join(dir, ".unfinished", "young")
	for _, name := range []string{old, young} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(old, past, past); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.Folder(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(old); !os.IsNotExist(err) {
		t.Errorf("the old one is there: %v", err)
	}
	if _, err := os.Stat(young); err != nil {
		t.Error(err)
	}
}

func TestSymlinkLeadsNowhere(t *testing.T) {
	s, dir := folder(t)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if f, _, err := s.Open(t.Context(), "link"); err == nil {
		f.Close()
		t.Error("a link led out of the folder")
	}
}

// Put creates directories that Delete removes when they are empty.
func TestPutAndDeleteAtOnce(t *testing.T) {
	s, _ := folder(t)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 50 {
				key := fmt.Sprintf("deep/er/%d-%d", w, i)
				if err := s.Put(t.Context(), key, strings.NewReader(key)); err != nil {
					t.Error(err)
					return
				}
				if err := s.Delete(t.Context(), key); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if left := list(t, s, ""); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}
