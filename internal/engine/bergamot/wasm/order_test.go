package wasm

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"hash/crc32"
	"slices"
	"testing"
	"unsafe"

	"depesche/internal/engine/bergamot/bergamottest"
)

// first is what the module multiplied first: the rows of A, each by its sum, in their order.
type first struct{ rows []uint32 }

// watching lets a machine's first multiplication be seen, and all of them counted into one sum.
func watching(t *testing.T, seen *first, all *uint32) {
	t.Helper()
	const name = "int8_multiply_and_add_bias"
	plain := gemmHandlers[name]
	gemmHandlers[name] = func(ctx context.Context, m *Machine, s []uint64) {
		a, width := m.ints(s[0], s[8], s[9]), int(u32(s[9]))
		if seen.rows == nil {
			for row := range slices.Chunk(a, width) {
				seen.rows = append(seen.rows, crc32.ChecksumIEEE(octets(row)))
			}
		}
		*all = crc32.Update(*all, crc32.IEEETable, octets(a))
		*all = crc32.Update(*all, crc32.IEEETable, octets(m.ints(s[3], s[9], s[10])))
		plain(ctx, m, s)
	}
	t.Cleanup(func() { gemmHandlers[name] = plain })
}

func octets(b []int8) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(b))), len(b))
}

// TestOrderOfBatches shows why each text is a batch of its own. In a batch of many, sentences of equal
// length stand in the order of the addresses of their texts in the module's heap, so the same batch
// differs from one round to the next, though nothing in memory is left unset: a fresh machine does
// exactly what another fresh one did. One text at a time goes the same way always, to the last bit of
// every multiplication.
func TestOrderOfBatches(t *testing.T) {
	texts, files := orderMaterial(t)
	var seen first
	var all uint32
	watching(t, &seen, &all)
	p, err := Compile(t.Context(), bergamottest.Wasm(t), Options{CacheDir: bergamottest.Cache(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close(context.Background())
	var batches [2][]first
	var single []uint32
	for i := range 2 {
		m, err := p.Start(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		mo, err := m.Load(t.Context(), files)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			seen = first{}
			if _, err := m.translate(m.context(t.Context()), []Model{mo}, texts, false); err != nil {
				t.Fatal(err)
			}
			batches[i] = append(batches[i], seen)
		}
		for range 3 {
			all = 0
			for _, s := range texts {
				if _, err := m.Translate(t.Context(), []Model{mo}, s, false); err != nil {
					t.Fatal(err)
				}
			}
			single = append(single, all)
		}
		_ = m.Close(context.Background())
	}
	moved := false
	for round, b := range batches[0] {
		if !slices.Equal(b.rows, batches[1][round].rows) {
			t.Errorf("round %d of two fresh machines differs: something is left unset", round)
		}
		moved = moved || !slices.Equal(b.rows, batches[0][0].rows)
		if !slices.Equal(sorted(b.rows), sorted(batches[0][0].rows)) {
			t.Errorf("round %d has other sentences in its first batch", round)
		}
	}
	if !moved {
		t.Error("batches of many texts keep their order now: Machine.Translate could translate many at once")
	}
	if slices.Min(single) != slices.Max(single) || single[0] == 0 {
		t.Errorf("one text at a time isn't always the same: %v", single)
	}
}

func sorted(list []uint32) []uint32 { return slices.Sorted(slices.Values(list)) }

func orderMaterial(t *testing.T) ([]string, Files) {
	t.Helper()
	const folder = "bergamot-random"
	var texts []string
	for sc := bufio.NewScanner(bytes.NewReader(bergamottest.Material(t, "parallel-news", "ntrex-news.jsonl"))); len(texts) < 30 && sc.Scan(); {
		var v struct {
			En string `json:"en"`
		}
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, v.En)
	}
	return texts, Files{
		Config: Config(false, 1), Model: bergamottest.Material(t, folder, "model.random-tiny.bin"), Shortlist: bergamottest.Material(t, folder, "lex.50.50.enes.s2t.bin"),
		Vocabs: [][]byte{bergamottest.Material(t, folder, "vocab.esen.spm")},
	}
}
