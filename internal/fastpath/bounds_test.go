//go:build linux

package fastpath

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// held is a loop without a goroutine, with one connection.
func held(t *testing.T, pages Pages) (l *loop, c *conn, client int) {
	t.Helper()
	f := &Front{o: Options{Pages: pages, Places: NewPlaces(100)}, left: make(chan struct{}, 1)}
	l, err := newLoop(f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.end)
	client, other := socketpair(t)
	server, err := unix.Dup(other) // the loop closes its own
	if err != nil {
		t.Fatal(err)
	}
	f.open.Add(1)
	f.o.Places.take()
	l.clock()
	l.add(&conn{fd: server})
	l.bellRang()
	return l, l.conns[server], client
}

// after lets seconds pass, and reports whether the connection is still there.
func (l *loop) after(c *conn, d time.Duration) bool {
	l.now += int64(d / time.Second)
	l.sweep()
	return l.conns[c.fd] == c
}

func TestTimeOfThoseWhoWait(t *testing.T) {
	l, c, _ := held(t, newPaper())
	if !l.after(c, idleTime-time.Second) {
		t.Error("it may wait longer")
	}
	l.serve(c, []byte(get))
	if !l.after(c, idleTime-time.Second) {
		t.Error("it was answered meanwhile")
	}
	if l.after(c, 2*time.Second) || l.f.open.Load() != 0 {
		t.Error("it waits for ever")
	}
}

// Somebody who sends a byte now and then has no more time for it.
func TestTimeOfAHead(t *testing.T) {
	l, c, _ := held(t, newPaper())
	for i := range 9 {
		l.serve(c, []byte(get[:i+1]))
		if !l.after(c, time.Second) {
			t.Fatalf("cut off after %d seconds", i+1)
		}
	}
	if l.serve(c, []byte(get[:11])); l.after(c, 2*time.Second) {
		t.Error("it dawdles for ever")
	}
}

const askLarge = "GET /large HTTP/1.1\r\nHost: a\r\n\r\n"

func TestTimeOfAnAnswer(t *testing.T) {
	l, c, _ := held(t, newPaper())
	l.serve(c, []byte(askLarge))
	if c.phase != sending || !l.after(c, moveTime-time.Second) {
		t.Fatal("it hasn't much time")
	}
	if l.after(c, 2*time.Second) {
		t.Error("it takes nothing, for ever")
	}
}

// Who takes something now and then has until the end, and no longer.
func TestTimeOfAllOfAnAnswer(t *testing.T) {
	l, c, client := held(t, newPaper())
	l.serve(c, []byte(askLarge))
	buf := make([]byte, 1<<10)
	for passed := time.Duration(0); passed < sendTime-moveTime; passed += moveTime / 2 {
		for range 300 { // what the kernel holds must become less before it takes more
			if n := readOnce(client, buf); n == 0 {
				break
			}
		}
		l.flush(c)
		if !l.after(c, moveTime/2) {
			t.Fatalf("cut off after %s", passed)
		}
	}
	if l.flush(c); l.after(c, moveTime+time.Second) {
		t.Error("it takes a little, for ever")
	}
}

// Who sends byte after byte makes us copy nothing again and again.
func TestAHeadByBytesMakesNoGarbage(t *testing.T) {
	l, c, client := held(t, newPaper())
	in := []byte("GET /a HTTP/1.1\r\nHost: a\r\nCookie: " + strings.Repeat("x", 7000))
	n := testing.AllocsPerRun(1, func() {
		c.in = nil
		for i := range in {
			if _, err := unix.Write(client, in[i:i+1]); err != nil {
				t.Fatal(err)
			}
			l.read(c)
		}
		if string(c.in) != string(in) {
			t.Errorf("%d bytes are held of %d", len(c.in), len(in))
		}
	})
	if n > 20 {
		t.Errorf("%v allocations", n)
	}
}

// Who asked in the moment in which connections that wait are closed is answered, and told that it is the last.
func TestAskedInTheLastMoment(t *testing.T) {
	l, c, client := held(t, newPaper())
	l.serve(c, []byte(get))
	buf := make([]byte, 64<<10)
	readAll(client, buf)
	if _, err := unix.Write(client, []byte(get)); err != nil {
		t.Fatal(err)
	}
	l.f.draining.Store(true)
	l.f.closing.Store(true)
	l.sweep()
	out := string(buf[:readAll(client, buf)])
	if !strings.HasPrefix(out, "HTTP/1.1 200 OK\r\n") || !strings.Contains(out, "Connection: close\r\n") || !strings.HasSuffix(out, pageText) {
		t.Errorf("%d bytes: %q", len(out), head(out))
	}
	if l.sweep(); l.conns[c.fd] == nil {
		t.Error("its answer is taken back")
	}
	if l.after(c, lastTime+time.Second) {
		t.Error("it waits for ever")
	}
}

// When connections run short, those that wait longest for a request make room.
func TestRoomForThoseWhoCome(t *testing.T) {
	l, c, _ := held(t, newPaper())
	l.f.o.Places.taken.Store(l.f.o.Places.most)
	if !l.after(c, 4*time.Second) {
		t.Error("a page's pictures come on the same connection")
	}
	if l.after(c, 2*time.Second) {
		t.Error("it keeps others out")
	}
}
