package web_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"depesche/internal/clock"
	"depesche/internal/problem"
	"depesche/internal/web"
)

func TestParseForm(t *testing.T) {
	plain := func(body string) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/?q=1", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	upload := func(value string) *http.Request {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		m.WriteField("name", value)
		f, _ := m.CreateFormFile("file", "a.jpg")
		f.Write([]byte{0xff, 0xd8, 0x00}) // files may hold anything
		m.Close()
		r := httptest.NewRequest(http.MethodPost, "/", &b)
		r.Header.Set("Content-Type", m.FormDataContentType())
		return r
	}
	for name, c := range map[string]struct {
		r    *http.Request
		kind problem.Kind // Internal: no error
	}{
		"plain":              {plain("name=Olena&b=%D1%97"), 0},
		"upload":             {upload("Olena"), 0},
		"too large":          {plain("name=" + strings.Repeat("x", 1000)), problem.TooMany},
		"upload too large":   {upload(strings.Repeat("x", 1000)), problem.TooMany},
		"not escaped":        {plain("name=%zz"), problem.Invalid},
		"not UTF-8":          {plain("name=%ff"), problem.Invalid},
		"NUL":                {plain("name=a%00b"), problem.Invalid},
		"NUL in an upload":   {upload("a\x00b"), problem.Invalid},
		"NUL in a name":      {plain("na%00me=1"), problem.Invalid},
		"NUL in the address": {httptest.NewRequest(http.MethodGet, "/?q=%00", nil), problem.Invalid},
	} {
		err := web.ParseForm(httptest.NewRecorder(), c.r, 700)
		if c.kind == problem.Internal {
			if err != nil || c.r.FormValue("name") != "Olena" {
				t.Errorf("%s: %v, %v", name, err, c.r.Form)
			}
			continue
		}
		if !problem.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseForm(f *testing.F) {
	f.Add("a=b", "application/x-www-form-urlencoded")
	f.Add("--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--", "multipart/form-data; boundary=x")
	f.Fuzz(func(t *testing.T, body, contentType string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		if err := web.ParseForm(httptest.NewRecorder(), r, 1<<16); err != nil && problem.KindOf(err) == problem.Internal {
			t.Errorf("a stranger's form became our fault: %v", err)
		}
	})
}

func TestBehind(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for name, c := range map[string]struct {
		peer, forwarded, proto string
		ip, key                string
		https                  bool
	}{
		"no proxy":                {"203.0.113.7:1", "", "", "203.0.113.7", "203.0.113.7", false},
		"a stranger's claim":      {"203.0.113.7:1", "8.8.8.8", "https", "203.0.113.7", "203.0.113.7", false},
		"one proxy":               {"10.0.0.1:1", "198.51.100.2", "https", "198.51.100.2", "198.51.100.2", true},
		"a claim through a proxy": {"10.0.0.1:1", "8.8.8.8, 198.51.100.2", "", "198.51.100.2", "198.51.100.2", false},
		"two proxies":             {"[::1]:1", "198.51.100.2, 10.2.3.4", "HTTPS", "198.51.100.2", "198.51.100.2", true},
		"rubbish":                 {"10.0.0.1:1", "unknown", "", "10.0.0.1", "10.0.0.1", false},
		"nothing forwarded":       {"10.0.0.1:1", "", "", "10.0.0.1", "10.0.0.1", false},
		"IPv6":                    {"10.0.0.1:1", "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", false},
		"IPv4 in IPv6":            {"[::ffff:203.0.113.7]:1", "", "", "203.0.113.7", "203.0.113.7", false},
		"unix socket":             {"@", "", "", "", "invalid IP", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if c.proto != "" {
			r.Header.Set("X-Forwarded-Proto", c.proto)
		}
		web.Behind(proxies, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if got := web.RealIP(r); got != c.ip {
				t.Errorf("%s: RealIP %q", name, got)
			}
			if got := web.LimitKey(r); got != c.key {
				t.Errorf("%s: LimitKey %q", name, got)
			}
			if got := web.IsHTTPS(r); got != c.https {
				t.Errorf("%s: IsHTTPS %v", name, got)
			}
		})).ServeHTTP(httptest.NewRecorder(), r)
	}
}

func TestLimiter(t *testing.T) {
	c := clock.NewStepping(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC))
	l := web.NewLimiter(c, 1, 2, 100)
	allowed := func(key string, n int) (ok int) {
		for range n {
			if err := l.Allow(key); err == nil {
				ok++
			} else if !problem.Is(err, problem.TooMany) {
				t.Fatal(err)
			}
		}
		return ok
	}
	if a, b := allowed("a", 5), allowed("b", 1); a != 2 || b != 1 {
		t.Errorf("at once: %d and %d", a, b)
	}
	c.Advance(time.Second)
	if a := allowed("a", 5); a != 1 {
		t.Errorf("a second later: %d", a)
	}
	for i := range 49 { // many strangers don't let one through
		allowed(fmt.Sprint("stranger", i), 1)
	}
	if a := allowed("a", 5); a != 0 {
		t.Errorf("among strangers: %d", a)
	}
}

func TestRateLimit(t *testing.T) {
	l := web.NewLimiter(clock.Fixed(time.Now()), 1, 1, 10)
	h := site(io.Discard).RateLimit(l, web.LimitKey, http.NotFoundHandler())
	codes := ""
	for range 2 {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		codes += fmt.Sprint(w.Code, w.Header().Get("Retry-After"), " ")
	}
	if codes != "404 42930 " {
		t.Error(codes)
	}
}

func TestGuards(t *testing.T) {
	h := web.SecurityHeaders("default-src 'self'", web.CrossOrigin(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		web.JSON(w, http.StatusOK, map[string]int{"n": 1})
	})))
	for name, c := range map[string]struct {
		method, site, origin string
		want                 int
	}{
		"a page":         {"GET", "cross-site", "", 200},
		"our form":       {"POST", "same-origin", "", 200},
		"another's form": {"POST", "cross-site", "", 403},
		"old browser":    {"POST", "", "https://evil.example", 403},
		"a program":      {"POST", "", "", 200},
	} {
		r := httptest.NewRequest(c.method, "https://paper.example/", nil)
		if c.site != "" {
			r.Header.Set("Sec-Fetch-Site", c.site)
		}
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: %d", name, w.Code)
		}
		for _, k := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Strict-Transport-Security"} {
			if w.Header().Get(k) == "" {
				t.Errorf("%s: no %s", name, k)
			}
		}
		if c.want == 200 && (w.Body.String() != "{\"n\":1}\n" || w.Header().Get("Cache-Control") != "no-store") {
			t.Errorf("%s: %q %v", name, w.Body, w.Header())
		}
	}
}

func TestServeFinishesWhatItBegan(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	begun := make(chan struct{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-ctx.Done()
		io.WriteString(w, "finished")
	})
	ended := make(chan error)
	go func() {
		ended <- web.Serve(ctx, web.Opening{Log: slog.New(slog.DiscardHandler)}, web.Door{Listener: l, Handler: h})
	}()
	answer := make(chan string)
	go func() {
		res, err := http.Get((&url.URL{Scheme: "http", Host: l.Addr().String()}).String())
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		answer <- string(b)
	}()
	<-begun
	stop()
	if got := <-answer; got != "finished" {
		t.Errorf("got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// The writing screen's plain form of the longest edition has three fields a block.
func TestFormOfTheLongestEdition(t *testing.T) {
	form := url.Values{}
	for n := range 5000 {
		for _, name := range []string{"block", fmt.Sprintf("block.b%d", n), fmt.Sprintf("move.b%d", n)} {
			form.Add(name, "x")
		}
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if err := web.ParseForm(httptest.NewRecorder(), r, 6<<20); err != nil || len(r.PostForm["block"]) != 5000 {
		t.Errorf("%d blocks, %v", len(r.PostForm["block"]), err)
	}
}
