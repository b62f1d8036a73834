package wasm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// Sections of a module's binary, by their numbers. In a file they stand in the order of [order].
const (
	sectionCustom = 0
	sectionImport = 2
	sectionMemory = 5
	sectionExport = 7
	sectionCount  = 12
	sectionTag    = 13
)

// Kinds of what is imported and exported.
const (
	kindFunction = 0
	kindTable    = 1
	kindMemory   = 2
	kindGlobal   = 3
	kindTag      = 4
)

var errBinary = errors.New("not a WebAssembly module that can be read")

type section struct {
	id   byte
	body []byte
}

// order is the place of a section in a file: the count of data stands before code, tags before globals.
func order(id byte) int {
	switch {
	case id <= sectionMemory:
		return int(id) * 10
	case id == sectionTag:
		return 55
	case id == sectionCount:
		return 95
	}
	return int(id) * 10
}

// ownMemory rewrites a module that imports its only memory as module.name into one that has the same
// memory itself and exports it under name: wazero's host modules can't give memories. No index moves,
// since memories have a space of their own.
func ownMemory(bin []byte, module, name string) ([]byte, error) {
	sections, err := split(bin)
	if err != nil {
		return nil, err
	}
	var limits []byte
	exported := false
	var out []section
	for _, s := range sections {
		switch s.id {
		case sectionImport:
			if s.body, limits, err = withoutMemory(s.body, module, name); err != nil {
				return nil, err
			}
		case sectionMemory:
			return nil, fmt.Errorf("%w: it has a memory of its own", errBinary)
		case sectionExport:
			if s.body, err = withExport(s.body, name); err != nil {
				return nil, err
			}
			exported = true
		}
		out = append(out, s)
	}
	if limits == nil {
		return nil, fmt.Errorf("%w: it imports no memory %s.%s", errBinary, module, name)
	}
	out = insert(out, section{sectionMemory, append([]byte{1}, limits...)})
	if !exported {
		body, err := withExport([]byte{0}, name)
		if err != nil {
			return nil, err
		}
		out = insert(out, section{sectionExport, body})
	}
	return join(bin[:8], out), nil
}

// insert puts a section at its place.
func insert(list []section, s section) []section {
	at := len(list)
	for i, o := range list {
		if o.id != sectionCustom && order(o.id) > order(s.id) {
			at = i
			break
		}
	}
	return append(list[:at:at], append([]section{s}, list[at:]...)...)
}

func split(bin []byte) ([]section, error) {
	if len(bin) < 8 || !bytes.Equal(bin[:8], []byte("\x00asm\x01\x00\x00\x00")) {
		return nil, fmt.Errorf("%w: it doesn't begin as one", errBinary)
	}
	var out []section
	r := reader{b: bin[8:]}
	last := 0
	for len(r.b) > 0 {
		id, err := r.byte()
		if err != nil {
			return nil, err
		}
		body, err := r.bytes()
		if err != nil {
			return nil, err
		}
		if id > sectionTag || id != sectionCustom && order(id) <= last {
			return nil, fmt.Errorf("%w: section %d isn't at its place", errBinary, id)
		}
		if id != sectionCustom {
			last = order(id)
		}
		out = append(out, section{id, body})
	}
	return out, nil
}

func join(head []byte, sections []section) []byte {
	out := append([]byte(nil), head...)
	for _, s := range sections {
		out = append(out, s.id)
		out = binary.AppendUvarint(out, uint64(len(s.body)))
		out = append(out, s.body...)
	}
	return out
}

// withoutMemory takes the memory out of an import section, and returns its limits.
func withoutMemory(body []byte, module, name string) (rest, limits []byte, err error) {
	r := reader{b: body}
	n, err := r.u32()
	if err != nil {
		return nil, nil, err
	}
	kept := uint32(0)
	var list []byte
	for range n {
		start := r.b
		m, err := r.bytes()
		if err != nil {
			return nil, nil, err
		}
		f, err := r.bytes()
		if err != nil {
			return nil, nil, err
		}
		kind, err := r.byte()
		if err != nil {
			return nil, nil, err
		}
		typ := r.b
		if err := r.importType(kind); err != nil {
			return nil, nil, err
		}
		if kind != kindMemory {
			kept++
			list = append(list, start[:len(start)-len(r.b)]...)
			continue
		}
		if limits != nil || string(m) != module || string(f) != name {
			return nil, nil, fmt.Errorf("%w: it imports another memory than %s.%s", errBinary, module, name)
		}
		limits = typ[:len(typ)-len(r.b)]
	}
	if len(r.b) > 0 {
		return nil, nil, fmt.Errorf("%w: its imports don't end where they should", errBinary)
	}
	return append(binary.AppendUvarint(nil, uint64(kept)), list...), limits, nil
}

// withExport adds the first memory to an export section.
func withExport(body []byte, name string) ([]byte, error) {
	r := reader{b: body}
	n, err := r.u32()
	if err != nil {
		return nil, err
	}
	list := r.b
	for range n {
		other, err := r.bytes()
		if err != nil {
			return nil, err
		}
		if string(other) == name {
			return nil, fmt.Errorf("%w: it exports %q already", errBinary, name)
		}
		if _, err := r.byte(); err != nil {
			return nil, err
		}
		if _, err := r.u32(); err != nil {
			return nil, err
		}
	}
	if len(r.b) > 0 {
		return nil, fmt.Errorf("%w: its exports don't end where they should", errBinary)
	}
	out := binary.AppendUvarint(nil, uint64(n)+1)
	out = append(out, list...)
	out = binary.AppendUvarint(out, uint64(len(name)))
	out = append(out, name...)
	return append(out, kindMemory, 0), nil
}

// reader reads a module's binary from its front.
type reader struct{ b []byte }

func (r *reader) byte() (byte, error) {
	if len(r.b) == 0 {
		return 0, fmt.Errorf("%w: it breaks off", errBinary)
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c, nil
}

func (r *reader) u64() (uint64, error) {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		return 0, fmt.Errorf("%w: a number breaks off", errBinary)
	}
	r.b = r.b[n:]
	return v, nil
}

func (r *reader) u32() (uint32, error) {
	v, err := r.u64()
	if err == nil && v > 1<<32-1 {
		err = fmt.Errorf("%w: a number is too large", errBinary)
	}
	return uint32(v), err //nolint:gosec // checked above
}

// bytes reads a length and that many bytes.
func (r *reader) bytes() ([]byte, error) {
	n, err := r.u32()
	if err != nil {
		return nil, err
	}
	if uint64(n) > uint64(len(r.b)) {
		return nil, fmt.Errorf("%w: it breaks off", errBinary)
	}
	out := r.b[:n:n]
	r.b = r.b[n:]
	return out, nil
}

func (r *reader) limits() error {
	flags, err := r.byte()
	if err != nil {
		return err
	}
	if _, err = r.u64(); err == nil && flags&1 != 0 {
		_, err = r.u64()
	}
	return err
}

func (r *reader) importType(kind byte) error {
	switch kind {
	case kindFunction:
		_, err := r.u32()
		return err
	case kindTable:
		if _, err := r.byte(); err != nil {
			return err
		}
		return r.limits()
	case kindMemory:
		return r.limits()
	case kindGlobal:
		if _, err := r.byte(); err != nil {
			return err
		}
		_, err := r.byte()
		return err
	case kindTag:
		if _, err := r.byte(); err != nil {
			return err
		}
		_, err := r.u32()
		return err
	}
	return fmt.Errorf("%w: it imports something unknown, kind %d", errBinary, kind)
}
