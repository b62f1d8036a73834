package app

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"depesche/internal/fastpath"
)

const sentStory = "/de/1/der-fluss-ist-wieder-sauber"

// onWire is an answer on the wire; the time and the order of its lines say nothing.
type onWire struct {
	status int
	header http.Header
	body   string
}

func (a onWire) String() string {
	return fmt.Sprintf("%d %v, %d bytes", a.status, a.header, len(a.body))
}

// converse sends requests at once on one connection and returns all answers.
func converse(t *testing.T, addr string, requests ...string) (out []onWire) {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	go io.WriteString(c, strings.Join(requests, "")) //nolint:errcheck // who is refused may be cut off
	for r := bufio.NewReader(c); ; {
		asked := &http.Request{Method: http.MethodGet}
		if len(out) < len(requests) && strings.HasPrefix(requests[len(out)], "HEAD ") {
			asked.Method = http.MethodHead
		}
		res, err := http.ReadResponse(r, asked)
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
			return out
		}
		if err != nil {
			t.Fatalf("%q: %v", requests, err)
		}
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatalf("%q: %v", requests, err)
		}
		res.Header.Del("Date")
		if res.Close {
			res.Header.Set("Connection", "close")
		}
		out = append(out, onWire{res.StatusCode, res.Header, string(b)})
	}
}

// request is a GET, unless the target says another method, that ends its connection.
func request(target string, lines ...string) string {
	if !strings.Contains(target, " ") {
		target = "GET " + target
	}
	return target + " HTTP/1.1\r\n" + strings.Join(append([]string{"Host: paper.example", "Connection: close"}, lines...), "\r\n") + "\r\n\r\n"
}

// What strangers send, to their advantage or by mistake, is answered as net/http answers it, which is what stands
// here, and changes nothing of what the next one gets.
func TestWhatStrangersSend(t *testing.T) {
	t.Parallel()
	a, fast, slow := besideNetHTTP(t)
	for range 3 { // it lies in memory in each coding
		for _, coding := range []string{"", "gzip", "br", "zstd"} {
			converse(t, fast, request(sentStory, "Accept-Encoding: "+coding))
		}
	}
	before := converse(t, fast, request(sentStory, "Accept-Encoding: br"))[0]
	tag := before.header.Get("Etag")
	if _, ok := a.inMemory.Page(&fastpath.Request{Target: []byte(sentStory), AcceptEncoding: []byte("br")}); !ok || tag == "" || before.status != http.StatusOK {
		t.Fatalf("the story isn't in memory: %v", before)
	}
	moved := func(to string) string { return "301 " + to }
	for _, c := range []struct{ request, want string }{
		// Codings.
		{request(sentStory, "Accept-Encoding: br;q=0, gzip"), "200 gzip"},
		{request(sentStory, "Accept-Encoding: br;q=0.1, gzip"), "200 gzip"},
		{request(sentStory, "Accept-Encoding: identity;q=0"), "200"},
		{request(sentStory, "Accept-Encoding: identity;q=0, *"), "200 gzip"},
		{request(sentStory, "Accept-Encoding: *;q=0"), "200"},
		{request(sentStory, "Accept-Encoding: *"), "200 gzip"},
		{request(sentStory, "Accept-Encoding: zstd;q=0.5, identity"), "200"},
		{request(sentStory, "Accept-Encoding: "+strings.Repeat("x, ", 1000)+"zstd"), "200 zstd"},
		// What the reader has.
		{request(sentStory, "Accept-Encoding: br", "If-None-Match: "+tag), "304"},
		{request(sentStory, "If-None-Match: W/"+tag), "304"},
		{request(sentStory, `If-None-Match: "a", W/"b", `+tag), "304"},
		{request(sentStory, "If-None-Match: *"), "304"},
		{request(sentStory, `If-None-Match: "*"`), "200"},
		{request(sentStory, `If-None-Match: "other"`), "200"},
		{request(sentStory, "If-None-Match: "+strings.Repeat(`"other", `, 700)+tag), "304"},
		{request(sentStory, "If-None-Match: "+strings.TrimSuffix(tag, `"`)+`x"`), "200"},
		{request(sentStory, "If-Modified-Since: Sat, 28 Nov 2099 00:00:00 GMT"), "200"},
		{request("HEAD "+sentStory, "Accept-Encoding: br", "If-None-Match: "+tag), "304"},
		{request("HEAD "+sentStory, "Accept-Encoding: br"), "200 br"},
		{request("/de/nothing", "If-None-Match: *"), "404"},
		// Parts of a page: it is sent whole.
		{request(sentStory, "Range: bytes=0-9"), "200"},
		{request(sentStory, "Range: bytes=-1", "If-Range: "+tag), "200"},
		{request(sentStory, "Range: bytes=9-1, 1-2, 5-"), "200"},
		// The same address written otherwise.
		{request("/de/1/%64er-fluss-ist-wieder-sauber"), moved(sentStory)},
		{request("/de/1%2Fder-fluss-ist-wieder-sauber"), moved(sentStory)},
		{request("/de/1"), moved(sentStory)},
		{request("/de//1/x"), "404"},
		{request("//de/"), "404"},
		{request("//evil.example/de/"), "404"},
		{request("/de/../de/"), "404"},
		{request("/de/%2e%2e/"), "404"},
		{request("/text//evil.example/"), "404"},
		{request("/\\evil.example"), "404"},
		{request("/de/%00"), "404"},
		{request("/de/%zz"), "400"},
		{request("/" + strings.Repeat("a/", 3000)), "404"},
		// Queries.
		{request(sentStory + "?utm_source=evil.example"), "200"},
		{request(sentStory + "?text&x=%zz;a=b"), "200"},
		{request(sentStory + "?x=%zz;a=b&before=1"), "404"},
		{request("/de/?before=99999999999999999999"), "200"},
		{request("/de/1?" + strings.Repeat("x", 600)), moved(sentStory)},
		// Hosts.
		{request(sentStory, "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example", "X-Original-URL: /desk/", "X-Rewrite-URL: /desk/", "X-Http-Method-Override: DELETE"), "200"},
		{strings.Replace(request(sentStory), "paper.example", "evil.example:99", 1), "200"},
		{strings.Replace(request("/de/1"), "paper.example", "evil.example", 1), moved(sentStory)},
		{strings.Replace(request("/"), "paper.example", "evil.example", 1), "302 /de/"},
		{request("http://evil.example" + sentStory), "200"},
		{request("http://evil.example/de/1"), moved(sentStory)},
		{strings.Replace(request(sentStory), "Host: paper.example", "X: y", 1), "400"},
		{request(sentStory, "Host: evil.example"), "400"},
		{strings.Replace(request(sentStory), "paper.example", "a b", 1), "400"},
		// Methods.
		{request("POST "+sentStory, "Content-Length: 0"), "405"},
		{request("DELETE " + sentStory), "405"},
		{request("OPTIONS *"), "200"},
		{request("get " + sentStory), "405"},
		// Heads that two parsers might understand otherwise.
		{request(sentStory, "X: a", " b"), "200"},
		{request(sentStory, " X: a"), "200"},
		{request(sentStory, "X: \x00"), "400"},
		{request(sentStory, "X : a"), "400"},
		{request(sentStory, "X: a\nTransfer-Encoding: chunked") + "0\r\n\r\n", "200"},
		{request(sentStory, "Transfer-Encoding: chunked, identity"), "501"},
		{request(sentStory, "Content-Length: 1", "Content-Length: 2"), "400"},
		{request(sentStory, "X: "+strings.Repeat("y", 20<<10)), "200"},
	} {
		want := converse(t, slow, c.request)
		if len(want) == 0 {
			t.Errorf("%.300q isn't answered", c.request)
			continue
		}
		said := strings.TrimSpace(fmt.Sprint(want[0].status, " ", want[0].header.Get("Location"), want[0].header.Get("Content-Encoding")))
		if said != c.want || len(want) != 1 {
			t.Errorf("%.300q: %s, want %s", c.request, said, c.want)
		}
		if strings.Contains(fmt.Sprint(want), "evil.example") {
			t.Errorf("%.300q: a stranger's word is in the answer", c.request)
		}
		if got := converse(t, fast, c.request); fmt.Sprint(got) != fmt.Sprint(want) || len(got) > 0 && got[0].body != want[0].body {
			t.Errorf("%.300q:\n%v\nnet/http:\n%v", c.request, got, want)
		}
	}
	if after := converse(t, fast, request(sentStory, "Accept-Encoding: br"))[0]; after.body != before.body || fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the next reader gets\n%v\nnot\n%v", after, before)
	}
	if got := converse(t, fast, request(sentStory, "X: "+strings.Repeat("y", 64<<10))); len(got) != 1 || got[0].status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a head without end: %v", got)
	}
}

// Requests that are sent at once, some of which are in memory and some not, are answered one after the other, each
// by its own answer.
func TestWhatStrangersSendAtOnce(t *testing.T) {
	t.Parallel()
	_, fast, slow := besideNetHTTP(t)
	stays := func(target string, lines ...string) string {
		return strings.Replace(request(target, lines...), "Connection: close\r\n", "", 1)
	}
	for name, requests := range map[string][]string{
		"a miss in the middle": {stays(sentStory), stays("/de/999"), stays(sentStory), stays("HEAD " + sentStory), stays("/de/1"), stays("HEAD /de/nothing"), request(sentStory)},
		"a body":               {stays(sentStory), stays(sentStory, "Content-Length: 5") + "GET /", stays("/de/"), request(sentStory)},
		"a form":               {stays(sentStory), stays("POST /de/", "Content-Length: 40") + strings.Repeat("GET /", 8), stays("/de/"), request(sentStory)},
		"chunks":               {stays("/de/"), stays(sentStory, "Transfer-Encoding: chunked") + "5\r\nGET /\r\n0\r\n\r\n", request("/de/")},
		"both lengths":         {stays("/de/"), stays(sentStory, "Content-Length: 6", "Transfer-Encoding: chunked") + "0\r\n\r\n", request("/de/")},
		"an end":               {stays("/de/"), request(sentStory), stays("/desk/")},
		"rubbish":              {stays(sentStory), "\x00\x01\x02\x03", stays(sentStory)},
		"another version":      {stays(sentStory), strings.Replace(stays("/de/"), "1.1", "1.0", 1), stays(sentStory)},
	} {
		converse(t, fast, requests...) // now they lie in memory
		want, got := converse(t, slow, requests...), converse(t, fast, requests...)
		same := slices.EqualFunc(got, want, func(a, b onWire) bool { return fmt.Sprint(a) == fmt.Sprint(b) && a.body == b.body })
		if !same || len(want) < 2 {
			t.Errorf("%s:\n%v\nnet/http:\n%v", name, got, want)
		}
	}
}
