package desk

import (
	"net/http"
	"slices"
	"strings"
)

// homeless are the texts of a refused form that no field of the screen shows: the row that they were written in is
// gone, or may not be written in any more.
func (v *runningView) homeless(r *http.Request) []typed {
	here := map[string]bool{}
	note := func(fields ...*field) {
		for _, f := range fields {
			if f != nil {
				here[f.ID] = true
			}
		}
	}
	if b := &v.Write; v.MayWrite {
		note(&b.Tongue, &b.Headline, &b.Text, &b.Time, &b.SourceName, &b.SourceURL, &b.How, b.Reason)
	}
	for _, row := range v.Entries {
		if row.MayChange {
			note(&row.HeadlineField, &row.Text, row.Reason)
			if row.MayPublish && row.Out {
				note(&row.Correction)
			}
		}
		for _, why := range row.Withdraw {
			note(&why)
		}
		if o := row.Beside; o != nil {
			for _, u := range o.Units {
				note(&u.field)
			}
			note(o.Correction, o.Reason)
		}
	}
	out := slices.DeleteFunc(typedIn(r), func(t typed) bool { return here[t.Name] })
	for i, t := range out {
		out[i].Name = v.fieldName(t.Name)
	}
	return out
}

// fieldName is what a field of an entry's form is called; its name bears what it belongs to.
func (v *runningView) fieldName(name string) string {
	kind, _, _ := strings.Cut(name, ".")
	key := map[string]string{
		"text": "desk.live.text", "unit": "desk.live.text", "headline": "desk.headline", "correction": "desk.live.correction",
		"reason": "desk.live.reason",
	}[kind]
	if key == "" {
		return name
	}
	return v.words.T(key)
}
