package db_test

import (
	"os"
	"testing"

	"depesche/internal/db"
	"depesche/internal/db/dbtest"
)

func BenchmarkWrite(b *testing.B) {
	d := openBench(b)
	ctx := b.Context()
	for b.Loop() {
		if err := d.Write(ctx, func(tx *db.Tx) error { return set(ctx, tx, "key", "value") }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	d := openBench(b)
	ctx := b.Context()
	if err := d.Write(ctx, func(tx *db.Tx) error { return set(ctx, tx, "key", "value") }); err != nil {
		b.Fatal(err)
	}
	b.Run("one", func(b *testing.B) {
		for b.Loop() {
			if _, err := get(ctx, d.Read(), "key"); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("snapshot", func(b *testing.B) {
		for b.Loop() {
			if err := d.Snapshot(ctx, func(q db.Conn) error { _, err := get(ctx, q, "key"); return err }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parallel", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := get(ctx, d.Read(), "key"); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

// openBench waits for the disk, as a real one does.
func openBench(b *testing.B) *db.DB {
	b.Helper()
	o := db.Options{Dir: b.TempDir()}
	if os.Getenv(dbtest.Env) != "" {
		o = dbtest.Postgres(b)
		o.Loose = false
	}
	d, err := db.Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { d.Close() })
	return d
}
