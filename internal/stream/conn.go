package stream

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"syscall"
	"time"
)

// conn is one open page.
type conn struct {
	from netip.Addr

	// Taken out of the server's hands: the socket, and how to write to it without waiting.
	net net.Conn
	raw syscall.RawConn

	// Or in the hands of a goroutine of the server, which is handed what is told.
	queue chan []byte
	gone  chan struct{}
	once  sync.Once
}

const (
	// sendBuffer bounds what the kernel keeps for a page that doesn't read.
	sendBuffer = 64 << 10
	// waiting is how much may wait for the server's goroutine.
	waiting = 16
	// within is how long a browser may take for what it is told, over HTTP/2.
	within = 10 * time.Second
)

// take takes the connection from the server, if it is one of plain HTTP/1, and sends the head of the answer.
func (x *conn) take(w http.ResponseWriter, r *http.Request) bool {
	if r.ProtoMajor != 1 || r.TLS != nil {
		return false
	}
	c, left, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false
	}
	x.net = c
	socket, ok := c.(syscall.Conn)
	if ok {
		x.raw, err = socket.SyscallConn()
		ok = err == nil
	}
	if ok && left.Reader.Buffered() == 0 {
		tune(c, x.raw)
	} else {
		x.raw = nil
	}
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 200 OK\r\nConnection: close\r\nDate: " + time.Now().UTC().Format(http.TimeFormat) + "\r\n")
	_ = w.Header().Write(&head) // into memory
	head.WriteString("\r\n")
	x.put(head.Bytes())
	return true
}

// put writes a whole event, and says whether it was taken. It never waits for a reader.
func (x *conn) put(b []byte) bool {
	switch {
	case x.raw != nil:
		return writeNow(x.raw, b)
	case x.net != nil:
		if x.net.SetWriteDeadline(time.Now().Add(50*time.Millisecond)) != nil {
			return false
		}
		_, err := x.net.Write(b)
		return err == nil
	}
	select {
	case x.queue <- b:
		return true
	default:
		return false
	}
}

// end closes the connection, or has its goroutine do so.
func (x *conn) end() {
	x.once.Do(func() {
		close(x.gone)
		if x.net != nil {
			_ = x.net.Close()
		}
	})
}

// hold prepares an answer that the server's own goroutine writes.
func (x *conn) hold(w http.ResponseWriter) (chan []byte, error) {
	// The server's time-outs are for pages; each piece of a stream has its own.
	if err := http.NewResponseController(w).SetReadDeadline(time.Time{}); err != nil {
		return nil, err
	}
	w.WriteHeader(http.StatusOK)
	return make(chan []byte, waiting), nil
}

// follow writes what is told until the browser goes or the hub has it end.
func (x *conn) follow(w http.ResponseWriter, ctx context.Context) {
	out := http.NewResponseController(w)
	send := func(b []byte) bool {
		if out.SetWriteDeadline(time.Now().Add(within)) != nil {
			return false
		}
		if _, err := w.Write(b); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	for {
		select {
		case <-ctx.Done():
			return
		case b := <-x.queue:
			if !send(b) {
				return
			}
		case <-x.gone:
			for {
				select {
				case b := <-x.queue: // what was told last
					if !send(b) {
						return
					}
				default:
					return
				}
			}
		}
	}
}
