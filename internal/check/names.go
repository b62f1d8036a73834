package check

import "slices"

// names compares the names of both sides. That a name of the original has nothing on the other side
// happens in good translations, where "he" or "the president" stands for it, and each language names
// what others describe. So one finding says what is oddest: that one name seems to stand for another,
// or that one is on one side alone.
func (r *run) names(p *pair) {
	if r.Lang.Base() == r.OriginalLang.Base() {
		return
	}
	e, ok := r.oddest(p)
	if !ok {
		return
	}
	f := Finding{Code: "name_differs", Severity: Note, Address: p.src.Address}
	if e.lost != nil {
		f.SourceSpot = e.lost.text
		f.Args = []any{"source", e.lost.text, "from", r.OriginalLang}
	}
	if e.gained != nil {
		f.Spot, f.Excerpt = e.gained.text, excerpt(p.b, e.gained.from, e.gained.to)
	}
	switch {
	case e.gained == nil:
		f.Code, f.Excerpt = "name_missing", clip(p.b)
	case e.lost == nil:
		f.Code, f.Args = "name_added", []any{"text", e.gained.text, "from", r.OriginalLang}
	default:
		f.Args = append(f.Args, "target", e.gained.text)
		if e.points >= suspect {
			f.Severity = Warn
		}
	}
	r.add(f)
}

// exchange is a name of the original with the one that may stand for it in the translation; one of
// the two is nil where nothing does.
type exchange struct {
	lost, gained *name
	pair         pairSays
	points       int
}

// oddest returns the exchange that most speaks for, if that is enough to be said.
func (r *run) oddest(p *pair) (best exchange, ok bool) {
	for _, e := range r.exchanges(p) {
		if !ok || e.points > best.points {
			best, ok = e, true
		}
	}
	return best, ok && best.points >= remark
}

// exchanges returns all that may be one, among the names that the other side doesn't have.
func (r *run) exchanges(p *pair) []exchange {
	a := &heard{spoken: r.tale.spoken(r.OriginalLang, p.a), lang: r.OriginalLang, text: p.a, source: true}
	b := &heard{spoken: r.tale.spoken(r.Lang, p.b), lang: r.Lang, text: p.b}
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
	if a.lang.Script() == b.lang.Script() {
		all |= oneAlphabet
	}
	var out []exchange
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

// settled reports whether the story has the name on both sides more than once, in the same segments.
func (r *run) settled(a name) bool {
	x := r.tale.original.words[a.lower]
	return x != nil && len(x.at) > 1 && slices.ContainsFunc(r.tale.edition.order, func(c *capital) bool {
		return together(x.at, c.at) > 1 && (a.sound.roughly(c.sound) || c.sound.roughly(a.sound))
	})
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
