package release

import (
	"context"
	"errors"
	"fmt"
	"time"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/edition"
	"depesche/internal/jobs"
)

// Due is the job that carries out a scheduled release at its second.
type Due struct {
	Release ID `json:"release"`
}

// Kind names the job.
func (Due) Kind() string { return "release.due" }

// Overdue is the job of every minute that carries out what should have gone out: after a stopped
// machine, a clock that was set, a job that was lost.
type Overdue struct{}

// Kind names the job.
func (Overdue) Kind() string { return "release.overdue" }

// late is how far behind its time a release may go out and still show that time. Beyond, readers
// are shown when it really went out.
const late = time.Minute

// Handle has the runner carry out scheduled releases.
func (s *Service) Handle(r *jobs.Runner) {
	jobs.Handle(r, func(ctx context.Context, job Due) error {
		_, err := s.run(ctx, job.Release)
		return err
	})
	jobs.Handle(r, func(ctx context.Context, _ Overdue) error {
		_, err := s.RunDue(ctx)
		return err
	})
	r.Periodic(time.Minute, Overdue{})
}

// RunDue carries out what is due and returns how many releases went out. app calls it at the
// start, before the first page is served. One that fails doesn't hold up the others.
func (s *Service) RunDue(ctx context.Context) (int, error) {
	ids, err := due(ctx, s.db.Read(), s.db.Now())
	if err != nil {
		return 0, fmt.Errorf("releases that are due: %w", err)
	}
	n := 0
	var errs []error
	for _, id := range ids {
		done, err := s.run(ctx, id)
		errs = append(errs, err)
		if done {
			n++
		}
	}
	return n, errors.Join(errs...)
}

// run carries out one scheduled release, if its time has come and nobody did it yet. Its editions go
// out in the revision that was checked, all in one act.
func (s *Service) run(ctx context.Context, id ID) (bool, error) {
	went := false
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		went = false
		r, err := byID(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.Done != nil || r.Cancelled || r.Due == nil {
			return nil
		}
		if err := s.stories.Touch(ctx, tx, r.Story); err != nil {
			return err
		}
		b, err := s.load(ctx, tx, r.Story)
		if err != nil {
			return err
		}
		// The clock may have been set back, the embargo been moved.
		at := *r.Due
		if until := b.story.Embargo; until != nil && until.After(at) {
			at = *until
		}
		if tx.Now().Before(at) {
			return jobs.Enqueue(ctx, tx, Due{Release: id}, jobs.At(at), jobs.Unique())
		}
		if ok, err := finish(ctx, tx, id); err != nil || !ok {
			return err
		}
		went = true
		if tx.Now().Sub(at) > late {
			at = tx.Now()
		}
		return s.goOut(ctx, tx, b, r, at)
	})
	if err != nil {
		return false, fmt.Errorf("scheduled release %s: %w", id, err)
	}
	return went, nil
}

func (s *Service) goOut(ctx context.Context, tx *db.Tx, b batch, r Release, at time.Time) error {
	source, beside := b.originalOf(r)
	for _, part := range r.Editions {
		e, ok := b.edition(part.Edition)
		if !ok || e.State != edition.Scheduled || e.Scheduled == nil || !e.Scheduled.Equal(*r.Due) {
			continue // it went out, was called off or was given another time since
		}
		if again, err := superseded(ctx, tx, r, e.ID); err != nil {
			return err
		} else if again {
			continue
		}
		if held, err := s.overtaken(ctx, tx, source, beside, part, e); err != nil {
			return fmt.Errorf("%s edition: %w", part.Lang, err)
		} else if len(held) > 0 {
			r.Held = append(r.Held, held...)
			if err := s.leave(ctx, tx, b, r.ID, part, e, held); err != nil {
				return fmt.Errorf("%s edition: %w", part.Lang, err)
			}
			continue
		}
		doc := e.Doc
		if part.Revision != e.Revision {
			var err error
			if doc, err = s.editions.RevisionDoc(ctx, tx, e.ID, part.Revision); err != nil {
				return err
			}
		}
		var err error
		if e.Made, err = s.translate.Made(ctx, tx, e, doc); err != nil {
			return err
		}
		e, err = s.editions.GoOut(ctx, tx, b.story, e, part.Revision, edition.ActPublish, at)
		if err != nil {
			return fmt.Errorf("%s edition: %w", part.Lang, err)
		}
		if err := s.wentOut(ctx, tx, b.story, e, doc, part.Revision); err != nil {
			return err
		}
		if err := edition.Tell(ctx, tx, "edition.published", b.story, e); err != nil {
			return err
		}
	}
	detail := map[string]any{"release": r.ID, "editions": r.Editions, "by": r.ByID}
	if len(r.Held) > 0 {
		detail["held"] = r.Held
	}
	return audit.Record(ctx, tx, audit.Entry{
		Actor: actor.System("schedule").ID, Act: "release.due", Subject: "story:" + string(b.story.ID), Detail: detail,
	})
}
