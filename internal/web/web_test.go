package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"depesche/internal/problem"
)

func site(log io.Writer) *Site {
	return &Site{
		Log: slog.New(slog.NewTextHandler(log, nil)),
		ErrorPage: func(w http.ResponseWriter, _ *http.Request, status int, p *problem.Error, ref string) {
			w.WriteHeader(status)
			if p != nil {
				fmt.Fprint(w, p.Key)
			}
			fmt.Fprint(w, ref)
		},
	}
}

func TestHandleTurnsErrorsIntoPages(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
		body   string
		logged bool
	}{
		{fmt.Errorf("read: %w", problem.New(problem.NotFound, "problem.not_found")), 404, "problem.not_found", false},
		{problem.New(problem.Gone, "problem.gone"), 410, "problem.gone", false},
		{problem.New(problem.Forbidden, "problem.forbidden"), 403, "problem.forbidden", false},
		{problem.New(problem.Unavailable, "problem.disk_full"), 503, "problem.disk_full", true},
		{errors.New("secret of the house"), 500, "", true},
	} {
		var log bytes.Buffer
		w := httptest.NewRecorder()
		site(&log).Handle(func(http.ResponseWriter, *http.Request) error { return c.err }).ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%v: %d %q", c.err, w.Code, w.Body)
		}
		if (log.Len() > 0) != c.logged {
			t.Errorf("%v: logged %q", c.err, log.String())
		}
		if c.status == 500 && (w.Body.Len() == 0 || !strings.Contains(log.String(), w.Body.String())) {
			t.Errorf("the page's reference %q isn't in the log %q", w.Body, log.String())
		}
	}
}

func TestHandleSurvivesPanics(t *testing.T) {
	var log bytes.Buffer
	w := httptest.NewRecorder()
	site(&log).Handle(func(http.ResponseWriter, *http.Request) error { panic("oh") }).ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
	if w.Code != 500 || !strings.Contains(log.String(), "panic: oh") {
		t.Fatalf("%d %s", w.Code, log.String())
	}
}

func TestNoErrorPageAfterTheAnswerBegan(t *testing.T) {
	w := httptest.NewRecorder()
	site(io.Discard).Handle(func(w http.ResponseWriter, _ *http.Request) error {
		fmt.Fprint(w, "half")
		return errors.New("then it broke")
	}).ServeHTTP(w, httptest.NewRequest("GET", "/x", nil))
	if w.Body.String() != "half" {
		t.Fatalf("got %q", w.Body)
	}
}

func TestParseFormBounds(t *testing.T) {
	r := httptest.NewRequest("POST", "/x", strings.NewReader("a="+strings.Repeat("b", 100)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := ParseForm(httptest.NewRecorder(), r, 50); !problem.Is(err, problem.Invalid) {
		t.Fatalf("got %v", err)
	}
}

func TestCrossOriginRefusesStrangers(t *testing.T) {
	h := CrossOrigin(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {}))
	for header, want := range map[string]int{"cross-site": 403, "same-origin": 200, "": 200} {
		r := httptest.NewRequest("POST", "https://paper.example/desk/", nil)
		if header != "" {
			r.Header.Set("Sec-Fetch-Site", header)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: %d, want %d", header, w.Code, want)
		}
	}
}

func TestRealIP(t *testing.T) {
	proxies, err := ParseProxies([]string{"10.0.0.0/8", "127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"203.0.113.7:99", "", "203.0.113.7"},
		{"203.0.113.7:99", "198.51.100.1", "203.0.113.7"}, // a stranger's word
		{"127.0.0.1:99", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:99", "6.6.6.6, 198.51.100.1, 10.1.1.1", "198.51.100.1"},
		{"127.0.0.1:99", "nonsense", "127.0.0.1"},
		{"[::1]:99", "198.51.100.1", "::1"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		got := ""
		proxies.Clients(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = RealIP(r) })).ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
	if _, err := ParseProxies([]string{"everywhere"}); err == nil {
		t.Error("a word was taken for a network")
	}
}

func TestLimiter(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := NewLimiter(time.Minute, 2, 3, func() time.Time { return now })
	if !l.Allow("a") || !l.Allow("a") || l.Allow("a") {
		t.Fatal("two at once, not three")
	}
	now = now.Add(time.Minute)
	if !l.Allow("a") || l.Allow("a") {
		t.Fatal("one a minute")
	}
	for _, k := range []string{"b", "c", "d", "e", "f"} {
		l.Allow(k)
	}
	if len(l.keys) > 3 {
		t.Fatalf("%d keys are kept", len(l.keys))
	}
}
