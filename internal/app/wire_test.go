package app

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
)

// wire is the network between a node and its database.
type wire struct {
	t    *testing.T
	to   string
	l    net.Listener
	mu   sync.Mutex
	down bool
	all  map[*strand]bool
}

// strand is one connection, by both its ends.
type strand struct {
	ends   [2]net.Conn
	mu     sync.Mutex
	frozen bool
}

// wiredTo returns a wire to the database at the address, and the address at the wire's other end.
func wiredTo(t *testing.T, database string) (w *wire, at string) {
	t.Helper()
	u, err := url.Parse(database)
	must(t, err)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	w = &wire{t: t, to: u.Host, l: l, all: map[*strand]bool{}}
	var running sync.WaitGroup
	running.Go(func() { w.run(&running) })
	t.Cleanup(func() {
		_ = l.Close()
		w.cut()
		running.Wait()
	})
	u.Host = l.Addr().String()
	return w, u.String()
}

func (w *wire) run(running *sync.WaitGroup) {
	for {
		c, err := w.l.Accept()
		if err != nil {
			return
		}
		far, err := (&net.Dialer{}).Dial("tcp", w.to) //nolint:noctx // on this machine
		if err != nil {
			_ = c.Close()
			continue
		}
		s := &strand{ends: [2]net.Conn{c, far}}
		w.mu.Lock()
		if w.down {
			s.close()
		} else {
			w.all[s] = true
		}
		w.mu.Unlock()
		for i := range s.ends {
			running.Go(func() {
				defer s.close()
				_, _ = io.Copy(end{s, i}, struct{ io.Reader }{s.ends[1-i]})
			})
		}
	}
}

func (s *strand) close() {
	for _, c := range s.ends {
		_ = c.Close()
	}
}

// end is where bytes come out, unless the strand is frozen: then they are lost.
type end struct {
	*strand
	which int
}

func (e end) Write(b []byte) (int, error) {
	e.mu.Lock()
	frozen := e.frozen
	e.mu.Unlock()
	if frozen {
		return len(b), nil
	}
	return e.ends[e.which].Write(b)
}

// cut breaks all connections, and no other is made until mend.
func (w *wire) cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = true
	for s := range w.all {
		s.close()
	}
	clear(w.all)
}

func (w *wire) mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.down = false
}

// freeze lets nothing more through the connections that there are, without a word to either end.
func (w *wire) freeze() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for s := range w.all {
		s.mu.Lock()
		s.frozen = true
		s.mu.Unlock()
	}
}
