package deepl

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"depesche/internal/clock"
	"depesche/internal/engine"
	"depesche/internal/engine/enginetest"
	"depesche/internal/engine/httpengine"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ukDe = engine.Pair{From: "uk", To: "de"}

func start(t *testing.T, change ...func(*Config)) (*Engine, *enginetest.DeepL) {
	t.Helper()
	fake := enginetest.StartDeepL(t)
	c := Config{Endpoint: fake.URL, Key: httpengine.NewSecret(enginetest.Key), Pace: httpengine.Pace{First: time.Microsecond}}
	for _, f := range change {
		f(&c)
	}
	return New("mydeepl", c, fake.Client()), fake
}

func TestTranslate(t *testing.T) {
	e, fake := start(t, func(c *Config) { c.Formality, c.Model = "prefer_more", "prefer_quality_optimized" })
	got, err := e.Translate(t.Context(), engine.Request{
		Pair: ukDe, Texts: []string{"Новий <b>закон</b> &amp; право", "Так"}, Context: "Уся стаття.",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := engine.Result{Texts: []string{"нОВИЙ <b>ЗАКОН</b> &amp; ПРАВО", "тАК"}, Model: "quality_optimized", Billed: 33}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var q map[string]any
	fake.Translations()[0].JSON(t, &q)
	if diff := cmp.Diff(map[string]any{
		"text": []any{"Новий <b>закон</b> &amp; право", "Так"}, "source_lang": "UK", "target_lang": "DE", "context": "Уся стаття.",
		"formality": "prefer_more", "tag_handling": "html", "tag_handling_version": "v2", "model_type": "prefer_quality_optimized", "show_billed_characters": true,
	}, q); diff != "" {
		t.Error(diff)
	}
}

func TestEndpointFollowsTheKey(t *testing.T) {
	for key, want := range map[string]string{"abc:fx": free, "abc": paid} {
		if got := (Config{Key: httpengine.NewSecret(key)}).endpoint(); got != want {
			t.Errorf("%s goes to %s", key, got)
		}
	}
}

func TestLanguages(t *testing.T) {
	e, fake := start(t, func(c *Config) { c.Varieties = []lang.Tag{"en-US"} })
	for to, want := range map[lang.Tag]string{"en": "EN-US", "en-GB": "EN-GB", "pt": "PT-PT", "pt-BR": "PT-BR", "zh": "ZH-HANS", "zh-TW": "ZH-HANT", "de-AT": "DE"} {
		if _, err := e.Translate(t.Context(), engine.Request{Pair: engine.Pair{From: "uk", To: to}, Texts: []string{"Так"}}); err != nil {
			t.Fatal(err)
		}
		var q request
		fake.Last().JSON(t, &q)
		if q.Target != want || q.Source != "UK" {
			t.Errorf("uk-%s is asked as %s-%s, want %s", to, q.Source, q.Target, want)
		}
	}
	_, err := e.Translate(t.Context(), engine.Request{Pair: engine.Pair{From: "uk", To: "be"}, Texts: []string{"Так"}})
	if f := enginetest.Fault(t, err); f.Trouble != engine.Unsupported || f.Sent {
		t.Errorf("%+v", f)
	}
	pairs, err := e.Pairs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"uk-de", "uk-en", "uk-en-GB", "en-uk", "pt-zh-Hant"} {
		if !slices.ContainsFunc(pairs, func(p engine.Pair) bool { return p.String() == want }) {
			t.Errorf("%s isn't among the pairs", want)
		}
	}
	asked := 0
	for _, a := range fake.Asked() {
		if a.Path == "/v2/languages" {
			asked++
		}
	}
	if asked != 2 {
		t.Errorf("DeepL was asked for its languages %d times, want once for sources and once for targets", asked)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []enginetest.Case{
		{Name: "quota gone", Play: enginetest.Play{Status: 456, Body: `{"message":"Quota exceeded"}`}, Want: engine.Error{Trouble: engine.Quota}, Tries: 1},
		{Name: "too many, with an empty body", Play: enginetest.Play{Status: 429}, Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "busy", Play: enginetest.Play{Status: 529, Body: `{"message":"Too many requests"}`}, Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "fault of theirs", Play: enginetest.Play{Status: 500}, Want: engine.Error{Trouble: engine.Busy, Sent: true}, Tries: 5},
		{Name: "gateway", Play: enginetest.Play{Status: 504}, Want: engine.Error{Trouble: engine.Busy, Sent: true}, Tries: 5},
		{Name: "wait", Play: enginetest.Play{Status: 503, Header: map[string]string{"Retry-After": "120"}}, Want: engine.Error{Trouble: engine.Busy, After: 2 * time.Minute}, Tries: 1},
		{Name: "wrong key", Play: enginetest.Play{Status: 403, Body: `{"message":"Forbidden"}`}, Want: engine.Error{Trouble: engine.Key}, Tries: 1},
		{Name: "wrong key, as the mock has it", Play: enginetest.Play{Status: 401}, Want: engine.Error{Trouble: engine.Key}, Tries: 1},
		{Name: "too large", Play: enginetest.Play{Status: 413}, Want: engine.Error{Trouble: engine.TooLong}, Tries: 1},
		{Name: "no such language", Play: enginetest.Play{Status: 400, Body: `{"message":"Value for 'target_lang' not supported."}`}, Want: engine.Error{Trouble: engine.Unsupported}, Tries: 1},
		{Name: "bad request", Play: enginetest.Play{Status: 400, Body: `{"message":"Bad request"}`}, Want: engine.Error{Trouble: engine.Refused}, Tries: 1},
		{Name: "echo", Play: enginetest.Play{Status: 400, Body: `{"message":"` + enginetest.Echo + `"}`}, Want: engine.Error{Trouble: engine.Refused}, Tries: 1},
		{Name: "not JSON", Play: enginetest.Play{Status: 200, Body: "<html>"}, Want: engine.Error{Trouble: engine.Garbled, Sent: true}, Tries: 1},
	} {
		t.Run(c.Name, func(t *testing.T) {
			e, fake := start(t)
			c.Holds(t, e, fake.Service, ukDe)
		})
	}
}

func TestTriesAgain(t *testing.T) {
	e, fake := start(t)
	fake.Plays(enginetest.Play{Status: 429}, enginetest.Play{Status: 503, Header: map[string]string{"Retry-After": "0"}})
	if _, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Так"}}); err != nil || fake.Charged() != 3 {
		t.Errorf("%v, %d characters charged", err, fake.Charged())
	}
}

func TestContextGivesWay(t *testing.T) {
	e, fake := start(t)
	text := strings.Repeat("ї", 25_000)
	_, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{text}, Context: strings.Repeat("\"ї", 100_000)})
	if err != nil {
		t.Fatal(err)
	}
	a := fake.Translations()[0]
	var q request
	a.JSON(t, &q)
	if len(a.Body) > 128<<10 || len(a.Body) < 120<<10 || !utf8.ValidString(q.Context) || q.Text[0] != text {
		t.Errorf("%d bytes are sent, %d of context", len(a.Body), len(q.Context))
	}
	// Signs that JSON writes with six bytes: within the characters, beyond the bytes.
	_, err = e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{strings.Repeat("\x01", 25_000)}})
	if f := enginetest.Fault(t, err); f.Trouble != engine.TooLong || f.Sent || len(fake.Translations()) != 1 {
		t.Errorf("%+v", f)
	}
}

func TestGlossary(t *testing.T) {
	e, fake := start(t)
	terms := []engine.Term{{Source: "Рада", Target: "Werchowna Rada"}, {Source: "Київ", Target: "Kyjiw"}, {Source: "Рада", Target: "Rat"}, {Source: "а\tб", Target: "x\ny"}, {Source: "", Target: "z"}}
	ask := func(e *Engine, terms []engine.Term) string {
		t.Helper()
		got, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Рада, Київ"}, Terms: terms})
		if err != nil {
			t.Fatal(err)
		}
		return got.Texts[0]
	}
	const want = "Werchowna Rada, Kyjiw"
	if got := ask(e, terms); got != want {
		t.Errorf("got %s", got)
	}
	slices.Reverse(terms[:2])
	if got := ask(e, terms); got != want {
		t.Errorf("the same terms in another order: %s", got)
	}
	again := New("another", e.config, fake.Client())
	if got := ask(again, terms); got != want || len(fake.Glossaries()) != 1 {
		t.Errorf("another server: %s, %d glossaries", got, len(fake.Glossaries()))
	}
	fake.Forget("")
	if got := ask(e, terms); got != want || len(fake.Glossaries()) != 1 {
		t.Errorf("after somebody took it away: %s, %d glossaries", got, len(fake.Glossaries()))
	}
	if got := ask(e, nil); got == want {
		t.Error("without terms a glossary was used")
	}
}

func TestGlossaryCannotBeHad(t *testing.T) {
	now := clock.NewStepping(time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC))
	e, fake := start(t, func(c *Config) { c.Clock = now })
	fake.NoGlossaries = true
	count := func() (n int) {
		for _, a := range fake.Asked() {
			if strings.HasPrefix(a.Path, "/v3/") {
				n++
			}
		}
		return n
	}
	for range 2 {
		got, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Рада"}, Terms: []engine.Term{{Source: "Рада", Target: "Rada"}}})
		if err != nil || got.Texts[0] != "рАДА" {
			t.Errorf("%v, %v", got.Texts, err)
		}
	}
	if count() != 1 {
		t.Errorf("%d questions for glossaries, want 1", count())
	}
	now.Advance(pause)
	fake.NoGlossaries = false
	if got, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Рада"}, Terms: []engine.Term{{Source: "Рада", Target: "Rada"}}}); err != nil || got.Texts[0] != "Rada" {
		t.Errorf("later: %v, %v", got.Texts, err)
	}
}

func TestGlossariesDoNotFillTheAccount(t *testing.T) {
	e, fake := start(t)
	for i := range kept + 3 {
		term := engine.Term{Source: "Рада", Target: fmt.Sprintf("Rada %d", i)}
		if _, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Рада"}, Terms: []engine.Term{term}}); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(fake.Glossaries()); n != kept {
		t.Errorf("%d glossaries, want %d", n, kept)
	}
}

func TestUsage(t *testing.T) {
	e, fake := start(t)
	if _, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Так"}}); err != nil {
		t.Fatal(err)
	}
	used, limit, err := e.Usage(t.Context())
	if err != nil || used != 3 || limit != 500000 {
		t.Errorf("%d of %d, %v", used, limit, err)
	}
	fake.Unauthorized = http.StatusUnauthorized
	wrong := New("x", Config{Endpoint: fake.URL, Key: httpengine.NewSecret("other")}, fake.Client())
	if _, _, err := wrong.Usage(t.Context()); enginetest.Fault(t, err).Trouble != engine.Key {
		t.Error(err)
	}
}

func TestValidate(t *testing.T) {
	good := Config{Key: httpengine.NewSecret("k"), Formality: "prefer_less", Model: "latency_optimized", Varieties: []lang.Tag{"en-US"}}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	bad := Config{Endpoint: "http://api.example.org", Formality: "more", Model: "best", Varieties: []lang.Tag{"?"}}
	var names []string
	for _, f := range problem.FieldsOf(bad.Validate()) {
		names = append(names, f.Name+" "+f.Key)
	}
	want := []string{"endpoint problem.url", "key problem.required", "formality problem.choice", "model problem.choice", "varieties problem.language"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}
