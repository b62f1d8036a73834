package wasm

import (
	"context"
	"math"
	"unsafe"

	"depesche/internal/engine/bergamot/gemm"
)

// gemmHandlers are the matrix multiplications of 8-bit integers that the module leaves to its host.
// They see the context, too: nearly all time is spent between two of them, so a translation that
// nobody waits for any more ends here.
var gemmHandlers = map[string]handler{
	"int8_prepare_a":                           prepareA,
	"int8_prepare_b":                           prepareB,
	"int8_prepare_b_from_transposed":           prepareBTransposed,
	"int8_prepare_b_from_quantized_transposed": prepareBQuantized,
	"int8_prepare_bias":                        prepareBias,
	"int8_multiply_and_add_bias":               multiply,
	"int8_select_columns_of_b":                 selectColumns,
}

func f32(v uint64) float32 { return math.Float32frombits(u32(v)) }

// ints and floats are views of the module's memory, of rows times columns.
func (m *Machine) ints(at, rows, cols uint64) []int8 {
	b := m.view(at, 1, rows, cols)
	return unsafe.Slice((*int8)(unsafe.Pointer(unsafe.SliceData(b))), len(b)) //nolint:gosec // a view
}

func (m *Machine) floats(at, rows, cols uint64) []float32 {
	b := m.view(at, 4, rows, cols)
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4) //nolint:gosec // a view
}

func (m *Machine) view(at, size, rows, cols uint64) []byte {
	n := uint64(u32(rows)) * uint64(u32(cols))
	if n > math.MaxInt32 {
		panic(errMemory)
	}
	b, ok := m.mod.Memory().Read(u32(at), u32(n*size))
	if !ok || n == 0 {
		panic(errMemory)
	}
	return b
}

// begin stops a machine that nobody waits for.
func (m *Machine) begin(ctx context.Context) {
	if err := ctx.Err(); err != nil {
		panic(err)
	}
}

// prepareA(a, scale, zero point, rows, width, out)
func prepareA(ctx context.Context, m *Machine, s []uint64) {
	m.begin(ctx)
	m.kernel.Quantize(m.ints(s[5], s[3], s[4]), m.floats(s[0], s[3], s[4]), f32(s[1]))
}

// prepareB(b, scale, zero point, width, cols, out)
func prepareB(ctx context.Context, m *Machine, s []uint64) {
	m.begin(ctx)
	gemm.QuantizeTransposing(m.ints(s[5], s[3], s[4]), m.floats(s[0], s[3], s[4]), f32(s[1]), int(u32(s[3])), int(u32(s[4])))
}

// prepareBTransposed(b, scale, zero point, width, cols, out)
func prepareBTransposed(ctx context.Context, m *Machine, s []uint64) {
	m.begin(ctx)
	m.kernel.Quantize(m.ints(s[5], s[3], s[4]), m.floats(s[0], s[3], s[4]), f32(s[1]))
}

// prepareBQuantized(b, width, cols, out)
func prepareBQuantized(ctx context.Context, m *Machine, s []uint64) {
	m.begin(ctx)
	gemm.Take(m.ints(s[3], s[1], s[2]), m.ints(s[0], s[1], s[2]))
}

// prepareBias(b, scale of a, zero point, scale of b, zero point, width, cols, bias, out): nothing is
// shifted here, so nothing has to be made up for.
func prepareBias(ctx context.Context, m *Machine, s []uint64) {
	m.begin(ctx)
	out := m.floats(s[8], s[6], 1)
	if u32(s[7]) == 0 {
		clear(out)
		return
	}
	copy(out, m.floats(s[7], s[6], 1))
}

// multiply(a, scale of a, zero point, b, scale of b, zero point, bias, unquantising factor, rows, width, cols, out)
func multiply(ctx context.Context, m *Machine, s []uint64) {
	m.begin(ctx)
	rows, width, cols := s[8], s[9], s[10]
	factor := f32(s[7]) / float32(f32(s[1])*f32(s[4]))
	m.kernel.Multiply(m.floats(s[11], rows, cols), m.ints(s[0], rows, width), m.ints(s[3], width, cols), m.floats(s[6], cols, 1), int(u32(width)), factor)
}

// selectColumns(b, width, cols, list, n, out)
func selectColumns(ctx context.Context, m *Machine, s []uint64) {
	m.begin(ctx)
	width := int(u32(s[1]))
	b, out := m.ints(s[0], s[1], s[2]), m.ints(s[5], s[1], s[4])
	for i, c := range words(m.mod, u32(s[3]), u32(s[4])) {
		copy(out[i*width:(i+1)*width], b[int(c)*width:])
	}
}
