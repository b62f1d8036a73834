// Package clock hands in the time, so that rules never ask for it and tests can set it.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time. Implementations are safe for many goroutines.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
var System Clock = system{}

type system struct{}

func (system) Now() time.Time { return time.Now() }

// Fixed is a clock that stands still.
type Fixed time.Time

// Now returns the time the clock stands at.
func (f Fixed) Now() time.Time { return time.Time(f) }

// Stepping is a clock for tests: it moves only when told.
type Stepping struct {
	mu  sync.Mutex
	now time.Time
}

// NewStepping returns a clock that shows now until it is moved.
func NewStepping(now time.Time) *Stepping { return &Stepping{now: now} }

// Now returns the time last set.
func (s *Stepping) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// Set moves the clock to now, forwards or back.
func (s *Stepping) Set(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// Advance moves the clock by d and returns the new time.
func (s *Stepping) Advance(d time.Duration) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
	return s.now
}
