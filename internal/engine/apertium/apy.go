package apertium

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
)

// APY is an apertium-apy over HTTP.
type APY struct {
	name, base string
	leaves     bool
	client     *http.Client
}

// NewAPY returns the engine of that name; base is the server's address, http://127.0.0.1:2737.
func NewAPY(name, base string) (*APY, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the address of apertium-apy is one as http://127.0.0.1:2737")
	}
	return &APY{
		name: name, base: strings.TrimRight(base, "/"), leaves: leaves(u.Hostname()),
		client: &http.Client{Timeout: time.Minute, Transport: httpengine.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}, nil
}

// leaves says that a host isn't one of the house's: neither this machine nor in its own network.
func leaves(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return !ip.IsLoopback() && !ip.IsPrivate() && !ip.IsLinkLocalUnicast()
	}
	return strings.Contains(host, ".") && !strings.HasSuffix(host, ".local") && !strings.HasSuffix(host, ".internal") && !strings.HasSuffix(host, ".lan")
}

// Info says what it is.
func (a *APY) Info() engine.Info {
	return engine.Info{Name: a.name, Kind: "apertium-apy", HTML: true, Leaves: a.leaves, Limits: limits}
}

func (a *APY) fail(t engine.Trouble, sent bool, err error) *engine.Error {
	return &engine.Error{Engine: a.name, Trouble: t, Sent: sent, Err: err}
}

type response struct {
	Data        json.RawMessage `json:"responseData"`
	Explanation string          `json:"explanation"`
}

// call posts a form, or gets if there is none. One that says 503 has started its pipeline anew: it is asked again.
func (a *APY) call(ctx context.Context, path string, form url.Values, into any) error {
	err := a.once(ctx, path, form, into)
	var e *engine.Error
	if errors.As(err, &e) && e.Trouble == engine.Busy && ctx.Err() == nil {
		err = a.once(ctx, path, form, into)
	}
	return err
}

func (a *APY) once(ctx context.Context, path string, form url.Values, into any) error {
	method, body := http.MethodGet, ""
	if form != nil {
		method, body = http.MethodPost, form.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, a.base+path, strings.NewReader(body))
	if err != nil {
		return a.fail(engine.Refused, false, err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := a.client.Do(req)
	if err != nil {
		var dial *net.OpError
		return a.fail(engine.Gone, !errors.As(err, &dial) || dial.Op != "dial", cause(err))
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, most))
	if err != nil {
		return a.fail(engine.Gone, true, cause(err))
	}
	var r response
	wrong := json.Unmarshal(raw, &r)
	switch {
	case res.StatusCode == http.StatusServiceUnavailable || res.StatusCode == http.StatusTooManyRequests:
		return a.fail(engine.Busy, true, errors.New(told(res, r)))
	case res.StatusCode == http.StatusBadRequest && strings.Contains(r.Explanation, "pair"):
		return a.fail(engine.Unsupported, true, errors.New(told(res, r)))
	case res.StatusCode >= 500:
		return a.fail(engine.Gone, true, errors.New(told(res, r)))
	case res.StatusCode != http.StatusOK:
		return a.fail(engine.Refused, true, errors.New(told(res, r)))
	case wrong != nil:
		return a.fail(engine.Garbled, true, errors.New("the answer isn't JSON"))
	}
	if err := json.Unmarshal(r.Data, into); err != nil {
		return a.fail(engine.Garbled, true, errors.New("the answer has another form"))
	}
	return nil
}

// cause leaves the address out, which may hold what was asked.
func cause(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func told(res *http.Response, r response) string {
	s := fmt.Sprintf("HTTP %d", res.StatusCode)
	if r.Explanation != "" {
		s += ": " + lastLine(r.Explanation)
	}
	return s
}

func (a *APY) modes(ctx context.Context) (map[engine.Pair]string, error) {
	var list []struct {
		From string `json:"sourceLanguage"`
		To   string `json:"targetLanguage"`
	}
	if err := a.call(ctx, "/listPairs", nil, &list); err != nil {
		return nil, err
	}
	out := map[engine.Pair]string{}
	for _, x := range list {
		if p, ok := pairOf(x.From + "-" + x.To); ok {
			out[p] = x.From + "|" + x.To
		}
	}
	return out, nil
}

// Pairs are those that the server says it has.
func (a *APY) Pairs(ctx context.Context) ([]engine.Pair, error) {
	modes, err := a.modes(ctx)
	if err != nil {
		return nil, err
	}
	return pairs(modes), nil
}

// Translate asks the server, once again if its pipeline broke.
func (a *APY) Translate(ctx context.Context, r engine.Request) (engine.Result, error) {
	modes, err := a.modes(ctx)
	if err != nil {
		return engine.Result{}, err
	}
	mode, ok := modes[r.Pair]
	if !ok {
		return engine.Result{}, a.fail(engine.Unsupported, false, fmt.Errorf("it has no %s", r.Pair))
	}
	form := url.Values{"langpair": {mode}, "q": {page(r.Texts)}, "format": {"html"}, "markUnknown": {"yes"}}
	var data struct {
		Text string `json:"translatedText"`
	}
	if err := a.call(ctx, "/translate", form, &data); err != nil {
		return engine.Result{}, err
	}
	texts, unknown, err := read(r.Texts, data.Text)
	if err != nil {
		return engine.Result{}, a.fail(engine.Garbled, true, err)
	}
	return engine.Result{Texts: texts, Unknown: unknown, Model: strings.Replace(mode, "|", "-", 1)}, nil
}
