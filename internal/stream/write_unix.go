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

// closedThere reports whether the other side has closed the connection. What it sent stays unread: browsers send
// nothing here.
func closedThere(raw syscall.RawConn) bool {
	var b [1]byte
	var n int
	var err error
	if raw.Control(func(fd uintptr) {
		n, _, err = syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	}) != nil {
		return true
	}
	switch err { //nolint:errorlint // the call's own error
	case nil:
		return n == 0
	case syscall.EAGAIN, syscall.EINTR:
		return false
	}
	return true
}

// tune bounds what the kernel keeps for a page that doesn't read, and how long it waits for one that is gone.
func tune(c net.Conn, raw syscall.RawConn) {
	if tcp, ok := c.(interface{ SetWriteBuffer(int) error }); ok {
		_ = tcp.SetWriteBuffer(sendBuffer)
	}
	giveUp(raw)
}
