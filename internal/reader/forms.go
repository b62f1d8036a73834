package reader

import (
	"bytes"
	"strconv"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
)

// The codings we make. Level 5 of brotli is 12 % smaller than gzip at the cost of 2 ms for a page.
const (
	codingBrotli = "br"
	codingGzip   = "gzip"
	brotliLevel  = 5
	gzipLevel    = 6
)

// smallest is what isn't worth compressing.
const smallest = 600

// formsBudget is how many bytes of compressed forms are kept: some 2,000 pages.
const formsBudget = 24 << 20

// forms keeps compressed forms by the hash of what they are the forms of. Nothing ever needs to be
// dropped for being old; when the budget is used up, the older half goes.
type forms struct {
	budget int

	mu       sync.Mutex
	young    map[string][]byte
	old      map[string][]byte
	youngLen int
}

func newForms(budget int) *forms {
	return &forms{budget: budget, young: map[string][]byte{}, old: map[string][]byte{}}
}

// form returns plain in the coding, and which coding it became: small things stay plain.
func (f *forms) form(tag string, plain []byte, coding string) ([]byte, string) {
	if coding == "" || len(plain) < smallest {
		return plain, ""
	}
	key := tag + "-" + coding
	if b, ok := f.get(key); ok {
		return b, coding
	}
	b := compress(plain, coding)
	f.put(key, b)
	return b, coding
}

func (f *forms) get(key string) ([]byte, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b, ok := f.young[key]; ok {
		return b, true
	}
	b, ok := f.old[key]
	if ok { // what is asked for stays young
		delete(f.old, key)
		f.keep(key, b)
	}
	return b, ok
}

func (f *forms) put(key string, b []byte) {
	if len(b) > f.budget/16 { // a sitemap must not push out the pages
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.keep(key, b)
}

func (f *forms) keep(key string, b []byte) {
	if _, ok := f.young[key]; ok {
		return
	}
	if f.youngLen+len(b) > f.budget/2 {
		f.old, f.young, f.youngLen = f.young, map[string][]byte{}, 0
	}
	f.young[key] = b
	f.youngLen += len(b)
}

func compress(plain []byte, coding string) []byte {
	var b bytes.Buffer
	b.Grow(len(plain) / 3)
	if coding == codingBrotli {
		w := brotli.NewWriterLevel(&b, brotliLevel)
		_, _ = w.Write(plain) // to memory: can't fail
		_ = w.Close()
		return b.Bytes()
	}
	w, err := gzip.NewWriterLevel(&b, gzipLevel)
	if err != nil {
		return plain // a level that doesn't exist
	}
	_, _ = w.Write(plain)
	_ = w.Close()
	return b.Bytes()
}

// choose reads an Accept-Encoding header: the best coding of ours that isn't refused.
func choose(header string) string {
	br, gz := false, false
	for part := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if q, ok := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q="); ok {
			if v, err := strconv.ParseFloat(q, 64); err == nil && v == 0 {
				continue
			}
		}
		switch strings.ToLower(strings.TrimSpace(name)) {
		case codingBrotli:
			br = true
		case codingGzip, "x-gzip":
			gz = true
		}
	}
	switch {
	case br:
		return codingBrotli
	case gz:
		return codingGzip
	}
	return ""
}
