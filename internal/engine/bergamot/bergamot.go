// Package bergamot is the embedded engine: the translation program of Firefox, run inside our own
// process and sandbox by wazero, with models that an operator put into the data folder. Text never
// leaves the house.
//
//   - store is the folder, marian the models' files, wasm the program, gemm the arithmetic;
//   - here are the ways between languages, the pool of machines, and the engine.
//
// Equal texts give equal translations, whatever else is translated beside them, on any processor: each
// text is a batch of its own, and all kernels give the same bits.
package bergamot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"depesche/internal/engine"
	"depesche/internal/engine/bergamot/gemm"
	"depesche/internal/engine/bergamot/store"
	"depesche/internal/engine/bergamot/wasm"
)

// Kind is the engine's family.
const Kind = "bergamot"

// Limits of one request: long enough for an article of 10,000 words.
const (
	maxTexts      = 500
	maxCharacters = 200_000
)

// Options say how the engine runs. The zero value is for use.
type Options struct {
	// Name is the one the paper gave it; "" is the kind.
	Name string
	// Machines work at once, each on one core; 0 is half of the cores.
	Machines int
	// Memory is what all machines together may hold, in bytes; 0 is 1 GB. One is always allowed.
	Memory int64
	// MachineMemory bounds one machine, in bytes; 0 is 1 GiB.
	MachineMemory uint32
	// Idle is how long machines wait for the next text before their memory is given back; 0 is five
	// minutes.
	Idle time.Duration
	// MaxLengthFactor bounds a translation to so many times the length of its source; 0 is 2.
	MaxLengthFactor float64
	// Kernel multiplies; nil is the fastest for this processor.
	Kernel *gemm.Kernel
}

// Engine is the embedded engine. Nothing is loaded before the first translation.
type Engine struct {
	options Options
	store   *store.Store
	pool    *pool
}

var _ engine.Engine = (*Engine)(nil)

// New returns the engine of a folder. Programs and models that are added to the folder, or removed
// from it, count from the next request.
func New(s *store.Store, o Options) *Engine {
	if o.Name == "" {
		o.Name = Kind
	}
	if o.Machines <= 0 {
		o.Machines = max(1, runtime.NumCPU()/2)
	}
	if o.Memory == 0 {
		o.Memory = 1_000_000_000
	}
	if o.Idle == 0 {
		o.Idle = 5 * time.Minute
	}
	if o.MaxLengthFactor == 0 {
		o.MaxLengthFactor = wasm.MaxLengthFactor
	}
	return &Engine{options: o, store: s, pool: newPool(s, o)}
}

// Info says what it is.
func (e *Engine) Info() engine.Info {
	return engine.Info{
		Name: e.options.Name, Kind: Kind, HTML: true,
		Limits: engine.Limits{Texts: maxTexts, Characters: maxCharacters},
	}
}

// Pairs are the directions of the folder's models, and those through English.
func (e *Engine) Pairs(context.Context) ([]engine.Pair, error) {
	x, err := e.store.Index()
	if err != nil {
		return nil, e.fault(engine.Gone, err)
	}
	return reachable(x), nil
}

// Named returns the same engine under another name: both work on the same machines.
func (e *Engine) Named(name string) *Engine {
	out := *e
	out.options.Name = name
	return &out
}

// Kind is the embedded engine as a paper installs it. However often it does, the machines are e's.
func (e *Engine) Kind() engine.Kind {
	return engine.Kind{Key: engine.KeyNone, Files: true, Make: func(name string, _ json.RawMessage, _ string) (engine.Engine, error) {
		return e.Named(name), nil
	}}
}

// Check looks at the sizes of the folder's files and returns what is wrong, a line each. It is quick: for
// the start of a server. Their hashes are compared when they are loaded.
func (e *Engine) Check() ([]string, error) { return e.store.Check() }

// State is what the engine holds in memory now.
func (e *Engine) State() State { return e.pool.state() }

// Free gives back the memory of all machines that have nothing to do.
func (e *Engine) Free(ctx context.Context) { e.pool.shrink(ctx, -1) }

// Close ends the engine. It must not be at work.
func (e *Engine) Close(ctx context.Context) error { return e.pool.close(ctx) }

func (e *Engine) fault(t engine.Trouble, err error) *engine.Error {
	return &engine.Error{Engine: e.options.Name, Trouble: t, Err: err}
}

// errAll says that nothing came of a request.
var errAll = errors.New("no text could be translated")

// Translate translates the texts on as many machines as are free. A text that is no well-formed
// fragment, or at which the program gave up twice, is among the failed; a text without a letter
// comes back as it is.
func (e *Engine) Translate(ctx context.Context, q engine.Request) (engine.Result, error) {
	x, err := e.store.Index()
	if err != nil {
		return engine.Result{}, e.fault(engine.Gone, err)
	}
	r, ok := find(x, q.Pair)
	if !ok {
		return engine.Result{}, e.fault(engine.Unsupported, fmt.Errorf("no model for %s in the data folder", q.Pair))
	}
	if err := within(q.Texts); err != nil {
		return engine.Result{}, e.fault(engine.TooLong, err)
	}
	j := &job{engine: e, route: r, texts: q.Texts, out: make([]string, len(q.Texts)), failed: make([]bool, len(q.Texts))}
	todo := j.prepare()
	if err := j.run(ctx, todo); err != nil {
		if errors.Is(err, store.ErrDamaged) {
			return engine.Result{}, e.fault(engine.Refused, err)
		}
		return engine.Result{}, e.fault(engine.Gone, err)
	}
	res := engine.Result{Texts: j.out, Through: r.through(), Model: r.name()}
	for i, f := range j.failed {
		if f {
			res.Failed = append(res.Failed, i)
			res.Texts[i] = ""
		}
		res.Billed += int64(utf8.RuneCountInString(q.Texts[i]))
	}
	if len(todo) > 0 && len(res.Failed) == len(q.Texts) {
		return engine.Result{}, e.fault(engine.Garbled, errors.Join(errAll, j.cause))
	}
	return res, nil
}

func within(texts []string) error {
	if len(texts) > maxTexts {
		return fmt.Errorf("%d texts in one request", len(texts))
	}
	n := 0
	for _, s := range texts {
		n += utf8.RuneCountInString(s)
	}
	if n > maxCharacters {
		return fmt.Errorf("%d characters in one request", n)
	}
	return nil
}

// job is one request at work.
type job struct {
	engine *Engine
	route  route
	texts  []string

	next   atomic.Int64
	mu     sync.Mutex
	out    []string
	failed []bool
	cause  error
}

// prepare sorts out what needs no machine, and returns the indexes of the rest.
func (j *job) prepare() (todo []int) {
	for i, s := range j.texts {
		switch text, err := wellFormed(s); {
		case err != nil || !utf8.ValidString(s):
			j.failed[i] = true
		case !speaks(text):
			j.out[i] = s
		default:
			todo = append(todo, i)
		}
	}
	return todo
}

// run lets machines take one text after the other.
func (j *job) run(ctx context.Context, todo []int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for range min(j.engine.options.Machines, len(todo)) {
		wg.Go(func() {
			if err := j.work(ctx, todo); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// work is one machine's part.
func (j *job) work(ctx context.Context, todo []int) error {
	var w *worker
	defer func() {
		if w != nil {
			j.engine.pool.give(ctx, w, false)
		}
	}()
	for {
		k := int(j.next.Add(1)) - 1
		if k >= len(todo) {
			return nil
		}
		i := todo[k]
		// A machine that has worked for long may be at the end of its memory: a text at which one gave
		// up is tried on a fresh one.
		for try := 0; ; try++ {
			if w == nil {
				var err error
				if w, err = j.engine.pool.take(ctx, j.route); err != nil {
					return err
				}
			}
			s, err := w.machine.Translate(ctx, w.models, j.texts[i], true)
			if err == nil {
				j.done(i, s)
				break
			}
			j.engine.pool.give(ctx, w, true)
			w = nil
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if try > 0 {
				j.fail(i, err)
				break
			}
		}
	}
}

func (j *job) done(i int, s string) {
	if _, err := wellFormed(s); err != nil {
		j.fail(i, err)
		return
	}
	j.mu.Lock()
	j.out[i] = s
	j.mu.Unlock()
}

func (j *job) fail(i int, err error) {
	j.mu.Lock()
	j.failed[i], j.cause = true, err
	j.mu.Unlock()
}
