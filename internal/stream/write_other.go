//go:build !unix

package stream

import (
	"net"
	"syscall"
)

// writeNow isn't there; deadlines do.
func writeNow(syscall.RawConn, []byte) bool { return false }

// closedThere isn't known here before something is written.
func closedThere(syscall.RawConn) bool { return false }

func tune(net.Conn, syscall.RawConn) {}
