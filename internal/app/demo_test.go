package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"depesche/internal/config"
)

// TestKeptDemoIsWholeOrNotThere ends the loading half way, then lets it finish, then opens it again.
func TestKeptDemoIsWholeOrNotThere(t *testing.T) {
	cfg := config.Default(t.TempDir())
	ctx, stop := context.WithCancel(context.Background())
	_, err := NewDemo(ctx, cfg, quiet(), true, func(done, total int) {
		if done == total/3 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("ended with %v", err)
	}
	if list, err := os.ReadDir(cfg.Data); err != nil || len(list) > 0 {
		t.Fatalf("left behind: %v, %v", list, err)
	}
	steps := 0
	for range 2 {
		a, err := NewDemo(context.Background(), cfg, quiet(), true, func(int, int) { steps++ })
		if err != nil {
			t.Fatal(err)
		}
		if status, _ := fetched(t, a.Handler(), "/de/42/"); status >= 500 {
			t.Errorf("answers %d", status)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if steps == 0 || steps > 400 {
		t.Errorf("%d acts were told: the second start should find the first one's", steps)
	}
	if _, err := os.Stat(filepath.Join(cfg.Data, ".demo")); !os.IsNotExist(err) {
		t.Error("the folder aside is left")
	}
}
