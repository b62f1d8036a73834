package enginetest

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/engine"
)

var ukDe = engine.Pair{From: "uk", To: "de"}

func TestSwap(t *testing.T) {
	for _, c := range []struct {
		text string
		html bool
		want string
	}{
		{"Новий закон, 2 статті", false, "нОВИЙ ЗАКОН, 2 СТАТТІ"},
		{`Das <a href="Ab">Gesetz</a> &amp; Recht`, true, `dAS <a href="Ab">gESETZ</a> &amp; rECHT`},
		{"a < b & c; d", false, "A < B & C; D"},
		{"", true, ""},
	} {
		if got := Swap(c.text, c.html); got != c.want {
			t.Errorf("Swap(%q) is %q, want %q", c.text, got, c.want)
		}
	}
}

func TestEngineAnswers(t *testing.T) {
	e := New("test", "uk-de").Says("Привіт", "Hallo").Loses("зникни")
	got, err := e.Translate(t.Context(), engine.Request{
		Pair: ukDe, Texts: []string{"Привіт", "зникни", "Рада і Рада"}, Terms: []engine.Term{{Source: "Рада", Target: "Rada"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := engine.Result{Texts: []string{"Hallo", "", "Rada І Rada"}, Failed: []int{1}, Model: "swap", Billed: 23}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if e.Characters() != 23 || len(e.Asked()) != 1 {
		t.Errorf("%d characters in %d requests, want 23 in 1", e.Characters(), len(e.Asked()))
	}
}

func TestEngineBreaks(t *testing.T) {
	e := New("test", "uk-de").Breaks(&engine.Error{Trouble: engine.Busy, Sent: true}, nil)
	e.Declare(func(i *engine.Info) { i.Limits.Texts = 1 })
	trouble := func(pair engine.Pair, texts ...string) engine.Trouble {
		t.Helper()
		_, err := e.Translate(t.Context(), engine.Request{Pair: pair, Texts: texts})
		var fault *engine.Error
		if errors.As(err, &fault) && fault.Engine != "test" {
			t.Errorf("the error is of engine %q", fault.Engine)
		}
		if err == nil {
			return ""
		}
		return fault.Trouble
	}
	for i, want := range []engine.Trouble{engine.Busy, ""} {
		if got := trouble(ukDe, "a"); got != want {
			t.Errorf("request %d: %q, want %q", i, got, want)
		}
	}
	if got := trouble(ukDe, "a", "b"); got != engine.TooLong {
		t.Errorf("two texts: %q", got)
	}
	if got := trouble(engine.Pair{From: "de", To: "uk"}, "a"); got != engine.Unsupported {
		t.Errorf("another pair: %q", got)
	}
	e.Stays(&engine.Error{Trouble: engine.Quota})
	if got := trouble(ukDe, "a"); got != engine.Quota {
		t.Errorf("a lasting fault: %q", got)
	}
}

func TestEngineHolds(t *testing.T) {
	e := New("test", "uk-de")
	arrived, release := e.Hold()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 2)
	ask := func(ctx context.Context) {
		_, err := e.Translate(ctx, engine.Request{Pair: ukDe, Texts: []string{"a"}})
		done <- err
	}
	go ask(ctx)
	<-arrived
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled request ends with %v", err)
	}
	go ask(t.Context())
	<-arrived
	release()
	if err := <-done; err != nil {
		t.Errorf("the held request ends with %v", err)
	}
}
