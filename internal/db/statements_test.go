package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"modernc.org/sqlite"
)

// prepared counts the statements of all connections.
type prepared struct {
	driver.Connector
	made, open int
}

func (p *prepared) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return preparing{c.(liteConn), p}, nil
}

type preparing struct {
	liteConn
	count *prepared
}

func (c preparing) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.liteConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.count.made++
	c.count.open++
	return counted{s.(liteStmt), c.count}, nil
}

type counted struct {
	liteStmt
	count *prepared
}

func (s counted) Close() error {
	s.count.open--
	return s.liteStmt.Close()
}

func keptPool(t *testing.T) (*sql.DB, *prepared) {
	t.Helper()
	c, err := sqlite.NewConnector(sqliteDSN(filepath.Join(t.TempDir(), "x.db"), time.Second, url.Values{"_journal_mode": {"WAL"}, "_synchronous": {"OFF"}}))
	if err != nil {
		t.Fatal(err)
	}
	p := &prepared{Connector: c}
	d := sql.OpenDB(keeping{p})
	d.SetMaxOpenConns(1)
	t.Cleanup(func() { d.Close() })
	run(t, d, `CREATE TABLE a (n INTEGER PRIMARY KEY, s TEXT)`)
	return d, p
}

type runner interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func run(t *testing.T, d runner, query string, args ...any) {
	t.Helper()
	if _, err := d.ExecContext(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

func numbers(t *testing.T, d runner, query string, args ...any) []int {
	t.Helper()
	rows, err := d.QueryContext(t.Context(), query, args...)
	out, err := Collect(rows, err, func(r *sql.Rows) (n int, err error) { return n, r.Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestStatementsAreKept(t *testing.T) {
	d, p := keptPool(t)
	const insert, read = `INSERT INTO a (n, s) VALUES ($1, $2)`, `SELECT n FROM a WHERE n > $1 ORDER BY n`
	for i := range 5 {
		run(t, d, insert, i, "x")
	}
	made := p.made
	for i := range 5 {
		run(t, d, insert, 10+i, nil)
		numbers(t, d, read, 11)
	}
	if got := numbers(t, d, read, 2); p.made != made+1 || !slices.Equal(got, []int{3, 4, 10, 11, 12, 13, 14}) {
		t.Errorf("prepared %d statements instead of 1, read %v", p.made-made, got)
	}
	if err := d.Close(); err != nil || p.open != 0 {
		t.Errorf("%d statements outlive their connection, %v", p.open, err)
	}
}

// The same text while its rows are open, as within a loop over rows.
func TestStatementThatRunsIsNotShared(t *testing.T) {
	d, p := keptPool(t)
	run(t, d, `INSERT INTO a (n) VALUES (1), (2), (3)`)
	tx, err := d.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	const read = `SELECT n FROM a WHERE n >= $1 ORDER BY n`
	rows, err := tx.QueryContext(t.Context(), read, 1)
	got, err := Collect(rows, err, func(r *sql.Rows) (sum int, err error) {
		if err := r.Scan(&sum); err != nil {
			return 0, err
		}
		for _, n := range numbers(t, tx, read, sum) {
			sum += 10 * n
		}
		return sum, nil
	})
	if want := []int{61, 52, 33}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, want %v, %v", got, want, err)
	}
	// Rows that are left unread.
	left, err := tx.QueryContext(t.Context(), read, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer left.Close()
	if !left.Next() {
		t.Fatal(left.Err())
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	if left.Next() {
		t.Error("rows outlive their transaction", left.Err())
	}
	if got := numbers(t, d, read, 3); !slices.Equal(got, []int{3}) {
		t.Errorf("got %v after rows left open", got)
	}
	if err := d.Close(); err != nil || p.open != 0 {
		t.Errorf("%d statements are left, %v", p.open, err)
	}
}

func TestKeptStatementsFollowTheSchema(t *testing.T) {
	d, _ := keptPool(t)
	const read, write = `SELECT * FROM a`, `INSERT INTO a VALUES (NULL, 'x')`
	columns := func() []string {
		rows, err := d.QueryContext(t.Context(), read)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		out, err := rows.Columns()
		if err = errors.Join(err, rows.Err()); err != nil {
			t.Fatal(err)
		}
		return out
	}
	run(t, d, write)
	columns()
	run(t, d, `ALTER TABLE a ADD COLUMN more TEXT`)
	if got := columns(); !slices.Equal(got, []string{"n", "s", "more"}) {
		t.Errorf("columns %v", got)
	}
	if _, err := d.ExecContext(t.Context(), write); err == nil {
		t.Error("two values for three columns are taken")
	}
	run(t, d, `DROP TABLE a`)
	if _, err := d.ExecContext(t.Context(), read); err == nil {
		t.Error("a table that is gone can be read")
	}
	run(t, d, `CREATE TABLE a (n INTEGER PRIMARY KEY, s TEXT)`)
	run(t, d, write)
	if got := columns(); !slices.Equal(got, []string{"n", "s"}) {
		t.Errorf("columns %v", got)
	}
}

func TestStatementsAfterErrors(t *testing.T) {
	d, p := keptPool(t)
	const insert = `INSERT INTO a (n, s) VALUES ($1, 'x') RETURNING n`
	tx, err := d.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	numbers(t, tx, insert, 1)
	var n int
	if err := tx.QueryRowContext(t.Context(), insert, 1).Scan(&n); err == nil {
		t.Error("the same number twice")
	}
	if _, err := tx.ExecContext(t.Context(), insert); err == nil {
		t.Error("an argument is missing")
	}
	if got := numbers(t, tx, insert, 2); !slices.Equal(got, []int{2}) {
		t.Errorf("got %v", got)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if got := numbers(t, d, insert, 1); !slices.Equal(got, []int{1}) {
		t.Errorf("got %v after the roll-back", got)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.ExecContext(ended, insert, 3); err == nil {
		t.Error("run for somebody who is gone")
	}
	if got := numbers(t, d, `SELECT n FROM a`); !slices.Equal(got, []int{1}) {
		t.Errorf("got %v", got)
	}
	if err := d.Close(); err != nil || p.open != 0 {
		t.Errorf("%d statements are left, %v", p.open, err)
	}
}

func TestKeptStatementsAreBounded(t *testing.T) {
	d, p := keptPool(t)
	often := `SELECT n FROM a`
	for i := range 3 * keptStatements {
		numbers(t, d, fmt.Sprintf(`SELECT %d FROM a`, i))
		numbers(t, d, often)
	}
	if p.open > keptStatements {
		t.Errorf("%d statements are kept", p.open)
	}
	made := p.made
	numbers(t, d, often)
	if p.made != made {
		t.Error("the one used most wasn't kept")
	}
	open := p.open
	numbers(t, d, fmt.Sprintf(`SELECT n FROM a WHERE s <> '%*s'`, longestKept, ""))
	if p.open != open {
		t.Error("a long text is kept")
	}
}
