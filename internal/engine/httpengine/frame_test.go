package httpengine

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/clock"
	"depesche/internal/engine"
	"depesche/internal/lang"
)

func TestTranslateFrame(t *testing.T) {
	c := New(Options{Name: "test"})
	info := engine.Info{Limits: engine.Limits{Texts: 3, Characters: 10}}
	r := engine.Request{Texts: []string{"", "a", " \n", "b", "c"}}
	got, err := c.Translate(info, r, func(texts []string) (Batch, error) {
		if diff := cmp.Diff([]string{"a", "b", "c"}, texts); diff != "" {
			t.Error(diff)
		}
		return Batch{Texts: []string{"A", " ", "C"}, Failed: []int{2}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want := engine.Result{Texts: []string{"", "A", " \n", "", ""}, Failed: []int{3, 4}, Billed: 3}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	never := func([]string) (Batch, error) { t.Error("it was sent"); return Batch{}, nil }
	if _, err := c.Translate(info, engine.Request{Texts: []string{"", " "}}, never); err != nil {
		t.Error(err)
	}
	for name, texts := range map[string][]string{"texts": {"a", "b", "c", "d"}, "characters": {strings.Repeat("ї", 11)}} {
		_, err := c.Translate(info, engine.Request{Texts: texts}, never)
		if e := fault(t, err); e.Trouble != engine.TooLong || e.Sent {
			t.Errorf("too many %s: %+v", name, e)
		}
	}
	_, err = c.Translate(info, r, func([]string) (Batch, error) { return Batch{Texts: []string{"A"}}, nil })
	if e := fault(t, err); e.Trouble != engine.Garbled || !e.Sent {
		t.Errorf("one text for three: %+v", e)
	}
}

func TestNearest(t *testing.T) {
	deepl := Codes([]string{"DE", "EN-GB", "EN-US", "PT-BR", "PT-PT", "ZH-HANS", "ZH-HANT", "NB", "UK"}, nil)
	azure := Codes([]string{"de", "en", "pt", "pt-pt", "sr-Cyrl", "sr-Latn", "zh-Hans", "zh-Hant", "fr", "fr-ca"}, nil)
	google := Codes([]string{"zh-CN", "zh-TW", "iw", "no", "zh", "en"}, map[string]lang.Tag{"zh-CN": "zh-Hans", "zh-TW": "zh-Hant"})
	for _, c := range []struct {
		tag   lang.Tag
		codes []Code
		want  string
	}{
		{"de", deepl, "DE"}, {"de-AT", deepl, "DE"}, {"en", deepl, "EN-GB"}, {"en-US", deepl, "EN-US"}, {"en-AU", deepl, "EN-GB"},
		{"pt", deepl, "PT-PT"}, {"pt-BR", deepl, "PT-BR"}, {"zh", deepl, "ZH-HANS"}, {"zh-TW", deepl, "ZH-HANT"}, {"zh-Hant", deepl, "ZH-HANT"},
		{"nb", deepl, "NB"}, {"uk", deepl, "UK"}, {"be", deepl, ""},
		{"en-GB", azure, "en"}, {"pt-BR", azure, "pt"}, {"pt-PT", azure, "pt-pt"}, {"sr", azure, "sr-Cyrl"}, {"sr-Latn", azure, "sr-Latn"}, {"fr", azure, "fr"}, {"fr-CA", azure, "fr-ca"}, {"fr-CH", azure, "fr"},
		{"he", google, "iw"}, {"nb", google, "no"}, {"zh-Hant", google, "zh-TW"}, {"zh-HK", google, "zh-TW"}, {"zh", google, "zh"},
	} {
		got, ok := nearest(c.tag, c.codes, []lang.Tag{"en-GB", "pt-PT"})
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s is %q, want %q", c.tag, got, c.want)
		}
	}
}

func TestPairs(t *testing.T) {
	got := Languages{Sources: Codes([]string{"EN", "UK", "auto?"}, nil), Targets: Codes([]string{"EN-GB", "UK"}, nil)}.Pairs()
	var names []string
	for _, p := range got {
		names = append(names, p.String())
	}
	if diff := cmp.Diff([]string{"en-uk", "uk-en-GB", "uk-en"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestRemembered(t *testing.T) {
	now := clock.NewStepping(time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC))
	m := Remember[int](now, time.Hour)
	asked := 0
	ask := func(context.Context) (int, error) { asked++; return asked, nil }
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if v, err := m.Value(t.Context(), ask); v != 1 || err != nil {
				t.Errorf("%d, %v", v, err)
			}
		})
	}
	wg.Wait()
	now.Advance(time.Hour)
	if _, err := m.Value(t.Context(), func(context.Context) (int, error) { return 0, errors.New("gone") }); err == nil {
		t.Error("a failure was kept from the one who asked")
	}
	if v, err := m.Value(t.Context(), ask); v != 2 || err != nil {
		t.Errorf("after an hour: %d, %v", v, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	inside, done := make(chan struct{}), make(chan struct{})
	now.Advance(time.Hour)
	go func() {
		defer close(done)
		m.Value(t.Context(), func(context.Context) (int, error) { close(inside); <-ctx.Done(); return 9, nil })
	}()
	<-inside
	cancelled, end := context.WithCancel(t.Context())
	end()
	if _, err := m.Value(cancelled, ask); !errors.Is(err, context.Canceled) {
		t.Errorf("one who no longer waits: %v", err)
	}
	cancel()
	<-done
}

// Those who wait for one that fails hear of it; those who wait for one that gives up ask themselves.
func TestRememberedFailures(t *testing.T) {
	for _, gaveUp := range []bool{false, true} {
		m := Remember[int](nil, time.Hour)
		ctx, cancel := context.WithCancel(t.Context())
		inside, out := make(chan struct{}), make(chan struct{})
		first := make(chan error)
		go func() {
			_, err := m.Value(ctx, func(context.Context) (int, error) {
				close(inside)
				<-out
				if gaveUp {
					cancel()
				}
				return 0, errors.New("gone")
			})
			first <- err
		}()
		<-inside
		second := make(chan error)
		waiting := &waits{Context: t.Context(), asked: make(chan struct{})}
		go func() {
			v, err := m.Value(waiting, func(context.Context) (int, error) { return 7, nil })
			if err == nil && v != 7 {
				err = errors.New("another value")
			}
			second <- err
		}()
		<-waiting.asked
		close(out)
		if err := <-first; err == nil {
			t.Error("the one who asked hears nothing")
		}
		if err := <-second; (err == nil) != gaveUp {
			t.Errorf("gave up %v: the one who waited hears %v", gaveUp, err)
		}
		cancel()
	}
}

// waits is a context that tells when somebody waits for it.
type waits struct {
	context.Context
	once  sync.Once
	asked chan struct{}
}

func (w *waits) Done() <-chan struct{} {
	w.once.Do(func() { close(w.asked) })
	return w.Context.Done()
}
