package db

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"depesche/internal/clock"
)

// common is the clock that the nodes of a database have in common.
type common struct {
	machine clock.Clock
	ahead   atomic.Int64 // what the server's clock is before the machine's, in nanoseconds
}

// sameTime is what two clocks may differ by and tell the same time.
const sameTime = time.Second

// Common returns the machine's time, put right by the PostgreSQL server's clock where both differ by more than
// a second: what several nodes put in order can't follow clocks of which one is wrong. It isn't rounded.
func (d *DB) Common() time.Time {
	return d.common.machine.Now().Add(time.Duration(d.common.ahead.Load()))
}

// AskTime asks the server what time it is, for [DB.Common]. That a machine's clock is wrong is logged when it is
// found out. SQLite's is the machine's.
func (d *DB) AskTime(ctx context.Context) error {
	if d.engine != Postgres {
		return nil
	}
	began := d.common.machine.Now()
	var at time.Time
	if err := d.read.QueryRowContext(ctx, `SELECT clock_timestamp()`).Scan(&at); err != nil {
		return fmt.Errorf("ask the server for the time: %w", fault(err))
	}
	took := d.common.machine.Now().Sub(began)
	ahead := at.Sub(began.Add(took / 2))
	if ahead.Abs() <= sameTime+took {
		ahead = 0
	}
	was := time.Duration(d.common.ahead.Swap(int64(ahead)))
	if (was == 0) != (ahead == 0) {
		if ahead == 0 {
			d.log.InfoContext(ctx, "this machine's clock and the database server's tell the same time again")
		} else {
			d.log.WarnContext(ctx, "this machine's clock and the database server's differ; set them by NTP", "server_ahead", ahead.Round(time.Second).String())
		}
	}
	return nil
}
