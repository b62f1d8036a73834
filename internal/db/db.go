// Package db opens, migrates, reads and writes the database. It is the only room that knows which
// engine it is, except for search and the queue.
//
// A function that reads takes a [Conn], one that writes takes a [*Tx]. All statements are one text
// for both engines: $1 placeholders, TEXT for times ([Time]) and documents ([JSON]), and text sorted
// by code point on both.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"depesche/internal/clock"
)

// The engines' names, as [DB.Engine] returns them.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Conn is what a read needs. Both methods behave as those of [sql.DB]; errors of the driver come back
// as [problem.Error] where they have a kind. Close the rows before the next statement: PostgreSQL
// has one result open per transaction at most.
type Conn interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Options say which database to open. The zero value of Clock is the system's, of Log silence.
type Options struct {
	URL   string // "" means the file depesche.db in Dir, postgres://… a server
	Dir   string
	Clock clock.Clock
	Log   *slog.Logger
	// Machine is this machine's clock; nil is the system's. For tests of machines whose clock is wrong.
	Machine clock.Clock

	// Loose doesn't wait for the disk. For tests: what it acknowledged may be gone after a power cut.
	Loose bool
}

// DB is an open, migrated database. It is safe for many goroutines.
type DB struct {
	engine string
	clock  clock.Clock
	log    *slog.Logger
	common common

	read  *sql.DB       // many connections
	write *sql.DB       // on SQLite one connection that may write; on PostgreSQL the same as read
	pool  *pgxpool.Pool // nil on SQLite
	path  string        // of SQLite's file

	patience time.Duration // of one who waits to write

	signals signals
	kept    sync.Map
	stop    context.CancelFunc // ends what runs in the background
	running sync.WaitGroup
}

// Open opens the database and brings its schema up to date, together with the job queue's. Two
// nodes that start at once migrate one after the other. It refuses a database that a newer Depesche
// has migrated, and on PostgreSQL one that isn't encoded in UTF-8.
func Open(ctx context.Context, o Options) (*DB, error) {
	d := &DB{clock: o.Clock, log: o.Log, common: common{machine: o.Machine}, patience: waitForTurn}
	if d.common.machine == nil {
		d.common.machine = clock.System
	}
	if d.clock == nil {
		d.clock = clock.System
	}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	var err error
	switch {
	case o.URL == "":
		err = d.openSQLite(ctx, o)
	case strings.HasPrefix(o.URL, "postgres://"), strings.HasPrefix(o.URL, "postgresql://"):
		err = d.openPostgres(ctx, o)
	default:
		// The address may hold a password, so it isn't repeated.
		return nil, errors.New("open database: its address must begin with postgres://, or be empty for SQLite")
	}
	if err == nil {
		err = d.migrate(ctx)
	}
	if err == nil {
		err = d.AskTime(ctx)
	}
	if err != nil {
		_ = d.closePools() // the first error is the one to tell
		return nil, fmt.Errorf("open %s database: %w", d.engine, fault(err))
	}
	bg, cancel := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = cancel
	d.signals.start = sync.OnceFunc(func() { d.startListening(bg) })
	return d, nil
}

// Close ends what runs in the background and closes all connections. Reads and writes under way
// are waited for.
func (d *DB) Close() error {
	d.stop()
	d.running.Wait()
	return d.closePools()
}

func (d *DB) closePools() error {
	var errs []error
	if d.read != nil {
		errs = append(errs, d.read.Close())
	}
	if d.write != nil && d.write != d.read {
		errs = append(errs, d.write.Close())
	}
	if d.pool != nil {
		d.pool.Close()
	}
	return errors.Join(errs...)
}

// Engine returns [SQLite] or [Postgres]. Only search, the queue and health ask.
func (d *DB) Engine() string { return d.engine }

// Now returns the time in UTC, in milliseconds as the database stores it.
func (d *DB) Now() time.Time { return stamp(d.clock.Now()) }

// Clock returns the clock that the database stamps with.
func (d *DB) Clock() clock.Clock { return d.clock }

// Ping reports whether the database can be reached and, on SQLite, read.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return fault(d.read.QueryRowContext(ctx, "SELECT 1").Scan(&one))
}

// Read returns a connection for single reads; each statement sees the newest committed state. For
// several reads that must agree with each other use [DB.Snapshot]. On SQLite it can't write.
func (d *DB) Read() Conn { return reader{d.read} }

// Snapshot runs fn on one unchanging state of the database: all of its reads agree.
func (d *DB) Snapshot(ctx context.Context, fn func(Conn) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.engine == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	tx, err := d.read.BeginTx(ctx, opts)
	if err != nil {
		return fault(err)
	}
	defer tx.Rollback()
	if err := fn(reader{tx}); err != nil {
		return fault(err)
	}
	return fault(tx.Commit())
}

// Keep returns the one value that a room keeps per database under key, made by make when first
// asked for: a client of the queue, say. make must be harmless if it runs twice.
func (d *DB) Keep(key any, make func() any) any {
	if v, ok := d.kept.Load(key); ok {
		return v
	}
	v, _ := d.kept.LoadOrStore(key, make())
	return v
}

// SQL returns the pool that the job queue works with: on SQLite the one write connection, so that
// it stands in line with every other write instead of contending with them.
func (d *DB) SQL() *sql.DB { return d.write }

// Pool returns PostgreSQL's own pool for the job queue, and nil on SQLite.
func (d *DB) Pool() *pgxpool.Pool { return d.pool }

// reader gives the driver's errors their kinds.
type reader struct{ q Conn }

func (r reader) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := r.q.QueryContext(ctx, query, args...)
	return rows, fault(err)
}

func (r reader) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return r.q.QueryRowContext(ctx, query, args...)
}

// Log returns the log the database was opened with, for what stands beside it.
func (d *DB) Log() *slog.Logger { return d.log }
