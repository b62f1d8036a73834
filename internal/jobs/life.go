package jobs

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"depesche/internal/db"
)

// checkEvery is how soon other nodes notice that one died.
const checkEvery = 30 * time.Second

// life is a running node's sign of life: a lock that the database or the system takes away at the
// instant it dies. Whoever finds the lock of a job's node free has the job done again at once, where
// River alone would wait for longer than any job may take.
type life struct {
	runner *Runner
	name   string
	held   *db.Held
	stop   context.CancelFunc
	done   sync.WaitGroup
}

const lockPrefix = "jobs-"

func lockOf(node string) string { return lockPrefix + node }

func (r *Runner) beginLife(ctx context.Context, name string) (*life, error) {
	l := &life{runner: r, name: name}
	var err error
	if l.held, err = r.db.Hold(ctx, lockOf(name)); err != nil {
		return nil, err
	}
	// Only for asking; it needs no start.
	asking, err := r.newClient(name, nil, pollEvery)
	if err == nil {
		err = l.rescue(ctx, asking)
	}
	if err == nil {
		err = r.db.SweepHolds(lockPrefix)
	}
	if err != nil {
		l.held.Release()
		return nil, err
	}
	ctx, l.stop = context.WithCancel(ctx)
	l.done.Go(func() { l.watch(ctx, asking) })
	return l, nil
}

// end waits for the watch. The jobs have stopped before.
func (l *life) end() {
	l.stop()
	l.done.Wait()
	if l.held != nil {
		l.held.Release()
	}
}

func (l *life) watch(ctx context.Context, asking client) {
	tick := time.NewTicker(checkEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := l.renew(ctx)
		if err == nil {
			err = l.rescue(ctx, asking)
		}
		if err != nil && ctx.Err() == nil {
			l.runner.log.WarnContext(ctx, "jobs of dead nodes can't be looked for", "error", err)
		}
	}
}

// renew takes the lock again after a broken connection.
func (l *life) renew(ctx context.Context) error {
	if l.held != nil {
		if l.held.Check(ctx) == nil {
			return nil
		}
		l.held.Release()
		l.held = nil
	}
	var err error
	l.held, err = l.runner.db.Hold(ctx, lockOf(l.name))
	return err
}

// rescue makes the jobs of dead nodes available. Those without another attempt are left to River,
// which gives them up.
func (l *life) rescue(ctx context.Context, asking client) error {
	res, err := asking.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateRunning).First(1000))
	if err != nil {
		return err
	}
	byNode := map[string][]*rivertype.JobRow{}
	for _, j := range res.Jobs {
		if n := len(j.AttemptedBy); n > 0 && j.Attempt < j.MaxAttempts {
			node := j.AttemptedBy[n-1]
			byNode[node] = append(byNode[node], j)
		}
	}
	delete(byNode, l.name)
	for node, list := range byNode {
		held, err := l.runner.db.Hold(ctx, lockOf(node))
		if err != nil {
			return err
		}
		if held == nil {
			continue // it lives
		}
		err = l.free(ctx, list)
		held.Release()
		if err != nil {
			return err
		}
		l.runner.log.WarnContext(ctx, "a node died at work; its jobs are done again", "node", node, "jobs", len(list))
	}
	return nil
}

func (l *life) free(ctx context.Context, list []*rivertype.JobRow) error {
	err := l.runner.db.Write(ctx, func(tx *db.Tx) error {
		for _, j := range list {
			if _, err := tx.ExecContext(ctx, `
				UPDATE river_job SET state = 'available'
				WHERE id = $1 AND state = 'running' AND attempt = $2`, j.ID, j.Attempt); err != nil {
				return err
			}
		}
		tx.Signal(signal)
		return nil
	})
	if err != nil {
		return fmt.Errorf("free the jobs of a dead node: %w", err)
	}
	return nil
}
