//go:build unix

package wasm

import (
	"math"

	"golang.org/x/sys/unix"
)

// mappedMemory is a machine's memory as a mapping: growing copies nothing, pages that were never
// touched cost nothing, and all goes back to the system when the machine is closed.
type mappedMemory struct {
	b   []byte
	len uint64
}

// allocate reserves what the memory may grow to.
func allocate(limit uint64) linearMemory {
	if limit > 0 && limit <= math.MaxInt {
		if b, err := unix.Mmap(-1, 0, int(limit), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANON|unix.MAP_NORESERVE); err == nil {
			return &mappedMemory{b: b}
		}
	}
	return &heapMemory{}
}

func (m *mappedMemory) Reallocate(size uint64) []byte {
	if size > uint64(len(m.b)) {
		return nil
	}
	m.len = size
	return m.b[:size]
}

func (m *mappedMemory) Free() {
	if m.b != nil {
		_ = unix.Munmap(m.b)
		m.b = nil
	}
}

// resident is the bytes of pages that were touched.
func (m *mappedMemory) resident() int64 { return pagesInCore(m.b[:m.len]) }
