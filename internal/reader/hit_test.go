package reader

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"depesche/internal/fastpath"
)

// idle is a response that nobody reads.
type idle struct{ h http.Header }

func (i *idle) Header() http.Header         { return i.h }
func (i *idle) Write(b []byte) (int, error) { return len(b), nil }
func (i *idle) WriteHeader(int)             {}

// BenchmarkHit is a page that lies in memory, on the way of net/http's handlers.
func BenchmarkHit(b *testing.B) {
	w := benchWorld(b)
	r := httptest.NewRequest(http.MethodGet, "/de/1/meldung-0-de", nil)
	r.Header.Set("Accept-Encoding", "gzip, deflate, br")
	out := &idle{http.Header{}}
	w.handler.ServeHTTP(out, r)
	if out.h.Get("Content-Encoding") != "br" {
		b.Fatal(out.h)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		clear(out.h)
		w.handler.ServeHTTP(out, r)
	}
}

// BenchmarkFastHit is the same on the fast path.
func BenchmarkFastHit(b *testing.B) {
	w := benchWorld(b)
	rd := w.handler.(*Reader) //nolint:forcetypeassert // it is
	var pages []fastpath.Request
	for i := range 200 {
		path := fmt.Sprintf("/de/%d/meldung-%d-de", i+1, i)
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		rd.ServeHTTP(&idle{http.Header{}}, r)
		pages = append(pages, fastpath.Request{Target: []byte(path), AcceptEncoding: []byte("gzip")})
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		if _, ok := rd.Page(&pages[i%len(pages)]); !ok {
			b.Fatal("it isn't there")
		}
	}
}
