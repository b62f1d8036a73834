// Package fastpath answers readers' plain requests from memory before net/http sees them: GET and HEAD of
// pages that lie ready, one write of head and body. Whatever it doesn't understand to the last byte is
// net/http's, with every byte that came.
package fastpath

import "net/netip"

// Request is what a page in memory is chosen by. Its bytes belong to the connection and are only good
// until Page returns.
type Request struct {
	Target         []byte // origin form as it was sent: /de/12/slug
	AcceptEncoding []byte // "" without the header
	IfNoneMatch    []byte // "" without the header
	Head           bool
}

// Response is an answer as it lies in memory; many connections send it at once, and nobody changes it.
type Response struct {
	// Head is the status line and headers ready to send, each with its line's end, up to the last empty line and
	// without it. What belongs to the connection is the fast path's: Date, Connection, Strict-Transport-Security.
	Head []byte

	Body []byte // nil for 304; for HEAD it isn't sent
}

// Pages are the pages in memory, safe for concurrent use.
type Pages interface {
	// Page returns what net/http would answer to r, without allocating, or false: let net/http answer.
	Page(r *Request) (Response, bool)
}

// Options are what a Front needs to know of the house.
type Options struct {
	Pages Pages // nil: there are none, all connections only wait here
	// Proxy reports whether a server in front connects from there: what it says of the browser's connection
	// counts. nil: nobody does.
	Proxy func(netip.Addr) bool
	// Places are where connections are counted, here and at other doors. nil: they are this one's alone.
	Places *Places
	// Secure is the header lines, each with its end, that an answer gets when the browser's connection is encrypted.
	Secure string
}
