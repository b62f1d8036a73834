package check

import (
	"unicode/utf8"

	"depesche/internal/document"
)

// spellings notes a name that the edition writes in two ways where the original writes it in one:
// "Selenskyj" here and "Zelensky" there.
func spellings(r *run) {
	if r.Original == nil || r.Lang.Base() == r.OriginalLang.Base() {
		return
	}
	r.tale.load()
	forms := r.formsOf()
	for _, source := range r.tale.original.order {
		s := source.sound
		if !source.within || len(s.plain) < 5 {
			continue
		}
		var first *form
		for i := range forms {
			f := &forms[i]
			if !s.like(f.sound) || len(f.sound.plain) < 5 {
				continue
			}
			if first == nil {
				first = f
				continue
			}
			if inflects(first.sound.plain, f.sound.plain) || r.alsoInOriginal(f, s) {
				continue
			}
			r.add(Finding{Code: "name_two_ways", Severity: Note, Address: f.at, Spot: f.text, SourceSpot: source.lower, Excerpt: f.text, Args: []any{"text", f.text, "other", first.text}})
			break
		}
	}
}

// form is a word with a capital in the edition, at the place where it stands first.
type form struct {
	text  string
	sound sound
	at    document.Address
}

func (r *run) formsOf() []form {
	seen := map[string]bool{}
	var out []form
	for _, s := range r.segments {
		if s.Fixed {
			continue
		}
		for _, t := range r.tale.spoken(r.Lang, s.Text.Plain()).tokens {
			if isCapital(t.text) && mayBeName(r.Lang, t) && !t.initial && !seen[t.lower] {
				seen[t.lower] = true
				out = append(out, form{t.text, r.tale.sound(r.Lang, t.lower), s.Address})
			}
		}
	}
	return out
}

// inflects reports whether two words differ in their endings only.
func inflects(a, b string) bool {
	short := min(utf8.RuneCountInString(a), utf8.RuneCountInString(b))
	return 10*commonPrefix(a, b) >= 6*short
}

// alsoInOriginal reports whether the original has another word that the form is nearer to.
func (r *run) alsoInOriginal(f *form, s sound) bool {
	for _, c := range r.tale.original.order {
		o := c.sound
		if o.plain != s.plain && o.alike(f.sound) && o.distance(f.sound) <= s.distance(f.sound) {
			return true
		}
	}
	return false
}
