package wasm_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"depesche/internal/engine/bergamot/bergamottest"
	"depesche/internal/engine/bergamot/gemm"
	"depesche/internal/engine/bergamot/marian"
	"depesche/internal/engine/bergamot/wasm"
)

// program compiles the build, with machine code kept between tests.
func program(t *testing.T, k *gemm.Kernel) *wasm.Program {
	t.Helper()
	p, err := wasm.Compile(t.Context(), bergamottest.Wasm(t), wasm.Options{CacheDir: bergamottest.Cache(t), Kernel: k})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return p
}

// model is a whole model. Without a shape it is the toy of the test material, else one of random weights.
// Random weights never end a sentence, so translations are held to the length of their source.
func model(t *testing.T, shape *marian.Shape, seed uint64) wasm.Files {
	t.Helper()
	const folder = "bergamot-random"
	f := wasm.Files{
		Config:    wasm.Config(shape != nil && shape.Alphas, 1),
		Shortlist: bergamottest.Material(t, folder, "lex.50.50.enes.s2t.bin"),
		Vocabs:    [][]byte{bergamottest.Material(t, folder, "vocab.esen.spm")},
	}
	if shape == nil {
		f.Model = bergamottest.Material(t, folder, "model.random-tiny.bin")
	} else {
		f.Model = marian.Random(*shape, seed)
	}
	return f
}

func machine(t *testing.T, p *wasm.Program, files ...wasm.Files) (*wasm.Machine, []wasm.Model) {
	t.Helper()
	m, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close(context.Background()) })
	var models []wasm.Model
	for _, f := range files {
		mo, err := m.Load(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		models = append(models, mo)
	}
	return m, models
}

// news are the first texts of the parallel news, in English.
func news(t testing.TB, n int) []string {
	t.Helper()
	var out []string
	sc := bufio.NewScanner(bytes.NewReader(bergamottest.Material(t, "parallel-news", "ntrex-news.jsonl")))
	for len(out) < n && sc.Scan() {
		var v struct {
			En string `json:"en"`
		}
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v.En)
	}
	return out
}

// varied is a shape whose random weights say different words.
var varied = marian.Shape{Encoders: 2, Decoders: 1, Dim: 64, FFN: 128, Heads: 8, Words: 32_000}

func translate(t *testing.T, m *wasm.Machine, models []wasm.Model, texts []string) []string {
	t.Helper()
	var out []string
	for _, s := range texts {
		r, err := m.Translate(t.Context(), models, s, false)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

// TestKernelsAgree: each kernel gives the same texts, with and without scales in the model, on every
// machine, in every round, in any order.
func TestKernelsAgree(t *testing.T) {
	texts := news(t, 5)
	for name, shape := range map[string]*marian.Shape{"toy": nil, "varied": &varied, "alphas": {Encoders: 2, Decoders: 1, Dim: 64, FFN: 128, Heads: 8, Words: 32_000, Alphas: true}} {
		t.Run(name, func(t *testing.T) {
			f := model(t, shape, 7)
			var want []string
			for _, k := range gemm.All() {
				p := program(t, k)
				for range 2 {
					m, models := machine(t, p, f)
					for range 2 {
						got := translate(t, m, models, texts)
						if want == nil {
							want = got
						}
						for i := range got {
							if got[i] != want[i] || got[i] == "" {
								t.Errorf("%s, text %d:\n%q\n%q", k.Name, i, got[i], want[i])
							}
						}
					}
					for i := len(texts) - 1; i >= 0; i-- {
						if got := translate(t, m, models, texts[i:i+1])[0]; got != want[i] {
							t.Errorf("%s, text %d after others: %q", k.Name, i, got)
						}
					}
				}
			}
		})
	}
}

// TestPivot: a second model translates what the first made, and markup comes through both.
func TestPivot(t *testing.T) {
	p := program(t, nil)
	f := model(t, &varied, 7)
	g := model(t, &varied, 8)
	m, models := machine(t, p, f, g)
	const text = "The government has resigned. Elections are due in May."
	both, err := m.Translate(t.Context(), models, text, false)
	if err != nil {
		t.Fatal(err)
	}
	first, err := m.Translate(t.Context(), models[:1], text, false)
	if err != nil {
		t.Fatal(err)
	}
	second, err := m.Translate(t.Context(), models[1:], text, false)
	if err != nil {
		t.Fatal(err)
	}
	if both == first || both == second || both == "" {
		t.Errorf("through both %q, the first %q, the second %q", both, first, second)
	}
	html, err := m.Translate(t.Context(), models, `The <b>government</b> has <a href="/x?a=1&amp;b=2">resigned</a>.`, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<b>", "</b>", `<a href="/x?a=1&amp;b=2">`, "</a>"} {
		if !strings.Contains(html, want) {
			t.Errorf("%s is lost: %s", want, html)
		}
	}
}

// TestOdd: texts that aren't sentences.
func TestOdd(t *testing.T) {
	m, models := machine(t, program(t, nil), model(t, nil, 0))
	for _, s := range []string{"", " ", "\n\n", "🙂", "\u200b", "a\x00b", "\xff\xfe", strings.Repeat("x", 5000), strings.Repeat("слово ", 700), "&lt;b&gt; & < >"} {
		if _, err := m.Translate(t.Context(), models, s, false); err != nil {
			t.Fatalf("%.20q: %v", s, err)
		}
	}
}

// TestGivesUp: what the module can't bear ends the machine with an error, and the program makes another.
func TestGivesUp(t *testing.T) {
	p := program(t, nil)
	good := model(t, nil, 0)
	cut := good
	cut.Model = good.Model[:len(good.Model)/2]
	other := good
	other.Model = good.Vocabs[0]
	for name, c := range map[string]struct {
		files wasm.Files
		text  string
	}{
		"an open element":   {good, "a <b>b"},
		"a wrong end":       {good, "a <b>b</i>"},
		"a model cut off":   {cut, "a"},
		"a file of another": {other, "a"},
	} {
		m, err := p.Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		mo, err := m.Load(t.Context(), c.files)
		if err == nil {
			_, err = m.Translate(t.Context(), []wasm.Model{mo}, c.text, true)
		}
		if err == nil {
			t.Errorf("%s is borne", name)
		}
		if strings.Contains(err.Error(), "</i>") {
			t.Errorf("the error quotes the text: %v", err)
		}
		if err := m.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
	m, models := machine(t, p, good)
	if s := translate(t, m, models, []string{"And now a good one."})[0]; s == "" {
		t.Error("nothing after that")
	}
}

// TestCancel: a translation that nobody waits for any more ends in the middle.
func TestCancel(t *testing.T) {
	m, models := machine(t, program(t, nil), model(t, nil, 0))
	translate(t, m, models, []string{"Warm."})
	ctx := &after{Context: context.Background(), calls: 50}
	if _, err := m.Translate(ctx, models, strings.Repeat("A long text of many sentences. ", 2000), false); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if ctx.asked > ctx.calls+5 {
		t.Errorf("%d multiplications after the end", ctx.asked-ctx.calls)
	}
}

// after is a context that ends when it was asked so many times.
type after struct {
	context.Context
	calls, asked int
}

func (a *after) Err() error {
	if a.asked++; a.asked > a.calls {
		return context.Canceled
	}
	return nil
}
