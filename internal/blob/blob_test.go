package blob

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"depesche/internal/problem"
)

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	s, err := Folder(filepath.Join(dir, "files"))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	for key, text := range map[string]string{"media/a/original": "one", "media/b/320.jpg": "two", "other/c": "three"} {
		if err := s.Put(ctx, key, strings.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Put(ctx, "media/a/original", strings.NewReader("once more")); err != nil {
		t.Fatal(err)
	}
	r, info, err := s.Open(ctx, "media/a/original")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, _ := io.ReadAll(r); string(b) != "once more" || info.Size != 9 {
		t.Errorf("%q, %d bytes", b, info.Size)
	}
	var keys []string
	if err := s.List(ctx, "media/", func(i Info) error { keys = append(keys, i.Key); return nil }); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(keys, []string{"media/a/original", "media/b/320.jpg"}) {
		t.Errorf("listed %v", keys)
	}
	if err := s.Delete(ctx, "media/a/original"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Open(ctx, "media/a/original"); !problem.Is(err, problem.NotFound) {
		t.Errorf("deleted, yet %v", err)
	}
	if err := s.Delete(ctx, "media/a/original"); err != nil {
		t.Errorf("deleting twice: %v", err)
	}
}

func TestPutKeepsTheOldFileWhenTheNewOneBreaks(t *testing.T) {
	dir := t.TempDir()
	s, _ := Folder(dir)
	ctx := context.Background()
	if err := s.Put(ctx, "a/b", strings.NewReader("whole")); err != nil {
		t.Fatal(err)
	}
	broken := io.MultiReader(strings.NewReader("ha"), errReader{})
	if err := s.Put(ctx, "a/b", broken); err == nil {
		t.Fatal("half a file was taken")
	}
	r, _, err := s.Open(ctx, "a/b")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, _ := io.ReadAll(r); string(b) != "whole" {
		t.Errorf("got %q", b)
	}
	left, _ := os.ReadDir(filepath.Join(dir, "a"))
	if len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}

type errReader struct{}

func (errReader) Read([]byte) (int, error) { return 0, errors.New("line is cut") }

func TestKeysStayInTheFolder(t *testing.T) {
	s, _ := Folder(t.TempDir())
	for _, key := range []string{"", "/etc/passwd", "../x", "a/../../x", "a//b", "a/.hidden", ".tmp-1", "a\\b", "ä", strings.Repeat("x", 251), "a\x00b"} {
		if err := s.Put(context.Background(), key, strings.NewReader("x")); err == nil {
			t.Errorf("%q was taken", key)
		}
		if _, _, err := s.Open(context.Background(), key); !problem.Is(err, problem.NotFound) {
			t.Errorf("%q: %v", key, err)
		}
	}
}
