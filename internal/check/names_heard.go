package check

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// name is a word of a text that seems to be one of a person, a place or a body, and that the other
// side doesn't have.
type name struct {
	token
	at    int // which of the text's words it is
	sound sound
	says  says
	maybe []int // the words of the other side that sound a little like it
}

// heard is one side of a pair, with what of it the other side has.
type heard struct {
	spoken
	pair   *pair
	lang   lang.Tag
	text   string
	source bool
	match  []int // which word of the other side has each of the words, or one of the following

	capitals []string // its words of capitals
}

// What no word of the other side has, and what it has under another name.
const (
	unheard = -1
	renamed = -2
)

// listen finds which words with a capital the other side has. A word of it that sounds like two of
// them is the nearer one's.
func (h *heard) listen(o *heard) {
	h.match = make([]int, len(h.tokens))
	claims := make([][]int, len(o.tokens))
	for i, t := range h.tokens {
		h.match[i] = unheard
		if inCapitals(t.text) {
			h.capitals = append(h.capitals, t.text)
		}
		if !isCapital(t.text) || len(h.sounds[i].plain) < shortestHeard {
			continue
		}
		for j := range o.sounds {
			if h.hears(i, o, j) {
				claims[j] = append(claims[j], i)
			}
		}
	}
	nearest := make([]int, len(h.tokens))
	apart := func(i, j int) int { return h.sounds[i].apart(o.sounds[j]) + h.sounds[i].begun(o.sounds[j]) }
	for j, claim := range claims {
		for _, i := range claim {
			away := apart(i, j)
			taken := slices.ContainsFunc(claim, func(k int) bool {
				return apart(k, j)+nearer < away && !variants(h.sounds[k], h.sounds[i])
			})
			if !taken && (h.match[i] == unheard || away < nearest[i]) {
				h.match[i], nearest[i] = j, away
			}
		}
	}
	for i, t := range h.tokens {
		if h.match[i] == unheard && isCapital(t.text) && exonym(h.lang, t.lower, o.lang, o.tokens) {
			h.match[i] = renamed
		}
	}
}

const (
	shortestHeard = 3
	nearer        = 15 // by how much the one must be nearer that takes a word from another
)

// hears reports whether a word of the other side sounds like one of this.
func (h *heard) hears(i int, o *heard, j int) bool {
	if h.source {
		return h.pair.hears(i, j, o.tokens[j])
	}
	return h.pair.hears(j, i, o.tokens[j])
}

// hears reports whether two words of the pair sound alike: t, the one of them that was found, needs a
// capital, or it must be kindred.
func (p *pair) hears(i, j int, t token) bool {
	x, y := &p.mine.sounds[i], &p.theirs.sounds[j]
	if !x.kindred(*y) && !(isCapital(t.text) && min(len(x.plain), len(y.plain)) >= shortestHeard) {
		return false
	}
	return p.alike(i, j)
}

// variants reports whether two words may be one in two forms.
func variants(a, b sound) bool {
	n := commonPrefix(a.plain, b.plain)
	return n >= 5 || n >= 3 && len(a.plain)-n <= 3 && len(b.plain)-n <= 3 && a.distance(b) < 60
}

// next returns the word with a capital that stands directly beside another, or -1.
func (h *heard) next(i, step int) int {
	j := i + step
	if j < 0 || j >= len(h.tokens) || !isCapital(h.tokens[j].text) {
		return -1
	}
	if strings.TrimSpace(h.text[min(h.tokens[i].to, h.tokens[j].to):max(h.tokens[i].from, h.tokens[j].from)]) != "" {
		return -1
	}
	return j
}

// strangers are the words of one side that may be names and that the other side doesn't have.
func (r *run) strangers(h, o *heard) []name {
	loud := h.lang.Base() != "de" && titled(h.tokens)
	var out []name
	for i, t := range h.tokens {
		if h.match[i] != unheard || !isCapital(t.text) || !hasSmall(t.text) || len(h.sounds[i].plain) < shortestHeard {
			continue
		}
		n := name{token: t, at: i, sound: h.sounds[i]}
		r.ofStory(h, &n)
		h.ofPlace(&n, loud, r.tale.within(h.lang, t.lower))
		if !n.is(firm) && t.initial && n.is(small) {
			continue
		}
		n.put(spelled, spelledOut(&n, o, h))
		for j, s := range o.sounds {
			if isCapital(o.tokens[j].text) && len(s.plain) >= shortestHeard && n.sound.unlike(s) < 42 {
				n.maybe = append(n.maybe, j)
			}
		}
		out = append(out, n)
	}
	return out
}

// ofStory adds what the story says of the name.
func (r *run) ofStory(h *heard, n *name) {
	n.put(usual, isCommon(h.lang, n.lower))
	n.put(place, inCountries(h.lang, n.lower))
	n.put(small, r.tale.small(h.lang, n.lower))
	n.put(again, r.tale.again(h.lang, n.lower))
	n.put(settled, h.source && r.tale.settled(*n))
	n.put(known, n.is(settled) || r.tale.knows(*n, h.lang))
}

// ofPlace adds what is said by where the name stands. loud is a text in which all words have capitals.
func (h *heard) ofPlace(n *name, loud, elsewhere bool) {
	german := h.lang.Base() == "de"
	n.put(opening, n.initial)
	n.put(short, utf8.RuneCountInString(n.text) < shortestName)
	n.put(inLatin, h.lang.Script() == "Cyrl" && n.text[0] < utf8.RuneSelf)
	n.says |= alone
	for _, step := range []int{-1, 1} {
		j := h.next(n.at, step)
		if j < 0 {
			continue
		}
		n.says &^= alone
		n.put(beside, h.match[j] >= 0)
		n.put(besideUsual, h.match[j] == unheard && isCommon(h.lang, h.tokens[j].lower))
	}
	switch {
	case loud:
		n.put(firm, n.is(known) || n.is(beside))
	case n.initial:
		n.put(firm, !n.is(small) && (elsewhere && !german || n.is(beside) && !n.is(usual) && (elsewhere || !german)))
	default:
		n.put(firm, looksLikeName(h.lang, h.text, h.tokens, n.at, n.is(beside)))
	}
	n.put(noun, german && !n.is(firm))
	n.put(within, !n.initial && !loud && (n.is(firm) || !german))
}

func hasSmall(s string) bool {
	_, n := utf8.DecodeRuneInString(s)
	second, _ := utf8.DecodeRuneInString(s[n:])
	return unicode.IsLower(second)
}

// cutAdjective is the sound without the ending that makes an adjective of a name: Єльський.
func cutAdjective(s sound) sound {
	i := strings.LastIndex(s.plain, "sk")
	if s.latin || i < 2 || len(s.plain)-i > 6 {
		return s
	}
	return soundOf("en", s.plain[:i])
}

// spelledOut reports whether the other side has a word of capitals more than this one, with the name's
// first letter in it: LSU is the University of Louisiana.
func spelledOut(n *name, other, own *heard) bool {
	return len(other.capitals) > len(own.capitals) && slices.ContainsFunc(other.capitals, func(w string) bool {
		return !strings.Contains(own.text, w) && strings.Contains(strings.ToLower(lang.Transliterate("uk", w)), n.sound.plain[:1])
	})
}

// inCapitals reports whether a word begins with two of them.
func inCapitals(w string) bool {
	first, n := utf8.DecodeRuneInString(w)
	second, _ := utf8.DecodeRuneInString(w[n:])
	return unicode.IsUpper(first) && unicode.IsUpper(second)
}
