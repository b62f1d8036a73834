// Package enginetest has what tests need of engines: an [Engine] within the process, and for each
// service that an engine speaks to a small server that answers as the service does, faults
// included. Nothing here is an engine for a paper.
package enginetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"depesche/internal/engine"
	"depesche/internal/lang"
)

// Engine is an engine.Engine that turns capitals into small letters and small letters into capitals,
// and leaves figures, marks, tags and entities as they are: see [Swap]. It is safe for many
// goroutines.
type Engine struct {
	mu     sync.Mutex
	info   engine.Info
	pairs  []engine.Pair
	says   map[string]string
	lost   map[string]bool
	spoil  func(source, target string) string
	model  string
	breaks []*engine.Error
	broken *engine.Error
	held   *gate
	asked  []engine.Request
	count  int64
}

// gate is where requests wait.
type gate struct {
	arrived chan engine.Request
	open    chan struct{}
}

// New returns an engine of that name and kind "test", of HTML, for pairs written "uk-de". A pair of
// tags that themselves have a hyphen is given with [Engine.Also].
func New(name string, pairs ...string) *Engine {
	e := &Engine{
		info: engine.Info{Name: name, Kind: "test", HTML: true, Context: true, Terms: true},
		says: map[string]string{}, lost: map[string]bool{}, model: "swap",
	}
	for _, p := range pairs {
		from, to, _ := strings.Cut(p, "-")
		e.pairs = append(e.pairs, engine.Pair{From: lang.Tag(from), To: lang.Tag(to)})
	}
	return e
}

// Declare changes what the engine says of itself. Its limits are enforced.
func (e *Engine) Declare(change func(*engine.Info)) *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(&e.info)
	return e
}

// Also adds pairs.
func (e *Engine) Also(pairs ...engine.Pair) *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.pairs = append(e.pairs, pairs...)
	return e
}

// Says makes the engine answer the whole text source with target.
func (e *Engine) Says(source, target string) *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.says[source] = target
	return e
}

// Loses makes the engine fail on these texts alone: they are in Result.Failed.
func (e *Engine) Loses(texts ...string) *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, t := range texts {
		e.lost[t] = true
	}
	return e
}

// Spoils puts every translation through fn: to cut its end, to break its tags, to leave it in the
// source's language. nil ends it.
func (e *Engine) Spoils(fn func(source, target string) string) *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.spoil = fn
	return e
}

// Breaks makes the next requests fail with these errors, one each; nil lets one pass. The engine's
// name is put in.
func (e *Engine) Breaks(errs ...*engine.Error) *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.breaks = append(e.breaks, errs...)
	return e
}

// Stays makes every request fail with err, until it is called with nil.
func (e *Engine) Stays(err *engine.Error) *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.broken = err
	return e
}

// Hold makes every request wait, after it was written down, until release is called; each that waits
// is sent on arrived, which must be read. A request whose context ends no longer waits.
func (e *Engine) Hold() (arrived <-chan engine.Request, release func()) {
	g := &gate{arrived: make(chan engine.Request), open: make(chan struct{})}
	e.mu.Lock()
	e.held = g
	e.mu.Unlock()
	return g.arrived, sync.OnceFunc(func() {
		e.mu.Lock()
		if e.held == g {
			e.held = nil
		}
		e.mu.Unlock()
		close(g.open)
	})
}

// Asked are the requests so far, failed ones too.
func (e *Engine) Asked() []engine.Request {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.asked)
}

// Characters are those of all texts asked so far: what a service would charge if nothing failed.
func (e *Engine) Characters() int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.count
}

// Info says what was declared.
func (e *Engine) Info() engine.Info {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.info
}

// Pairs returns the pairs it was made with, or the error that [Engine.Stays].
func (e *Engine) Pairs(ctx context.Context) ([]engine.Pair, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.broken != nil {
		return nil, e.named(*e.broken)
	}
	return slices.Clone(e.pairs), ctx.Err()
}

// Translate answers as it was told to.
func (e *Engine) Translate(ctx context.Context, r engine.Request) (engine.Result, error) {
	r.Texts, r.Terms = slices.Clone(r.Texts), slices.Clone(r.Terms)
	characters := int64(Characters(r.Texts...))
	e.mu.Lock()
	e.asked = append(e.asked, r)
	e.count += characters
	held := e.held
	e.mu.Unlock()
	if held != nil {
		if err := held.wait(ctx, r); err != nil {
			return engine.Result{}, e.named(engine.Error{Trouble: engine.Gone, Sent: true, Err: err})
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.refusal(ctx, r, characters); err != nil {
		return engine.Result{}, e.named(*err)
	}
	out := engine.Result{Texts: make([]string, len(r.Texts)), Model: e.model, Billed: characters}
	for i, t := range r.Texts {
		if e.lost[t] {
			out.Failed = append(out.Failed, i)
			continue
		}
		out.Texts[i] = e.one(t, r.Terms)
	}
	return out, nil
}

func (g *gate) wait(ctx context.Context, r engine.Request) error {
	select {
	case g.arrived <- r:
	case <-g.open:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-g.open:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Engine) refusal(ctx context.Context, r engine.Request, characters int64) *engine.Error {
	if err := ctx.Err(); err != nil {
		return &engine.Error{Trouble: engine.Gone, Err: err}
	}
	if len(e.breaks) > 0 {
		err := e.breaks[0]
		e.breaks = e.breaks[1:]
		if err != nil {
			return err
		}
	}
	if e.broken != nil {
		return e.broken
	}
	if !slices.Contains(e.pairs, r.Pair) {
		return &engine.Error{Trouble: engine.Unsupported, Err: errors.New(r.Pair.String())}
	}
	l := e.info.Limits
	if l.Texts > 0 && len(r.Texts) > l.Texts || l.Characters > 0 && characters > int64(l.Characters) {
		return &engine.Error{Trouble: engine.TooLong, Err: errors.New("the request is beyond the limits that were declared")}
	}
	return nil
}

func (e *Engine) named(err engine.Error) *engine.Error {
	err.Engine = e.info.Name
	if err.Err == nil {
		err.Err = errors.New("as the test wants it")
	}
	return &err
}

func (e *Engine) one(text string, terms []engine.Term) string {
	out, said := e.says[text]
	if !said {
		out = swapAround(text, terms, e.info.HTML)
	}
	if e.spoil != nil {
		out = e.spoil(text, out)
	}
	return out
}

// Swap is what an [Engine] makes of a text: each letter's other case, tags and entities untouched in
// a text of HTML.
func Swap(text string, html bool) string { return swapAround(text, nil, html) }

// swapAround puts the terms' targets where their sources stand, longest first, and swaps the rest.
func swapAround(text string, terms []engine.Term, html bool) string {
	terms = slices.Clone(terms)
	slices.SortStableFunc(terms, func(a, b engine.Term) int { return len(b.Source) - len(a.Source) })
	var b strings.Builder
	for text != "" {
		if n := markup(text); html && n > 0 {
			b.WriteString(text[:n])
			text = text[n:]
			continue
		}
		if i := slices.IndexFunc(terms, func(t engine.Term) bool { return t.Source != "" && strings.HasPrefix(text, t.Source) }); i >= 0 {
			b.WriteString(terms[i].Target)
			text = text[len(terms[i].Source):]
			continue
		}
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case unicode.IsUpper(r):
			b.WriteRune(unicode.ToLower(r))
		case unicode.IsLower(r):
			b.WriteRune(unicode.ToUpper(r))
		default:
			b.WriteString(text[:size])
		}
		text = text[size:]
	}
	return b.String()
}

// markup is the length of the tag or entity that text begins with, 0 if it doesn't.
func markup(text string) int {
	switch text[0] {
	case '<':
		return strings.IndexByte(text, '>') + 1
	case '&':
		if end := strings.IndexByte(text, ';'); end > 0 && end < 12 && !strings.ContainsAny(text[1:end], " &<>") {
			return end + 1
		}
	}
	return 0
}

// Characters counts the Unicode code points of the texts.
func Characters(texts ...string) int {
	n := 0
	for _, t := range texts {
		n += utf8.RuneCountInString(t)
	}
	return n
}
