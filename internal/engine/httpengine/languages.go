package httpengine

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/text/language"

	"depesche/internal/clock"
	"depesche/internal/engine"
	"depesche/internal/lang"
)

// Code is a language as a service calls it, and as we do.
type Code struct {
	Code string
	Tag  lang.Tag
}

// Codes reads a service's codes; own are those that mean something else there than in BCP 47. What
// is no language is left out.
func Codes(codes []string, own map[string]lang.Tag) []Code {
	var out []Code
	for _, c := range codes {
		t, ok := own[c]
		if !ok {
			var err error
			if t, err = lang.Parse(c); err != nil {
				continue
			}
		}
		out = append(out, Code{Code: c, Tag: t})
	}
	return out
}

// parts are a tag's subtags, with those that go without saying.
func parts(t lang.Tag) (base, script, region string) {
	p, err := language.Parse(string(t))
	if err != nil {
		return string(t), "", ""
	}
	b, _ := p.Base()
	s, _ := p.Script()
	r, _ := p.Region()
	return b.String(), s.String(), r.String()
}

// Nearest returns the service's code for our tag: the same, or another variety of the same language
// in the same script. Where only varieties are on offer, the first that is preferred goes first.
func Nearest(t lang.Tag, codes []Code, preferred []lang.Tag) (string, bool) {
	base, script, region := parts(t)
	best, code := 0, ""
	for _, c := range codes {
		b, s, r := parts(c.Tag)
		if b != base || s != script {
			continue
		}
		weight := 1
		at := slices.Index(preferred, c.Tag)
		switch {
		case c.Tag == t:
			weight = 1000
		case r == region && t.Base() != t:
			weight = 900 // pt-BR, where the service says pt and means it
		case at >= 0:
			weight = 800 - min(at, 700)
		case c.Tag == c.Tag.Base():
			weight = 2
		}
		if weight > best {
			best, code = weight, c.Code
		}
	}
	return code, best > 0
}

// Pairs are the directions between the languages; linked tells which there are, nil means all.
// A language that is on offer only in varieties is offered without one as well: which it will be is
// [Nearest]'s to say.
func Pairs(sources, targets []Code, linked func(source, target string) bool) []engine.Pair {
	var out []engine.Pair
	seen := map[engine.Pair]bool{}
	add := func(p engine.Pair) {
		if !seen[p] && p.From.Base() != p.To.Base() {
			seen[p] = true
			out = append(out, p)
		}
	}
	for _, s := range sources {
		for _, t := range targets {
			if linked != nil && !linked(s.Code, t.Code) {
				continue
			}
			for _, from := range []lang.Tag{s.Tag, s.Tag.Base()} {
				for _, to := range []lang.Tag{t.Tag, t.Tag.Base()} {
					add(engine.Pair{From: from, To: to})
				}
			}
		}
	}
	return out
}

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
