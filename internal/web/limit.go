package web

import (
	"net/http"
	"sync"

	"golang.org/x/time/rate"

	"depesche/internal/clock"
	"depesche/internal/problem"
)

// Limiter bounds how often each key may do something. It remembers about as many keys as it was
// told, whatever strangers send.
type Limiter struct {
	clock clock.Clock
	rate  rate.Limit
	burst int
	half  int

	// Two generations instead of a list by age: when the young one is full the old one is dropped.
	mu         sync.Mutex
	young, old map[string]*rate.Limiter
}

// NewLimiter allows each key perSecond on average and burst at once, for at least keys/2 and at most keys
// different ones.
func NewLimiter(c clock.Clock, perSecond float64, burst, keys int) *Limiter {
	return &Limiter{clock: c, rate: rate.Limit(perSecond), burst: burst, half: max(1, keys/2), young: map[string]*rate.Limiter{}}
}

// Allow counts one for key and returns [problem.TooMany] if that was too many.
func (l *Limiter) Allow(key string) error {
	if !l.of(key).AllowN(l.clock.Now(), 1) {
		return problem.New(problem.TooMany, "problem.too_many_requests")
	}
	return nil
}

// Reserve is Allow for what may turn out not to count: back takes it back, at once or never.
func (l *Limiter) Reserve(key string) (back func(), err error) {
	now := l.clock.Now()
	r := l.of(key).ReserveN(now, 1)
	if !r.OK() || r.DelayFrom(now) > 0 {
		r.CancelAt(now)
		return nil, problem.New(problem.TooMany, "problem.too_many_requests")
	}
	return func() { r.CancelAt(now) }, nil
}

func (l *Limiter) of(key string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.young[key]; ok {
		return b
	}
	b, ok := l.old[key]
	if !ok {
		b = rate.NewLimiter(l.rate, l.burst)
	}
	if len(l.young) >= l.half {
		l.old, l.young = l.young, make(map[string]*rate.Limiter, l.half)
	}
	l.young[key] = b
	return b
}

// RateLimit lets h answer only as often as l allows whoever key names; key may be [LimitKey].
func (s *Site) RateLimit(l *Limiter, key func(*http.Request) string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := l.Allow(key(r)); err != nil {
			s.Fail(w, r, err)
			return
		}
		h.ServeHTTP(w, r)
	})
}
