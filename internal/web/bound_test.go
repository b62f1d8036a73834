package web_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"

	"depesche/internal/web"
)

func TestBound(t *testing.T) {
	for n, whole := range map[int]bool{0: true, 99: true, 100: true, 101: false, 900: false} {
		for name, wrap := range map[string]func(io.Reader) io.Reader{"at once": func(r io.Reader) io.Reader { return r }, "by bytes": iotest.OneByteReader} {
			got, err := io.ReadAll(web.Bound(io.NopCloser(wrap(strings.NewReader(strings.Repeat("x", n)))), 100))
			var limit *http.MaxBytesError
			if len(got) != min(n, 100) || whole != (err == nil) || !whole && (!errors.As(err, &limit) || limit.Limit != 100) {
				t.Errorf("%d bytes %s: %d read, %v", n, name, len(got), err)
			}
		}
	}
}

// TestTooLargeIsAnswered: who sends too much reads why, though the browser sends all before it reads.
func TestTooLargeIsAnswered(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := web.ParseForm(w, r, 1<<20); err != nil {
			http.Error(w, "too large", http.StatusUnprocessableEntity)
		}
	}))
	defer srv.Close()
	body := &struct{ *bytes.Reader }{bytes.NewReader(append([]byte("a="), bytes.Repeat([]byte("x"), 4<<20)...))}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.ContentLength = int64(body.Len())
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	said, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(said), "too large") || body.Len() > 0 {
		t.Errorf("%d %q, %v; %d bytes weren't sent", res.StatusCode, said, err, body.Len())
	}
}
