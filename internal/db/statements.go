package db

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
)

const (
	// keptStatements is how many a connection keeps: more than any act or page uses, some ten
	// kilobytes each.
	keptStatements = 128
	// longestKept leaves scripts and lists of thousands out, which are seldom the same again.
	longestKept = 8 << 10
)

// keeping lets SQLite's connections keep their statements: parsing and planning one takes as long
// as running it. pgx does the same by itself.
type keeping struct{ driver.Connector }

func (k keeping) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	lite, ok := c.(liteConn)
	if !ok {
		return nil, errors.Join(errors.New("not an SQLite connection"), c.Close())
	}
	return &keeper{liteConn: lite, free: map[string]*list.Element{}}, nil
}

// liteConn is what the driver's connections can do; database/sql asks for each by itself.
type liteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	NewBackup(path string) (*sqlite.Backup, error)
}

// keeper is a connection that keeps the statements that were used last. One that runs is taken out:
// the same text, run while its rows are still open, gets a second one. SQLite itself plans a
// statement anew after the schema has changed.
type keeper struct {
	liteConn
	free  map[string]*list.Element // of order, by text
	order list.List                // of *kept, the one used last in front
}

type kept struct {
	text string
	stmt liteStmt
}

type liteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

var (
	_ driver.ExecerContext  = (*keeper)(nil)
	_ driver.QueryerContext = (*keeper)(nil)
)

func (c *keeper) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	k, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	res, err := k.stmt.ExecContext(ctx, args)
	return res, c.give(k, err)
}

func (c *keeper) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	k, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := k.stmt.QueryContext(ctx, args)
	if err != nil {
		return nil, c.give(k, err)
	}
	return &keptRows{Rows: rows, conn: c, of: k}, nil
}

// take returns a statement that nobody else uses.
func (c *keeper) take(ctx context.Context, query string) (*kept, error) {
	if e, ok := c.free[query]; ok {
		delete(c.free, query)
		return c.order.Remove(e).(*kept), nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	lite, ok := s.(liteStmt)
	if !ok {
		return nil, errors.Join(errors.New("not an SQLite statement"), s.Close())
	}
	return &kept{text: query, stmt: lite}, nil
}

// give takes a statement back and returns err, which is how it ended. Only one that ended well is
// kept.
func (c *keeper) give(k *kept, err error) error {
	if _, twice := c.free[k.text]; twice || err != nil || len(k.text) > longestKept {
		if cerr := k.stmt.Close(); err == nil {
			err = cerr
		}
		return err
	}
	c.free[k.text] = c.order.PushFront(k)
	if c.order.Len() <= keptStatements {
		return nil
	}
	oldest := c.order.Remove(c.order.Back()).(*kept)
	delete(c.free, oldest.text)
	return oldest.stmt.Close()
}

// Close ends the statements before their connection.
func (c *keeper) Close() error {
	var errs []error
	for e := c.order.Front(); e != nil; e = e.Next() {
		errs = append(errs, e.Value.(*kept).stmt.Close())
	}
	c.order.Init()
	clear(c.free)
	return errors.Join(append(errs, c.liteConn.Close())...)
}

// keptRows gives its statement back when it is closed.
type keptRows struct {
	driver.Rows
	conn *keeper
	of   *kept
}

func (r *keptRows) Close() error {
	if r.of == nil {
		return nil
	}
	k := r.of
	r.of = nil
	return r.conn.give(k, r.Rows.Close())
}
