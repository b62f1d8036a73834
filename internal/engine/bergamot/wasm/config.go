package wasm

import "fmt"

// MaxLengthFactor bounds a translation to so many times the length of its source, in pieces of words.
const MaxLengthFactor = 2.0

// Config is the YAML that tells the module how to use a model. Sentences are cut at 128 pieces of words;
// batches of 512 keep the memory small.
func Config(alphas bool, maxLengthFactor float64) string {
	precision := "int8shiftAll"
	if alphas {
		precision = "int8shiftAlphaAll"
	}
	return fmt.Sprintf(`beam-size: 1
normalize: 1.0
word-penalty: 0
max-length-break: 128
mini-batch-words: 512
workspace: 16
max-length-factor: %.1f
skip-cost: true
cpu-threads: 0
quiet: true
quiet-translation: true
gemm-precision: %s
alignment: soft
`, maxLengthFactor, precision)
}
