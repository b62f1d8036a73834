// Package purge tells what stands in front of the server and keeps its pages, a Varnish or somebody's
// CDN, how long it may keep each and by which words it will be told to forget it; and tells it so.
package purge

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/pagecache"
)

// Kind is what stands in front.
type Kind string

// What can be told to forget by words. Any other keeper is served by [Hook], or asks anew each time.
const (
	Varnish    Kind = "varnish"    // with vmod xkey: docs/varnish.vcl
	Fastly     Kind = "fastly"     // its URL is https://api.fastly.com/service/<id>
	Cloudflare Kind = "cloudflare" // its URL is https://api.cloudflare.com/client/v4/zones/<id>
	Hook       Kind = "hook"       // whatever takes {"keys": […], "all": false}
)

// Kinds are all of them.
var Kinds = []Kind{Varnish, Fastly, Cloudflare, Hook}

// Front is what stands in front of the server.
type Front struct {
	kind  Kind
	urls  []string
	token string
	http  *http.Client
}

// patience is how long it may take to answer. A job asks again.
const patience = 10 * time.Second

// New returns the front of the kind at the addresses: several of Varnish are told one after the other.
// The token is what Fastly, Cloudflare and the hook know us by.
func New(kind Kind, urls []string, token string) (*Front, error) {
	if !slices.Contains(Kinds, kind) {
		return nil, fmt.Errorf("front: there is no kind %q; there are %v", kind, Kinds)
	}
	if len(urls) == 0 {
		return nil, fmt.Errorf("front %s: give the address that it is told at", kind)
	}
	f := &Front{kind: kind, token: token, http: &http.Client{
		Timeout: patience,
		// A token isn't carried to where a redirect leads.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	for _, address := range urls {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("front %s: %q isn't an address as http://127.0.0.1:6081", kind, address)
		}
		f.urls = append(f.urls, strings.TrimRight(address, "/"))
	}
	return f, nil
}

const (
	// everything is a word of every page.
	everything = "depesche"
	// mostWords is how many a page may have so that its header lines stay ones that all take. What has
	// more isn't kept in front.
	mostWords = 400
)

// Lines are the header lines of a page that depends on the words and is true for so long. They say to
// whom may be told what to forget how long the page may be kept; browsers and all others ask each time.
func (f *Front) Lines(words []string, keep time.Duration) []pagecache.Field {
	if len(words) > mostWords {
		words, keep = nil, 0
	}
	age := "max-age=" + strconv.Itoa(int(keep/time.Second))
	if keep < time.Second {
		age = "no-store"
	}
	spaced, listed := strings.Join(append([]string{everything}, words...), " "), strings.Join(append([]string{everything}, words...), ",")
	switch f.kind {
	case Varnish, Fastly:
		return []pagecache.Field{{Name: "Surrogate-Control", Value: age}, {Name: "Surrogate-Key", Value: spaced}}
	case Cloudflare:
		return []pagecache.Field{{Name: "CDN-Cache-Control", Value: age}, {Name: "Cache-Tag", Value: listed}}
	}
	return []pagecache.Field{
		{Name: "CDN-Cache-Control", Value: age}, {Name: "Surrogate-Control", Value: age},
		{Name: "Surrogate-Key", Value: spaced}, {Name: "Cache-Tag", Value: listed},
	}
}

// Forget tells the front to forget what has one of the words, or all. Telling it twice is harmless.
func (f *Front) Forget(ctx context.Context, words []string, all bool) error {
	if len(words) == 0 && !all {
		return nil
	}
	var errs []error
	for _, address := range f.urls {
		if err := f.forget(ctx, address, words, all); err != nil {
			errs = append(errs, fmt.Errorf("%s in front: %w", f.kind, err))
		}
	}
	return errors.Join(errs...)
}

// How many words are told at once: Fastly takes 256, Cloudflare 30, a header line of Varnish some
// thousands of bytes.
var atOnce = map[Kind]int{Varnish: 200, Fastly: 256, Cloudflare: 30, Hook: 1000}

func (f *Front) forget(ctx context.Context, address string, words []string, all bool) error {
	if all {
		return f.tell(ctx, address, nil, true)
	}
	for chunk := range slices.Chunk(words, atOnce[f.kind]) {
		if err := f.tell(ctx, address, chunk, false); err != nil {
			return err
		}
	}
	return nil
}

func (f *Front) tell(ctx context.Context, address string, words []string, all bool) error {
	switch f.kind {
	case Varnish:
		if all {
			words = []string{everything}
		}
		return f.send(ctx, "PURGE", address+"/", nil, "xkey-purge", strings.Join(words, " "))
	case Fastly:
		if all {
			return f.send(ctx, http.MethodPost, address+"/purge_all", nil, "Fastly-Key", f.token)
		}
		return f.send(ctx, http.MethodPost, address+"/purge", map[string]any{"surrogate_keys": words}, "Fastly-Key", f.token)
	case Cloudflare:
		body := map[string]any{"tags": words}
		if all {
			body = map[string]any{"purge_everything": true}
		}
		return f.send(ctx, http.MethodPost, address+"/purge_cache", body, "Authorization", "Bearer "+f.token)
	}
	auth := ""
	if f.token != "" {
		auth = "Bearer " + f.token
	}
	if words == nil {
		words = []string{}
	}
	return f.send(ctx, http.MethodPost, address, map[string]any{"keys": words, "all": all}, "Authorization", auth)
}

func (f *Front) send(ctx context.Context, method, address string, body any, header, value string) error {
	var r io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		r = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(ctx, method, address, r)
	if err != nil {
		return err
	}
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if value != "" {
		q.Header.Set(header, value)
	}
	res, err := f.http.Do(q)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(res.Body, 300)) // for the error only
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("it answers %d: %q", res.StatusCode, said)
	}
	return nil
}
