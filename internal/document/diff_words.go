package document

import (
	"slices"
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/sentences"
	"github.com/clipperhouse/uax29/v2/words"
	"github.com/sergi/go-diff/diffmatchpatch"
)

// OpKind says what happened to a piece of text.
type OpKind string

// The kinds of change between two texts.
const (
	OpEqual  OpKind = "equal"
	OpDelete OpKind = "delete"
	OpInsert OpKind = "insert"
	// OpMarks is the same text with other marks: a link that leads elsewhere now, say.
	OpMarks OpKind = "marks"
)

// Op is a piece of text and what happened to it. A deletion stands before the insertion that takes
// its place.
type Op struct {
	Kind OpKind
	Text string
	// Was and Is are the marks before and after, for OpMarks.
	Was, Is []Mark
}

// DiffWords says which words became which. The texts of its operations without insertions make a,
// without deletions b. In languages written without spaces the unit is what Unicode says: an
// ideograph, a letter with its signs.
func DiffWords(a, b string) []Op {
	if a == b {
		if a == "" {
			return nil
		}
		return []Op{{Kind: OpEqual, Text: a}}
	}
	// Comparing costs the product of the lengths at worst. Long texts are compared by sentences
	// first, then by words within those that changed.
	ta, tb := wordTokens(a), wordTokens(b)
	if len(ta)*len(tb) <= maxGrid {
		return tidyOps(diffTokens(ta, tb))
	}
	sa, sb := sentenceTokens(a), sentenceTokens(b)
	if len(sa)*len(sb) > maxGrid {
		return replaced(a, b)
	}
	var out []Op
	ops := tidyOps(diffTokens(sa, sb))
	for i := 0; i < len(ops); i++ {
		if ops[i].Kind != OpDelete || i+1 == len(ops) || ops[i+1].Kind != OpInsert {
			out = append(out, ops[i])
			continue
		}
		x, y := wordTokens(ops[i].Text), wordTokens(ops[i+1].Text)
		if len(x)*len(y) <= maxGrid {
			out = append(out, diffTokens(x, y)...)
		} else {
			out = append(out, ops[i], ops[i+1])
		}
		i++
	}
	return tidyOps(out)
}

// maxGrid bounds a comparison to some tens of milliseconds.
const maxGrid = 16_000_000

func replaced(a, b string) []Op {
	return tidyOps([]Op{{Kind: OpDelete, Text: a}, {Kind: OpInsert, Text: b}})
}

func wordTokens(s string) (out []string) {
	for it := words.FromString(s); it.Next(); {
		out = append(out, it.Value())
	}
	return out
}

func sentenceTokens(s string) (out []string) {
	for it := sentences.FromString(s); it.Next(); {
		out = append(out, it.Value())
	}
	return out
}

// diffTokens compares texts whose letters are tokens.
func diffTokens(a, b []string) []Op {
	number := map[string]rune{}
	var tokens []string
	runes := func(in []string) []rune {
		out := make([]rune, len(in))
		for i, t := range in {
			r, ok := number[t]
			if !ok {
				r = rune(len(tokens))
				tokens, number[t] = append(tokens, t), r
			}
			out[i] = letter(r)
		}
		return out
	}
	d := diffmatchpatch.New()
	d.DiffTimeout = 0 // the result may not depend on the clock
	var out []Op
	for _, diff := range d.DiffMainRunes(runes(a), runes(b), false) {
		var text strings.Builder
		for _, r := range diff.Text {
			text.WriteString(tokens[unletter(r)])
		}
		kind := OpEqual
		switch diff.Type {
		case diffmatchpatch.DiffDelete:
			kind = OpDelete
		case diffmatchpatch.DiffInsert:
			kind = OpInsert
		}
		out = append(out, Op{Kind: kind, Text: text.String()})
	}
	return out
}

// letter maps a number to a rune that survives being in a string: surrogates don't.
func letter(n rune) rune {
	if n++; n >= 0xD800 {
		n += 0x800
	}
	return n
}

func unletter(r rune) rune {
	if r >= 0xE000 {
		r -= 0x800
	}
	return r - 1
}

// tidyOps makes the operations readable: what was deleted in one go stands together, and a space
// that two texts share by chance doesn't part two changed words.
func tidyOps(ops []Op) []Op {
	var out []Op
	var del, ins strings.Builder
	flush := func() {
		if del.Len() > 0 {
			out = append(out, Op{Kind: OpDelete, Text: del.String()})
		}
		if ins.Len() > 0 {
			out = append(out, Op{Kind: OpInsert, Text: ins.String()})
		}
		del.Reset()
		ins.Reset()
	}
	for i, op := range ops {
		switch op.Kind {
		case OpDelete:
			del.WriteString(op.Text)
		case OpInsert:
			ins.WriteString(op.Text)
		default:
			if del.Len() > 0 && ins.Len() > 0 && i+1 < len(ops) && isSpace(op.Text) {
				del.WriteString(op.Text)
				ins.WriteString(op.Text)
				continue
			}
			flush()
			if n := len(out) - 1; n >= 0 && out[n].Kind == OpEqual {
				out[n].Text += op.Text
			} else {
				out = append(out, op)
			}
		}
	}
	flush()
	return out
}

func isSpace(s string) bool {
	return strings.TrimFunc(s, unicode.IsSpace) == ""
}

// DiffInline is [DiffWords] for texts with marks.
func DiffInline(a, b Inline) []Op {
	a, b = a.Normal(), b.Normal()
	var out []Op
	ra, rb := reader{in: a}, reader{in: b}
	for _, op := range DiffWords(a.Plain(), b.Plain()) {
		switch op.Kind {
		case OpDelete:
			ra.skip(len(op.Text))
			out = append(out, op)
		case OpInsert:
			rb.skip(len(op.Text))
			out = append(out, op)
		default:
			for rest := op.Text; rest != ""; {
				was, n := ra.peek()
				is, m := rb.peek()
				n = min(n, m, len(rest))
				piece := Op{Kind: OpEqual, Text: rest[:n]}
				if !slices.Equal(was, is) {
					piece.Kind, piece.Was, piece.Is = OpMarks, was, is
				}
				if k := len(out) - 1; k >= 0 && out[k].Kind == OpEqual && piece.Kind == OpEqual {
					out[k].Text += piece.Text
				} else {
					out = append(out, piece)
				}
				ra.skip(n)
				rb.skip(n)
				rest = rest[n:]
			}
		}
	}
	return out
}

// reader walks through running text byte by byte, span by span.
type reader struct {
	in Inline
	at int // within the first span of in
}

// peek returns the marks here and how many bytes have them.
func (r *reader) peek() ([]Mark, int) { return r.in[0].Marks, len(r.in[0].Text) - r.at }

func (r *reader) skip(n int) {
	for n > 0 {
		_, have := r.peek()
		if n < have {
			r.at += n
			return
		}
		n -= have
		r.in, r.at = r.in[1:], 0
	}
}
