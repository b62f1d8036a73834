package bergamot_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/engine"
	"depesche/internal/engine/bergamot"
	"depesche/internal/engine/bergamot/bergamottest"
	"depesche/internal/engine/bergamot/gemm"
	"depesche/internal/engine/bergamot/marian"
	"depesche/internal/engine/bergamot/store"
	"depesche/internal/lang"
)

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

// varied is a shape whose random weights say different words; strange one that the files' check lets
// through and the program gives up at.
var (
	varied  = marian.Shape{Encoders: 2, Decoders: 1, Dim: 64, FFN: 128, Heads: 8, Words: 32_000}
	strange = marian.Shape{Encoders: 1, Decoders: 1, Dim: 64, FFN: 128, Heads: 7, Words: 32_000}
)

func pair(s string) engine.Pair {
	from, to, _ := strings.Cut(s, "-")
	return engine.Pair{From: lang.Tag(from), To: lang.Tag(to)}
}

// folder makes a store with the program, its machine code from other tests at hand.
func folder(t *testing.T) *store.Store {
	t.Helper()
	dir := t.TempDir()
	s := store.Open(dir)
	in := t.TempDir()
	write(t, in, bergamottest.WasmName, bergamottest.Wasm(t))
	if _, err := s.Add(store.Add{Dir: in, Now: noon}); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(bergamottest.Cache(t), s.Cache()); err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t *testing.T, dir, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// add takes in a model of random weights, or the toy of the test material without a shape.
func add(t *testing.T, s *store.Store, p string, shape *marian.Shape, seed uint64) {
	t.Helper()
	dir := t.TempDir()
	const material = "bergamot-random"
	weights := func() []byte {
		if shape == nil {
			return bergamottest.Material(t, material, "model.random-tiny.bin")
		}
		return marian.Random(*shape, seed)
	}
	write(t, dir, "model.random.bin", weights())
	write(t, dir, "lex.esen.s2t.bin", bergamottest.Material(t, material, "lex.50.50.enes.s2t.bin"))
	write(t, dir, "vocab.esen.spm", bergamottest.Material(t, material, "vocab.esen.spm"))
	if _, err := s.Add(store.Add{Dir: dir, Pair: pair(p), Unstated: true, Now: noon}); err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T, s *store.Store, o bergamot.Options) *bergamot.Engine {
	t.Helper()
	o.MaxLengthFactor = 1 // random weights never end a sentence
	e := bergamot.New(s, o)
	t.Cleanup(func() {
		if err := e.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return e
}

func ask(t *testing.T, e *bergamot.Engine, p string, texts ...string) engine.Result {
	t.Helper()
	r, err := e.Translate(t.Context(), engine.Request{Pair: pair(p), Texts: texts})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func trouble(t *testing.T, err error) engine.Trouble {
	t.Helper()
	var e *engine.Error
	if !errors.As(err, &e) {
		t.Fatalf("%v is no *engine.Error", err)
	}
	return e.Trouble
}

func pairsOf(t *testing.T, e *bergamot.Engine) (out []string) {
	t.Helper()
	list, err := e.Pairs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range list {
		out = append(out, p.String())
	}
	return out
}

// TestEngine goes through an engine's life: models come and go while it runs.
func TestEngine(t *testing.T) {
	s := folder(t)
	e := start(t, s, bergamot.Options{Machines: 2})
	if got := pairsOf(t, e); len(got) > 0 {
		t.Errorf("an empty folder has %v", got)
	}
	_, err := e.Translate(t.Context(), engine.Request{Pair: pair("uk-de"), Texts: []string{"а"}})
	if trouble(t, err) != engine.Unsupported {
		t.Error(err)
	}
	add(t, s, "uk-en", &varied, 1)
	add(t, s, "en-de", &varied, 2)
	if diff := cmp.Diff([]string{"en-de", "uk-de", "uk-en"}, pairsOf(t, e)); diff != "" {
		t.Error(diff)
	}
	const text = `Der <a href="/x?a=1&amp;b=2">Rat</a> hat <b>287</b> Stimmen. Das reicht.`
	straight := ask(t, e, "uk-en", text)
	if straight.Through != "" || !strings.HasPrefix(straight.Model, "uk-en ") || straight.Texts[0] == text {
		t.Errorf("%+v", straight)
	}
	through := ask(t, e, "uk-de", text)
	if through.Through != "en" || !strings.Contains(through.Model, " + en-de ") || through.Texts[0] == straight.Texts[0] {
		t.Errorf("%+v", through)
	}
	for _, r := range []engine.Result{straight, through} {
		for _, want := range []string{`<a href="/x?a=1&amp;b=2">`, "</a>", "<b>", "</b>"} {
			if strings.Count(r.Texts[0], want) != 1 {
				t.Errorf("%s: %s", want, r.Texts[0])
			}
		}
	}
	if r := ask(t, e, "uk-en", text); r.Texts[0] != straight.Texts[0] {
		t.Errorf("again: %+v", r)
	}
	if r, err := e.Translate(t.Context(), engine.Request{Pair: engine.Pair{From: "uk", To: "de-AT"}, Texts: []string{text}}); err != nil || r.Texts[0] != through.Texts[0] {
		t.Errorf("a region of the language: %+v %v", r, err)
	}
	if err := s.Remove(pair("en-de")); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Translate(t.Context(), engine.Request{Pair: pair("uk-de"), Texts: []string{text}}); trouble(t, err) != engine.Unsupported {
		t.Error(err)
	}
	add(t, s, "uk-en", &varied, 3)
	if r := ask(t, e, "uk-en", text); r.Texts[0] == straight.Texts[0] || r.Model == straight.Model {
		t.Errorf("the model that replaced another isn't used: %+v", r)
	}
}

// TestTexts: what is no fragment fails alone; what says nothing comes back; odd ones are borne.
func TestTexts(t *testing.T) {
	s := folder(t)
	add(t, s, "en-es", nil, 0)
	e := start(t, s, bergamot.Options{})
	texts := []string{"One.", "<b>open", "", " ", "🙂 12 %", "<br>", "a & b", "\xff", "Two &amp; three.", "<b>2027</b>", strings.Repeat("x", 4000)}
	r := ask(t, e, "en-es", texts...)
	if diff := cmp.Diff([]int{1, 6, 7}, r.Failed); diff != "" {
		t.Error(diff)
	}
	for _, i := range []int{2, 3, 4, 5, 9} {
		if r.Texts[i] != texts[i] {
			t.Errorf("%q became %q", texts[i], r.Texts[i])
		}
	}
	for _, i := range []int{0, 8, 10} {
		if r.Texts[i] == "" || r.Texts[i] == texts[i] {
			t.Errorf("%.20q became %.20q", texts[i], r.Texts[i])
		}
	}
	for name, texts := range map[string][]string{"many": make([]string, 501), "long": {strings.Repeat("a", 200_001)}} {
		if _, err := e.Translate(t.Context(), engine.Request{Pair: pair("en-es"), Texts: texts}); trouble(t, err) != engine.TooLong {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLong: a text of 10,000 words, and one without any end of a sentence.
func TestLong(t *testing.T) {
	s := folder(t)
	add(t, s, "en-es", nil, 0)
	e := start(t, s, bergamot.Options{})
	r := ask(t, e, "en-es", strings.Repeat("The council met again on Monday and agreed on <b>nothing</b>. ", 1000), strings.Repeat("word ", 1000))
	if len(r.Failed) > 0 || strings.Count(r.Texts[0], "<b>") < 1000 {
		t.Errorf("%v, %d marks", r.Failed, strings.Count(r.Texts[0], "<b>"))
	}
}

// TestSameAnyhow: a text's translation doesn't depend on what is translated with it, before it or beside
// it, nor on the kernel.
func TestSameAnyhow(t *testing.T) {
	s := folder(t)
	add(t, s, "uk-en", &varied, 1)
	add(t, s, "en-de", &varied, 2)
	texts := []string{"One short.", "Another one, a little longer. With two.", "Yes.", "And <b>one</b> of <i>marks</i> &amp; more.", "Nothing."}
	var want engine.Result
	for _, k := range gemm.All() {
		for _, machines := range []int{1, 3} {
			e := start(t, s, bergamot.Options{Machines: machines, Kernel: k})
			got := ask(t, e, "uk-de", texts...)
			if want.Texts == nil {
				want = got
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %d machines: %s", k.Name, machines, diff)
			}
			turned := slices.Clone(texts[1:])
			slices.Reverse(turned)
			back := ask(t, e, "uk-de", turned...).Texts
			slices.Reverse(back)
			if diff := cmp.Diff(want.Texts[1:], back); diff != "" {
				t.Errorf("%s, %d machines, turned round: %s", k.Name, machines, diff)
			}
		}
	}
}

// TestAfterTrouble: a model at which the program gives up, a damaged one and a request that nobody
// waits for leave no machine behind that others would get.
func TestAfterTrouble(t *testing.T) {
	s := folder(t)
	add(t, s, "en-es", nil, 0)
	add(t, s, "en-fr", &strange, 1)
	add(t, s, "en-pl", &varied, 1)
	e := start(t, s, bergamot.Options{Machines: 1})
	want := ask(t, e, "en-es", "Before.", "After.")
	for range 2 {
		_, err := e.Translate(t.Context(), engine.Request{Pair: pair("en-fr"), Texts: []string{"secret words"}})
		if trouble(t, err) != engine.Garbled || strings.Contains(err.Error(), "secret") {
			t.Error(err)
		}
	}
	x, err := s.Index()
	if err != nil {
		t.Fatal(err)
	}
	m, _ := x.Model(pair("en-pl"))
	name := filepath.Join(filepath.Dir(s.Cache()), "files", m.Weights.SHA256)
	if err := os.WriteFile(name, []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Translate(t.Context(), engine.Request{Pair: pair("en-pl"), Texts: []string{"a"}}); trouble(t, err) != engine.Refused {
		t.Error(err)
	}
	e.Free(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := e.Translate(ctx, engine.Request{Pair: pair("en-es"), Texts: []string{strings.Repeat("On and on. ", 5000)}})
		done <- err
	}()
	for e.State().Bytes == 0 {
		runtime.Gosched()
	}
	cancel()
	if err := <-done; trouble(t, err) != engine.Gone || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	got := ask(t, e, "en-es", "Before.", "After.")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if st := e.State(); st.Idle != 1 {
		t.Errorf("%+v", st)
	}
}

// TestEvict: machines that wait are closed, the longest unused first, when the memory is full.
func TestEvict(t *testing.T) {
	s := folder(t)
	for i, p := range []string{"en-es", "en-fr", "en-pl"} {
		add(t, s, p, &varied, uint64(i)) //nolint:gosec // three
	}
	roomy := start(t, s, bergamot.Options{Machines: 1, Memory: 1 << 40})
	for _, p := range []string{"en-es", "en-fr", "en-pl", "en-es"} {
		ask(t, roomy, p, "A text.")
	}
	st := roomy.State()
	if st.Idle != 3 || st.Bytes < 3<<20 {
		t.Fatalf("%+v", st)
	}
	one := st.Bytes / 3
	tight := start(t, s, bergamot.Options{Machines: 1, Memory: 2*one + one/2})
	for range 2 {
		for _, p := range []string{"en-es", "en-fr", "en-pl"} {
			ask(t, tight, p, "A text.")
			if st := tight.State(); st.Bytes > 2*one+one/2 || st.Idle > 2 || st.Idle < 1 {
				t.Errorf("%+v of at most %d", st, 2*one+one/2)
			}
		}
	}
	none := start(t, s, bergamot.Options{Machines: 1, Memory: 1})
	ask(t, none, "en-es", "A text.")
	if st := none.State(); st != (bergamot.State{}) {
		t.Errorf("%+v", st)
	}
	roomy.Free(t.Context())
	if st := roomy.State(); st != (bergamot.State{}) {
		t.Errorf("freed: %+v", st)
	}
}

// TestRest: what nobody asks for gives its memory back, and is there again when somebody does.
func TestRest(t *testing.T) {
	s := folder(t)
	add(t, s, "en-es", nil, 0)
	e := start(t, s, bergamot.Options{Idle: time.Millisecond})
	first := ask(t, e, "en-es", "Nobody asks again.")
	deadline := time.Now().Add(time.Minute)
	for e.State().Bytes > 0 {
		if time.Now().After(deadline) {
			t.Fatalf("%+v is held", e.State())
		}
		runtime.Gosched()
	}
	if again := ask(t, e, "en-es", "Nobody asks again."); again.Texts[0] != first.Texts[0] {
		t.Errorf("%q after the rest, %q before", again.Texts[0], first.Texts[0])
	}
}
