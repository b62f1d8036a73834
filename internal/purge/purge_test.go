package purge_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"depesche/internal/purge"
)

// told is a front that writes down what it is told.
func told(t *testing.T, kind purge.Kind) (*purge.Front, *[]string) {
	t.Helper()
	var list []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		line := r.Method + " " + r.URL.Path
		for _, name := range []string{"Xkey-Purge", "Fastly-Key", "Authorization"} {
			if v := r.Header.Get(name); v != "" {
				line += " " + name + "=" + v
			}
		}
		list = append(list, strings.TrimSpace(line+" "+string(body)))
		if strings.Contains(string(body), "refused") {
			http.Error(w, "no such key", http.StatusForbidden)
		}
	}))
	t.Cleanup(srv.Close)
	f, err := purge.New(kind, []string{srv.URL + "/at/"}, "secret")
	if err != nil {
		t.Fatal(err)
	}
	return f, &list
}

// Each is told as its maker's manual has it.
func TestForget(t *testing.T) {
	for kind, want := range map[purge.Kind][2]string{
		purge.Varnish:    {"PURGE /at/ Xkey-Purge=d1 d2", "PURGE /at/ Xkey-Purge=depesche"},
		purge.Fastly:     {`POST /at/purge Fastly-Key=secret {"surrogate_keys":["d1","d2"]}`, "POST /at/purge_all Fastly-Key=secret"},
		purge.Cloudflare: {`POST /at/purge_cache Authorization=Bearer secret {"tags":["d1","d2"]}`, `POST /at/purge_cache Authorization=Bearer secret {"purge_everything":true}`},
		purge.Hook:       {`POST /at Authorization=Bearer secret {"all":false,"keys":["d1","d2"]}`, `POST /at Authorization=Bearer secret {"all":true,"keys":[]}`},
	} {
		f, list := told(t, kind)
		for _, all := range []bool{false, true} {
			if err := f.Forget(t.Context(), []string{"d1", "d2"}, all); err != nil {
				t.Error(err)
			}
		}
		if err := f.Forget(t.Context(), nil, false); err != nil || !slices.Equal(*list, want[:]) {
			t.Errorf("%s was told %q, want %q, %v", kind, *list, want, err)
		}
	}
}

// Many words are told in parts, each once.
func TestForgetsInParts(t *testing.T) {
	var words []string
	for i := range 70 {
		words = append(words, fmt.Sprint("d", i))
	}
	f, list := told(t, purge.Cloudflare)
	if err := f.Forget(t.Context(), words, false); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range *list {
		var body struct{ Tags []string }
		if err := json.Unmarshal([]byte(line[strings.Index(line, "{"):]), &body); err != nil || len(body.Tags) > 30 {
			t.Error(line, err)
		}
		got = append(got, body.Tags...)
	}
	if !slices.Equal(got, words) {
		t.Errorf("told %q", got)
	}
}

// What is refused is an error, so that the job tells it again.
func TestRefused(t *testing.T) {
	f, _ := told(t, purge.Hook)
	if err := f.Forget(t.Context(), []string{"refused"}, false); err == nil || !strings.Contains(err.Error(), "403") || strings.Contains(err.Error(), "secret") {
		t.Error(err)
	}
	for _, bad := range []struct {
		kind purge.Kind
		urls []string
	}{{"squid", []string{"http://x"}}, {purge.Varnish, nil}, {purge.Varnish, []string{"127.0.0.1:80"}}, {purge.Varnish, []string{"ftp://x"}}} {
		if _, err := purge.New(bad.kind, bad.urls, ""); err == nil {
			t.Errorf("%v is taken", bad)
		}
	}
}

// How long a page may be kept is said to those who can be told to forget, in words of theirs.
func TestLines(t *testing.T) {
	for kind, want := range map[purge.Kind]string{
		purge.Varnish:    "[{Surrogate-Control max-age=60} {Surrogate-Key depesche d1 d2}]",
		purge.Fastly:     "[{Surrogate-Control max-age=60} {Surrogate-Key depesche d1 d2}]",
		purge.Cloudflare: "[{CDN-Cache-Control max-age=60} {Cache-Tag depesche,d1,d2}]",
		purge.Hook:       "[{CDN-Cache-Control max-age=60} {Surrogate-Control max-age=60} {Surrogate-Key depesche d1 d2} {Cache-Tag depesche,d1,d2}]",
	} {
		f, _ := told(t, kind)
		if got := fmt.Sprint(f.Lines([]string{"d1", "d2"}, time.Minute)); got != want {
			t.Errorf("%s: %s", kind, got)
		}
		if got := fmt.Sprint(f.Lines(make([]string, 1000), time.Hour), f.Lines(nil, 10*time.Millisecond)); strings.Contains(got, "max-age") || len(got) > 400 {
			t.Errorf("%s keeps what has too many words: %s", kind, got)
		}
	}
}
