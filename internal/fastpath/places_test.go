package fastpath

import (
	"net"
	"net/http"
	"testing"
	"time"
)

// When places run short, those at net/http that have waited for a request for more than a moment make room.
func TestThoseWhoWaitAtNetHTTPMakeRoom(t *testing.T) {
	p := NewPlaces(2)
	waits, works := &closes{}, &closes{}
	for _, c := range []*closes{waits, works} {
		p.take()
		p.ConnState(c, http.StateIdle)
	}
	p.ConnState(works, http.StateActive)
	now := time.Now()
	if p.sweep(now.Add(shortIdle / 2)); waits.closed {
		t.Error("a page's pictures come on the same connection")
	}
	if p.sweep(now.Add(2 * shortIdle)); !waits.closed {
		t.Error("it keeps others out")
	}
	if works.closed {
		t.Error("who is being answered was cut off")
	}
	p.ConnState(waits, http.StateClosed)
	if len(p.idle) != 0 {
		t.Errorf("%d are still followed", len(p.idle))
	}
}

type closes struct {
	net.Conn
	closed bool
}

func (c *closes) Close() error { c.closed = true; return nil }

// A connection has its place until it is closed, once; whoever waits for one at a door that closes is sent away.
func TestPlacesOfAListener(t *testing.T) {
	p := NewPlaces(1)
	plain, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", t.TempDir()+"/door")
	if err != nil {
		t.Fatal(err)
	}
	l := p.Before(plain)
	for range 2 {
		client, err := (&net.Dialer{}).DialContext(t.Context(), "unix", plain.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		c, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := c.(interface{ SetWriteBuffer(int) error }); !ok {
			t.Error("a socket's own calls are hidden")
		}
		if p.room() {
			t.Error("there is room beside the only one")
		}
		_, _ = c.Close(), c.Close()
		if !p.room() || p.taken.Load() != 0 {
			t.Errorf("%d places are taken by nobody", p.taken.Load())
		}
		_ = client.Close()
	}
	p.take()
	ended := make(chan error)
	go func() { _, err := l.Accept(); ended <- err }()
	_ = l.Close()
	if err := <-ended; err == nil {
		t.Error("a closed door lets somebody in")
	}
}
