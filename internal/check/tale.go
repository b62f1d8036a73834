package check

import (
	"slices"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// tale is what the whole story says of its names, read when first needed.
type tale struct {
	in    *Input
	heard *hearing
	// original and edition are the words of either side, nil before they are read.
	original, edition *side
}

// hearing holds the words and the sounds of texts, so that each is made once.
type hearing struct {
	sounds map[heardWord]sound
	texts  map[heardWord]spoken
}

type heardWord struct {
	lang lang.Tag
	text string
}

// spoken is a text's words with their sounds; lower is all of it in small letters, named says which of them may be names, small has those
// without a capital.
type spoken struct {
	lower  string
	tokens []token
	sounds []sound
	named  []bool
	small  map[string]bool
}

// mostHeard bounds how many texts are kept: those of a long story, with what somebody types.
const mostHeard = 4000

func newHearing() *hearing {
	return &hearing{sounds: map[heardWord]sound{}, texts: map[heardWord]spoken{}}
}

// spoken returns the words of a text.
func (t *tale) spoken(l lang.Tag, text string) spoken {
	key := heardWord{l, text}
	if s, ok := t.heard.texts[key]; ok {
		return s
	}
	if len(t.heard.texts) >= mostHeard {
		*t.heard = *newHearing()
	}
	s := spoken{lower: lowered(text), tokens: tokensOf(text)}
	s.sounds = make([]sound, len(s.tokens))
	s.named = make([]bool, len(s.tokens))
	s.small = make(map[string]bool, len(s.tokens))
	for i, w := range s.tokens {
		s.sounds[i] = t.sound(l, w.lower)
		s.named[i] = mayBeName(l, w)
		if !isCapital(w.text) {
			s.small[w.lower] = true
		}
	}
	t.heard.texts[key] = s
	return s
}

// sound is the word's, made once for all places where it stands.
func (t *tale) sound(l lang.Tag, lower string) sound {
	key := heardWord{l, lower}
	if s, ok := t.heard.sounds[key]; ok {
		return s
	}
	s := soundOf(l, lower)
	t.heard.sounds[key] = s
	return s
}

// side is what one of the two documents has of words.
type side struct {
	words map[string]*capital
	order []*capital        // as they come
	small []map[string]bool // the words without a capital, by segment
	// What was asked of these words, once for each: which of them a word of the other side sounds like, at
	// all or in the same segments; whether one has a small letter; and where one stands.
	known, settled, lower map[string]bool
	stood                 map[string][]int
}

func newSide() *side {
	return &side{words: map[string]*capital{}, known: map[string]bool{}, settled: map[string]bool{}, lower: map[string]bool{}, stood: map[string][]int{}}
}

// capital is a word that has a capital and may be a name.
type capital struct {
	lower  string
	sound  sound
	within bool  // it has its capital in the middle of a sentence
	at     []int // the segments in which it stands
}

func (t *tale) load() {
	if t.edition != nil {
		return
	}
	if t.original == nil {
		t.original = newSide()
		if t.in.Original != nil {
			t.original = t.sideOf(t.in.OriginalLang, *t.in.Original)
		}
	}
	t.edition = t.sideOf(t.in.Lang, t.in.Doc)
}

func (t *tale) sideOf(l lang.Tag, d document.Doc) *side {
	out := newSide()
	for i, s := range document.Segments(d) {
		text := t.spoken(l, s.Text.Plain())
		out.small = append(out.small, text.small)
		for k, w := range text.tokens {
			if !text.named[k] {
				continue
			}
			c := out.words[w.lower]
			if c == nil {
				c = &capital{lower: w.lower, sound: text.sounds[k]}
				out.words[w.lower] = c
				out.order = append(out.order, c)
			}
			c.within = c.within || !w.initial
			if n := len(c.at); n == 0 || c.at[n-1] != i {
				c.at = append(c.at, i)
			}
		}
	}
	return out
}

// of returns the side in a language, and the other one.
func (t *tale) of(l lang.Tag) (mine, theirs *side) {
	t.load()
	if l == t.in.Lang {
		return t.edition, t.original
	}
	return t.original, t.edition
}

// knows reports whether the name stands somewhere in the story on both sides.
func (t *tale) knows(n name, l lang.Tag) bool {
	_, other := t.of(l)
	return once(other.known, n.lower, func() bool {
		return slices.ContainsFunc(other.order, func(c *capital) bool { return n.sound.alike(c.sound) })
	})
}

// once returns what was found out for a word before, or finds it out.
func once[T any](known map[string]T, word string, find func() T) T {
	v, ok := known[word]
	if !ok {
		v = find()
		known[word] = v
	}
	return v
}

// settled reports whether the story has a name of the original on both sides more than once, in the same
// segments.
func (t *tale) settled(n name) bool {
	t.load()
	return once(t.edition.settled, n.lower, func() bool {
		x := t.original.words[n.lower]
		return x != nil && len(x.at) > 1 && slices.ContainsFunc(t.edition.order, func(c *capital) bool {
			return together(x.at, c.at) > 1 && n.sound.roughly(c.sound)
		})
	})
}

// within reports whether the word stands with its capital within a sentence of the same side.
func (t *tale) within(l lang.Tag, lower string) bool {
	mine, _ := t.of(l)
	c := mine.words[lower]
	return c != nil && c.within
}

// small reports whether the same side has the word without a capital too.
func (t *tale) small(l lang.Tag, lower string) bool {
	mine, _ := t.of(l)
	return once(mine.lower, lower, func() bool {
		return slices.ContainsFunc(mine.small, func(words map[string]bool) bool { return words[lower] })
	})
}

// again reports whether the same side has the word with its capital in several segments.
func (t *tale) again(l lang.Tag, lower string) bool {
	mine, _ := t.of(l)
	c := mine.words[lower]
	return c != nil && len(c.at) > 1
}

// stands returns the segments in which the side has a name of its own, in any of its forms.
func (s *side) stands(n *name) []int {
	return once(s.stood, n.lower, func() (out []int) {
		for _, c := range s.order {
			if c.sound.plain == n.sound.plain || variants(c.sound, n.sound) {
				out = append(out, c.at...)
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	})
}
