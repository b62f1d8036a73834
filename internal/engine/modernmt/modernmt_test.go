package modernmt

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"depesche/internal/engine"
	"depesche/internal/engine/enginetest"
	"depesche/internal/engine/httpengine"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ukDe = engine.Pair{From: "uk", To: "de"}

func start(t *testing.T, change ...func(*Config)) (*Engine, *enginetest.ModernMT) {
	t.Helper()
	fake := enginetest.StartModernMT(t)
	c := Config{Endpoint: fake.URL, Key: httpengine.NewSecret(enginetest.Key), Pace: httpengine.Pace{First: time.Microsecond}}
	for _, f := range change {
		f(&c)
	}
	return New("mmt", c, fake.Client()), fake
}

func TestTranslate(t *testing.T) {
	e, fake := start(t, func(c *Config) { c.Memories, c.ContextVector, c.Project = []string{"12", "34"}, "12:0.9", "paper" })
	fake.Memories = []string{"12", "34"}
	got, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Новий <b>закон</b>", "Так"}})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(engine.Result{Texts: []string{"нОВИЙ <b>ЗАКОН</b>", "тАК"}, Billed: 21}, got); diff != "" {
		t.Error(diff)
	}
	var q map[string]any
	fake.Translations()[0].JSON(t, &q)
	if diff := cmp.Diff(map[string]any{
		"source": "uk", "target": "de", "q": []any{"Новий <b>закон</b>", "Так"}, "format": "text/html", "hints": []any{"12", "34"},
		"context_vector": "12:0.9", "project_id": "paper", "timeout": 27000.0,
	}, q); diff != "" {
		t.Error(diff)
	}
}

func TestLanguages(t *testing.T) {
	e, fake := start(t, func(c *Config) { c.Varieties = []lang.Tag{"es-419"} })
	for to, want := range map[lang.Tag]string{"es": "es-419", "en": "en-GB", "zh-Hant": "zh-TW", "pt-BR": "pt-BR", "en-US": "en-US"} {
		if _, err := e.Translate(t.Context(), engine.Request{Pair: engine.Pair{From: "uk", To: to}, Texts: []string{"Так"}}); err != nil {
			t.Fatal(err)
		}
		var q request
		fake.Last().JSON(t, &q)
		if q.Target != want {
			t.Errorf("%s is asked as %s, want %s", to, q.Target, want)
		}
	}
}

func TestOneTextWithoutAList(t *testing.T) {
	e, fake := start(t)
	fake.Plays(enginetest.Play{Status: 200, Body: `{"status":200,"data":{"translation":"Ja","billedCharacters":7}}`})
	got, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Так"}})
	if err != nil || got.Texts[0] != "Ja" || got.Billed != 7 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestErrors(t *testing.T) {
	fail := func(http int, status, kind, message string) enginetest.Play {
		return enginetest.Play{Status: http, Body: `{"status":` + status + `,"error":{"type":"` + kind + `","message":"` + message + `"}}`}
	}
	for _, c := range []enginetest.Case{
		{Name: "quota gone", Play: fail(403, "403", "QuotaExceeded", "Monthly quota exceeded"), Want: engine.Error{Trouble: engine.Quota}, Tries: 1},
		{Name: "nothing paid", Play: fail(402, "402", "Payment", ""), Want: engine.Error{Trouble: engine.Quota}, Tries: 1},
		{Name: "wrong key", Play: fail(401, "401", "UnauthorizedException", enginetest.Echo), Want: engine.Error{Trouble: engine.Key}, Tries: 1},
		{Name: "too many", Play: fail(429, "429", "TooManyRequests", "slow down"), Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "fault of theirs", Play: fail(500, "500", "InternalError", ""), Want: engine.Error{Trouble: engine.Busy, Sent: true}, Tries: 5},
		{Name: "out of order", Play: fail(503, "503", "Unavailable", ""), Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "a failure within 200", Play: fail(200, "503", "Unavailable", ""), Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "no such language", Play: fail(400, "400", "UnsupportedLanguageException", "Unsupported language pair"), Want: engine.Error{Trouble: engine.Unsupported}, Tries: 1},
		{Name: "too long", Play: fail(400, "400", "ParameterParsingException", "q is too long"), Want: engine.Error{Trouble: engine.TooLong}, Tries: 1},
		{Name: "too large", Play: enginetest.Play{Status: 413}, Want: engine.Error{Trouble: engine.TooLong}, Tries: 1},
		{Name: "bad request", Play: fail(400, "400", "ParameterParsingException", "Missing parameter text"), Want: engine.Error{Trouble: engine.Refused}, Tries: 1},
		{Name: "not JSON", Play: enginetest.Play{Status: 200, Body: "ok"}, Want: engine.Error{Trouble: engine.Garbled, Sent: true}, Tries: 1},
		{Name: "another shape", Play: enginetest.Play{Status: 200, Body: `{"status":200,"data":[1]}`}, Want: engine.Error{Trouble: engine.Garbled, Sent: true}, Tries: 1},
	} {
		t.Run(c.Name, func(t *testing.T) {
			e, fake := start(t)
			c.Holds(t, e, fake.Service, ukDe)
		})
	}
}

func TestValidate(t *testing.T) {
	if err := (Config{Key: httpengine.NewSecret("k"), Memories: []string{"12"}, ContextVector: "12:0.5,13:0.1"}).Validate(); err != nil {
		t.Error(err)
	}
	var names []string
	for _, f := range problem.FieldsOf(Config{Endpoint: "x", Memories: []string{"1,2"}, ContextVector: "a b", Project: "ї"}.Validate()) {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"endpoint", "key", "memories", "context_vector", "project"}, names); diff != "" {
		t.Error(diff)
	}
}
