package pagecache

import (
	"bytes"
	"net/http"
	"strings"
)

// mostPlain is how often a page is unpacked for those who take no coding before it is kept so.
const mostPlain = 2

// Ready returns the answer in the coding if it is there, or nil.
func (e *Entry) Ready(coding Coding) *Form {
	if e.small {
		coding = Identity
	}
	return e.forms[coding].Load()
}

// Form returns the answer in the coding, making it if it isn't there. A page is kept in the codings
// that it was asked for in only: its plain bytes are unpacked for the few who want them.
func (c *Cache) Form(e *Entry, coding Coding) *Form {
	if f := e.Ready(coding); f != nil {
		if coding == Identity && e.plain.Load() == 0 {
			e.plain.Add(1) // somebody wants it so: it stays when it is coded
		}
		return f
	}
	e.making.Lock()
	defer e.making.Unlock()
	if f := e.Ready(coding); f != nil {
		return f
	}
	plain := e.unpacked()
	if coding == Identity {
		f := e.form(Identity, plain)
		if e.plain.Add(1) >= mostPlain {
			e.forms[Identity].Store(f)
			c.grow(e, f.size())
		}
		return f
	}
	f := e.form(coding, compress(plain, coding))
	e.forms[coding].Store(f)
	by := f.size()
	if old := e.forms[Identity].Load(); old != nil && e.plain.Load() == 0 {
		e.forms[Identity].Store(nil)
		by -= old.size()
	}
	c.grow(e, by)
	return f
}

// unpacked are the answer's bytes, from whatever form there is.
func (e *Entry) unpacked() []byte {
	for coding := range codings {
		if f := e.forms[coding].Load(); f != nil {
			return uncompress(f.Body, coding)
		}
	}
	return nil // never: there is one always
}

// Recode makes the smallest form of the answer in the coding, if that takes less than the one there
// is, and reports whether it did. It may take long; what is asked for meanwhile is answered.
func (c *Cache) Recode(e *Entry, coding Coding) bool {
	have := e.Ready(coding)
	if have == nil || e.small || strings.HasSuffix(have.lines[1], best+`"`) || have.coding != coding {
		return false
	}
	f := e.formOf(coding, coding.Name()+best, smallestForm(uncompress(have.Body, coding), coding))
	if f.size() >= have.size() {
		return false
	}
	if !e.forms[coding].CompareAndSwap(have, f) {
		return false
	}
	c.grow(e, f.size()-have.size())
	return true
}

// best ends the ETag of what was coded as small as can be.
const best = "-x"

// Unchanged returns the head of a 304 if the reader has these bytes, in whatever coding, and nil
// otherwise. One for each ETag is kept.
func (c *Cache) Unchanged(e *Entry, ifNoneMatch string) []byte {
	if ifNoneMatch == "" || e.status != http.StatusOK {
		return nil
	}
	if head := e.unchanged([]byte(ifNoneMatch)); head != nil {
		return head
	}
	etag, ok := e.matches(ifNoneMatch)
	if !ok {
		return nil
	}
	e.making.Lock()
	defer e.making.Unlock()
	var list []unchanged
	if old := e.same.Load(); old != nil {
		list = append(list, *old...)
	}
	head := e.head304(etag)
	if len(list) < 2*int(codings) {
		more := unchanged{etag, head}
		list = append(list, more)
		e.same.Store(&list)
		c.grow(e, more.size())
	}
	return head
}

// UnchangedReady is [Cache.Unchanged] for a single ETag whose 304 is there already, and for those of other
// bytes. It reports as well whether that is all to be known: false says that the header must be looked at
// by Unchanged.
func (e *Entry) UnchangedReady(ifNoneMatch []byte) (head []byte, known bool) {
	if len(ifNoneMatch) == 0 || e.status != http.StatusOK {
		return nil, true
	}
	head = e.unchanged(ifNoneMatch)
	other := !bytes.Contains(ifNoneMatch, []byte(e.tag)) && bytes.IndexByte(ifNoneMatch, '*') < 0
	return head, head != nil || other
}

func (e *Entry) unchanged(header []byte) []byte {
	list := e.same.Load()
	if list == nil {
		return nil
	}
	if len(header) > 2 && header[0] == 'W' && header[1] == '/' {
		header = header[2:]
	}
	if len(header) < 2 || header[0] != '"' || header[len(header)-1] != '"' {
		return nil
	}
	header = header[1 : len(header)-1]
	for i := range *list {
		if string(header) == (*list)[i].etag {
			return (*list)[i].head
		}
	}
	return nil
}

// matches finds the tag of these bytes, in whatever coding, among those that the reader has.
func (e *Entry) matches(header string) (etag string, ok bool) {
	for have := range strings.SplitSeq(header, ",") {
		if have = strings.TrimSpace(have); have == "*" {
			return e.tag, true
		}
		have = strings.Trim(strings.TrimPrefix(have, "W/"), `"`)
		rest, ok := strings.CutPrefix(have, e.tag)
		if !ok {
			continue
		}
		if rest = strings.TrimSuffix(rest, best); rest == "" || rest[0] == '-' && codingNamed(rest[1:]) != Identity {
			return have, true
		}
	}
	return "", false
}

// head304 has the lines that a 200 would have, without those about its bytes.
func (e *Entry) head304(etag string) []byte {
	var b strings.Builder
	b.WriteString("HTTP/1.1 304 Not Modified\r\n")
	for _, f := range e.common.fields {
		if f.name == "Content-Type" {
			continue
		}
		for _, v := range f.values {
			b.WriteString(f.name + ": " + v + "\r\n")
		}
	}
	for _, o := range e.own {
		b.WriteString(o.Name + ": " + o.Value + "\r\n")
	}
	b.WriteString(`Etag: "` + etag + "\"\r\n")
	return []byte(b.String())
}

// WriteUnchanged sets the header lines of a 304 whose head Unchanged returned.
func WriteUnchanged(h http.Header, head []byte) {
	_, lines, _ := strings.Cut(string(head), "\r\n")
	last := ""
	for line := range strings.SplitSeq(lines, "\r\n") {
		if name, value, ok := strings.Cut(line, ": "); ok {
			if name != last {
				h.Del(name)
			}
			h.Add(name, value)
			last = name
		}
	}
}
