package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"depesche/internal/problem"
)

// Failed is a job that gave up.
type Failed struct {
	ID       int64
	Kind     string
	Data     []byte // its args, JSON
	Attempts int
	Err      string // of the last attempt
	At       time.Time
}

// GivenUp lists up to a hundred jobs that were tried as often as they may be, the newest first. They
// are forgotten after a month.
func (r *Runner) GivenUp(ctx context.Context) ([]Failed, error) {
	res, err := r.list(ctx, river.NewJobListParams().States(rivertype.JobStateDiscarded).
		OrderBy(river.JobListOrderByFinalizedAt, river.SortOrderDesc).First(100))
	if err != nil {
		return nil, fmt.Errorf("jobs that gave up: %w", err)
	}
	var out []Failed
	for _, j := range res {
		f := Failed{ID: j.ID, Kind: j.Kind, Data: j.EncodedArgs, Attempts: j.Attempt}
		if n := len(j.Errors); n > 0 {
			f.Err, f.At = j.Errors[n-1].Error, j.Errors[n-1].At
		}
		out = append(out, f)
	}
	return out, nil
}

// Again has a job that gave up tried once more, now. One that is gone is problem.NotFound.
func (r *Runner) Again(ctx context.Context, job int64) error {
	c, err := r.any()
	if err != nil {
		return err
	}
	switch _, err := c.JobRetry(ctx, job); {
	case errors.Is(err, rivertype.ErrNotFound):
		return problem.Wrap(problem.NotFound, "problem.not_found", err)
	case err != nil:
		return fmt.Errorf("try job %d again: %w", job, err)
	}
	return nil
}

func (r *Runner) list(ctx context.Context, p *river.JobListParams) ([]*rivertype.JobRow, error) {
	c, err := r.any()
	if err != nil {
		return nil, err
	}
	res, err := c.JobList(ctx, p)
	if err != nil {
		return nil, err
	}
	return res.Jobs, nil
}

// any returns the client that runs, or one for asking only.
func (r *Runner) any() (client, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.client != nil {
		return r.client, nil
	}
	return r.newClient("", nil, pollEvery)
}

// Drain does all jobs whose time has come, and those that they cause, and stops. It is for tests and
// commands, on a runner that isn't started, and does no periodic jobs. It returns the errors of
// failed attempts; it doesn't wait for their retries.
func (r *Runner) Drain(ctx context.Context) error {
	r.mu.Lock()
	r.failed = nil
	r.mu.Unlock()
	const pace = 5 * time.Millisecond
	if err := r.start(ctx, nil, pace); err != nil {
		return err
	}
	err := r.settle(ctx, pace)
	if serr := r.Stop(ctx); err == nil {
		err = serr
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(append(r.failed, err)...)
}

func (r *Runner) settle(ctx context.Context, pace time.Duration) error {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for {
		waiting, err := r.list(ctx, river.NewJobListParams().
			States(rivertype.JobStateAvailable, rivertype.JobStateRunning).
			OrderBy(river.JobListOrderByScheduledAt, river.SortOrderAsc).First(1000))
		if err != nil {
			return err
		}
		due := false
		for _, j := range waiting {
			due = due || r.kinds[j.Kind] && !j.ScheduledAt.After(r.db.Clock().Now())
		}
		if !due {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
