package fastpath

import (
	"strings"
	"testing"
)

const browser = "GET /de/12/bruecken HTTP/1.1\r\nHost: paper.example\r\nConnection: keep-alive\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n" +
	"Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: de\r\n" +
	"Cookie: a=b; c=\"d\"\r\nSec-Fetch-Mode: navigate\r\nIf-None-Match: \"abc-gzip\"\r\nIf-Modified-Since: Sat, 28 Nov 2026 02:15:18 GMT\r\n\r\n"

func TestParse(t *testing.T) {
	const host = "Host: a\r\n"
	for name, c := range map[string]struct {
		in   string
		want verdict
	}{
		"browser":               {browser, plain},
		"smallest":              {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", plain},
		"HEAD":                  {"HEAD /a?b=c%20d HTTP/1.1\r\nhOsT:a:80\r\n\r\n", plain},
		"IPv6 host":             {"GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", plain},
		"close":                 {"GET / HTTP/1.1\r\n" + host + "Connection: Close\r\n\r\n", plain},
		"nothing":               {"", partial},
		"half a method":         {"GE", partial},
		"half an address":       {"GET /de/1", partial},
		"half a version":        {"GET / HTTP/1", partial},
		"half an end":           {"GET / HTTP/1.1\r", partial},
		"no end of the head":    {"GET / HTTP/1.1\r\n" + host, partial},
		"half a last line":      {"GET / HTTP/1.1\r\n" + host + "\r", partial},
		"POST":                  {"POST / HTTP/1.1\r\n" + host + "\r\n", foreign},
		"small method":          {"get / HTTP/1.1\r\n" + host + "\r\n", foreign},
		"HTTP/1.0":              {"GET / HTTP/1.0\r\n" + host + "\r\n", foreign},
		"HTTP/2":                {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", foreign},
		"TLS":                   {"\x16\x03\x01\x02\x00", foreign},
		"absolute form":         {"GET http://a/ HTTP/1.1\r\n" + host + "\r\n", foreign},
		"two spaces":            {"GET  / HTTP/1.1\r\n" + host + "\r\n", foreign},
		"space in the address":  {"GET /a b HTTP/1.1\r\n" + host + "\r\n", foreign},
		"space at the end":      {"GET / HTTP/1.1 \r\n" + host + "\r\n", foreign},
		"tab in the address":    {"GET /a\tb HTTP/1.1\r\n" + host + "\r\n", foreign},
		"letters beyond ASCII":  {"GET /ї HTTP/1.1\r\n" + host + "\r\n", foreign},
		"fragment":              {"GET /#a HTTP/1.1\r\n" + host + "\r\n", foreign},
		"line feed alone":       {"GET / HTTP/1.1\n" + host + "\r\n", foreign},
		"line feed in head":     {"GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", foreign},
		"line feed at the end":  {"GET / HTTP/1.1\r\n" + host + "\n", foreign},
		"return alone":          {"GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", foreign},
		"two returns":           {"GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", foreign},
		"NUL":                   {"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", foreign},
		"beyond ASCII":          {"GET / HTTP/1.1\r\nHost: a\r\nX: ї\r\n\r\n", foreign},
		"folded":                {"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", foreign},
		"space before a colon":  {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", foreign},
		"no name":               {"GET / HTTP/1.1\r\n: a\r\n\r\n", foreign},
		"no colon":              {"GET / HTTP/1.1\r\nHost\r\n\r\n", foreign},
		"no host":               {"GET / HTTP/1.1\r\nX: a\r\n\r\n", foreign},
		"empty host":            {"GET / HTTP/1.1\r\nHost:\r\n\r\n", foreign},
		"two hosts":             {"GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", foreign},
		"host with a slash":     {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", foreign},
		"host with user":        {"GET / HTTP/1.1\r\nHost: b@a\r\n\r\n", foreign},
		"body":                  {"GET / HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", foreign},
		"no body, but said":     {"GET / HTTP/1.1\r\n" + host + "content-length: 0\r\n\r\n", foreign},
		"chunks":                {"GET / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", foreign},
		"upgrade":               {"GET / HTTP/1.1\r\n" + host + "Upgrade: h2c\r\n\r\n", foreign},
		"h2c":                   {"GET / HTTP/1.1\r\n" + host + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", foreign},
		"expect":                {"GET / HTTP/1.1\r\n" + host + "Expect: 100-continue\r\n\r\n", foreign},
		"part":                  {"GET / HTTP/1.1\r\n" + host + "Range: bytes=0-1\r\n\r\n", foreign},
		"part of what it was":   {"GET / HTTP/1.1\r\n" + host + "If-Range: \"a\"\r\n\r\n", foreign},
		"date alone":            {"GET / HTTP/1.1\r\n" + host + "If-Modified-Since: Sat, 28 Nov 2026 02:15:18 GMT\r\n\r\n", foreign},
		"other conditions":      {"GET / HTTP/1.1\r\n" + host + "If-Match: *\r\n\r\n", foreign},
		"not since":             {"GET / HTTP/1.1\r\n" + host + "If-Unmodified-Since: x\r\n\r\n", foreign},
		"password":              {"GET / HTTP/1.1\r\n" + host + "Authorization: Basic YTpi\r\n\r\n", foreign},
		"proxy's password":      {"GET / HTTP/1.1\r\n" + host + "Proxy-Authorization: Basic YTpi\r\n\r\n", foreign},
		"trailers":              {"GET / HTTP/1.1\r\n" + host + "TE: trailers\r\n\r\n", foreign},
		"announced trailer":     {"GET / HTTP/1.1\r\n" + host + "Trailer: X\r\n\r\n", foreign},
		"other connection":      {"GET / HTTP/1.1\r\n" + host + "Connection: keep-alive, Upgrade\r\n\r\n", foreign},
		"two connections":       {"GET / HTTP/1.1\r\n" + host + "Connection: close\r\nConnection: close\r\n\r\n", foreign},
		"two codings":           {"GET / HTTP/1.1\r\n" + host + "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n\r\n", foreign},
		"two tags":              {"GET / HTTP/1.1\r\n" + host + "If-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n\r\n", foreign},
		"two protos":            {"GET / HTTP/1.1\r\n" + host + "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http\r\n\r\n", foreign},
		"empty line before":     {"\r\nGET / HTTP/1.1\r\n" + host + "\r\n", foreign},
		"long head":             {"GET / HTTP/1.1\r\n" + host + "X: " + strings.Repeat("a", largest) + "\r\n\r\n", foreign},
		"long head without end": {"GET / HTTP/1.1\r\n" + host + "X: " + strings.Repeat("a", largest), foreign},
		"long address":          {"GET /" + strings.Repeat("a", largest), foreign},
	} {
		var q asked
		n, v := parse([]byte(c.in), &q)
		if v != c.want {
			t.Errorf("%s: %d, want %d", name, v, c.want)
		}
		if v == plain && n != len(c.in) || v != plain && n != 0 {
			t.Errorf("%s: %d bytes of %d", name, n, len(c.in))
		}
	}
}

func TestParseTellsWhatIsAsked(t *testing.T) {
	var q asked
	in := browser + "HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-Proto: HTTPS\r\n\r\n"
	n, v := parse([]byte(in), &q)
	if v != plain || string(q.Target) != "/de/12/bruecken" || string(q.AcceptEncoding) != "gzip, deflate, br, zstd" || string(q.IfNoneMatch) != `"abc-gzip"` || q.Head || q.close || q.secure {
		t.Errorf("%d %+v", v, q)
	}
	if n, v = parse([]byte(in)[n:], &q); v != plain || string(q.Target) != "/x" || !q.Head || !q.close || !q.secure || q.AcceptEncoding != nil || n != len(in)-len(browser) {
		t.Errorf("the one behind it: %d %+v", v, q)
	}
}

// Whatever a request is cut to, it is the beginning of one.
func TestParseWaitsForTheRest(t *testing.T) {
	var q asked
	for i := range len(browser) {
		if n, v := parse([]byte(browser[:i]), &q); v != partial || n != 0 {
			t.Errorf("%q: %d", browser[:i], v)
		}
	}
}

func TestVisible(t *testing.T) {
	for c := range 256 {
		for at := range 17 {
			b := []byte("abcdefgh ijk\tmnop")
			b[at] = byte(c)
			if want := c == '\t' || 0x20 <= c && c < 0x7f; visible(b) != want {
				t.Errorf("%q: %v", b, !want)
			}
		}
	}
}

func TestParseAllocatesNothing(t *testing.T) {
	var q asked
	b := []byte(browser)
	if n := testing.AllocsPerRun(100, func() { parse(b, &q) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkParse(b *testing.B) {
	var q asked
	in := []byte(browser)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		parse(in, &q)
	}
}
