// Package azure speaks to Microsoft's Translator, version 3.0. Terms go along within the text, where
// Microsoft takes them: from or to English.
package azure

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/clock"
	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Name is what the family is called.
const Name = "azure"

const standard = "https://api.cognitive.microsofttranslator.com"

// most are the characters that Microsoft takes in a request; those declared leave room for terms.
const most = 50_000

var limits = engine.Limits{Texts: 1000, Characters: 45_000}

// own are codes that mean something narrower at Microsoft than elsewhere.
var own = map[string]lang.Tag{"pt": "pt-BR"}

// Config is what an operator sets. In JSON its entries are called as in the complaints of Validate.
type Config struct {
	Endpoint string            `json:"endpoint,omitempty"` // "" is Microsoft's for all the world
	Key      httpengine.Secret `json:"key,omitzero"`
	Region   string            `json:"region,omitempty"`   // of the resource, unless it is a global one
	Category string            `json:"category,omitempty"` // of a system of one's own
	// Varieties are those to take where a paper's language names none: "pt-BR".
	Varieties httpengine.Tags `json:"varieties,omitempty"`
	Pace      httpengine.Pace `json:"-"`
	Clock     clock.Clock     `json:"-"`
}

// Validate refuses what can't work, entry by entry.
func (c Config) Validate() error {
	var f problem.Fields
	httpengine.Keyed(&f, c.Endpoint, c.Key)
	httpengine.Word(&f, "region", c.Region)
	httpengine.Word(&f, "category", c.Category)
	httpengine.Varieties(&f, "varieties", c.Varieties)
	return f.Err()
}

// base is the address under which the methods lie. A resource with a host of its own has them deeper.
func (c Config) base() string {
	if c.Endpoint == "" {
		return standard
	}
	if strings.HasSuffix(httpengine.Host(c.Endpoint), ".cognitiveservices.azure.com") && !strings.Contains(c.Endpoint, "/translator/") {
		return strings.TrimRight(c.Endpoint, "/") + "/translator/text/v3.0"
	}
	return c.Endpoint
}

// Engine is Microsoft's Translator with a key.
type Engine struct {
	info      engine.Info
	config    Config
	client    *httpengine.Client
	languages *httpengine.Spoken
}

// New returns an engine of that name; a nil client is a sound one.
func New(name string, c Config, client *http.Client) *Engine {
	e := &Engine{
		info:   engine.Info{Name: name, Kind: Name, HTML: true, Leaves: true, Billed: true, Terms: true, Limits: limits},
		config: c,
		client: httpengine.New(httpengine.Options{
			Name: name, Billed: true, Base: c.base(), HTTP: client, Pace: c.Pace, Secrets: []httpengine.Secret{c.Key},
			Read: read, Trace: "X-RequestId", Clock: c.Clock,
		}),
	}
	e.languages = e.client.Spoken(6*time.Hour, e.askLanguages)
	return e
}

// Info says what the service is.
func (e *Engine) Info() engine.Info { return e.info }

// Pairs asks for the languages, a few times a day; each goes to each other.
func (e *Engine) Pairs(ctx context.Context) ([]engine.Pair, error) { return e.languages.Pairs(ctx) }

func (e *Engine) askLanguages(ctx context.Context) (httpengine.Languages, error) {
	// Without the key: the list is public, and a proxy in between needn't see it.
	a, err := e.client.Ask(ctx, httpengine.Call{Path: "/languages", Query: url.Values{"api-version": {"3.0"}, "scope": {"translation"}}})
	if err != nil {
		return httpengine.Languages{}, err
	}
	var out struct {
		Translation map[string]json.RawMessage `json:"translation"`
	}
	if !httpengine.Read(a.Body, &out) || len(out.Translation) == 0 {
		return httpengine.Languages{}, e.client.Unreadable(a, "the list of languages isn't one")
	}
	return httpengine.Each(httpengine.Codes(slices.Sorted(maps.Keys(out.Translation)), own)), nil
}

type text struct {
	Text string `json:"Text"`
}

type translated []struct {
	Translations []struct {
		Text string `json:"text"`
	} `json:"translations"`
}

// Translate asks for one language: Microsoft counts the characters once for each.
func (e *Engine) Translate(ctx context.Context, r engine.Request) (engine.Result, error) {
	return e.client.Translate(e.info, r, func(texts []string) (httpengine.Batch, error) {
		preferred := append(slices.Clone(e.config.Varieties), "pt-PT")
		from, to, err := e.languages.Codes(ctx, r.Pair, preferred, preferred)
		if err != nil {
			return httpengine.Batch{}, err
		}
		if r.Pair.From.Base() == "en" || r.Pair.To.Base() == "en" {
			texts = withTerms(texts, r.Terms, most)
		}
		return e.ask(ctx, from, to, texts, httpengine.Said(r))
	})
}

func (e *Engine) ask(ctx context.Context, from, to string, texts, said []string) (httpengine.Batch, error) {
	query := url.Values{"api-version": {"3.0"}, "from": {from}, "to": {to}, "textType": {"html"}}
	if e.config.Category != "" {
		query.Set("category", e.config.Category)
	}
	header := http.Header{"Ocp-Apim-Subscription-Key": {e.config.Key.Reveal()}}
	if e.config.Region != "" {
		header.Set("Ocp-Apim-Subscription-Region", e.config.Region)
	}
	body := make([]text, len(texts))
	for i, t := range texts {
		body[i].Text = t
	}
	a, err := e.client.Ask(ctx, httpengine.Call{Path: "/translate", Query: query, Header: header, Body: body, Costs: true, Said: said})
	if err != nil {
		return httpengine.Batch{}, err
	}
	var out translated
	if !httpengine.Read(a.Body, &out) {
		return httpengine.Batch{}, e.client.Garbled(a, "the answer isn't Microsoft's")
	}
	b := httpengine.Batch{Model: e.config.Category}
	for i, one := range out {
		t := ""
		if len(one.Translations) == 1 {
			t = withoutTerms(one.Translations[0].Text)
		} else {
			b.Failed = append(b.Failed, i)
		}
		b.Texts = append(b.Texts, t)
	}
	b.Billed, _ = strconv.ParseInt(a.Header.Get("X-Metered-Usage"), 10, 64)
	return b, nil
}

// read tells what Microsoft means: the status and three figures more.
func read(a httpengine.Answer) httpengine.Fault {
	f := httpengine.Plain(a)
	var body struct {
		Error struct {
			Code    json.RawMessage `json:"code"`
			Message string          `json:"message"`
		} `json:"error"`
	}
	if httpengine.Read(a.Body, &body) {
		f.Code, f.Message = strings.Trim(string(body.Error.Code), `"`), body.Error.Message
	}
	switch f.Code {
	case "403001": // the free quota is gone
		f.Trouble = engine.Quota
	case "408001": // a system of one's own is being prepared
		f.Trouble, f.After = engine.Busy, 3*time.Minute
	case "408002":
		f.Trouble, f.Retry = engine.Busy, true
	case "400003", "400019", "400023", "400035", "400036", "400075":
		f.Trouble = engine.Unsupported
	case "400050", "400072", "400077":
		f.Trouble = engine.TooLong
	}
	return f
}
