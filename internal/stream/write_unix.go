//go:build unix

package stream

import (
	"net"
	"syscall"
)

// writeNow hands b to the kernel, all of it or none that counts: half an event ends the connection.
func writeNow(raw syscall.RawConn, b []byte) bool {
	var n int
	var err error
	if raw.Write(func(fd uintptr) bool {
		for {
			n, err = syscall.Write(int(fd), b)
			if err != syscall.EINTR { //nolint:errorlint // the call's own error
				return true // full or not: nobody is waited for
			}
		}
	}) != nil {
		return false
	}
	return err == nil && n == len(b)
}

// tune bounds what the kernel keeps for a page that doesn't read, and how long it waits for one that is gone.
func tune(c net.Conn, raw syscall.RawConn) {
	if tcp, ok := c.(interface{ SetWriteBuffer(int) error }); ok {
		_ = tcp.SetWriteBuffer(sendBuffer)
	}
	giveUp(raw)
}
