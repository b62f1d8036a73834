package live

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/events"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// Start has a story run live, or go on after it ended. open lets reporters and translators send entries out
// themselves. It takes the right to publish the story; one that runs already is problem.Conflict, and so is an
// entry.
func (s *Service) Start(ctx context.Context, a actor.Actor, id story.ID, open bool) (Coverage, error) {
	return s.turn(ctx, a, id, "live.start", func(tx *db.Tx, c *Coverage) error {
		if c.Running() {
			return problem.New(problem.Conflict, "problem.live_runs")
		}
		if c.Story == "" {
			*c = Coverage{Story: id, Began: tx.Now()}
		}
		c.Ended, c.Open = nil, open
		return nil
	})
}

// End says that nothing more comes. The entries stay, and can be corrected.
func (s *Service) End(ctx context.Context, a actor.Actor, id story.ID, version int64) (Coverage, error) {
	return s.turn(ctx, a, id, "live.end", func(tx *db.Tx, c *Coverage) error {
		if err := running(*c, version); err != nil {
			return err
		}
		now := tx.Now()
		c.Ended = &now
		return nil
	})
}

// Open says whether reporters and translators send entries out themselves.
func (s *Service) Open(ctx context.Context, a actor.Actor, id story.ID, version int64, open bool) (Coverage, error) {
	return s.turn(ctx, a, id, "live.open", func(_ *db.Tx, c *Coverage) error {
		c.Open = open
		return running(*c, version)
	})
}

func running(c Coverage, version int64) error {
	switch {
	case !c.Running():
		return problem.New(problem.Conflict, "problem.live_ended")
	case c.Version != version:
		return problem.New(problem.Conflict, "problem.live_changed")
	}
	return nil
}

// turn reads the coverage, has change decide what becomes of it, and writes and tells that.
func (s *Service) turn(ctx context.Context, a actor.Actor, id story.ID, act string, change func(*db.Tx, *Coverage) error) (Coverage, error) {
	var out Coverage
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.stories.Touch(ctx, tx, id); err != nil {
			return err
		}
		st, err := s.stories.ByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if st.LiveOf != "" {
			return problem.New(problem.Conflict, "problem.live_entry")
		}
		if err := s.editions.May(ctx, tx, a, st, st.OriginalLang, actor.Publish); err != nil {
			return err
		}
		c, err := s.Of(ctx, tx, id)
		if err != nil && !problem.Is(err, problem.NotFound) {
			return err
		}
		if err := change(tx, &c); err != nil {
			return err
		}
		if out, err = putCoverage(ctx, tx, c); err != nil {
			return err
		}
		subject := "story:" + string(id)
		if err := audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: act, Subject: subject, Detail: map[string]any{"open": c.Open}}); err != nil {
			return err
		}
		return events.Append(ctx, tx, "live.state", subject, Happened{Story: id})
	})
	if err != nil {
		return Coverage{}, fmt.Errorf("%s of story %s: %w", act, id, err)
	}
	return out, nil
}
