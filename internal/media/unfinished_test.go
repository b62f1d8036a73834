package media_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/blob"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/jobs"
	"depesche/internal/media"
)

// Pictures whose jobs are gone are finished: one that was being rendered, one without its AVIF.
func TestUnfinishedIsFinished(t *testing.T) {
	vips := filepath.Join(t.TempDir(), "vipsthumbnail")
	if err := os.WriteFile(vips, []byte("#!/bin/sh\nout=${5%%[*}\ncp \"$1\" \"$out\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		folder, err := blob.Folder(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		poor, err := media.New(d, folder, media.Options{CacheDir: cache(), VIPS: "-"})
		if err != nil {
			t.Fatal(err)
		}
		defer poor.Close(ctx)
		a, b := upload(t, poor, photo(t, 400, 300, 21)), upload(t, poor, photo(t, 400, 300, 22))
		if err := poor.Finish(ctx, b.ID); err != nil {
			t.Fatal(err)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM river_job`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		files := watched{folder, make(chan string, 100)}
		s, err := media.New(d, files, media.Options{CacheDir: cache(), VIPS: vips})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close(ctx)
		runner, err := jobs.New(d, slog.New(slog.DiscardHandler))
		if err != nil {
			t.Fatal(err)
		}
		s.Work(runner)
		if err := runner.Start(ctx); err != nil {
			t.Fatal(err)
		}
		for n := 0; n < 2; {
			select {
			case key := <-files.stored:
				if strings.HasSuffix(key, "320.avif") {
					n++
				}
			case <-ctx.Done():
				t.Fatal("not finished within a minute")
			}
		}
		if err := runner.Stop(ctx); err != nil { // waits for the jobs' last writes
			t.Fatal(err)
		}
		for _, p := range []media.Picture{a, b} {
			p, err := s.ByID(ctx, d.Read(), p.ID)
			if err != nil || p.State != media.Ready || !cmp.Equal(p.Formats, []string{"jpg", "webp", "avif"}) {
				t.Errorf("%+v, %v", p, err)
			}
		}
	})
}
