package assets

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"

	"depesche/internal/pagecache"
)

// file is one built file and its compressed variants, which are made once, when somebody first asks:
// a start must not wait for 300 kB of brotli.
type file struct {
	name, kind, tag string
	dense           bool // compressed already
	plain           []byte

	gzOnce, brOnce sync.Once
	gz, br         []byte
}

func (f *file) gzipped() []byte {
	f.gzOnce.Do(func() {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return
		}
		_, _ = w.Write(f.plain) // to memory: can't fail
		_ = w.Close()
		f.gz = b.Bytes()
	})
	return f.gz
}

func (f *file) brotlied() []byte {
	f.brOnce.Do(func() {
		var b bytes.Buffer
		w := brotli.NewWriterLevel(&b, 9)
		_, _ = w.Write(f.plain) // to memory: can't fail
		_ = w.Close()
		f.br = b.Bytes()
	})
	return f.br
}

// Handler serves the set's files, to be kept for ever. Mount it at the prefix, which it takes off
// itself. Names that aren't in the set are 404, not to be kept: a node with a newer build may have
// them in a moment.
func (s *Set) Handler() http.Handler { return http.HandlerFunc(s.serve) }

func (s *Set) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name, inside := strings.CutPrefix(r.URL.Path, s.prefix)
	f := s.files[name]
	if !inside || f == nil {
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	if !f.dense {
		h.Add("Vary", "Accept-Encoding")
	}
	body, encoding := f.variant(r.Header.Get("Accept-Encoding"))
	if encoding == "" {
		h.Set("Etag", `"`+f.tag+`"`)
	} else { // other bytes, and the tag is a strong one
		h.Set("Etag", `"`+f.tag+"-"+encoding+`"`)
	}
	if match := r.Header.Get("If-None-Match"); match != "" && (match == "*" || strings.Contains(match, `"`+f.tag)) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.kind)
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a reader who went away is no fault
	}
}

// variant is the smallest form that the browser takes.
func (f *file) variant(accept string) (body []byte, encoding string) {
	if f.dense {
		return f.plain, ""
	}
	coding := pagecache.ChooseAmong(accept, pagecache.Gzip, pagecache.Brotli)
	switch coding {
	case pagecache.Brotli:
		body = f.brotlied()
	case pagecache.Gzip:
		body = f.gzipped()
	}
	if body == nil || len(body) >= len(f.plain) {
		return f.plain, ""
	}
	return body, coding.Name()
}
