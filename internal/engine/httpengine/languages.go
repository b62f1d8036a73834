package httpengine

import (
	"context"
	"slices"
	"time"

	"golang.org/x/text/language"

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

// nearest returns the service's code for our tag: the same, or another variety of the same language
// in the same script. Where only varieties are on offer, the first that is preferred goes first.
func nearest(t lang.Tag, codes []Code, preferred []lang.Tag) (string, bool) {
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

// Languages are what a service translates: from each source to each target that Linked allows, by their
// codes; nil allows all.
type Languages struct {
	Sources, Targets []Code
	Linked           func(source, target string) bool
}

// Each are languages of which each goes to each other.
func Each(codes []Code) Languages { return Languages{Sources: codes, Targets: codes} }

// Pairs are the directions between the languages. A language that is on offer only in varieties is
// offered without one as well: which it will be nearest says.
func (l Languages) Pairs() []engine.Pair {
	var out []engine.Pair
	seen := map[engine.Pair]bool{}
	add := func(p engine.Pair) {
		if !seen[p] && p.From.Base() != p.To.Base() {
			seen[p] = true
			out = append(out, p)
		}
	}
	for _, s := range l.Sources {
		for _, t := range l.Targets {
			if l.Linked != nil && !l.Linked(s.Code, t.Code) {
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

// Codes are the nearest to a pair, and whether there are any that go from one to the other.
func (l Languages) Codes(p engine.Pair, from, to []lang.Tag) (source, target string, ok bool) {
	source, ok = nearest(p.From, l.Sources, from)
	target, too := nearest(p.To, l.Targets, to)
	return source, target, ok && too && (l.Linked == nil || l.Linked(source, target))
}

// Spoken are a service's languages, asked for when they are first wanted and again after a while. Their
// errors are *engine.Error.
type Spoken struct {
	client *Client
	kept   *Remembered[Languages]
	ask    func(context.Context) (Languages, error)
}

// Spoken returns the languages of the service, which are kept for ttl.
func (c *Client) Spoken(ttl time.Duration, ask func(context.Context) (Languages, error)) *Spoken {
	return &Spoken{client: c, kept: Remember[Languages](c.clock, ttl), ask: ask}
}

// Pairs are those of [Languages].
func (s *Spoken) Pairs(ctx context.Context) ([]engine.Pair, error) {
	l, err := s.kept.Value(ctx, s.ask)
	if err != nil {
		return nil, s.client.Wrap(err)
	}
	return l.Pairs(), nil
}

// Codes are those of [Languages]; a pair that the service doesn't translate is an error.
func (s *Spoken) Codes(ctx context.Context, p engine.Pair, from, to []lang.Tag) (source, target string, err error) {
	l, err := s.kept.Value(ctx, s.ask)
	if err != nil {
		return "", "", s.client.Wrap(err)
	}
	source, target, ok := l.Codes(p, from, to)
	if !ok {
		return "", "", s.client.Unsupported(p)
	}
	return source, target, nil
}
