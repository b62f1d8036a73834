package wasm

import (
	"context"
	"fmt"
)

// object is the address of a C++ object, or of a smart pointer to one, and which of them.
type object struct{ at, typ uint32 }

// record are the fields of a value object.
type record map[string]any

// make constructs an object of a class.
func (m *Machine) make(ctx context.Context, name string, args ...any) (object, error) {
	c := m.reg.classes[name]
	if c == nil {
		return object{}, fmt.Errorf("%w: no class %s", errShape, name)
	}
	k, ok := c.constructors[len(args)]
	if !ok {
		return object{}, fmt.Errorf("%w: %s can't be made of %d values", errShape, name, len(args))
	}
	v, err := m.invoke(ctx, k, []uint64{uint64(k.target)}, k.args[1:], args)
	return object{u32(v), k.args[0]}, err
}

// tell calls a method of an object and returns what it returned, as it travels.
func (m *Machine) tell(ctx context.Context, className, name string, this object, args ...any) (uint64, error) {
	c := m.reg.classes[className]
	if c == nil {
		return 0, fmt.Errorf("%w: no class %s", errShape, className)
	}
	f, ok := c.methods[name]
	if !ok || len(f.args) != len(args)+2 {
		return 0, fmt.Errorf("%w: no %s.%s with %d values", errShape, className, name, len(args))
	}
	at := uint64(this.at)
	if t := m.reg.types[this.typ]; t != nil && t.get != 0 {
		var err error
		if at, err = call(ctx, m.mod, "ii", t.get, at); err != nil {
			return 0, err
		}
	}
	return m.invoke(ctx, f, []uint64{uint64(f.target), at}, f.args[2:], args)
}

// invoke turns args into what travels, calls, and frees them again.
func (m *Machine) invoke(ctx context.Context, f method, head []uint64, types []uint32, args []any) (uint64, error) {
	all := head
	var free []func() error
	for i, a := range args {
		v, undo, err := m.wire(ctx, types[i], a)
		if err != nil {
			return 0, err
		}
		all = append(all, v)
		if undo != nil {
			free = append(free, undo)
		}
	}
	out, err := call(ctx, m.mod, f.signature, f.invoke, all...)
	if err != nil {
		return 0, err
	}
	for _, undo := range free {
		if err := undo(); err != nil {
			return 0, err
		}
	}
	return out, nil
}

// wire makes of v what travels as typ, and returns how it is freed after the call.
func (m *Machine) wire(ctx context.Context, typ uint32, v any) (uint64, func() error, error) {
	t := m.reg.types[typ]
	if t == nil {
		return 0, nil, fmt.Errorf("%w: unknown type %d", errShape, typ)
	}
	switch v := v.(type) {
	case string:
		if t.kind == typeString {
			at, err := m.put(ctx, v)
			return uint64(at), func() error { return m.free(ctx, at) }, err
		}
	case bool:
		if t.kind == typeBool {
			if v {
				return 1, nil, nil
			}
			return 0, nil, nil
		}
	case int:
		if t.kind == typeInteger {
			return uint64(uint32(v)), nil, nil //nolint:gosec // sizes of a 32-bit machine
		}
	case object:
		if t.kind == typeClass {
			return uint64(v.at), nil, nil
		}
	case record:
		if t.kind == typeObject {
			return m.wireRecord(ctx, t, v)
		}
	}
	return 0, nil, fmt.Errorf("%w: %T for %s", errShape, v, t.name)
}

// wireRecord makes a value object.
func (m *Machine) wireRecord(ctx context.Context, t *registered, v record) (uint64, func() error, error) {
	at, err := call(ctx, m.mod, "i", t.constructor)
	if err != nil {
		return 0, nil, err
	}
	if len(v) != len(t.fields) {
		return 0, nil, fmt.Errorf("%w: %s has %d fields", errShape, t.name, len(t.fields))
	}
	for _, f := range t.fields {
		a, ok := v[f.name]
		if !ok {
			return 0, nil, fmt.Errorf("%w: %s has a field %s", errShape, t.name, f.name)
		}
		w, undo, err := m.wire(ctx, f.typ, a)
		if err != nil {
			return 0, nil, err
		}
		if _, err := call(ctx, m.mod, f.signature, f.setter, uint64(f.context), at, w); err != nil {
			return 0, nil, err
		}
		if undo != nil {
			if err := undo(); err != nil {
				return 0, nil, err
			}
		}
	}
	return at, func() error {
		_, err := call(ctx, m.mod, "vi", t.destructor, at)
		return err
	}, nil
}

// put copies text into the module's memory as it travels: its length and its bytes.
func (m *Machine) put(ctx context.Context, s string) (uint32, error) {
	res, err := m.malloc.Call(ctx, uint64(len(s))+5)
	if err != nil {
		return 0, err
	}
	at := u32(res[0])
	mem := m.mod.Memory()
	if at == 0 || !mem.WriteUint32Le(at, uint32(len(s))) || !mem.WriteString(at+4, s) || !mem.WriteByte(at+4+uint32(len(s)), 0) { //nolint:gosec // bounded by the memory
		return 0, errMemory
	}
	return at, nil
}

// take reads text that the module returned and frees it.
func (m *Machine) take(ctx context.Context, at uint32) (string, error) {
	mem := m.mod.Memory()
	n, ok := mem.ReadUint32Le(at)
	if !ok {
		return "", errMemory
	}
	b, ok := mem.Read(at+4, n)
	if !ok {
		return "", errMemory
	}
	s := string(b)
	return s, m.free(ctx, at)
}

func (m *Machine) free(ctx context.Context, at uint32) error {
	_, err := m.freeFn.Call(ctx, uint64(at))
	return err
}

// value takes what a handle stands for; the handle is gone then.
func (m *Machine) value(handle uint64) (value, error) {
	v, ok := m.reg.values[u32(handle)]
	if !ok {
		return value{}, fmt.Errorf("%w: no value %d", errShape, handle)
	}
	delete(m.reg.values, u32(handle))
	return v, nil
}

// drop destroys an object.
func (m *Machine) drop(ctx context.Context, o object) error {
	t := m.reg.types[o.typ]
	if t == nil || t.kind != typeClass {
		return fmt.Errorf("%w: type %d can't be destroyed", errShape, o.typ)
	}
	_, err := call(ctx, m.mod, "vi", t.destructor, uint64(o.at))
	return err
}

// result is the type of what a method returns.
func (g *registry) result(className, name string) uint32 {
	if c := g.classes[className]; c != nil {
		if f, ok := c.methods[name]; ok {
			return f.args[0]
		}
	}
	return 0
}
