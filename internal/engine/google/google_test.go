package google

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

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

// noon is when the tests are; in California it is four in the morning.
var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func start(t *testing.T, change ...func(*Config)) (*Engine, *enginetest.Google) {
	t.Helper()
	fake := enginetest.StartGoogle(t)
	c := Config{Endpoint: fake.URL, Key: httpengine.NewSecret(fake.Account()), Pace: httpengine.Pace{First: time.Microsecond}, Clock: clock.Fixed(noon)}
	for _, f := range change {
		f(&c)
	}
	return New("goog", c, fake.Client()), fake
}

func asked(fake *enginetest.Google) (n int) {
	for _, a := range fake.Asked() {
		if a.Path == "/token" {
			n++
		}
	}
	return n
}

func TestTranslate(t *testing.T) {
	e, fake := start(t, func(c *Config) { c.Location, c.Model = "europe-west1", "general/nmt" })
	got, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"П'ять <b>законів</b> &amp; право", "Так"}})
	if err != nil {
		t.Fatal(err)
	}
	// Entities are HTML, and HTML was asked for.
	want := engine.Result{Texts: []string{"п&#39;ЯТЬ <b>ЗАКОНІВ</b> &amp; ПРАВО", "тАК"}, Model: "general/nmt", Billed: 35}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	a := fake.Translations()[0]
	if a.Path != "/v3/projects/paper/locations/europe-west1:translateText" {
		t.Errorf("asked at %s", a.Path)
	}
	var q map[string]any
	a.JSON(t, &q)
	if diff := cmp.Diff(map[string]any{
		"contents": []any{"П'ять <b>законів</b> &amp; право", "Так"}, "mimeType": "text/html", "sourceLanguageCode": "uk", "targetLanguageCode": "de",
		"model": "projects/paper/locations/europe-west1/models/general/nmt",
	}, q); diff != "" {
		t.Error(diff)
	}
	if asked(fake) != 1 {
		t.Errorf("%d tokens were asked for", asked(fake))
	}
}

func TestMissingTranslation(t *testing.T) {
	e, fake := start(t)
	fake.Missing = []string{"два"}
	got, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"один", "два", "три"}})
	if err != nil || cmp.Diff(engine.Result{Texts: []string{"ОДИН", "", "ТРИ"}, Failed: []int{1}, Billed: 10}, got) != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestGlossary(t *testing.T) {
	e, fake := start(t, func(c *Config) {
		c.Location, c.Glossary, c.GlossaryFrom, c.GlossaryTo = "europe-west1", "house", "uk", "de"
	})
	fake.Glossary, fake.Terms = "projects/paper/locations/europe-west1/glossaries/house", map[string]string{"Рада": "Rada"}
	got, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Рада і"}})
	if err != nil || got.Texts[0] != "Rada І" {
		t.Errorf("%v, %v", got.Texts, err)
	}
	got, err = e.Translate(t.Context(), engine.Request{Pair: engine.Pair{From: "uk", To: "fr"}, Texts: []string{"Рада"}})
	if err != nil || got.Texts[0] != "рАДА" {
		t.Errorf("another pair: %v, %v", got.Texts, err)
	}
}

func TestTokens(t *testing.T) {
	now := clock.NewStepping(noon.Add(10 * 365 * 24 * time.Hour)) // the library asks the machine's clock
	e, fake := start(t, func(c *Config) { c.Clock = now })
	ask := func() error {
		_, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Так"}})
		return err
	}
	now.Set(time.Now())
	for range 3 {
		if err := ask(); err != nil {
			t.Fatal(err)
		}
	}
	if n := asked(fake); n != 1 {
		t.Errorf("%d tokens for three requests", n)
	}
	now.Advance(time.Hour)
	if err := ask(); err != nil || asked(fake) != 2 {
		t.Errorf("after an hour: %v, %d tokens", err, asked(fake))
	}
	fake.Expire()
	if err := ask(); err != nil || asked(fake) != 3 {
		t.Errorf("after they were called back: %v, %d tokens", err, asked(fake))
	}
	for status, want := range map[int]engine.Trouble{400: engine.Key, 401: engine.Key, 429: engine.Busy, 503: engine.Busy} {
		fake.Expire()
		fake.TokenStatus = status
		if f := enginetest.Fault(t, ask()); f.Trouble != want || f.Sent {
			t.Errorf("%d for a token: %+v", status, f)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Translate(ctx, engine.Request{Pair: ukDe, Texts: []string{"Так"}}); enginetest.Fault(t, err).Trouble != engine.Gone {
		t.Error(err)
	}
}

func TestErrors(t *testing.T) {
	fail := func(status int, name, message string) enginetest.Play {
		b, err := json.Marshal(map[string]any{"error": map[string]any{"code": status, "status": name, "message": message}})
		if err != nil {
			t.Fatal(err)
		}
		return enginetest.Play{Status: status, Body: string(b)}
	}
	for _, c := range []enginetest.Case{
		{Name: "too many in a minute", Play: fail(403, "PERMISSION_DENIED", "User Rate Limit Exceeded"), Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "too many in a day", Play: fail(403, "PERMISSION_DENIED", "Daily Limit Exceeded"), Want: engine.Error{Trouble: engine.Quota, After: 20 * time.Hour}, Tries: 1},
		{Name: "the same, newer", Play: fail(429, "RESOURCE_EXHAUSTED", "Quota exceeded for characters per day"), Want: engine.Error{Trouble: engine.Quota, After: 20 * time.Hour}, Tries: 1},
		{Name: "may not", Play: fail(403, "PERMISSION_DENIED", "Cloud Translation API has not been used"), Want: engine.Error{Trouble: engine.Key}, Tries: 1},
		{Name: "too many", Play: fail(429, "RESOURCE_EXHAUSTED", "Resource exhausted"), Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "out of order", Play: fail(503, "UNAVAILABLE", "The service is unavailable"), Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "fault of theirs", Play: fail(500, "INTERNAL", ""), Want: engine.Error{Trouble: engine.Busy, Sent: true}, Tries: 1},
		{Name: "no such language", Play: fail(400, "INVALID_ARGUMENT", "Target language is invalid."), Want: engine.Error{Trouble: engine.Unsupported}, Tries: 1},
		{Name: "too long", Play: fail(400, "INVALID_ARGUMENT", "Text is too long."), Want: engine.Error{Trouble: engine.TooLong}, Tries: 1},
		{Name: "glossary", Play: fail(404, "NOT_FOUND", "Glossary not found"), Want: engine.Error{Trouble: engine.Refused}, Tries: 1},
		{Name: "echo", Play: fail(400, "INVALID_ARGUMENT", enginetest.Echo), Want: engine.Error{Trouble: engine.Refused}, Tries: 1},
		{Name: "token called back, twice", Play: fail(401, "UNAUTHENTICATED", "ya29.2-hush is invalid"), Want: engine.Error{Trouble: engine.Key}, Tries: 2},
		{Name: "not JSON", Play: enginetest.Play{Status: 200, Body: "["}, Want: engine.Error{Trouble: engine.Garbled, Sent: true}, Tries: 1},
	} {
		t.Run(c.Name, func(t *testing.T) {
			e, fake := start(t)
			c.Holds(t, e, fake.Service, ukDe)
		})
	}
}

func TestTokenIsNotTold(t *testing.T) {
	e, fake := start(t)
	fake.Always(enginetest.Play{Status: 400, Body: `{"error":{"status":"INVALID","message":"token ya29.1-hush is bad"}}`})
	_, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Так"}})
	if err == nil || strings.Contains(err.Error(), "ya29") || !strings.Contains(err.Error(), "is bad") {
		t.Error(err)
	}
}

func TestLanguages(t *testing.T) {
	e, fake := start(t)
	for to, want := range map[lang.Tag]string{"he": "iw", "nb": "no", "zh-Hant": "zh-TW", "zh": "zh-CN", "pt": "pt-PT", "en-GB": "en"} {
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

func TestUntilMidnight(t *testing.T) {
	for now, want := range map[string]time.Duration{
		"2026-11-27T07:59:00Z": time.Minute, "2026-11-27T08:00:00Z": 24 * time.Hour,
		"2026-03-08T08:00:00Z": 23 * time.Hour, // the night clocks go forward there
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := untilMidnight(at); got != want {
			t.Errorf("%s: %v, want %v", now, got, want)
		}
	}
}

func TestNoAccount(t *testing.T) {
	for _, key := range []string{"", "{}", "AIza-simple-key", `{"type":"service_account","client_email":"a@b","private_key":"none"}`} {
		e := New("x", Config{Key: httpengine.NewSecret(key)}, nil)
		_, err := e.Pairs(t.Context())
		if f := enginetest.Fault(t, err); f.Trouble != engine.Key || f.Sent {
			t.Errorf("%s: %+v", key, f)
		}
	}
}

func TestValidate(t *testing.T) {
	_, fake := start(t)
	good := Config{Key: httpengine.NewSecret(fake.Account()), Location: "europe-west1", Glossary: "house", GlossaryFrom: "uk", GlossaryTo: "de", Model: "general/nmt"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	bad := good
	bad.Location, bad.Project, bad.TokenURL, bad.GlossaryTo = "", "a/../b", "ftp://x", ""
	names := func(c Config) (out []string) {
		for _, f := range problem.FieldsOf(c.Validate()) {
			out = append(out, f.Name+" "+f.Key)
			if strings.Contains(f.Value, "PRIVATE") {
				t.Error("the key is shown in the form")
			}
		}
		return out
	}
	if diff := cmp.Diff([]string{"token_url problem.url", "project problem.value", "location problem.value", "glossary_to problem.language"}, names(bad)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"key problem.value"}, names(Config{Key: httpengine.NewSecret("PRIVATE")})); diff != "" {
		t.Error(diff)
	}
}
