package check

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"depesche/internal/document"
)

// variance is that of the length of a translation, per letter of its source, on the articles that
// docs/checks.md calls tuned.
const variance = 3.3

// The costs of aligning sentences, after Gale and Church by their length, and by the words that both
// have: one to one is free, two to one is rare, none to one is what we look for. They are natural
// logarithms of how rare a thing is.
const (
	costTwo   = 2.6
	costAdded = 4.5
	// by how much cheaper it must be to say that a sentence was left out, for a note, for a warning, and
	// for one where the translation has one sentence only, into which all of them may have gone, or as
	// many as the original
	goneNote, goneWarn, goneIntoOne, goneEven = 0, 3.5, 5.0, 2.5
)

// What it says that a sentence has a word of the other one, or lacks it: a name or a figure, a word that
// is known by its sense, one that sounds alike.
const (
	nameFound, nameLacking   = 2.3, 1.6
	senseFound, senseLacking = 1.1, 0.35
	soundFound               = 1.3
	mostFound, mostLacking   = 6.0, 4.0 // for a sentence together
)

// sentenceLost aligns the sentences of both sides and returns the one that has nothing on the other
// side, if that explains them much better than any other way. Where it explains them a little better it is
// a note.
func (r *run) sentenceLost(p *pair, c float64) (string, Severity, bool) {
	if strings.Count(p.a, " ") < 3 || !manySentences(p.a) {
		return "", Note, false
	}
	a := document.Sentences(p.a, r.OriginalLang)
	if len(a) < 2 || len(a) > mostSentences {
		return "", Note, false
	}
	b := document.Sentences(p.b, r.Lang)
	if len(b) > mostSentences || len(b) >= len(a) && float64(signs(p.b)) > full*c*float64(signs(p.a)) {
		return "", Note, false
	}
	m := r.matching(p, a, b, c)
	gone, with := m.align(true)
	if len(gone) == 0 {
		return "", Note, false
	}
	_, without := m.align(false)
	enough := goneWarn
	switch {
	case len(b) >= len(a):
		enough = goneEven
	case len(b) == 1:
		enough = goneIntoOne
	}
	switch better := without - with; {
	case better >= enough:
		return a[gone[0]], Warn, true
	case better >= goneNote:
		return a[gone[0]], Note, true
	}
	return "", Note, false
}

// mostSentences is how many sentences a text may have on either side; full which part of the expected
// length it must fall short of before one can be missing from as many.
const (
	mostSentences = 40
	full          = 1.15
)

func manySentences(s string) bool {
	return strings.Count(s, ".")+strings.Count(s, "!")+strings.Count(s, "?")+strings.Count(s, "…") > 1
}

// matching is what two texts have of each other, sentence by sentence.
type matching struct {
	a, b   []float64 // lengths
	growth float64
	words  [][]matchedWord // by sentence of a
}

// matchedWord is a word with the sentences of the other side that have it, as bits.
type matchedWord struct {
	key            string // the same for words of one beginning
	there          uint64
	found, lacking float64
}

// matching looks for the words of each sentence on the other side.
func (r *run) matching(p *pair, a, b []string, c float64) *matching {
	m := &matching{a: lengths(a), b: lengths(b), growth: c, words: make([][]matchedWord, len(a))}
	mine := p.mine.tokens
	other := r.readSide(p.theirs, b)
	end, at := 0, 0
	list := sensesOf()[r.OriginalLang.Base()]
	for i, s := range a {
		end += len(s)
		seen := map[string]bool{}
		for ; at < len(mine) && mine[at].from < end; at++ {
			if t := mine[at]; !seen[t.lower] {
				seen[t.lower] = true
				if w, ok := r.matchWord(p, at, other, list); ok {
					m.words[i] = append(m.words[i], w)
				}
			}
		}
	}
	return m
}

// otherSide are the words of a text, by what they may be found by, with the sentences that have them.
type otherSide struct {
	figures, sounds map[string]uint64
	senses          map[int]uint64
	sentence        []int // of each word
}

// alikeLetters is how many letters of their beginning two words must have in common to be one.
const alikeLetters = 4

func (r *run) readSide(words spoken, sentences []string) *otherSide {
	o := &otherSide{figures: map[string]uint64{}, sounds: map[string]uint64{}, senses: map[int]uint64{}, sentence: make([]int, len(words.tokens))}
	list := sensesOf()[r.Lang.Base()]
	i, end := 0, 0
	if len(sentences) > 0 {
		end = len(sentences[0])
	}
	for k, t := range words.tokens {
		for t.from >= end && i+1 < len(sentences) {
			i++
			end += len(sentences[i])
		}
		bit := uint64(1) << i
		o.sentence[k] = i
		if t.text[0] >= '0' && t.text[0] <= '9' {
			o.figures[t.text] |= bit
			continue
		}
		for _, sense := range list.of(t.lower) {
			o.senses[sense] |= bit
		}
		if plain := words.sounds[k].plain; len(plain) > alikeLetters {
			o.sounds[plain[:alikeLetters]] |= bit
		}
	}
	return o
}

// matchWord finds out which sentences of the other side have the word, if it is one that says something.
func (r *run) matchWord(p *pair, i int, o *otherSide, list *senseList) (w matchedWord, ok bool) {
	t, s := p.mine.tokens[i], p.mine.sounds[i]
	if t.text[0] >= '0' && t.text[0] <= '9' {
		return matchedWord{t.text, o.figures[t.text], nameFound, nameLacking}, len(t.text) > 1
	}
	if utf8.RuneCountInString(t.lower) < longWord {
		return w, false
	}
	w.key = s.plain[:min(len(s.plain), alikeLetters)]
	if !t.initial && r.OriginalLang.Base() != "de" && p.mine.named[i] {
		w.found, w.lacking = nameFound, nameLacking
		for k, other := range p.theirs.tokens {
			if p.hears(i, k, other) {
				w.there |= 1 << o.sentence[k]
			}
		}
		if w.there == 0 && exonym(r.OriginalLang, t.lower, r.Lang, p.theirs.tokens) {
			return w, false
		}
		return w, true
	}
	senses := list.of(t.lower)
	for _, sense := range senses {
		w.there |= o.senses[sense]
	}
	if len(senses) > 0 {
		w.found, w.lacking = senseFound, senseLacking
	}
	if len(s.plain) > alikeLetters {
		if there := o.sounds[s.plain[:alikeLetters]]; there != 0 {
			w.there, w.found = w.there|there, soundFound
		}
	}
	return w, w.found > 0
}

// speaks is what the words of the sentences of a from i to j say for their being said in those of b that
// there stands for. A word that several of them have is found once only.
func (m *matching) speaks(i, j int, there uint64) float64 {
	all := 0.0
	for k := i; k < j; k++ {
		total := 0.0
		for _, w := range m.words[k] {
			switch {
			case w.there&there == 0:
				total -= w.lacking
			case !m.before(w.key, i, k):
				total += w.found
			}
		}
		all += min(mostFound, max(-mostLacking, total))
	}
	return all
}

// before reports whether a sentence from i to k has such a word.
func (m *matching) before(key string, i, k int) bool {
	return slices.ContainsFunc(m.words[i:k], func(words []matchedWord) bool {
		return slices.ContainsFunc(words, func(w matchedWord) bool { return w.key == key })
	})
}

func lengths(sentences []string) []float64 {
	out := make([]float64, len(sentences))
	for i, s := range sentences {
		out[i] = float64(signs(s))
	}
	return out
}

// beads are the ways in which sentences stand beside each other.
var beads = []struct {
	da, db int
	price  float64
}{{1, 1, 0}, {2, 1, costTwo}, {1, 2, costTwo}, {3, 1, 2 * costTwo}, {1, 3, 2 * costTwo}, {2, 2, 2 * costTwo}}

// align finds the cheapest way to put the sentences of both sides beside each other, and returns
// which of a have nothing there, if that is allowed.
func (m *matching) align(mayLose bool) (gone []int, cost float64) {
	type step struct {
		cost   float64
		da, db int
	}
	table := make([][]step, len(m.a)+1)
	for i := range table {
		table[i] = make([]step, len(m.b)+1)
		for j := range table[i] {
			if i+j > 0 {
				table[i][j].cost = math.Inf(1)
			}
			try := func(da, db int, price float64) {
				if cost := table[i-da][j-db].cost + price; cost < table[i][j].cost {
					table[i][j] = step{cost, da, db}
				}
			}
			for _, b := range beads {
				if i >= b.da && j >= b.db {
					try(b.da, b.db, b.price+m.bead(i, j, b.da, b.db))
				}
			}
			if i > 0 && mayLose {
				try(1, 0, 0)
			}
			if j > 0 {
				try(0, 1, costAdded)
			}
		}
	}
	for i, j := len(m.a), len(m.b); i > 0 || j > 0; {
		s := table[i][j]
		if s.da+s.db == 0 {
			break // there is no way
		}
		if s.db == 0 {
			gone = append([]int{i - 1}, gone...)
		}
		i, j = i-s.da, j-s.db
	}
	return gone, table[len(m.a)][len(m.b)].cost
}

// bead is what it costs to put the sentences that end before i and j beside each other.
func (m *matching) bead(i, j, da, db int) float64 {
	there := (uint64(1)<<db - 1) << (j - db)
	cost := mismatch(sum(m.a[i-da:i]), sum(m.b[j-db:j]), m.growth)
	return cost - m.speaks(i-da, i, there)
}

func sum(list []float64) float64 {
	total := 0.0
	for _, v := range list {
		total += v
	}
	return total
}

// mismatch is half the square of how far the lengths are from what is to be expected, in standard
// deviations.
func mismatch(a, b, c float64) float64 {
	if a+b == 0 {
		return 0
	}
	d := (b - c*a) / math.Sqrt(variance*math.Max(a, b/c))
	return d * d / 2
}
