package wasm

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// Modules that Bergamot's build imports functions from.
const (
	moduleEnv  = "env"
	moduleWASI = "wasi_snapshot_preview1"
	moduleGemm = "wasm_gemm"
	memoryName = "memory"
)

var (
	errMemory = errors.New("the module's memory has no room, or an address is outside it")
	errAbort  = errors.New("the module gave up")
)

// machineKey carries the machine to the functions that its module calls.
type machineKey struct{}

func of(ctx context.Context) *Machine { return ctx.Value(machineKey{}).(*Machine) }

// handler runs for one machine.
type handler func(ctx context.Context, m *Machine, s []uint64)

// hostModules gives the module all functions it imports. Those that we know nothing better for do
// nothing and return 0: files, directories and time zones that there aren't.
func hostModules(ctx context.Context, r wazero.Runtime, compiled wazero.CompiledModule) error {
	known := envHandlers()
	builders := map[string]wazero.HostModuleBuilder{}
	for _, def := range compiled.ImportedFunctions() {
		module, name, _ := def.Import()
		var h handler
		switch module {
		case moduleEnv, moduleWASI:
			h = known[name]
		case moduleGemm:
			if h = gemmHandlers[name]; h == nil {
				return fmt.Errorf("%w: it imports %s.%s", errShape, module, name)
			}
		default:
			return fmt.Errorf("%w: it imports from %s", errShape, module)
		}
		b := builders[module]
		if b == nil {
			b = r.NewHostModuleBuilder(module)
			builders[module] = b
		}
		returns := len(def.ResultTypes()) > 0
		b.NewFunctionBuilder().WithGoModuleFunction(api.GoModuleFunc(func(ctx context.Context, _ api.Module, s []uint64) {
			if h != nil {
				h(ctx, of(ctx), s)
			} else if returns {
				s[0] = 0
			}
		}), def.ParamTypes(), def.ResultTypes()).Export(name)
	}
	for _, b := range builders {
		if _, err := b.Instantiate(ctx); err != nil {
			return err
		}
	}
	return nil
}

// envHandlers are the functions of env and WASI that do something. Clocks stand still and chance is
// all zeros, so that equal input gives equal output.
func envHandlers() map[string]handler {
	known := map[string]handler{
		"abort":         giveUp("abort"),
		"exit":          giveUp("exit"),
		"__assert_fail": giveUp("assertion"),
		"__cxa_throw":   giveUp("exception"),
		"__cxa_rethrow": giveUp("exception"),
		"_emval_call":   giveUp("call of a script"),
		"pclose":        giveUp("pclose"),
		"__cxa_allocate_exception": func(ctx context.Context, m *Machine, s []uint64) {
			res, err := m.malloc.Call(ctx, uint64(u32(s[0])+16))
			if err != nil {
				panic(err)
			}
			s[0] = uint64(u32(res[0]) + 16)
		},
		"emscripten_resize_heap":  resizeHeap,
		"emscripten_get_heap_max": func(_ context.Context, m *Machine, s []uint64) { s[0] = uint64(m.limit) },
		"emscripten_memcpy_big":   copyWithin,
		"emscripten_get_now":      func(_ context.Context, _ *Machine, s []uint64) { s[0] = math.Float64bits(0) },
		"_emscripten_date_now":    func(_ context.Context, _ *Machine, s []uint64) { s[0] = math.Float64bits(0) },
		"_mmap_js":                func(_ context.Context, _ *Machine, s []uint64) { s[0] = api.EncodeI32(-52) }, // ENOSYS
		"getentropy":              zeros,
		"fd_write":                fdWrite,
		"environ_sizes_get":       environSizes,
		"_emval_decref":           func(_ context.Context, m *Machine, s []uint64) {},
		"_emval_incref":           func(_ context.Context, m *Machine, s []uint64) {},
	}
	for name := range newRegistry().handlers() {
		known[name] = func(ctx context.Context, m *Machine, s []uint64) { m.register[name](ctx, m.mod, s) }
	}
	return known
}

func giveUp(how string) handler {
	return func(context.Context, *Machine, []uint64) { panic(fmt.Errorf("%w (%s)", errAbort, how)) }
}

// resizeHeap grows the memory to what is wanted and some more; 0 says that it can't.
func resizeHeap(_ context.Context, m *Machine, s []uint64) {
	want, mem := uint64(u32(s[0])), m.mod.Memory()
	have := uint64(mem.Size())
	s[0] = 0
	for _, size := range []uint64{max(want, have+have/8), want} {
		if size = (size + 1<<20 - 1) &^ (1<<20 - 1); size > uint64(m.limit) {
			continue
		}
		if size <= have {
			s[0] = 1
			return
		}
		if _, ok := mem.Grow(uint32((size - have) >> 16)); ok { //nolint:gosec // below 2^16 pages
			s[0] = 1
			return
		}
	}
}

// copyWithin(to, from, n)
func copyWithin(_ context.Context, m *Machine, s []uint64) {
	to, from, n := u32(s[0]), u32(s[1]), u32(s[2])
	dst, ok1 := m.mod.Memory().Read(to, n)
	src, ok2 := m.mod.Memory().Read(from, n)
	if !ok1 || !ok2 {
		panic(errMemory)
	}
	copy(dst, src)
	s[0] = uint64(to)
}

// zeros(buffer, size)
func zeros(_ context.Context, m *Machine, s []uint64) {
	b, ok := m.mod.Memory().Read(u32(s[0]), u32(s[1]))
	if !ok {
		panic(errMemory)
	}
	clear(b)
	s[0] = 0
}

// environSizes(count, size): there is no environment.
func environSizes(_ context.Context, m *Machine, s []uint64) {
	mem := m.mod.Memory()
	if !mem.WriteUint32Le(u32(s[0]), 0) || !mem.WriteUint32Le(u32(s[1]), 0) {
		panic(errMemory)
	}
	s[0] = 0
}

// fdWrite(fd, vectors, count, written) keeps the beginning of what the module says. It may quote the
// text that is being translated, so it is shown only where no text is.
func fdWrite(_ context.Context, m *Machine, s []uint64) {
	mem := m.mod.Memory()
	total := uint32(0)
	at, count := u32(s[1]), u32(s[2])
	for i := range count {
		base, ok1 := mem.ReadUint32Le(at + 8*i)
		n, ok2 := mem.ReadUint32Le(at + 8*i + 4)
		b, ok3 := mem.Read(base, n)
		if !ok1 || !ok2 || !ok3 {
			panic(errMemory)
		}
		if room := 2000 - m.said.Len(); room > 0 {
			m.said.Write(b[:min(len(b), room)])
		}
		total += n
	}
	if !mem.WriteUint32Le(u32(s[3]), total) {
		panic(errMemory)
	}
	s[0] = 0
}

// spoken is what the module has said since the last time, on one line.
func (m *Machine) spoken() string {
	s := strings.Join(strings.Fields(m.said.String()), " ")
	m.said.Reset()
	return s
}
