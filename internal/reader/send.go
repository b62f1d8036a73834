package reader

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"depesche/internal/lang"
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
}

// How long an answer may be kept. Pages may be kept by anyone who asks again before showing them:
// a withdrawal is seen at once, and unchanged pages cost no bytes.
const (
	revalidate = "public, max-age=0, must-revalidate"
	never      = "no-store"
)

// basePolicy is for what isn't a page: nothing may be loaded, and nobody may frame it.
const basePolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"

// send writes the answer in the smallest form that the browser takes.
//
// An answer is only compared by its tag, which is a hash of its bytes. Last-Modified is told because
// programs like to show it, but a page changes without its story: a section is renamed, a language is
// added, a story below it is withdrawn.
func (v *visit) send(b *body) error {
	h := v.w.Header()
	if b.vary != "" {
		h.Add("Vary", b.vary)
	}
	if b.location != "" {
		h.Set("Location", b.location)
		h.Set("Cache-Control", revalidate) // a slug can be changed back
		v.w.WriteHeader(b.status)
		return nil
	}
	h.Add("Vary", "Accept-Encoding")
	h.Set("Content-Type", b.kind)
	h.Set("Cache-Control", revalidate)
	if b.cache != "" {
		h.Set("Cache-Control", b.cache)
	}
	if b.csp != "" {
		h.Set("Content-Security-Policy", b.csp)
	}
	if b.lang != "" {
		h.Set("Content-Language", string(b.lang))
	}
	if b.robots != "" {
		h.Set("X-Robots-Tag", b.robots)
	}
	if !b.modified.IsZero() {
		h.Set("Last-Modified", b.modified.UTC().Format(http.TimeFormat))
	}
	sum := sha256.Sum256(b.bytes)
	tag := base64.RawURLEncoding.EncodeToString(sum[:15])
	if b.status == http.StatusOK {
		if have, ok := matches(v.r.Header.Get("If-None-Match"), tag); ok {
			h.Set("ETag", have)
			h.Del("Content-Type")
			v.w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	bytes, coding := v.rd.forms.form(tag, b.bytes, choose(v.r.Header.Get("Accept-Encoding")))
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	h.Set("ETag", etag(tag, coding))
	h.Set("Content-Length", strconv.Itoa(len(bytes)))
	v.w.WriteHeader(b.status)
	if v.r.Method == http.MethodGet {
		_, _ = v.w.Write(bytes) // a reader who went away is no fault
	}
	return nil
}

// etag is strong, so each coding has its own.
func etag(tag, coding string) string {
	if coding != "" {
		return `"` + tag + "-" + coding + `"`
	}
	return `"` + tag + `"`
}

// matches finds the tag of these bytes, in whatever coding, among those that the browser has.
func matches(header, tag string) (found string, ok bool) {
	for have := range strings.SplitSeq(header, ",") {
		have = strings.Trim(strings.TrimPrefix(strings.TrimSpace(have), "W/"), `"`)
		name := strings.TrimSuffix(strings.TrimSuffix(have, "-"+codingBrotli), "-"+codingGzip)
		switch {
		case name == tag:
			return `"` + have + `"`, true
		case have == "*":
			return `"` + tag + `"`, true
		}
	}
	return "", false
}
