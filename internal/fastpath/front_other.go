//go:build !linux

package fastpath

import (
	"context"
	"net"
	"net/http"
)

// Front is the listener alone: on this system net/http answers everything.
type Front struct{ net.Listener }

// Before returns l as it is.
func Before(l net.Listener, _ Options) (*Front, error) { return &Front{l}, nil }

// ConnState has nothing to follow.
func (f *Front) ConnState(net.Conn, http.ConnState) {}

// Drain takes no more connections.
func (f *Front) Drain() { _ = f.Close() }

// Drained knows of no connections.
func (f *Front) Drained(context.Context) {}

// Stop closes the listener.
func (f *Front) Stop(context.Context) { _ = f.Close() }
