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
	p := r.pairOf(src.Text.Plain(), target.Text.Plain())
	p.src, p.dst = src, target
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
	src, dst     document.Segment
	a, b         string // their plain texts
	mine, theirs spoken // their words
	same         []answer
}

// answer is whether two words sound alike, as far as it was asked.
type answer byte

const (
	_ answer = iota // nobody asked
	yes
	no
)

func (r *run) pairOf(a, b string) *pair {
	return &pair{a: a, b: b, mine: r.tale.spoken(r.OriginalLang, a), theirs: r.tale.spoken(r.Lang, b)}
}

// alike reports whether a word of the original and one of the translation sound alike. Names and
// sentences ask for the same ones.
func (p *pair) alike(i, j int) bool {
	if p.same == nil {
		p.same = make([]answer, len(p.mine.sounds)*len(p.theirs.sounds))
	}
	known := &p.same[i*len(p.theirs.sounds)+j]
	if *known == 0 {
		*known = no
		if p.mine.sounds[i].alike(p.theirs.sounds[j]) {
			*known = yes
		}
	}
	return *known == yes
}
