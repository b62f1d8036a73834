package azure

import (
	"strings"
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

var ukEn = engine.Pair{From: "uk", To: "en"}

func start(t *testing.T, change ...func(*Config)) (*Engine, *enginetest.Azure) {
	t.Helper()
	fake := enginetest.StartAzure(t)
	c := Config{Endpoint: fake.URL, Key: httpengine.NewSecret(enginetest.Key), Pace: httpengine.Pace{First: time.Microsecond}}
	for _, f := range change {
		f(&c)
	}
	return New("ms", c, fake.Client()), fake
}

func TestTranslate(t *testing.T) {
	e, fake := start(t, func(c *Config) { c.Region, c.Category = "westeurope", "abc-NEWS" })
	fake.Region = "westeurope"
	got, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: []string{"Новий <b>закон</b>", "Так"}})
	if err != nil {
		t.Fatal(err)
	}
	want := engine.Result{Texts: []string{"нОВИЙ <b>ЗАКОН</b>", "тАК"}, Model: "abc-NEWS", Billed: 21}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	a := fake.Translations()[0]
	if got := a.Query.Encode(); got != "api-version=3.0&category=abc-NEWS&from=uk&textType=html&to=en" {
		t.Errorf("asked with %s", got)
	}
	if got, want := string(a.Body), `[{"Text":"Новий <b>закон</b>"},{"Text":"Так"}]`; got != want {
		t.Errorf("the body is %s", got)
	}
}

func TestTermsGoWithin(t *testing.T) {
	e, fake := start(t)
	terms := []engine.Term{{Source: "Рада", Target: `Rada "UA"`}, {Source: "Верховна Рада", Target: "Verkhovna Rada"}, {Source: "b", Target: "c"}}
	ask := func(p engine.Pair, text string) (string, string, int64) {
		t.Helper()
		got, err := e.Translate(t.Context(), engine.Request{Pair: p, Texts: []string{text}, Terms: terms})
		if err != nil {
			t.Fatal(err)
		}
		var body []struct{ Text string }
		fake.Last().JSON(t, &body)
		return got.Texts[0], body[0].Text, got.Billed
	}
	got, sent, billed := ask(ukEn, "<b>Рада</b>, Верховна Рада, Радане &amp; рада")
	if want := "<b>Rada &#34;UA&#34;</b>, Verkhovna Rada, рАДАНЕ &amp; РАДА"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if want := `<b><mstrans:dictionary translation="Rada &#34;UA&#34;">Рада</mstrans:dictionary></b>, ` +
		`<mstrans:dictionary translation="Verkhovna Rada">Верховна Рада</mstrans:dictionary>, Радане &amp; рада`; sent != want {
		t.Errorf("sent %s", sent)
	}
	if want := int64(enginetest.Characters(sent)); billed != want {
		t.Errorf("%d characters billed, want %d: those of the marks too", billed, want)
	}
	if _, sent, _ := ask(engine.Pair{From: "uk", To: "de"}, "Рада"); sent != "Рада" {
		t.Errorf("without English on either side: %s", sent)
	}
	if _, sent, _ := ask(ukEn, "Рада "+strings.Repeat("ї", 44_990)); !strings.HasPrefix(sent, "<mstrans") {
		t.Error("there was room for one term")
	}
	if _, sent, _ := ask(ukEn, strings.Repeat("Рада ", 8_999)); strings.Contains(sent, "mstrans") {
		t.Error("the marks leave the request too long")
	}
	fake.KeepsMarks = true
	if got, _, _ := ask(ukEn, "Рада"); got != `Rada &#34;UA&#34;` {
		t.Errorf("marks that were left in: %s", got)
	}
}

func TestLanguages(t *testing.T) {
	e, fake := start(t)
	for to, want := range map[lang.Tag]string{"pt": "pt-pt", "pt-BR": "pt", "zh-TW": "zh-Hant", "en-GB": "en", "sr-Latn": "sr-Latn"} {
		if _, err := e.Translate(t.Context(), engine.Request{Pair: engine.Pair{From: "uk", To: to}, Texts: []string{"Так"}}); err != nil {
			t.Fatal(err)
		}
		if got := fake.Last().Query.Get("to"); got != want {
			t.Errorf("%s is asked as %s, want %s", to, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	fail := func(status int, code string) enginetest.Play {
		return enginetest.Play{Status: status, Body: `{"error":{"code":` + code + `,"message":"` + enginetest.Echo + `"}}`}
	}
	for _, c := range []enginetest.Case{
		{Name: "quota gone", Play: fail(403, "403001"), Want: engine.Error{Trouble: engine.Quota}, Tries: 1},
		{Name: "may not", Play: fail(403, "403000"), Want: engine.Error{Trouble: engine.Key}, Tries: 1},
		{Name: "wrong key", Play: fail(401, `"401000"`), Want: engine.Error{Trouble: engine.Key}, Tries: 1},
		{Name: "system being prepared", Play: fail(408, "408001"), Want: engine.Error{Trouble: engine.Busy, After: 3 * time.Minute}, Tries: 1},
		{Name: "too many", Play: fail(429, "429001"), Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "fault of theirs", Play: fail(500, "500000"), Want: engine.Error{Trouble: engine.Busy, Sent: true}, Tries: 5},
		{Name: "out of order", Play: fail(503, "503000"), Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "no such language", Play: fail(400, "400036"), Want: engine.Error{Trouble: engine.Unsupported}, Tries: 1},
		{Name: "too long", Play: fail(400, "400077"), Want: engine.Error{Trouble: engine.TooLong}, Tries: 1},
		{Name: "bad request", Play: fail(400, "400000"), Want: engine.Error{Trouble: engine.Refused}, Tries: 1},
		{Name: "not JSON", Play: enginetest.Play{Status: 200, Body: "{}"}, Want: engine.Error{Trouble: engine.Garbled, Sent: true}, Tries: 1},
	} {
		t.Run(c.Name, func(t *testing.T) {
			e, fake := start(t)
			c.Holds(t, e, fake.Service, ukEn)
		})
	}
}

func TestNoTranslationWithin(t *testing.T) {
	e, fake := start(t)
	fake.Plays(enginetest.Play{Status: 200, Body: `[{"translations":[{"text":"A"}]},{"translations":[]}]`})
	got, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: []string{"а", "б"}})
	if err != nil || cmp.Diff(engine.Result{Texts: []string{"A", ""}, Failed: []int{1}, Billed: 2}, got) != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestBase(t *testing.T) {
	for endpoint, want := range map[string]string{
		"": standard,
		"https://paper.cognitiveservices.azure.com/":                     "https://paper.cognitiveservices.azure.com/translator/text/v3.0",
		"https://paper.cognitiveservices.azure.com/translator/text/v3.0": "https://paper.cognitiveservices.azure.com/translator/text/v3.0",
		"http://localhost:5000":                                          "http://localhost:5000",
	} {
		if got := (Config{Endpoint: endpoint}).base(); got != want {
			t.Errorf("%s is asked at %s", endpoint, got)
		}
	}
}

func TestValidate(t *testing.T) {
	if err := (Config{Key: httpengine.NewSecret("k"), Region: "westeurope"}).Validate(); err != nil {
		t.Error(err)
	}
	var names []string
	for _, f := range problem.FieldsOf(Config{Endpoint: "x", Region: "west\neurope", Category: "é"}.Validate()) {
		names = append(names, f.Name+" "+f.Key)
	}
	if diff := cmp.Diff([]string{"endpoint problem.url", "key problem.required", "region problem.value", "category problem.value"}, names); diff != "" {
		t.Error(diff)
	}
}
