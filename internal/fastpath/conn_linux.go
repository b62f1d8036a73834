package fastpath

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// read takes what has come and answers it.
func (l *loop) read(c *conn) {
	n, _, err := syscall.RawSyscall(unix.SYS_READ, uintptr(c.fd), uintptr(unsafe.Pointer(&l.buf[0])), uintptr(len(l.buf)))
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
		return
	case err != 0:
		l.drop(c)
		return
	case n == 0:
		if len(c.in) == 0 || c.older && len(c.in) < lookAt {
			l.drop(c)
			return
		}
		l.handOver(c, c.in, 0) // half a request: what net/http says of it
		return
	}
	if b := l.buf[:n]; len(c.in) == 0 {
		l.serve(c, b)
	} else {
		c.in = append(c.in, b...)
		l.next(c)
	}
}

// next goes on with what is there of the connection's bytes.
func (l *loop) next(c *conn) {
	b := c.in
	c.in = nil
	if c.phase != idle {
		c.phase = idle
		if l.control(unix.EPOLL_CTL_MOD, c.fd, unix.EPOLLIN) != nil {
			l.drop(c)
			return
		}
	}
	if len(b) > 0 {
		l.serve(c, b)
	}
}

// lookAt is how many bytes net/http wants to see before it begins with another request: for less it
// has no answer, while of the first one it says that it is malformed.
const lookAt = 4

// serve answers the requests in b, one after the other. The client gets no more answers than it takes:
// what is behind one that is being sent waits, and nothing more is read.
func (l *loop) serve(c *conn, b []byte) {
	sent := 0
	for len(b) > 0 {
		n, v := parse(b, &l.asked)
		switch {
		case v == partial, v == foreign && c.older && len(b) < lookAt:
			l.keep(c, b)
			return
		case v == foreign:
			l.handOver(c, b, 0)
			return
		}
		var res Response
		found := false
		if l.f.o.Pages != nil {
			res, found = l.f.o.Pages.Page(&l.asked.Request)
		}
		if !found {
			l.handOver(c, b, n)
			return
		}
		b = b[n:]
		sent += len(res.Body)
		if !l.send(c, res, b) {
			return
		}
		if sent > turn && len(b) > 0 {
			c.in = append([]byte(nil), b...)
			c.again = true
			l.turns = append(l.turns, c)
			return
		}
	}
	c.due = l.now + int64(idleTime/time.Second)
}

// keep holds the beginning of a request until the rest comes. The clock runs from its first byte.
func (l *loop) keep(c *conn, b []byte) {
	if c.until == 0 {
		c.until = l.now + int64(headTime/time.Second)
	}
	c.due = c.until
	if all := b[:cap(b)]; &all[len(all)-1] == &l.buf[len(l.buf)-1] { // everybody's
		b = append(make([]byte, 0, max(512, len(b))), b...)
	}
	c.in = b
}

// send sends an answer and reports whether all of it has gone and more may follow; rest is what the
// client had sent behind its request.
func (l *loop) send(c *conn, res Response, rest []byte) bool {
	end := 0
	if l.asked.secure && c.proxy {
		end |= endSecure
	}
	if l.asked.close || l.f.draining.Load() {
		end |= endClose
		c.close = true
	}
	c.out = [3][]byte{res.Head, l.ends[end], res.Body}
	if l.asked.Head {
		c.out[2] = nil
	}
	c.until, c.older = 0, true
	if l.write(c) {
		return l.sent(c)
	}
	if c.phase == lingering { // dropped
		return false
	}
	c.phase = sending
	c.until = l.now + int64(sendTime/time.Second)
	c.due = l.now + int64(moveTime/time.Second)
	if len(rest) > 0 && !c.close {
		c.in = append([]byte(nil), rest...)
	}
	if l.control(unix.EPOLL_CTL_MOD, c.fd, unix.EPOLLOUT) != nil {
		l.drop(c)
	}
	return false
}

// flush sends on and reports whether all has gone and more may follow.
func (l *loop) flush(c *conn) bool {
	if !l.write(c) {
		c.due = min(l.now+int64(moveTime/time.Second), c.until)
		return false
	}
	c.until = 0
	c.due = l.now + int64(idleTime/time.Second)
	return l.sent(c)
}

// sent ends the connection if its client or we wanted that.
func (l *loop) sent(c *conn) bool {
	if !c.close && !l.f.closing.Load() {
		return true
	}
	_ = unix.Shutdown(c.fd, unix.SHUT_WR)
	if c.phase == sending && l.control(unix.EPOLL_CTL_MOD, c.fd, unix.EPOLLIN) != nil {
		l.drop(c)
		return false
	}
	c.phase, c.in = lingering, nil
	c.due = l.now + int64(lastTime/time.Second)
	return false
}

// write sends what the client takes and reports whether that was all. A connection that is broken is
// dropped.
func (l *loop) write(c *conn) bool {
	iov := l.iov[:0]
	left := 0
	for _, b := range c.out {
		if len(b) > 0 {
			v := unix.Iovec{Base: &b[0]}
			v.SetLen(len(b))
			iov = append(iov, v)
			left += len(b)
		}
	}
	if left == 0 {
		return true
	}
	n, _, err := syscall.RawSyscall(unix.SYS_WRITEV, uintptr(c.fd), uintptr(unsafe.Pointer(&iov[0])), uintptr(len(iov)))
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
		return false
	case err != 0:
		l.drop(c)
		return false
	case int(n) == left:
		c.out = [3][]byte{}
		return true
	}
	for i, b := range c.out {
		cut := min(int(n), len(b))
		c.out[i] = b[cut:]
		n -= uintptr(cut)
	}
	return false
}

// linger throws away what a client still sends after its last answer, until it closes.
func (l *loop) linger(c *conn) {
	n, _, err := syscall.RawSyscall(unix.SYS_READ, uintptr(c.fd), uintptr(unsafe.Pointer(&l.buf[0])), uintptr(len(l.buf)))
	if err == unix.EAGAIN || err == unix.EINTR || err == 0 && n > 0 {
		return
	}
	l.drop(c)
}
