//go:build linux

package fastpath

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// When the process may open no more files, those who come wait in the kernel's queue: the accepting goroutine
// neither ends nor asks again and again, and they are answered when there are files.
func TestNoMoreFiles(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f, err := newFront(l, Options{Pages: newPaper()})
	if err != nil {
		t.Fatal(err)
	}
	paused, more := make(chan time.Duration), make(chan bool)
	f.pause = func(d time.Duration) bool { paused <- d; return <-more }
	var clients []*os.File
	for range 3 {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		c := os.NewFile(uintptr(fd), "client")
		defer c.Close()
		clients = append(clients, c)
	}
	allow := noMoreFiles(t)
	f.start()
	at := &unix.SockaddrInet4{Port: l.Addr().(*net.TCPAddr).Port, Addr: [4]byte{127, 0, 0, 1}}
	for _, c := range clients {
		if err := unix.Connect(int(c.Fd()), at); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, strings.Replace(get, "\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1)); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		if d := <-paused; d < 10*time.Millisecond {
			t.Errorf("it asks again after %s", d)
		}
		more <- true
	}
	<-paused
	allow()
	more <- true
	for i, c := range clients {
		if out, err := io.ReadAll(c); err != nil || !strings.HasSuffix(string(out), pageText) {
			t.Errorf("client %d: %q %v", i, head(string(out)), err)
		}
		_ = c.Close()
	}
	f.Stop(t.Context())
}

// noMoreFiles forbids the process to open another file, until what it returns is called or the test ends.
func noMoreFiles(t *testing.T) func() {
	t.Helper()
	var was unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &was); err != nil {
		t.Fatal(err)
	}
	next, err := unix.Open("/dev/null", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = unix.Close(next) // the smallest number that is free
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: uint64(next), Max: was.Max}); err != nil {
		t.Fatal(err)
	}
	allow := func() {
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &was); err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(allow)
	return allow
}

const manyEnv = "DEPESCHE_MANY_WAITING"

// Ten thousand who keep their connection cost no goroutine and next to no memory, whether their last answer came
// from memory or from net/http, and are answered when they ask again.
func TestManyWaiting(t *testing.T) {
	if at := os.Getenv(manyEnv); at != "" {
		waitAsMany(t, at)
		return
	}
	s := start(t, true, Options{})
	n := min(10_000, int(s.f.o.Places.most)*8/10) // above that those who wait make room
	before, goroutines := inUse(), runtime.NumGoroutine()
	many := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestManyWaiting$")
	many.Env = append(os.Environ(), manyEnv+"="+s.addr+" "+strconv.Itoa(n))
	many.Stderr = os.Stderr
	in, err := many.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := many.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := many.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewScanner(pipe)
	for out.Scan() && out.Text() != "waiting" {
		t.Log(out.Text())
	}
	until(t, "all wait in the loops", func() bool { return int(s.f.own.Load()) == n })
	until(t, "no goroutine is left", func() bool { return runtime.NumGoroutine() <= goroutines+10 })
	each := (int64(inUse()) - int64(before)) / int64(n)
	t.Logf("%d connections, %d bytes each", n, each)
	if each > 1<<10 {
		t.Errorf("a connection that waits takes %d bytes", each)
	}
	quick := s.dial(t)
	if _, body := ask(t, quick, bufio.NewReader(quick), "/a"); body != pageText {
		t.Errorf("beside them: %q", head(body))
	}
	if _, err := io.WriteString(in, "again\n"); err != nil {
		t.Fatal(err)
	}
	for out.Scan() {
		t.Log(out.Text())
	}
	if err := many.Wait(); err != nil {
		t.Errorf("those who waited: %v", err)
	}
	if hits := int(s.hits.Load()); hits != n+n/2+1 {
		t.Errorf("%d answers from memory", hits)
	}
}

// inUse is what of memory is in use.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}

// waitAsMany is all of the clients, in a process of their own: two ends of each connection are more files than
// a process may open in many places.
func waitAsMany(t *testing.T, at string) {
	t.Helper()
	addr, count, _ := strings.Cut(at, " ")
	n, err := strconv.Atoi(count)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{addr: addr}
	var conns []net.Conn
	var readers []*bufio.Reader
	for i := range n {
		c := s.dial(t)
		r := bufio.NewReaderSize(c, 512)
		conns, readers = append(conns, c), append(readers, r)
		ask(t, c, r, []string{"/a", "/not"}[i%2])
	}
	fmt.Println("waiting")
	if _, err := bufio.NewReader(os.Stdin).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	for i, c := range conns {
		_ = c.SetDeadline(time.Now().Add(time.Minute))
		if _, body := ask(t, c, readers[i], "/a"); body != pageText {
			t.Fatalf("%d: %q", i, head(body))
		}
	}
}
