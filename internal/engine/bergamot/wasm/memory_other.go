//go:build !unix

package wasm

func allocate(uint64) linearMemory { return &heapMemory{} }
