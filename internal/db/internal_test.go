package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"depesche/internal/problem"
)

func TestWriteInsideAWriteIsRefused(t *testing.T) {
	d, err := Open(t.Context(), Options{Dir: t.TempDir(), Loose: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	d.patience = 20 * time.Millisecond
	err = d.Write(t.Context(), func(*Tx) error {
		return d.Write(t.Context(), func(*Tx) error { return nil })
	})
	if !problem.Is(err, problem.Unavailable) {
		t.Errorf("got %v", err)
	}
}

// Another process, a tool that someone forgot open, holds the file.
func TestLockedFileIsSaidSoon(t *testing.T) {
	d, err := Open(t.Context(), Options{Dir: t.TempDir(), Loose: true})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	other, err := sql.Open("sqlite", sqliteDSN(d.path, 0, url.Values{"_txlock": {"immediate"}}))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // far above, below the eight attempts of before
	defer cancel()
	err = d.Write(ctx, func(*Tx) error { return nil })
	var p *problem.Error
	if !errors.As(err, &p) || p.Kind != problem.Unavailable || p.Key != keyBusy || ctx.Err() != nil {
		t.Errorf("got %v, %v", err, ctx.Err())
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), func(*Tx) error { return nil }); err != nil {
		t.Errorf("when it is free again: %v", err)
	}
}

// A node that runs on while a newer one migrates.
func TestWriteRunsAgainAfterAMigration(t *testing.T) {
	d, err := Open(t.Context(), testPostgres(t))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	exec := func(query string) {
		t.Helper()
		if _, err := d.pool.Exec(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE TABLE probe (a text)`)
	read := func() error {
		return d.Write(t.Context(), func(tx *Tx) error {
			rows, err := tx.QueryContext(t.Context(), `SELECT * FROM probe`)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
			}
			return rows.Err()
		})
	}
	for range 2 {
		if err := read(); err != nil {
			t.Fatal(err)
		}
	}
	exec(`ALTER TABLE probe ADD COLUMN b text`)
	if err := read(); err != nil {
		t.Errorf("after the migration: %v", err)
	}
}

// testPostgres is a database of its own; dbtest can't be imported here.
func testPostgres(t *testing.T) Options {
	t.Helper()
	address := os.Getenv("DEPESCHE_TEST_POSTGRES")
	if address == "" {
		t.Skip("needs a PostgreSQL server")
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("t_internal_%d", time.Now().UnixNano())
	run := func(query string) {
		c, err := pgx.Connect(context.Background(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close(context.Background())
		if _, err := c.Exec(context.Background(), query); err != nil {
			t.Fatal(err)
		}
	}
	run("CREATE DATABASE " + name)
	t.Cleanup(func() { run("DROP DATABASE " + name + " WITH (FORCE)") })
	u.Path = "/" + name
	return Options{URL: u.String(), Loose: true}
}

func TestClassify(t *testing.T) {
	pg := func(code string) error { return fmt.Errorf("x: %w", &pgconn.PgError{Code: code}) }
	for name, c := range map[string]struct {
		err  error
		kind problem.Kind
		key  string
	}{
		"disk full":         {pg("53100"), problem.Unavailable, keyFull},
		"stand-by":          {pg("25006"), problem.Unavailable, keyReadOnly},
		"shut down":         {pg("57P01"), problem.Unavailable, keyAway},
		"starting":          {pg("57P03"), problem.Unavailable, keyAway},
		"too many":          {pg("53300"), problem.Unavailable, keyAway},
		"connection lost":   {pg("08006"), problem.Unavailable, keyAway},
		"serialization":     {pg("40001"), problem.Unavailable, keyBusy},
		"statement timeout": {pg("57014"), problem.Unavailable, keyBusy},
		"disk fault":        {pg("58030"), problem.Unavailable, keyDisk},
		"exclusion":         {pg("23P01"), problem.Conflict, keyTaken},
		"our own":           {pg("42601"), problem.Internal, ""},
		"no space":          {fmt.Errorf("x: %w", syscall.ENOSPC), problem.Unavailable, keyFull},
		"no right":          {&os.PathError{Op: "open", Path: "x", Err: syscall.EACCES}, problem.Unavailable, keyDisk},
		"refused":           {&net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, problem.Unavailable, keyAway},
		"cut off":           {io.ErrUnexpectedEOF, problem.Unavailable, keyAway},
		"ended":             {fmt.Errorf("x: %w", context.DeadlineExceeded), problem.Internal, ""},
		"with a kind":       {problem.New(problem.Gone, "k"), problem.Gone, "k"},
		"none":              {errors.New("x"), problem.Internal, ""},
	} {
		got := fault(c.err)
		var p *problem.Error
		if errors.As(got, &p); problem.KindOf(got) != c.kind || (p == nil) != (c.key == "") || p != nil && p.Key != c.key {
			t.Errorf("%s: %v", name, got)
		}
	}
	if fault(nil) != nil || One(nil) != nil {
		t.Error("nil became an error")
	}
}
