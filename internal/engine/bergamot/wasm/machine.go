// Package wasm runs Bergamot, the translation program of Firefox, from its WebAssembly build: in
// wazero's sandbox, without cgo. The build is not changed but for its memory, which it imports and
// wazero can't give; all else that a browser's scripts do for it is done here.
package wasm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"depesche/internal/engine/bergamot/gemm"
)

// Options say how a program runs. The zero value is for use.
type Options struct {
	// CacheDir keeps the machine code between starts; "" keeps none, and compiling takes seconds.
	CacheDir string
	// Kernel multiplies; nil is the fastest for this processor.
	Kernel *gemm.Kernel
	// Memory bounds one machine, in bytes; 0 is 1 GiB.
	Memory uint32
}

// Program is the compiled build, of which machines are made. It is safe for many goroutines.
type Program struct {
	o        Options
	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	cache    wazero.CompilationCache
}

// Compile makes machine code of the build: some seconds, or a tenth of one where CacheDir has it.
func Compile(ctx context.Context, bin []byte, o Options) (*Program, error) {
	if o.Kernel == nil {
		o.Kernel = gemm.Best()
	}
	if o.Memory == 0 {
		o.Memory = 1 << 30
	}
	bin, err := ownMemory(bin, moduleEnv, memoryName)
	if err != nil {
		return nil, err
	}
	p := &Program{o: o, cache: wazero.NewCompilationCache()}
	if o.CacheDir != "" {
		if p.cache, err = wazero.NewCompilationCacheWithDir(o.CacheDir); err != nil {
			return nil, fmt.Errorf("cache of the embedded engine: %w", err)
		}
	}
	p.runtime = wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().
		WithCompilationCache(p.cache).
		WithCoreFeatures(api.CoreFeaturesV2|experimental.CoreFeaturesThreads))
	if p.compiled, err = p.runtime.CompileModule(ctx, bin); err == nil {
		err = hostModules(ctx, p.runtime, p.compiled)
	}
	if err != nil {
		return nil, errors.Join(err, p.Close(ctx))
	}
	return p, nil
}

// Close ends the program and all its machines.
func (p *Program) Close(ctx context.Context) error {
	return errors.Join(p.runtime.Close(ctx), p.cache.Close(ctx))
}

// Machine is one instance: a memory of its own, and one job at a time. After an error of any of its
// methods it can only be closed: the module's state may be anything.
type Machine struct {
	mod      api.Module
	memory   linearMemory
	kernel   *gemm.Kernel
	limit    uint32
	reg      *registry
	register map[string]api.GoModuleFunc
	malloc   api.Function
	freeFn   api.Function
	said     strings.Builder
	service  object
}

// Start makes a machine.
func (p *Program) Start(ctx context.Context) (*Machine, error) {
	m := &Machine{kernel: p.o.Kernel, limit: p.o.Memory, reg: newRegistry()}
	m.register = m.reg.handlers()
	ctx = m.context(experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(func(_, limit uint64) experimental.LinearMemory {
		m.memory = allocate(limit)
		return m.memory
	})))
	mod, err := p.runtime.InstantiateModule(ctx, p.compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return nil, err
	}
	m.mod = mod
	if err := m.start(ctx); err != nil {
		return nil, errors.Join(err, mod.Close(ctx))
	}
	return m, nil
}

func (m *Machine) context(ctx context.Context) context.Context {
	return context.WithValue(ctx, machineKey{}, m)
}

func (m *Machine) start(ctx context.Context) error {
	m.malloc, m.freeFn = m.mod.ExportedFunction("malloc"), m.mod.ExportedFunction("free")
	if m.malloc == nil || m.freeFn == nil || m.mod.Memory() == nil {
		return errShape
	}
	for _, name := range []string{"__wasm_call_ctors", "__embind_register_native_and_builtin_types"} {
		fn := m.mod.ExportedFunction(name)
		if fn == nil {
			return fmt.Errorf("%w: no %s", errShape, name)
		}
		if _, err := fn.Call(ctx); err != nil {
			return err
		}
	}
	var err error
	m.service, err = m.make(ctx, "BlockingService", record{"cacheSize": 0})
	return err
}

// Bytes is the memory that the machine holds of the system's: what it asks for is more, but most of
// that it never touches. It grows with models and texts and never shrinks.
func (m *Machine) Bytes() int64 { return m.memory.resident() }

// Close frees all that the machine holds.
func (m *Machine) Close(ctx context.Context) error { return m.mod.Close(ctx) }
