package reader

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"depesche/internal/correction"
	"depesche/internal/fastpath"
)

// TestFastPathSaysTheSame: what is answered from memory before net/http has the status, the lines and
// the bytes that net/http's way has.
func TestFastPathSaysTheSame(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		st := w.publish("Erste", "politics", evening, "de", "uk")
		w.withdraw(w.publish("Weg", "politics", evening, "de"), "de", "Falsch")
		e, err := w.Editions.ByLanguage(t.Context(), w.d.Read(), st.ID, "de")
		w.must(err)
		w.correct(st, true, correction.Text{Edition: e.ID, Lang: "de", Text: "Ein Komma."})
		rd := New(w.Deps)
		w.handler = rd
		answered := 0
		for _, path := range append(everyPage(), "/text/de/", "/text/de/1/erste-de", "/de/2/weg-de") {
			for _, coding := range []string{"", "gzip", "br", "zstd, gzip;q=0"} {
				q := fastpath.Request{Target: []byte(path), AcceptEncoding: []byte(coding)}
				for range 3 { // what is seldom asked for plain isn't kept so
					w.get(path, "Accept-Encoding", coding)
				}
				res := w.get(path, "Accept-Encoding", coding)
				got, ok := rd.Page(&q)
				if !ok {
					if res.StatusCode != http.StatusNotFound {
						t.Errorf("%s in %q isn't ready", path, coding)
					}
					continue
				}
				answered++
				same(t, path, res, got)
				// The same with the ETag that the reader has.
				q.IfNoneMatch = []byte(res.Header.Get("Etag"))
				unchanged := w.get(path, "Accept-Encoding", coding, "If-None-Match", res.Header.Get("Etag"))
				if got, ok := rd.Page(&q); !ok {
					t.Errorf("%s: a 304 isn't ready", path)
				} else {
					same(t, path, unchanged, got)
				}
				// And with one of a page that has changed since.
				q.IfNoneMatch = []byte(`W/"before-br"`)
				if got, ok := rd.Page(&q); !ok {
					t.Errorf("%s: who has an older page waits for net/http", path)
				} else {
					same(t, path, res, got)
				}
			}
			// What others hang behind an address makes no other page; what is ours is left to net/http.
			if got, ok := rd.Page(&fastpath.Request{Target: []byte(path + "?utm_source=x&a"), AcceptEncoding: []byte("br")}); !ok || len(got.Body) == 0 {
				t.Errorf("%s with utm_source isn't answered", path)
			}
			for _, query := range []string{"?before=x", "?x=1&%62efore=y"} {
				if _, ok := rd.Page(&fastpath.Request{Target: []byte(path + query)}); ok {
					t.Errorf("%s%s is answered from memory", path, query)
				}
			}
		}
		if answered < 100 {
			t.Errorf("only %d answers came from memory", answered)
		}
		for _, path := range []string{"", "*", "/", "/desk/", "/de/nothing", "http://paper.example/de/", "404 de", "/healthz"} {
			w.get("/de/nothing")
			if _, ok := rd.Page(&fastpath.Request{Target: []byte(path)}); ok {
				t.Errorf("%q is answered from memory", path)
			}
		}
		w.clock.Advance(2 * time.Hour)
		if _, ok := rd.Page(&fastpath.Request{Target: []byte("/de/"), AcceptEncoding: []byte("br")}); ok {
			t.Error("what the clock made false is answered from memory")
		}
	})
}

func same(t *testing.T, path string, res answer, got fastpath.Response) {
	t.Helper()
	status, lines, _ := strings.Cut(string(got.Head), "\r\n")
	if !strings.HasPrefix(status, "HTTP/1.1 "+res.Status) {
		t.Errorf("%s: %q, net/http %q", path, status, res.Status)
	}
	have := http.Header{}
	for line := range strings.SplitSeq(strings.TrimSuffix(lines, "\r\n"), "\r\n") {
		name, value, ok := strings.Cut(line, ": ")
		if !ok {
			t.Errorf("%s: line %q", path, line)
		}
		have.Add(name, value)
	}
	for name, values := range res.Header {
		if strings.Join(have[name], "|") != strings.Join(values, "|") {
			t.Errorf("%s: %s is %q, on net/http's way %q", path, name, have[name], values)
		}
	}
	if len(have) != len(res.Header) || !bytes.Equal(got.Body, []byte(res.text)) {
		t.Errorf("%s: %d lines and %d bytes, on net/http's way %d and %d", path, len(have), len(got.Body), len(res.Header), len(res.text))
	}
}

// TestStrangersFillNothing: addresses that don't exist, or are written otherwise, take no memory.
func TestStrangersFillNothing(t *testing.T) {
	each(t, func(w *world) {
		w.setUp()
		w.publish("Erste", "politics", evening, "de")
		w.withdraw(w.publish("Weg", "politics", evening, "de"), "de", "Falsch")
		rd := New(w.Deps)
		w.handler = rd
		for _, path := range []string{"/de/1/erste-de", "/de/", "/x", "/de/x", "/de/2/weg-de", "/text/de/x", "/text/x"} {
			w.get(path)
		}
		before := rd.cache.Counts()
		for _, path := range []string{
			"/de/1/erste-de?a=1", "/de/1/erste-de?before=x", "/de/?before=abc", "/de/1/other", "/de/1/%65rste-de", "/%64e/", "/de/2/anything", "/de/2",
			"/de/99", "/de/99/x", "/de/nothing/", "/nothing", "/de/archive/1999-01-01/", "/de/archive/1999-01-02/", "/robots.t%78t", "/%74ext/de/1/erste-de", "/text//de/",
			"/de/feed.rss/", "/text/de/y", "/de/politik/?before=rubbish",
		} {
			w.get(path)
		}
		if after := rd.cache.Counts(); after.Pages != before.Pages {
			var keys []string
			for _, e := range rd.cache.Entries() {
				keys = append(keys, e.Key())
			}
			t.Errorf("%d pages became %d: %q", before.Pages, after.Pages, keys)
		}
	})
}
