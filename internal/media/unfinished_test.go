package media_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/blob"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
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
		s, avifs := working(ctx, t, d, folder, vips)
		avifs(2)
		for _, p := range []media.Picture{a, b} {
			p, err := s.ByID(ctx, d.Read(), p.ID)
			if err != nil || p.State != media.Ready || !cmp.Equal(p.Formats, []string{"jpg", "webp", "avif"}) {
				t.Errorf("%+v, %v", p, err)
			}
		}
	})
}
