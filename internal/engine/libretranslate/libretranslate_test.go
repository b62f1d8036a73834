package libretranslate

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

var ukDe = engine.Pair{From: "uk", To: "de"}

func start(t *testing.T, change ...func(*Config)) (*Engine, *enginetest.LibreTranslate) {
	t.Helper()
	fake := enginetest.StartLibreTranslate(t)
	c := Config{Endpoint: fake.URL, Key: httpengine.NewSecret(enginetest.Key), Pace: httpengine.Pace{First: time.Microsecond}}
	for _, f := range change {
		f(&c)
	}
	return New("libre", c, fake.Client()), fake
}

func translate(t *testing.T, e *Engine, texts ...string) engine.Result {
	t.Helper()
	got, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: texts})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTranslateKeepsEscapes(t *testing.T) {
	for _, mended := range []bool{false, true} {
		e, fake := start(t)
		fake.Mended = mended
		got := translate(t, e,
			`Новий <a href="https://example.org/?a=1&amp;b=2">закон</a> &amp; право`,
			"Про &lt;script&gt;alert(1)&lt;/script&gt;",
			"R&amp;D <b>&lt;b&gt;</b>",
			"Один<br/>два",
		)
		want := []string{
			`нОВИЙ <a href="https://example.org/?a=1&amp;b=2">ЗАКОН</a> &amp; ПРАВО`,
			"пРО &lt;SCRIPT&gt;ALERT(1)&lt;/SCRIPT&gt;",
			"r&amp;d <b>&lt;B&gt;</b>",
			"оДИН<br/>ДВА",
		}
		if diff := cmp.Diff(want, got.Texts); diff != "" || got.Failed != nil {
			t.Errorf("mended %v: %s%v", mended, diff, got.Failed)
		}
	}
	// What a text says about entities themselves comes back from the servers that there are.
	e, _ := start(t)
	if got := translate(t, e, "Знак &amp;amp; і &amp;lt;"); got.Texts[0] != "зНАК &amp;AMP; І &amp;LT;" {
		t.Errorf("an entity in the text: %s", got.Texts[0])
	}
}

func TestPoison(t *testing.T) {
	e, fake := start(t)
	const robot = "\U0001f916"
	fake.Always(enginetest.Play{Texts: func(in []string) []string { return []string{robot, robot}[:len(in)] }})
	_, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"Президент підписав закон", "Так"}})
	if f := enginetest.Fault(t, err); f.Trouble != engine.Garbled || !f.Sent {
		t.Errorf("%+v", f)
	}
	fake.Always(enginetest.Play{Texts: func(in []string) []string { return []string{in[0], "..."} }})
	if got := translate(t, e, "Президент", "підписав"); cmp.Diff([]int{1}, got.Failed) != "" {
		t.Errorf("one of two: %+v", got)
	}
	fake.Always(enginetest.Play{})
	if got := translate(t, e, "287 : 226", "— !"); got.Failed != nil {
		t.Errorf("figures and marks are no poison: %+v", got)
	}
}

func TestLimits(t *testing.T) {
	many := []string{"один", "два", "три", "чотири", "п'ять", "шість", "сім"}
	want := translateAll(many)
	for _, c := range []struct {
		name              string
		texts, characters int
		silent            bool
		limits            engine.Limits
	}{
		{"none", 0, 0, false, engine.Limits{}},
		{"characters, told", 0, 12, false, engine.Limits{Characters: 12}},
		{"characters, not told", 0, 12, true, engine.Limits{Texts: 2}},
		{"texts", 3, 0, false, engine.Limits{Texts: 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, fake := start(t)
			fake.Texts, fake.Characters, fake.Silent = c.texts, c.characters, c.silent
			if diff := cmp.Diff(want, translate(t, e, many...).Texts); diff != "" {
				t.Error(diff)
			}
			if got := e.Info().Limits; got != c.limits {
				t.Errorf("limits are %+v, want %+v", got, c.limits)
			}
		})
	}
	e, fake := start(t)
	fake.Characters = 12
	_, err := e.Translate(t.Context(), engine.Request{Pair: ukDe, Texts: []string{"а", strings.Repeat("ї", 13)}})
	if f := enginetest.Fault(t, err); f.Trouble != engine.TooLong {
		t.Errorf("one text alone is too long: %+v", f)
	}
}

func translateAll(texts []string) (out []string) {
	for _, s := range texts {
		out = append(out, enginetest.Swap(s, true))
	}
	return out
}

func TestFailedKeepsItsPlaceWhenSplit(t *testing.T) {
	e, fake := start(t, func(c *Config) { c.Texts = 2 })
	fake.Plays(enginetest.Play{}, enginetest.Play{Texts: func(in []string) []string { return []string{in[0], "?"} }})
	if got := translate(t, e, "один", "два", "три", "чотири", "п'ять"); cmp.Diff([]int{3}, got.Failed) != "" || got.Texts[4] != "П'ЯТЬ" {
		t.Errorf("%+v", got)
	}
}

func TestErrors(t *testing.T) {
	fail := func(status int, message string) enginetest.Play {
		return enginetest.Play{Status: status, Body: `{"error":"` + message + `"}`}
	}
	for _, c := range []enginetest.Case{
		{Name: "too many", Play: fail(429, "Slowdown: 20 per 1 minute"), Want: engine.Error{Trouble: engine.Busy}, Tries: 5},
		{Name: "wants a key", Play: fail(400, "Please contact the server operator to get an API key"), Want: engine.Error{Trouble: engine.Key}, Tries: 1},
		{Name: "wants a key, with an address", Play: fail(400, "Visit https://example.org to get an API key"), Want: engine.Error{Trouble: engine.Key}, Tries: 1},
		{Name: "wrong key", Play: fail(403, "Invalid API key"), Want: engine.Error{Trouble: engine.Key}, Tries: 1},
		{Name: "banned", Play: fail(403, "Too many request limits violations"), Want: engine.Error{Trouble: engine.Busy}, Tries: 1},
		{Name: "no such language", Play: fail(400, "xx is not supported"), Want: engine.Error{Trouble: engine.Unsupported}, Tries: 1},
		{Name: "breaks on the text", Play: fail(500, "Cannot translate text: "+enginetest.Echo), Want: engine.Error{Trouble: engine.Busy, Sent: true}, Tries: 1},
		{Name: "starting", Play: enginetest.Play{Status: 502, Body: "<html>"}, Want: engine.Error{Trouble: engine.Busy, Sent: true}, Tries: 5},
		{Name: "not JSON", Play: enginetest.Play{Status: 200, Body: "<html>"}, Want: engine.Error{Trouble: engine.Garbled, Sent: true}, Tries: 1},
		{Name: "one text, not a list", Play: enginetest.Play{Status: 200, Body: `{"translatedText":"x"}`}, Want: engine.Error{Trouble: engine.Garbled, Sent: true}, Tries: 1},
	} {
		t.Run(c.Name, func(t *testing.T) {
			e, fake := start(t)
			c.Holds(t, e, fake.Service, ukDe)
		})
	}
}

func TestLanguages(t *testing.T) {
	e, fake := start(t)
	for to, want := range map[lang.Tag]string{"zh-TW": "zt", "zh": "zh", "pt-BR": "pb", "pt": "pt", "de-CH": "de"} {
		if _, err := e.Translate(t.Context(), engine.Request{Pair: engine.Pair{From: "en", To: to}, Texts: []string{"Yes"}}); err != nil {
			t.Fatal(err)
		}
		var q request
		fake.Last().JSON(t, &q)
		if q.Target != want {
			t.Errorf("%s is asked as %s", to, q.Target)
		}
	}
	for _, p := range []engine.Pair{{From: "de", To: "uk"}, {From: "fr", To: "en"}} {
		_, err := e.Translate(t.Context(), engine.Request{Pair: p, Texts: []string{"Ja"}})
		if f := enginetest.Fault(t, err); f.Trouble != engine.Unsupported || f.Sent {
			t.Errorf("%s: %+v", p, f)
		}
	}
}

func TestLeavesAndBilled(t *testing.T) {
	key := httpengine.NewSecret("k")
	for _, c := range []struct {
		config         Config
		leaves, billed bool
	}{
		{Config{Endpoint: "http://localhost:5000", Key: key}, false, false},
		{Config{Endpoint: "https://libretranslate.example.org", Key: key}, true, true},
		{Config{Endpoint: "https://libretranslate.example.org"}, true, false},
		{Config{Endpoint: "https://libretranslate.example.org", Key: key, InHouse: true}, false, false},
	} {
		if i := New("x", c.config, nil).Info(); i.Leaves != c.leaves || i.Billed != c.billed {
			t.Errorf("%s: %+v", c.config.Endpoint, i)
		}
	}
}

func TestValidate(t *testing.T) {
	if err := (Config{Endpoint: "http://mt.example.org:5000"}).Validate(); err != nil {
		t.Error(err)
	}
	var names []string
	for _, f := range problem.FieldsOf(Config{Texts: -1, Characters: -1}.Validate()) {
		names = append(names, f.Name)
	}
	if diff := cmp.Diff([]string{"endpoint", "texts", "characters"}, names); diff != "" {
		t.Error(diff)
	}
}

func FuzzInProportion(f *testing.F) {
	f.Add("Закон", "law")
	f.Fuzz(func(t *testing.T, source, answer string) {
		if letters(answer) == 0 && letters(source) > 0 && inProportion(source, answer) {
			t.Errorf("%q for %q", answer, source)
		}
		if !inProportion(source, source) {
			t.Errorf("%q isn't in proportion to itself", source)
		}
	})
}
