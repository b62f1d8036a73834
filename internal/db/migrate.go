package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Migrations returns what the engine runs: 0001_x.sql for both, 0002_y.sqlite.sql or
// 0002_y.postgres.sql for one.
func Migrations(engine string) fs.FS {
	sub, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the folder is in the binary
	}
	other := Postgres
	if engine == Postgres {
		other = SQLite
	}
	return without{sub, "." + other + ".sql"}
}

// without hides the files that end on suffix.
type without struct {
	fs.FS
	suffix string
}

func (w without) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(w.FS, name)
	var out []fs.DirEntry
	for _, e := range all {
		if !strings.HasSuffix(e.Name(), w.suffix) {
			out = append(out, e)
		}
	}
	return out, err
}

// migrate holds a lock that all nodes respect, since two would create the same table.
func (d *DB) migrate(ctx context.Context) error {
	unlock, err := d.lockMigration(ctx)
	if err != nil {
		return fmt.Errorf("lock the migration: %w", err)
	}
	defer unlock()
	if err := d.migrateOurs(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if d.engine == Postgres {
		if err := d.pinCollation(ctx); err != nil {
			return fmt.Errorf("set the collation of text to C: %w", err)
		}
		err = migrateQueue(ctx, d, riverpgxv5.New(d.pool))
	} else {
		err = migrateQueue(ctx, d, riversqlite.New(d.write))
	}
	if err != nil {
		return fmt.Errorf("migrate the job queue: %w", err)
	}
	return nil
}

func (d *DB) migrateOurs(ctx context.Context) error {
	dialect := goose.DialectSQLite3
	if d.engine == Postgres {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, d.write, Migrations(d.engine),
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(d.log))
	if err != nil {
		return err
	}
	have, newest, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > newest {
		return tooNew(have, newest)
	}
	if have == newest {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return err
	}
	d.log.InfoContext(ctx, "database migrated", "from", have, "to", newest)
	return nil
}

// migrateQueue runs River's own migrations: they come with the library's version.
func migrateQueue[TTx any](ctx context.Context, d *DB, driver riverdriver.Driver[TTx]) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{})
	if err != nil {
		return err
	}
	all := m.AllVersions()
	newest := all[len(all)-1].Version
	existing, err := m.ExistingVersions(ctx)
	if err != nil {
		// It fails on versions that it doesn't know, without a word that would help an operator.
		var have int
		row := d.write.QueryRowContext(ctx, "SELECT max(version) FROM river_migration WHERE line = 'main'")
		if row.Scan(&have) == nil && have > newest {
			return tooNew(int64(have), int64(newest))
		}
		return err
	}
	if len(existing) == len(all) {
		return nil
	}
	_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}

func tooNew(have, newest int64) error {
	return fmt.Errorf("the database was migrated to version %d by a newer Depesche, this one knows version %d: "+
		"start the newer one again, or restore a backup from before the upgrade", have, newest)
}

// migrationLock is the advisory lock's number: "depesche" in ASCII, so that it meets no other
// program's by chance.
const migrationLock = 0x6465706573636865

func (d *DB) lockMigration(ctx context.Context) (unlock func(), err error) {
	if d.engine == SQLite {
		return lockFile(d.path + ".lock")
	}
	conn, err := d.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		conn.Release()
		return nil, err
	}
	return func() {
		// Closing the connection would end the lock too; so a failure here needs no other care.
		if _, err := conn.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock)); err != nil {
			_ = conn.Conn().Close(context.WithoutCancel(ctx))
		}
		conn.Release()
	}, nil
}
