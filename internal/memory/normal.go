package memory

import (
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// Normal returns s as it is compared: two sources are the same if their normal forms are.
//
// Letters are composed (NFC). Any run of spaces and line breaks is one space, none stands at the ends.
// Marks that can't be seen (soft hyphens, zero-width spaces and joiners, directions) are gone. All
// double quotation marks are ", all single ones and apostrophes are ', all hyphens, dashes and minus
// signs are -, an ellipsis is three full stops. Case and figures stay.
func Normal(s string) string { return fold(norm.NFC.String(s)) }

// fold is [Normal] for what is composed already, as all stored texts are.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space, parted := false, false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unseen(r):
			parted = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		switch r {
		case '…':
			b.WriteString("...")
		default:
			b.WriteRune(folded(r))
		}
	}
	if !parted {
		return b.String()
	}
	// What stood between a letter and its accent is gone.
	return norm.NFC.String(b.String())
}

func unseen(r rune) bool { return r >= '\u00ad' && unicode.Is(unicode.Cf, r) }

func folded(r rune) rune {
	switch r {
	case '“', '”', '„', '‟', '«', '»', '″', '〝', '〞':
		return '"'
	case '‘', '’', '‚', '‛', '‹', '›', 'ʼ', '′', '`', '´':
		return '\''
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return '-'
	}
	return r
}

// token is a word, a number or a mark of punctuation.
type token struct {
	text   string
	lower  []rune
	number bool
	mark   bool // punctuation
}

// cut is a text ready to be compared.
type cut struct {
	normal string
	tokens []token
}

func cutOf(in document.Inline) cut {
	n := fold(in.Plain())
	return cut{n, tokens(n)}
}

// weight is what a token counts in a comparison.
func (t token) weight() int {
	if t.mark {
		return markWeight
	}
	return wordWeight
}

// tokens cuts a normal text.
func tokens(normal string) []token {
	out := make([]token, 0, len(normal)/6+1)
	for it := words.FromString(normal); it.Next(); {
		s := it.Value()
		if s == " " {
			continue
		}
		t := token{text: s, mark: true}
		for _, r := range s {
			switch {
			case unicode.IsDigit(r):
				t.number, t.mark = true, false
			case unicode.IsLetter(r), unicode.IsSymbol(r):
				t.mark = false
			}
		}
		t.lower = []rune(strings.ToLower(s))
		out = append(out, t)
	}
	return out
}

// hash is FNV-1a with a finish that spreads the last bytes. It stands in the database: it never changes.
func hash(parts ...string) uint64 {
	h := uint64(14695981039346656037)
	for _, p := range parts {
		for i := range len(p) {
			h = (h ^ uint64(p[i])) * 1099511628211
		}
		h = (h ^ 0xff) * 1099511628211 // no byte of UTF-8
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func exactHash(from, to lang.Tag, normal string) int64 {
	return int64(hash("exact", string(from), string(to), normal)) //nolint:gosec // the bits count
}
