package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"modernc.org/sqlite"
)

// FileName is SQLite's file in the data folder.
const FileName = "depesche.db"

func (d *DB) openSQLite(ctx context.Context, o Options) error {
	d.engine = SQLite
	if err := os.MkdirAll(o.Dir, 0o750); err != nil {
		return err
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return err
	}
	d.path = filepath.Join(dir, FileName)
	// SQLite would create it readable for all; its log takes over the rights of the file.
	f, err := os.OpenFile(d.path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}

	// FULL, because what was acknowledged must be there after a power cut: WAL alone promises only
	// that the file stays sound.
	sync := "FULL"
	if o.Loose {
		sync = "OFF"
	}
	// A write on a file that another process has locked waits briefly: it is tried again, in turn.
	d.write, err = sqlitePool(sqliteDSN(d.path, 2*time.Second, url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {sync}, "_txlock": {"immediate"},
		"_pragma": {"journal_size_limit(67108864)"},
	}))
	if err != nil {
		return err
	}
	// One writer: the line forms in the pool, which is fair, and not at the file's lock, which isn't.
	d.write.SetMaxOpenConns(1)
	if err := d.write.PingContext(ctx); err != nil { // sets WAL before any reader comes
		return err
	}
	d.read, err = sqlitePool(sqliteDSN(d.path, 5*time.Second, url.Values{"_query_only": {"1"}}))
	if err != nil {
		return err
	}
	n := max(4, 2*runtime.GOMAXPROCS(0))
	d.read.SetMaxOpenConns(n)
	d.read.SetMaxIdleConns(n)
	d.read.SetConnMaxIdleTime(5 * time.Minute)
	return nil
}

func sqlitePool(dsn string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeping{c}), nil
}

func sqliteDSN(path string, busy time.Duration, q url.Values) string {
	q.Set("_busy_timeout", strconv.FormatInt(busy.Milliseconds(), 10))
	q.Set("_foreign_keys", "1")
	q.Set("_dqs", "0") // "text" in double quotes is an error, as on PostgreSQL
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}

// Backup copies the database to the new file path while reads and writes go on. The copy is one
// moment's state. It is for SQLite; PostgreSQL has its own tools.
func (d *DB) Backup(ctx context.Context, path string) error {
	if d.engine != SQLite {
		return fmt.Errorf("backup: a %s database is backed up by its own tools (pg_dump)", d.engine)
	}
	// SQLite would write into what is there.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	f.Close()
	if err := d.backup(ctx, path); err != nil {
		os.Remove(path)
		return fmt.Errorf("backup to %s: %w", path, fault(err))
	}
	return syncFile(path)
}

func (d *DB) backup(ctx context.Context, path string) error {
	conn, err := d.read.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // gives it back to the pool
	return conn.Raw(func(driverConn any) error {
		b, err := driverConn.(interface {
			NewBackup(string) (*sqlite.Backup, error)
		}).NewBackup((&url.URL{Scheme: "file", Path: path}).String())
		if err != nil {
			return err
		}
		// All in one step: the copy reads one snapshot in WAL mode and blocks nobody, while steps
		// would begin anew with every write in between and might never end.
		_, err = b.Step(-1)
		if ferr := b.Finish(); err == nil {
			err = ferr
		}
		return err
	})
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
