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
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"depesche/internal/db"
)

// Args are a job's data: a small struct that becomes JSON. Kind names the work and never changes.
type Args interface{ Kind() string }

// Option changes how a job is enqueued.
type Option func(*river.InsertOpts)

// At lets the job wait until a moment. It runs within some seconds after it.
func At(t time.Time) Option { return func(o *river.InsertOpts) { o.ScheduledAt = t } }

// Delay lets the job wait.
func Delay(d time.Duration) Option { return At(time.Now().Add(d)) }

// Unique leaves the job away if the same one, with the same data, is waiting already.
func Unique() Option {
	return func(o *river.InsertOpts) {
		o.UniqueOpts = river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning, rivertype.JobStateScheduled,
		}}
	}
}

// MaxAttempts is how often the job is tried before it gives up; 25 by default, over three weeks.
func MaxAttempts(n int) Option { return func(o *river.InsertOpts) { o.MaxAttempts = n } }

// inserter is the side of the queue that only enqueues. There is one per database.
type inserter interface {
	insert(ctx context.Context, tx *db.Tx, args Args, o *river.InsertOpts) error
}

type inserterKey struct{}

func inserterOf(d *db.DB) (inserter, error) {
	v := d.Keep(inserterKey{}, func() any {
		if d.Engine() == db.Postgres {
			return newInserter(riverpgxv5.New(d.Pool()), func(tx *db.Tx) pgx.Tx { return tx.PgxTx() })
		}
		return newInserter(riversqlite.New(d.SQL()), func(tx *db.Tx) *sql.Tx { return tx.SQLTx() })
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
func newInserter[TTx any](driver riverdriver.Driver[TTx], own func(*db.Tx) TTx) any {
	c, err := river.NewClient(driver, &river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("job queue: %w", err)
	}
	return clientOf[TTx]{c, own}
}

func (c clientOf[TTx]) insert(ctx context.Context, tx *db.Tx, args Args, o *river.InsertOpts) error {
	_, err := c.InsertTx(ctx, c.own(tx), args, o)
	return err
}

// Enqueue adds a job that is done if and only if tx commits.
func Enqueue[T Args](ctx context.Context, tx *db.Tx, args T, opts ...Option) error {
	in, err := inserterOf(tx.DB())
	if err != nil {
		return err
	}
	o := &river.InsertOpts{}
	for _, opt := range opts {
		opt(o)
	}
	if err := in.insert(ctx, tx, args, o); err != nil {
		return fmt.Errorf("enqueue %s: %w", args.Kind(), err)
	}
	return nil
}

// Runner does jobs on this node.
type Runner struct {
	db       *db.DB
	log      *slog.Logger
	workers  *river.Workers
	periodic []*river.PeriodicJob
	client   client
}

// client is what a runner needs of River's client, whichever its transactions are.
type client interface {
	Start(context.Context) error
	Stop(context.Context) error
	JobList(context.Context, *river.JobListParams) (*river.JobListResult, error)
}

// New returns a runner without work. Give it handlers, then start it.
func New(d *db.DB, log *slog.Logger) (*Runner, error) {
	return &Runner{db: d, log: log, workers: river.NewWorkers()}, nil
}

// Handle has fn do the jobs of T's kind. An error lets the job be tried again, later and later.
func Handle[T Args](r *Runner, fn func(ctx context.Context, args T) error) {
	river.AddWorker(r.workers, river.WorkFunc(func(ctx context.Context, job *river.Job[T]) error {
		err := fn(ctx, job.Args)
		if err != nil && !errors.Is(err, context.Canceled) {
			r.log.Error("job failed", "job", job.Kind, "id", job.ID, "attempt", job.Attempt, "of", job.MaxAttempts, "err", err)
		}
		return err
	}))
}

// Periodic enqueues the job at the start and then every interval, on one node.
func (r *Runner) Periodic(every time.Duration, args Args) {
	r.periodic = append(r.periodic, river.NewPeriodicJob(river.PeriodicInterval(every),
		func() (river.JobArgs, *river.InsertOpts) { return args, &river.InsertOpts{MaxAttempts: 1} },
		&river.PeriodicJobOpts{RunOnStart: true}))
}

// Jobs that run at once on a node: two is what a small server can bear beside its readers.
const parallel = 2

// Start begins to work. Without handlers there is nothing to start.
func (r *Runner) Start(ctx context.Context) error {
	cfg := &river.Config{
		// River's own lines are for River's makers; what goes wrong with a job is logged above.
		Logger:               slog.New(above{r.log.Handler()}),
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: parallel}},
		Workers:              r.workers,
		PeriodicJobs:         r.periodic,
		FetchPollInterval:    time.Second,
		JobTimeout:           15 * time.Minute,
		RescueStuckJobsAfter: time.Hour,
	}
	var err error
	if r.db.Engine() == db.Postgres {
		r.client, err = river.NewClient(riverpgxv5.New(r.db.Pool()), cfg)
	} else {
		r.client, err = river.NewClient(riversqlite.New(r.db.SQL()), cfg)
	}
	if err != nil {
		return fmt.Errorf("job queue: %w", err)
	}
	if err := r.client.Start(ctx); err != nil {
		return fmt.Errorf("job queue: %w", err)
	}
	return nil
}

// above lets errors through only.
type above struct{ slog.Handler }

func (a above) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelError && a.Handler.Enabled(ctx, l)
}

// Stop takes no more jobs and waits for those at work until ctx ends.
func (r *Runner) Stop(ctx context.Context) error {
	if r.client == nil {
		return nil
	}
	return r.client.Stop(ctx)
}

// Failed is a job that gave up.
type Failed struct {
	ID       int64
	Kind     string
	Data     []byte
	Attempts int
	Err      string
	At       time.Time
}

// GivenUp lists the jobs that were tried as often as they may be, the newest first. River forgets
// them after a week.
func (r *Runner) GivenUp(ctx context.Context) ([]Failed, error) {
	if r.client == nil {
		return nil, nil
	}
	res, err := r.client.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateDiscarded).First(100))
	if err != nil {
		return nil, fmt.Errorf("jobs that gave up: %w", err)
	}
	var out []Failed
	for i := len(res.Jobs) - 1; i >= 0; i-- {
		j := res.Jobs[i]
		f := Failed{ID: j.ID, Kind: j.Kind, Data: j.EncodedArgs, Attempts: j.Attempt}
		if n := len(j.Errors); n > 0 {
			f.Err, f.At = j.Errors[n-1].Error, j.Errors[n-1].At
		}
		out = append(out, f)
	}
	return out, nil
}
