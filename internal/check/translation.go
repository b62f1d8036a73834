package check

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

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
	mine := map[document.Address]document.Segment{}
	for _, s := range r.segments {
		mine[s.Address] = s
	}
	seen := map[document.Address]bool{}
	for _, src := range document.Segments(*r.Original) {
		seen[src.Address] = true
		if src.Fixed || r.Answers[src.Address] != "" {
			continue
		}
		target, ok := mine[src.Address]
		if !ok || strings.TrimSpace(target.Text.Plain()) == "" {
			r.missing(src)
			continue
		}
		if slices.Contains(r.Stale, src.Address) {
			r.add(Finding{Code: "stale_segment", Severity: Warn, Address: src.Address, Excerpt: clip(target.Text.Plain())})
		}
		r.compare(src, target)
	}
	for _, s := range r.segments {
		if !seen[s.Address] && !s.Fixed && !optional[s.Field] && s.Field != document.FieldKicker && s.Field != document.FieldCaption &&
			s.Field != document.FieldSpeaker && r.Answers[s.Address] == "" {
			r.add(Finding{Code: "orphan_segment", Severity: Warn, Address: s.Address, Excerpt: clip(s.Text.Plain())})
		}
	}
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

// minimum is how many letters a text must have before being the same in two languages is odd. What
// consists of names is the same in all.
const minimum = 25

// isProse reports whether the text has words that aren't names or figures.
func isProse(s string) bool {
	n := 0
	for _, w := range strings.Fields(s) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLetter(r) && !unicode.IsUpper(r) {
			n++
		}
	}
	return n >= 3
}

func (r *run) compare(src, target document.Segment) {
	a, b := src.Text.Plain(), target.Text.Plain()
	if r.Lang.Base() != r.OriginalLang.Base() && letters(a) >= minimum && isProse(a) && folded(a) == folded(b) {
		r.add(Finding{Code: "untranslated", Severity: Warn, Address: src.Address, Excerpt: clip(b)})
		return
	}
	r.quantities(src, target)
}
