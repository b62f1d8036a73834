// Package libretranslate speaks to LibreTranslate, mostly on a machine of the house. Its server takes
// every escape out of the finished HTML, so that a text about <script> would come back as a script:
// what is sent has tags that stand in no text, and nothing else in the answer is a tag.
package libretranslate

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"depesche/internal/clock"
	"depesche/internal/engine"
	"depesche/internal/engine/httpengine"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// Name is what the family is called.
const Name = "libretranslate"

// own are codes that LibreTranslate made up.
var own = map[string]lang.Tag{"zt": "zh-Hant", "pb": "pt-BR"}

// Config is what an operator sets. In JSON its entries are called as in the complaints of Validate.
type Config struct {
	Endpoint string            `json:"endpoint,omitempty"`
	Key      httpengine.Secret `json:"key,omitzero"` // "" where the server asks for none
	// Texts and Characters are the server's BATCH_LIMIT and CHAR_LIMIT, 0 if not known: the second is
	// asked for, the first shows.
	Texts      int `json:"texts,omitempty"`
	Characters int `json:"characters,omitempty"`
	// InHouse says that the server is the paper's own, wherever it stands.
	InHouse bool            `json:"in_house,omitempty"`
	Pace    httpengine.Pace `json:"-"`
	Clock   clock.Clock     `json:"-"`
}

// Validate refuses what can't work, entry by entry.
func (c Config) Validate() error {
	var f problem.Fields
	httpengine.Endpoint(&f, "endpoint", c.Endpoint, true)
	httpengine.AtLeast(&f, "texts", c.Texts, 0)
	httpengine.AtLeast(&f, "characters", c.Characters, 0)
	return f.Err()
}

// Engine is a LibreTranslate server.
type Engine struct {
	info       engine.Info
	config     Config
	client     *httpengine.Client
	languages  *httpengine.Spoken
	texts      atomic.Int64 // a limit that showed
	characters atomic.Int64 // a limit that the server told
}

// New returns an engine of that name; a nil client is a sound one.
func New(name string, c Config, client *http.Client) *Engine {
	house := c.InHouse || httpengine.InHouse(c.Endpoint)
	billed := !c.Key.IsZero() && !house
	e := &Engine{
		info:   engine.Info{Name: name, Kind: Name, HTML: true, Leaves: !house, Billed: billed},
		config: c,
		client: httpengine.New(httpengine.Options{
			Name: name, Billed: billed, Base: c.Endpoint, HTTP: client, Pace: c.Pace, Secrets: []httpengine.Secret{c.Key},
			Read: read, Clock: c.Clock,
		}),
	}
	e.languages = e.client.Spoken(time.Hour, e.askLanguages)
	e.texts.Store(int64(c.Texts))
	e.characters.Store(int64(c.Characters))
	return e
}

// Info says what the server is, with the limits as far as they are known by now.
func (e *Engine) Info() engine.Info {
	out := e.info
	out.Limits = engine.Limits{Texts: int(e.texts.Load()), Characters: int(e.characters.Load())}
	return out
}

// Pairs asks the server for its languages, and for the characters it takes, once an hour.
func (e *Engine) Pairs(ctx context.Context) ([]engine.Pair, error) { return e.languages.Pairs(ctx) }

func (e *Engine) askLanguages(ctx context.Context) (httpengine.Languages, error) {
	a, err := e.client.Ask(ctx, httpengine.Call{Path: "/languages", Header: english})
	if err != nil {
		return httpengine.Languages{}, err
	}
	var list []struct {
		Code    string   `json:"code"`
		Targets []string `json:"targets"`
	}
	if !httpengine.Read(a.Body, &list) || len(list) == 0 {
		return httpengine.Languages{}, e.client.Unreadable(a, "the list of languages isn't one")
	}
	var codes []string
	targets := map[string][]string{} // none stands for all
	for _, l := range list {
		codes = append(codes, l.Code)
		targets[l.Code] = append(targets[l.Code], l.Targets...)
	}
	e.askLimit(ctx)
	out := httpengine.Each(httpengine.Codes(codes, own))
	out.Linked = func(source, target string) bool {
		return len(targets[source]) == 0 || slices.Contains(targets[source], target)
	}
	return out, nil
}

// askLimit is for the server's own word on its limit; an older one, or one whose front is closed, has
// none, and then it shows when it is passed.
func (e *Engine) askLimit(ctx context.Context) {
	if e.config.Characters > 0 {
		return
	}
	a, err := e.client.Ask(ctx, httpengine.Call{Path: "/frontend/settings", Once: true, Header: english})
	var s struct {
		Characters int64 `json:"charLimit"`
	}
	if err == nil && httpengine.Read(a.Body, &s) {
		e.characters.Store(max(s.Characters, 0)) // -1 is none
	}
}

// english keeps the server's messages in the language that read knows.
var english = http.Header{"Accept-Language": {"en"}}

type request struct {
	Q      []string `json:"q"`
	Source string   `json:"source"`
	Target string   `json:"target"`
	Format string   `json:"format"`
	Key    string   `json:"api_key,omitempty"`
}

// Translate asks the server, in as many requests as its limits make necessary.
func (e *Engine) Translate(ctx context.Context, r engine.Request) (engine.Result, error) {
	source, target, err := e.languages.Codes(ctx, r.Pair, nil, nil) // first, since it tells the limits
	if err != nil {
		return engine.Result{}, err
	}
	info := e.Info()
	info.Limits = engine.Limits{} // of what is sent, which isn't what we are given
	return e.client.Translate(info, r, func(texts []string) (httpengine.Batch, error) {
		masked := make([]httpengine.Masked, len(texts))
		for i, t := range texts {
			masked[i] = httpengine.Mask(t)
		}
		q := request{Source: source, Target: target, Format: "html", Key: e.config.Key.Reveal()}
		b, err := e.split(ctx, q, masked, httpengine.Said(r))
		if err != nil {
			return b, err
		}
		if len(b.Failed) == len(texts) {
			f := e.client.Fail(engine.Garbled, errors.New("no translation is in proportion to its source: the server may take our key for a robot's"))
			f.Sent = true
			return b, f
		}
		return b, nil
	})
}

// split asks for as many texts as go into one request, and for the rest after that.
func (e *Engine) split(ctx context.Context, q request, texts []httpengine.Masked, said []string) (httpengine.Batch, error) {
	n := e.fitting(texts)
	q.Q = nil
	for _, m := range texts[:n] {
		q.Q = append(q.Q, m.HTML)
	}
	b, err := e.ask(ctx, q, texts[:n], said)
	var f *engine.Error
	if errors.As(err, &f) && f.Trouble == engine.TooLong && n > 1 {
		e.texts.Store(int64((n + 1) / 2)) // a limit that nobody told us
		return e.split(ctx, q, texts, said)
	}
	if err != nil || n == len(texts) {
		return b, err
	}
	rest, err := e.split(ctx, q, texts[n:], said)
	if err != nil {
		return b, err
	}
	b.Texts = append(b.Texts, rest.Texts...)
	for _, i := range rest.Failed {
		b.Failed = append(b.Failed, i+n)
	}
	return b, nil
}

// fitting is how many of the texts go into a request; one always does.
func (e *Engine) fitting(texts []httpengine.Masked) int {
	most, room := int(e.texts.Load()), int(e.characters.Load())
	sum := 0
	for i, m := range texts {
		sum += httpengine.Characters([]string{m.HTML})
		if i > 0 && (most > 0 && i >= most || room > 0 && sum > room) {
			return i
		}
	}
	return len(texts)
}

func (e *Engine) ask(ctx context.Context, q request, texts []httpengine.Masked, said []string) (httpengine.Batch, error) {
	a, err := e.client.Ask(ctx, httpengine.Call{Path: "/translate", Header: english, Body: q, Costs: true, Said: said})
	if err != nil {
		return httpengine.Batch{}, err
	}
	var out struct {
		Texts []*string `json:"translatedText"`
	}
	if !httpengine.Read(a.Body, &out) || len(out.Texts) != len(texts) {
		return httpengine.Batch{}, e.client.Garbled(a, "the answer isn't LibreTranslate's, or not for all texts")
	}
	b := httpengine.Batch{Texts: make([]string, len(texts))}
	for i, t := range out.Texts {
		if t == nil || !inProportion(texts[i].Text(), *t) {
			b.Failed = append(b.Failed, i)
			continue
		}
		b.Texts[i] = texts[i].Unmask(*t, lostEscapes(texts[i].Text(), *t))
	}
	return b, nil
}

// entity is what is left of an escape that a server kept.
var entity = regexp.MustCompile(`&(amp|lt|gt|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});`)

// lostEscapes tells whether the server took the escapes out. One that is mended leaves them in, and
// then a text has some that its source hasn't.
func lostEscapes(source, answer string) bool {
	return !entity.MatchString(answer) || entity.MatchString(source)
}

// inProportion tells whether an answer can be the translation of source at all. A server that takes
// us for a robot answers with 200 and a picture.
func inProportion(source, answer string) bool {
	in, out := letters(source), letters(answer)
	if in == 0 {
		return true
	}
	return out > 0 && out*12 >= in
}

// letters counts those of a text; a Chinese one counts for four.
func letters(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
			n += 4
		case unicode.IsLetter(r), unicode.IsDigit(r):
			n++
		}
	}
	return n
}

// read tells what the server means. It has statuses, and sentences.
func read(a httpengine.Answer) httpengine.Fault {
	f := httpengine.Plain(a)
	var body struct {
		Error string `json:"error"`
	}
	if httpengine.Read(a.Body, &body) {
		f.Message = body.Error
	}
	switch a.Status {
	case http.StatusBadRequest:
		switch {
		case strings.Contains(f.Message, "to get an API key"):
			f.Trouble = engine.Key
		case strings.Contains(f.Message, "exceeds text limit"):
			f.Trouble = engine.TooLong
		case strings.Contains(f.Message, "is not supported"), strings.Contains(f.Message, "is not available as a target language"):
			f.Trouble = engine.Unsupported
		}
	case http.StatusForbidden:
		if strings.Contains(f.Message, "violations") { // banned, for how long it doesn't say
			f.Trouble = engine.Busy
		}
	case http.StatusInternalServerError:
		f.Retry = false // the same text breaks again
	}
	return f
}
