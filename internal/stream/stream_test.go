package stream

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"depesche/internal/problem"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func item(name string, at time.Time) Item {
	return Item{name, at, Frame("entry", at, []byte(name))}
}

// house serves a hub's channel "one", of which load knows what was told before.
func house(t *testing.T, o Options, http2 bool, before ...Item) (*Hub, *httptest.Server) {
	t.Helper()
	h := New(o)
	load := func(_ context.Context, limit int) ([]Item, error) {
		return before[max(0, len(before)-limit-1):], nil
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		from := netip.MustParseAddrPort(r.RemoteAddr).Addr()
		if err := h.Serve(w, r, from, "one", load); err != nil {
			status := http.StatusServiceUnavailable
			if problem.Is(err, problem.TooMany) {
				status = http.StatusTooManyRequests
			}
			http.Error(w, err.Error(), status)
		}
	}))
	srv.EnableHTTP2 = http2
	if http2 {
		srv.StartTLS()
	} else {
		srv.Start()
	}
	t.Cleanup(func() {
		h.Close()
		srv.CloseClientConnections()
		srv.Close()
	})
	return h, srv
}

// browser is one that listens.
type browser struct {
	t    *testing.T
	res  *http.Response
	body *bufio.Reader
}

func open(t *testing.T, srv *httptest.Server, since string) *browser {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL+"/?since="+since, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { res.Body.Close() })
	return &browser{t, res, bufio.NewReader(res.Body)}
}

// next is the name or event of the next thing told; what is no event is left out.
func (b *browser) next() string {
	b.t.Helper()
	event := ""
	for {
		line, err := b.body.ReadString('\n')
		if err != nil {
			return "end"
		}
		line = strings.TrimSpace(line)
		if e, ok := strings.CutPrefix(line, "event: "); ok {
			event = e
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			if event == "entry" {
				return data
			}
			return event
		}
	}
}

func (b *browser) hears(want ...string) {
	b.t.Helper()
	var got []string
	for range want {
		got = append(got, b.next())
	}
	if !slices.Equal(got, want) {
		b.t.Errorf("heard %v, want %v", got, want)
	}
}

func both(t *testing.T, fn func(t *testing.T, http2 bool)) {
	t.Run("taken", func(t *testing.T) { fn(t, false) })
	t.Run("http2", func(t *testing.T) { fn(t, true) })
}

func TestEveryoneIsTold(t *testing.T) {
	both(t, func(t *testing.T, http2 bool) {
		h, srv := house(t, Options{}, http2, item("a", noon), item("b", noon.Add(time.Minute)))
		knows := open(t, srv, fmt.Sprint(noon.Add(time.Hour).UnixMilli()))
		if ct := knows.res.Header.Get("Content-Type"); ct != "text/event-stream; charset=utf-8" || knows.res.Header.Get("X-Accel-Buffering") != "no" ||
			knows.res.Header.Get("X-Content-Type-Options") != "nosniff" || knows.res.Header.Get("Content-Encoding") != "" {
			t.Errorf("head %v", knows.res.Header)
		}
		missed := open(t, srv, fmt.Sprint(noon.Add(30*time.Second).UnixMilli()))
		missed.hears("b")
		h.Tell("one", item("c", noon.Add(2*time.Hour)))
		h.Tell("one", item("a", noon.Add(3*time.Hour)))
		knows.hears("c", "a")
		missed.hears("c", "a")
		// Who comes now is told the newest of each.
		open(t, srv, fmt.Sprint(noon.UnixMilli())).hears("b", "c", "a")
		if h.Open() != 3 || h.Listens("two") {
			t.Errorf("%d open", h.Open())
		}
		h.Tell("two", item("x", noon)) // to nobody
	})
}

// Who asks for more than is remembered looks at the page anew, and is told what comes.
func TestLost(t *testing.T) {
	var before []Item
	for i := range remembered + 5 {
		before = append(before, item(fmt.Sprint(i), noon.Add(time.Duration(i)*time.Minute)))
	}
	h, srv := house(t, Options{}, false, before...)
	old := open(t, srv, fmt.Sprint(noon.UnixMilli()))
	old.hears("lost")
	h.Tell("one", item("new", noon.Add(time.Hour*24)))
	old.hears("new")
	open(t, srv, fmt.Sprint(noon.Add(23*time.Hour).UnixMilli())).hears("new")
}

// What is too much for a page's buffer would cut it off whenever it comes back: it looks at itself anew.
func TestTooMuchAtOnce(t *testing.T) {
	both(t, func(t *testing.T, http2 bool) {
		big := func(size int) Item {
			return Item{fmt.Sprint("big", size), noon.Add(time.Hour), Frame("entry", noon.Add(time.Hour), []byte(strings.Repeat("x", size)))}
		}
		var many []Item
		for i := range 60 {
			at := noon.Add(time.Duration(i) * time.Minute)
			many = append(many, Item{fmt.Sprint(i), at, Frame("entry", at, []byte(strings.Repeat("y", 3000)))})
		}
		h, srv := house(t, Options{}, http2, many...)
		missed := open(t, srv, fmt.Sprint(noon.UnixMilli()))
		missed.hears("lost")
		few := open(t, srv, fmt.Sprint(noon.Add(58*time.Minute).UnixMilli()))
		few.hears(strings.Repeat("y", 3000), strings.Repeat("y", 3000))
		h.Tell("one", big(200_000))
		h.Tell("one", item("next", noon.Add(2*time.Hour)))
		missed.hears("lost", "next")
		few.hears("lost", "next")
		open(t, srv, fmt.Sprint(noon.Add(time.Hour).UnixMilli())).hears("lost")
	})
}

func TestBounds(t *testing.T) {
	both(t, func(t *testing.T, http2 bool) {
		h, srv := house(t, Options{Total: 3, Each: 2}, http2)
		far := fmt.Sprint(noon.UnixMilli())
		first := open(t, srv, far)
		open(t, srv, far)
		if third := open(t, srv, far); third.res.StatusCode != http.StatusTooManyRequests {
			t.Errorf("a third of one address: %d", third.res.StatusCode)
		}
		// One that went away makes room, at the latest when it is written to.
		first.res.Body.Close()
		for h.Open() == 2 {
			h.Tell("one", item("x", noon))
		}
		if again := open(t, srv, far); again.res.StatusCode != http.StatusOK {
			t.Errorf("after it went: %d", again.res.StatusCode)
		}
	})
}

// Pages that are closed make room at once: nothing is told, and the next beat is far.
func TestClosedMakeRoom(t *testing.T) {
	h, srv := house(t, Options{Total: 30, Each: 20, Beat: time.Hour}, false)
	var all []net.Conn
	for range 20 {
		c, err := net.Dial("tcp", srv.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
		if _, err := bufio.NewReader(c).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	if more := open(t, srv, "0"); more.res.StatusCode != http.StatusTooManyRequests {
		t.Fatalf("one more than there may be: %d", more.res.StatusCode)
	}
	for _, c := range all[1:] {
		c.Close()
	}
	status := 0
	for status != http.StatusOK { // looked for now and then
		status = open(t, srv, "0").res.StatusCode
	}
	if h.Open() != 2 {
		t.Errorf("%d open, not the one that stayed and the new one", h.Open())
	}
}

// Who asks for headers alone gets them, takes no place, and is let go.
func TestHeadersAlone(t *testing.T) {
	both(t, func(t *testing.T, http2 bool) {
		h, srv := house(t, Options{Each: 1}, http2)
		open(t, srv, "0")
		req, err := http.NewRequestWithContext(t.Context(), http.MethodHead, srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream; charset=utf-8" || h.Open() != 1 {
			t.Errorf("%d %v, %d open", res.StatusCode, res.Header, h.Open())
		}
	})
	// What comes over the wire ends with the headers.
	_, srv := house(t, Options{}, false)
	c, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	all, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(all), "HTTP/1.1 200 ") || !strings.HasSuffix(string(all), "\r\n\r\n") || strings.Count(string(all), "\r\n\r\n") != 1 {
		t.Errorf("%q %v", all, err)
	}
}

// A page that doesn't read is dropped, and holds nobody up.
func TestSlowIsDropped(t *testing.T) {
	h, srv := house(t, Options{}, false)
	slow, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	if err := slow.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(slow, "GET /?since=%d HTTP/1.1\r\nHost: x\r\n\r\n", noon.UnixMilli())
	quick := open(t, srv, fmt.Sprint(noon.UnixMilli()))
	big := strings.Repeat("x", 32<<10)
	n := 0
	for ; h.Open() == 2; n++ {
		it := item("big", noon)
		it.Frame = Frame("entry", noon, []byte(big))
		h.Tell("one", it)
		if got := quick.next(); len(got) != len(big) {
			t.Fatalf("the quick one hears %.20q", got)
		}
	}
	if n > 1000 {
		t.Errorf("dropped after %d pieces", n)
	}
}

// At the end everyone is told when to come back, and nobody is let in.
func TestClose(t *testing.T) {
	both(t, func(t *testing.T, http2 bool) {
		h, srv := house(t, Options{}, http2)
		b := open(t, srv, "0")
		h.Close()
		if got := b.next(); got != "end" {
			t.Errorf("heard %q", got)
		}
		if late := open(t, srv, "0"); late.res.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("let in: %d", late.res.StatusCode)
		}
		h.Close()
	})
}

func TestBeat(t *testing.T) {
	_, srv := house(t, Options{Beat: time.Millisecond}, false)
	b := open(t, srv, "0")
	for beats := 0; beats < 3; {
		line, err := b.body.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if line == ":\n" {
			beats++
		}
	}
}

func FuzzSince(f *testing.F) {
	for _, s := range []string{"", "0", "1712345678901", "-1", "99999999999999999999", "abc", "1e9"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, id, query string) {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Last-Event-ID", id)
		r.URL.RawQuery = query
		at, ok := Since(r)
		if ok != !at.IsZero() || ok && at.Year() > 6500 {
			t.Errorf("%v, %v", at, ok)
		}
	})
}
