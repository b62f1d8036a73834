package fastpath

import (
	"crypto/tls"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Places are the connections that may be open at once, at all doors of the house together. They take three quarters
// of the files that the process may open: the rest is the database's, whatever comes to however many doors.
type Places struct {
	most  int64
	taken atomic.Int64

	mu    sync.Mutex
	idle  map[net.Conn]time.Time // at net/http, and since when they wait for a request
	swept time.Time
}

const (
	// shortIdle is how long a connection may wait for a request when places run short: a page's pictures come on
	// the same one.
	shortIdle = 5 * time.Second
	// fullPause is how often a door that has no place for who waits looks again.
	fullPause = 100 * time.Millisecond
)

// NewPlaces returns so many places as the process may have; most bounds them further, for tests. 0 doesn't.
func NewPlaces(most int) *Places {
	p := &Places{most: mostOpen(), idle: map[net.Conn]time.Time{}}
	if most > 0 {
		p.most = min(p.most, int64(most))
	}
	return p
}

// take counts a connection in, after [Places.room] had one.
func (p *Places) take() { p.taken.Add(1) }

func (p *Places) back() { p.taken.Add(-1) }

// short reports whether those who wait for nothing in particular have to make room.
func (p *Places) short() bool { return p.taken.Load() > p.most*9/10 }

// room reports whether another connection may be accepted. Doors ask before they accept, so there may be one more
// for each door than there are places.
func (p *Places) room() bool {
	if p.short() {
		p.sweep(time.Now())
	}
	return p.taken.Load() < p.most
}

// sweep closes the connections at net/http that have waited for a request for more than a moment; those of loops are
// closed by them.
func (p *Places) sweep(now time.Time) {
	p.mu.Lock()
	if now.Sub(p.swept) < time.Second {
		p.mu.Unlock()
		return
	}
	p.swept = now
	var over []net.Conn
	for c, since := range p.idle {
		if now.Sub(since) >= shortIdle {
			over = append(over, c)
			delete(p.idle, c)
		}
	}
	p.mu.Unlock()
	for _, c := range over {
		if t, ok := c.(*tls.Conn); ok {
			c = t.NetConn() // nobody waits for the other side to hear of it
		}
		_ = c.Close()
	}
}

// ConnState is for each [http.Server] whose connections have places here.
func (p *Places) ConnState(c net.Conn, s http.ConnState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s == http.StateIdle {
		p.idle[c] = time.Now()
	} else {
		delete(p.idle, c)
	}
}

// Before returns l with a place for each of its connections: while there is none they wait in the system's queue.
func (p *Places) Before(l net.Listener) net.Listener {
	return &placed{Listener: l, places: p, shut: make(chan struct{})}
}

type placed struct {
	net.Listener
	places *Places
	shut   chan struct{}
	once   sync.Once
}

func (l *placed) Accept() (net.Conn, error) {
	for !l.places.room() {
		select {
		case <-l.shut:
			return nil, net.ErrClosed
		case <-time.After(fullPause):
		}
	}
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.places.take()
	back := sync.OnceFunc(l.places.back)
	switch c := c.(type) { // each can what its kind can
	case *net.UnixConn:
		return &unixConn{c, back}, nil
	case *net.TCPConn:
		return &tcpConn{c, back}, nil
	}
	return &otherConn{c, back}, nil
}

func (l *placed) Close() error {
	l.once.Do(func() { close(l.shut) })
	return l.Listener.Close()
}

type unixConn struct {
	*net.UnixConn
	back func()
}

func (c *unixConn) Close() error { defer c.back(); return c.UnixConn.Close() }

type tcpConn struct {
	*net.TCPConn
	back func()
}

func (c *tcpConn) Close() error { defer c.back(); return c.TCPConn.Close() }

type otherConn struct {
	net.Conn
	back func()
}

func (c *otherConn) Close() error { defer c.back(); return c.Conn.Close() }
