package httpengine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"depesche/internal/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quick = Pace{First: time.Microsecond, Timeout: 20 * time.Second}

const key = "hush-4711"

// service starts a server that counts its requests, and a client of it.
func service(t *testing.T, o Options, h http.HandlerFunc) (*Client, *atomic.Int64) {
	t.Helper()
	var n atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		h(w, r)
	}))
	tr := &http.Transport{}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		s.Close()
	})
	o.Name, o.Base, o.HTTP = "test", s.URL+"/base/", &http.Client{Transport: tr}
	o.Secrets = []Secret{NewSecret(key)}
	o.Trace = "X-Trace"
	if o.Pace == (Pace{}) {
		o.Pace = quick
	}
	return New(o), &n
}

func fault(t *testing.T, err error) *engine.Error {
	t.Helper()
	var e *engine.Error
	if !errors.As(err, &e) {
		t.Fatalf("not an engine's error: %v", err)
	}
	if strings.Contains(fmt.Sprintf("%v %+v %#v", e, e, e.Err), key) {
		t.Errorf("the key is in %v", e)
	}
	return e
}

func TestAskSendsAndReads(t *testing.T) {
	c, _ := service(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s %s %s", r.Method, r.URL, r.Header.Get("X-Key"), b)
	})
	a, err := c.Ask(t.Context(), Call{Path: "/v1", Query: map[string][]string{"a": {"b c"}}, Header: http.Header{"x-key": {"k"}}, Body: map[string]string{"t": "<b>&</b>"}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(a.Body), `POST /base/v1?a=b+c k {"t":"<b>&</b>"}`; got != want {
		t.Errorf("the service got %s, want %s", got, want)
	}
}

func TestAskTriesAgain(t *testing.T) {
	for _, status := range []int{429, 500, 503, 529} {
		var tries int
		c, n := service(t, Options{Billed: true}, func(w http.ResponseWriter, r *http.Request) {
			if tries++; tries < 3 {
				w.WriteHeader(status)
				return
			}
			fmt.Fprint(w, "{}")
		})
		if _, err := c.Ask(t.Context(), Call{Body: "x", Costs: true}); err != nil || n.Load() != 3 {
			t.Errorf("%d twice, then 200: %v after %d requests, want none after 3", status, err, n.Load())
		}
	}
}

func TestAskGivesUp(t *testing.T) {
	for _, c := range []struct {
		status int
		header string
		want   engine.Error
		tries  int64
	}{
		{429, "", engine.Error{Trouble: engine.Busy}, 5},
		{500, "", engine.Error{Trouble: engine.Busy, Sent: true}, 5},
		{400, "", engine.Error{Trouble: engine.Refused}, 1},
		{403, "", engine.Error{Trouble: engine.Key}, 1},
		{503, "3600", engine.Error{Trouble: engine.Busy, After: time.Hour}, 1},
	} {
		client, n := service(t, Options{Billed: true}, func(w http.ResponseWriter, r *http.Request) {
			if c.header != "" {
				w.Header().Set("Retry-After", c.header)
			}
			w.Header().Set("X-Trace", "trace-7")
			w.WriteHeader(c.status)
			io.Copy(w, r.Body)
		})
		_, err := client.Ask(t.Context(), Call{Body: key, Costs: true})
		e := fault(t, err)
		if e.Trouble != c.want.Trouble || e.After != c.want.After || e.Sent != c.want.Sent || e.Trace != "trace-7" || n.Load() != c.tries {
			t.Errorf("%d: %+v after %d requests", c.status, e, n.Load())
		}
	}
}

// cut takes the request and hangs up without a word.
func cut(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	panic(http.ErrAbortHandler)
}

func TestAskDoesNotPayTwice(t *testing.T) {
	for _, c := range []struct {
		name          string
		billed, costs bool
		h             http.HandlerFunc
		sent          bool
		tries         int64
	}{
		{"billed", true, true, cut, true, 1},
		{"billed, but a question that costs nothing", true, false, cut, false, 5},
		{"of the house", false, true, cut, true, 5},
		{"billed, cut within the answer", true, true, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, "{")
		}, true, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			client, n := service(t, Options{Billed: c.billed}, c.h)
			_, err := client.Ask(t.Context(), Call{Body: strings.Repeat("x", 1<<20), Costs: c.costs})
			if e := fault(t, err); e.Trouble != engine.Gone || e.Sent != c.sent || n.Load() != c.tries {
				t.Errorf("%+v after %d requests, want sent %v after %d", e, n.Load(), c.sent, c.tries)
			}
		})
	}
}

func TestAskUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	c := New(Options{Name: "test", Billed: true, Base: "http://" + l.Addr().String(), HTTP: &http.Client{Transport: tr}, Pace: quick})
	_, err = c.Ask(t.Context(), Call{Body: "x", Costs: true})
	if e := fault(t, err); e.Trouble != engine.Gone || e.Sent {
		t.Errorf("%+v, want gone and not sent", e)
	}
	c = New(Options{Name: "test", Base: "::", Pace: quick})
	_, err = c.Ask(t.Context(), Call{Body: "x"})
	if e := fault(t, err); e.Sent {
		t.Errorf("no address: %+v", e)
	}
}

func TestAskKeepsToItsHost(t *testing.T) {
	var reached atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { reached.Store(true) }))
	defer other.Close()
	for _, status := range []int{301, 302, 307, 308} {
		c, _ := service(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, status)
		})
		_, err := c.Ask(t.Context(), Call{Body: "x", Header: http.Header{"X-Key": {key}}})
		if e := fault(t, err); e.Trouble != engine.Refused || reached.Load() {
			t.Errorf("%d: %v, the other host was asked: %v", status, e, reached.Load())
		}
	}
	c, _ := service(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/base/old" {
			http.Redirect(w, r, "/new", http.StatusTemporaryRedirect)
			return
		}
		io.Copy(w, r.Body)
	})
	if a, err := c.Ask(t.Context(), Call{Path: "/old", Body: "x"}); err != nil || string(a.Body) != `"x"` {
		t.Errorf("within the host: %q, %v", a.Body, err)
	}
}

func TestAskEndsWithItsContext(t *testing.T) {
	asked, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	c, _ := service(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		asked <- struct{}{}
		select {
		case <-r.Context().Done():
		case <-release:
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	_, err := c.Ask(ctx, Call{Body: "x", Costs: true})
	if e := fault(t, err); e.Trouble != engine.Gone || !e.Sent || !errors.Is(err, context.Canceled) {
		t.Errorf("%+v", e)
	}
	// While it waits for the next try.
	ctx, cancel = context.WithCancel(t.Context())
	c, _ = service(t, Options{Pace: Pace{First: time.Hour, Longest: time.Hour, Total: 10 * time.Hour}}, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusServiceUnavailable)
		time.AfterFunc(time.Millisecond, cancel)
	})
	_, err = c.Ask(ctx, Call{Body: "x"})
	if e := fault(t, err); e.Trouble != engine.Gone || !errors.Is(err, context.Canceled) {
		t.Errorf("while waiting: %+v", e)
	}
}

func TestAskDoesNotWaitForEver(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	c, n := service(t, Options{Pace: Pace{Tries: 1, Timeout: 300 * time.Millisecond}}, func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
		case <-release:
		}
	})
	_, err := c.Ask(t.Context(), Call{Body: "x", Costs: true})
	if e := fault(t, err); e.Trouble != engine.Gone || !errors.Is(err, context.DeadlineExceeded) || n.Load() > 1 {
		t.Errorf("%+v after %d requests", e, n.Load())
	}
}

func TestAskBoundsTheAnswer(t *testing.T) {
	c, n := service(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		io.CopyN(w, zeros{}, maxAnswer+10)
	})
	_, err := c.Ask(t.Context(), Call{Body: "x"})
	if e := fault(t, err); e.Trouble != engine.Garbled || n.Load() != 1 {
		t.Errorf("%+v after %d requests", e, n.Load())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
