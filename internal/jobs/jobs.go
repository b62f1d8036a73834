// Package jobs is what is to be done once for the publication: enqueued in the transaction of the
// act that wants it, done after it, retried until it succeeds or gives up.
//
// A job may run twice: a node can die after the work and before the note of it. So a handler looks
// whether its effect is there already. The queue is River's (https://riverqueue.com), on SQLite and
// PostgreSQL; nothing of it shows outside of this package.
package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"

	"depesche/internal/clock"
	"depesche/internal/db"
)

// Args are a job's data: a small struct that becomes JSON. Kind names the work and never changes.
type Args interface{ Kind() string }

// Option changes how a job is enqueued.
type Option func(*options)

type options struct {
	at       time.Time
	delay    time.Duration
	unique   bool
	attempts int
	priority int
}

// At lets the job wait until a moment. It starts within a second of it, if a hand is free.
func At(t time.Time) Option { return func(o *options) { o.at = t } }

// Delay lets the job wait, from the act on.
func Delay(d time.Duration) Option { return func(o *options) { o.delay = d } }

// Unique leaves the job away if the same one, with the same data, waits already. One that is at
// work doesn't count: it may have read what this act changes.
func Unique() Option { return func(o *options) { o.unique = true } }

// MaxAttempts is how often the job is tried before it gives up. Without it that is 15 times, over
// some five hours.
func MaxAttempts(n int) Option { return func(o *options) { o.attempts = n } }

// Background lets all other jobs go first: for what nobody waits for.
func Background() Option { return func(o *options) { o.priority = 4 } }

func (o options) river(tx *db.Tx) *river.InsertOpts {
	out := &river.InsertOpts{MaxAttempts: o.attempts, Priority: o.priority, ScheduledAt: o.at}
	if o.delay > 0 {
		out.ScheduledAt = tx.Now().Add(o.delay)
	}
	return out
}

// Enqueue adds a job that is done if and only if tx commits.
func Enqueue[T Args](ctx context.Context, tx *db.Tx, args T, opts ...Option) error {
	in, err := inserterOf(tx.DB())
	if err != nil {
		return err
	}
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	if err := enqueue(ctx, in, tx, args, o); err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), err)
	}
	tx.Signal(signal)
	return nil
}

// unfinished are the states in which a job keeps an equal one away. River insists on the running
// one being among them.
var unfinished = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
	rivertype.JobStateRunning, rivertype.JobStateScheduled,
}

func enqueue(ctx context.Context, in inserter, tx *db.Tx, args Args, o options) error {
	ro := o.river(tx)
	if !o.unique {
		_, err := in.insert(ctx, tx, args, ro)
		return err
	}
	// If the equal job is at work, this one waits under a second key, beside which an equal one is
	// left away; if both are at work, it is simply added. The one found can't begin before we commit:
	// inserting has locked it.
	for _, u := range []river.UniqueOpts{
		{ByArgs: true, ByState: unfinished},
		{ByArgs: true, ByQueue: true, ByState: unfinished},
		{},
	} {
		ro.UniqueOpts = u
		res, err := in.insert(ctx, tx, args, ro)
		if err != nil || !res.UniqueSkippedAsDuplicate || res.Job.State != rivertype.JobStateRunning {
			return err
		}
	}
	return nil
}

// inserter is the side of the queue that only enqueues. There is one per database.
type inserter interface {
	insert(ctx context.Context, tx *db.Tx, args Args, o *river.InsertOpts) (*rivertype.JobInsertResult, error)
}

type inserterKey struct{}

func inserterOf(d *db.DB) (inserter, error) {
	v := d.Keep(inserterKey{}, func() any {
		if d.Engine() == db.Postgres {
			return newInserter(d, postgresDriver(d), func(tx *db.Tx) pgx.Tx { return tx.PgxTx() })
		}
		return newInserter(d, sqliteDriver(d), func(tx *db.Tx) *sql.Tx { return tx.SQLTx() })
	})
	if err, ok := v.(error); ok {
		return nil, err
	}
	return v.(inserter), nil
}

type clientOf[TTx any] struct {
	*river.Client[TTx]
	own func(*db.Tx) TTx
}

// newInserter returns an inserter or the error of making it.
func newInserter[TTx any](d *db.DB, driver riverdriver.Driver[TTx], own func(*db.Tx) TTx) any {
	c, err := river.NewClient(driver, &river.Config{
		Logger:      slog.New(slog.DiscardHandler),
		MaxAttempts: maxAttempts,
		Hooks:       []rivertype.Hook{&exact{}},
		Test:        timeOf(d),
	})
	if err != nil {
		return fmt.Errorf("job queue: %w", err)
	}
	return clientOf[TTx]{c, own}
}

func (c clientOf[TTx]) insert(ctx context.Context, tx *db.Tx, args Args, o *river.InsertOpts) (*rivertype.JobInsertResult, error) {
	return c.InsertTx(ctx, c.own(tx), args, o)
}

// exact makes a job for later available at once. River fetches none before its time, but moves
// those it calls scheduled only every five seconds, by its leader, which may just have died.
type exact struct{ river.HookDefaults }

func (*exact) InsertBegin(_ context.Context, p *rivertype.JobInsertParams) error {
	if p.State == rivertype.JobStateScheduled {
		p.State = rivertype.JobStateAvailable
	}
	return nil
}

var _ rivertype.HookInsertBegin = (*exact)(nil)

// timeOf lets the queue run on the database's clock if that isn't the machine's: in tests and in
// the demo. Otherwise it runs on PostgreSQL's own, which all nodes share.
func timeOf(d *db.DB) river.TestConfig {
	if d.Clock() == clock.System {
		return river.TestConfig{}
	}
	return river.TestConfig{Time: timeOn{d.Clock()}}
}

type timeOn struct{ clock.Clock }

func (t timeOn) NowOrNil() *time.Time {
	now := t.Now().UTC()
	return &now
}

var _ rivertype.TimeGenerator = timeOn{}
