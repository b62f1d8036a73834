// Package stream keeps many open pages told: what happens on a channel is made into bytes once and written to
// every connection that listens to it, as server-sent events.
//
// An open page costs a socket and some hundred bytes here: over HTTP/1 the connection is taken out of the server's
// hands, so that neither a goroutine nor a buffer waits for it, and what is told goes to the kernel without
// waiting. Who doesn't take what is told is dropped: his browser comes back and asks for what he missed. Over HTTP/2
// and TLS the server's own goroutine stays, and costs what it costs.
package stream

import (
	"context"
	"log/slog"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Item is something told: the newest of a name takes the place of those before.
type Item struct {
	Name  string
	At    time.Time
	Frame []byte // a whole event, as Frame makes it
}

// Options bound a hub.
type Options struct {
	Total int           // open connections, 0: 20,000
	Each  int           // of one address, 0: 1,000: many readers have one where a telephone company lends it
	Beat  time.Duration // how often a quiet connection hears that it is open, 0: 25 s
	Log   *slog.Logger
}

const (
	// slack is how far a page may be behind or ahead of what its browser asks for: clocks differ, and an act is
	// seen later than the time that it bears.
	slack = 10 * time.Second
	// remembered is how many names a channel knows the newest of; who asks for more looks at the page anew.
	remembered = 100
	// idle is how long a channel is kept that nobody listens to.
	idle = time.Minute
	// reapEvery is how often closed connections are looked for at most: a call of the kernel for each that is open.
	reapEvery = 200 * time.Millisecond
)

// Load reads what was told last on a channel, the oldest first: at most limit, or one more to say that there is
// more.
type Load func(ctx context.Context, limit int) ([]Item, error)

// Hub passes on what is told to the connections of this node.
type Hub struct {
	o     Options
	stop  chan struct{}
	tasks chan task
	done  sync.WaitGroup
	open  atomic.Int64

	mu       sync.Mutex
	channels map[string]*channel
	each     map[netip.Addr]int
	closed   bool
	reaped   time.Time // when closed connections were looked for
}

// task is something for all connections of a channel; without a channel it is for all there are.
type task struct {
	to    *channel
	frame []byte
}

// channel is one page that may be open in many places.
type channel struct {
	load  sync.Mutex // one reads, the others wait for it
	mu    sync.Mutex
	known bool      // what was told before anybody listened is read
	since time.Time // from which on all is known
	last  []Item    // the newest of each name, the oldest first
	conns map[*conn]struct{}
	left  time.Time // when the last listener went
}

// New returns a hub that works until it is closed.
func New(o Options) *Hub {
	if o.Total == 0 {
		o.Total = 20_000
	}
	if o.Each == 0 {
		o.Each = 1_000
	}
	if o.Beat == 0 {
		o.Beat = 25 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	h := &Hub{o: o, stop: make(chan struct{}), tasks: make(chan task, 1024), channels: map[string]*channel{}, each: map[netip.Addr]int{}}
	h.done.Go(h.work)
	return h
}

// Open is how many connections listen.
func (h *Hub) Open() int { return int(h.open.Load()) }

// Listens reports whether anybody on this node may want to know what happens on the channel.
func (h *Hub) Listens(name string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.channels[name] != nil
}

// Tell passes on what happened on the channel, if anybody listens to it here. It doesn't wait for anyone.
func (h *Hub) Tell(name string, it Item) {
	h.mu.Lock()
	c := h.channels[name]
	h.mu.Unlock()
	if c == nil {
		return
	}
	c.mu.Lock()
	c.put(it)
	c.mu.Unlock()
	// Who joins in between is told twice, which pages don't mind.
	select {
	case h.tasks <- task{c, short(it.Frame)}:
	case <-h.stop:
	}
}

// put keeps the newest of each name.
func (c *channel) put(it Item) {
	for i := range c.last {
		if c.last[i].Name == it.Name {
			c.last = append(c.last[:i], c.last[i+1:]...)
			break
		}
	}
	if len(c.last) == remembered {
		c.since = c.last[0].At.Add(time.Millisecond)
		c.last = append(c.last[:0], c.last[1:]...)
	}
	c.last = append(c.last, it)
}

// missed is what was told since a moment; false if that isn't known any more.
func (c *channel) missed(since time.Time) ([]Item, bool) {
	since = since.Add(-slack)
	if since.Before(c.since) {
		return nil, false
	}
	var out []Item
	for _, it := range c.last {
		if !it.At.Before(since) {
			out = append(out, it)
		}
	}
	return out, true
}

// fill reads what was told before anybody listened, once.
func (c *channel) fill(ctx context.Context, load Load) error {
	c.load.Lock()
	defer c.load.Unlock()
	c.mu.Lock()
	known := c.known
	c.mu.Unlock()
	if known {
		return nil
	}
	list, err := load(ctx, remembered)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	told := c.last
	c.last, c.known = nil, true
	for _, it := range append(list, told...) { // what was told while we read is newer
		c.put(it)
	}
	return nil
}

// work writes to connections, one task after the other, and lets the quiet ones know that they are open.
func (h *Hub) work() {
	beats := time.NewTicker(h.o.Beat)
	defer beats.Stop()
	for {
		select {
		case <-h.stop:
			return
		case t := <-h.tasks:
			h.write(t.to, t.frame)
		case now := <-beats.C:
			for _, c := range h.sweep(now) {
				h.write(c, beat)
			}
		}
	}
}

// beat is a comment: browsers hear it and say nothing of it.
var beat = []byte(":\n\n")

// writers is how many write at once: a write is a call of the kernel and little else.
const writers = 4

// write writes the frame to all connections of the channel, and drops those that don't take it.
func (h *Hub) write(c *channel, frame []byte) {
	c.mu.Lock()
	all := make([]*conn, 0, len(c.conns))
	for x := range c.conns {
		all = append(all, x)
	}
	c.mu.Unlock()
	var wg sync.WaitGroup
	size := (len(all) + writers - 1) / writers
	for start := 0; start < len(all); start += max(size, 1) {
		part := all[start:min(start+max(size, 1), len(all))]
		wg.Go(func() {
			for _, x := range part {
				if !x.put(frame) {
					h.drop(c, x)
				}
			}
		})
	}
	wg.Wait()
}

// sweep forgets channels that nobody has listened to for a while and returns the others.
func (h *Hub) sweep(now time.Time) []*channel {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*channel
	for name, c := range h.channels {
		c.mu.Lock()
		quiet := len(c.conns) == 0 && now.Sub(c.left) > idle
		c.mu.Unlock()
		if quiet {
			delete(h.channels, name)
			continue
		}
		out = append(out, c)
	}
	return out
}

// reap drops connections whose other side has closed them: nobody writes to a quiet one before the next beat, and
// until then it takes a place. It reports whether one was dropped. Who is refused over and over doesn't have it
// looked for more often than now and then.
func (h *Hub) reap() bool {
	h.mu.Lock()
	now := time.Now()
	if h.closed || now.Sub(h.reaped) < reapEvery {
		h.mu.Unlock()
		return false
	}
	h.reaped = now
	all := slices.Collect(maps.Values(h.channels))
	h.mu.Unlock()
	found := false
	for _, c := range all {
		c.mu.Lock()
		conns := slices.Collect(maps.Keys(c.conns))
		c.mu.Unlock()
		for _, x := range conns {
			if x.raw != nil && closedThere(x.raw) {
				h.drop(c, x)
				found = true
			}
		}
	}
	return found
}

// Close ends all connections; browsers go on elsewhere, or here after a restart, some earlier and some later.
func (h *Hub) Close() {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return
	}
	h.closed = true
	all := h.channels
	h.channels = map[string]*channel{}
	h.mu.Unlock()
	close(h.stop)
	h.done.Wait()
	for _, c := range all {
		c.mu.Lock()
		conns := c.conns
		c.conns = map[*conn]struct{}{}
		c.mu.Unlock()
		for x := range conns {
			x.put(retryIn())
			x.end()
		}
	}
}
