package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"depesche/internal/problem"
)

const (
	attempts      = 8                // of a write that loses races
	waitForFile   = 5 * time.Second  // that another process has locked; then no further attempt
	waitForTurn   = 30 * time.Second // for a connection
	releaseWithin = 5 * time.Second  // of a lock's session
)

// Tx is a write transaction. It is for the goroutine that [DB.Write] called, and until it returns.
type Tx struct {
	db       *DB
	q        execer
	now      time.Time
	sql      *sql.Tx // on SQLite
	pgx      pgx.Tx  // on PostgreSQL
	onCommit []func()
	gathered map[any][]any
	signals  []string
}

type execer interface {
	Conn
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Write runs fn in a transaction and commits it if fn returns nil. What is acknowledged by a nil
// error is on the disk.
//
// It runs fn again, from the start, when the database says that it lost a race; so fn changes
// nothing but the database and variables that it sets anew each time. A panic rolls back. On
// PostgreSQL the isolation is READ COMMITTED: a rule that two could break at once stands in the
// schema. Never call Write inside fn: on SQLite it would wait for itself, until the call is
// refused with [problem.Unavailable].
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	var err error
	began := time.Now()
	for n := range attempts {
		if n > 0 {
			// Each attempt on a locked file waits for it: eight of them would outlast any browser.
			if d.engine == SQLite && time.Since(began) >= waitForFile {
				return fmt.Errorf("gave up after %s: %w", time.Since(began).Round(time.Millisecond), fault(err))
			}
			if werr := backOff(ctx, n); werr != nil {
				return werr
			}
		}
		var tx *Tx
		if tx, err = d.try(ctx, fn); err == nil {
			tx.committed()
			return nil
		}
		if !lostRace(err) {
			return fault(err)
		}
	}
	return fmt.Errorf("gave up after %d tries: %w", attempts, fault(err))
}

// backOff waits between 0 and 2, 4, 8 … milliseconds, so that those who met don't meet again.
func backOff(ctx context.Context, n int) error {
	t := time.NewTimer(rand.N(time.Millisecond << n))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *DB) try(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	conn, err := d.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close() //nolint:errcheck // gives it back to the pool
	tx := &Tx{db: d, now: d.Now()}
	commit, rollback, err := tx.begin(ctx, conn)
	if err != nil {
		return nil, err
	}
	done := false
	defer func() {
		if !done { // an error or a panic in fn
			rollback()
		}
	}()
	if err := fn(tx); err != nil {
		return nil, err
	}
	if err := tx.notify(ctx); err != nil {
		return nil, err
	}
	done = true
	if err := commit(); err != nil {
		return nil, err
	}
	return tx, nil
}

// turn waits for a connection that may write.
func (d *DB) turn(ctx context.Context) (*sql.Conn, error) {
	wait, cancel := context.WithTimeout(ctx, d.patience)
	defer cancel()
	conn, err := d.write.Conn(wait)
	if err != nil && ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil, problem.Wrap(problem.Unavailable, keyBusy,
			fmt.Errorf("no connection to write within %s; is there a write inside a write?", d.patience))
	}
	return conn, err
}

func (tx *Tx) begin(ctx context.Context, conn *sql.Conn) (commit func() error, rollback func(), err error) {
	if tx.db.engine == SQLite {
		if tx.sql, err = conn.BeginTx(ctx, nil); err != nil {
			return nil, nil, err
		}
		tx.q = tx.sql
		return tx.sql.Commit, func() { tx.sql.Rollback() }, nil
	}
	// A pgx transaction, so that the queue can insert its jobs into it; our statements go through
	// database/sql on the same connection and so belong to it too. The connection stays ours until
	// try returns it.
	err = conn.Raw(func(driverConn any) error {
		c, ok := driverConn.(*stdlib.Conn)
		if !ok {
			return errNotPostgres
		}
		tx.pgx, err = c.Conn().Begin(ctx)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	tx.q = conn
	// A commit that is under way isn't broken off when the browser goes away: nobody could say
	// whether it happened.
	end := func(f func(context.Context) error) error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), waitForTurn)
		defer cancel()
		return f(ctx)
	}
	// Through the connection's own lock: database/sql throws a broken connection away beside us, and a
	// transaction on it is over.
	inTurn := func(f func(context.Context) error) error {
		return conn.Raw(func(any) error { return end(f) })
	}
	return func() error { return inTurn(tx.pgx.Commit) }, func() { _ = inTurn(tx.pgx.Rollback) }, nil
}

// QueryContext reads, as [sql.Tx.QueryContext] does.
func (tx *Tx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := tx.q.QueryContext(ctx, query, args...)
	return rows, fault(err)
}

// QueryRowContext reads, as [sql.Tx.QueryRowContext] does.
func (tx *Tx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return tx.q.QueryRowContext(ctx, query, args...)
}

// ExecContext writes. A value that is taken is [problem.Conflict]. After any error the
// transaction is lost on PostgreSQL: return it from fn.
func (tx *Tx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	res, err := tx.q.ExecContext(ctx, query, args...)
	return res, fault(err)
}

// Now returns the transaction's time: the same for all that happens in one act, in UTC and
// milliseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// OnCommit runs fn after the commit, once, and never after a roll-back. fn may read and write.
func (tx *Tx) OnCommit(fn func()) { tx.onCommit = append(tx.onCommit, fn) }

// Gather hands what was gathered under the key in this transaction to fn after the commit, in one
// call and in order; fn is that of the first.
func (tx *Tx) Gather(key, v any, fn func([]any)) {
	if tx.gathered == nil {
		tx.gathered = map[any][]any{}
	}
	if len(tx.gathered[key]) == 0 {
		tx.OnCommit(func() { fn(tx.gathered[key]) })
	}
	tx.gathered[key] = append(tx.gathered[key], v)
}

// Signal wakes those who wait for name by [DB.Signals], on all nodes, after the commit.
func (tx *Tx) Signal(name string) {
	if !slices.Contains(tx.signals, name) {
		tx.signals = append(tx.signals, name)
	}
}

// DB returns the database the transaction writes to.
func (tx *Tx) DB() *DB { return tx.db }

// SQLTx returns SQLite's transaction for the job queue, and nil on PostgreSQL.
func (tx *Tx) SQLTx() *sql.Tx { return tx.sql }

// PgxTx returns PostgreSQL's transaction for the job queue, and nil on SQLite.
func (tx *Tx) PgxTx() pgx.Tx { return tx.pgx }

func (tx *Tx) committed() {
	for _, name := range tx.signals {
		tx.db.signals.wake(name)
	}
	for _, fn := range tx.onCommit {
		fn()
	}
}
