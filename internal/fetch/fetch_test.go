package fetch_test

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"depesche/internal/fetch"
	"depesche/internal/problem"
)

func everywhere(netip.Addr) bool { return true }

// strange is a server that does what strangers' servers do.
func strange(t *testing.T) *httptest.Server {
	mux := http.NewServeMux()
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		fmt.Fprint(w, "1234567890")
	})
	mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		for range 10 {
			fmt.Fprint(w, "1234567890")
			http.NewResponseController(w).Flush()
		}
	})
	mux.HandleFunc("/bomb", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		io.WriteString(z, strings.Repeat("a", 1<<20))
		z.Close()
	})
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/half", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "20")
		io.WriteString(w, "half")
	})
	mux.HandleFunc("/circle", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle", http.StatusFound) })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/file", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/to-file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	mux.HandleFunc("/empty", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func TestGet(t *testing.T) {
	s := strange(t)
	for _, c := range []struct {
		address string
		body    string
		kind    problem.Kind // Internal: it comes
	}{
		{s.URL + "/file", "1234567890", 0},
		{s.URL + "/moved", "1234567890", 0},
		{s.URL + "/stream", "", problem.TooMany},
		{s.URL + "/bomb", "", problem.TooMany},
		{s.URL + "/slow", "", problem.Unavailable},
		{s.URL + "/circle", "", problem.Unavailable},
		{s.URL + "/to-file", "", problem.Invalid},
		{s.URL + "/broken", "", problem.Unavailable},
		{s.URL + "/empty", "", problem.NotFound},
		{s.URL + "/nothing", "", problem.NotFound},
		{"ftp://example.org/x", "", problem.Invalid},
		{"/etc/passwd", "", problem.Invalid},
		{"http://%zz", "", problem.Invalid},
		{"", "", problem.Invalid},
		{"http://127.0.0.1:1/", "", problem.Unavailable},
	} {
		client := fetch.New(fetch.Options{MaxBytes: 50, Timeout: 300 * time.Millisecond, Reachable: everywhere})
		body, err := get(t.Context(), client, c.address)
		client.Close()
		if c.kind == problem.Internal {
			if err != nil || body != c.body {
				t.Errorf("%s: %q, %v", c.address, body, err)
			}
			continue
		}
		if !problem.Is(err, c.kind) {
			t.Errorf("%s: %q, %v", c.address, body, err)
		}
		if c.kind == problem.TooMany && !strings.Contains(err.Error(), "larger than 50 bytes") {
			t.Errorf("%s: %v doesn't say the limit", c.address, err)
		}
	}
}

func get(ctx context.Context, c *fetch.Client, address string) (string, error) {
	f, err := c.Get(ctx, address)
	if err != nil {
		return "", err
	}
	defer f.Body.Close()
	b, err := io.ReadAll(f.Body)
	return string(b), err
}

func TestHalfAFileIsAnError(t *testing.T) {
	s := strange(t)
	c := fetch.New(fetch.Options{Reachable: everywhere})
	defer c.Close()
	if body, err := get(t.Context(), c, s.URL+"/half"); err == nil {
		t.Errorf("%q as if it were whole", body)
	}
}

func TestOwnNetworkIsntAsked(t *testing.T) {
	s := strange(t)
	c := fetch.New(fetch.Options{})
	defer c.Close()
	port := s.URL[strings.LastIndexByte(s.URL, ':'):]
	for _, address := range []string{
		s.URL + "/file", "http://localhost" + port + "/file", "http://[::1]" + port + "/file",
		"http://[::ffff:127.0.0.1]" + port + "/file", "http://0.0.0.0" + port + "/file",
	} {
		if body, err := get(t.Context(), c, address); !problem.Is(err, problem.Invalid) && !problem.Is(err, problem.Unavailable) || body != "" {
			t.Errorf("%s: %q, %v", address, body, err)
		}
	}
}

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "2a00:1450:4001::1": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "0.0.0.0": false, "255.255.255.255": false,
		"224.0.0.1": false, "240.0.0.1": false, "198.18.0.1": false, "::": false, "fe80::1": false,
		"fc00::1": false, "fd12::1": false, "ff02::1": false, "::ffff:127.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::": false, "2001:db8::1": false, "fec0::1": false,
	} {
		if fetch.Public(netip.MustParseAddr(address)) != want {
			t.Errorf("Public(%s) isn't %v", address, want)
		}
	}
	if fetch.Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

func TestGivenUpRequestLeavesNothing(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := strange(t)
	defer s.Close()
	c := fetch.New(fetch.Options{Reachable: everywhere})
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := get(ctx, c, s.URL+"/slow"); err == nil {
		t.Error("it came")
	}
}
