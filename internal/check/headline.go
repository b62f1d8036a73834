package check

import (
	"slices"
	"strings"
	"unicode/utf8"

	"depesche/internal/check/quantity"
	"depesche/internal/document"
	"depesche/internal/lang"
)

// headline holds the headline against the text of the same edition: figures and names of it stand
// there. A headline that was translated by itself says more than its story.
func headline(r *run) {
	head := strings.TrimSpace(r.Doc.Headline)
	if head == "" {
		return
	}
	if !hasBody(r.segments) {
		return
	}
	r.headlineNumbers(head)
	if r.Original != nil {
		r.headlineNames(head)
		r.headlineSurer(head)
	}
}

// headlineNumbers warns of figures that neither the text has nor, in a translation, the original's
// headline.
func (r *run) headlineNumbers(head string) {
	missing := slices.DeleteFunc(quantity.In(r.Lang, head), func(q quantity.Quantity) bool {
		return !q.Figures || q.NumTo-q.NumFrom < 2
	})
	without := func(l lang.Tag, text string) {
		if len(missing) == 0 {
			return
		}
		res := quantity.Compare(l, text, r.Lang, head)
		missing = slices.DeleteFunc(missing, func(q quantity.Quantity) bool { return stands(res, q) })
	}
	for _, s := range r.segments {
		if ofBody(s) {
			without(r.Lang, s.Text.Plain())
		}
	}
	if r.Original != nil {
		without(r.OriginalLang, r.Original.Headline)
	}
	if len(missing) == 0 {
		return
	}
	raw := head[missing[0].From:missing[0].To]
	r.add(Finding{Code: "headline_number", Severity: Warn, Address: document.AddrHeadline, Excerpt: head, Spot: raw, Args: []any{"text", raw}})
}

// stands reports whether a quantity of the target has its like in the source.
func stands(res quantity.Result, q quantity.Quantity) bool {
	same := func(o quantity.Quantity) bool { return o.From == q.From }
	return !slices.ContainsFunc(res.Gained, func(i int) bool { return same(res.Target[i]) }) &&
		!slices.ContainsFunc(res.Differences, func(d quantity.Difference) bool { return same(d.Target) })
}

// ofBody reports whether a segment is what the headline stands above.
func ofBody(s document.Segment) bool {
	return s.Field != document.FieldHeadline && s.Field != document.FieldSlug && s.Field != document.FieldTeaser
}

// headlineNames warns of names in a translated headline that stand neither in the text nor in the
// original's headline.
func (r *run) headlineNames(head string) {
	if r.Lang.Base() == "de" || r.Lang.Base() == "en" && titled(tokensOf(head)) {
		return // every noun has a capital
	}
	e, others := r.oddest(r.pairOf(r.Original.Headline, head))
	if e.gained != nil && e.points >= remark {
		others = append([]*name{e.gained}, others...)
	}
	for _, n := range others {
		if n.initial || !mayBeName(r.Lang, n.token) || n.is(place) || r.inBody(n.sound) {
			continue
		}
		r.add(Finding{Code: "headline_name", Severity: Warn, Address: document.AddrHeadline, Excerpt: head, Spot: n.text, Args: []any{"text", n.text}})
		return
	}
}

// inBody reports whether a word of the text sounds like the name.
func (r *run) inBody(s sound) bool {
	return slices.ContainsFunc(r.segments, func(seg document.Segment) bool {
		return ofBody(seg) && slices.ContainsFunc(r.tale.spoken(r.Lang, seg.Text.Plain()).sounds, s.alike)
	})
}

func inCountries(l lang.Tag, w string) bool { return len(countriesOf(l, w)) > 0 }

// titled reports whether nearly all longer words have a capital, as in American headlines.
func titled(tokens []token) bool {
	large, small := 0, 0
	for _, t := range tokens {
		switch {
		case isCapital(t.text):
			large++
		case utf8.RuneCountInString(t.text) > 3:
			small++
		}
	}
	return small*4 < large
}
