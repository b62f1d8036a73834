// Package dbtest gives each test its own migrated database, on each engine that is there.
package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/id"
)

// Env names the variable with the address of a PostgreSQL server on which tests may create
// databases. Without it only SQLite is tested.
const Env = "DEPESCHE_TEST_POSTGRES"

// Each runs fn on SQLite and, where there is a server, on PostgreSQL. Each gets a new migrated
// database.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachClock(t, nil, fn)
}

// EachClock is [Each] with a clock; nil is the system's.
func EachClock(t *testing.T, c clock.Clock, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run(db.SQLite, func(t *testing.T) { fn(t, open(t, SQLite(t), c)) })
	if os.Getenv(Env) == "" {
		return
	}
	t.Run(db.Postgres, func(t *testing.T) { fn(t, open(t, Postgres(t), c)) })
}

// EachEngine is for tests that need several databases on each engine: open makes one.
func EachEngine(t *testing.T, fn func(t *testing.T, open func(clock.Clock) *db.DB)) {
	t.Helper()
	t.Run(db.SQLite, func(t *testing.T) { fn(t, func(c clock.Clock) *db.DB { return open(t, SQLite(t), c) }) })
	if os.Getenv(Env) == "" {
		return
	}
	t.Run(db.Postgres, func(t *testing.T) { fn(t, func(c clock.Clock) *db.DB { return open(t, Postgres(t), c) }) })
}

// Open returns a new migrated SQLite database, for tests that aren't about the database.
func Open(t testing.TB) *db.DB {
	t.Helper()
	return open(t, SQLite(t), nil)
}

// OpenClock is [Open] with a clock.
func OpenClock(t testing.TB, c clock.Clock) *db.DB {
	t.Helper()
	return open(t, SQLite(t), c)
}

// OpenAt opens a database that is there, for tests of several nodes.
func OpenAt(t testing.TB, o db.Options) *db.DB {
	t.Helper()
	return open(t, o, o.Clock)
}

func open(t testing.TB, o db.Options, c clock.Clock) *db.DB {
	t.Helper()
	o.Clock = c
	d, err := db.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// template is a migrated SQLite file, made once per process.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "depesche-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	d, err := db.Open(context.Background(), db.Options{Dir: dir, Loose: true})
	if err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, "depesche.db"))
})

// SQLite returns the options of a new migrated SQLite database, for tests that open it themselves.
func SQLite(t testing.TB) db.Options {
	t.Helper()
	b, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "depesche.db"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return db.Options{Dir: dir, Loose: true}
}

// Postgres returns the options of a new migrated database on the server, which is dropped after
// the test. It skips the test where there is no server.
func Postgres(t testing.TB) db.Options {
	t.Helper()
	if os.Getenv(Env) == "" {
		t.Skip("needs " + Env)
	}
	tpl, err := postgresTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return create(t, "TEMPLATE "+tpl)
}

// EmptyPostgres returns the options of a new database without tables, created with the clauses
// of CREATE DATABASE that with says.
func EmptyPostgres(t testing.TB, with string) db.Options {
	t.Helper()
	if os.Getenv(Env) == "" {
		t.Skip("needs " + Env)
	}
	return create(t, with)
}

func create(t testing.TB, with string) db.Options {
	t.Helper()
	name := "t_" + id.New(time.Now())
	if err := admin(func(ctx context.Context, c *pgx.Conn) error {
		_, err := c.Exec(ctx, "CREATE DATABASE "+name+" "+with)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := admin(func(ctx context.Context, c *pgx.Conn) error {
			_, err := c.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
			return err
		}); err != nil {
			t.Error(err)
		}
	})
	u, err := address(name)
	if err != nil {
		t.Fatal(err)
	}
	return db.Options{URL: u, Loose: true}
}

// postgresTemplate makes, once per server and schema, a migrated database to clone. Test
// processes that start together make it one after the other.
var postgresTemplate = sync.OnceValues(func() (string, error) {
	name, err := templateName()
	if err != nil {
		return "", err
	}
	err = admin(func(ctx context.Context, c *pgx.Conn) error {
		if _, err := c.Exec(ctx, "SELECT pg_advisory_lock(7236)"); err != nil {
			return err
		}
		var there bool
		if err := c.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there); err != nil || there {
			return err
		}
		raw := name + "_raw"
		for _, s := range []string{
			"DROP DATABASE IF EXISTS " + raw,
			"CREATE DATABASE " + raw,
		} {
			if _, err := c.Exec(ctx, s); err != nil {
				return err
			}
		}
		u, err := address(raw)
		if err != nil {
			return err
		}
		d, err := db.Open(ctx, db.Options{URL: u, Loose: true})
		if err != nil {
			return err
		}
		if err := d.Close(); err != nil {
			return err
		}
		_, err = c.Exec(ctx, "ALTER DATABASE "+raw+" RENAME TO "+name)
		return err
	})
	return name, err
})

// templateName changes with the migrations, so that a server that stays may be used for long.
func templateName() (string, error) {
	h := sha256.New()
	files := db.Migrations(db.Postgres)
	err := fs.WalkDir(files, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(b), b)
		return err
	})
	return "depesche_template_" + hex.EncodeToString(h.Sum(nil)[:6]), err
}

func admin(fn func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	u, err := address("postgres")
	if err != nil {
		return err
	}
	c, err := pgx.Connect(ctx, u)
	if err != nil {
		return err
	}
	defer c.Close(ctx) //nolint:errcheck // the work is done by then
	return fn(ctx, c)
}

// address returns the server's address with another database.
func address(name string) (string, error) {
	u, err := url.Parse(os.Getenv(Env))
	if err != nil {
		return "", err
	}
	if !strings.HasPrefix(u.Scheme, "postgres") {
		return "", errors.New(Env + " is not an address that begins with postgres://")
	}
	u.Path = "/" + name
	return u.String(), nil
}
