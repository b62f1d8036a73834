package stream

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"depesche/internal/problem"
)

// Frame is one event as it goes over the wire: its ID is the time, so that a browser that was cut off tells any
// node what it knows. data must be one line.
func Frame(event string, at time.Time, data []byte) []byte {
	return fmt.Appendf(nil, "id: %d\nevent: %s\ndata: %s\n\n", at.UnixMilli(), event, data)
}

// lost tells a page that it has missed more than can be told.
var lost = []byte("event: lost\ndata: {}\n\n")

// most is how much is told at once. What doesn't go into what the kernel keeps for a page would cut it off, and
// again whenever it comes back; its own address has all of it, compressed.
const most = sendBuffer

func short(frame []byte) []byte {
	if len(frame) > most {
		return lost
	}
	return frame
}

// retryIn tells a browser when to come back after it is cut off: not all at once.
func retryIn() []byte { return fmt.Appendf(nil, "retry: %d\n\n", 1000+rand.IntN(5000)) }

// Since reads what a browser says it knows: of its last event, or of the page that it opened.
func Since(r *http.Request) (time.Time, bool) {
	said := r.Header.Get("Last-Event-ID")
	if said == "" {
		said = r.URL.Query().Get("since")
	}
	ms, err := strconv.ParseInt(said, 10, 64)
	if err != nil || ms < 0 || ms > 1<<47 {
		return time.Time{}, false
	}
	return time.UnixMilli(ms), true
}

// Serve has the request listen to a channel: first it is told what it has missed. It returns when the connection
// has ended, or is in the hub's hands. The headers that were set on w are sent.
//
// Who asks for the headers alone gets them and takes no place.
//
// Who asks for more than there may be is problem.TooMany (of one address) or problem.Unavailable; then nothing was
// written.
func (h *Hub) Serve(w http.ResponseWriter, r *http.Request, from netip.Addr, name string, load Load) error {
	header := w.Header()
	if r.Method == http.MethodHead {
		say(header)
		w.WriteHeader(http.StatusOK)
		return nil
	}
	since, ok := Since(r)
	if !ok {
		since = time.Now()
	}
	c, err := h.enter(name, from)
	if err != nil && h.reap() {
		c, err = h.enter(name, from)
	}
	if err != nil {
		return err
	}
	x := &conn{from: from, gone: make(chan struct{})}
	if err := c.fill(r.Context(), load); err != nil {
		h.leave(from)
		return err
	}
	say(header)
	taken := x.take(w, r)
	if !taken {
		if x.queue, err = x.hold(w); err != nil {
			h.leave(from)
			return err
		}
	}
	if !h.join(c, x, since) {
		x.end()
		h.leave(from)
		if taken {
			return nil
		}
	}
	if !taken {
		x.follow(w, r.Context())
		h.drop(c, x)
	}
	return nil
}

// say sets what a stream's headers say of it.
func say(header http.Header) {
	header.Set("Content-Type", "text/event-stream; charset=utf-8")
	header.Set("Cache-Control", "no-store, no-transform")
	header.Set("X-Accel-Buffering", "no") // nginx would wait for more
}

// enter counts a connection in and returns its channel.
func (h *Hub) enter(name string, from netip.Addr) (*channel, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.open.Load() >= int64(h.o.Total) {
		return nil, problem.New(problem.Unavailable, "problem.unavailable")
	}
	if h.each[from] >= h.o.Each {
		return nil, problem.New(problem.TooMany, "problem.too_many_requests")
	}
	c := h.channels[name]
	if c == nil {
		c = &channel{conns: map[*conn]struct{}{}, left: time.Now()}
		h.channels[name] = c
	}
	h.each[from]++
	h.open.Add(1)
	return c, nil
}

// leave counts a connection out.
func (h *Hub) leave(from netip.Addr) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.each[from]--; h.each[from] <= 0 {
		delete(h.each, from)
	}
	h.open.Add(-1)
}

// join tells a connection what it has missed and has it told what comes; nothing comes in between. It is false
// if the connection didn't take it, or the hub has ended.
func (h *Hub) join(c *channel, x *conn, since time.Time) bool {
	var b bytes.Buffer
	b.Write(retryIn())
	c.mu.Lock()
	defer c.mu.Unlock()
	missed, ok := c.missed(since)
	size := 0
	for _, it := range missed {
		size += len(it.Frame)
	}
	if !ok || size > most {
		b.Write(lost)
		missed = nil
	}
	for _, it := range missed {
		b.Write(it.Frame)
	}
	select {
	case <-h.stop:
		x.put(b.Bytes())
		return false
	default:
	}
	if !x.put(b.Bytes()) {
		return false
	}
	c.conns[x] = struct{}{}
	return true
}

// drop ends a connection and forgets it, once.
func (h *Hub) drop(c *channel, x *conn) {
	c.mu.Lock()
	_, there := c.conns[x]
	delete(c.conns, x)
	if len(c.conns) == 0 {
		c.left = time.Now()
	}
	c.mu.Unlock()
	x.end()
	if there {
		h.leave(x.from)
	}
}
