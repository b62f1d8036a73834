package wasm

import (
	"context"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental/table"
)

// The module tells what it has to offer by calling _embind_register_* while it starts. What it
// registers is kept here, and called by name. See emscripten's src/embind/embind.js for the protocol.

// typeKind is how a type's values travel.
type typeKind int

const (
	typeOther typeKind = iota
	typeVoid
	typeBool
	typeInteger
	typeString
	typeView
	typeValue  // emval: a handle of a value that the module handed over
	typeObject // a value object: a struct made by a constructor and setters
	typeClass  // a pointer to an object of a class
)

type function struct{ invoke, target uint32 } // table indexes: the invoker, and what it is to call

type method struct {
	signature string
	function
	args []uint32 // types: result, this, the rest; of constructors: result, the rest
}

type field struct {
	name            string
	signature       string
	setter, context uint32
	typ             uint32
}

type registered struct {
	kind        typeKind
	name        string
	destructor  uint32
	constructor uint32 // of value objects
	fields      []field
	get         uint32 // of smart pointers: the function that returns the object's own address
}

type class struct {
	raw          uint32
	constructors map[int]method
	methods      map[string]method
}

// registry is what one instance told about itself, and the values it handed over.
type registry struct {
	types   map[uint32]*registered
	classes map[string]*class
	byRaw   map[uint32]*class
	values  map[uint32]value
	next    uint32
}

// value is what a handle stands for: a view of memory, or an object of a class by its address.
type value struct {
	typ        uint32
	data, size uint32
}

func newRegistry() *registry {
	return &registry{
		types: map[uint32]*registered{}, classes: map[string]*class{}, byRaw: map[uint32]*class{},
		values: map[uint32]value{}, next: 16,
	}
}

func (g *registry) basic(kind typeKind) api.GoModuleFunc {
	return func(_ context.Context, m api.Module, s []uint64) {
		g.types[u32(s[0])] = &registered{kind: kind, name: cString(m, u32(s[1]))}
	}
}

// handlers are the functions of env by which the module registers itself.
func (g *registry) handlers() map[string]api.GoModuleFunc {
	return map[string]api.GoModuleFunc{
		"_embind_register_void":        g.basic(typeVoid),
		"_embind_register_bool":        g.basic(typeBool),
		"_embind_register_integer":     g.basic(typeInteger),
		"_embind_register_float":       g.basic(typeOther),
		"_embind_register_bigint":      g.basic(typeOther),
		"_embind_register_std_string":  g.basic(typeString),
		"_embind_register_emval":       g.basic(typeValue),
		"_embind_register_std_wstring": func(_ context.Context, m api.Module, s []uint64) { g.types[u32(s[0])] = &registered{} },
		"_embind_register_memory_view": func(_ context.Context, m api.Module, s []uint64) {
			g.types[u32(s[0])] = &registered{kind: typeView, name: cString(m, u32(s[2]))}
		},
		"_embind_register_class":              g.registerClass,
		"_embind_register_class_constructor":  g.registerConstructor,
		"_embind_register_class_function":     g.registerMethod,
		"_embind_register_smart_ptr":          g.registerSmartPointer,
		"_embind_register_value_object":       g.registerObject,
		"_embind_register_value_object_field": g.registerField,
		"_emval_take_value":                   g.takeValue,
	}
}

// registerClass(rawType, pointerType, constPointerType, baseClass, getActualTypeSignature, getActualType,
// upcastSignature, upcast, downcastSignature, downcast, name, destructorSignature, destructor)
func (g *registry) registerClass(_ context.Context, m api.Module, s []uint64) {
	raw, name := u32(s[0]), cString(m, u32(s[10]))
	c := &class{raw: raw, constructors: map[int]method{}, methods: map[string]method{}}
	g.classes[name], g.byRaw[raw] = c, c
	for _, t := range s[:3] {
		g.types[u32(t)] = &registered{kind: typeClass, name: name, destructor: u32(s[12])}
	}
}

// registerConstructor(class, argCount, argTypes, signature, invoker, constructor)
func (g *registry) registerConstructor(_ context.Context, m api.Module, s []uint64) {
	if c := g.byRaw[u32(s[0])]; c != nil {
		args := words(m, u32(s[2]), u32(s[1]))
		c.constructors[len(args)-1] = method{cString(m, u32(s[3])), function{u32(s[4]), u32(s[5])}, args}
	}
}

// registerMethod(class, name, argCount, argTypes, signature, invoker, context, isPureVirtual)
func (g *registry) registerMethod(_ context.Context, m api.Module, s []uint64) {
	if c := g.byRaw[u32(s[0])]; c != nil {
		c.methods[cString(m, u32(s[1]))] = method{cString(m, u32(s[4])), function{u32(s[5]), u32(s[6])}, words(m, u32(s[3]), u32(s[2]))}
	}
}

// registerSmartPointer(type, pointee, name, policy, getPointeeSignature, getPointee,
// constructorSignature, constructor, shareSignature, share, destructorSignature, destructor)
func (g *registry) registerSmartPointer(_ context.Context, m api.Module, s []uint64) {
	g.types[u32(s[0])] = &registered{kind: typeClass, name: cString(m, u32(s[2])), get: u32(s[5]), destructor: u32(s[11])}
}

// registerObject(type, name, constructorSignature, constructor, destructorSignature, destructor)
func (g *registry) registerObject(_ context.Context, m api.Module, s []uint64) {
	g.types[u32(s[0])] = &registered{kind: typeObject, name: cString(m, u32(s[1])), constructor: u32(s[3]), destructor: u32(s[5])}
}

// registerField(object, name, getterType, getterSignature, getter, getterContext, setterType,
// setterSignature, setter, setterContext)
func (g *registry) registerField(_ context.Context, m api.Module, s []uint64) {
	if t := g.types[u32(s[0])]; t != nil {
		t.fields = append(t.fields, field{cString(m, u32(s[1])), cString(m, u32(s[7])), u32(s[8]), u32(s[9]), u32(s[6])})
	}
}

// takeValue(type, args) makes a handle of what the module hands over.
func (g *registry) takeValue(_ context.Context, m api.Module, s []uint64) {
	v := value{typ: u32(s[0])}
	list := words(m, u32(s[1]), 2)
	if t := g.types[v.typ]; t != nil && t.kind == typeView {
		v.size, v.data = list[0], list[1]
	} else {
		v.data = list[0]
	}
	g.next++
	g.values[g.next] = v
	s[0] = uint64(g.next)
}

var errShape = errors.New("the module doesn't offer what this program was written for")

// call calls a function of the table by the signature that the module registered for it.
func call(ctx context.Context, m api.Module, signature string, at uint32, args ...uint64) (out uint64, err error) {
	params, results, err := signatureTypes(signature)
	if err != nil {
		return 0, err
	}
	fn, err := lookup(m, at, params, results)
	if err != nil {
		return 0, err
	}
	if len(args) != len(params) {
		return 0, fmt.Errorf("%w: %d arguments for %s", errShape, len(args), signature)
	}
	res, err := fn.Call(ctx, args...)
	if err != nil || len(res) == 0 {
		return 0, err
	}
	return res[0], nil
}

// lookup finds a function of the table; the library panics where there is none of that type.
func lookup(m api.Module, at uint32, params, results []api.ValueType) (fn api.Function, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("%w: function %d: %v", errShape, at, v)
		}
	}()
	return table.LookupFunction(m, 0, at, params, results), nil
}

func signatureTypes(s string) (params, results []api.ValueType, err error) {
	for i, c := range s {
		var t api.ValueType
		switch c {
		case 'i', 'p':
			t = api.ValueTypeI32
		case 'j':
			t = api.ValueTypeI64
		case 'f':
			t = api.ValueTypeF32
		case 'd':
			t = api.ValueTypeF64
		case 'v':
			if i == 0 {
				continue
			}
			fallthrough
		default:
			return nil, nil, fmt.Errorf("%w: signature %q", errShape, s)
		}
		if i == 0 {
			results = append(results, t)
		} else {
			params = append(params, t)
		}
	}
	return params, results, nil
}

func u32(v uint64) uint32 { return uint32(v) } //nolint:gosec // the low half is the value

// cString reads text that ends with a zero.
func cString(m api.Module, at uint32) string {
	var out []byte
	for {
		c, ok := m.Memory().ReadByte(at)
		if !ok || c == 0 {
			return string(out)
		}
		out, at = append(out, c), at+1
	}
}

// words reads n numbers of 32 bits.
func words(m api.Module, at, n uint32) []uint32 {
	out := make([]uint32, n)
	for i := range out {
		v, ok := m.Memory().ReadUint32Le(at + 4*uint32(i)) //nolint:gosec // a small count
		if !ok {
			panic(errShape)
		}
		out[i] = v
	}
	return out
}
