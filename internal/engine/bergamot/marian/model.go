// Package marian reads the files of translation models as Marian writes them: weights, short lists and
// vocabularies. The program that uses them reads past the end of a file that is cut off, so they are
// checked here before it sees them. It also makes models of random weights, for tests and benchmarks.
package marian

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
)

// Types of tensors.
const (
	typeFloat32  = 0x404
	typeInt8     = 0x101
	typeIntgemm8 = 0x4101
)

// Names in a model.
const (
	nameConfig     = "special:model.yml"
	nameEmbeddings = "Wemb"
	suffixAlpha    = "_QuantMultA"
)

// Limits far above what models have.
const (
	maxItems = 10_000
	maxName  = 1_000
	maxDims  = 8
	maxFile  = 1 << 30
)

var errModel = errors.New("not a translation model of 8-bit weights")

// Model is what a file of weights says of itself.
type Model struct {
	Items int
	// Words is the size of the target's vocabulary.
	Words int
	// Alphas says that the file brings the scales of the integers along, so that they needn't be found
	// out anew for each multiplication.
	Alphas bool
}

type item struct {
	name  string
	typ   uint64
	shape []int32
	data  []byte
}

// ReadModel checks that b is a whole file of weights: every tensor has the size that its shape asks
// for, and the last ends with the file. It refuses everything else, with the reason.
func ReadModel(b []byte) (Model, error) {
	items, err := parse(b)
	if err != nil {
		return Model{}, fmt.Errorf("%w: %w", errModel, err)
	}
	m := Model{Items: len(items)}
	config := false
	for _, it := range items {
		switch {
		case it.name == nameConfig:
			config = bytes.IndexByte(it.data, 0) > 0
		case it.name == nameEmbeddings || it.name == "decoder_Wemb":
			if len(it.shape) == 2 {
				m.Words = int(it.shape[0])
			}
		case strings.HasSuffix(it.name, suffixAlpha):
			m.Alphas = true
		}
	}
	if !config {
		return Model{}, fmt.Errorf("%w: it has no %s, which says how it is built", errModel, nameConfig)
	}
	if m.Words == 0 {
		return Model{}, fmt.Errorf("%w: it has no embeddings", errModel)
	}
	return m, nil
}

type header struct{ name, typ, shape, data uint64 }

func parse(b []byte) ([]item, error) {
	r := &reader{b: b}
	if len(b) > maxFile {
		return nil, errors.New("larger than 1 GB")
	}
	if v := r.u64(); r.err == nil && v != 1 {
		return nil, fmt.Errorf("version %d of the format instead of 1", v)
	}
	n := r.u64()
	if r.err == nil && (n == 0 || n > maxItems) {
		return nil, fmt.Errorf("%d tensors", n)
	}
	var heads []header
	for range n {
		h := header{r.u64(), r.u64(), r.u64(), r.u64()}
		if r.err != nil {
			return nil, r.err
		}
		if h.name == 0 || h.name > maxName || h.shape == 0 || h.shape > maxDims || h.data > maxFile {
			return nil, errors.New("a tensor's head is nonsense")
		}
		heads = append(heads, h)
	}
	items := make([]item, len(heads))
	seen := map[string]bool{}
	for i, h := range heads {
		name := r.take(h.name)
		if r.err != nil {
			return nil, r.err
		}
		if bytes.IndexByte(name, 0) != len(name)-1 {
			return nil, errors.New("a tensor's name doesn't end where it should")
		}
		items[i].name, items[i].typ = string(name[:len(name)-1]), h.typ
		if seen[items[i].name] {
			return nil, fmt.Errorf("two tensors are called %q", items[i].name)
		}
		seen[items[i].name] = true
	}
	for i, h := range heads {
		for range h.shape {
			items[i].shape = append(items[i].shape, int32(r.u32())) //nolint:gosec // as it is stored
		}
	}
	r.take(r.u64()) // up to the data
	for i, h := range heads {
		items[i].data = r.take(h.data)
		if r.err != nil {
			return nil, fmt.Errorf("%q: %w", items[i].name, r.err)
		}
		if err := items[i].check(); err != nil {
			return nil, fmt.Errorf("%q: %w", items[i].name, err)
		}
	}
	if len(r.b) > 0 {
		return nil, fmt.Errorf("%d bytes follow its end", len(r.b))
	}
	return items, r.err
}

// check compares a tensor's size with its shape. Files differ in how they pad.
func (it item) check() error {
	n := int64(1)
	for _, d := range it.shape {
		if d <= 0 || n > maxFile/int64(d) {
			return fmt.Errorf("shape %v", it.shape)
		}
		n *= int64(d)
	}
	switch it.typ {
	case typeFloat32:
		n *= 4
	case typeInt8:
	case typeIntgemm8:
		if int64(len(it.data)) < n+4 {
			return fmt.Errorf("%d bytes for shape %v", len(it.data), it.shape)
		}
		if s := math.Float32frombits(binary.LittleEndian.Uint32(it.data[n:])); !(s > 0) || math.IsInf(float64(s), 0) {
			return fmt.Errorf("its scale is %v", s)
		}
		n += 4
	default:
		return fmt.Errorf("type %#x, which the embedded engine doesn't take (models must be quantised: *.intgemm*.bin)", it.typ)
	}
	if got := int64(len(it.data)); got < n || got >= n+512 {
		return fmt.Errorf("%d bytes for shape %v", got, it.shape)
	}
	return nil
}

var errEnd = errors.New("the file is cut off")

// reader reads little-endian numbers from the front, and remembers that something was missing.
type reader struct {
	b   []byte
	err error
}

func (r *reader) take(n uint64) []byte {
	if r.err != nil {
		return nil
	}
	if n > uint64(len(r.b)) {
		r.err = errEnd
		return nil
	}
	out := r.b[:n:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) u64() uint64 {
	if b := r.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *reader) u32() uint32 {
	if b := r.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}
