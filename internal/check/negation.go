package check

import (
	"math"
	"slices"
	"unicode/utf8"

	"depesche/internal/lang"
)

// negation compares how often both sides deny something. What denies is counted in two kinds: plain
// words ("not", "nicht", "не"), and those that deny by what they mean ("failed", "without",
// "unmöglich", "verbot"), which stand for a plain one as often as translators want. A warning needs a
// plain one in the original, none in the translation, and that it affirms the same: what was denied
// stands there. Where that stands nowhere it was put otherwise, and where nothing is known of it a word of
// the other kind may stand for the plain one: both are a note. So is a translation with fewer plain
// ones.
func (r *run) negation(p *pair) {
	from, okA := negating[r.OriginalLang.Base()]
	to, okB := negating[r.Lang.Base()]
	if !okA || !okB || r.Lang.Base() == r.OriginalLang.Base() {
		return
	}
	a, b := from.count(p.mine.lower), to.count(p.theirs.lower)
	f := Finding{
		Code: "negation_lost", Severity: Note, Address: p.src.Address, Excerpt: clip(p.b), SourceSpot: a.word,
		Args: []any{"source", a.word, "from", r.OriginalLang, "there", a.plain + a.only + a.half, "here", b.firm + b.only + b.half},
	}
	fewer := a.plain+a.only > b.firm+b.only && a.plain > b.firm
	switch {
	case fewer && b.plain == 0:
		if r.affirmed(&a, &b) {
			f.Severity = Warn
		}
	case fewer && b.broken && !a.broken:
		f.Severity = Warn // "ніколи" without "не" before the verb
	case fewer:
	case a.only > b.only && a.plain+a.only > b.firm+b.only && (b.justOnly || b.firm == 0):
		// "only" is left of "not only"
	case a.half > 0 && b.half+b.only+b.plain == 0:
		// "if not" without any
	case a.until > b.until && b.hasUntil:
		// "until" goes with a particle in both languages
	case a.plain > 0 && a.astray(&b):
		// as many, but none where the original denies
	case a.plain == 0 && a.meant == 0 && b.plain > 0:
		f = Finding{Code: "negation_added", Severity: Note, Address: p.src.Address, Excerpt: clip(p.b), Args: []any{"target", b.word}, Spot: b.word}
	default:
		return
	}
	r.add(f)
}

// affirmed reports whether a translation without plain negations says for sure what the original
// denies.
func (r *run) affirmed(a, b *denials) bool {
	if b.broken && !a.broken || slices.ContainsFunc(b.bare, func(i int) bool { return a.about(i, len(b.words)) }) {
		return true
	}
	near := a.beside(b)
	if b.meant > 0 || near || a.compared && b.top {
		return false
	}
	l := r.literal(a, b)
	switch {
	case a.plain > 1 && l.all < literalTwice:
		return false // who leaves out two does it on purpose
	case l.denied == saidPlainly:
		return a.weak < a.plain || l.all > literalAll
	case a.weak >= a.plain:
		return false
	case l.denied == saidOtherwise:
		return l.clause > 0 && l.all >= literalAll || l.all >= literalMost
	}
	return l.all >= literalAll
}

// said is what becomes of the words that the original denies.
type said int

const (
	_             said = iota // they are none that the checks know
	saidPlainly               // they stand in the translation
	saidOtherwise             // they don't, or beside a word that denies
)

// literalness says how much of the original stands in the translation word by word, of the words that
// the checks know. Who translates freely puts a negation otherwise too.
type literalness struct {
	denied said
	clause float64 // how many words of the clause that denies stand there
	all    float64 // which part of all words, all of them if none is known
}

// What a translation must have of the original before a negation that isn't there was lost: where the
// denied words are said otherwise, in the same clause or not, where nothing is known of them, and where
// there are two.
const literalAll, literalMost, literalTwice = 0.5, 0.6, 0.6

// Where the words that are denied stand: behind the particle, in German before it as well; and how far
// apart both sides may have a word, as a part of the text, if it has more than a few.
const (
	reachAfter, reachBefore = 4, 5
	apart                   = 0.3
	fewWords                = 12
	nearDenial              = 3
)

func (r *run) literal(a, b *denials) literalness {
	theirs := r.meanings(b.words)
	near := akinWords[r.OriginalLang.Base()] && akinWords[r.Lang.Base()]
	var l literalness
	var known, found, foundHere float64
	for i, w := range a.words {
		t := r.counterpart(a, b, i, theirs)
		if a.denied(i, r.OriginalLang.Base() == "de") {
			switch {
			case t.affirmed:
				l.denied = saidPlainly
			case l.denied != saidPlainly && (t.sense || near && t.sound):
				l.denied = saidOtherwise
			}
		}
		if !t.sense && !t.sound || utf8.RuneCountInString(w.text) < longWord {
			continue
		}
		known++
		if t.there {
			found++
			if len(a.at) > 0 && w.clause == a.words[a.at[0]].clause {
				foundHere++
			}
		}
	}
	l.clause, l.all = foundHere, 1
	if list := sensesOf(); known > 0 && list[r.OriginalLang.Base()] != nil && list[r.Lang.Base()] != nil {
		l.all = found / known
	}
	return l
}

// denied reports whether the word stands where a plain negation reaches.
func (n *denials) denied(i int, before bool) bool {
	return n.deniedAt(i) || before && slices.ContainsFunc(n.at, func(at int) bool {
		return i < at && i >= at-reachBefore && n.words[i].clause == n.words[at].clause
	})
}

// about reports whether one of the plain negations stands about where i is among so many words of the
// other side.
func (n *denials) about(i, of int) bool {
	return slices.ContainsFunc(n.at, func(at int) bool { return !farApart(at, len(n.words), i, of) })
}

// strayed is how far from each other, as a part of the text, two negations may stand that are one.
const strayed = 0.3

// astray reports whether one of the negations has none on the other side about where it should be, when
// they are put beside each other in their order, and no word either that denies by what it means.
func (n *denials) astray(other *denials) bool {
	mine, theirs := n.spots(), other.spots()
	if len(mine) > len(theirs) || len(other.words) <= fewWords {
		return false
	}
	// worst[j] is how far apart those so far stand at the most, if they stand with the first j of theirs as
	// near as can be.
	worst := make([]float64, len(theirs)+1)
	for i, x := range mine {
		next := slices.Repeat([]float64{1}, len(theirs)+1)
		for j := i; j < len(theirs); j++ {
			next[j+1] = min(next[j], max(worst[j], math.Abs(x-theirs[j])))
		}
		worst = next
	}
	return worst[len(theirs)] > strayed
}

// spots are the places of the plain negations, as parts of the text. Those that stand together are one:
// "ніхто не".
func (n *denials) spots() []float64 {
	var out []float64
	for k, at := range n.at {
		if k > 0 && at-n.at[k-1] <= nearDenial && n.words[at].clause == n.words[n.at[k-1]].clause {
			continue
		}
		out = append(out, float64(at)/float64(len(n.words)))
	}
	return out
}

// beside reports whether the other side has a word by which a negation is put otherwise, about where
// this one denies.
func (n *denials) beside(other *denials) bool {
	for j, w := range other.words {
		if w.near && n.about(j, len(other.words)) {
			return true
		}
	}
	return false
}

// farApart reports whether two words stand at different places of their texts.
func farApart(i, of, j, ofJ int) bool {
	d := float64(i)/float64(of) - float64(j)/float64(ofJ)
	return ofJ > fewWords && (d > apart || d < -apart)
}

// counterpart is what the translation has of a word.
type counterpart struct {
	sense, sound bool // it could be found by its sense, by its sound
	there        bool
	affirmed     bool // and no word that denies stands beside it
}

func (r *run) counterpart(a, b *denials, i int, theirs [][]int) counterpart {
	mine := sensesOf()[r.OriginalLang.Base()].of(a.words[i].text)
	kin := r.kinOf(a.words[i].text)
	out := counterpart{sense: len(mine) > 0, sound: kin != nil}
	if !out.sense && !out.sound {
		return out
	}
	for j, w := range b.words {
		if farApart(i, len(a.words), j, len(b.words)) {
			continue
		}
		if share(mine, theirs[j]) || kin != nil && kin(w.text) {
			out.there = true
			out.affirmed = out.affirmed || !b.deniesNear(j)
		}
	}
	return out
}

// akinWords are languages that have most words in common.
var akinWords = map[lang.Tag]bool{"ru": true, "uk": true}

// How many letters a word must have before it says something of a translation, and before its sound
// tells which one it is.
const longWord, longEnough = 4, 5

// kinOf returns what tells whether a word of the translation is the same one, by its sound, or nil.
func (r *run) kinOf(w string) func(string) bool {
	if utf8.RuneCountInString(w) < longEnough {
		return nil
	}
	s := r.tale.sound(r.OriginalLang, w)
	return func(other string) bool {
		return utf8.RuneCountInString(other) >= longEnough && s.kin(r.tale.sound(r.Lang, other))
	}
}

func (r *run) meanings(words []saidWord) [][]int {
	out := make([][]int, len(words))
	list := sensesOf()[r.Lang.Base()]
	for i, w := range words {
		out[i] = list.of(w.text)
	}
	return out
}

func share(a, b []int) bool {
	return slices.ContainsFunc(a, func(x int) bool { return slices.Contains(b, x) })
}
