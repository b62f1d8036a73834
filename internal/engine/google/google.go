// Package google speaks to Google's Cloud Translation, version 3, with the key of a service account.
package google

import (
	"cmp"
	"context"
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
const Name = "google"

const standard = "https://translation.googleapis.com"

var limits = engine.Limits{Texts: 1024, Characters: 29_999}

// own are codes that name a country where a script is meant, or none where Brazil is.
var own = map[string]lang.Tag{"zh-CN": "zh-Hans", "zh-TW": "zh-Hant", "pt": "pt-BR"}

// Config is what an operator sets. In JSON its entries are called as in the complaints of Validate.
type Config struct {
	Endpoint string `json:"endpoint,omitempty"` // "" is Google's for all the world
	// Key is the file of a service account, as Google hands it out: JSON.
	Key      httpengine.Secret `json:"key,omitzero"`
	Project  string            `json:"project,omitempty"`  // "" is the account's
	Location string            `json:"location,omitempty"` // "" is "global"
	Model    string            `json:"model,omitempty"`    // as in models/M; "" is Google's choice
	// Glossary is a resource that stands in the same location, which can't be "global"; it is used from
	// and to these languages alone.
	Glossary     string   `json:"glossary,omitempty"`
	GlossaryFrom lang.Tag `json:"glossary_from,omitempty"`
	GlossaryTo   lang.Tag `json:"glossary_to,omitempty"`
	// TokenURL is where the account's token is had; "" is what the key says.
	TokenURL string `json:"token_url,omitempty"`
	// Varieties are those to take where a paper's language names none.
	Varieties httpengine.Tags `json:"varieties,omitempty"`
	Pace      httpengine.Pace `json:"-"`
	Clock     clock.Clock     `json:"-"`
}

// Validate refuses what can't work, entry by entry.
func (c Config) Validate() error {
	var f problem.Fields
	httpengine.Keyed(&f, c.Endpoint, c.Key)
	a, err := readAccount(c.Key)
	if !c.Key.IsZero() && err != nil {
		f.Add("key", "problem.value", "")
	}
	if c.TokenURL != "" {
		httpengine.Endpoint(&f, "token_url", c.TokenURL, false)
	}
	if err == nil {
		httpengine.Required(&f, "project", cmp.Or(c.Project, a.Project))
	}
	segment(&f, "project", c.Project)
	segment(&f, "location", c.Location)
	segment(&f, "model", c.Model)
	segment(&f, "glossary", c.Glossary)
	if c.Glossary != "" {
		if cmp.Or(c.Location, global) == global {
			f.Add("location", "problem.value", c.Location)
		}
		httpengine.Varieties(&f, "glossary_from", []lang.Tag{c.GlossaryFrom})
		httpengine.Varieties(&f, "glossary_to", []lang.Tag{c.GlossaryTo})
	}
	httpengine.Varieties(&f, "varieties", c.Varieties)
	return f.Err()
}

// segment complains about what can't be one part of a resource's name; a model may have two.
func segment(f *problem.Fields, name, value string) {
	if strings.Contains(value, "..") || strings.Contains(value, "/") && name != "model" {
		f.Add(name, "problem.value", value)
		return
	}
	httpengine.Word(f, name, value)
}

const global = "global"

// Engine is Cloud Translation with an account.
type Engine struct {
	info      engine.Info
	config    Config
	parent    string // "projects/P/locations/L"
	client    *httpengine.Client
	tokens    *tokens
	languages *httpengine.Spoken
	clock     clock.Clock
}

// New returns an engine of that name; a nil client is a sound one. A key that isn't an account's fails
// when it is used.
func New(name string, c Config, client *http.Client) *Engine {
	account, err := readAccount(c.Key)
	e := &Engine{
		info:   engine.Info{Name: name, Kind: Name, HTML: true, Leaves: true, Billed: true, Terms: false, Limits: limits},
		config: c,
		parent: "projects/" + cmp.Or(c.Project, account.Project) + "/locations/" + cmp.Or(c.Location, global),
		clock:  c.Clock,
	}
	if e.clock == nil {
		e.clock = clock.System
	}
	secrets := []httpengine.Secret{c.Key, httpengine.NewSecret(account.PrivateKey), httpengine.NewSecret(account.KeyID)}
	e.client = httpengine.New(httpengine.Options{
		Name: name, Billed: true, Base: cmp.Or(c.Endpoint, standard), HTTP: client, Pace: c.Pace, Secrets: secrets,
		Read: e.read, Clock: c.Clock,
	})
	e.languages = e.client.Spoken(6*time.Hour, e.askLanguages)
	e.tokens = newTokens(e.client, account, err, cmp.Or(c.TokenURL, account.TokenURI), client, e.clock)
	return e
}

// Info says what the service is.
func (e *Engine) Info() engine.Info { return e.info }

// Pairs asks Google what it translates, a few times a day.
func (e *Engine) Pairs(ctx context.Context) ([]engine.Pair, error) { return e.languages.Pairs(ctx) }

func (e *Engine) askLanguages(ctx context.Context) (httpengine.Languages, error) {
	a, err := e.ask(ctx, httpengine.Call{Path: "/v3/" + e.parent + "/supportedLanguages"})
	if err != nil {
		return httpengine.Languages{}, err
	}
	var out struct {
		Languages []struct {
			Code   string `json:"languageCode"`
			Source bool   `json:"supportSource"`
			Target bool   `json:"supportTarget"`
		} `json:"languages"`
	}
	if !httpengine.Read(a.Body, &out) || len(out.Languages) == 0 {
		return httpengine.Languages{}, e.client.Unreadable(a, "the list of languages isn't one")
	}
	var sources, targets []string
	for _, l := range out.Languages {
		if l.Source {
			sources = append(sources, l.Code)
		}
		if l.Target {
			targets = append(targets, l.Code)
		}
	}
	return httpengine.Languages{Sources: httpengine.Codes(sources, own), Targets: httpengine.Codes(targets, own)}, nil
}

// ask puts the token to the call. One that has become worth nothing is had anew, once.
func (e *Engine) ask(ctx context.Context, call httpengine.Call) (httpengine.Answer, error) {
	for first := true; ; first = false {
		token, err := e.tokens.token(ctx)
		if err != nil {
			return httpengine.Answer{}, err
		}
		call.Header = http.Header{"Authorization": {"Bearer " + token}}
		a, err := e.client.Ask(ctx, call)
		if !first || !unauthorised(err) {
			return a, err
		}
		e.tokens.forget(token)
	}
}

type request struct {
	Contents []string  `json:"contents"`
	MIME     string    `json:"mimeType"`
	Source   string    `json:"sourceLanguageCode"`
	Target   string    `json:"targetLanguageCode"`
	Model    string    `json:"model,omitempty"`
	Glossary *glossary `json:"glossaryConfig,omitempty"`
}

type glossary struct {
	Name       string `json:"glossary"`
	IgnoreCase bool   `json:"ignoreCase"`
}

type response struct {
	Translations []translation `json:"translations"`
	ByGlossary   []translation `json:"glossaryTranslations"`
}

type translation struct {
	Text  *string `json:"translatedText"`
	Model string  `json:"model"`
}

// Translate asks Google. Of two translations the one that the glossary went into is taken.
func (e *Engine) Translate(ctx context.Context, r engine.Request) (engine.Result, error) {
	return e.client.Translate(e.info, r, func(texts []string) (httpengine.Batch, error) {
		from := e.config.Varieties
		source, target, err := e.languages.Codes(ctx, r.Pair, from, append(slices.Clone(from), "pt-PT"))
		if err != nil {
			return httpengine.Batch{}, err
		}
		q := request{Contents: texts, MIME: "text/html", Source: source, Target: target}
		if e.config.Model != "" {
			q.Model = e.parent + "/models/" + e.config.Model
		}
		if e.config.Glossary != "" && (engine.Pair{From: e.config.GlossaryFrom, To: e.config.GlossaryTo}) == r.Pair {
			q.Glossary = &glossary{Name: e.parent + "/glossaries/" + e.config.Glossary, IgnoreCase: true}
		}
		a, err := e.ask(ctx, httpengine.Call{Path: "/v3/" + e.parent + ":translateText", Body: q, Costs: true, Said: httpengine.Said(r)})
		if err != nil {
			return httpengine.Batch{}, err
		}
		var out response
		if !httpengine.Read(a.Body, &out) {
			return httpengine.Batch{}, e.client.Garbled(a, "the answer isn't Google's")
		}
		if q.Glossary != nil && len(out.ByGlossary) > 0 {
			out.Translations = out.ByGlossary
		}
		return e.batch(out.Translations), nil
	})
}

func (e *Engine) batch(list []translation) httpengine.Batch {
	b := httpengine.Batch{Model: e.config.Model}
	for i, t := range list {
		if t.Text == nil {
			b.Failed = append(b.Failed, i)
			b.Texts = append(b.Texts, "")
			continue
		}
		b.Texts = append(b.Texts, *t.Text)
		if at := strings.LastIndex(t.Model, "/models/"); at >= 0 {
			b.Model = t.Model[at+len("/models/"):]
		}
	}
	return b
}
