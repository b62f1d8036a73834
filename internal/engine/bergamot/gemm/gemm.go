// Package gemm multiplies matrices of 8-bit integers as translation models do, by the fastest means of
// the processor. All kernels give the same bits: sums are whole numbers and exact, and each float is
// made by the same roundings in the same order.
//
// A is rows of width values, B columns of width values: each result is the product of a row and a
// column that both lie in one piece.
package gemm

import "math"

// Max is the largest absolute value that [Kernel.Quantize] makes. Multiply relies on it: two products
// fit into 16 bits.
const Max = 127

// Kernel is one way of multiplying.
type Kernel struct {
	Name     string
	quantize func(dst []int8, src []float32, scale float32)
	multiply func(out []float32, a, b []int8, bias []float32, width int, factor float32)
}

// Quantize writes src times scale into dst, rounded to the nearest whole number, to the even one where
// two are as near, and bounded by ±Max. What is no number becomes Max.
func (k *Kernel) Quantize(dst []int8, src []float32, scale float32) {
	k.quantize(dst[:len(src)], src, scale)
}

// Multiply writes the product of a and b, times factor, plus bias, into out, row by row. The width must
// divide the lengths of a and b; bias has a value for each column. Values of a and b are within ±Max.
func (k *Kernel) Multiply(out []float32, a, b []int8, bias []float32, width int, factor float32) {
	rows, cols := len(a)/width, len(b)/width
	if rows*width != len(a) || cols*width != len(b) || len(bias) != cols || len(out) != rows*cols {
		panic("gemm: sizes that don't fit")
	}
	k.multiply(out, a, b, bias, width, factor)
}

// Portable runs everywhere.
var Portable = &Kernel{Name: "portable", quantize: quantize, multiply: multiply}

// Best is the fastest kernel of this processor.
func Best() *Kernel { all := All(); return all[len(all)-1] }

// All are the kernels that this processor can run, the slowest first.
func All() []*Kernel { return append([]*Kernel{Portable}, native()...) }

// QuantizeTransposing is Quantize of a matrix that lies in rows of cols values, into columns of width.
func QuantizeTransposing(dst []int8, src []float32, scale float32, width, cols int) {
	for i := range width {
		for j := range cols {
			dst[j*width+i] = quantizeOne(src[i*cols+j], scale)
		}
	}
}

// Take copies what is quantised already, and holds it within ±Max.
func Take(dst, src []int8) {
	for i, v := range src {
		dst[i] = max(v, -Max)
	}
}

func quantize(dst []int8, src []float32, scale float32) {
	for i, v := range src {
		dst[i] = quantizeOne(v, scale)
	}
}

func quantizeOne(v, scale float32) int8 {
	x := float32(v * scale)
	if !(x < Max) { //nolint:staticcheck // what is no number belongs here, too
		return Max
	}
	if x < -Max {
		return -Max
	}
	return int8(math.RoundToEven(float64(x)))
}

func multiply(out []float32, a, b []int8, bias []float32, width int, factor float32) {
	rows, cols := len(a)/width, len(b)/width
	for j := range cols {
		col := b[j*width : (j+1)*width]
		for i := range rows {
			out[i*cols+j] = finish(dot(a[i*width:(i+1)*width], col), factor, bias[j])
		}
	}
}

func dot(a, b []int8) int32 {
	var s0, s1, s2, s3 int32
	for len(a) >= 4 && len(b) >= 4 {
		s0 += int32(a[0]) * int32(b[0])
		s1 += int32(a[1]) * int32(b[1])
		s2 += int32(a[2]) * int32(b[2])
		s3 += int32(a[3]) * int32(b[3])
		a, b = a[4:], b[4:]
	}
	for i := range a {
		s0 += int32(a[i]) * int32(b[i])
	}
	return s0 + s1 + s2 + s3
}

// finish rounds twice: a fused multiply and add would round once, and differ between processors.
func finish(sum int32, factor, bias float32) float32 {
	return float32(float32(sum)*factor) + bias
}
