package wasm

import (
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// pagesInCore asks the system which pages of a mapping it holds.
func pagesInCore(b []byte) int64 {
	if len(b) == 0 {
		return 0
	}
	size := os.Getpagesize()
	list := make([]byte, (len(b)+size-1)/size)
	if _, _, e := unix.Syscall(unix.SYS_MINCORE, uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)), uintptr(unsafe.Pointer(&list[0]))); e != 0 {
		return int64(len(b))
	}
	n := 0
	for _, p := range list {
		n += int(p & 1)
	}
	return int64(n) * int64(size)
}
