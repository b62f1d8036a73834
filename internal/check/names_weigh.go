package check

import "math"

// says is what speaks for and against a word's being a name that the other side should have.
type says uint32

const (
	firm        says = 1 << iota // it stands as names do: with a capital that nothing else gives it
	within                       // its capital stands within a sentence, where not every noun has one
	opening                      // it begins a sentence
	small                        // its side has it without a capital as well
	known                        // the story has it on both sides
	settled                      // the same more than once, in the same segments
	again                        // its side has it in other segments too
	beside                       // next to a word with a capital that both sides have: a first name
	besideUsual                  // next to a word with a capital that is translated
	alone                        // next to no word with a capital
	usual                        // it is one of the words that languages translate
	place                        // it is a country, or a city that has a time zone
	inLatin                      // it is in Latin letters in a Cyrillic text
	short
	noun    // one of German's, that may be any
	spelled // the other side has it by its first letters
	claimed // another word of the other side sounds a little like it
)

func (n *name) is(s says) bool { return n.says&s != 0 }

func (n *name) put(s says, that bool) {
	if that {
		n.says |= s
	}
}

// pairSays is what speaks for and against one name's standing for another.
type pairSays uint32

const (
	slot      pairSays = 1 << iota // both have the same name beside them
	leftSame                       // the next name before them is the same
	rightSame                      // the next name behind them is
	near                           // they stand at about the same part of the text
	bothOpen                       // both begin a sentence
	like42                         // they sound a little like each other
	like55
	like70
	sameSegments // the story has both in the same segments
	noneLost     // the segment has no firm name that is lost
	severalLost  // or more than one
	noneGained
	severalGained
	fromGerman // where every noun has a capital
	toGerman
	bothLatin
)

// countSays says how many firm names the segment has that nothing was heard of.
func countSays(lost, gained []name) (s pairSays) {
	count := func(list []name, none, several pairSays) {
		n := 0
		for i := range list {
			if list[i].is(firm) && !list[i].is(usual) {
				n++
			}
		}
		switch {
		case n == 0:
			s |= none
		case n > 1:
			s |= several
		}
	}
	count(lost, noneLost, severalLost)
	count(gained, noneGained, severalGained)
	return s
}

// pairSays says what two names have to do with each other.
func (r *run) pairSays(a, b *heard, x, y *name) (s pairSays) {
	put := func(p pairSays, that bool) {
		if that {
			s |= p
		}
	}
	for _, i := range []int{-1, 1} {
		for _, j := range []int{-1, 1} {
			k, m := a.next(x.at, i), b.next(y.at, j)
			put(slot, k >= 0 && m >= 0 && matched(a, b, k, m))
		}
	}
	put(leftSame, sameNext(a, b, x.at, y.at, -1))
	put(rightSame, sameNext(a, b, x.at, y.at, 1))
	put(near, math.Abs(float64(x.from)/float64(len(a.text))-float64(y.from)/float64(len(b.text))) < 0.15)
	put(bothOpen, x.initial && y.initial)
	unlike := min(x.sound.unlike(y.sound), cutAdjective(x.sound).unlike(cutAdjective(y.sound)))
	put(like42, unlike < 42)
	put(like55, unlike < 55)
	put(like70, unlike < 70)
	put(sameSegments, !(x.is(known) && y.is(known)) && r.together(x, y))
	return s
}

func matched(a, b *heard, i, j int) bool { return a.match[i] == j || b.match[j] == i }

// sameNext reports whether the nearest names in one direction that both sides have are one.
func sameNext(a, b *heard, i, j, step int) bool {
	i, j = a.nextHeard(i, step), b.nextHeard(j, step)
	return i >= 0 && j >= 0 && matched(a, b, i, j)
}

func (h *heard) nextHeard(i, step int) int {
	for i += step; i >= 0 && i < len(h.tokens); i += step {
		if h.match[i] >= 0 {
			return i
		}
	}
	return -1
}

// together reports whether the story has both names in the same segments, in any of their forms, more
// than once.
func (r *run) together(x, y *name) bool {
	r.tale.load()
	return together(r.tale.original.stands(x), r.tale.edition.stands(y)) > 1
}

// weighed adds up what speaks for an exchange.
func weighed(e exchange, all pairSays) exchange {
	e.pair |= all
	c := 0
	switch {
	case e.lost == nil:
		c = 1
	case e.gained == nil:
		c = 2
	}
	if c == 1 && e.gained.is(usual) && !e.gained.is(beside) || c == 2 && e.lost.is(usual) {
		e.points = math.MinInt32 // one that languages translate may stand alone
		return e
	}
	e.points = base[c]
	for _, w := range nameWeights {
		if e.lost != nil && e.lost.among(w.says, e.gained) {
			e.points += [...]int{w.lost, 0, w.lostAlone}[c]
		}
		if e.gained != nil && e.gained.among(w.says, e.lost) {
			e.points += [...]int{w.gained, w.gainedAlone, 0}[c]
		}
	}
	for _, w := range pairWeights {
		if e.pair&w.says != 0 {
			e.points += w.points[c]
		}
	}
	return e
}

// among reports whether the name is what is asked, beside the one it may stand for.
func (n *name) among(s says, other *name) bool {
	if s != claimed {
		return n.is(s)
	}
	for _, i := range n.maybe {
		if other == nil || other.at != i {
			return true
		}
	}
	return false
}
