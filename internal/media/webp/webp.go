// Package webp makes WebP files with libwebp, compiled to WebAssembly and run by wazero: no C in
// our binary, and the encoder can reach nothing but the pixels it is given.
//
// encoder.wasm is made for browsers, where Emscripten's embind joins C++ and JavaScript. embind.go
// plays JavaScript's part in that, as far as this one module needs it. Where the file comes from
// stands in origin.json; tools/webp fetches it.
package webp

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"image"

	"github.com/tetratelabs/wazero"
)

//go:generate go run ../../../tools/webp -out .

//go:embed encoder.wasm
var module []byte

// memoryPages bounds what one encoding may take: 256 MiB. A picture of 1920 by 1920 takes about 60.
const memoryPages = 256 << 20 >> 16

// MaxSide is the greatest width and height the format knows.
const MaxSide = 16383

var errEncode = errors.New("webp: the encoder refuses the picture")

// Encoder makes WebP files. It is safe for many goroutines and does one picture at a time; the
// others wait. It costs nothing until the first picture.
type Encoder struct {
	cacheDir string
	turn     chan struct{} // holds one token: whose turn it is

	runtime  wazero.Runtime
	compiled wazero.CompiledModule
	cache    wazero.CompilationCache
}

// New returns an encoder that keeps its machine code in cacheDir between starts, or nowhere if
// that is empty.
func New(cacheDir string) *Encoder {
	e := &Encoder{cacheDir: cacheDir, turn: make(chan struct{}, 1)}
	e.turn <- struct{}{}
	return e
}

func (e *Encoder) lock(ctx context.Context) error {
	select {
	case <-e.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (e *Encoder) unlock() { e.turn <- struct{}{} }

// Close frees what the encoder holds. It may be used again afterwards.
func (e *Encoder) Close(ctx context.Context) error {
	if err := e.lock(ctx); err != nil {
		return err
	}
	defer e.unlock()
	if e.runtime == nil {
		return nil
	}
	err := errors.Join(e.runtime.Close(ctx), e.cache.Close(ctx))
	e.runtime, e.compiled, e.cache = nil, nil, nil
	return err
}

// start compiles the module: about a second without a cache, some milliseconds with one.
func (e *Encoder) start(ctx context.Context) error {
	if e.runtime != nil {
		return nil
	}
	cache := wazero.NewCompilationCache()
	if e.cacheDir != "" {
		var err error
		if cache, err = wazero.NewCompilationCacheWithDir(e.cacheDir); err != nil {
			return fmt.Errorf("webp: cache of the encoder: %w", err)
		}
	}
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().
		WithCompilationCache(cache).
		WithMemoryLimitPages(memoryPages).
		WithCloseOnContextDone(true))
	err := hostModule(ctx, r)
	var compiled wazero.CompiledModule
	if err == nil {
		compiled, err = r.CompileModule(ctx, module)
	}
	if err != nil {
		return fmt.Errorf("webp: start the encoder: %w", errors.Join(err, r.Close(ctx), cache.Close(ctx)))
	}
	e.runtime, e.compiled, e.cache = r, compiled, cache
	return nil
}

// Encode returns img as a lossy WebP file of the quality, 0 to 100, with its transparency if it
// has any. A context that ends stops the encoding.
func (e *Encoder) Encode(ctx context.Context, img *image.NRGBA, quality int) ([]byte, error) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if w < 1 || h < 1 || w > MaxSide || h > MaxSide {
		return nil, fmt.Errorf("%w: %d by %d", errEncode, w, h)
	}
	if err := e.lock(ctx); err != nil {
		return nil, err
	}
	defer e.unlock()
	if err := e.start(ctx); err != nil {
		return nil, err
	}
	// A fresh instance for each picture: memory is given back, and nothing one picture did to the
	// encoder can reach the next.
	b := &bindings{}
	ctx = context.WithValue(ctx, bindingsKey{}, b)
	mod, err := e.runtime.InstantiateModule(ctx, e.compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return nil, fmt.Errorf("webp: %w", err)
	}
	defer mod.Close(ctx)
	if err := b.start(ctx, mod); err != nil {
		return nil, err
	}
	return b.encode(ctx, mod, pixels(img), w, h, config(quality))
}

// config is libwebp's WebPConfig as its preset for photographs sets it. A field that the encoder
// registers and this lacks is 0.
func config(quality int) map[string]float64 {
	return map[string]float64{
		"quality": float64(quality), "method": 4,
		"sns_strength": 80, "filter_sharpness": 3, "filter_strength": 30, "filter_type": 1,
		"segments": 4, "pass": 1, "alpha_compression": 1, "alpha_filtering": 1, "alpha_quality": 90,
		"near_lossless": 100,
	}
}

// pixels returns the rows of img without gaps.
func pixels(img *image.NRGBA) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	start := img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y)
	if img.Stride == 4*w {
		return img.Pix[start : start+4*w*h]
	}
	out := make([]byte, 0, 4*w*h)
	for y := range h {
		row := start + y*img.Stride
		out = append(out, img.Pix[row:row+4*w]...)
	}
	return out
}
