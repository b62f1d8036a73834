package wasm

import "github.com/tetratelabs/wazero/experimental"

// linearMemory is a machine's memory.
type linearMemory interface {
	experimental.LinearMemory
	resident() int64
}

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

func (h *heapMemory) resident() int64 { return int64(cap(h.b)) }
