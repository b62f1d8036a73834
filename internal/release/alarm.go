package release

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"depesche/internal/db"
)

// nap is the longest that the alarm sleeps: a clock that was set, or daylight saving, is noticed
// within it.
const nap = 20 * time.Second

// Alarm carries out releases at their second until ctx ends. The queue's job for each is the net
// below it: the queue looks every few seconds, which is late for an embargo.
//
// Several nodes may ring at once; the first one does it.
func (s *Service) Alarm(ctx context.Context, log *slog.Logger) error {
	woken, end := s.db.Signals("events") // a release that was scheduled is told of as an event
	defer end()
	for {
		wait := nap
		next, err := nextDue(ctx, s.db.Read())
		switch {
		case err != nil && ctx.Err() == nil:
			log.Warn("releases that are due", "err", err)
		case err == nil && !next.IsZero():
			wait = min(wait, max(0, next.Sub(s.db.Now())))
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-woken:
			timer.Stop()
			continue
		case <-timer.C:
		}
		if next.IsZero() || s.db.Now().Before(next) {
			continue
		}
		n, err := s.RunDue(ctx)
		if err != nil && ctx.Err() == nil {
			log.Error("release that was due", "err", err)
		}
		if n == 0 {
			// It is due and didn't go out: an embargo, a fault. Once a second is often enough to ask.
			pause := time.NewTimer(time.Second)
			select {
			case <-ctx.Done():
				pause.Stop()
				return nil
			case <-pause.C:
			}
		}
	}
}

// nextDue is when the next release waits to go out; zero if none does.
func nextDue(ctx context.Context, q db.Conn) (time.Time, error) {
	var at db.Time
	err := q.QueryRowContext(ctx, `
		SELECT due_at FROM release WHERE done_at IS NULL AND due_at IS NOT NULL AND NOT cancelled
		ORDER BY due_at LIMIT 1`).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return at.Time, err
}
