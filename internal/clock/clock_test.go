package clock_test

import (
	"testing"
	"time"

	"depesche/internal/clock"
)

func TestStepping(t *testing.T) {
	start := time.Date(2026, 3, 29, 0, 59, 0, 0, time.UTC)
	c := clock.NewStepping(start)
	if got := c.Advance(time.Minute); !got.Equal(start.Add(time.Minute)) || !c.Now().Equal(got) {
		t.Errorf("after Advance: %v, %v", got, c.Now())
	}
	c.Set(start)
	if !c.Now().Equal(start) {
		t.Errorf("after Set: %v", c.Now())
	}
	if got := clock.Fixed(start).Now(); !got.Equal(start) {
		t.Errorf("Fixed: %v", got)
	}
}

func TestSystemMoves(t *testing.T) {
	if before := time.Now(); clock.System.Now().Before(before) {
		t.Error("the system's clock is behind itself")
	}
}
