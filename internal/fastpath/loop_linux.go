package fastpath

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// How long clients may take. A browser keeps a connection that it may need again; all others are held
// to what an honest slow line needs.
const (
	idleTime = 2 * time.Minute  // between requests
	headTime = 10 * time.Second // from the first byte of a request to its last
	moveTime = 30 * time.Second // between two moments at which an answer moves on
	sendTime = 5 * time.Minute  // for all of an answer
	lastTime = 2 * time.Second  // until the client closes, too
)

// turn is how much one connection gets before others have theirs.
const turn = 256 << 10

// spell is how long a loop goes on before the rest of the program has its turn.
const spell = 500 * time.Microsecond

type phase uint8

const (
	idle      phase = iota // waits for a request, or for the rest of one
	sending                // the client takes its answer slowly
	lingering              // everything is said; closing at once could take it back
)

// conn is a connection of a loop, which alone touches it.
type conn struct {
	fd    int
	phase phase
	proxy bool // a server in front that we trust
	close bool // after what is being sent
	older bool // has had an answer
	again bool // has had its turn and more to be answered

	in    []byte    // of a request that isn't whole yet, or of those behind an answer that is being sent
	out   [3][]byte // still to be sent; its bytes are everybody's
	due   int64     // when its time is up, in seconds
	until int64     // when that of its answer is
}

// loop serves its share of the connections, one event after another. A connection that waits costs its
// conn and nothing else: no goroutine, no buffer.
type loop struct {
	f      *Front
	file   *os.File // the epoll, as Go's own poller sees it
	raw    syscall.RawConn
	ep     int
	bell   int // an eventfd
	conns  []*conn
	n      int
	now    int64
	swept  int64
	rested time.Time
	ends   [4][]byte // what is sent behind Head: Date, the rest and the empty line
	events [128]unix.EpollEvent
	iov    [3]unix.Iovec
	turns  []*conn // those with again
	asked  asked
	buf    [4 << 10]byte // and no more of a client's bytes is held while its answers wait

	mu   sync.Mutex
	new  []*conn
	over bool
}

func newLoop(f *Front) (*loop, error) {
	ep, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, err
	}
	bell, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return nil, errors.Join(err, unix.Close(ep))
	}
	l := &loop{f: f, ep: ep, bell: bell}
	err = errors.Join(unix.SetNonblock(ep, true), l.control(unix.EPOLL_CTL_ADD, bell, unix.EPOLLIN))
	l.file = os.NewFile(uintptr(ep), "epoll")
	if err == nil {
		l.raw, err = l.file.SyscallConn()
	}
	if err != nil {
		l.release()
		return nil, err
	}
	return l, nil
}

func (l *loop) release() {
	_ = unix.Close(l.bell)
	_ = l.file.Close()
}

func (l *loop) control(op, fd int, events uint32) error {
	return unix.EpollCtl(l.ep, op, fd, &unix.EpollEvent{Events: events, Fd: int32(fd)}) //nolint:gosec // a file's number
}

// wake lets the loop look around, from any goroutine.
func (l *loop) wake() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ring()
}

// ring is wake under the lock. The bell of a loop that is over has a number that may be another file's by now.
func (l *loop) ring() {
	if l.over {
		return
	}
	one := [8]byte{1}
	_, _ = unix.Write(l.bell, one[:])
}

// add gives the loop a connection, from any goroutine.
func (l *loop) add(c *conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		_ = unix.Close(c.fd)
		l.f.gone()
		return
	}
	l.f.own.Add(1)
	l.new = append(l.new, c)
	l.ring()
}

// run is the loop. It waits in Go's own poller: a thread that slept in epoll_wait itself would keep others
// from running until the scheduler noticed.
func (l *loop) run() {
	for {
		n := l.poll(0)
		busy := n > 0 || len(l.turns) > 0
		if !busy || l.clock().Sub(l.rested) > spell {
			var err error
			if n, err = l.rest(busy); err != nil {
				return
			}
			l.rested = l.clock()
		}
		for i := range n {
			l.event(l.events[i])
		}
		l.again()
		select {
		case <-l.f.done:
			l.end()
			return
		default:
		}
	}
}

// rest lets the rest of the program run and returns how many events there are then. A loop with nothing to do comes
// back when there is something. A busy one rings its own bell and waits for it: Go's poller, which also wakes whoever
// reads or writes elsewhere, is looked at only by a processor that has nothing else to run, and otherwise every ten
// milliseconds.
func (l *loop) rest(busy bool) (n int, err error) {
	err = l.raw.Read(func(uintptr) bool {
		if busy {
			busy = false
			l.wake()
			return false
		}
		n = l.poll(0)
		return n > 0
	})
	return n, err
}

func (l *loop) poll(wait int) int {
	n, _, err := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(l.ep), uintptr(unsafe.Pointer(&l.events[0])), uintptr(len(l.events)), uintptr(wait), 0, 0)
	if err != 0 {
		return 0
	}
	return int(n)
}

// clock reads the time once for all events that came together.
func (l *loop) clock() time.Time {
	now := time.Now()
	if s := now.Unix(); s != l.now {
		l.now = s
		l.tellTime(now)
	}
	return now
}

// tellTime makes the lines that are sent behind a head anew: they may still be on their way in old ones.
func (l *loop) tellTime(now time.Time) {
	date := now.UTC().AppendFormat([]byte("Date: "), "Mon, 02 Jan 2006 15:04:05 GMT\r\n")
	for i := range l.ends {
		end := append([]byte(nil), date...)
		if i&endSecure != 0 {
			end = append(end, l.f.o.Secure...)
		}
		if i&endClose != 0 {
			end = append(end, "Connection: close\r\n"...)
		}
		l.ends[i] = append(end, "\r\n"...)
	}
}

const (
	endSecure = 1 << iota
	endClose
)

func (l *loop) event(e unix.EpollEvent) {
	if int(e.Fd) == l.bell {
		l.bellRang()
		return
	}
	c := l.conns[e.Fd]
	switch {
	case c == nil, c.again: // nothing more is read before its turn
	case c.phase == sending:
		if l.flush(c) {
			l.next(c)
		}
	case c.phase == lingering:
		l.linger(c)
	default:
		l.read(c)
	}
}

// bellRang takes in new connections, closes those whose time is up and, when all shall end, those that
// wait.
func (l *loop) bellRang() {
	var count [8]byte
	_, _ = unix.Read(l.bell, count[:])
	l.mu.Lock()
	list := l.new
	l.new = nil
	l.mu.Unlock()
	for _, c := range list {
		l.take(c)
	}
	if l.f.closing.Load() || l.now != l.swept {
		l.sweep()
	}
}

func (l *loop) take(c *conn) {
	for c.fd >= len(l.conns) {
		l.conns = append(l.conns, make([]*conn, max(64, len(l.conns)))...)
	}
	l.conns[c.fd] = c
	l.n++
	c.due = l.now + int64(idleTime/time.Second)
	if err := l.control(unix.EPOLL_CTL_ADD, c.fd, unix.EPOLLIN); err != nil {
		l.drop(c)
		return
	}
	if len(c.in) > 0 { // back from net/http, with what its client sent meanwhile
		l.next(c)
	}
}

// sweep closes those whose time is up. When connections run short, those go that have waited for a
// request for more than a moment.
func (l *loop) sweep() {
	l.swept = l.now
	patience := int64(0)
	if l.f.o.Places.short() {
		patience = int64((idleTime - shortIdle) / time.Second)
	}
	for fd, c := range l.conns {
		if c == nil {
			continue
		}
		waits := c.phase == idle && !c.again
		if waits && l.f.closing.Load() { // what has come in the last moment is answered
			if l.read(c); l.conns[fd] != c {
				continue
			}
			waits = c.phase == idle && !c.again
		}
		if c.due <= l.now || waits && (l.f.closing.Load() || len(c.in) == 0 && c.due-patience <= l.now) {
			l.drop(c)
		}
	}
}

// forget takes the connection from the loop and leaves it open.
func (l *loop) forget(c *conn) {
	_ = l.control(unix.EPOLL_CTL_DEL, c.fd, 0)
	l.conns[c.fd] = nil
	l.n--
	c.phase, c.again = lingering, false
}

func (l *loop) drop(c *conn) {
	l.forget(c)
	_ = unix.Close(c.fd)
	c.in, c.out = nil, [3][]byte{}
	l.f.own.Add(-1)
	l.f.gone()
}

// again gives those with more to be answered their next turn.
func (l *loop) again() {
	if len(l.turns) == 0 {
		return
	}
	list := l.turns
	l.turns = nil
	for _, c := range list {
		if c.again {
			c.again = false
			l.next(c)
		}
	}
}

// end cuts off what is left.
func (l *loop) end() {
	for _, c := range l.conns {
		if c != nil {
			l.drop(c)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.new {
		_ = unix.Close(c.fd)
		l.f.own.Add(-1)
		l.f.gone()
	}
	l.new, l.over = nil, true
	l.release()
}
