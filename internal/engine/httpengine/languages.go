package httpengine

import (
	"context"
	"slices"
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

// Remembered keeps a value for a while. Of many who want it at once, one asks and the others wait;
// a failure isn't kept.
type Remembered[T any] struct {
	turn  chan struct{}
	clock clock.Clock
	ttl   time.Duration
	value T
	until time.Time
}

// Remember returns an empty one that keeps a value for ttl.
func Remember[T any](c clock.Clock, ttl time.Duration) *Remembered[T] {
	if c == nil {
		c = clock.System
	}
	return &Remembered[T]{turn: make(chan struct{}, 1), clock: c, ttl: ttl}
}

// Value returns what is kept, or what ask returns.
func (m *Remembered[T]) Value(ctx context.Context, ask func(context.Context) (T, error)) (T, error) {
	var none T
	select {
	case m.turn <- struct{}{}:
		defer func() { <-m.turn }()
	case <-ctx.Done():
		return none, ctx.Err()
	}
	if m.clock.Now().Before(m.until) {
		return m.value, nil
	}
	v, err := ask(ctx)
	if err != nil {
		return none, err
	}
	m.value, m.until = v, m.clock.Now().Add(m.ttl)
	return v, nil
}
