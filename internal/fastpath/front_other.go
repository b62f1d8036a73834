//go:build !linux

package fastpath

import (
	"context"
	"net"
	"net/http"
)

// Front is the listener alone: on this system net/http answers everything.
type Front struct {
	net.Listener
	places *Places
}

// Before returns l with a place for each connection, and nothing else.
func Before(l net.Listener, o Options) (*Front, error) {
	if o.Places == nil {
		o.Places = NewPlaces(0)
	}
	return &Front{o.Places.Before(l), o.Places}, nil
}

// mostOpen is what this system surely allows.
func mostOpen() int64 { return 1 << 10 }

// ConnState follows who waits.
func (f *Front) ConnState(c net.Conn, s http.ConnState) { f.places.ConnState(c, s) }

// Drain takes no more connections.
func (f *Front) Drain() { _ = f.Close() }

// Drained knows of no connections.
func (f *Front) Drained(context.Context) {}

// Stop closes the listener.
func (f *Front) Stop(context.Context) { _ = f.Close() }
