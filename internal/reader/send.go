package reader

import (
	"cmp"
	"net/http"
	"time"

	"depesche/internal/lang"
	"depesche/internal/pagecache"
	"depesche/internal/web"
)

// The types of what we make.
const (
	htmlType = "text/html; charset=utf-8"
	xmlType  = "application/xml; charset=utf-8"
	textType = "text/plain; charset=utf-8"
)

// body is an answer: bytes, or where they are.
type body struct {
	status   int
	location string
	kind     string
	bytes    []byte
	csp      string
	lang     lang.Tag
	modified time.Time // told, never compared: see send
	vary     string
	cache    string // "" for fresh
	robots   string
	until    time.Time // when the clock makes it false; zero: never
	seldom   bool      // one of many that are seldom read
}

// How long an answer may be kept. Pages may be kept by anyone who asks again before showing them:
// a withdrawal is seen at once, and unchanged pages cost no bytes.
const (
	revalidate = "public, max-age=0, must-revalidate"
	never      = "no-store"
)

// basePolicy is for what isn't a page: nothing may be loaded, and nobody may frame it.
const basePolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"

// lasts notes that the clock makes the answer false then; the zero time is never.
func (b *body) lasts(until time.Time) {
	if !until.IsZero() && (b.until.IsZero() || until.Before(b.until)) {
		b.until = until
	}
}

// send writes an answer that isn't kept.
func (v *visit) send(b *body) {
	if b.location != "" {
		h := v.w.Header()
		if b.vary != "" {
			h.Add("Vary", b.vary)
		}
		h.Set("Location", b.location)
		h.Set("Cache-Control", revalidate) // a slug can be changed back
		v.w.WriteHeader(b.status)
		return
	}
	v.rd.write(v.w, v.r, v.rd.cache.Make(v.rd.pageOf(b, nil)))
}

// pageOf is the answer as the cache has it: with all its header lines.
//
// An answer is only compared by its tag, which is a hash of its bytes. Last-Modified is told because
// programs like to show it, but a page changes without its story: a section is renamed, a language is
// added, a story below it is withdrawn.
func (rd *Reader) pageOf(b *body, n *notes) *pagecache.Page {
	p := &pagecache.Page{Status: b.status, Body: b.bytes, Until: b.until, Seldom: b.seldom}
	line := func(name, value string) {
		if value != "" {
			p.Common = append(p.Common, pagecache.Field{Name: name, Value: value})
		}
	}
	line("Content-Type", b.kind)
	line("Cache-Control", cmp.Or(b.cache, revalidate))
	line("Vary", b.vary)
	line("Vary", "Accept-Encoding")
	line("Content-Security-Policy", cmp.Or(b.csp, basePolicy))
	for _, s := range web.Security {
		line(s[0], s[1])
	}
	line("Content-Language", string(b.lang))
	line("X-Robots-Tag", b.robots)
	if !b.modified.IsZero() {
		p.Own = append(p.Own, pagecache.Field{Name: "Last-Modified", Value: b.modified.UTC().Format(http.TimeFormat)})
	}
	if n != nil {
		p.Tags, p.Facts, p.Keep = n.sorted(), n.facts, true
	}
	rd.front(p, b)
	return p
}

// write sends an answer in the smallest form that the browser takes.
func (rd *Reader) write(w http.ResponseWriter, r *http.Request, e *pagecache.Entry) {
	h := w.Header()
	if have := r.Header.Get("If-None-Match"); have != "" && r.Method != http.MethodPost {
		if head := rd.cache.Unchanged(e, have); head != nil {
			pagecache.WriteUnchanged(h, head)
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	coding := pagecache.Choose(r.Header.Get("Accept-Encoding"))
	f := rd.cache.Form(e, coding)
	e.WriteHeader(h, f)
	w.WriteHeader(e.Status())
	if r.Method != http.MethodHead {
		_, _ = w.Write(f.Body) // a reader who went away is no fault
	}
}
