package register

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// Index finds the entries of a register that occur in texts of one language. It is made once and
// safe for concurrent use.
type Index struct {
	// words are the words of all forms, next is a trie of them: node and word give a node.
	words map[string]uint32
	next  map[uint64]uint32
	ends  map[uint32][]end
	nodes uint32
}

// end says whose form ends at a node.
type end struct {
	entry int32
	// wrong says that it is a forbidden form.
	wrong bool
}

// Match is an entry that occurs in a text, at text[Start:End].
type Match struct {
	Start, End int
	// Entry is its place in the list that the index was made of.
	Entry int
	// Wrong says that it occurs in a form that is forbidden.
	Wrong bool
}

// Compile makes the index of the entries' words in a language. With wrong, it finds forbidden forms
// too; a form that is right for one entry and forbidden for another is found as both.
func Compile(list []Entry, l lang.Tag, wrong bool) *Index {
	x := &Index{words: map[string]uint32{}, next: map[uint64]uint32{}, ends: map[uint32][]end{}}
	for i, e := range list {
		w, ok := e.Words[l]
		if !ok {
			continue
		}
		for _, f := range e.right(l) {
			x.put(f, end{int32(i), false}) //nolint:gosec // a register has fewer entries
		}
		if !wrong {
			continue
		}
		for _, f := range e.wrong(l, w) {
			x.put(f, end{int32(i), true}) //nolint:gosec // as above
		}
	}
	return x
}

// right are the forms that are right in the language, the spelling first.
func (e Entry) right(l lang.Tag) []string {
	w := e.Words[l]
	out := union(Inflect(l, e.Kind, w.Gender, w.Text), w.Forms)
	for _, o := range w.Others {
		out = union(out, Inflect(l, e.Kind, w.Gender, o))
	}
	return out
}

// wrong are the forms that are forbidden, those left out that are right.
func (e Entry) wrong(l lang.Tag, w Word) []string {
	var out []string
	for _, f := range w.Forbidden {
		out = union(out, Inflect(l, e.Kind, w.Gender, f.Text))
	}
	if len(out) == 0 {
		return nil
	}
	right := map[string]bool{}
	for _, f := range e.right(l) {
		right[f] = true
	}
	kept := out[:0]
	for _, f := range out {
		if !right[f] {
			kept = append(kept, f)
		}
	}
	return kept
}

// union appends to a those of b that it lacks.
func union(a, b []string) []string {
	seen := make(map[string]bool, len(a)+len(b))
	for _, s := range a {
		seen[s] = true
	}
	for _, s := range b {
		if !seen[s] {
			seen[s] = true
			a = append(a, s)
		}
	}
	return a
}

func (x *Index) put(form string, e end) {
	node := uint32(0)
	for tok := range tokens(form) {
		id, ok := x.words[tok.key]
		if !ok {
			id = uint32(len(x.words)) + 1 //nolint:gosec // as above
			x.words[tok.key] = id
		}
		step := uint64(node)<<32 | uint64(id)
		if node, ok = x.next[step]; !ok {
			x.nodes++
			node = x.nodes
			x.next[step] = node
		}
	}
	if node == 0 {
		return
	}
	for _, other := range x.ends[node] {
		if other == e {
			return
		}
	}
	x.ends[node] = append(x.ends[node], e)
}

// token is a word of a text, or a sign that isn't a space.
type token struct {
	key        string // without stress marks and soft hyphens
	start, end int
}

// tokens cuts a text into words. An apostrophe is part of a word between Cyrillic letters and a
// sign of its own elsewhere: l’Ukraine is two words, Kyiv’s too, об’єкт is one. A hyphen parts words.
func tokens(s string) iter.Seq[token] {
	return func(yield func(token) bool) {
		for at := 0; at < len(s); {
			r, n := utf8.DecodeRuneInString(s[at:])
			if !isLetter(r) {
				if !unicode.IsSpace(r) && !isIgnored(r) && !yield(token{sign(r), at, at + n}) {
					return
				}
				at += n
				continue
			}
			end, ignored := wordEnd(s, at)
			t := token{s[at:end], at, end}
			if ignored {
				t.key = bare(t.key)
			}
			if !yield(t) {
				return
			}
			at = end
		}
	}
}

func wordEnd(s string, at int) (end int, ignored bool) {
	for end = at; end < len(s); {
		r, n := utf8.DecodeRuneInString(s[end:])
		switch {
		case isIgnored(r) || isApostrophe(r) && insideCyrillic(s, end, n):
			ignored = true
		case !isLetter(r):
			return end, ignored
		}
		end += n
	}
	return end, ignored
}

func isLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// isIgnored are signs that don't make another word: the stress on a letter, a soft hyphen.
func isIgnored(r rune) bool { return r == '\u0301' || r == '\u00ad' || r == '\u200b' }

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '`' || r == '‘' }

func insideCyrillic(s string, at, n int) bool {
	before, _ := utf8.DecodeLastRuneInString(s[:at])
	after, _ := utf8.DecodeRuneInString(s[at+n:])
	return unicode.Is(unicode.Cyrillic, before) && unicode.Is(unicode.Cyrillic, after)
}

// bare leaves out what is ignored and writes each apostrophe the same.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case isIgnored(r):
			return -1
		case isApostrophe(r):
			return '\''
		}
		return r
	}, s)
}

// sign writes signs that are the same for a reader the same.
func sign(r rune) string {
	switch r {
	case '‐', '‑', '–', '—', '−':
		return "-"
	case '’', 'ʼ', '`', '‘':
		return "'"
	}
	return string(r)
}

// Find returns where entries occur in text, from left to right. At each place the longest form wins;
// two entries with the same form are both there.
func (x *Index) Find(text string) []Match {
	if len(x.ends) == 0 {
		return nil
	}
	toks := slices.Collect(tokens(text))
	var out []Match
	for i := 0; i < len(toks); {
		node, n := x.longest(toks[i:], nil)
		if n == 0 {
			i++
			continue
		}
		for _, e := range node {
			out = append(out, Match{Start: toks[i].start, End: toks[i+n-1].end, Entry: int(e.entry), Wrong: e.wrong})
		}
		i += n
	}
	return out
}

// longest returns whose form begins at the first of the words, and how many words it has. Where holds
// isn't nil, only entries that it is true for count.
func (x *Index) longest(toks []token, holds func(entry int32) bool) (found []end, n int) {
	states := []uint32{0}
	for i, t := range toks {
		var next []uint32
		for _, s := range states {
			next = x.step(next, s, t.key)
		}
		if len(next) == 0 {
			break
		}
		var here []end
		for _, s := range next {
			for _, e := range x.ends[s] {
				if !has(here, e) && (holds == nil || holds(e.entry)) {
					here = append(here, e)
				}
			}
		}
		if len(here) > 0 {
			found, n = here, i+1
		}
		states = next
	}
	return found, n
}

func has(list []end, e end) bool {
	for _, x := range list {
		if x.entry == e.entry && x.wrong == e.wrong {
			return true
		}
	}
	return false
}

// step goes on by a word: as it is; as one with a small letter that begins a sentence; as one of a
// headline in capitals.
func (x *Index) step(to []uint32, from uint32, key string) []uint32 {
	try := func(word string) {
		if id, ok := x.words[word]; ok {
			if node, ok := x.next[uint64(from)<<32|uint64(id)]; ok {
				to = append(to, node)
			}
		}
	}
	try(key)
	first, n := utf8.DecodeRuneInString(key)
	if !unicode.IsUpper(first) {
		return to
	}
	rest := key[n:]
	low := string(unicode.ToLower(first))
	try(low + rest)
	if rest != "" && strings.IndexFunc(rest, unicode.IsLower) < 0 {
		small := strings.ToLower(rest)
		if small != rest {
			try(string(first) + small)
			try(low + small)
		}
	}
	return to
}
