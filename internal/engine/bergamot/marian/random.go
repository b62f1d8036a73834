package marian

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
)

// Shape is how large a model is.
type Shape struct {
	Encoders, Decoders, Dim, FFN, Heads, Words int
	// Alphas says that the scales of the integers stand in the file.
	Alphas bool
}

// Tiny is the shape of Firefox's small models.
var Tiny = Shape{Encoders: 6, Decoders: 2, Dim: 256, FFN: 1536, Heads: 8, Words: 32_000, Alphas: true}

// Random makes a model of random weights: it speaks nonsense, and never ends a sentence by itself.
// Equal seeds make equal models.
func Random(s Shape, seed uint64) []byte {
	g := &generator{rnd: rand.New(rand.NewPCG(seed, 0)), shape: s} //nolint:gosec // nonsense, not secrets
	g.weights(nameEmbeddings, s.Words, s.Dim, 1/math.Sqrt(float64(s.Dim)))
	g.outputBias()
	for i := range s.Encoders {
		p := fmt.Sprintf("encoder_l%d_", i+1)
		g.attention(p + "self_")
		g.feedForward(p + "ffn_")
	}
	for i := range s.Decoders {
		p := fmt.Sprintf("decoder_l%d_", i+1)
		g.weights(p+"rnn_W", s.Dim, s.Dim, g.usual())
		g.weights(p+"rnn_Wf", s.Dim, s.Dim, g.usual())
		g.vector(p+"rnn_bf", s.Dim, 0, 0.1)
		g.norm(p + "rnn_ffn_")
		g.attention(p + "context_")
		g.feedForward(p + "ffn_")
	}
	if s.Alphas {
		g.alpha("none")
	}
	config := append([]byte(s.config()), 0)
	g.items = append(g.items, item{nameConfig, typeInt8, []int32{int32(len(config))}, pad(config)}) //nolint:gosec // short
	return encode(g.items)
}

// Trifle makes the smallest files that pass for a model: weights, short list and vocabulary of a few
// words. No program can do anything with them.
func Trifle(seed uint64) (weights, shortlist, vocab []byte) {
	const words = 16
	weights = Random(Shape{Encoders: 1, Decoders: 1, Dim: 8, FFN: 8, Heads: 1, Words: words}, seed)
	for _, v := range []uint64{shortlistMagic, 0, 1, 1, words, 0} {
		shortlist = binary.LittleEndian.AppendUint64(shortlist, v)
	}
	return weights, append(shortlist, make([]byte, 8*words)...), bytes.Repeat([]byte("\x0a\x04\x0a\x02ab"), words)
}

// Count is the number of a model's weights.
func Count(b []byte) (int, error) {
	items, err := parse(b)
	n := 0
	for _, it := range items {
		if it.name == nameConfig {
			continue
		}
		k := 1
		for _, d := range it.shape {
			k *= int(d)
		}
		n += k
	}
	return n, err
}

type generator struct {
	rnd   *rand.Rand
	shape Shape
	items []item
}

// usual is the spread of weights by which values neither grow nor vanish.
func (g *generator) usual() float64 { return math.Sqrt(3 / float64(g.shape.Dim)) }

// weights adds a matrix of 8-bit integers up to ±127, that stand for values up to ±most.
func (g *generator) weights(name string, rows, cols int, most float64) {
	data := make([]byte, 0, rows*cols+256)
	for range rows * cols {
		data = append(data, byte(int8(g.rnd.IntN(255)-127))) //nolint:gosec // within 8 bits
	}
	data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(127/most)))
	g.items = append(g.items, item{name, typeIntgemm8, []int32{int32(rows), int32(cols)}, pad(data)}) //nolint:gosec // small
	if g.shape.Alphas {
		g.alpha(name)
	}
}

// alpha adds the scale of what a matrix is multiplied with: values up to ±4 keep their order.
func (g *generator) alpha(name string) {
	data := binary.LittleEndian.AppendUint32(nil, math.Float32bits(127.0/4))
	g.items = append(g.items, item{name + suffixAlpha, typeFloat32, []int32{1, 1}, pad(data)})
}

func (g *generator) vector(name string, n int, middle, spread float64) {
	var data []byte
	for range n {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(middle+spread*(2*g.rnd.Float64()-1))))
	}
	g.items = append(g.items, item{name, typeFloat32, []int32{1, int32(n)}, pad(data)}) //nolint:gosec // small
}

// outputBias keeps the model from ending a sentence, which is word 0, and from saying word 1, the
// unknown one.
func (g *generator) outputBias() {
	g.vector("decoder_ff_logit_out_b", g.shape.Words, 0, 0.1)
	data := g.items[len(g.items)-1].data
	for i := range 2 {
		binary.LittleEndian.PutUint32(data[4*i:], math.Float32bits(-1000))
	}
}

func (g *generator) norm(p string) {
	g.vector(p+"ln_scale", g.shape.Dim, 1, 0.2)
	g.vector(p+"ln_bias", g.shape.Dim, 0, 0.2)
}

func (g *generator) attention(p string) {
	for _, x := range []string{"q", "k", "v", "o"} {
		g.weights(p+"W"+x, g.shape.Dim, g.shape.Dim, g.usual())
		g.vector(p+"b"+x, g.shape.Dim, 0, 0.1)
	}
	g.norm(p + "Wo_")
}

func (g *generator) feedForward(p string) {
	g.weights(p+"W1", g.shape.Dim, g.shape.FFN, g.usual())
	g.vector(p+"b1", g.shape.FFN, 0, 0.1)
	g.weights(p+"W2", g.shape.FFN, g.shape.Dim, math.Sqrt(3/float64(g.shape.FFN)))
	g.vector(p+"b2", g.shape.Dim, 0, 0.1)
	g.norm(p + "ffn_")
}

// config tells Marian how the model is built.
func (s Shape) config() string {
	return fmt.Sprintf(`type: transformer
enc-depth: %d
dec-depth: %d
dim-emb: %d
transformer-dim-ffn: %d
transformer-heads: %d
dim-vocabs:
  - %d
  - %d
`, s.Encoders, s.Decoders, s.Dim, s.FFN, s.Heads, s.Words, s.Words) + configRest
}

// configRest is alike in all small models.
const configRest = `bert-train-type-embeddings: true
bert-type-vocab-size: 2
dec-cell: ssru
dec-cell-base-depth: 2
dec-cell-high-depth: 1
dim-rnn: 1024
enc-cell: gru
enc-cell-depth: 1
enc-type: bidirectional
factors-combine: sum
factors-dim-emb: 0
input-types:
  []
layer-normalization: false
lemma-dim-emb: 0
output-omit-bias: false
right-left: false
skip: false
tied-embeddings: false
tied-embeddings-all: true
tied-embeddings-src: false
transformer-aan-activation: swish
transformer-aan-depth: 2
transformer-aan-nogate: false
transformer-decoder-autoreg: rnn
transformer-decoder-dim-ffn: 0
transformer-decoder-ffn-depth: 0
transformer-depth-scaling: false
transformer-dim-aan: 2048
transformer-ffn-activation: relu
transformer-ffn-depth: 2
transformer-guided-alignment-layer: last
transformer-no-affine: false
transformer-no-bias: false
transformer-no-projection: false
transformer-pool: false
transformer-postprocess: dan
transformer-postprocess-emb: d
transformer-postprocess-top: ""
transformer-preprocess: ""
transformer-rnn-projection: false
transformer-tied-layers:
  []
transformer-train-position-embeddings: false
ulr: false
ulr-dim-emb: 0
ulr-trainable-transformation: false
version: v1.9.51 4e2ef8b 2021-02-21 19:00:00 +0000
`

// pad fills up to the next 256 bytes, as the program that reads it likes its vectors.
func pad(b []byte) []byte {
	for len(b)%256 != 0 {
		b = append(b, 0)
	}
	return b
}

// encode writes a file.
func encode(items []item) []byte {
	var out bytes.Buffer
	put := func(v uint64) { out.Write(binary.LittleEndian.AppendUint64(nil, v)) }
	put(1)
	put(uint64(len(items)))
	for _, it := range items {
		put(uint64(len(it.name) + 1))
		put(it.typ)
		put(uint64(len(it.shape)))
		put(uint64(len(it.data)))
	}
	for _, it := range items {
		out.WriteString(it.name + "\x00")
	}
	for _, it := range items {
		for _, d := range it.shape {
			out.Write(binary.LittleEndian.AppendUint32(nil, uint32(d))) //nolint:gosec // as it is stored
		}
	}
	gap := (256 - (out.Len()+8)%256) % 256
	put(uint64(gap)) //nolint:gosec // below 256
	out.Write(make([]byte, gap))
	for _, it := range items {
		out.Write(it.data)
	}
	return out.Bytes()
}
