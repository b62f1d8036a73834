package enginetest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"depesche/internal/engine"
	"depesche/internal/engine/azure"
	"depesche/internal/engine/deepl"
	. "depesche/internal/engine/enginetest"
	"depesche/internal/engine/google"
	"depesche/internal/engine/httpengine"
	"depesche/internal/engine/libretranslate"
	"depesche/internal/engine/modernmt"
	"depesche/internal/engine/openai"
	"depesche/internal/lang"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// adapter is one of those that are held to what every engine promises.
type adapter struct {
	name string
	// start returns an engine whose key is right, and one whose key is made of it and wrong.
	start func(t *testing.T) (good, wrong engine.Engine, s *Service, configs []any)
	quota Play // "" is a service without one
}

var pace = httpengine.Pace{First: time.Microsecond}

var ukEn = engine.Pair{From: "uk", To: "en"}

// keys are the right one and a wrong one that mustn't be told either.
var keys = [2]httpengine.Secret{httpengine.NewSecret(Key), httpengine.NewSecret(Key + "x")}

func adapters() []adapter {
	langs := []lang.Tag{"uk", "de", "en"}
	return []adapter{
		{"deepl", func(t *testing.T) (engine.Engine, engine.Engine, *Service, []any) {
			f := StartDeepL(t)
			a, b := deepl.Config{Endpoint: f.URL, Key: keys[0], Pace: pace}, deepl.Config{Endpoint: f.URL, Key: keys[1], Pace: pace}
			return deepl.New("mine", a, f.Client()), deepl.New("mine", b, f.Client()), f.Service, []any{a, b}
		}, Play{Status: 456, Body: `{"message":"Quota exceeded"}`}},
		{"google", func(t *testing.T) (engine.Engine, engine.Engine, *Service, []any) {
			f := StartGoogle(t)
			a := google.Config{Endpoint: f.URL, Key: httpengine.NewSecret(f.Account()), Pace: pace}
			b := google.Config{Endpoint: f.URL, Key: keys[1], Pace: pace}
			return google.New("mine", a, f.Client()), google.New("mine", b, f.Client()), f.Service, []any{a, b}
		}, Play{Status: 403, Body: `{"error":{"message":"Daily Limit Exceeded"}}`}},
		{"azure", func(t *testing.T) (engine.Engine, engine.Engine, *Service, []any) {
			f := StartAzure(t)
			a, b := azure.Config{Endpoint: f.URL, Key: keys[0], Pace: pace}, azure.Config{Endpoint: f.URL, Key: keys[1], Pace: pace}
			return azure.New("mine", a, f.Client()), azure.New("mine", b, f.Client()), f.Service, []any{a, b}
		}, Play{Status: 403, Body: `{"error":{"code":403001,"message":"out of free quota"}}`}},
		{"libretranslate", func(t *testing.T) (engine.Engine, engine.Engine, *Service, []any) {
			f := StartLibreTranslate(t)
			a, b := libretranslate.Config{Endpoint: f.URL, Key: keys[0], Pace: pace}, libretranslate.Config{Endpoint: f.URL, Key: keys[1], Pace: pace}
			return libretranslate.New("mine", a, f.Client()), libretranslate.New("mine", b, f.Client()), f.Service, []any{a, b}
		}, Play{}},
		{"modernmt", func(t *testing.T) (engine.Engine, engine.Engine, *Service, []any) {
			f := StartModernMT(t)
			a, b := modernmt.Config{Endpoint: f.URL, Key: keys[0], Pace: pace}, modernmt.Config{Endpoint: f.URL, Key: keys[1], Pace: pace}
			return modernmt.New("mine", a, f.Client()), modernmt.New("mine", b, f.Client()), f.Service, []any{a, b}
		}, Play{Status: 403, Body: `{"status":403,"error":{"type":"QuotaExceeded","message":"quota exceeded"}}`}},
		{"openai", func(t *testing.T) (engine.Engine, engine.Engine, *Service, []any) {
			f := StartModel(t, "gemma")
			a := openai.Config{Endpoint: f.URL + "/v1", Key: keys[0], Model: "gemma", Languages: langs, Pace: pace}
			b := a
			b.Key = keys[1]
			return openai.New("mine", a, f.Client()), openai.New("mine", b, f.Client()), f.Service, []any{a, b}
		}, Play{Status: 429, Body: `{"error":{"code":"insufficient_quota","message":"You exceeded your current quota"}}`}},
	}
}

// each runs fn for every adapter, and fails where its service couldn't have understood it.
func each(t *testing.T, fn func(t *testing.T, a adapter, e engine.Engine, s *Service)) {
	for _, a := range adapters() {
		t.Run(a.name, func(t *testing.T) {
			e, _, s, _ := a.start(t)
			fn(t, a, e, s)
		})
	}
}

func plain(in []string) (out []string) {
	for _, s := range in {
		out = append(out, strings.NewReplacer("&#39;", "'").Replace(s)) // Google's, which is as good
	}
	return out
}

func TestOrderTagsAndEmptyTexts(t *testing.T) {
	texts := []string{
		"Перший", "", "Новий <b>закон</b> про <a href=\"https://example.org/?a=1&amp;b=2\">мови</a>", " ", "R&amp;D &lt;script&gt;", "\U0001f1fa\U0001f1e6 прапор",
		"П'ять: 1 077, «так» — 50 %", "عربي", "останній",
	}
	each(t, func(t *testing.T, a adapter, e engine.Engine, s *Service) {
		got, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: texts, Context: "Уся стаття.", Terms: []engine.Term{{Source: "немає", Target: "none"}}})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, s := range texts {
			want = append(want, Swap(s, true))
		}
		// LibreTranslate reads entities before it translates; the fake swaps what it reads.
		want[4] = plain(got.Texts)[4]
		if !strings.EqualFold(want[4], texts[4]) {
			t.Errorf("%q comes back as %q", texts[4], want[4])
		}
		if diff := cmp.Diff(want, plain(got.Texts)); diff != "" || got.Failed != nil || got.Billed <= 0 {
			t.Errorf("%s failed %v, billed %d", diff, got.Failed, got.Billed)
		}
		before := len(s.Translations())
		if got, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: []string{"", "\n"}}); err != nil || got.Texts[1] != "\n" || len(s.Translations()) != before {
			t.Errorf("nothing to translate: %+v, %v", got, err)
		}
	})
}

func TestPairsAndInfo(t *testing.T) {
	each(t, func(t *testing.T, a adapter, e engine.Engine, s *Service) {
		i := e.Info()
		if i.Name != "mine" || i.Kind != a.name || !i.HTML {
			t.Errorf("%+v", i)
		}
		// Many at once ask once.
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				pairs, err := e.Pairs(t.Context())
				if err != nil {
					t.Error(err)
				}
				found := false
				for _, p := range pairs {
					found = found || p == ukEn
				}
				if !found {
					t.Errorf("%s isn't among %v", ukEn, pairs)
				}
			})
		}
		wg.Wait()
		seen := map[string]int{}
		for _, r := range s.Asked() {
			if seen[r.Path+r.Query.Get("type")]++; seen[r.Path+r.Query.Get("type")] > 1 {
				t.Errorf("%s was asked for %d times", r.Path, seen[r.Path+r.Query.Get("type")])
			}
		}
		_, err := e.Translate(t.Context(), engine.Request{Pair: engine.Pair{From: "uk", To: "tlh"}, Texts: []string{"Так"}})
		if f := Fault(t, err); f.Trouble != engine.Unsupported || f.Sent || len(s.Translations()) != 0 {
			t.Errorf("Klingon: %+v", f)
		}
	})
}

func TestLimitsAreKept(t *testing.T) {
	each(t, func(t *testing.T, a adapter, e engine.Engine, s *Service) {
		l := e.Info().Limits
		for name, texts := range map[string][]string{
			"texts":      make([]string, l.Texts+1),
			"characters": {strings.Repeat("Так. ", l.Characters/5+1)},
		} {
			if name == "texts" && l.Texts == 0 || name == "characters" && l.Characters == 0 {
				continue
			}
			for i := range texts {
				if texts[i] == "" {
					texts[i] = "а"
				}
			}
			_, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: texts})
			if f := Fault(t, err); f.Trouble != engine.TooLong || f.Sent || len(s.Translations()) != 0 {
				t.Errorf("too many %s: %+v", name, f)
			}
		}
		if l.Characters == 0 {
			return
		}
		full := strings.Repeat("слово", l.Characters/5)
		if got, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: []string{full}}); err != nil || got.Texts[0] != Swap(full, true) {
			t.Errorf("as much as may be: %v", err)
		}
	})
}

func TestEndsWithItsContext(t *testing.T) {
	each(t, func(t *testing.T, a adapter, e engine.Engine, s *Service) {
		arrived, release := s.Hold()
		defer release()
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-arrived
			cancel()
		}()
		_, err := e.Translate(ctx, engine.Request{Pair: ukEn, Texts: []string{"Так"}})
		if f := Fault(t, err); f.Trouble != engine.Gone || !f.Sent || !errors.Is(err, context.Canceled) {
			t.Errorf("%+v", f)
		}
	})
}

func TestQuotaIsNeverTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, a adapter, e engine.Engine, s *Service) {
		if a.quota.Status == 0 {
			t.Skip("no quota")
		}
		s.Always(a.quota)
		_, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: []string{"Так"}})
		if f := Fault(t, err); f.Trouble != engine.Quota || f.Sent || len(s.Translations()) != 1 {
			t.Errorf("%+v after %d requests", f, len(s.Translations()))
		}
	})
}

func TestPaidOnce(t *testing.T) {
	each(t, func(t *testing.T, a adapter, e engine.Engine, s *Service) {
		for _, p := range []Play{{Cut: true}, {Break: true}} {
			c := Case{Play: p, Want: engine.Error{Trouble: engine.Gone, Sent: true}, Tries: 5}
			if e.Info().Billed {
				c.Tries = 1
			}
			c.Holds(t, e, s, ukEn)
		}
		// Refused before work: the next try is the first that is charged.
		s.Always(Play{})
		before := s.Charged()
		s.Plays(Play{Status: 429}, Play{Status: 503, Header: map[string]string{"Retry-After": "0"}})
		if _, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: []string{"Так"}}); err != nil || s.Charged() == before {
			t.Errorf("%v, %d characters charged", err, s.Charged()-before)
		}
	})
}

func TestAnswersThatAreNone(t *testing.T) {
	for _, body := range []string{"", "null", "[]", "{}", `"x"`, "<html>", `{"translations":null}`, `{"data":{}}`, `[{}]`, `{"translatedText":null}`, `{"choices":[{}]}`, "\xff\xfe"} {
		each(t, func(t *testing.T, a adapter, e engine.Engine, s *Service) {
			s.Always(Play{Status: 200, Body: body})
			got, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: []string{"Президент підписав закон"}})
			if err == nil && len(got.Failed) != 1 {
				t.Errorf("%q is taken for %q", body, got.Texts)
			}
			if err != nil {
				if f := Fault(t, err); f.Trouble != engine.Garbled || !f.Sent {
					t.Errorf("%q: %+v", body, f)
				}
			}
		})
	}
}

func TestOneTextTooFew(t *testing.T) {
	each(t, func(t *testing.T, a adapter, e engine.Engine, s *Service) {
		s.Always(Play{Texts: Loses(1)})
		got, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: []string{"Закон про мови", "Так, закон"}})
		if err != nil {
			if f := Fault(t, err); f.Trouble != engine.Garbled || !f.Sent {
				t.Errorf("%+v", f)
			}
		} else if a.name != "openai" || !slices.Equal(got.Failed, []int{1}) { // a model's texts have numbers
			t.Errorf("%+v", got)
		}
		if n := len(s.Translations()); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}

// Whatever is done to an engine, its key is told nowhere.
func TestKeyIsNotTold(t *testing.T) {
	for _, a := range adapters() {
		t.Run(a.name, func(t *testing.T) {
			good, wrong, s, configs := a.start(t)
			var said strings.Builder
			log := slog.New(slog.NewJSONHandler(&said, nil))
			for _, v := range append(configs, good, wrong) {
				fmt.Fprintf(&said, "%v %+v %#v %s\n", v, v, v, v)
				if b, err := json.Marshal(v); err == nil {
					said.Write(b)
				}
				log.Info("engine", "value", v)
			}
			plays := []Play{{}, {Cut: true}, {Break: true}, a.quota}
			for _, status := range []int{200, 301, 400, 401, 402, 403, 404, 408, 413, 418, 422, 429, 456, 500, 502, 503, 504, 529} {
				for _, body := range []string{
					`{"message":"` + Key + `"}`, `{"error":"` + Key + `"}`, `{"error":{"code":"` + Key + `","message":"` + Key + `","status":"` + Key + `"}}`,
					`{"status":400,"error":{"type":"` + Key + `","message":"` + Key + `"}}`, Key,
				} {
					plays = append(plays, Play{Status: status, Body: body, Header: map[string]string{"X-Trace-ID": Key, "X-RequestId": Key, "X-Request-Id": Key, "Location": "https://" + "example.invalid/" + Key}})
				}
			}
			for _, p := range plays {
				s.Always(p)
				_, err := good.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: []string{"Так"}})
				fmt.Fprintf(&said, "%v %+v %#v\n", err, err, err)
				log.Info("fault", "err", err)
			}
			s.Always(Play{})
			_, err := wrong.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: []string{"Так"}})
			if f := Fault(t, err); f.Trouble != engine.Key || f.Sent {
				t.Errorf("a wrong key: %+v", f)
			}
			_, err = wrong.Pairs(t.Context())
			fmt.Fprintln(&said, err)
			if at := strings.Index(said.String(), Key); at >= 0 {
				t.Errorf("the key is told: …%s…", said.String()[max(at-200, 0):at+len(Key)])
			}
			if strings.Contains(said.String(), "PRIVATE KEY") {
				t.Error("the private key is told")
			}
		})
	}
}

// Strings that have broken others come back whole, or are said to have failed.
func TestNaughtyStrings(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "data", "nasty", "blns.json"))
	if err != nil {
		t.Skip("the naughty strings aren't here")
	}
	var list []string
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, a adapter, e engine.Engine, s *Service) {
		failed := 0
		for at := 0; at < len(list); at += 20 {
			var texts []string
			for _, l := range list[at:min(at+20, len(list))] {
				texts = append(texts, EscapeForHTML(l))
			}
			got, err := e.Translate(t.Context(), engine.Request{Pair: ukEn, Texts: texts})
			if err != nil {
				t.Fatal(err)
			}
			bad := map[int]bool{}
			for _, i := range got.Failed {
				bad[i] = true
				failed++
			}
			for i, s := range texts {
				if !bad[i] && !strings.EqualFold(plain(got.Texts)[i], strings.NewReplacer("&#39;", "'").Replace(Swap(s, true))) {
					t.Errorf("%q comes back as %q", s, got.Texts[i])
				}
				if strings.Contains(got.Texts[i], "<") {
					t.Errorf("%q comes back with a tag: %q", s, got.Texts[i])
				}
			}
		}
		if failed > 25 {
			t.Errorf("%d of %d failed", failed, len(list))
		}
	})
}
