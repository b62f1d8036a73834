// Package deepl speaks to DeepL: HTML with its tags kept, the story as context, the house's terms as
// glossaries that are made once and used again.
package deepl

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"depesche/internal/clock"
	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
	"depesche/internal/problem"
)

// Name is what the family is called.
const Name = "deepl"

// DeepL's two addresses; which one a key belongs to shows at its end.
const (
	paid = "https://api.deepl.com"
	free = "https://api-free.deepl.com"
)

// Limits of a request. The characters are ours: so many fit into DeepL's bytes in any script, and
// leave room for context.
var limits = engine.Limits{Texts: 50, Characters: 25_000, Bytes: 128 << 10}

// Config is what an operator sets. In JSON its entries are called as in the complaints of Validate.
type Config struct {
	Endpoint string            `json:"endpoint,omitempty"` // "" is DeepL's own for that key
	Key      httpengine.Secret `json:"key,omitzero"`
	// Formality is "", "prefer_more" or "prefer_less"; DeepL's plain "more" fails with languages that
	// don't know it.
	Formality string `json:"formality,omitempty"`
	// Model is "", "quality_optimized", "prefer_quality_optimized" or "latency_optimized".
	Model string `json:"model,omitempty"`
	// Varieties are those to take where a paper's language names none: "en-US" or "pt-BR".
	Varieties httpengine.Tags `json:"varieties,omitempty"`
	Pace      httpengine.Pace `json:"-"`
	Clock     clock.Clock     `json:"-"`
}

// Validate refuses what can't work, entry by entry.
func (c Config) Validate() error {
	var f problem.Fields
	httpengine.Keyed(&f, c.Endpoint, c.Key)
	httpengine.Choice(&f, "formality", c.Formality, "", "prefer_more", "prefer_less")
	httpengine.Choice(&f, "model", c.Model, "", "quality_optimized", "prefer_quality_optimized", "latency_optimized")
	httpengine.Varieties(&f, "varieties", c.Varieties)
	return f.Err()
}

func (c Config) endpoint() string {
	switch {
	case c.Endpoint != "":
		return c.Endpoint
	case strings.HasSuffix(c.Key.Reveal(), ":fx"):
		return free
	}
	return paid
}

// Engine is DeepL with a key.
type Engine struct {
	info       engine.Info
	config     Config
	client     *httpengine.Client
	languages  *httpengine.Spoken
	glossaries glossaries
}

// New returns an engine of that name; a nil client is a sound one.
func New(name string, c Config, client *http.Client) *Engine {
	e := &Engine{
		info:   engine.Info{Name: name, Kind: Name, HTML: true, Leaves: true, Billed: true, Context: true, Terms: true, Limits: limits},
		config: c,
		client: httpengine.New(httpengine.Options{
			Name: name, Billed: true, Base: c.endpoint(), HTTP: client, Pace: c.Pace, Secrets: []httpengine.Secret{c.Key},
			Read: read, Trace: "X-Trace-ID", Clock: c.Clock,
		}),
		glossaries: newGlossaries(c.Clock),
	}
	e.languages = e.client.Spoken(6*time.Hour, e.askLanguages)
	return e
}

// Info says what DeepL is.
func (e *Engine) Info() engine.Info { return e.info }

// Pairs asks DeepL what it translates, a few times a day.
func (e *Engine) Pairs(ctx context.Context) ([]engine.Pair, error) { return e.languages.Pairs(ctx) }

func (e *Engine) askLanguages(ctx context.Context) (httpengine.Languages, error) {
	sources, err := e.codes(ctx, "source")
	if err != nil {
		return httpengine.Languages{}, err
	}
	targets, err := e.codes(ctx, "target")
	return httpengine.Languages{Sources: sources, Targets: targets}, err
}

func (e *Engine) codes(ctx context.Context, kind string) ([]httpengine.Code, error) {
	a, err := e.client.Ask(ctx, httpengine.Call{Path: "/v2/languages", Query: map[string][]string{"type": {kind}}, Header: e.header()})
	if err != nil {
		return nil, err
	}
	var list []struct {
		Language string `json:"language"`
	}
	if !httpengine.Read(a.Body, &list) || len(list) == 0 {
		return nil, e.client.Unreadable(a, "the list of languages isn't one")
	}
	var codes []string
	for _, l := range list {
		codes = append(codes, l.Language)
	}
	return httpengine.Codes(codes, nil), nil
}

func (e *Engine) header() http.Header {
	return http.Header{"Authorization": {"DeepL-Auth-Key " + e.config.Key.Reveal()}}
}

type request struct {
	Text        []string `json:"text"`
	Source      string   `json:"source_lang"`
	Target      string   `json:"target_lang"`
	Context     string   `json:"context,omitempty"`
	Formality   string   `json:"formality,omitempty"`
	Tags        string   `json:"tag_handling"`
	TagsVersion string   `json:"tag_handling_version"`
	Glossary    string   `json:"glossary_id,omitempty"`
	Model       string   `json:"model_type,omitempty"`
	ShowBilled  bool     `json:"show_billed_characters"`
}

type response struct {
	Translations []struct {
		Text   string `json:"text"`
		Billed int64  `json:"billed_characters"`
		Model  string `json:"model_type_used"`
	} `json:"translations"`
}

// Translate asks DeepL. What is too long of the context is left out; terms go along as a glossary if
// one can be had.
func (e *Engine) Translate(ctx context.Context, r engine.Request) (engine.Result, error) {
	return e.client.Translate(e.info, r, func(texts []string) (httpengine.Batch, error) {
		preferred := append(slices.Clone(e.config.Varieties), "en-GB", "pt-PT")
		source, target, err := e.languages.Codes(ctx, r.Pair, nil, preferred)
		if err != nil {
			return httpengine.Batch{}, err
		}
		q := request{
			Text: texts, Source: source, Target: target, Context: r.Context, Formality: e.config.Formality,
			Tags: "html", TagsVersion: "v2", Model: e.config.Model, ShowBilled: true,
		}
		said := httpengine.Said(r)
		if q.Glossary = e.glossary(ctx, source, target, r.Terms, said); q.Glossary != "" {
			b, err := e.ask(ctx, q, said)
			if !glossaryGone(err) {
				return b, err
			}
			e.glossaries.forget(q.Glossary)
			q.Glossary = e.glossary(ctx, source, target, r.Terms, said)
		}
		return e.ask(ctx, q, said)
	})
}

func (e *Engine) ask(ctx context.Context, q request, said []string) (httpengine.Batch, error) {
	body, err := e.fit(q)
	if err != nil {
		return httpengine.Batch{}, err
	}
	a, err := e.client.Ask(ctx, httpengine.Call{Path: "/v2/translate", Header: e.header(), Body: body, Costs: true, Said: said})
	if err != nil {
		return httpengine.Batch{}, err
	}
	var out response
	if !httpengine.Read(a.Body, &out) {
		return httpengine.Batch{}, e.client.Garbled(a, "the answer isn't DeepL's")
	}
	var b httpengine.Batch
	for _, t := range out.Translations {
		b.Texts = append(b.Texts, t.Text)
		b.Billed += t.Billed
		b.Model = t.Model
	}
	return b, nil
}

// fit encodes the request, with as much of the context as DeepL's limit leaves room for.
func (e *Engine) fit(q request) ([]byte, error) {
	for {
		body, err := httpengine.Encode(q)
		if err != nil {
			return nil, e.client.Fail(engine.Refused, err)
		}
		over := len(body) - limits.Bytes
		if over <= 0 {
			return body, nil
		}
		if q.Context == "" {
			return nil, e.client.Fits(e.info, body)
		}
		written, err := httpengine.Encode(q.Context)
		if err != nil {
			return nil, e.client.Fail(engine.Refused, err)
		}
		// Signs that are escaped take more room than they have bytes.
		q.Context = shorten(q.Context, over*len(q.Context)/len(written)+1)
	}
}

// shorten takes at least n bytes from the end of s, and no half character.
func shorten(s string, n int) string {
	end := max(len(s)-n, 0)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end]
}

// Usage is what DeepL has counted in this period, and how much it will; it costs nothing.
func (e *Engine) Usage(ctx context.Context) (used, limit int64, err error) {
	a, err := e.client.Ask(ctx, httpengine.Call{Path: "/v2/usage", Header: e.header()})
	if err != nil {
		return 0, 0, err
	}
	var u struct {
		Count *int64 `json:"character_count"`
		Limit int64  `json:"character_limit"`
	}
	if !httpengine.Read(a.Body, &u) || u.Count == nil {
		return 0, 0, e.client.Unreadable(a, "the usage isn't one")
	}
	return *u.Count, u.Limit, nil
}

// read tells what DeepL means by a status. A missing key is 401 or 403, as it likes; 456 is its own
// number for a quota that is gone.
func read(a httpengine.Answer) httpengine.Fault {
	f := httpengine.Plain(a)
	var body struct {
		Message string `json:"message"`
		Code    string `json:"code"`
	}
	if httpengine.Read(a.Body, &body) {
		f.Message, f.Code = body.Message, body.Code
	}
	switch a.Status {
	case 456:
		f.Trouble = engine.Quota
	case http.StatusBadRequest:
		if strings.Contains(f.Message, "_lang'") && strings.Contains(f.Message, "not supported") && !strings.Contains(f.Message, "formality") {
			f.Trouble = engine.Unsupported
		}
	case http.StatusNotFound:
		if strings.Contains(strings.ToLower(f.Message), "glossary") {
			f.Code = codeGlossary
		}
	}
	return f
}
