package fastpath

import (
	"bytes"
	"encoding/binary"
)

// verdict is what became of the first bytes of a connection.
type verdict uint8

const (
	partial verdict = iota // the beginning of what may be a plain request
	plain                  // a plain request, to its end
	foreign                // anything else: net/http's
)

// largest is how long a plain request's head may be. Browsers send some 800 bytes, with large cookies 4 KB.
const largest = 8 << 10

// asked is a plain request and what the connection needs to know of it.
type asked struct {
	Request
	close  bool // the client wants no other answer on this connection
	secure bool // X-Forwarded-Proto says that the browser speaks TLS; whether that counts is for the peer's address
}

// parse reads one request at the beginning of b. A plain one is n bytes long, has no body, and means the
// same to every reader of HTTP; what leaves the least doubt is foreign. q points into b.
func parse(b []byte, q *asked) (n int, v verdict) {
	*q = asked{}
	n, v = q.line(b)
	if v != plain {
		return 0, v
	}
	var h headers
	for {
		rest := b[n:]
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			return 0, unfinished(b, rest)
		}
		if end == 0 || rest[end-1] != '\r' {
			return 0, foreign
		}
		n += end + 1
		if n > largest {
			return 0, foreign
		}
		if end == 1 {
			break
		}
		if !h.take(q, rest[:end-1]) {
			return 0, foreign
		}
	}
	// Without a tag of its own a date would have to be compared; beside a tag it says nothing (RFC 9110, 13.1.3).
	if !h.host || h.since && !h.tag {
		return 0, foreign
	}
	return n, plain
}

// unfinished judges a line whose end hasn't come: a line that is too long never gets one here.
func unfinished(all, line []byte) verdict {
	if len(all) >= largest || !visible(bytes.TrimSuffix(line, []byte{'\r'})) {
		return foreign
	}
	return partial
}

// line reads the request line: a method of two, an address in origin form, and the one version.
func (q *asked) line(b []byte) (int, verdict) {
	const version = "HTTP/1.1\r\n"
	at := 4
	switch {
	case len(b) >= 4 && string(b[:4]) == "GET ":
	case len(b) >= 5 && string(b[:5]) == "HEAD ":
		at, q.Head = 5, true
	default:
		if bytes.HasPrefix([]byte("GET "), b) || bytes.HasPrefix([]byte("HEAD "), b) {
			return 0, partial
		}
		return 0, foreign
	}
	i := at
	for i < len(b) && class[b[i]]&inTarget != 0 {
		i++
	}
	if i == len(b) {
		return 0, unfinished(b, nil)
	}
	if b[i] != ' ' || i == at || b[at] != '/' {
		return 0, foreign
	}
	q.Target = b[at:i]
	rest := b[i+1:]
	if len(rest) < len(version) {
		if bytes.HasPrefix([]byte(version), rest) {
			return 0, unfinished(b, nil)
		}
		return 0, foreign
	}
	if string(rest[:len(version)]) != version {
		return 0, foreign
	}
	return i + 1 + len(version), plain
}

// headers are those seen that may be there once.
type headers struct {
	host, connection, coding, tag, since, proto bool
}

// take reads a header line and reports whether the request is still a plain one.
func (h *headers) take(q *asked, line []byte) bool {
	colon := 0
	for colon < len(line) && class[line[colon]]&inName != 0 {
		colon++
	}
	if colon == 0 || colon == len(line) || line[colon] != ':' {
		return false // a space before the colon or at the line's start, too
	}
	name, value := line[:colon], bytes.Trim(line[colon+1:], " \t")
	if !visible(value) {
		return false
	}
	switch {
	case is(name, "host"):
		return once(&h.host) && isHost(value)
	case is(name, "connection"):
		q.close = is(value, "close")
		return once(&h.connection) && (q.close || is(value, "keep-alive"))
	case is(name, "accept-encoding"):
		q.AcceptEncoding = value
		return once(&h.coding)
	case is(name, "if-none-match"):
		q.IfNoneMatch = value
		return once(&h.tag)
	case is(name, "if-modified-since"):
		return once(&h.since)
	case is(name, "x-forwarded-proto"):
		q.secure = is(value, "https")
		return once(&h.proto)
	}
	return !askingMore(name)
}

// askingMore names the headers that make of a request more than "this page": a body, another protocol, a
// part, a condition, a person.
func askingMore(name []byte) bool {
	switch len(name) {
	case 2:
		return is(name, "te")
	case 5:
		return is(name, "range")
	case 6:
		return is(name, "expect")
	case 7:
		return is(name, "upgrade") || is(name, "trailer")
	case 8:
		return is(name, "if-match") || is(name, "if-range")
	case 13:
		return is(name, "authorization")
	case 14:
		return is(name, "content-length") || is(name, "http2-settings")
	case 17:
		return is(name, "transfer-encoding")
	case 19:
		return is(name, "if-unmodified-since") || is(name, "proxy-authorization")
	}
	return false
}

func once(seen *bool) bool {
	was := *seen
	*seen = true
	return !was
}

// is compares with a word in small letters.
func is(b []byte, word string) bool {
	if len(b) != len(word) {
		return false
	}
	for i := range b {
		c := b[i]
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != word[i] {
			return false
		}
	}
	return true
}

func isHost(b []byte) bool {
	for _, c := range b {
		if class[c]&inHost == 0 {
			return false
		}
	}
	return len(b) > 0
}

// visible looks at eight bytes at once: most of what browsers send is long values.
func visible(b []byte) bool {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for len(b) >= 8 {
		w := binary.LittleEndian.Uint64(b)
		del := w ^ 0x7f*ones
		if (w|(w-0x20*ones)|(del-ones)&^del)&high != 0 {
			break // or a tab, or a borrow from the byte below: look closer
		}
		b = b[8:]
	}
	for _, c := range b {
		if class[c]&inValue == 0 {
			return false
		}
	}
	return true
}

const (
	inName uint8 = 1 << iota
	inValue
	inTarget
	inHost
)

// class says where a byte may stand.
var class = func() (t [256]uint8) {
	for c := 0x20; c < 0x7f; c++ {
		t[c] |= inValue
	}
	t['\t'] |= inValue
	letters := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	for _, set := range []struct {
		chars string
		as    uint8
	}{
		{letters + "!#$%&'*+-.^_`|~", inName},
		{letters + "/-._~%!$&'()*+,;=:@?", inTarget},
		{letters + "-._:[]", inHost},
	} {
		for _, c := range []byte(set.chars) {
			t[c] |= set.as
		}
	}
	return t
}()
