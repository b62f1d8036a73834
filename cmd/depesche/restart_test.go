//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"depesche/internal/app"
	"depesche/internal/config"
	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/publication"
)

const restartedEnv = "DEPESCHE_RESTARTED"

// unit is systemd, as far as a service with a socket and Type=notify meets it.
type unit struct {
	t      *testing.T
	data   string
	socket *os.File
	notify *net.UnixConn
	child  *exec.Cmd
}

// start starts the service and returns when it says that it is ready.
func (u *unit) start() {
	u.t.Helper()
	// The number of the process stands in its environment, so a shell becomes it.
	u.child = exec.CommandContext(u.t.Context(), "/bin/sh", "-c", `LISTEN_PID=$$ exec "$0" "$@"`, os.Args[0], "-test.run=^TestRestartDropsNoRequest$")
	u.child.Env = append(os.Environ(), "LISTEN_FDS=1", "LISTEN_FDNAMES=depesche.socket", "NOTIFY_SOCKET="+u.notify.LocalAddr().String(), restartedEnv+"="+u.data)
	u.child.ExtraFiles = []*os.File{u.socket}
	u.child.Stderr = os.Stderr
	if err := u.child.Start(); err != nil {
		u.t.Fatal(err)
	}
	u.hears("READY=1")
}

func (u *unit) hears(want string) {
	u.t.Helper()
	_ = u.notify.SetReadDeadline(time.Now().Add(time.Minute))
	buf := make([]byte, 512)
	n, err := u.notify.Read(buf)
	if err != nil || string(buf[:n]) != want {
		u.t.Fatalf("%q, %v instead of %s", buf[:n], err, want)
	}
}

func (u *unit) stop() {
	u.t.Helper()
	if err := u.child.Process.Signal(syscall.SIGTERM); err != nil {
		u.t.Fatal(err)
	}
	u.hears("STOPPING=1")
	if err := u.child.Wait(); err != nil {
		u.t.Errorf("the service ended: %v", err)
	}
}

// A service that systemd holds the socket of is restarted again and again while readers read: not one
// request fails, is cut off, or has to be sent again.
func TestRestartDropsNoRequest(t *testing.T) {
	if data := os.Getenv(restartedEnv); data != "" {
		os.Exit(run([]string{"serve", "--data", data, "--log-level", "error"}))
	}
	data := filepath.Join(t.TempDir(), "paper")
	founded(t, data)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	socket, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	notify, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "n"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer notify.Close()
	u := &unit{t: t, data: data, socket: socket, notify: notify}
	u.start()
	answered := make(chan struct{}, 1)
	readers, enough := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for readers.Err() == nil {
				if err := read(readers, l.Addr().String(), i, answered); err != nil {
					t.Errorf("reader %d: %v", i, err)
					return
				}
			}
		})
	}
	for range 3 {
		more(t, answered, 300)
		u.stop()
		u.start()
	}
	more(t, answered, 300)
	enough()
	all.Wait()
	u.stop()
}

func founded(t *testing.T, data string) {
	t.Helper()
	ctx := t.Context()
	err := withApp(ctx, config.Default(data), func(a *app.App) error {
		return a.DB.Write(ctx, func(tx *db.Tx) error {
			return a.Publication.SetUp(ctx, tx, publication.Setup{Name: "Meridian", Languages: []lang.Tag{"de"}, MainLang: "de", TimeZone: "Europe/Berlin", BaseURL: "https://meridian.example"})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// more waits for so many answers.
func more(t *testing.T, answered <-chan struct{}, n int) {
	t.Helper()
	late := time.After(2 * time.Minute)
	for range n {
		select {
		case <-answered:
		case <-late:
			t.Fatal("no answers")
		}
	}
}

// read reads pages on one connection until it is told that there are no more on this one. Unlike Go's own
// client it asks for nothing twice.
func read(ctx context.Context, addr string, i int, answered chan<- struct{}) error {
	c, err := (&net.Dialer{}).DialContext(context.WithoutCancel(ctx), "tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(2 * time.Minute))
	r := bufio.NewReader(c)
	for n := 0; ctx.Err() == nil; n++ {
		path := []string{"/de/", "/favicon.svg", "/de/corrections", "/nothing"}[(n+i)%4]
		if _, err := fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: meridian.example\r\nAccept-Encoding: gzip\r\n\r\n", path); err != nil {
			return fmt.Errorf("request %d: %w", n, err)
		}
		res, err := http.ReadResponse(r, nil)
		if err != nil {
			return fmt.Errorf("answer %d: %w", n, err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			return fmt.Errorf("answer %d: %w", n, err)
		}
		if res.StatusCode >= http.StatusInternalServerError {
			return fmt.Errorf("answer %d: %s", n, res.Status)
		}
		select {
		case answered <- struct{}{}:
		default:
		}
		if res.Close {
			return nil
		}
	}
	return nil
}
