package pagecache

import (
	"crypto/sha256"
	"encoding/base64"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Entry is an answer under its key, whether it is kept or not.
type Entry struct {
	key    string
	status int
	common *common
	own    []Field
	tag    string // of its bytes, uncoded: what stands in the ETag of every coding
	tags   []Tag
	until  int64 // in Unix milliseconds; 0: for ever
	born   int64 // in Unix milliseconds
	small  bool  // not worth coding

	making sync.Mutex // of forms
	forms  [codings]atomic.Pointer[Form]
	plain  atomic.Uint32 // how often it was asked for uncoded
	same   atomic.Pointer[[]unchanged]

	freq atomic.Uint32 // up to 3, for eviction
	hits atomic.Uint32 // about the 64th part of all

	prev, next *Entry // under the cache's lock, as are
	queue      *queue
	size       int64
}

// common are the header lines that many entries have alike, and share.
type common struct {
	text   string
	fields []shared
}

// shared is a header line as net/http has it. Nobody changes its values.
type shared struct {
	name   string
	values []string
}

// Form is an answer in one coding. Its bytes are for ever.
type Form struct {
	Head []byte // status line and header lines, without the empty one
	Body []byte

	coding Coding
	// length, etag and encoding, as net/http takes them
	lines [3]string
}

// unchanged is the head of a 304 for one ETag.
type unchanged struct {
	etag string // without quotes
	head []byte
}

func (u unchanged) size() int64 { return int64(len(u.etag)+len(u.head)) + 64 }

func (e *Entry) touch() {
	if n := e.freq.Load(); n < 3 {
		e.freq.Store(n + 1)
	}
	if e.hits.Load() < 2 || rand.Uint32()&63 == 0 {
		e.hits.Add(1)
	}
}

// Codings are those that it is ready in.
func (e *Entry) Codings() []Coding {
	var out []Coding
	for c := range codings {
		if e.forms[c].Load() != nil {
			out = append(out, c)
		}
	}
	return out
}

// Key is where it is kept.
func (e *Entry) Key() string { return e.key }

// Status is the answer's.
func (e *Entry) Status() int { return e.status }

// Until is when the clock makes it false, in Unix milliseconds; 0: never.
func (e *Entry) Until() int64 { return e.until }

// Born is when it was begun to read what it was made from.
func (e *Entry) Born() time.Time { return time.UnixMilli(e.born) }

// Hits tells roughly how much it was asked for lately.
func (e *Entry) Hits() int { return int(e.hits.Load()) }

// Cool halves what [Entry.Hits] tells, so that it tells of lately.
func (e *Entry) Cool() { e.hits.Store(e.hits.Load() / 2) }

func (e *Entry) has(want filter, tags []Tag) bool {
	for _, t := range e.tags {
		if want.may(t) && slices.Contains(tags, t) {
			return true
		}
	}
	return false
}

func (c *Cache) entryOf(key string, p *Page) *Entry {
	sum := sha256.Sum256(p.Body)
	e := &Entry{
		key: key, status: p.Status, common: c.commonOf(p.Common), own: p.Own, tags: compact(p.Tags, p.Facts),
		tag: base64.RawURLEncoding.EncodeToString(sum[:15]), born: p.Born.UnixMilli(), small: len(p.Body) < smallest,
	}
	if !p.Until.IsZero() {
		e.until = p.Until.UnixMilli()
	}
	e.size = int64(perEntry + len(key) + 4*len(e.tags))
	for _, f := range p.Own {
		e.size += int64(len(f.Name) + len(f.Value) + 32)
	}
	f := e.form(Identity, p.Body)
	e.forms[Identity].Store(f)
	e.size += f.size()
	return e
}

func compact(tags []Tag, facts []Fact) []Tag {
	out := make([]Tag, 0, len(tags)+len(facts))
	out = append(out, tags...)
	for _, f := range facts {
		out = append(out, f.Tag)
	}
	slices.Sort(out)
	return slices.Clip(slices.Clone(slices.Compact(out)))
}

// mostCommon bounds how many sets of lines are shared: pages with players have policies of their own.
const mostCommon = 2000

func (c *Cache) commonOf(fields []Field) *common {
	var b strings.Builder
	for _, f := range fields {
		b.WriteString(f.Name + ": " + f.Value + "\r\n")
	}
	text := b.String()
	c.mu.Lock()
	defer c.mu.Unlock()
	if out, ok := c.common[text]; ok {
		return out
	}
	if len(c.common) >= mostCommon {
		clear(c.common)
	}
	out := &common{text: text}
	for _, f := range fields {
		name := http.CanonicalHeaderKey(f.Name)
		if i := slices.IndexFunc(out.fields, func(s shared) bool { return s.name == name }); i >= 0 {
			out.fields[i].values = append(out.fields[i].values, f.Value)
			continue
		}
		out.fields = append(out.fields, shared{name, []string{f.Value}})
	}
	for i := range out.fields {
		out.fields[i].values = slices.Clip(out.fields[i].values)
	}
	c.common[text] = out
	return out
}

// etag is strong, so each coding has its own, and each way of coding.
func (e *Entry) etag(suffix string) string {
	if suffix == "" {
		return e.tag
	}
	return e.tag + "-" + suffix
}

func (e *Entry) form(coding Coding, body []byte) *Form { return e.formOf(coding, coding.Name(), body) }

// formOf lays head and body side by side, in one piece of memory.
func (e *Entry) formOf(coding Coding, suffix string, body []byte) *Form {
	f := &Form{coding: coding, lines: [3]string{strconv.Itoa(len(body)), `"` + e.etag(suffix) + `"`, coding.Name()}}
	var b strings.Builder
	b.WriteString("HTTP/1.1 " + strconv.Itoa(e.status) + " " + http.StatusText(e.status) + "\r\n" + e.common.text)
	for _, o := range e.own {
		b.WriteString(o.Name + ": " + o.Value + "\r\n")
	}
	if coding != Identity {
		b.WriteString("Content-Encoding: " + f.lines[2] + "\r\n")
	}
	b.WriteString("Etag: " + f.lines[1] + "\r\nContent-Length: " + f.lines[0] + "\r\n")
	all := make([]byte, b.Len()+len(body))
	n := copy(all, b.String())
	copy(all[n:], body)
	f.Head, f.Body = all[:n:n], all[n:]
	return f
}

func (f *Form) size() int64 { return int64(len(f.Head)+len(f.Body)) + 160 }

// WriteHeader sets the answer's header lines, without making any.
func (e *Entry) WriteHeader(h http.Header, f *Form) {
	for i := range e.common.fields {
		h[e.common.fields[i].name] = e.common.fields[i].values
	}
	for _, o := range e.own {
		h.Set(o.Name, o.Value)
	}
	h["Content-Length"], h["Etag"] = f.lines[0:1:1], f.lines[1:2:2]
	if f.coding != Identity {
		h["Content-Encoding"] = f.lines[2:3:3]
	}
}
