package check

import (
	"slices"
	"strings"

	"depesche/internal/lang"
)

// terms holds the register against a segment: what it names in the original stands in the edition
// in one of the forms that are right, and a forbidden form stands nowhere.
func (r *run) terms(p *pair) {
	for _, t := range r.Terms {
		if !r.mayHold(r.OriginalLang, p.a, t.Source) && !r.mayHold(r.Lang, p.b, t.Forbidden) {
			continue // most terms aren't in most texts
		}
		source := ""
		for _, form := range t.Source {
			if at := r.findForm(r.OriginalLang, p.a, form); at != nil {
				source = p.a[at[0]:at[1]]
				break
			}
		}
		if f, ok := r.forbidden(t, p, source); ok {
			r.add(f)
			continue
		}
		right := t.Target
		if t.Keep {
			right = append(slices.Clone(right), t.Source...)
		}
		if source == "" || len(right) == 0 || slices.ContainsFunc(right, func(form string) bool { return r.findForm(r.Lang, p.b, form) != nil }) {
			continue
		}
		r.add(Finding{Code: "term_missing", Severity: Warn, Address: p.src.Address, Excerpt: clip(p.b), SourceSpot: source,
			Args: []any{"source", source, "from", r.OriginalLang, "target", right[0]}})
	}
}

// forbidden looks for a form that the house doesn't write. If there is one right form only and the
// wrong one isn't part of the original's wording, the repair is certain.
func (r *run) forbidden(t Term, p *pair, source string) (Finding, bool) {
	for _, form := range t.Forbidden {
		at := r.findForm(r.Lang, p.b, form)
		if at == nil || r.insideOf(r.Lang, p.b, at, t.Target) {
			continue
		}
		f := Finding{Code: "term_forbidden", Severity: Warn, Address: p.src.Address, Excerpt: excerpt(p.b, at[0], at[1]),
			Spot: p.b[at[0]:at[1]], SourceSpot: source, Args: []any{"text", p.b[at[0]:at[1]], "target", ""}}
		if len(t.Target) > 0 {
			f.Args[3] = t.Target[0]
		} else {
			f.Code = "term_forbidden_alone"
		}
		if len(t.Target) == 1 {
			f.Fix = p.b[:at[0]] + t.Target[0] + p.b[at[1]:]
		}
		return f, true
	}
	return Finding{}, false
}

// insideOf reports whether the place is part of a right form: "Kiew" within "Dynamo Kiew".
func (r *run) insideOf(l lang.Tag, text string, at []int, forms []string) bool {
	for _, form := range forms {
		for from := 0; ; {
			in := r.findForm(l, text[from:], form)
			if in == nil {
				break
			}
			if from+in[0] <= at[0] && at[1] <= from+in[1] {
				return true
			}
			from += in[1]
		}
	}
	return false
}

// findForm returns where a form stands as whole words, or nil. Large letters needn't agree, but for
// a form that is all in large letters. Spaces and apostrophes of any kind are alike.
func (r *run) findForm(l lang.Tag, text, form string) []int {
	form = strings.TrimSpace(form)
	if form == "" {
		return nil
	}
	if first := firstWord(form); !strings.Contains(text, first) && !strings.Contains(r.lower(l, text), r.lower(l, first)) {
		return nil
	}
	exact := form == strings.ToUpper(form) && form != lowered(form)
	for i := range text {
		if i > 0 && wordBefore(text, i) {
			continue
		}
		if n := matches(text[i:], form, exact); n > 0 && !wordAt(text, i+n) {
			return []int{i, i + n}
		}
	}
	return nil
}

// mayHold is false for texts in which none of the forms stands: those of a word begin alike.
func (r *run) mayHold(l lang.Tag, text string, forms []string) bool {
	if len(forms) == 0 {
		return false
	}
	begin, ok := r.begins[&forms[0]]
	if !ok {
		begin = r.lower(l, firstWord(strings.TrimSpace(forms[0])))
		for _, form := range forms[1:] {
			other := r.lower(l, firstWord(strings.TrimSpace(form)))
			n := 0
			for n < len(begin) && n < len(other) && begin[n] == other[n] {
				n++
			}
			begin = begin[:n]
		}
		if r.begins == nil {
			r.begins = map[*string]string{}
		}
		r.begins[&forms[0]] = begin
	}
	return strings.Contains(r.lower(l, text), begin)
}

// inSmall names a text in a language.
type inSmall struct {
	lang lang.Tag
	text string
}

// lower is [lang.Tag.Lower], once for each text: every form is looked for in every segment.
func (r *run) lower(l lang.Tag, s string) string {
	at := inSmall{l, s}
	if small, ok := r.small[at]; ok {
		return small
	}
	if r.small == nil {
		r.small = map[inSmall]string{}
	}
	small := l.Lower(s)
	r.small[at] = small
	return small
}

// firstWord is the beginning of a form up to what may be written in several ways.
func firstWord(form string) string {
	if i := strings.IndexAny(form, " \u00a0\u202f'’ʼ‘-\u2010\u2011"); i > 0 {
		return form[:i]
	}
	return form
}
