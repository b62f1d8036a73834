// Command engine measures the embedded engine and prints docs/engine.md: run it by `make bench-engine`.
// It fetches the engine's program by npm, once; models are of random weights and made here.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"depesche/internal/engine"
	"depesche/internal/engine/bergamot"
	"depesche/internal/engine/bergamot/bergamottest"
	"depesche/internal/engine/bergamot/gemm"
	"depesche/internal/engine/bergamot/marian"
	"depesche/internal/engine/bergamot/store"
	"depesche/internal/engine/bergamot/wasm"
	"depesche/tools/figures"
)

var (
	out    = flag.String("out", "docs/engine.md", "file to write, or - for the screen only")
	growth = flag.Int("growth", 10_000, "segments over which memory must not grow")
	some   = flag.Int("segments", 100, "segments whose speed is measured")
)

func main() {
	flag.Parse()
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is what all measurements share.
type bench struct {
	dir   string
	store *store.Store
	texts []string
	rows  []figures.Row
}

func (b *bench) add(what, reach, format string, args ...any) {
	got := fmt.Sprintf(format, args...)
	fmt.Fprintln(os.Stderr, what+":", got)
	b.rows = append(b.rows, figures.Row{what, reach, got})
}

// Directions of the models that are measured.
var (
	tiny1 = engine.Pair{From: "uk", To: "en"}
	tiny2 = engine.Pair{From: "en", To: "de"}
	pivot = engine.Pair{From: "uk", To: "de"}
	toy   = engine.Pair{From: "en", To: "es"}
)

func run(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "depesche-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &bench{dir: dir, store: store.Open(filepath.Join(dir, "engines"))}
	if b.texts, err = news(); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{b.fill, b.starts, b.speed, b.memory, b.grow} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return b.report()
}

// fill makes the folder: the program, two models of Firefox's shape, and the toy of the test material.
func (b *bench) fill(ctx context.Context) error {
	program, err := bergamottest.Fetch(ctx)
	if err != nil {
		return err
	}
	material, err := bergamottest.SharedDir("bergamot-random")
	if err != nil {
		return err
	}
	weights, err := os.ReadFile(filepath.Join(material, "model.random-tiny.bin"))
	if err != nil {
		return err
	}
	one := marian.Random(marian.Tiny, 1)
	n, err := marian.Count(one)
	if err != nil {
		return err
	}
	b.add("weights of the model that is measured: 6 encoders, 2 decoders (SSRU), 256 wide, 1,536 in between, 32,000 words", "as Firefox's \"tiny\"", "%.1f million, %.1f MB", float64(n)/1e6, float64(len(one))/1e6)
	for p, w := range map[engine.Pair][]byte{tiny1: one, tiny2: marian.Random(marian.Tiny, 2), toy: weights} {
		in := filepath.Join(b.dir, p.String())
		if err := os.Mkdir(in, 0o700); err != nil {
			return err
		}
		files := map[string][]byte{"model.random.bin": w, bergamottest.WasmName: program}
		for _, name := range []string{"lex.50.50.enes.s2t.bin", "vocab.esen.spm"} {
			if files[name], err = os.ReadFile(filepath.Join(material, name)); err != nil {
				return err
			}
		}
		for name, data := range files {
			if err := os.WriteFile(filepath.Join(in, name), data, 0o600); err != nil {
				return err
			}
		}
		if _, err := b.store.Add(store.Add{Dir: in, Pair: p, Unstated: true, Now: time.Now()}); err != nil {
			return err
		}
	}
	return nil
}

// starts measures from nothing to a first translation, without and with machine code at hand.
func (b *bench) starts(ctx context.Context) error {
	x, err := b.store.Index()
	if err != nil {
		return err
	}
	program, err := b.store.Read(*x.Program)
	if err != nil {
		return err
	}
	start := func() (time.Duration, error) {
		began := time.Now()
		p, err := wasm.Compile(ctx, program, wasm.Options{CacheDir: b.store.Cache()})
		if err != nil {
			return 0, err
		}
		m, err := p.Start(ctx)
		took := time.Since(began)
		if err == nil {
			err = m.Close(ctx)
		}
		return took, errors.Join(err, p.Close(ctx))
	}
	cold, err := start()
	if err != nil {
		return err
	}
	var warm []time.Duration
	for range 5 {
		took, err := start()
		if err != nil {
			return err
		}
		warm = append(warm, took)
	}
	b.add("machine code of the program made, and a machine started (`engine add` does it once)", "", "%.1f s", cold.Seconds())
	b.add("start with warm cache (median of 5)", "under 0.5 s", "%.2f s", figures.Median(warm).Seconds())
	var first []time.Duration
	for range 3 {
		e := b.engine(nil)
		began := time.Now()
		if _, err := e.Translate(ctx, engine.Request{Pair: tiny1, Texts: []string{"Good morning."}}); err != nil {
			return err
		}
		first = append(first, time.Since(began))
		if err := e.Close(ctx); err != nil {
			return err
		}
	}
	b.add("the same with reading and checking a model and translating two words (median of 3)", "", "%.2f s", figures.Median(first).Seconds())
	return nil
}

// engine is one with one machine. Random weights never end a sentence, so output is held to the length
// of the input.
func (b *bench) engine(k *gemm.Kernel) *bergamot.Engine {
	return bergamot.New(b.store, bergamot.Options{Machines: 1, MaxLengthFactor: 1, Kernel: k, Memory: 8 << 30})
}

func words(texts []string) (n int) {
	for _, s := range texts {
		n += len(strings.Fields(s))
	}
	return n
}

// speed measures each kernel, and compares what they give.
func (b *bench) speed(ctx context.Context) error {
	kernels := gemm.All()
	slices.Reverse(kernels)
	var want []string
	same := 0
	for i, k := range kernels {
		texts := b.texts[:*some]
		reach := ""
		switch {
		case k == gemm.Portable:
			texts = texts[:max(1, *some/10)]
		case i == 0:
			reach = "at least 500"
		}
		e := b.engine(k)
		if _, err := e.Translate(ctx, engine.Request{Pair: tiny1, Texts: texts[:1]}); err != nil {
			return err
		}
		r, fastest, err := b.rounds(ctx, e, texts, i == 0)
		if err != nil {
			return err
		}
		b.add(fmt.Sprintf("words a second of one core's time, kernel %s, %d segments one by one, %d words, output as long as input", k.Name, len(texts), words(texts)), reach,
			"%.0f", float64(words(texts))/fastest.Seconds())
		if want == nil {
			want = r.Texts
		}
		for j, s := range r.Texts {
			if s != want[j] || s == "" {
				return fmt.Errorf("kernel %s translates text %d otherwise", k.Name, j)
			}
		}
		same += len(r.Texts)
		again, err := e.Translate(ctx, engine.Request{Pair: tiny1, Texts: texts[:min(20, len(texts))]})
		if err != nil {
			return err
		}
		if !slices.Equal(again.Texts, r.Texts[:len(again.Texts)]) {
			return fmt.Errorf("kernel %s translates otherwise the second time", k.Name)
		}
		if err := e.Close(ctx); err != nil {
			return err
		}
	}
	b.add("translations compared between kernels and rounds", "identical", "%d, all identical", same)
	return nil
}

// rounds translates the texts some times and returns the processor time of the fastest: others at work on
// the machine share caches and cores with it.
func (b *bench) rounds(ctx context.Context, e *bergamot.Engine, texts []string, many bool) (r engine.Result, fastest time.Duration, err error) {
	n := 1
	if many {
		n = 7
	}
	for i := range n {
		used := processor()
		if r, err = e.Translate(ctx, engine.Request{Pair: tiny1, Texts: texts}); err != nil {
			return r, 0, err
		}
		if used = processor() - used; i == 0 || used < fastest {
			fastest = used
		}
	}
	return r, fastest, nil
}

// memory measures what models hold when they wait.
func (b *bench) memory(ctx context.Context) error {
	for _, c := range []struct {
		what string
		pair engine.Pair
	}{{"memory of one machine with one model, after 30 segments", tiny1}, {"with two models, for a way through English", pivot}} {
		e := b.engine(nil)
		if _, err := e.Translate(ctx, engine.Request{Pair: c.pair, Texts: b.texts[:30]}); err != nil {
			return err
		}
		b.add(c.what, "", "%.0f MB", float64(e.State().Bytes)/1e6)
		if err := e.Close(ctx); err != nil {
			return err
		}
	}
	return nil
}

// grow lets one machine work for long. The toy does: memory doesn't depend on what weights say.
func (b *bench) grow(ctx context.Context) error {
	e := b.engine(nil)
	defer e.Close(ctx)
	var marks []int64
	for done := 0; done < *growth; {
		n := min(len(b.texts), *growth-done)
		for batch := range slices.Chunk(b.texts[:n], 100) {
			if _, err := e.Translate(ctx, engine.Request{Pair: toy, Texts: batch}); err != nil {
				return err
			}
		}
		done += n
		marks = append(marks, e.State().Bytes)
	}
	b.add(fmt.Sprintf("memory of a machine after %d segments, and after %d (the toy of the test material)", len(b.texts), *growth), "no growth",
		"%.1f MB, %.1f MB", float64(marks[0])/1e6, float64(marks[len(marks)-1])/1e6)
	return nil
}
