package fastpath

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Front answers on a listener what lies in memory. For all other requests it is the listener of an
// [http.Server], whose ConnState must be the one of the Front.
type Front struct {
	o     Options
	l     *net.TCPListener
	file  *os.File // the same again: of a listener, net lets nobody wait for connections but itself
	loops []*loop

	open     atomic.Int64 // connections, those that net/http has among them
	own      atomic.Int64 // of the loops
	draining atomic.Bool
	closing  atomic.Bool
	left     chan struct{} // something was closed

	mu      sync.Mutex
	queue   []*handed // for Accept
	deaf    bool      // nobody accepts any more
	arrived chan struct{}
	shut    chan struct{} // ends Accept
	done    chan struct{} // ends the loops
	pause   func(time.Duration) bool
	closed  sync.Once
	stopped sync.Once
	ended   sync.WaitGroup
}

// Before puts a Front before l, which is closed with it. Another listener than one of TCP comes back as
// it is.
func Before(l net.Listener, o Options) (*Front, error) {
	f, err := newFront(l, o)
	if err != nil {
		return nil, err
	}
	f.start()
	return f, nil
}

func (f *Front) start() {
	for _, lp := range f.loops {
		f.ended.Go(lp.run)
	}
	f.ended.Go(f.accept)
	f.ended.Go(f.tick)
}

func newFront(l net.Listener, o Options) (*Front, error) {
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return nil, errors.New("the fast path answers on TCP only")
	}
	if err := inherit(tcp); err != nil {
		return nil, err
	}
	file, err := tcp.File()
	if err != nil {
		return nil, err
	}
	if o.Places == nil {
		o.Places = NewPlaces(0)
	}
	f := &Front{o: o, l: tcp, file: file, left: make(chan struct{}, 1), arrived: make(chan struct{}, 1),
		shut: make(chan struct{}), done: make(chan struct{})}
	f.pause = f.pauses
	for range runtime.GOMAXPROCS(0) {
		lp, err := newLoop(f)
		if err != nil {
			for _, other := range f.loops {
				other.release()
			}
			return nil, errors.Join(err, file.Close())
		}
		f.loops = append(f.loops, lp)
	}
	return f, nil
}

// inherit sets on the listener what its connections get from it: small answers aren't held back for
// others, and the dead are found out.
func inherit(l *net.TCPListener) error {
	raw, err := l.SyscallConn()
	if err != nil {
		return err
	}
	var serr error
	err = raw.Control(func(fd uintptr) {
		serr = errors.Join(unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
			unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1),
			unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 30))
	})
	return errors.Join(err, serr)
}

// mostOpen leaves a part of the files that the process may open to everything else.
func mostOpen() int64 {
	var r unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &r); err != nil {
		return 1 << 10
	}
	return int64(min(max(r.Cur, 512)*3/4, 1<<20)) //nolint:gosec // at most 1<<20
}

// accept takes connections and deals them to the loops in turn: one that got more than its share
// would let its readers wait.
func (f *Front) accept() {
	raw, err := f.file.SyscallConn()
	if err != nil {
		return
	}
	for turn := 0; ; turn++ {
		fd, from, err := f.one(raw)
		switch {
		case err == nil:
			f.open.Add(1)
			f.o.Places.take()
			f.loops[turn%len(f.loops)].add(&conn{fd: fd, proxy: f.o.Proxy != nil && f.o.Proxy(from)})
		case errors.Is(err, net.ErrClosed):
			return
		case errors.Is(err, unix.ECONNABORTED), errors.Is(err, unix.EINTR): // the client went away while it waited
		default: // no more files, no memory, or a listener that somebody else has shut
			if !f.pause(fullPause) {
				return
			}
		}
	}
}

var errFull = errors.New("no more connections")

func (f *Front) one(raw syscall.RawConn) (fd int, from netip.Addr, err error) {
	if !f.o.Places.room() {
		return 0, from, errFull
	}
	rerr := raw.Read(func(l uintptr) bool {
		var sa unix.Sockaddr
		fd, sa, err = unix.Accept4(int(l), unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		if errors.Is(err, unix.EAGAIN) {
			return false
		}
		switch a := sa.(type) {
		case *unix.SockaddrInet4:
			from = netip.AddrFrom4(a.Addr)
		case *unix.SockaddrInet6:
			from = netip.AddrFrom16(a.Addr).Unmap()
		}
		return true
	})
	if rerr != nil {
		return 0, from, net.ErrClosed
	}
	return fd, from, err
}

func (f *Front) pauses(d time.Duration) bool {
	select {
	case <-f.shut:
		return false
	case <-time.After(d):
		return true
	}
}

// tick lets each loop look once a second for those whose time is up.
func (f *Front) tick() {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-f.done:
			return
		case <-t.C:
			f.wake()
		}
	}
}

// Accept returns the next connection with a request that isn't answered here.
func (f *Front) Accept() (net.Conn, error) {
	for {
		f.mu.Lock()
		if len(f.queue) > 0 {
			h := f.queue[0]
			f.queue[0] = nil
			f.queue = f.queue[1:]
			f.mu.Unlock()
			if err := h.open(); err != nil {
				f.gone()
				continue
			}
			return h, nil
		}
		f.deaf = f.closing.Load()
		f.mu.Unlock()
		select {
		case <-f.arrived:
		case <-f.shut:
			if f.isDeaf() {
				return nil, net.ErrClosed
			}
		}
	}
}

func (f *Front) isDeaf() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.deaf
}

func (f *Front) hand(h *handed) {
	f.mu.Lock()
	if f.deaf {
		f.mu.Unlock()
		_ = unix.Close(h.fd)
		f.gone()
		return
	}
	f.queue = append(f.queue, h)
	f.mu.Unlock()
	select {
	case f.arrived <- struct{}{}:
	default:
	}
}

// gone counts a connection less.
func (f *Front) gone() {
	f.open.Add(-1)
	f.o.Places.back()
	select {
	case f.left <- struct{}{}:
	default:
	}
}

// ConnState is for the [http.Server] that accepts from f.
func (f *Front) ConnState(c net.Conn, s http.ConnState) {
	if h, ok := c.(*handed); ok {
		h.state(s)
	}
	f.o.Places.ConnState(c, s)
}

// Addr is the listener's.
func (f *Front) Addr() net.Addr { return f.l.Addr() }

// Drain takes no more connections; those that are open get one more answer each, which tells them that
// it is the last.
func (f *Front) Drain() {
	f.draining.Store(true)
	_ = f.file.Close() // ends accept
	_ = f.l.Close()
}

// Drained returns when no connection is open any more, here or at net/http, or ctx is done.
func (f *Front) Drained(ctx context.Context) { f.until(ctx, &f.open) }

func (f *Front) until(ctx context.Context, n *atomic.Int64) {
	for n.Load() > 0 {
		select {
		case <-f.left:
		case <-ctx.Done():
			return
		}
	}
}

// Close ends Accept and closes what waits for a request. Answers that are being sent go on.
func (f *Front) Close() error {
	f.closed.Do(func() {
		f.Drain()
		f.closing.Store(true)
		close(f.shut)
		f.wake()
	})
	return nil
}

// Stop closes f, waits until the answers that are being sent have gone out, or ctx is done, and ends
// everything that is f's. What net/http has stays its own.
func (f *Front) Stop(ctx context.Context) {
	_ = f.Close()
	f.until(ctx, &f.own)
	f.stopped.Do(func() { close(f.done) })
	f.wake()
	f.ended.Wait()
}

func (f *Front) wake() {
	for _, lp := range f.loops {
		lp.wake()
	}
}
