package reader

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"depesche/internal/pagecache"
)

func sent(t *testing.T, method string, header map[string]string, b *body) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, "http://paper.example/de/", nil)
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	rd := &Reader{cache: pagecache.New(1 << 20)}
	(&visit{rd: rd, w: w, r: r}).send(b)
	return w.Result()
}

func page200(text string) *body {
	return &body{status: http.StatusOK, kind: htmlType, bytes: []byte(text), csp: "default-src 'none'", lang: "de"}
}

func TestSendInTheFormTheBrowserTakes(t *testing.T) {
	text := strings.Repeat("Kyjiw wartet auf Antwort. ", 100)
	for accept, coding := range map[string]string{
		"":                       "",
		"gzip, deflate, br":      "br",
		"gzip":                   "gzip",
		"x-gzip":                 "gzip",
		"br;q=0, gzip":           "gzip",
		"br;q=0.000, gzip;q=0":   "",
		"deflate":                "",
		"identity":               "",
		"GZIP;q=0.1":             "gzip",
		";;;,,,=":                "",
		strings.Repeat("a,", 99): "",
	} {
		res := sent(t, "GET", map[string]string{"Accept-Encoding": accept}, page200(text))
		if got := res.Header.Get("Content-Encoding"); got != coding {
			t.Errorf("%q: coding %q, want %q", accept, got, coding)
		}
		if got := plain(t, res); got != text {
			t.Errorf("%q: the text is another", accept)
		}
		if got := res.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("%q: Vary %q", accept, got)
		}
	}
}

func plain(t *testing.T, res *http.Response) string {
	t.Helper()
	var r io.Reader = res.Body
	var err error
	switch res.Header.Get("Content-Encoding") {
	case "br":
		r = brotli.NewReader(r)
	case "zstd":
		z, zerr := zstd.NewReader(r)
		if zerr != nil {
			t.Fatal(zerr)
		}
		defer z.Close()
		r = z
	case "gzip":
		if r, err = gzip.NewReader(r); err != nil {
			t.Fatal(err)
		}
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSendTags(t *testing.T) {
	text := strings.Repeat("Kyjiw wartet auf Antwort. ", 100)
	tags := map[string]string{}
	for _, accept := range []string{"", "gzip", "br"} {
		tag := sent(t, "GET", map[string]string{"Accept-Encoding": accept}, page200(text)).Header.Get("ETag")
		if strings.HasPrefix(tag, "W/") || len(tag) < 10 || tags[tag] != "" {
			t.Errorf("%q: tag %s isn't strong, or has been there", accept, tag)
		}
		tags[tag] = accept
	}
	for tag, accept := range tags {
		for _, have := range []string{tag, "W/" + tag, `"x", ` + tag, "*"} {
			res := sent(t, "GET", map[string]string{"Accept-Encoding": accept, "If-None-Match": have}, page200(text))
			body, _ := io.ReadAll(res.Body)
			if res.StatusCode != http.StatusNotModified || len(body) != 0 || res.Header.Get("ETag") == "" || res.Header.Get("Cache-Control") == "" {
				t.Errorf("%s: %d, %d bytes, %v", have, res.StatusCode, len(body), res.Header)
			}
		}
		res := sent(t, "GET", map[string]string{"Accept-Encoding": accept, "If-None-Match": tag}, page200(text+"!"))
		if res.StatusCode != http.StatusOK {
			t.Errorf("another page is told to be the same")
		}
	}
	gone := page200(text)
	gone.status = http.StatusGone
	if res := sent(t, "GET", map[string]string{"If-None-Match": "*"}, gone); res.StatusCode != http.StatusGone {
		t.Errorf("a withdrawal became %d", res.StatusCode)
	}
}

func TestSendHead(t *testing.T) {
	text := strings.Repeat("Kyjiw wartet auf Antwort. ", 100)
	get := sent(t, "GET", map[string]string{"Accept-Encoding": "br"}, page200(text))
	head := sent(t, "HEAD", map[string]string{"Accept-Encoding": "br"}, page200(text))
	body, _ := io.ReadAll(head.Body)
	if len(body) != 0 || fmt.Sprint(get.Header) != fmt.Sprint(head.Header) {
		t.Errorf("HEAD has %d bytes and %v, GET %v", len(body), head.Header, get.Header)
	}
}
