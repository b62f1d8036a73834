package bergamot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"depesche/internal/engine/bergamot/store"
	"depesche/internal/engine/bergamot/wasm"
)

// worker is a machine with the models of one route.
type worker struct {
	machine *wasm.Machine
	models  []wasm.Model
	key     string
	bytes   int64
}

// pool keeps machines that have nothing to do, so that models needn't be loaded anew.
type pool struct {
	store   *store.Store
	options Options
	turns   chan struct{} // a token for each machine that may work at once

	compiling sync.Mutex
	programs  map[string]*wasm.Program // by their hash

	mu   sync.Mutex
	idle []*worker // the longest unused first
	busy int64     // bytes of those at work

	rest *time.Timer // gives memory back when nobody has asked for a while
}

func newPool(s *store.Store, o Options) *pool {
	p := &pool{store: s, options: o, turns: make(chan struct{}, o.Machines), programs: map[string]*wasm.Program{}}
	p.rest = time.AfterFunc(o.Idle, func() { p.shrink(context.Background(), -1) })
	return p
}

// take returns a machine for a route, an idle one or a new one, when it is its turn. It must be given
// back.
func (p *pool) take(ctx context.Context, r route) (*worker, error) {
	select {
	case p.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	w, err := p.worker(ctx, r)
	if err != nil {
		<-p.turns
	}
	return w, err
}

func (p *pool) worker(ctx context.Context, r route) (*worker, error) {
	key := r.key()
	p.mu.Lock()
	for i := len(p.idle) - 1; i >= 0; i-- {
		if w := p.idle[i]; w.key == key {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			p.busy += w.bytes
			p.mu.Unlock()
			return w, nil
		}
	}
	// A machine takes some times its files; what it really takes is known when it is given back.
	w := &worker{key: key, bytes: 4 * r.size()}
	p.busy += w.bytes
	p.mu.Unlock()
	p.evict(ctx)
	if err := p.fill(ctx, w, r); err != nil {
		p.mu.Lock()
		p.busy -= w.bytes
		p.mu.Unlock()
		return nil, err
	}
	return w, nil
}

// fill starts a machine and loads the models.
func (p *pool) fill(ctx context.Context, w *worker, r route) error {
	program, err := p.program(ctx, r.program)
	if err != nil {
		return err
	}
	if w.machine, err = program.Start(ctx); err != nil {
		return err
	}
	for _, m := range r.models {
		f, err := p.files(m)
		if err == nil {
			var mo wasm.Model
			mo, err = w.machine.Load(ctx, f)
			w.models = append(w.models, mo)
		}
		if err != nil {
			return errors.Join(fmt.Errorf("model %s: %w", m.Pair(), err), w.machine.Close(ctx))
		}
	}
	return nil
}

// files reads a model's files; their hashes are compared on the way.
func (p *pool) files(m store.Model) (f wasm.Files, err error) {
	f.Config = wasm.Config(m.Alphas, p.options.MaxLengthFactor)
	if f.Model, err = p.store.Read(m.Weights); err != nil {
		return f, err
	}
	if f.Shortlist, err = p.store.Read(m.Shortlist); err != nil {
		return f, err
	}
	for _, v := range m.Vocabs {
		b, err := p.store.Read(v)
		if err != nil {
			return f, err
		}
		f.Vocabs = append(f.Vocabs, b)
	}
	return f, nil
}

// program compiles a program once. Others wait meanwhile; with the cache it is a tenth of a second.
func (p *pool) program(ctx context.Context, f store.File) (*wasm.Program, error) {
	p.compiling.Lock()
	defer p.compiling.Unlock()
	if w := p.programs[f.SHA256]; w != nil {
		return w, nil
	}
	b, err := p.store.Read(f)
	if err != nil {
		return nil, err
	}
	w, err := wasm.Compile(context.WithoutCancel(ctx), b, wasm.Options{CacheDir: p.store.Cache(), Kernel: p.options.Kernel, Memory: p.options.MachineMemory})
	if err != nil {
		return nil, err
	}
	p.programs[f.SHA256] = w
	return w, nil
}

// give takes a machine back; one that failed is thrown away, since its state may be anything.
func (p *pool) give(ctx context.Context, w *worker, failed bool) {
	ctx = context.WithoutCancel(ctx)
	held := w.machine.Bytes()
	p.mu.Lock()
	p.busy -= w.bytes
	if w.bytes = held; !failed {
		p.idle = append(p.idle, w)
	}
	p.mu.Unlock()
	if failed {
		_ = w.machine.Close(ctx)
	}
	p.evict(ctx)
	p.rest.Reset(p.options.Idle)
	<-p.turns
}

// evict closes idle machines, the longest unused first, until all together fit into the memory.
func (p *pool) evict(ctx context.Context) {
	p.shrink(ctx, p.options.Memory)
}

func (p *pool) shrink(ctx context.Context, limit int64) {
	p.mu.Lock()
	total := p.busy
	for _, w := range p.idle {
		total += w.bytes
	}
	var gone []*worker
	for len(p.idle) > 0 && total > limit {
		gone, total = append(gone, p.idle[0]), total-p.idle[0].bytes
		p.idle = p.idle[1:]
	}
	p.mu.Unlock()
	for _, w := range gone {
		_ = w.machine.Close(context.WithoutCancel(ctx))
	}
}

// close ends everything. Nobody may be at work.
func (p *pool) close(ctx context.Context) error {
	p.rest.Stop()
	p.shrink(ctx, -1)
	p.compiling.Lock()
	defer p.compiling.Unlock()
	var errs []error
	for k, w := range p.programs {
		errs = append(errs, w.Close(ctx))
		delete(p.programs, k)
	}
	return errors.Join(errs...)
}

// State is what an engine holds in memory.
type State struct {
	Idle  int   // machines that wait with their models loaded
	Bytes int64 // of all machines, those at work included
}

func (p *pool) state() State {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := State{Idle: len(p.idle), Bytes: p.busy}
	for _, w := range p.idle {
		s.Bytes += w.bytes
	}
	return s
}
