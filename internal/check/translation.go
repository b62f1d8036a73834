package check

import (
	"slices"
	"strings"

	"depesche/internal/document"
)

// optional are the fields an edition may have or lack on its own: each has its own teaser, and where
// a picture has no words the library's stand.
var optional = map[document.Field]bool{
	document.FieldTeaser: true, document.FieldAlt: true, document.FieldCredit: true,
}

// translation compares a translation with its original, segment by segment. What differs on
// purpose is left alone.
func translation(r *run) {
	if r.Original == nil {
		return
	}
	if r.Rebuilt {
		r.add(Finding{Code: "rebuilt", Severity: Warn})
	}
	mine := map[document.Address]document.Segment{}
	for _, s := range r.segments {
		mine[s.Address] = s
	}
	seen := map[document.Address]bool{}
	for _, src := range r.originals {
		seen[src.Address] = true
		if src.Fixed || r.Answers[src.Address] != "" {
			continue
		}
		target, ok := mine[src.Address]
		if !ok || strings.TrimSpace(target.Text.Plain()) == "" {
			r.missing(src)
			continue
		}
		if slices.Contains(r.StaleFacts, src.Address) {
			r.staleFact(target)
		} else if slices.Contains(r.Stale, src.Address) {
			r.add(Finding{Code: "stale_segment", Severity: Warn, Address: src.Address, Excerpt: clip(target.Text.Plain())})
		}
		r.compare(src, target)
	}
	for _, s := range r.segments {
		if !seen[s.Address] && slices.Contains(r.StaleFacts, s.Address) {
			r.staleFact(s)
			continue
		}
		if !seen[s.Address] && !s.Fixed && !optional[s.Field] && s.Field != document.FieldKicker && s.Field != document.FieldCaption &&
			s.Field != document.FieldSpeaker && r.Answers[s.Address] == "" {
			r.add(Finding{Code: "orphan_segment", Severity: Warn, Address: s.Address, Excerpt: clip(s.Text.Plain())})
		}
	}
}

func (r *run) staleFact(target document.Segment) {
	r.add(Finding{Code: "stale_fact", Severity: Stop, Address: target.Address, Excerpt: clip(target.Text.Plain())})
}

func (r *run) missing(src document.Segment) {
	if optional[src.Field] {
		return
	}
	f := Finding{Code: "missing_segment", Severity: Stop, Address: src.Address, Excerpt: clip(src.Text.Plain())}
	if src.Field == document.FieldKicker || src.Field == document.FieldCaption {
		f.Severity = Warn
	}
	r.add(f)
}

func (r *run) compare(src, target document.Segment) {
	a, b := src.Text.Plain(), target.Text.Plain()
	p := &pair{src: src, dst: target, a: a, b: b}
	p.wordsA, p.wordsB = r.tale.spoken(r.OriginalLang, a).tokens, r.tale.spoken(r.Lang, b).tokens
	r.terms(p)
	r.marks(p)
	if r.untranslated(p) {
		return
	}
	r.quantities(src, target)
	for _, look := range []func(*pair){r.quoted, r.omitted, r.cut, r.names, r.negation} {
		look(p)
	}
}

// pair is a segment of the original with its translation.
type pair struct {
	src, dst document.Segment
	a, b     string // their plain texts

	wordsA, wordsB []token
}

// words returns the words of both sides.
func (p *pair) words() (a, b []token) {
	if p.wordsA == nil {
		p.wordsA, p.wordsB = tokensOf(p.a), tokensOf(p.b)
	}
	return p.wordsA, p.wordsB
}
