package fastpath

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// paper is a site of which some pages lie in memory. Its net/http way answers all of it, and what isn't a page
// with everything that was asked, so that a byte taken for another request would be seen.
type paper struct {
	hits  atomic.Int64
	block chan struct{} // /slow waits for it
	gone  chan struct{} // /wait says here that its client went away
}

var pageText = strings.Repeat("<p>Die Brücken werden vor dem Winter repariert.</p>\n", 200)

func newPaper() *paper {
	return &paper{block: make(chan struct{}), gone: make(chan struct{}, 1)}
}

var zipped = func() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(pageText))
	_ = z.Close()
	return b.Bytes()
}()

var large = bytes.Repeat([]byte("0123456789abcdef"), 1<<20) // more than a kernel takes at once

// answer is what the paper has at an address: nil for nothing.
func answer(target, coding, tag string) (head http.Header, status int, body []byte) {
	h := http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Vary": {"Accept-Encoding"}}
	switch target {
	case "/a", "/b?c=%20":
		body = []byte(pageText)
		h.Set("Etag", `"`+target[1:2]+`"`)
		if strings.Contains(coding, "gzip") {
			body = zipped
			h.Set("Content-Encoding", "gzip")
			h.Set("Etag", `"`+target[1:2]+`-gzip"`)
		}
	case "/large":
		body = large
		h.Set("Etag", `"large"`)
	default:
		return nil, 0, nil
	}
	if tag == h.Get("Etag") {
		h.Del("Content-Type")
		h.Del("Content-Encoding")
		return h, http.StatusNotModified, nil
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	return h, http.StatusOK, body
}

func (p *paper) Page(r *Request) (Response, bool) {
	h, status, body := answer(string(r.Target), string(r.AcceptEncoding), string(r.IfNoneMatch))
	if h == nil {
		return Response{}, false
	}
	p.hits.Add(1)
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", status, http.StatusText(status))
	_ = h.Write(&b)
	return Response{Head: b.Bytes(), Body: body}, true
}

func (p *paper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/slow":
		<-p.block
	case "/wait":
		<-r.Context().Done()
		p.gone <- struct{}{}
		return
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		if h, status, body := answer(r.RequestURI, r.Header.Get("Accept-Encoding"), r.Header.Get("If-None-Match")); h != nil {
			for k, v := range h {
				w.Header()[k] = v
			}
			w.WriteHeader(status)
			if r.Method == http.MethodGet {
				_, _ = w.Write(body)
			}
			return
		}
	}
	body, err := io.ReadAll(r.Body)
	w.Header().Set("Content-Type", "text/plain")
	fmt.Fprintf(w, "%s %s %s %q %v %v %q", r.Method, r.RequestURI, r.Host, r.Header, r.TransferEncoding, err, body)
}

// site is a server on a port of its own.
type site struct {
	*paper
	addr string
	f    *Front
	srv  *http.Server
}

// start serves the paper, with the fast path before it or without.
func start(t testing.TB, fast bool, o Options) *site {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &site{paper: newPaper(), addr: l.Addr().String()}
	s.srv = &http.Server{Handler: s.paper, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 32 << 10}
	if fast {
		o.Pages = s.paper
		if s.f, err = Before(l, o); err != nil {
			t.Fatal(err)
		}
		s.srv.ConnState = s.f.ConnState
		l = s.f
	}
	ended := make(chan error)
	go func() { ended <- s.srv.Serve(l) }()
	t.Cleanup(func() {
		_ = s.srv.Close()
		if s.f != nil {
			now, cancel := context.WithCancel(context.Background())
			cancel()
			s.f.Stop(now)
		}
		<-ended
	})
	return s
}

func (s *site) dial(t testing.TB) *net.TCPConn {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	return c.(*net.TCPConn)
}

// say sends the parts, each by itself, ends, and returns all that came back, the time left out. whole is
// false if the server closed before it had read everything, which takes back what is on its way.
func (s *site) say(t testing.TB, parts ...string) (out string, whole bool) {
	t.Helper()
	c := s.dial(t)
	defer c.Close()
	go func() {
		for _, p := range parts {
			if _, err := io.WriteString(c, p); err != nil {
				return
			}
		}
		_ = c.CloseWrite()
	}()
	b, err := io.ReadAll(c)
	if err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("%q: %v", parts, err)
	}
	return dates.ReplaceAllString(string(b), "Date: now\r\n"), err == nil
}

var dates = regexp.MustCompile(`Date: [^\r]*\r\n`)

const get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

// streams are what the fuzz target starts from; the test runs them all.
var streams = []string{
	browser, get, get + get, get + get[:10],
	strings.Repeat("GET /a HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\n\r\n", 30),
	"HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n" + get,
	"GET /a HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"a\"\r\nIf-Modified-Since: x\r\n\r\n" + get,
	"GET /b?c=%20 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get,
	get + "GET /not HTTP/1.1\r\nHost: a\r\n\r\n" + get,
	get + "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /" + get,
	get + "POST /form HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nGET /\r\n0\r\n\r\n" + get,
	"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\n\r\n" + get,
	"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + get,
	"GET /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + get,
	"GET /a HTTP/1.1\r\nHost: a\r\nContent-Length : 5\r\n\r\nabcde" + get,
	"GET /a HTTP/1.1\r\nHost: a\r\n Content-Length: 5\r\n\r\nabcde" + get,
	"GET /a HTTP/1.1\r\nHost: a\nContent-Length: 5\r\n\r\nabcde" + get,
	"GET /a HTTP/1.1\r\nHost: a\rContent-Length: 5\r\n\r\n" + get,
	"GET /a HTTP/1.1\nHost: a\n\n" + get, "\r\n" + get, "GET /a HTTP/1.0\r\n\r\n" + get,
	"GET http://b/a HTTP/1.1\r\nHost: a\r\n\r\n" + get, "GET //a HTTP/1.1\r\nHost: a\r\n\r\n" + get, "GET /%61 HTTP/1.1\r\nHost: a\r\n\r\n" + get,
	"GET /a HTTP/1.1\r\n\r\n" + get, "GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + get, "GET /a HTTP/1.1\r\nHost: a b\r\n\r\n" + get,
	"GET /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n" + get, "GET /a HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" + get,
	"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x00\x05hello", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n" + get, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n" + get,
	"GET /a HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("y", 9000) + "\r\n\r\n" + get,
	"GET /slow", "", "00", get + "00", get + "0000", get + "G", "GET /not HTTP/1.1\r\nHost: a\r\n\r\n00",
	"GET /not HTTP/1.1\r\nHost: a\r\n\r\n101\r\"", "GET /not HTTP/1.1\r\nHost: a\r\n\r\n" + get + "POST ",
}

func TestAsNetHTTPAnswers(t *testing.T) {
	fast, slow := start(t, true, Options{}), start(t, false, Options{})
	close(fast.block)
	close(slow.block)
	for _, in := range streams {
		want, _ := slow.say(t, in)
		for _, cut := range []int{0, 1, len(in) / 2, len(in) - 1} {
			cut = min(max(cut, 0), len(in))
			if got, whole := fast.say(t, in[:cut], in[cut:]); got != want && whole {
				t.Errorf("%q cut at %d:\n%q\nnet/http:\n%q", in, cut, head(got), head(want))
			}
		}
	}
	if fast.hits.Load() < 50 {
		t.Errorf("only %d answers from memory", fast.hits.Load())
	}
}

func head(s string) string { return s[:min(len(s), 2000)] }

// Whatever somebody sends, in whatever parts, the answers are net/http's to the byte, and as many.
func FuzzAsNetHTTPAnswers(f *testing.F) {
	for _, in := range streams {
		if len(in) < 3000 {
			f.Add(in, len(in)/2)
		}
	}
	fast, slow := start(f, true, Options{}), start(f, false, Options{})
	close(fast.block)
	close(slow.block)
	f.Fuzz(func(t *testing.T, in string, cut int) {
		// net/http reads 4 KB at once; what it hasn't read when it closes takes answers back on the way.
		if len(in) > 3000 || strings.Contains(in, "/wait") || strings.Contains(in, "/large") {
			return
		}
		cut = min(max(cut, 0), len(in))
		want, _ := slow.say(t, in)
		if got, _ := fast.say(t, in); got != want {
			t.Errorf("%q:\n%q\nnet/http:\n%q", in, head(got), head(want))
		}
		if got, whole := fast.say(t, in[:cut], in[cut:]); got != want && whole {
			t.Errorf("%q cut at %d:\n%q\nnet/http:\n%q", in, cut, head(got), head(want))
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, in := range streams {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var q, again asked
		n, v := parse([]byte(in), &q)
		if v != plain {
			return
		}
		if n == 0 || n > len(in) || q.Target[0] != '/' {
			t.Fatalf("%d bytes, %q", n, q.Target)
		}
		for i := range n { // nothing shorter is a request, nothing behind it changes it
			if _, v := parse([]byte(in[:i]), &again); v != partial {
				t.Fatalf("%q: %d", in[:i], v)
			}
		}
		if k, v := parse([]byte(in[:n]+"\x00"), &again); v != plain || k != n || string(again.Target) != string(q.Target) {
			t.Fatalf("%d, %d bytes, %q", v, k, again.Target)
		}
	})
}

func TestNothingIsLeftRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("serves", func(t *testing.T) {
		s := start(t, true, Options{})
		c := s.dial(t)
		if _, err := io.WriteString(c, get+"GET /not HTTP/1.1\r\nHost: a\r\n\r\n"+get[:5]); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, make([]byte, 20<<10>>1)); err != nil {
			t.Fatal(err)
		}
	})
	goleak.VerifyNone(t, before)
}

func TestProxysWordOnTLS(t *testing.T) {
	const in = "GET /a HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
	const line = "Strict-Transport-Security: max-age=1\r\n"
	for trusted, want := range map[bool]int{true: 1, false: 0} {
		s := start(t, true, Options{Secure: line, Proxy: func(a netip.Addr) bool { return trusted && a.IsLoopback() }})
		if got, _ := s.say(t, in); strings.Count(got, line) != want || s.hits.Load() != 1 {
			t.Errorf("trusted %v: %q", trusted, head(got))
		}
		if got, _ := s.say(t, get); strings.Contains(got, line) {
			t.Errorf("without TLS: %q", head(got))
		}
	}
}
