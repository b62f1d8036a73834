//go:build linux

package fastpath

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// ask sends a request and reads its answer.
func ask(t *testing.T, c net.Conn, r *bufio.Reader, target string) (*http.Response, string) {
	t.Helper()
	if _, err := io.WriteString(c, "GET "+target+" HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	return answerTo(t, r, target)
}

func answerTo(t *testing.T, r *bufio.Reader, target string) (*http.Response, string) {
	t.Helper()
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	return res, string(body)
}

// until waits for what another goroutine does soon.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !ok(); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

// A connection whose request wasn't in memory comes back, as often as it likes.
func TestComesBackFromNetHTTP(t *testing.T) {
	s := start(t, true, Options{})
	c := s.dial(t)
	r := bufio.NewReader(c)
	for i := range 5 {
		if _, body := ask(t, c, r, "/a"); body != pageText {
			t.Fatalf("%d: %q", i, head(body))
		}
		if _, body := ask(t, c, r, "/not"); !strings.HasPrefix(body, "GET /not") {
			t.Fatalf("%d: %q", i, body)
		}
	}
	until(t, "the loop has its connection again", func() bool { return s.f.own.Load() == 1 && s.f.open.Load() == 1 })
	if s.hits.Load() != 5 {
		t.Errorf("%d from memory", s.hits.Load())
	}
	_ = c.Close()
	until(t, "nothing is open", func() bool { return s.f.open.Load() == 0 })
}

// What was sent while net/http answered the request before it is answered next, from memory too.
func TestSentMeanwhile(t *testing.T) {
	s := start(t, true, Options{})
	c := s.dial(t)
	r := bufio.NewReader(c)
	if _, err := io.WriteString(c, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"+get); err != nil {
		t.Fatal(err)
	}
	until(t, "net/http has it", func() bool { return s.f.own.Load() == 0 && s.f.open.Load() == 1 })
	if _, err := io.WriteString(c, get+"POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"+get); err != nil {
		t.Fatal(err)
	}
	close(s.block)
	for _, want := range []string{"GET /slow", pageText, pageText, `POST /p HTTP`, pageText} {
		_, body := answerTo(t, r, want)
		if !strings.HasPrefix(body, strings.TrimSuffix(want, " HTTP")) {
			t.Errorf("%q, want %q", head(body), want)
		}
	}
	if s.hits.Load() != 2 {
		t.Errorf("%d from memory: what is behind a body stays at net/http", s.hits.Load())
	}
}

func TestHandlerHearsThatItsClientWentAway(t *testing.T) {
	s := start(t, true, Options{})
	c := s.dial(t)
	if _, err := io.WriteString(c, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	until(t, "net/http has it", func() bool { return s.f.own.Load() == 0 && s.f.open.Load() == 1 })
	_ = c.Close()
	select {
	case <-s.gone:
	case <-time.After(30 * time.Second):
		t.Error("it still waits")
	}
	until(t, "nothing is open", func() bool { return s.f.open.Load() == 0 })
}

// Slow readers get every byte, in order, and hold no memory of ours: the answers are everybody's.
func TestSlowReaders(t *testing.T) {
	s := start(t, true, Options{})
	const readers, each = 10, 2
	var conns []*net.TCPConn
	for range readers {
		c := s.dial(t)
		if _, err := io.WriteString(c, strings.Repeat("GET /large HTTP/1.1\r\nHost: a\r\n\r\n", each)); err != nil {
			t.Fatal(err)
		}
		conns = append(conns, c)
	}
	until(t, "each has begun", func() bool { return s.hits.Load() >= readers })
	quick := s.dial(t)
	if _, body := ask(t, quick, bufio.NewReader(quick), "/a"); body != pageText {
		t.Errorf("beside them: %q", head(body))
	}
	var all sync.WaitGroup
	for i, c := range conns {
		all.Go(func() {
			r := bufio.NewReader(c)
			for range each {
				res, err := http.ReadResponse(r, nil)
				if err != nil {
					t.Errorf("reader %d: %v", i, err)
					return
				}
				if n, err := io.Copy(io.Discard, res.Body); n != int64(len(large)) || err != nil {
					t.Errorf("reader %d: %d bytes, %v", i, n, err)
				}
			}
		})
	}
	all.Wait()
	if most := s.hits.Load(); most > readers*each+1 {
		t.Errorf("%d answers", most)
	}
}

// Who sends more than they are answered, whether they read or not, has no more of it held than a buffer.
func TestManyRequestsAtOnce(t *testing.T) {
	s := start(t, true, Options{})
	c := s.dial(t)
	const each, times = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n", 20_000
	go func() { _, _ = io.WriteString(c, strings.Repeat(each, times)) }()
	until(t, "its answers wait", func() bool {
		n := s.hits.Load()
		runtime.Gosched()
		return n > 100 && n == s.hits.Load()
	})
	quick := s.dial(t)
	if _, body := ask(t, quick, bufio.NewReader(quick), "/a"); body != pageText {
		t.Errorf("beside it: %q", head(body))
	}
	r := bufio.NewReader(c)
	for i := range times {
		if _, body := answerTo(t, r, "/a"); body != pageText {
			t.Fatalf("%d: %q", i, head(body))
		}
	}
	if s.hits.Load() != times+1 {
		t.Errorf("%d answers", s.hits.Load())
	}
}

// Once draining, each connection gets the answer to one more request, which says that it is the last.
func TestDrain(t *testing.T) {
	s := start(t, true, Options{})
	waiting, going := s.dial(t), s.dial(t)
	rw, rg := bufio.NewReader(waiting), bufio.NewReader(going)
	ask(t, waiting, rw, "/a")
	ask(t, going, rg, "/a")
	s.f.Drain()
	if _, err := net.DialTimeout("tcp", s.addr, 5*time.Second); err == nil {
		t.Error("somebody new was let in")
	}
	if res, body := ask(t, going, rg, "/a"); !res.Close || body != pageText {
		t.Errorf("%v %q", res.Header, head(body))
	}
	if _, err := rg.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("after the last answer: %v", err)
	}
	_ = going.Close()
	done, cancel := context.WithCancel(t.Context())
	cancel()
	s.f.Drained(done)
	if s.f.open.Load() < 1 {
		t.Error("who waits was cut off")
	}
	if res, _ := ask(t, waiting, rw, "/not"); res.StatusCode != http.StatusOK {
		t.Errorf("the last request, at net/http: %v", res)
	}
	s.f.Close()
	if _, err := rw.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("after the end: %v", err)
	}
	s.f.Drained(t.Context())
}

// Stop lets answers that are being sent arrive.
func TestStopFinishesWhatItBegan(t *testing.T) {
	s := start(t, true, Options{})
	c, idle := s.dial(t), s.dial(t)
	if _, err := io.WriteString(c, "GET /large HTTP/1.1\r\nHost: a\r\n\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	until(t, "it has begun", func() bool { return s.hits.Load() == 1 })
	stopped := make(chan struct{})
	go func() { s.f.Stop(t.Context()); close(stopped) }()
	if _, err := idle.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("who waits: %v", err)
	}
	if out, err := io.ReadAll(c); err != nil || !strings.HasSuffix(string(out), string(large)) {
		t.Errorf("%d bytes, %v", len(out), err)
	}
	_ = c.Close()
	<-stopped
	if n := s.f.open.Load(); n != 0 {
		t.Errorf("%d are open", n)
	}
}

func TestStopCutsOffInTheEnd(t *testing.T) {
	s := start(t, true, Options{})
	c := s.dial(t)
	if _, err := io.WriteString(c, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	until(t, "it has begun", func() bool { return s.hits.Load() == 1 })
	now, cancel := context.WithCancel(t.Context())
	cancel()
	s.f.Stop(now)
	if out, _ := io.ReadAll(c); len(out) >= len(large) {
		t.Errorf("%d bytes", len(out))
	}
	if n := s.f.open.Load(); n != 0 {
		t.Errorf("%d are open", n)
	}
}

// An answer allocates nothing, so that no number of readers wakes the collector.
func TestAnswersAllocateNothing(t *testing.T) {
	s := start(t, true, Options{})
	fixed, _ := s.Page(&Request{Target: []byte("/a")})
	s.f.Stop(t.Context())
	l := &loop{f: &Front{o: Options{Pages: one{fixed}}}}
	l.clock()
	in := []byte(get)
	client, server := socketpair(t)
	c := &conn{fd: server}
	buf := make([]byte, 32<<10)
	n := testing.AllocsPerRun(100, func() {
		l.serve(c, in)
		if k := readAll(client, buf); k < len(pageText) {
			t.Errorf("%d bytes", k)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func socketpair(t *testing.T) (client, server int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = unix.Close(fds[0]), unix.Close(fds[1]) })
	return fds[0], fds[1]
}

func readOnce(fd int, buf []byte) int {
	n, err := unix.Read(fd, buf)
	if err != nil {
		return 0
	}
	return n
}

// readAll reads what is there.
func readAll(fd int, buf []byte) (n int) {
	for {
		k, err := unix.Read(fd, buf)
		if k <= 0 || err != nil {
			return n
		}
		n += k
	}
}

type one struct{ res Response }

func (o one) Page(*Request) (Response, bool) { return o.res, true }

// Who rings at a loop that is over writes into no file that has got the bell's number since.
func TestRingsAtNobodyElse(t *testing.T) {
	l, err := newLoop(&Front{})
	if err != nil {
		t.Fatal(err)
	}
	bell := l.bell
	l.end()
	other := -1
	for range 100 {
		if other, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
			t.Fatal(err)
		}
		defer unix.Close(other) //nolint:errcheck // it is nobody's
		if other == bell {
			break
		}
	}
	if other != bell {
		t.Fatal("nobody got the bell's number")
	}
	l.wake()
	var count [8]byte
	if n, err := unix.Read(other, count[:]); !errors.Is(err, unix.EAGAIN) {
		t.Errorf("%d bytes were written into another's file: %v %v", n, count, err)
	}
}
