package wasm

import "github.com/tetratelabs/wazero/experimental"

// heapMemory is a machine's memory as a Go slice, where the system offers nothing better.
type heapMemory struct{ b []byte }

func (h *heapMemory) Reallocate(size uint64) []byte {
	if size > uint64(cap(h.b)) {
		b := make([]byte, size)
		copy(b, h.b)
		h.b = b
	}
	h.b = h.b[:size]
	return h.b
}

func (h *heapMemory) Free() { h.b = nil }

var _ experimental.LinearMemory = (*heapMemory)(nil)
