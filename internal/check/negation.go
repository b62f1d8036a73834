package check

import (
	"slices"
	"strings"

	"depesche/internal/lang"
)

// negation compares how often both sides deny something. What denies is counted in two kinds: plain
// words ("not", "nicht", "не"), and those that deny by what they mean ("failed", "without",
// "unmöglich", "verbot"), which stand for a plain one as often as translators want. A warning needs a
// plain one in the original, and nothing of either kind in the translation; a note, that the
// translation has fewer plain ones and no more of the other kind to make up for it.
func (r *run) negation(p *pair) {
	from, okA := negating[r.OriginalLang.Base()]
	to, okB := negating[r.Lang.Base()]
	if !okA || !okB || r.Lang.Base() == r.OriginalLang.Base() {
		return
	}
	a, b := from.count(p.a), to.count(p.b)
	f := Finding{Code: "negation_lost", Severity: Warn, Address: p.src.Address, Excerpt: clip(p.b), Args: []any{"source", a.word, "from", r.OriginalLang}, SourceSpot: a.word}
	switch {
	case a.plain > 0 && b.broken && !a.broken:
		// "ніколи" without "не" before the verb.
	case a.plain > b.plain && b.plain == 0 && (b.meant == 0 || b.bare):
		if a.weak >= a.plain || b.near > 0 && !b.bare {
			f.Severity = Note
		}
	case a.plain > b.plain:
		f.Severity = Note
	case a.plain == 0 && a.meant == 0 && b.plain > 0:
		f = Finding{Code: "negation_added", Severity: Note, Address: p.src.Address, Excerpt: clip(p.b), Args: []any{"target", b.word}, Spot: b.word}
	default:
		return
	}
	r.add(f)
}

// denials are the negations of a text.
type denials struct {
	plain int
	weak  int // of these, words that as often deny nothing, and those behind a comma: "in Wien, und nicht in Graz", or in a purpose
	meant int
	near  int    // words by which a plain one is put otherwise: "only", "rather", "different"
	word  string // the first plain one
	// broken says that a word is there that denies only beside a particle, and no particle.
	broken bool
	// bare says that a helping verb stands there as it does before "not" only: "it did reach".
	bare bool
}

// count goes through a text sentence by sentence, as "ніхто ніколи не" denies once.
func (d *denying) count(text string) denials {
	var out denials
	lower := strings.ReplaceAll(lowered(text), "’", "'")
	for _, phrase := range d.idle {
		lower = strings.ReplaceAll(lower, phrase, " ")
	}
	for s := range strings.FieldsFuncSeq(lower, func(r rune) bool { return strings.ContainsRune(".!?;:…", r) }) {
		d.sentence(s, &out)
	}
	return out
}

func (d *denying) sentence(s string, out *denials) {
	particles, helped, late, before := 0, "", false, 0
	released := false
	for clause := range strings.SplitSeq(s, ",") {
		place, last := 0, ""
		for w := range strings.FieldsFuncSeq(clause, func(r rune) bool { return !isWordRune(r) && r != '\'' }) {
			w = strings.Trim(w, "'")
			place++
			switch {
			case d.particle[w] || strings.HasSuffix(w, "n't") || d.clipped && strings.HasPrefix(w, "n'"):
				particles++
				out.first(w)
				if before > 0 && place == 2 && d.and[last] || d.purpose[last] {
					out.weak++
				}
			case d.weak[w]:
				particles++
				out.weak++
				out.first(w)
			case d.helped[w]:
				if helped == "" {
					helped = w
				}
				late = late || d.needs[w] && place > d.free
			case d.near.has(w):
				out.near++
			case d.meant.has(w) && !d.harmless.has(w):
				out.meant++
				released = released || d.release[w]
			}
			out.bare = out.bare || d.helping[last] && place > 2 && !d.follow[w]
			last = w
		}
		before += place
	}
	out.plain += particles
	if d.clipped && helped == "" {
		out.weak += particles // "ne … que" is "only", and in "avant que … ne" it says nothing
	}
	if helped == "" || particles > 0 || released {
		return
	}
	out.plain++
	out.first(helped)
	out.broken = out.broken || late
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
	// helping are verbs that mostly stand before a particle or one of the words in follow.
	helping, follow map[string]bool
	// release are words that deny by what they mean and stand for the particle: "sans aucun".
	release map[string]bool
	and     map[string]bool // what may stand between a comma and the particle of an opposite: "а не"
	purpose map[string]bool // what comes before a purpose, which is often told by what it prevents: "щоб не"
	// meant are words whose sense denies; harmless those that only look so: "und", "under".
	meant, harmless, near wordSet
	// idle are phrases with a plain word that deny nothing: "not only", "не только".
	idle []string
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
