// Package httpengine is what engines have in common that are services reached over HTTP: asking
// with bounds on time and size, asking again where it helps and never where it costs twice, reading
// why a service refused, and keeping its key to itself.
package httpengine

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v5"

	"depesche/internal/clock"
	"depesche/internal/engine"
)

// Pace is how patient an engine is. The zero value is that of DeepL's own client: it begins with a
// second, and waits 1.6 times as long each time, give or take 23 of 100.
type Pace struct {
	Tries   uint          // of a request; 5
	First   time.Duration // the first wait; a second
	Longest time.Duration // a single wait; 30 s. A service that asks for more is left alone.
	Total   time.Duration // from the first try to the last; two minutes
	Timeout time.Duration // a try; 30 s
}

func (p Pace) orDefault() Pace {
	return Pace{
		Tries: cmp.Or(p.Tries, 5), First: cmp.Or(p.First, time.Second), Longest: cmp.Or(p.Longest, 30*time.Second),
		Total: cmp.Or(p.Total, 2*time.Minute), Timeout: cmp.Or(p.Timeout, 30*time.Second),
	}
}

// maxAnswer bounds the answer's body; a hundred times what a request may have.
const maxAnswer = 16 << 20

// Client asks one service. It is safe for many goroutines.
type Client struct {
	name    string
	billed  bool
	base    *url.URL
	http    *http.Client
	pace    Pace
	secrets []Secret
	read    func(Answer) Fault
	trace   string
	clock   clock.Clock
}

// Options make a Client.
type Options struct {
	Name   string // of the engine, for its errors
	Billed bool   // what was sent may cost, and isn't sent twice
	Base   string // the service's address; paths are put behind it
	HTTP   *http.Client
	Pace   Pace
	// Secrets are taken out of whatever is said about a failure.
	Secrets []Secret
	// Read tells what an answer other than 2xx means.
	Read func(Answer) Fault
	// Trace is the header with the service's own name for a request.
	Trace string
	// Clock is for Retry-After with a date, and for what is remembered a while; nil is the system's.
	Clock clock.Clock
}

// New returns a client. A Base that isn't an address fails when it is asked: what people enter is
// checked by [Endpoint].
func New(o Options) *Client {
	base, err := url.Parse(strings.TrimRight(o.Base, "/"))
	if err != nil {
		base = &url.URL{}
	}
	if o.Clock == nil {
		o.Clock = clock.System
	}
	if o.Read == nil {
		o.Read = Plain
	}
	return &Client{
		name: o.Name, billed: o.Billed, base: base, http: Guarded(o.HTTP), pace: o.Pace.orDefault(),
		secrets: o.Secrets, read: o.Read, trace: o.Trace, clock: o.Clock,
	}
}

// Guarded returns the client with no redirect followed that would carry the key, or the text, to
// somebody else.
func Guarded(c *http.Client) *http.Client {
	out := http.Client{Transport: Transport}
	if c != nil {
		out = *c
	}
	out.Jar = nil
	out.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		first := via[0]
		same := r.URL.Host == first.URL.Host && r.URL.Scheme == first.URL.Scheme ||
			r.URL.Hostname() == first.URL.Hostname() && first.URL.Scheme == "http" && r.URL.Scheme == "https"
		if !same || r.Method != first.Method || len(via) > 3 {
			return http.ErrUseLastResponse
		}
		return nil
	}
	return &out
}

// Call is a request to the service.
type Call struct {
	Method string // GET if Body is nil, else POST
	Path   string
	Query  url.Values
	Header http.Header
	// Body is sent as JSON; a []byte as it is.
	Body any
	// Costs says that the call is charged for when it was worked on.
	Costs bool
	// Within reads the status that a service writes into its answers, whatever HTTP's is; nil where it
	// writes none. 0 is HTTP's own.
	Within func(Answer) int
	// Once is for what one can do without: it isn't tried again.
	Once bool
	// Said are the texts of the story in the call; no message that quotes one is shown to anybody.
	Said []string
}

// Answer is what the service sent.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Encode returns v as JSON as it is sent: without HTML's signs written out, which would be six bytes
// each.
func Encode(v any) ([]byte, error) {
	if b, ok := v.([]byte); ok {
		return b, nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Ask sends the call, again where it helps, and returns the first answer of 2xx. Its errors are
// *engine.Error.
func (c *Client) Ask(ctx context.Context, call Call) (Answer, error) {
	var body []byte
	if call.Body != nil {
		var err error
		if body, err = Encode(call.Body); err != nil {
			return Answer{}, c.Fail(engine.Refused, fmt.Errorf("request: %w", err))
		}
	}
	var last *engine.Error
	answer, err := backoff.Retry(ctx, func() (Answer, error) {
		a, fault, again := c.try(ctx, call, body)
		if fault == nil {
			return a, nil
		}
		last = fault
		switch {
		case !again || call.Once || fault.After > c.pace.Longest || ctx.Err() != nil:
			return Answer{}, backoff.Permanent(fault)
		case fault.After > 0:
			return Answer{}, &backoff.RetryAfterError{Duration: fault.After}
		}
		return Answer{}, fault
	}, backoff.WithBackOff(&backoff.ExponentialBackOff{
		InitialInterval: c.pace.First, RandomizationFactor: 0.23, Multiplier: 1.6, MaxInterval: c.pace.Longest,
	}), backoff.WithMaxTries(c.pace.Tries), backoff.WithMaxElapsedTime(c.pace.Total))
	if err == nil {
		return answer, nil
	}
	if ctx.Err() != nil && !errors.Is(last, ctx.Err()) {
		// Given up while waiting: what the service said last is no longer why.
		return Answer{}, &engine.Error{Engine: c.name, Trouble: engine.Gone, Sent: last.Sent, Trace: last.Trace, Err: ctx.Err()}
	}
	return Answer{}, last
}

// try asks once, and says of a failure whether it may be tried again.
func (c *Client) try(ctx context.Context, call Call, body []byte) (Answer, *engine.Error, bool) {
	tctx, cancel := context.WithTimeout(ctx, c.pace.Timeout)
	defer cancel()
	var sent atomic.Bool
	r, err := c.request(tctx, call, body, &sent)
	if err != nil {
		return Answer{}, c.Fail(engine.Refused, err), false
	}
	a, err := c.roundTrip(r)
	if err != nil {
		// An answer that broke off was worked for; a request that never left wasn't.
		taken := sent.Load() || a.Status != 0
		again := ctx.Err() == nil && (!taken || !call.Costs || !c.billed) && !errors.Is(err, errTooLarge) && !errors.Is(err, errMetadata)
		fault := c.Fail(engine.Gone, err)
		switch {
		case errors.Is(err, errTooLarge):
			fault.Trouble = engine.Garbled
		case errors.Is(err, errMetadata):
			fault.Trouble = engine.Refused
		}
		fault.Sent, fault.Trace = taken && call.Costs, c.traceOf(a)
		return Answer{}, fault, again
	}
	if call.Within != nil {
		if status := call.Within(a); status != 0 {
			a.Status = status
		}
	}
	if a.Status >= 200 && a.Status < 300 {
		return a, nil, false
	}
	f := c.read(a)
	fault := c.explain(a, f, call)
	fault.Sent = f.Worked && call.Costs
	return Answer{}, fault, f.Retry
}

func (c *Client) request(ctx context.Context, call Call, body []byte, sent *atomic.Bool) (*http.Request, error) {
	u := *c.base
	u.Path = strings.TrimRight(u.Path, "/") + call.Path
	u.RawQuery = call.Query.Encode()
	method := call.Method
	if method == "" {
		method = http.MethodGet
		if body != nil {
			method = http.MethodPost
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), http.NoBody)
	if err != nil {
		return nil, errAddress
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "Depesche")
	if body == nil {
		sent.Store(true) // a question without a body has gone with its head, or costs nothing
	} else {
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		r.ContentLength = int64(len(body))
		r.GetBody = func() (io.ReadCloser, error) {
			sent.Store(false)
			return &watched{left: body, gone: sent}, nil
		}
		r.Body, _ = r.GetBody()
	}
	for k, v := range call.Header {
		r.Header[http.CanonicalHeaderKey(k)] = v
	}
	return r, nil
}

// watched notes when the transport has taken the last of the body: before that no service can have
// read the request to its end.
type watched struct {
	left []byte
	gone *atomic.Bool
}

// Read hands out the body.
func (w *watched) Read(p []byte) (int, error) {
	n := copy(p, w.left)
	w.left = w.left[n:]
	if len(w.left) == 0 {
		w.gone.Store(true)
		return n, io.EOF
	}
	return n, nil
}

// Close does nothing: the body is in memory.
func (w *watched) Close() error { return nil }

var (
	errTooLarge = errors.New("the answer is too large")
	errAddress  = errors.New("the address of the service isn't one")
)

// roundTrip returns an answer with its whole body; one that broke off comes with the error.
func (c *Client) roundTrip(r *http.Request) (Answer, error) {
	resp, err := c.http.Do(r)
	if err != nil {
		var outer *url.Error
		if errors.As(err, &outer) {
			err = outer.Err // the address stands in the settings
		}
		return Answer{}, err
	}
	defer resp.Body.Close()
	a := Answer{Status: resp.StatusCode, Header: resp.Header}
	a.Body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return a, fmt.Errorf("the answer broke off: %w", err)
	}
	if len(a.Body) > maxAnswer {
		return a, errTooLarge
	}
	return a, nil
}

func (c *Client) traceOf(a Answer) string {
	if c.trace == "" {
		return ""
	}
	return code(a.Header.Get(c.trace))
}

// explain turns a reading into an error.
func (c *Client) explain(a Answer, f Fault, call Call) *engine.Error {
	secrets := slices.Clone(c.secrets)
	if fields := strings.Fields(call.Header.Get("Authorization")); len(fields) > 0 {
		secrets = append(secrets, NewSecret(fields[len(fields)-1])) // a token, which is nobody's setting
	}
	// Scrubbed first: what is shortened may end within a key.
	message := clean(scrub(f.Message, secrets), call.Said)
	refusal := &Refusal{Status: a.Status, Code: code(scrub(f.Code, secrets)), Message: message}
	after := retryAfter(a.Header, c.clock.Now())
	if after == 0 {
		after = f.After
	}
	e := c.Fail(f.Trouble, refusal)
	e.After, e.Trace = after, c.traceOf(a)
	return e
}

// Fail returns an error of the engine's. No key stands in its text, nor in that of its cause.
func (c *Client) Fail(trouble engine.Trouble, cause error) *engine.Error {
	if text := cause.Error(); scrub(text, c.secrets) != text {
		cause = errors.New(scrub(text, c.secrets))
	}
	return &engine.Error{Engine: c.name, Trouble: trouble, Err: cause}
}

// Garbled is the error of an answer that isn't one: the service has worked for it.
func (c *Client) Garbled(a Answer, why string) *engine.Error {
	e := c.Fail(engine.Garbled, errors.New(why))
	e.Sent, e.Trace = true, c.traceOf(a)
	return e
}

// Unreadable is [Client.Garbled] for an answer that cost nothing.
func (c *Client) Unreadable(a Answer, why string) *engine.Error {
	e := c.Garbled(a, why)
	e.Sent = false
	return e
}

// Wrap makes an *engine.Error of whatever ended the wait for another's question; one that is one
// already stays.
func (c *Client) Wrap(err error) error {
	var e *engine.Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return c.Fail(engine.Gone, err)
}
