package check

import (
	"slices"
	"strings"

	"depesche/internal/lang"
)

// denials are the negations of a text.
type denials struct {
	plain int
	// firm are the plain ones without words that need a particle and have none: "nikt przyszedł".
	firm int
	weak int // of these, words that as often deny nothing, and those behind a comma: "in Wien, und nicht in Graz", or in a purpose
	// only are phrases that deny that this is all: "not only", "не лише"; and justOnly says that the word
	// stands there alone.
	only     int
	justOnly bool
	half     int // phrases that others put without a negation: "if not"
	// until are particles that go with "until" in Slavic languages, and hasUntil says that the word is there.
	until    int
	hasUntil bool
	meant    int
	word     string // the first plain one
	// broken says that a word is there that denies only beside a particle, and no particle.
	broken bool
	// bare are the places where a helping verb stands as it does before "not" only: "it did reach".
	bare  []int
	words []saidWord
	at    []int // where the plain ones stand among the words
	// compared says that a plain one stands before a word that compares: "no better day"; top that the best
	// or the worst is spoken of.
	compared, top bool
}

// saidWord is a word of a text, with the clause it stands in.
type saidWord struct {
	text   string
	clause int
	meant  bool // it denies by what it means
	near   bool // a plain negation is put otherwise by it
}

// deniesNear reports whether a word that denies by what it means stands about there.
func (n *denials) deniesNear(at int) bool {
	return slices.ContainsFunc(n.words[max(0, at-nearDenial):min(len(n.words), at+nearDenial+1)], func(w saidWord) bool { return w.meant })
}

// count goes through a text in small letters sentence by sentence, as "ніхто ніколи не" denies once.
func (d *denying) count(lower string) denials {
	var out denials
	lower = strings.ReplaceAll(lower, "’", "'")
	for _, phrase := range d.only {
		if n := strings.Count(lower, phrase); n > 0 {
			out.only += n
			lower = strings.ReplaceAll(lower, phrase, " ")
		}
	}
	for _, phrase := range d.half {
		if n := strings.Count(lower, phrase); n > 0 {
			out.half += n
			lower = strings.ReplaceAll(lower, phrase, " ")
		}
	}
	for _, phrase := range d.idle {
		lower = strings.ReplaceAll(lower, phrase, " ")
	}
	clause := 0
	for s := range strings.FieldsFuncSeq(lower, func(r rune) bool { return strings.ContainsRune(".!?;:…", r) }) {
		c := counting{denying: d, out: &out, clause: clause}
		c.sentence(s)
		clause = c.clause + 1
	}
	return out
}

// counting is what is known of a sentence while it is read.
type counting struct {
	*denying
	out       *denials
	clause    int
	particles int
	beside    string // the first word that goes with a particle
	late      bool   // it stands where it can't without one
	loose     bool   // it stands where it can be without one
	released  bool
	but       bool // "que" follows, so that "ne" is "only"
}

func (c *counting) sentence(s string) {
	before := 0
	for clause := range strings.SplitSeq(s, ",") {
		before += c.read(clause, before)
		c.clause++
	}
	out := c.out
	if c.clipped && c.beside == "" && c.but {
		c.particles = 0
		return
	}
	out.plain, out.firm = out.plain+c.particles, out.firm+c.particles
	if c.clipped && c.beside == "" {
		out.weak += c.particles // in "avant que … ne" it says nothing
	}
	if c.beside == "" || c.particles > 0 || c.released {
		return
	}
	out.plain++
	if !c.concord || c.loose {
		out.firm++
	}
	out.first(c.beside)
	out.broken = out.broken || c.late
}

// read goes through a clause and returns how many words it has.
func (c *counting) read(clause string, before int) int {
	out, place, last, led, until := c.out, 0, "", true, false
	for w := range strings.FieldsFuncSeq(clause, func(r rune) bool { return !inAWord(r) && r != '\'' }) {
		w = strings.Trim(w, "'")
		if w == "" {
			continue
		}
		if i := strings.LastIndexByte(w, '\''); c.clipped && i > 0 && !c.isParticle(w) && !strings.HasPrefix(w, "qu'") {
			w = w[i+1:] // "j'ignore"
		}
		place++
		out.words = append(out.words, saidWord{text: w, clause: c.clause})
		here := len(out.words) - 1
		until = until || c.until[w] && (before > 0 || c.ever) && place <= 2
		switch {
		case c.isParticle(w):
			if until {
				out.until++
				break
			}
			c.particles++
			out.at = append(out.at, here)
			out.first(w)
			if before > 0 && place == 2 && c.and[last] || c.purpose[last] {
				out.weak++
			}
		case c.weak[w]:
			c.particles++
			out.at = append(out.at, here)
			out.weak++
			out.first(w)
		case c.helped[w]:
			if c.beside == "" {
				c.beside = w
			}
			out.at = append(out.at, here)
			c.late = c.late || c.needs[w] && place > c.free
			c.loose = c.loose || led && c.lead != nil || c.sure[w]
		case c.near.has(w):
			out.words[here].near = true
		case c.meant.has(w) && !c.harmless.has(w):
			out.meant++
			out.words[here].meant = true
			c.released = c.released || c.release[w]
		}
		out.justOnly = out.justOnly || c.onlyWords[w]
		out.hasUntil = out.hasUntil || c.until[w]
		if c.helping[last] && place > 2 && !c.follow[w] {
			out.bare = append(out.bare, here)
		}
		out.compared = out.compared || c.compared.has(w) && out.deniedAt(here)
		out.top = out.top || c.top.has(w)
		c.but = c.but || c.particles > 0 && (w == "que" || strings.HasPrefix(w, "qu'"))
		last, led = w, led && c.lead[w]
	}
	if place == 1 && c.helped[last] {
		c.loose = true // "Ні, …"
	}
	return place
}

// deniedAt reports whether a plain negation stands in the same clause, a few words before.
func (n *denials) deniedAt(i int) bool {
	return slices.ContainsFunc(n.at, func(at int) bool { return i > at && i <= at+reachAfter && n.words[i].clause == n.words[at].clause })
}

func (d *denying) isParticle(w string) bool {
	return d.particle[w] || strings.HasSuffix(w, "n't") || d.clipped && strings.HasPrefix(w, "n'")
}

func (n *denials) first(w string) {
	if n.word == "" {
		n.word = w
	}
}

// denying is what a language denies with.
type denying struct {
	particle map[string]bool // words that deny by themselves
	weak     map[string]bool // those that as often deny nothing: "no" in "no doubt"
	// clipped says that the particle is joined to words by an apostrophe: "n'est".
	clipped bool
	// helped are words that most often stand beside a particle, and then don't deny once more; needs
	// those that need one, if they aren't among the first free words of their clause.
	helped, needs map[string]bool
	free          int
	// concord says that a word in helped needs a particle, unless it stands at the head of its clause,
	// behind no more than the words in lead, which is nil where that doesn't help; those in sure never do.
	concord    bool
	lead, sure map[string]bool
	// until are words that go with a particle which denies nothing, in a clause of their own; ever says
	// that they do in the first clause too.
	until map[string]bool
	ever  bool
	// helping are verbs that mostly stand before a particle or one of the words in follow.
	helping, follow map[string]bool
	// release are words that deny by what they mean and stand for the particle: "sans aucun".
	release map[string]bool
	and     map[string]bool // what may stand between a comma and the particle of an opposite: "а не"
	purpose map[string]bool // what comes before a purpose, which is often told by what it prevents: "щоб не"
	// meant are words whose sense denies; harmless those that only look so: "und", "under".
	meant, harmless, near wordSet
	// compared are words that compare, top those for the best and the worst.
	compared, top wordSet
	// only are phrases that deny that this is all, with the words that are left without the particle; half
	// are phrases that others put without a negation: "not the first"; idle are phrases with a plain word
	// that deny nothing: "no doubt".
	only, half, idle []string
	onlyWords        map[string]bool
}

// wordSet holds words, beginnings of words and ends of words.
type wordSet struct {
	words, stems map[string]bool
	lengths      []int // of the stems
	ends         []string
}

// wordsOf reads a list of words: "ohne un* *los".
func wordsOf(list string) wordSet {
	s := wordSet{words: map[string]bool{}, stems: map[string]bool{}}
	for w := range strings.FieldsSeq(list) {
		switch {
		case strings.HasSuffix(w, "*"):
			stem := strings.TrimSuffix(w, "*")
			s.stems[stem] = true
			if !slices.Contains(s.lengths, len(stem)) {
				s.lengths = append(s.lengths, len(stem))
			}
		case strings.HasPrefix(w, "*"):
			s.ends = append(s.ends, w[1:])
		default:
			s.words[w] = true
		}
	}
	return s
}

func (s wordSet) has(w string) bool {
	if s.words[w] {
		return true
	}
	for _, n := range s.lengths {
		if n <= len(w) && s.stems[w[:n]] {
			return true
		}
	}
	return slices.ContainsFunc(s.ends, func(end string) bool { return strings.HasSuffix(w, end) })
}

// denials of the languages that the checks know, see negation_words.go.
var negating = map[lang.Tag]*denying{
	"en": &denyingEN, "de": &denyingDE, "fr": &denyingFR, "es": &denyingES,
	"pl": &denyingPL, "cs": &denyingCS, "ru": &denyingRU, "uk": &denyingUK,
}
