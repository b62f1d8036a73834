package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"depesche/internal/clock"
	"depesche/internal/db"
	"depesche/internal/id"
)

const (
	// parallel is how many jobs run at once on a node: what a small server bears beside its readers.
	parallel = 2
	// pollEvery is how late a job may start whose time comes, or that another process enqueued on
	// SQLite. An empty look writes nothing.
	pollEvery = time.Second
	// longest is what one attempt may take.
	longest     = 15 * time.Minute
	maxAttempts = 15
	// remember is how long the jobs that gave up stay listed.
	remember = 30 * 24 * time.Hour
)

// Runner does jobs on this node.
type Runner struct {
	db       *db.DB
	log      *slog.Logger
	workers  *river.Workers
	kinds    map[string]bool // that have a handler
	periodic []*river.PeriodicJob
	longest  time.Duration // between two runs of a periodic job

	mu     sync.Mutex
	client client // while it runs
	life   *life
	failed []error // of attempts, for Drain
}

// client is what a runner needs of River's client, whichever its transactions are.
type client interface {
	Start(context.Context) error
	Stop(context.Context) error
	StopAndCancel(context.Context) error
	JobList(context.Context, *river.JobListParams) (*river.JobListResult, error)
	JobRetry(context.Context, int64) (*rivertype.JobRow, error)
}

// New returns a runner without work. Give it handlers, then start it.
func New(d *db.DB, log *slog.Logger) (*Runner, error) {
	return &Runner{db: d, log: log, workers: river.NewWorkers(), kinds: map[string]bool{}}, nil
}

// Handle has fn do the jobs of T's kind. An error or a panic lets the job be tried again, later and
// later; it is logged here. An attempt may take a quarter of an hour, then its context ends.
func Handle[T Args](r *Runner, fn func(ctx context.Context, args T) error) {
	var zero T
	r.kinds[zero.Kind()] = true
	river.AddWorker(r.workers, river.WorkFunc(func(ctx context.Context, job *river.Job[T]) error {
		err := attempt(ctx, job.Args, fn)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return err // the node stops; another attempt follows
		}
		r.log.ErrorContext(ctx, "job failed", "job", job.Kind, "id", job.ID,
			"attempt", job.Attempt, "of", job.MaxAttempts, "error", err)
		r.mu.Lock()
		defer r.mu.Unlock()
		if len(r.failed) < 100 {
			r.failed = append(r.failed, fmt.Errorf("%s: %w", job.Kind, err))
		}
		return err
	}))
}

func attempt[T Args](ctx context.Context, args T, fn func(context.Context, T) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return fn(ctx, args)
}

// Periodic has the job done soon after the start and then every interval, on one node. Starting
// anew doesn't do it again within the interval.
func (r *Runner) Periodic(every time.Duration, args Args) {
	r.longest = max(r.longest, every)
	r.periodic = append(r.periodic, river.NewPeriodicJob(river.PeriodicInterval(every),
		func() (river.JobArgs, *river.InsertOpts) {
			return args, &river.InsertOpts{
				MaxAttempts: 3,
				UniqueOpts:  river.UniqueOpts{ByArgs: true, ByPeriod: every},
			}
		},
		&river.PeriodicJobOpts{RunOnStart: true}))
}

// Start begins to work, until [Runner.Stop]; the end of ctx doesn't end it.
func (r *Runner) Start(ctx context.Context) error {
	return r.start(ctx, r.periodic, pollEvery)
}

func (r *Runner) start(ctx context.Context, periodic []*river.PeriodicJob, poll time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client != nil {
		return errors.New("job queue: it runs already")
	}
	name := id.New(time.Now())
	c, err := r.newClient(name, periodic, poll)
	if err != nil {
		return fmt.Errorf("job queue: %w", err)
	}
	ctx = context.WithoutCancel(ctx)
	l, err := r.beginLife(ctx, name)
	if err != nil {
		return fmt.Errorf("job queue: %w", err)
	}
	if err := c.Start(ctx); err != nil {
		l.end()
		return fmt.Errorf("job queue: %w", err)
	}
	r.client, r.life = c, l
	return nil
}

func (r *Runner) newClient(name string, periodic []*river.PeriodicJob, poll time.Duration) (client, error) {
	cfg := &river.Config{
		ID: name,
		// River's own lines are for River's makers; what goes wrong with a job is logged above.
		Logger:                      slog.New(above{r.log.Handler()}),
		Queues:                      map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: parallel}},
		Workers:                     r.workers,
		FetchOnlyKnownKinds:         true, // an older node leaves the newer one's jobs to it
		FetchCooldown:               min(poll, 20*time.Millisecond),
		FetchPollInterval:           poll,
		PeriodicJobs:                periodic,
		MaxAttempts:                 maxAttempts,
		RetryPolicy:                 patience{r.db},
		JobTimeout:                  longest,
		RescueStuckJobsAfter:        rescueAfter(r.db), // see life for those of dead nodes
		CompletedJobRetentionPeriod: max(24*time.Hour, r.longest+time.Hour),
		DiscardedJobRetentionPeriod: remember,
		Hooks:                       []rivertype.Hook{&exact{}},
		Test:                        timeOf(r.db),
	}
	if r.db.Engine() == db.Postgres {
		return river.NewClient(postgresDriver(r.db), cfg)
	}
	return river.NewClient(sqliteDriver(r.db), cfg)
}

// rescueAfter is when a job that is still under way counts as lost. The rescuer asks the machine's clock, but
// a job's beginning was told by the database's: where that stands elsewhere, each job would look days old.
func rescueAfter(d *db.DB) time.Duration {
	if d.Clock() == clock.System {
		return longest + 5*time.Minute
	}
	const never = 100 * 365 * 24 * time.Hour
	return never
}

// patience waits 2, 4, 8 … seconds, at most an hour, and a little by chance so that those that
// failed together don't come back together.
type patience struct{ db *db.DB }

func (p patience) NextRetry(job *rivertype.JobRow) time.Time {
	wait := time.Hour
	if n := max(1, len(job.Errors)+1); n < 12 {
		wait = time.Second << n
	}
	return p.db.Clock().Now().Add(wait + rand.N(wait/10))
}

// above lets errors through only.
type above struct{ slog.Handler }

func (a above) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelError && a.Handler.Enabled(ctx, l)
}

func (a above) WithAttrs(as []slog.Attr) slog.Handler { return above{a.Handler.WithAttrs(as)} }
func (a above) WithGroup(name string) slog.Handler    { return above{a.Handler.WithGroup(name)} }

// Stop takes no more jobs and waits for those at work. When ctx ends before them, their contexts
// end, and they are tried again later.
func (r *Runner) Stop(ctx context.Context) error {
	r.mu.Lock()
	c, l := r.client, r.life
	r.client, r.life = nil, nil
	r.mu.Unlock()
	if c == nil {
		return nil
	}
	defer l.end()
	err := c.Stop(ctx)
	if err != nil {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		err = c.StopAndCancel(hard)
	}
	if err != nil {
		return fmt.Errorf("stop the job queue: %w", err)
	}
	return nil
}
