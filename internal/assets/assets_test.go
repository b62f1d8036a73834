package assets

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

var css = []byte(strings.Repeat(".block{color:red}", 200))

func testSet(t *testing.T) *Set {
	t.Helper()
	s, err := Load(fstest.MapFS{
		"manifest.json":      {Data: []byte(`{"files":{"desk.css":"desk.AB12.css","a.woff2":"a.CD34.woff2","tiny.js":"tiny.EF56.js"}}`)},
		"desk.AB12.css":      {Data: css},
		"a.CD34.woff2":       {Data: bytes.Repeat([]byte("a"), 500)},
		"tiny.EF56.js":       {Data: []byte(`1`)},
		"forgotten.0000.css": {Data: []byte(`x`)},
	}, "/desk/assets/")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSet(t *testing.T) {
	s := testSet(t)
	if got, want := s.URL("desk.css"), "/desk/assets/desk.AB12.css"; got != want {
		t.Errorf("URL = %s, want %s", got, want)
	}
	if diff := cmp.Diff([]string{"a.woff2", "desk.css", "tiny.js"}, s.Names()); diff != "" {
		t.Error(diff)
	}
	sum := sha256.Sum256(css)
	if got, want := s.SHA256CSP("desk.css"), "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'"; got != want {
		t.Errorf("SHA256CSP = %s, want %s", got, want)
	}
	if !s.Has("tiny.js") || s.Has("tiny.EF56.js") {
		t.Error("Has goes by the asked name")
	}
	defer func() {
		if recover() == nil {
			t.Error("URL of an unknown name must panic")
		}
	}()
	s.URL("missing.css")
}

func TestLoadRefuses(t *testing.T) {
	tests := map[string]struct {
		files  fstest.MapFS
		prefix string
	}{
		"no manifest":        {fstest.MapFS{}, "/assets/"},
		"broken manifest":    {fstest.MapFS{"manifest.json": {Data: []byte(`{`)}}, "/assets/"},
		"file missing":       {fstest.MapFS{"manifest.json": {Data: []byte(`{"files":{"a.css":"a.1.css"}}`)}}, "/assets/"},
		"name leaves folder": {fstest.MapFS{"manifest.json": {Data: []byte(`{"files":{"a.css":"../a.css"}}`)}}, "/assets/"},
		"unknown type":       {fstest.MapFS{"manifest.json": {Data: []byte(`{"files":{"a":"a.exe"}}`)}, "a.exe": {}}, "/assets/"},
		"prefix":             {fstest.MapFS{"manifest.json": {Data: []byte(`{}`)}}, "/assets"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := Load(tt.files, tt.prefix); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestHandler(t *testing.T) {
	h := testSet(t).Handler()
	tests := []struct {
		name, method, path, accept string
		status                     int
		encoding, kind             string
	}{
		{"plain", "GET", "/desk/assets/desk.AB12.css", "", 200, "", "text/css; charset=utf-8"},
		{"brotli first", "GET", "/desk/assets/desk.AB12.css", "gzip, deflate, br, zstd", 200, "br", "text/css; charset=utf-8"},
		{"gzip", "GET", "/desk/assets/desk.AB12.css", "gzip;q=0.5", 200, "gzip", "text/css; charset=utf-8"},
		{"brotli refused", "GET", "/desk/assets/desk.AB12.css", "br; q=0, gzip", 200, "gzip", "text/css; charset=utf-8"},
		{"the weightier", "GET", "/desk/assets/desk.AB12.css", "zstd, br;q=0.5, gzip;q=0.8", 200, "gzip", "text/css; charset=utf-8"},
		{"font is dense already", "GET", "/desk/assets/a.CD34.woff2", "br, gzip", 200, "", "font/woff2"},
		{"not worth it", "GET", "/desk/assets/tiny.EF56.js", "br, gzip", 200, "", "text/javascript; charset=utf-8"},
		{"head", "HEAD", "/desk/assets/desk.AB12.css", "", 200, "", "text/css; charset=utf-8"},
		{"asked name", "GET", "/desk/assets/desk.css", "", 404, "", "text/plain; charset=utf-8"},
		{"not in the manifest", "GET", "/desk/assets/forgotten.0000.css", "", 404, "", "text/plain; charset=utf-8"},
		{"manifest itself", "GET", "/desk/assets/manifest.json", "", 404, "", "text/plain; charset=utf-8"},
		{"other prefix", "GET", "/desk.AB12.css", "", 404, "", "text/plain; charset=utf-8"},
		{"post", "POST", "/desk/assets/desk.AB12.css", "", 405, "", "text/plain; charset=utf-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, nil)
			r.Header.Set("Accept-Encoding", tt.accept)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.status || w.Header().Get("Content-Encoding") != tt.encoding || w.Header().Get("Content-Type") != tt.kind {
				t.Fatalf("got %d %q %q", w.Code, w.Header().Get("Content-Encoding"), w.Header().Get("Content-Type"))
			}
			keep := strings.Contains(w.Header().Get("Cache-Control"), "immutable")
			if keep != (tt.status == 200) {
				t.Errorf("Cache-Control %q with status %d", w.Header().Get("Cache-Control"), tt.status)
			}
			if tt.method == "HEAD" && w.Body.Len() > 0 {
				t.Error("HEAD has a body")
			}
			if strings.Contains(tt.path, "desk.AB12") && tt.status == 200 && tt.method == "GET" {
				if diff := cmp.Diff(string(css), string(unpack(t, w))); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// Each coding has a tag of its own, and whoever has the file in one of them has it.
func TestHandlerNotModified(t *testing.T) {
	h := testSet(t).Handler()
	get := func(accept, have string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/desk/assets/desk.AB12.css", nil)
		r.Header.Set("Accept-Encoding", accept)
		r.Header.Set("If-None-Match", have)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	tags := map[string]bool{}
	for _, accept := range []string{"", "gzip", "br"} {
		tag := get(accept, "").Header().Get("Etag")
		tags[tag] = true
		for _, have := range []string{tag, `"other", W/` + tag} {
			if w := get("gzip", have); w.Code != http.StatusNotModified || w.Body.Len() != 0 || w.Header().Get("Etag") == "" {
				t.Errorf("%s: %d with %d bytes, %v", have, w.Code, w.Body.Len(), w.Header())
			}
		}
	}
	if len(tags) != 3 {
		t.Errorf("the tags are %v", tags)
	}
	if w := get("br", `"other"`); w.Code != http.StatusOK {
		t.Errorf("another file's tag: %d", w.Code)
	}
}

func unpack(t *testing.T, w *httptest.ResponseRecorder) []byte {
	t.Helper()
	var r io.Reader = w.Body
	switch w.Header().Get("Content-Encoding") {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
