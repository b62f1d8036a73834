package marian

import (
	"encoding/binary"
	"errors"
	"os"
	"testing"

	"pgregory.net/rapid"
)

var small = Shape{Encoders: 1, Decoders: 1, Dim: 64, FFN: 64, Heads: 8, Words: 64}

// shared reads a file of the test material, or skips.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../../../../shared/data/bergamot-random/" + name)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no test material beside the repository: ../shared/data/bergamot-random")
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTiny(t *testing.T) {
	b := Random(Tiny, 1)
	m, err := ReadModel(b)
	if err != nil {
		t.Fatal(err)
	}
	if !m.Alphas || m.Words != 32_000 {
		t.Errorf("%+v", m)
	}
	if n, err := Count(b); err != nil || n < 16_900_000 || n > 16_920_000 {
		t.Errorf("%d weights instead of 16.9 million (%v)", n, err)
	}
}

func TestShared(t *testing.T) {
	m, err := ReadModel(shared(t, "model.random-tiny.bin"))
	if err != nil || m.Alphas || m.Items != 56 || m.Words != 32_000 {
		t.Errorf("%+v %v", m, err)
	}
	if n, err := ReadVocab(shared(t, "vocab.esen.spm")); err != nil || n != 32_000 {
		t.Errorf("%d pieces, %v", n, err)
	}
	list := shared(t, "lex.50.50.enes.s2t.bin")
	if n, err := ReadShortlist(list, 32_000); err != nil || n != 32_000 {
		t.Errorf("%d words, %v", n, err)
	}
	if _, err := ReadShortlist(list, 31_999); !errors.Is(err, errShortlist) {
		t.Errorf("a word beyond the vocabulary: %v", err)
	}
	if _, err := ReadShortlist(list[:len(list)-1], 32_000); !errors.Is(err, errShortlist) {
		t.Errorf("cut off: %v", err)
	}
	if _, err := ReadVocab(list); !errors.Is(err, errVocab) {
		t.Errorf("a short list as vocabulary: %v", err)
	}
	if _, err := ReadShortlist(shared(t, "vocab.esen.spm"), 32_000); !errors.Is(err, errShortlist) {
		t.Errorf("a vocabulary as short list: %v", err)
	}
}

// TestCut: a model that lacks anything at its end, or has something more, is refused.
func TestCut(t *testing.T) {
	b := Random(small, 1)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, len(b)-1).Draw(t, "n")
		if _, err := ReadModel(b[:n]); !errors.Is(err, errModel) {
			t.Fatalf("the first %d of %d bytes: %v", n, len(b), err)
		}
	})
	if _, err := ReadModel(append(b, 0)); !errors.Is(err, errModel) {
		t.Errorf("a byte more: %v", err)
	}
}

func TestVocabCut(t *testing.T) {
	b := shared(t, "vocab.esen.spm")
	whole, err := ReadVocab(b)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, len(b)-1).Draw(t, "n")
		if got, err := ReadVocab(b[:n]); err == nil && got > whole {
			t.Fatalf("the first %d bytes: %d pieces", n, got)
		}
	})
}

func TestRefused(t *testing.T) {
	float := []item{{"Wemb", typeFloat32, []int32{2, 2}, make([]byte, 12)}}
	for name, b := range map[string][]byte{
		"version":       binary.LittleEndian.AppendUint64(nil, 2),
		"nothing":       nil,
		"short tensor":  encode(float),
		"no config":     encode([]item{{"Wemb", typeFloat32, []int32{2, 2}, make([]byte, 16)}}),
		"float16":       encode([]item{{"Wemb", 0x402, []int32{2, 2}, make([]byte, 8)}}),
		"scale of 0":    encode([]item{{"Wemb", typeIntgemm8, []int32{2, 2}, make([]byte, 8)}}),
		"no embeddings": encode([]item{{nameConfig, typeInt8, []int32{2}, []byte("a\x00")}}),
		"twice":         encode([]item{{"a", typeInt8, []int32{1}, []byte("a")}, {"a", typeInt8, []int32{1}, []byte("a")}}),
		"huge shape":    encode([]item{{"a", typeInt8, []int32{1 << 30, 1 << 30, 1 << 30}, []byte("a")}}),
	} {
		if _, err := ReadModel(b); !errors.Is(err, errModel) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzReadModel: whatever a file holds, it is read without a panic, and one that is taken has the
// sizes that it names.
func FuzzReadModel(f *testing.F) {
	f.Add(Random(Shape{Encoders: 0, Decoders: 0, Dim: 8, FFN: 8, Heads: 1, Words: 8}, 1))
	f.Add([]byte("\x01\x00\x00\x00\x00\x00\x00\x00\x01"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := ReadModel(b); err != nil {
			return
		}
		items, err := parse(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			if err := it.check(); err != nil {
				t.Errorf("%s: %v", it.name, err)
			}
		}
	})
}

func FuzzReadShortlist(f *testing.F) {
	head := binary.LittleEndian.AppendUint64(nil, shortlistMagic)
	f.Add(append(head, make([]byte, 40)...), 10)
	f.Fuzz(func(t *testing.T, b []byte, limit int) {
		if n, err := ReadShortlist(b, limit); err == nil && n*8 > len(b) {
			t.Errorf("%d words in %d bytes", n, len(b))
		}
	})
}

func FuzzReadVocab(f *testing.F) {
	f.Add([]byte("\x0a\x05\x0a\x03abc"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, err := ReadVocab(b); err == nil && n*4 > len(b) {
			t.Errorf("%d pieces in %d bytes", n, len(b))
		}
	})
}
