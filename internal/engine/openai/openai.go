// Package openai speaks to language models behind OpenAI's chat interface: Ollama, llama.cpp, vLLM,
// and those one pays for. A model is asked for JSON of a shape, and believed in nothing: what is
// missing, cut or out of place has failed, text by text.
package openai

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"depesche/internal/clock"
	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
	"depesche/internal/problem"
)

// Name is what the family is called.
const Name = "openai"

// Config is what an operator sets. In JSON its entries are called as in the complaints of Validate.
type Config struct {
	// Endpoint is the address under which chat/completions lies: http://localhost:11434/v1.
	Endpoint string            `json:"endpoint,omitempty"`
	Key      httpengine.Secret `json:"key,omitzero"` // "" where the server asks for none
	Model    string            `json:"model,omitempty"`
	// Languages are those that the model is trusted with; a server can't tell.
	Languages httpengine.Tags `json:"languages,omitempty"`
	// Characters of all texts of a request, 4,000 if 0. What a model loses for want of room it loses
	// without a word, so this should be small where the model's window is.
	Characters int `json:"characters,omitempty"`
	// Context is how many characters of the story go along, 4,000 if 0, none if below.
	Context int `json:"context,omitempty"`
	// Formality is "", "more" or "less".
	Formality string `json:"formality,omitempty"`
	// Instructions are the house's own, for every request.
	Instructions string `json:"instructions,omitempty"`
	// InHouse says that the server is the paper's own, wherever it stands.
	InHouse bool            `json:"in_house,omitempty"`
	Pace    httpengine.Pace `json:"-"`
	Clock   clock.Clock     `json:"-"`
}

// longest bounds the house's own instructions.
const longest = 4000

// Validate refuses what can't work, entry by entry.
func (c Config) Validate() error {
	var f problem.Fields
	httpengine.Endpoint(&f, "endpoint", c.Endpoint, c.InHouse || c.Key.IsZero())
	httpengine.Required(&f, "model", c.Model)
	httpengine.Varieties(&f, "languages", c.Languages)
	if len(c.Languages) < 2 && !f.Has("languages") {
		f.Add("languages", "problem.required", "")
	}
	httpengine.AtLeast(&f, "characters", c.Characters, 0)
	httpengine.Choice(&f, "formality", c.Formality, "", "more", "less")
	if len([]rune(c.Instructions)) > longest {
		f.Add("instructions", "problem.too_long", "", "n", longest)
	}
	return f.Err()
}

// Engine is a model on a server.
type Engine struct {
	info      engine.Info
	config    Config
	client    *httpengine.Client
	models    *httpengine.Remembered[bool] // that the model is there
	languages httpengine.Languages
	quirks    quirks
}

// New returns an engine of that name; a nil client is a sound one. Unless the pace says otherwise a
// try may take five minutes: a model in the house thinks slowly.
func New(name string, c Config, client *http.Client) *Engine {
	c.Characters, c.Context = cmp.Or(c.Characters, 4000), cmp.Or(c.Context, 4000)
	c.Pace.Timeout, c.Pace.Total = cmp.Or(c.Pace.Timeout, 5*time.Minute), cmp.Or(c.Pace.Total, 10*time.Minute)
	var codes []httpengine.Code
	for _, l := range c.Languages {
		codes = append(codes, httpengine.Code{Code: string(l), Tag: l})
	}
	house := c.InHouse || httpengine.InHouse(c.Endpoint)
	billed := !c.Key.IsZero() && !house
	return &Engine{
		info: engine.Info{
			Name: name, Kind: Name, HTML: true, Leaves: !house, Billed: billed, Context: c.Context > 0, Terms: true,
			Limits: engine.Limits{Texts: 40, Characters: c.Characters},
		},
		config: c,
		client: httpengine.New(httpengine.Options{
			Name: name, Billed: billed, Base: c.Endpoint, HTTP: client, Pace: c.Pace, Secrets: []httpengine.Secret{c.Key},
			Read: read, Trace: "X-Request-Id", Clock: c.Clock,
		}),
		models:    httpengine.Remember[bool](c.Clock, time.Hour),
		languages: httpengine.Each(codes),
	}
}

// Info says what the model is.
func (e *Engine) Info() engine.Info { return e.info }

// Pairs are those of the languages that were set, if the server has the model: once an hour it is
// asked. One that has no list is believed.
func (e *Engine) Pairs(ctx context.Context) ([]engine.Pair, error) {
	_, err := e.models.Value(ctx, func(ctx context.Context) (bool, error) { return true, e.there(ctx) })
	if err != nil {
		return nil, e.client.Wrap(err)
	}
	return e.languages.Pairs(), nil
}

func (e *Engine) there(ctx context.Context) error {
	a, err := e.client.Ask(ctx, httpengine.Call{Path: "/models", Header: e.header()})
	var refused *httpengine.Refusal
	if errors.As(err, &refused) && (refused.Status == http.StatusNotFound || refused.Status == http.StatusMethodNotAllowed) {
		return nil
	}
	if err != nil {
		return err
	}
	var list struct {
		Data []struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if !httpengine.Read(a.Body, &list) || len(list.Data) == 0 {
		return nil
	}
	for _, m := range list.Data {
		if m.ID == e.config.Model || strings.TrimSuffix(m.ID, ":latest") == e.config.Model {
			return nil
		}
	}
	// llama.cpp calls its one model as its file is called, and takes any name.
	if len(list.Data) == 1 {
		return nil
	}
	return e.client.Fail(engine.Refused, fmt.Errorf("the server has no model %q", e.config.Model))
}

func (e *Engine) header() http.Header {
	if e.config.Key.IsZero() {
		return http.Header{}
	}
	return http.Header{"Authorization": {"Bearer " + e.config.Key.Reveal()}}
}

// Translate asks the model. In the house it is asked once more for the texts in which it forgot a
// term, reminded of it: there that costs nothing but time.
func (e *Engine) Translate(ctx context.Context, r engine.Request) (engine.Result, error) {
	if !e.supports(r.Pair) {
		return engine.Result{}, e.client.Unsupported(r.Pair)
	}
	return e.client.Translate(e.info, r, func(texts []string) (httpengine.Batch, error) {
		b, err := e.ask(ctx, r, texts, false)
		if err != nil || e.info.Billed {
			return b, err
		}
		again := disobedient(texts, b, r.Terms)
		if len(again) == 0 {
			return b, nil
		}
		var some []string
		for _, i := range again {
			some = append(some, texts[i])
		}
		second, err := e.ask(ctx, r, some, true)
		if err != nil {
			return b, ctx.Err() // the first answer is one
		}
		for j, i := range again {
			if !slices.Contains(second.Failed, j) && len(disobedient(some[j:j+1], httpengine.Batch{Texts: second.Texts[j : j+1]}, r.Terms)) == 0 {
				b.Texts[i] = second.Texts[j]
			}
		}
		return b, nil
	})
}

func (e *Engine) supports(p engine.Pair) bool {
	_, _, ok := e.languages.Codes(p, nil, nil)
	return ok && p.From.Base() != p.To.Base()
}

type completion struct {
	Model   string `json:"model"`
	Choices []struct {
		Message struct {
			Content string `json:"content"`
			Refusal string `json:"refusal"`
		} `json:"message"`
		Finish string `json:"finish_reason"`
	} `json:"choices"`
}

// ask asks for the texts in one request and reads the answer text by text.
func (e *Engine) ask(ctx context.Context, r engine.Request, texts []string, remind bool) (httpengine.Batch, error) {
	masked := make([]httpengine.Masked, len(texts))
	for i, t := range texts {
		masked[i] = httpengine.Mask(t)
	}
	a, err := e.complete(ctx, e.messages(r, masked, remind), httpengine.Characters(texts), httpengine.Said(r))
	if err != nil {
		return httpengine.Batch{}, err
	}
	var out completion
	if !httpengine.Read(a.Body, &out) || len(out.Choices) == 0 {
		return httpengine.Batch{}, e.client.Garbled(a, "the answer isn't a completion")
	}
	first := out.Choices[0]
	switch {
	case first.Finish == "length":
		return httpengine.Batch{}, e.sent(engine.TooLong, "the model ran out of room for its answer")
	case first.Finish == "content_filter", first.Message.Content == "" && first.Message.Refusal != "":
		return httpengine.Batch{}, e.sent(engine.Refused, "the model refused the text")
	}
	said, ok := parse(first.Message.Content, len(texts))
	if !ok {
		return httpengine.Batch{}, e.client.Garbled(a, "the model didn't answer with the translations that it was asked for")
	}
	b := httpengine.Batch{Texts: make([]string, len(texts)), Model: out.Model, Billed: e.sentCharacters(r, texts)}
	for i, m := range masked {
		if s, ok := said[i]; ok && whole(r.Pair, m.Text(), s) {
			b.Texts[i] = m.Unmask(s, lostEscapes(s))
			continue
		}
		b.Failed = append(b.Failed, i)
	}
	return b, nil
}

// sentCharacters are those one pays for here: the context is read as well.
func (e *Engine) sentCharacters(r engine.Request, texts []string) int64 {
	return int64(httpengine.Characters(texts) + httpengine.Characters([]string{e.context(r.Context)}))
}

func (e *Engine) sent(trouble engine.Trouble, why string) error {
	f := e.client.Fail(trouble, errors.New(why))
	f.Sent = true
	return f
}

// read tells what servers mean; they agree on little but the place of the message.
func read(a httpengine.Answer) httpengine.Fault {
	f := httpengine.Plain(a)
	f.Message, f.Code, _ = message(a.Body)
	said := strings.ToLower(f.Message)
	switch {
	case f.Code == "insufficient_quota", f.Code == "billing_hard_limit_reached":
		f.Trouble, f.Retry = engine.Quota, false
	case f.Code == "exceed_context_size_error", f.Code == "context_length_exceeded",
		a.Status == http.StatusBadRequest && (strings.Contains(said, "context length") || strings.Contains(said, "context size")):
		f.Trouble = engine.TooLong
	case f.Code == "content_filter", f.Code == "content_policy_violation":
		f.Trouble = engine.Refused
	case a.Status >= 500 && a.Status != http.StatusServiceUnavailable:
		f.Retry = false
	}
	return f
}

// message reads the error of any of the servers: OpenAI's and llama.cpp's is an object, Ollama's a
// string, vLLM's is the whole body. Where there is no code, the type stands for it.
func message(body []byte) (text, code, param string) {
	var object struct {
		Error struct {
			Message string `json:"message"`
			Type    string `json:"type"`
			Code    any    `json:"code"`
			Param   string `json:"param"`
		} `json:"error"`
	}
	if httpengine.Read(body, &object) && object.Error.Message+object.Error.Type != "" {
		code, _ = object.Error.Code.(string)
		if code == "" {
			code = object.Error.Type
		}
		return object.Error.Message, code, object.Error.Param
	}
	var plain struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}
	if httpengine.Read(body, &plain) {
		return plain.Error + plain.Message, "", ""
	}
	return "", "", ""
}
