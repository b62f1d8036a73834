package webp

import (
	"context"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental/table"
)

// The module's names are shortened by its linker; these are from the JavaScript beside it. Both are
// pinned by the SHA-256 in origin.json.
const (
	imports = "a" // the module all imports are from

	exportMemory   = "x"
	exportCtors    = "y" // __wasm_call_ctors
	exportMalloc   = "z"
	exportFree     = "A"
	exportBindings = "C" // _embind_initialize_bindings: calls the register functions below

	importRegisterFunction    = "f"
	importRegisterObject      = "n"
	importRegisterObjectField = "a"
	importNewValue            = "v"
	importGetGlobal           = "w"
	importResizeHeap          = "p"
	importCopy                = "r"
	importAbort               = "g"
	importThrow               = "k"
)

// Handles of JavaScript values, as far as they pass through here.
const (
	handleNull   = 2
	handleGlobal = 5 // Uint8ClampedArray, the only global the module asks for
	handleResult = 6
)

type bindingsKey struct{}

// bindings is what one instance of the module has told about itself, and the value it has made.
type bindings struct {
	encoder   invoker
	newConfig uint32 // table index of the constructor of WebPConfig
	endConfig uint32
	fields    []configField
	result    []byte
}

type invoker struct{ invoke, function uint32 }

type configField struct {
	name            string
	setter, context uint32
	float           bool
}

var errModule = errors.New("webp: the encoder's module isn't the one this code was written for")

func of(ctx context.Context) *bindings { return ctx.Value(bindingsKey{}).(*bindings) }

// hostModule gives the module the functions it imports. Those that register types we don't ask for,
// and those that count references, do nothing: an instance lives for one picture.
func hostModule(ctx context.Context, r wazero.Runtime) error {
	i32 := api.ValueTypeI32
	b := r.NewHostModuleBuilder(imports)
	add := func(name string, params, results int, fn api.GoModuleFunc) {
		types := func(n int) []api.ValueType {
			out := make([]api.ValueType, n)
			for i := range out {
				out[i] = i32
			}
			return out
		}
		b.NewFunctionBuilder().WithGoModuleFunction(fn, types(params), types(results)).Export(name)
	}
	nothing := func(context.Context, api.Module, []uint64) {}
	for name, params := range map[string]int{
		"b": 3, "c": 5, "d": 3, "e": 3, "h": 3, "i": 2, "j": 1, "l": 1, "m": 1, "o": 7, "q": 4, "s": 2, "t": 5, "u": 2,
	} {
		add(name, params, 0, nothing)
	}
	add(importRegisterFunction, 7, 0, registerFunction)
	add(importRegisterObject, 6, 0, registerObject)
	add(importRegisterObjectField, 10, 0, registerField)
	add(importGetGlobal, 1, 1, func(_ context.Context, _ api.Module, stack []uint64) { stack[0] = handleGlobal })
	add(importNewValue, 4, 1, newValue)
	add(importResizeHeap, 1, 1, resizeHeap)
	add(importCopy, 3, 0, copyWithin)
	add(importAbort, 0, 0, func(context.Context, api.Module, []uint64) { panic(errEncode) })
	add(importThrow, 3, 0, func(context.Context, api.Module, []uint64) { panic(errEncode) })
	_, err := b.Instantiate(ctx)
	return err
}

// registerFunction(name, argCount, argTypes, signature, invoker, function, isAsync)
func registerFunction(ctx context.Context, m api.Module, stack []uint64) {
	if text(m, uint32(stack[0])) == "encode" && text(m, uint32(stack[3])) == "iiiiii" {
		of(ctx).encoder = invoker{invoke: uint32(stack[4]), function: uint32(stack[5])}
	}
}

// registerObject(type, name, constructorSignature, constructor, destructorSignature, destructor)
func registerObject(ctx context.Context, m api.Module, stack []uint64) {
	if text(m, uint32(stack[1])) == "WebPConfig" {
		b := of(ctx)
		b.newConfig, b.endConfig = uint32(stack[3]), uint32(stack[5])
	}
}

// registerField(type, name, getterType, getterSignature, getter, getterContext, setterType,
// setterSignature, setter, setterContext). WebPConfig is the only type with fields.
func registerField(ctx context.Context, m api.Module, stack []uint64) {
	b := of(ctx)
	b.fields = append(b.fields, configField{
		name:   text(m, uint32(stack[1])),
		setter: uint32(stack[8]), context: uint32(stack[9]),
		float: text(m, uint32(stack[7])) == "viif",
	})
}

// newValue(class, argCount, argTypes, args) is new Uint8ClampedArray(view): the module's way to
// hand its result over. args holds length and address.
func newValue(ctx context.Context, m api.Module, stack []uint64) {
	args := uint32(stack[3])
	stack[0] = handleNull
	size, ok1 := m.Memory().ReadUint32Le(args)
	data, ok2 := m.Memory().ReadUint32Le(args + 4)
	if !ok1 || !ok2 {
		return
	}
	view, ok := m.Memory().Read(data, size)
	if !ok {
		return
	}
	of(ctx).result = append([]byte(nil), view...)
	stack[0] = handleResult
}

// resizeHeap(wanted) grows the memory; 0 says that it can't, and malloc returns null then.
func resizeHeap(_ context.Context, m api.Module, stack []uint64) {
	want, have := uint32(stack[0]), m.Memory().Size()
	stack[0] = 1
	if want > have {
		pages := (uint64(want) - uint64(have) + 1<<16 - 1) >> 16
		if _, ok := m.Memory().Grow(uint32(pages)); !ok {
			stack[0] = 0
		}
	}
}

// copyWithin(destination, source, length)
func copyWithin(_ context.Context, m api.Module, stack []uint64) {
	src, ok1 := m.Memory().Read(uint32(stack[1]), uint32(stack[2]))
	dst, ok2 := m.Memory().Read(uint32(stack[0]), uint32(stack[2]))
	if !ok1 || !ok2 {
		panic(errEncode)
	}
	copy(dst, src)
}

// text reads a C string; one that isn't there, or doesn't end, is empty.
func text(m api.Module, at uint32) string {
	const longest = 64
	view, ok := m.Memory().Read(at, longest)
	if !ok {
		return ""
	}
	for i, c := range view {
		if c == 0 {
			return string(view[:i])
		}
	}
	return ""
}

// start lets the module introduce itself.
func (b *bindings) start(ctx context.Context, m api.Module) error {
	for _, name := range []string{exportCtors, exportBindings} {
		if err := call(ctx, m.ExportedFunction(name), nil); err != nil {
			return err
		}
	}
	if b.encoder.invoke == 0 || b.newConfig == 0 || len(b.fields) == 0 {
		return errModule
	}
	return nil
}

// encode calls encode(std::string pixels, int width, int height, WebPConfig config).
func (b *bindings) encode(ctx context.Context, m api.Module, pix []byte, w, h int, config map[string]float64) ([]byte, error) {
	cfg, err := b.config(ctx, m, config)
	if err != nil {
		return nil, err
	}
	// A std::string travels as its length, its bytes and a zero.
	var at uint64
	if err := call(ctx, m.ExportedFunction(exportMalloc), &at, uint64(4+len(pix)+1)); err != nil {
		return nil, err
	}
	base := uint32(at)
	if base == 0 || !m.Memory().WriteUint32Le(base, uint32(len(pix))) || !m.Memory().Write(base+4, pix) {
		return nil, fmt.Errorf("%w: out of memory", errEncode)
	}
	i := api.ValueTypeI32
	var handle uint64
	fn := lookup(m, b.encoder.invoke, []api.ValueType{i, i, i, i, i}, i)
	err = call(ctx, fn, &handle, uint64(b.encoder.function), uint64(base), uint64(w), uint64(h), uint64(cfg))
	if err != nil {
		return nil, err
	}
	if handle != handleResult || len(b.result) == 0 {
		return nil, errEncode
	}
	return b.result, nil
}

// config makes a WebPConfig in the module's memory. It dies with the instance.
func (b *bindings) config(ctx context.Context, m api.Module, values map[string]float64) (uint32, error) {
	i, f := api.ValueTypeI32, api.ValueTypeF32
	var at uint64
	if err := call(ctx, lookup(m, b.newConfig, nil, i), &at); err != nil {
		return 0, err
	}
	for _, field := range b.fields {
		var err error
		if field.float {
			fn := lookup(m, field.setter, []api.ValueType{i, i, f})
			err = call(ctx, fn, nil, uint64(field.context), at, api.EncodeF32(float32(values[field.name])))
		} else {
			fn := lookup(m, field.setter, []api.ValueType{i, i, i})
			err = call(ctx, fn, nil, uint64(field.context), at, api.EncodeI32(int32(values[field.name])))
		}
		if err != nil {
			return 0, fmt.Errorf("%s: %w", field.name, err)
		}
	}
	return uint32(at), nil
}

// lookup finds a function of the module's table, or nil if it isn't there in that form.
func lookup(m api.Module, index uint32, params []api.ValueType, results ...api.ValueType) (fn api.Function) {
	defer func() {
		if recover() != nil { // wazero's answer to an index out of bounds or another signature
			fn = nil
		}
	}()
	return table.LookupFunction(m, 0, index, params, results)
}

func call(ctx context.Context, fn api.Function, result *uint64, args ...uint64) error {
	if fn == nil {
		return errModule
	}
	out, err := fn.Call(ctx, args...)
	if err != nil {
		return fmt.Errorf("webp: %w", err)
	}
	if result != nil {
		*result = out[0]
	}
	return nil
}
