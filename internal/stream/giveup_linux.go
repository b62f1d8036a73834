package stream

import "syscall"

// tcpUserTimeout is TCP_USER_TIMEOUT, which the standard library doesn't name.
const tcpUserTimeout = 0x12

// giveUp has the kernel end a connection whose other side hasn't said for a minute that anything came: a telephone
// that lost its network says nothing.
func giveUp(raw syscall.RawConn) {
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, 60_000)
	})
}
