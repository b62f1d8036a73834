// Package fetch brings files from other people's servers, without being led by them: not into our
// own network, not for ever, not without end.
package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"syscall"
	"time"

	"depesche/internal/problem"
)

// Options bound what a Client does. The zero value has sound bounds.
type Options struct {
	MaxBytes  int64         // of a body, after decompression; 64 MB
	Timeout   time.Duration // of all: connecting, redirects, body; a minute
	Redirects int           // followed; 5
	UserAgent string        // "Depesche"

	// Reachable says which addresses may be asked; nil is [Public]. For tests, and for a newsroom
	// that imports from a server of its own network and says so.
	Reachable func(netip.Addr) bool
}

// Client fetches over HTTP. It is safe for many goroutines.
type Client struct {
	http     *http.Client
	maxBytes int64
	timeout  time.Duration
	agent    string
}

// New returns a client with these bounds.
func New(o Options) *Client {
	o.MaxBytes, o.Timeout = cmp.Or(o.MaxBytes, 64<<20), cmp.Or(o.Timeout, time.Minute)
	o.Redirects, o.UserAgent = cmp.Or(o.Redirects, 5), cmp.Or(o.UserAgent, "Depesche")
	if o.Reachable == nil {
		o.Reachable = Public
	}
	// The address is looked at when it is dialled, after every name was resolved: a name that
	// resolves to another address the second time gains nothing.
	dialer := &net.Dialer{Timeout: 10 * time.Second, ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(address)
		if err != nil || (network != "tcp4" && network != "tcp6") || !o.Reachable(ap.Addr().Unmap()) {
			return errUnreachable
		}
		return nil
	}}
	transport := &http.Transport{
		Proxy:                  nil, // a proxy would resolve names itself
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    10 * time.Second,
		ResponseHeaderTimeout:  20 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    4,
		MaxConnsPerHost:        4, // politeness
		IdleConnTimeout:        30 * time.Second,
	}
	return &Client{
		http: &http.Client{Transport: transport, CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > o.Redirects {
				return errRedirects
			}
			return checkURL(r.URL)
		}},
		maxBytes: o.MaxBytes, timeout: o.Timeout, agent: o.UserAgent,
	}
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

var (
	errUnreachable = errors.New("the address isn't a public one")
	errRedirects   = errors.New("too many redirects")
)

// File is what was found at an address. Read Body to its end and close it.
type File struct {
	URL  string // after redirects
	Type string // as the server says, which may be wrong
	Body io.ReadCloser
}

// Get asks for a file. Nothing there is [problem.NotFound]; an address that isn't one, or that
// mustn't be asked, is [problem.Invalid]; a server that doesn't answer, or answers with a fault of
// its own, is [problem.Unavailable]. Body fails with [problem.TooMany] if it is too large.
func (c *Client) Get(ctx context.Context, address string) (*File, error) {
	u, err := url.Parse(address)
	if err == nil {
		err = checkURL(u)
	}
	if err != nil {
		return nil, problem.Wrap(problem.Invalid, "problem.url", err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	f, err := c.get(ctx, u)
	if err != nil {
		cancel()
		return nil, fmt.Errorf("fetch %s: %w", u.Redacted(), err)
	}
	f.Body = &body{ReadCloser: f.Body, limit: c.maxBytes, left: c.maxBytes, end: cancel}
	return f, nil
}

func (c *Client) get(ctx context.Context, u *url.URL) (*File, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, problem.Wrap(problem.Invalid, "problem.url", err)
	}
	req.Header.Set("User-Agent", c.agent)
	res, err := c.http.Do(req)
	switch {
	case errors.Is(err, errUnreachable), errors.Is(err, errScheme):
		return nil, problem.Wrap(problem.Invalid, "problem.url", err)
	case errors.Is(err, context.Canceled):
		return nil, err
	case err != nil:
		return nil, problem.Wrap(problem.Unavailable, "problem.unavailable", err)
	}
	if err := statusError(res.StatusCode); err != nil {
		res.Body.Close()
		return nil, err
	}
	if res.ContentLength > c.maxBytes {
		res.Body.Close()
		return nil, tooLarge(c.maxBytes)
	}
	return &File{URL: res.Request.URL.String(), Type: res.Header.Get("Content-Type"), Body: res.Body}, nil
}

func statusError(code int) error {
	cause := fmt.Errorf("the server answers %d %s", code, http.StatusText(code))
	switch {
	case code == http.StatusOK:
		return nil
	case code == http.StatusTooManyRequests, code >= 500:
		return problem.Wrap(problem.Unavailable, "problem.unavailable", cause)
	}
	return problem.Wrap(problem.NotFound, "problem.not_found", cause)
}

var errScheme = errors.New("an address to fetch begins with http:// or https://")

func checkURL(u *url.URL) error {
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return errScheme
	}
	return nil
}

// body ends with an error instead of silently when there is too much of it.
type body struct {
	io.ReadCloser
	limit, left int64
	end         context.CancelFunc
}

func (b *body) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) > b.left {
		n, err = int(b.left), tooLarge(b.limit)
	}
	b.left -= int64(n)
	return n, err
}

func (b *body) Close() error {
	b.end()
	return b.ReadCloser.Close()
}

func tooLarge(limit int64) error {
	return problem.Wrap(problem.TooMany, "problem.too_large", fmt.Errorf("the file is larger than %d bytes", limit))
}

// closed are the networks that aren't the public Internet (RFC 6890 and its registries), and those
// that translate into them.
var closed = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("5f00::/16"),
}

// Public reports whether an address belongs to the public Internet: not to this machine, not to a
// network around it.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range closed {
		if p.Contains(a) {
			return false
		}
	}
	// IPv6 hands out public addresses below 2000::/3 only.
	return a.Is4() || netip.MustParsePrefix("2000::/3").Contains(a)
}
