package jobs

import (
	"context"
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"depesche/internal/db"
)

// signal wakes the runners of all nodes when a job was enqueued.
const signal = "jobs"

// woken is a driver of River's that is woken by the database's signals. River's own ways don't fit
// us: on SQLite it looks into a table for messages twenty times a second, over the one connection
// that writes; on PostgreSQL it keeps a connection more, and leaves out the message of an act that
// is committed shortly after another.
type woken[TTx any] struct {
	riverdriver.Driver[TTx]
	db *db.DB
}

func sqliteDriver(d *db.DB) riverdriver.Driver[*sql.Tx] {
	return woken[*sql.Tx]{riversqlite.New(d.SQL()), d}
}

func postgresDriver(d *db.DB) riverdriver.Driver[pgx.Tx] {
	return woken[pgx.Tx]{riverpgxv5.New(d.Pool()), d}
}

func (w woken[TTx]) SupportsListener() bool     { return true }
func (w woken[TTx]) SupportsListenNotify() bool { return false }

func (w woken[TTx]) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener {
	return &listener{db: w.db}
}

// listener passes a signal on as the message that a job was inserted. Other messages of River's, of
// queues paused and leaders resigning, aren't sent; it looks for those too.
type listener struct {
	db   *db.DB
	wake <-chan struct{}
	end  func()
}

func (l *listener) Connect(context.Context) error {
	l.wake, l.end = l.db.Signals(signal)
	return nil
}

func (l *listener) Close(context.Context) error {
	l.end()
	return nil
}

func (l *listener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	select {
	case <-l.wake:
		return &riverdriver.Notification{Topic: "river_insert", Payload: `{"queue":"` + river.QueueDefault + `"}`}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *listener) Listen(context.Context, string) error   { return nil }
func (l *listener) Unlisten(context.Context, string) error { return nil }
func (l *listener) Ping(context.Context) error             { return nil }
func (l *listener) Schema() string                         { return "" }
func (l *listener) SetAfterConnectExec(string)             {}
