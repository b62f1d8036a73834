package gemm

import "golang.org/x/sys/cpu"

//go:noescape
func quantizeAVX2(dst *int8, src *float32, n int, scale float32)

//go:noescape
func rows1AVX2(out *float32, a, b *int8, bias *float32, width, cols int, factor float32)

//go:noescape
func rows2AVX2(out *float32, a, b *int8, bias *float32, width, cols int, factor float32)

//go:noescape
func rows1VNNI(out *float32, a, b *int8, bias *float32, width, cols int, factor float32)

//go:noescape
func rows4VNNI(out *float32, a, b *int8, bias *float32, width, cols int, factor float32)

func native() []*Kernel {
	var out []*Kernel
	x := cpu.X86
	if x.HasAVX2 {
		out = append(out, &Kernel{Name: "AVX2", quantize: quantizeFast, multiply: multiplyAVX2})
	}
	if x.HasAVX2 && x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL && x.HasAVX512VNNI {
		out = append(out, &Kernel{Name: "AVX512-VNNI", quantize: quantizeFast, multiply: multiplyVNNI})
	}
	return out
}

func quantizeFast(dst []int8, src []float32, scale float32) {
	n := len(src) &^ 31
	if n > 0 {
		quantizeAVX2(&dst[0], &src[0], n, scale)
	}
	quantize(dst[n:], src[n:], scale)
}

func multiplyAVX2(out []float32, a, b []int8, bias []float32, width int, factor float32) {
	rows, cols := len(a)/width, len(b)/width
	if width%32 != 0 || cols%4 != 0 || rows == 0 || cols == 0 {
		multiply(out, a, b, bias, width, factor)
		return
	}
	i := 0
	for ; i+2 <= rows; i += 2 {
		rows2AVX2(&out[i*cols], &a[i*width], &b[0], &bias[0], width, cols, factor)
	}
	if i < rows {
		rows1AVX2(&out[i*cols], &a[i*width], &b[0], &bias[0], width, cols, factor)
	}
}

func multiplyVNNI(out []float32, a, b []int8, bias []float32, width int, factor float32) {
	rows, cols := len(a)/width, len(b)/width
	if width%64 != 0 || cols%4 != 0 || rows == 0 || cols == 0 {
		multiplyAVX2(out, a, b, bias, width, factor)
		return
	}
	i := 0
	for ; i+4 <= rows; i += 4 {
		rows4VNNI(&out[i*cols], &a[i*width], &b[0], &bias[0], width, cols, factor)
	}
	for ; i < rows; i++ {
		rows1VNNI(&out[i*cols], &a[i*width], &b[0], &bias[0], width, cols, factor)
	}
}
