package release

import (
	"context"
	"errors"

	"depesche/internal/actor"
	"depesche/internal/db"
	"depesche/internal/jobs"
	"depesche/internal/story"
)

var errPending = errors.New("being written")

func (e *HeldError) Error() string { return "held by the checklist" }

// Checklist checks the newest revision of each edition of the story.
func (s *Service) Checklist(ctx context.Context, q db.Conn, st story.ID) (Checklist, error) {
	return Checklist{}, errPending
}

// Act does what cmd says with all chosen editions, or nothing.
func (s *Service) Act(ctx context.Context, a actor.Actor, cmd Command) (Release, error) {
	return Release{}, errPending
}

// History returns the story's releases, newest first, waiting ones included.
func (s *Service) History(ctx context.Context, q db.Conn, st story.ID) ([]Release, error) {
	return nil, errPending
}

// Waiting returns all scheduled releases that haven't run, the next due first: for Today.
func (s *Service) Waiting(ctx context.Context, q db.Conn, limit int) ([]Release, error) {
	return nil, errPending
}

// Handle has the runner carry out scheduled releases.
func (s *Service) Handle(r *jobs.Runner) {}

// RunDue carries out what is due and returns how many; app calls it at the start, and a minute's
// job does, so that nothing waits after a stopped machine or a clock that was set.
func (s *Service) RunDue(ctx context.Context) (int, error) { return 0, errPending }
