package fastpath

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"

	"golang.org/x/sys/unix"
)

// handed is a connection at net/http, with the bytes that came before it got there.
//
// If what came is one plain request whose page isn't in memory, net/http gets that request and no byte
// more: once it is answered the connection comes back. Of all others it gets everything, and keeps them.
type handed struct {
	*net.TCPConn
	f     *Front
	loop  *loop
	fd    int // until it is opened
	proxy bool

	mu     sync.Mutex
	pre    []byte // came and wasn't given yet
	give   int    // how many of them net/http gets
	whole  bool   // they are one request
	idle   bool   // which is answered
	broken bool   // the connection
	closed bool
}

// handOver gives the connection to net/http with the bytes b; if n isn't 0, the first n of them are one
// plain request.
func (l *loop) handOver(c *conn, b []byte, n int) {
	h := &handed{f: l.f, loop: l, fd: c.fd, proxy: c.proxy, pre: slices.Clone(b), give: n, whole: n > 0}
	if n == 0 {
		h.give = len(b)
	}
	l.forget(c)
	l.f.own.Add(-1)
	l.f.hand(h)
}

// open makes a [net.Conn] of it.
func (h *handed) open() error {
	file := os.NewFile(uintptr(h.fd), "client")
	c, err := net.FileConn(file)
	if err = errors.Join(err, file.Close()); err != nil {
		if c != nil {
			_ = c.Close()
		}
		return err
	}
	h.TCPConn = c.(*net.TCPConn) //nolint:forcetypeassert // accepted from a listener of TCP
	return nil
}

// Read gives net/http its request. Behind a whole one there is nothing: a read while it is answered only
// watches whether the client goes away, one after it ends net/http's part.
func (h *handed) Read(p []byte) (int, error) {
	h.mu.Lock()
	if h.give > 0 {
		n := copy(p, h.pre[:h.give])
		h.give -= n
		h.pre = h.pre[n:]
		h.mu.Unlock()
		return n, nil
	}
	watch := h.whole
	over := h.idle
	h.mu.Unlock()
	switch {
	case !watch:
		return h.TCPConn.Read(p)
	case over:
		return 0, io.EOF
	}
	return h.watch(p)
}

// WriteTo is Read again: that of the connection inside knows nothing of what came before.
func (h *handed) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, struct{ io.Reader }{h}) }

// watch returns when the client goes away or the deadline ends the wait. What the client sends
// meanwhile is kept for later.
func (h *handed) watch(p []byte) (int, error) {
	raw, err := h.SyscallConn()
	if err != nil {
		return 0, err
	}
	var buf [1 << 10]byte
	var end error
	err = raw.Read(func(fd uintptr) bool {
		for {
			h.mu.Lock()
			if !h.whole { // hijacked
				h.mu.Unlock()
				return true
			}
			if len(h.pre) >= largest { // more than that waits in the kernel
				h.mu.Unlock()
				return false
			}
			n, rerr := unix.Read(int(fd), buf[:])
			if n > 0 {
				h.pre = append(h.pre, buf[:n]...)
			}
			h.mu.Unlock()
			switch {
			case errors.Is(rerr, unix.EINTR):
			case errors.Is(rerr, unix.EAGAIN):
				return false
			case rerr != nil:
				end = rerr
				return true
			case n == 0:
				end = io.EOF
				return true
			}
		}
	})
	if err != nil {
		return 0, err
	}
	if end == nil {
		return h.Read(p)
	}
	if !errors.Is(end, io.EOF) { // who only sends nothing more may have sent more before
		h.mu.Lock()
		h.broken = true
		h.mu.Unlock()
	}
	return 0, end
}

// state follows what net/http says of the connection.
func (h *handed) state(s http.ConnState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch s {
	case http.StateIdle:
		h.idle = true
	case http.StateHijacked: // whoever has it now gets everything
		h.whole, h.give = false, len(h.pre)
	}
}

// Close ends net/http's part: a connection whose request is answered goes back to its loop.
func (h *handed) Close() error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return net.ErrClosed
	}
	h.closed = true
	back := h.whole && h.idle && !h.broken && !h.f.closing.Load()
	in := h.pre
	h.mu.Unlock()
	fd := -1
	if back {
		fd = h.dup()
	}
	err := h.TCPConn.Close()
	if fd < 0 {
		h.f.gone()
		return err
	}
	h.loop.add(&conn{fd: fd, proxy: h.proxy, in: in, older: true})
	return err
}

// dup returns another number of the connection, which its Close leaves open, or -1.
func (h *handed) dup() int {
	fd := -1
	raw, err := h.SyscallConn()
	if err != nil {
		return fd
	}
	_ = raw.Control(func(old uintptr) {
		if n, derr := unix.FcntlInt(old, unix.F_DUPFD_CLOEXEC, 0); derr == nil {
			fd = n
		}
	})
	return fd
}
