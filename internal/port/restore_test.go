package port_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/pressly/goose/v3"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/lang"
	"depesche/internal/port"
	"depesche/internal/story"
	"depesche/internal/topic"
)

// TestRestoreOfAnOlderSchema brings back a backup from before pictures and topics had words to be
// searched by.
func TestRestoreOfAnOlderSchema(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, from *db.DB) {
		files := folder(t)
		r := furnished(t, from, files)
		if _, err := r.Topics.Save(t.Context(), port.Importer, topic.Topic{Kind: topic.Subject, Active: true, Names: map[lang.Tag]topic.Name{"de": {Name: "NATO", Slug: "nato"}}}); err != nil {
			t.Fatal(err)
		}
		var archive bytes.Buffer
		if _, err := port.Backup(t.Context(), from, files, &archive, nil); err != nil {
			t.Fatal(err)
		}
		then := port.Older(t, archive.Bytes(), 8, columnsAt(t, 8))
		dbtest.Each(t, func(t *testing.T, to *db.DB) {
			if _, err := port.Restore(t.Context(), to, folder(t), bytes.NewReader(then), nil); err != nil {
				t.Fatal(err)
			}
			list, err := topic.New(to, nil).All(t.Context(), to.Read())
			if err != nil || len(list) != 1 || list[0].Names["de"].Name != "NATO" {
				t.Errorf("topics %v, %v", list, err)
			}
			a, _ := from.SchemaVersion(t.Context(), from.Read())
			b, err := to.SchemaVersion(t.Context(), to.Read())
			if err != nil || a != b {
				t.Errorf("schema %d, want %d; %v", b, a, err)
			}
		})
		newer := port.Older(t, archive.Bytes(), 9999, func(string, string) bool { return true })
		if _, err := port.Restore(t.Context(), dbtest.Open(t), folder(t), bytes.NewReader(newer), nil); !errors.Is(err, port.ErrNewer) {
			t.Errorf("of a newer Depesche: %v", err)
		}
	})
}

// columnsAt asks a database that was migrated so far only which columns it has.
func columnsAt(t *testing.T, version int64) func(table, column string) bool {
	t.Helper()
	d, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "then.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	p, err := goose.NewProvider(goose.DialectSQLite3, d, db.Migrations(db.SQLite), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
	rows, err := d.QueryContext(t.Context(), `SELECT m.name || '.' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`)
	list, err := db.Collect(rows, err, func(r *sql.Rows) (s string, err error) { err = r.Scan(&s); return s, err })
	if err != nil {
		t.Fatal(err)
	}
	return func(table, column string) bool { return slices.Contains(list, table+"."+column) }
}

// TestBackupWhileOthersWrite takes backups while stories are written; each is whole in itself.
func TestBackupWhileOthersWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		files := folder(t)
		r := furnished(t, d, files)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var writers sync.WaitGroup
		for w := range 2 {
			writers.Go(func() {
				who := actor.Actor{ID: "c", Name: "Chefin", Role: string(actor.Chief)}
				for n := 0; ctx.Err() == nil; n++ {
					if _, err := r.Editions.Begin(ctx, who, story.NewStory{Kind: story.News, OriginalLang: "de"}, fmt.Sprint("Titel ", w, n)); err != nil && ctx.Err() == nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for range 2 { // the paper grows as long as a backup takes
			var archive bytes.Buffer
			kept, err := port.Backup(t.Context(), d, files, &archive, nil)
			if err != nil {
				t.Fatal(err)
			}
			// Restoring refuses what doesn't fit together.
			to := dbtest.Open(t)
			back, err := port.Restore(t.Context(), to, folder(t), bytes.NewReader(archive.Bytes()), nil)
			if err != nil || back != kept {
				t.Fatalf("%+v of %+v, %v", back, kept, err)
			}
			var lost int
			if err := to.Read().QueryRowContext(t.Context(), `SELECT COUNT(*) FROM edition e WHERE e.revision <> (SELECT COUNT(*) FROM revision r WHERE r.edition_id = e.id)`).Scan(&lost); err != nil || lost > 0 {
				t.Errorf("%d editions without all of their revisions, %v", lost, err)
			}
		}
		stop()
		writers.Wait()
	})
}
