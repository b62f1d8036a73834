package memory

import (
	"math"
	"slices"
	"unicode/utf8"

	"depesche/internal/lang"
)

// How a text is found; see docs/decisions/0223. What is written here stands in the index: who changes
// it makes all that was learned be found less.
const (
	keysPerUnit = 8  // neighbouring words that a unit is found by
	shortText   = 5  // words; up to here single words lead there, too
	stemRunes   = 6  // of a word in a pair
	wordRunes   = 4  // of a word by itself, for the concordance, at least
	endRunes    = 3  // of a word, that may be another ending
	blockBits   = 8  // a word leads to a block of this many units, as a power of two
	keysPerText = 64 // of a long text that is looked for
)

// key is a hash and how likely it is that it is one of the few that are kept: long words are rare words.
type key struct {
	hash int32
	rank float64
}

// textKeys returns the keys of a text, the best first. The same text has the same ones, and a nearly
// equal text most of them.
func textKeys(from, to lang.Tag, list []token, short int) []int32 {
	var stems []string
	for _, t := range list {
		if !t.mark {
			stems = append(stems, stem(t))
		}
	}
	var keys []key
	add := func(a, b string) {
		h := hash("pair", string(from), string(to), a, b)
		w := float64(utf8.RuneCountInString(a) + utf8.RuneCountInString(b))
		u := (float64(h>>11) + 1) / (1 << 53)
		keys = append(keys, key{int32(h), -math.Log(u) / (w * w)}) //nolint:gosec // the low bits
	}
	for i := 1; i < len(stems); i++ {
		add(stems[i-1], stems[i])
	}
	if len(stems) <= short {
		for _, s := range stems {
			add("", s)
		}
	}
	slices.SortFunc(keys, func(a, b key) int {
		switch {
		case a.rank < b.rank:
			return -1
		case a.rank > b.rank:
			return 1
		}
		return int(int64(a.hash) - int64(b.hash))
	})
	out := make([]int32, 0, len(keys))
	for i, k := range keys {
		if i == 0 || k.hash != keys[i-1].hash {
			out = append(out, k.hash)
		}
	}
	return out
}

// unitKeys are those that a unit is found by.
func unitKeys(from, to lang.Tag, list []token) []int32 {
	keys := textKeys(from, to, list, shortText)
	return keys[:min(len(keys), keysPerUnit)]
}

// queryKeys are those that a text is looked for by: all, since those that a unit has kept may be any.
func queryKeys(from, to lang.Tag, list []token) []int32 {
	keys := textKeys(from, to, list, shortText+2)
	return keys[:min(len(keys), keysPerText)]
}

// wordKey leads to the blocks in which a word stands: by what is left of it without the longest ending.
func wordKey(l lang.Tag, t token) int32 {
	n := len(t.lower)
	if !t.number {
		n = max(wordRunes, n-endRunes)
	}
	return prefixKey(l, t, n)
}

func prefixKey(l lang.Tag, t token, n int) int32 {
	return int32(hash("word", string(l), string(t.lower[:min(len(t.lower), n)]))) //nolint:gosec // the low bits
}

// searchKeys lead to the blocks in which a word may stand in any of its forms. A form has lost an ending
// at most, and has another one at most, see sameWord.
func searchKeys(l lang.Tag, t token) []int32 {
	n := len(t.lower)
	if t.number || n <= wordRunes {
		return []int32{prefixKey(l, t, n)}
	}
	var out []int32
	for k := max(wordRunes, n-2*endRunes); k <= n; k++ {
		out = append(out, prefixKey(l, t, k))
	}
	return distinct(out)
}

// stem is the beginning of a word, small; all numbers are one.
func stem(t token) string {
	if t.number {
		return "0"
	}
	return string(t.lower[:min(len(t.lower), stemRunes)])
}

// block is the one that a unit stands in.
func (id ID) block() int64 { return int64(id) >> blockBits }
