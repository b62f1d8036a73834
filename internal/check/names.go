package check

import (
	"math"
	"slices"
	"strings"
)

// names compares the names of both sides. That a name of the original has nothing on the other side
// happens in good translations, where "he" or "the president" stands for it, and each language names
// what others describe. So one finding says what is oddest: that one name seems to stand for another,
// or that one is on one side alone.
func (r *run) names(p *pair) {
	if r.Lang.Base() == r.OriginalLang.Base() {
		return
	}
	e, others := r.oddest(p)
	switch {
	case e.points < remark:
		return
	case e.gained == nil:
		r.add(Finding{Code: "name_missing", Severity: Note, Address: p.src.Address, SourceSpot: e.lost.text, Excerpt: clip(p.b),
			Args: []any{"source", e.lost.text, "from", r.OriginalLang}})
	case e.lost == nil:
		others = append([]*name{e.gained}, others...)
	default:
		f := Finding{Code: "name_differs", Severity: Note, Address: p.src.Address, SourceSpot: e.lost.text, Spot: e.gained.text,
			Excerpt: excerpt(p.b, e.gained.from, e.gained.to), Args: []any{"source", e.lost.text, "from", r.OriginalLang, "target", e.gained.text}}
		if e.suspect() {
			f.Severity = Warn
		}
		r.add(f)
		if e.suspect() {
			return
		}
	}
	r.added(p, others)
}

// added notes names of the translation that the original doesn't have, all of a segment at once.
func (r *run) added(p *pair, list []*name) {
	if len(list) == 0 {
		return
	}
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = n.text
	}
	r.add(Finding{Code: "name_added", Severity: Note, Address: p.src.Address, Spot: words[0],
		Excerpt: excerpt(p.b, list[0].from, list[0].to), Args: []any{"text", strings.Join(words, ", "), "from", r.OriginalLang}})
}

// exchange is a name of the original with the one that may stand for it in the translation; one of
// the two is nil where nothing does.
type exchange struct {
	lost, gained *name
	pair         pairSays
	points       int
}

// suspect reports whether one name seems to stand for the other so surely that it is worth a warning.
func (e exchange) suspect() bool { return e.lost != nil && e.gained != nil && e.points >= suspect }

// likely reports whether it is rather a pair than two names that have nothing to do with each other.
func (e exchange) likely() bool { return e.lost != nil && e.gained != nil && e.points >= even }

// oddest returns the exchange that most speaks for, likely pairs before names on one side alone, and the
// other names of the translation that may have come in by one.
func (r *run) oddest(p *pair) (best exchange, others []*name) {
	all := r.exchanges(p)
	best.points = math.MinInt
	for _, e := range all {
		if a, b := e.likely(), best.likely(); a && !b || a == b && e.points > best.points {
			best = e
		}
	}
	for _, e := range all {
		if e.points >= remark && (e.lost == nil || e.likely()) && e.gained != nil && e.gained != best.gained && !slices.Contains(others, e.gained) {
			others = append(others, e.gained)
		}
	}
	return best, others
}

// exchanges returns all that may be one, among the names that the other side doesn't have.
func (r *run) exchanges(p *pair) []exchange {
	a := &heard{spoken: p.mine, pair: p, lang: r.OriginalLang, text: p.a, source: true}
	b := &heard{spoken: p.theirs, pair: p, lang: r.Lang, text: p.b}
	a.listen(b)
	b.listen(a)
	lost, gained := r.strangers(a, b), r.strangers(b, a)
	all := countSays(lost, gained)
	if a.lang.Base() == "de" {
		all |= fromGerman
	}
	if b.lang.Base() == "de" {
		all |= toGerman
	}
	if a.lang.Script() == "Latn" && b.lang.Script() == "Latn" {
		all |= bothLatin
	}
	out := make([]exchange, 0, (len(lost)+1)*(len(gained)+1))
	for i := range lost {
		x := &lost[i]
		out = append(out, weighed(exchange{lost: x}, all))
		for j := range gained {
			y := &gained[j]
			out = append(out, weighed(exchange{x, y, all | r.pairSays(a, b, x, y), 0}, all))
		}
	}
	for j := range gained {
		out = append(out, weighed(exchange{gained: &gained[j]}, all))
	}
	return out
}

// together counts the segments that both lists have.
func together(a, b []int) int {
	n := 0
	for _, x := range a {
		if slices.Contains(b, x) {
			n++
		}
	}
	return n
}
