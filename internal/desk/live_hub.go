package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"depesche/internal/events"
	"depesche/internal/id"
	"depesche/internal/problem"
)

const (
	// streams one person may have open on a node, and all together. A browser has one for all its tabs
	// where it can share it.
	streamsEach, streamsAll = 12, 2000
	// waiting is how much may wait for a stream that is slow; then it is told to look anew.
	waiting = 64
	// remembered is how much of what happened a stream can be told that was cut off.
	remembered = 512
	// spread is how far apart two nodes may hear of the same.
	spread = 10 * time.Second
)

// liveKinds are the events that change what a screen of the desk shows.
var liveKinds = []string{"edition.", "story.", "report.", "live."}

// news is what open screens are told: what happened to which story and edition. It never holds text,
// so it may be told to all who may see the list of stories: that is everybody at the desk.
type news struct {
	Kind    string `json:"kind"`
	Story   string `json:"story,omitempty"`
	Edition string `json:"edition,omitempty"`
	Lang    string `json:"lang,omitempty"`
}

// told is news in its place of the hub's order.
type told struct {
	mark mark
	news news
}

// mark is a place in what a node's hub told. Another node finds its own place by the time.
type mark struct {
	node string
	seq  int64
	ms   int64
}

func (m mark) String() string {
	return m.node + "." + strconv.FormatInt(m.seq, 10) + "." + strconv.FormatInt(m.ms, 10)
}

// parseMark reads what a browser sends back; what isn't a mark is false.
func parseMark(s string) (mark, bool) {
	node, rest, _ := strings.Cut(s, ".")
	seq, ms, ok := strings.Cut(rest, ".")
	n, err := strconv.ParseInt(seq, 10, 64)
	at, err2 := strconv.ParseInt(ms, 10, 64)
	return mark{node, n, at}, ok && node != "" && err == nil && err2 == nil
}

// hub passes on what happened to the open streams of this node.
type hub struct {
	now   func() time.Time
	node  string
	since int64 // milliseconds from which on all is remembered

	mu     sync.Mutex
	seq    int64
	last   []told // at most remembered
	open   map[*stream]bool
	closed bool
}

// newHub returns a hub that listens from now on.
func newHub(now func() time.Time) *hub {
	return &hub{now: now, node: id.Short(8), since: now().UnixMilli(), open: map[*stream]bool{}}
}

// hear takes an event from the bus. It never fails and never waits.
func (h *hub) hear(_ context.Context, e events.Event) error {
	n := news{Kind: e.Kind}
	// Whose data are of another form has no story in it that one could speak of.
	if json.Unmarshal(e.Data, &n) != nil || n.Story == "" {
		return nil
	}
	n.Kind = e.Kind
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	x := told{mark{h.node, h.seq, e.At.UnixMilli()}, n}
	if len(h.last) == remembered {
		h.since = max(h.since, h.last[0].mark.ms+1)
		h.last = slices.Delete(h.last, 0, 1)
	}
	h.last = append(h.last, x)
	for s := range h.open {
		s.put(x)
	}
	return nil
}

// mark is the hub's place now. Who reads the database after asking for it misses nothing that comes later.
func (h *hub) mark() mark {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.place()
}

func (h *hub) place() mark { return mark{h.node, h.seq, h.now().UnixMilli()} }

// stream begins to listen for somebody, from a mark on. It is problem.TooMany if the person has too many
// open already, and problem.Unavailable if the node is full or ends.
func (h *hub) stream(staff, from string) (*stream, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.open) >= streamsAll {
		return nil, problem.New(problem.Unavailable, "problem.unavailable")
	}
	n := 0
	for s := range h.open {
		if s.staff == staff {
			n++
		}
	}
	if n >= streamsEach {
		return nil, problem.New(problem.TooMany, "problem.too_many_requests")
	}
	s := &stream{staff: staff, at: h.place(), wake: make(chan struct{}, 1), ended: make(chan struct{})}
	missed, all := h.missed(from)
	s.lost = !all
	for _, x := range missed {
		s.put(x)
	}
	h.open[s] = true
	return s, nil
}

// missed returns what was told since a mark; false if that isn't known any more.
func (h *hub) missed(from string) ([]told, bool) {
	m, ok := parseMark(from)
	switch {
	case from == "":
		return nil, true
	case !ok:
		return nil, false
	case m.node == h.node:
		if m.seq > h.seq || m.seq < h.seq-int64(len(h.last)) {
			return nil, false
		}
		return h.last[len(h.last)-int(h.seq-m.seq):], true
	}
	back := m.ms - spread.Milliseconds()
	if back < h.since {
		return nil, false
	}
	var out []told
	for _, x := range h.last {
		if x.mark.ms >= back {
			out = append(out, x)
		}
	}
	return out, true
}

// leave ends a stream.
func (h *hub) leave(s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.open, s)
}

// close ends all streams; browsers go on elsewhere, or here after a restart.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.open {
		close(s.ended)
	}
	clear(h.open)
}

// look has all of somebody's streams look whether their session still lasts.
func (h *hub) look(staff string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.open {
		if s.staff == staff {
			s.nudge()
		}
	}
}

// stream is one browser that listens.
type stream struct {
	staff string
	wake  chan struct{}
	ended chan struct{}

	mu    sync.Mutex
	at    mark // of the last that was put
	queue []told
	lost  bool // something was left out
}

func (s *stream) put(x told) {
	s.mu.Lock()
	if s.at = x.mark; len(s.queue) == waiting {
		s.queue, s.lost = nil, true
	}
	if !s.lost {
		s.queue = append(s.queue, x)
	}
	s.mu.Unlock()
	s.nudge()
}

func (s *stream) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// take returns what waits, and the place after it. lost says that some was left out, and then all is.
func (s *stream) take() (list []told, at mark, lost bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, lost = s.queue, s.lost
	s.queue, s.lost = nil, false
	return list, s.at, lost
}

// hello begins the stream. It has a place only if nothing waits: who is cut off before that arrives asks again
// from where the page began.
func (s *stream) hello() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := []byte("retry: 2000\n")
	if len(s.queue) == 0 && !s.lost {
		b = fmt.Appendf(b, "id: %s\n", s.at)
	}
	return append(b, "event: hello\ndata: {}\n\n"...)
}

// frames are the lines of the event stream for what waits.
func (s *stream) frames() []byte {
	list, at, lost := s.take()
	var b []byte
	if lost {
		return fmt.Appendf(b, "id: %s\nevent: news\ndata: {\"kind\":\"reload\"}\n\n", at)
	}
	for _, x := range once(list) {
		data, err := json.Marshal(x.news)
		if err != nil {
			continue // strings can be told always
		}
		b = fmt.Appendf(b, "id: %s\nevent: news\ndata: %s\n\n", x.mark, data)
	}
	return b
}

// once leaves of equal news the last: an act often tells the same of an edition twice.
func once(list []told) []told {
	at := map[news]int64{}
	for _, x := range list {
		at[x.news] = x.mark.seq
	}
	out := slices.DeleteFunc(slices.Clone(list), func(x told) bool { return at[x.news] != x.mark.seq })
	slices.SortFunc(out, func(a, b told) int { return cmp.Compare(a.mark.seq, b.mark.seq) })
	return out
}
