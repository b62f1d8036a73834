// Package modernmt speaks to ModernMT, with the memories that the paper keeps there as hints.
package modernmt

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"depesche/internal/clock"
	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Name is what the family is called.
const Name = "modernmt"

const standard = "https://api.modernmt.com"

// ModernMT publishes no bound on characters; ours keeps a request short.
var limits = engine.Limits{Texts: 128, Characters: 20_000}

var own = map[string]lang.Tag{"zh-CN": "zh-Hans", "zh-TW": "zh-Hant", "pt": "pt-PT"}

// Config is what an operator sets. In JSON its entries are called as in the complaints of Validate.
type Config struct {
	Endpoint string            `json:"endpoint,omitempty"` // "" is ModernMT's own
	Key      httpengine.Secret `json:"key,omitzero"`
	// Memories are the IDs of those that ModernMT shall lean on; ContextVector weighs them, as in
	// "1234:0.9,1235:0.1".
	Memories      httpengine.Words `json:"memories,omitempty"`
	ContextVector string           `json:"context_vector,omitempty"`
	Project       string           `json:"project,omitempty"`
	// Varieties are those to take where a paper's language names none: "en-US", "es-419".
	Varieties httpengine.Tags `json:"varieties,omitempty"`
	Pace      httpengine.Pace `json:"-"`
	Clock     clock.Clock     `json:"-"`
}

// Validate refuses what can't work, entry by entry.
func (c Config) Validate() error {
	var f problem.Fields
	httpengine.Keyed(&f, c.Endpoint, c.Key)
	for _, m := range c.Memories {
		if m == "" || strings.ContainsAny(m, ",: \n") {
			f.Add("memories", "problem.value", m)
			break
		}
	}
	if strings.ContainsAny(c.ContextVector, " \n\"") {
		f.Add("context_vector", "problem.value", c.ContextVector)
	}
	httpengine.Word(&f, "project", c.Project)
	httpengine.Varieties(&f, "varieties", c.Varieties)
	return f.Err()
}

// Engine is ModernMT with a key.
type Engine struct {
	info      engine.Info
	config    Config
	timeout   int64 // that we give ModernMT, in milliseconds
	client    *httpengine.Client
	languages *httpengine.Spoken
}

// New returns an engine of that name; a nil client is a sound one.
func New(name string, c Config, client *http.Client) *Engine {
	timeout := cmp.Or(c.Pace.Timeout, 30*time.Second)
	e := &Engine{
		info:   engine.Info{Name: name, Kind: Name, HTML: true, Leaves: true, Billed: true, Limits: limits},
		config: c,
		// It should give up before we do, so that nothing is charged that nobody reads.
		timeout: (timeout * 9 / 10).Milliseconds(),
		client: httpengine.New(httpengine.Options{
			Name: name, Billed: true, Base: cmp.Or(c.Endpoint, standard), HTTP: client, Pace: c.Pace, Secrets: []httpengine.Secret{c.Key}, Read: read, Clock: c.Clock,
		}),
	}
	e.languages = e.client.Spoken(6*time.Hour, e.askLanguages)
	return e
}

// Info says what the service is.
func (e *Engine) Info() engine.Info { return e.info }

// Pairs asks for the languages, a few times a day; each goes to each other.
func (e *Engine) Pairs(ctx context.Context) ([]engine.Pair, error) { return e.languages.Pairs(ctx) }

// envelope is round everything that ModernMT says.
type envelope struct {
	Status int             `json:"status"`
	Data   json.RawMessage `json:"data"`
	Error  struct {
		Type    string `json:"type"`
		Message string `json:"message"`
	} `json:"error"`
}

// ask asks, and opens the envelope: a failure may come with HTTP's 200.
func (e *Engine) ask(ctx context.Context, call httpengine.Call) (httpengine.Answer, json.RawMessage, error) {
	call.Header = http.Header{"MMT-ApiKey": {e.config.Key.Reveal()}, "MMT-Platform": {"Depesche"}}
	if call.Body != nil {
		call.Header.Set("X-HTTP-Method-Override", "GET")
	}
	call.Within = func(a httpengine.Answer) (status int) {
		var out envelope
		if httpengine.Read(a.Body, &out) {
			return out.Status
		}
		return 0
	}
	a, err := e.client.Ask(ctx, call)
	if err != nil {
		return a, nil, err
	}
	var out envelope
	switch {
	case httpengine.Read(a.Body, &out) && len(out.Data) > 0:
		return a, out.Data, nil
	case call.Costs:
		return a, nil, e.client.Garbled(a, "the answer isn't ModernMT's")
	}
	return a, nil, e.client.Unreadable(a, "the answer isn't ModernMT's")
}

func (e *Engine) askLanguages(ctx context.Context) (httpengine.Languages, error) {
	a, data, err := e.ask(ctx, httpengine.Call{Path: "/translate/languages"})
	if err != nil {
		return httpengine.Languages{}, err
	}
	var list []string
	if !httpengine.Read(data, &list) || len(list) == 0 {
		return httpengine.Languages{}, e.client.Unreadable(a, "the list of languages isn't one")
	}
	return httpengine.Each(httpengine.Codes(list, own)), nil
}

type request struct {
	Source  string   `json:"source"`
	Target  string   `json:"target"`
	Q       []string `json:"q"`
	Format  string   `json:"format"`
	Hints   []string `json:"hints,omitempty"`
	Context string   `json:"context_vector,omitempty"`
	Project string   `json:"project_id,omitempty"`
	Timeout int64    `json:"timeout"`
}

type translation struct {
	Text   string `json:"translation"`
	Billed int64  `json:"billedCharacters"`
}

// Translate asks ModernMT.
func (e *Engine) Translate(ctx context.Context, r engine.Request) (engine.Result, error) {
	return e.client.Translate(e.info, r, func(texts []string) (httpengine.Batch, error) {
		preferred := append(slices.Clone(e.config.Varieties), "en-GB", "es-ES", "pt-PT")
		source, target, err := e.languages.Codes(ctx, r.Pair, preferred, preferred)
		if err != nil {
			return httpengine.Batch{}, err
		}
		a, data, err := e.ask(ctx, httpengine.Call{Path: "/translate", Costs: true, Said: httpengine.Said(r), Body: request{
			Source: source, Target: target, Q: texts, Format: "text/html", Hints: e.config.Memories,
			Context: e.config.ContextVector, Project: e.config.Project, Timeout: e.timeout,
		}})
		if err != nil {
			return httpengine.Batch{}, err
		}
		var list []translation
		if !httpengine.Read(data, &list) {
			var one translation // a single text may come without a list
			if !httpengine.Read(data, &one) {
				return httpengine.Batch{}, e.client.Garbled(a, "the answer isn't ModernMT's")
			}
			list = []translation{one}
		}
		var b httpengine.Batch
		for _, t := range list {
			b.Texts = append(b.Texts, t.Text)
			b.Billed += t.Billed
		}
		return b, nil
	})
}

// read tells what ModernMT means. It publishes no list of its types, so their words are looked at.
func read(a httpengine.Answer) httpengine.Fault {
	f := httpengine.Plain(a)
	var body envelope
	if httpengine.Read(a.Body, &body) {
		f.Code, f.Message = body.Error.Type, body.Error.Message
	}
	said := strings.ToLower(f.Code + " " + f.Message)
	switch {
	case a.Status < 400 || a.Status >= 500 || a.Status == http.StatusUnauthorized:
	case strings.Contains(said, "quota"), strings.Contains(said, "billing"), strings.Contains(said, "credit"), strings.Contains(said, "payment"):
		f.Trouble, f.Retry = engine.Quota, false
	case a.Status == http.StatusBadRequest && strings.Contains(said, "language"):
		f.Trouble = engine.Unsupported
	case a.Status == http.StatusBadRequest && (strings.Contains(said, "too long") || strings.Contains(said, "too large") || strings.Contains(said, "limit")):
		f.Trouble = engine.TooLong
	}
	return f
}
