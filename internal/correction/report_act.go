package correction

import (
	"context"
	"fmt"

	"depesche/internal/actor"
	"depesche/internal/audit"
	"depesche/internal/db"
	"depesche/internal/jobs"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
)

// MaySee reports whether reports of a story are the actor's business: of who writes or translates in one
// of its languages, in its section.
func MaySee(a actor.Actor, r Report, langs []lang.Tag) bool {
	for _, l := range append([]lang.Tag{r.Lang}, langs...) {
		scope := actor.Scope{Lang: l, Section: string(r.Section)}
		if actor.May(a, actor.Write, scope) || actor.May(a, actor.Translate, scope) {
			return true
		}
	}
	return false
}

// moves are what the audit calls the ways.
var moves = map[ReportState]string{
	ReportOpen: "report.open", ReportTaken: "report.taken", ReportCorrected: "report.corrected", ReportNoFault: "report.no_fault", ReportSpam: "report.spam",
}

// Move brings a report to another state, guarded by version. Taken by somebody else it may be taken over.
// What is spam loses its readers' addresses at once.
//
// It refuses with problem.Forbidden if it isn't the actor's business, and with problem.Conflict if
// somebody else was quicker or it is closed already.
func (s *Service) Move(ctx context.Context, a actor.Actor, id ReportID, version int64, to ReportState) (Report, error) {
	var out Report
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.ReportByID(ctx, tx, id)
		if err != nil {
			return err
		}
		langs, err := languages(ctx, tx, r.Story)
		if err != nil {
			return err
		}
		switch {
		case !MaySee(a, r, langs):
			return problem.New(problem.Forbidden, "problem.may_not_write")
		case r.Version != version || r.State.Closed():
			return problem.New(problem.Conflict, "problem.report_changed")
		}
		if moves[to] == "" {
			return problem.New(problem.Invalid, "problem.choice")
		}
		out, err = move(ctx, tx, a, r, to)
		return err
	})
	if err != nil {
		return Report{}, fmt.Errorf("report %s: %w", id, err)
	}
	return out, nil
}

func move(ctx context.Context, tx *db.Tx, a actor.Actor, r Report, to ReportState) (Report, error) {
	r.State, r.ByID, r.ByName = to, a.ID, a.Name
	if to == ReportOpen {
		r.ByID, r.ByName = "", ""
	}
	if err := moveReport(ctx, tx, r); err != nil {
		return Report{}, err
	}
	err := audit.Record(ctx, tx, audit.Entry{Actor: a.ID, Act: moves[to], Subject: "story:" + string(r.Story), Detail: map[string]any{
		"report": r.ID, "edition": r.Edition, "block": r.Block,
	}})
	if err != nil {
		return Report{}, err
	}
	kind := "report.moved"
	if to.Closed() {
		kind = "report.closed"
	}
	return r, tellReport(ctx, tx, kind, r)
}

// Settle closes reports of a story as corrected, within the act that brings the corrected text out. One that
// somebody closed meanwhile stays as it was closed: it must not stop the correction. One of another story
// is problem.NotFound.
func (s *Service) Settle(ctx context.Context, tx *db.Tx, a actor.Actor, st story.ID, ids []ReportID) error {
	for _, id := range ids {
		r, err := s.ReportByID(ctx, tx, id)
		if err == nil && r.Story != st {
			err = problem.New(problem.NotFound, "problem.not_found")
		}
		if err != nil {
			return fmt.Errorf("report %s: %w", id, err)
		}
		if r.State.Closed() {
			continue
		}
		if _, err := move(ctx, tx, a, r, ReportCorrected); err != nil {
			return fmt.Errorf("report %s: %w", id, err)
		}
	}
	return nil
}

// Forget is the job that deletes what readers left when its time is over.
type Forget struct{}

// Kind names the job.
func (Forget) Kind() string { return "report.forget" }

// Handle takes the room's jobs.
func (s *Service) Handle(r *jobs.Runner) {
	jobs.Handle(r, func(ctx context.Context, _ Forget) error { return s.Forget(ctx) })
	r.Periodic(forgetEvery, Forget{})
}

// Forget deletes addresses of readers and closed reports whose time is over.
func (s *Service) Forget(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return forget(ctx, tx) })
}
