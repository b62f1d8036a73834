package httpengine

import (
	"context"
	"sync"
	"time"

	"depesche/internal/clock"
)

// Remembered keeps a value for a while. Of many who want it at once one asks, and the others get what
// that one gets, its failure too; a failure isn't kept. Where the one gave up, another asks.
type Remembered[T any] struct {
	clock clock.Clock
	ttl   time.Duration
	mu    sync.Mutex
	value T
	until time.Time
	now   *flight[T]
}

type flight[T any] struct {
	done   chan struct{}
	value  T
	err    error
	gaveUp bool
}

// Remember returns an empty one that keeps a value for ttl.
func Remember[T any](c clock.Clock, ttl time.Duration) *Remembered[T] {
	if c == nil {
		c = clock.System
	}
	return &Remembered[T]{clock: c, ttl: ttl}
}

// Value returns what is kept, or what ask returns.
func (m *Remembered[T]) Value(ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	for {
		m.mu.Lock()
		if m.clock.Now().Before(m.until) {
			defer m.mu.Unlock()
			return m.value, nil
		}
		f := m.now
		if f == nil {
			f = &flight[T]{done: make(chan struct{}), gaveUp: true}
			m.now = f
			m.mu.Unlock()
			return m.fly(ctx, f, ask)
		}
		m.mu.Unlock()
		select {
		case <-f.done:
			if !f.gaveUp {
				return f.value, f.err
			}
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		}
	}
}

func (m *Remembered[T]) fly(ctx context.Context, f *flight[T], ask func(context.Context) (T, error)) (T, error) {
	defer func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if !f.gaveUp && f.err == nil {
			m.value, m.until = f.value, m.clock.Now().Add(m.ttl)
		}
		m.now = nil
		close(f.done)
	}()
	f.value, f.err = ask(ctx)
	f.gaveUp = f.err != nil && ctx.Err() != nil
	return f.value, f.err
}
