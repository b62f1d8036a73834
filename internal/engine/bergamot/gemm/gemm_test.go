package gemm

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// reference multiplies one by one, in 64 bits.
func reference(a, b []int8, bias []float32, width int, factor float32) []float32 {
	rows, cols := len(a)/width, len(b)/width
	var out []float32
	for i := range rows {
		for j := range cols {
			sum := int64(0)
			for k := range width {
				sum += int64(a[i*width+k]) * int64(b[j*width+k])
			}
			scaled := float32(float32(sum) * factor)
			out = append(out, scaled+bias[j])
		}
	}
	return out
}

func bits(list []float32) []uint32 {
	out := make([]uint32, len(list))
	for i, v := range list {
		out[i] = math.Float32bits(v)
	}
	return out
}

// guarded returns a slice of n values within a longer one, and a function that says whether the values
// around it are as they were.
func guarded[T int8 | float32](n int) ([]T, func() bool) {
	const around, mark = 64, 99
	all := slices.Repeat([]T{mark}, n+2*around)
	return all[around : around+n : around+n], func() bool {
		for i, v := range all {
			if (i < around || i >= around+n) && v != mark {
				return false
			}
		}
		return true
	}
}

// TestMultiply: each kernel gives the reference's bits for any sizes, also those that it has no fast
// way for, and writes nowhere else.
func TestMultiply(t *testing.T) {
	for _, k := range All() {
		t.Run(k.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				width := rapid.OneOf(rapid.Just(32), rapid.Just(64), rapid.Just(96), rapid.Just(256), rapid.IntRange(1, 70)).Draw(t, "width")
				rows := rapid.IntRange(1, 11).Draw(t, "rows")
				cols := rapid.OneOf(rapid.SampledFrom([]int{4, 8, 12, 24}), rapid.IntRange(1, 9)).Draw(t, "cols")
				// Extremes are where sums of 16 bits would saturate.
				value := rapid.OneOf(rapid.Int8Range(-Max, Max), rapid.SampledFrom([]int8{-Max, Max}))
				a := rapid.SliceOfN(value, rows*width, rows*width).Draw(t, "a")
				b := rapid.SliceOfN(value, cols*width, cols*width).Draw(t, "b")
				bias := rapid.SliceOfN(rapid.Float32Range(-1000, 1000), cols, cols).Draw(t, "bias")
				factor := rapid.Float32Range(1e-6, 10).Draw(t, "factor")
				out, intact := guarded[float32](rows * cols)
				k.Multiply(out, a, b, bias, width, factor)
				if want := reference(a, b, bias, width, factor); !slices.Equal(bits(out), bits(want)) {
					t.Fatalf("got %v\nwant %v", out, want)
				}
				if !intact() {
					t.Fatal("written beyond the result")
				}
			})
		})
	}
}

// TestMultiplyExtremes: the largest sums of the widest layers.
func TestMultiplyExtremes(t *testing.T) {
	const width, rows, cols = 4096, 5, 8
	for _, k := range All() {
		for _, x := range []int8{-Max, Max} {
			for _, y := range []int8{-Max, Max} {
				a, b := slices.Repeat([]int8{x}, width*rows), slices.Repeat([]int8{y}, width*cols)
				out, bias := make([]float32, rows*cols), make([]float32, cols)
				k.Multiply(out, a, b, bias, width, 1)
				if want := reference(a, b, bias, width, 1); !slices.Equal(bits(out), bits(want)) {
					t.Errorf("%s, %d times %d: %v instead of %v", k.Name, x, y, out[0], want[0])
				}
			}
		}
	}
}

// TestQuantize: each kernel rounds as written, also what is no number or too large for any integer.
func TestQuantize(t *testing.T) {
	odd := []float32{0, float32(math.Copysign(0, -1)), 0.5, 1.5, 2.5, -0.5, -1.5, 126.5, 127.5, -126.5, -127.5, 1e30, -1e30, 3e9, -3e9,
		float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)), math.SmallestNonzeroFloat32, math.MaxFloat32}
	for _, k := range All() {
		t.Run(k.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				src := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.Float32Range(-140, 140), rapid.Float32()), 0, 200).Draw(t, "src")
				scale := rapid.OneOf(rapid.Just(float32(1)), rapid.Float32Range(0.01, 100)).Draw(t, "scale")
				out, intact := guarded[int8](len(src))
				k.Quantize(out, src, scale)
				for i, v := range src {
					if want := nearest(v * scale); out[i] != want {
						t.Fatalf("%v times %v: %d instead of %d", v, scale, out[i], want)
					}
				}
				if !intact() {
					t.Fatal("written beyond the result")
				}
			})
		})
	}
}

// nearest is the rule of Quantize in exact numbers.
func nearest(x float32) int8 {
	switch {
	case math.IsNaN(float64(x)) || x >= Max:
		return Max
	case x <= -Max:
		return -Max
	}
	exact := new(big.Rat).SetFloat64(float64(x))
	best, dist := int8(0), new(big.Rat).SetInt64(1000)
	for v := int8(-Max); v < Max; v++ {
		d := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(int64(v)))
		if c := d.Abs(d).Cmp(dist); c < 0 || c == 0 && v%2 == 0 {
			best, dist = v, d
		}
		if v == Max-1 {
			d := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(Max))
			if d.Abs(d).Cmp(dist) < 0 {
				best = Max
			}
		}
	}
	return best
}

func TestQuantizeTransposing(t *testing.T) {
	src := []float32{1, 2, 3, 4, 5, 6} // 2 wide, 3 columns
	got := make([]int8, 6)
	QuantizeTransposing(got, src, 2, 2, 3)
	if want := []int8{2, 8, 4, 10, 6, 12}; !slices.Equal(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
}

func TestTake(t *testing.T) {
	got := make([]int8, 4)
	Take(got, []int8{-128, -127, 0, 127})
	if want := []int8{-127, -127, 0, 127}; !slices.Equal(got, want) {
		t.Errorf("%v instead of %v", got, want)
	}
}

// BenchmarkMultiply shows thousand millions of multiplications a second for the shapes of a small
// model: a feed-forward layer of a sentence, and of one word.
func BenchmarkMultiply(b *testing.B) {
	for _, k := range All() {
		for _, rows := range []int{1, 30} {
			b.Run(fmt.Sprintf("%s/%d", k.Name, rows), func(b *testing.B) {
				const width, cols = 256, 1536
				a, w := slices.Repeat([]int8{3}, rows*width), slices.Repeat([]int8{-5}, cols*width)
				out, bias := make([]float32, rows*cols), make([]float32, cols)
				for b.Loop() {
					k.Multiply(out, a, w, bias, width, 0.01)
				}
				b.ReportMetric(float64(rows*width*cols)*float64(b.N)/b.Elapsed().Seconds()/1e9, "G/s")
			})
		}
	}
}
