package desk

import (
	"net/http"
	"strings"

	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

func notFound() error { return problem.New(problem.NotFound, "problem.not_found") }

// namesView lists things that have a name in each language: sections, topics, authors.
type namesView struct {
	frame
	MayEdit bool
	Query   string
	Langs   []langHead
	Rows    []namesRow
}

type langHead struct{ Tag, Name, Note string }

type namesRow struct {
	ID, Name, Tag, Off   string
	Names                []nameCell
	Movable, First, Last bool
}

type nameCell struct{ Label, Lang, Text string }

func (d *Desk) namesView(r *http.Request, title, current string) namesView {
	v := namesView{frame: d.frame(r, title, "/desk/topics"), Query: strings.TrimSpace(r.URL.Query().Get("q"))}
	d.settingsNav(&v.frame, r, current)
	for _, t := range v.paper.Active() {
		v.Langs = append(v.Langs, langHead{Tag: t.String(), Name: t.OwnName()})
	}
	return v
}

// cells are the names in the paper's languages; a dash stands where one is missing.
func (v *namesView) cells(name func(lang.Tag) string) []nameCell {
	var out []nameCell
	for _, t := range v.paper.Active() {
		text := name(t)
		if text == "" {
			text = "–"
		}
		out = append(out, nameCell{Label: t.OwnName(), Lang: t.String(), Text: text})
	}
	return out
}

// add puts a row into the list if a name of it has all the words that are looked for.
func (v *namesView) add(row namesRow, active bool, name func(lang.Tag) string) {
	row.Names = v.cells(name)
	if !active {
		row.Off = v.words.T("desk.inactive")
	}
	names := []string{row.Name}
	for _, c := range row.Names {
		names = append(names, c.Text)
	}
	all := entry.Folded(names...)
	for _, word := range strings.Fields(entry.Folded(v.Query)) {
		if !strings.Contains(all, word) {
			return
		}
	}
	v.Rows = append(v.Rows, row)
}

// sort puts the list in the alphabet's order.
func (v *namesView) sort() {
	lang.SortBy(v.tag, v.Rows, func(r namesRow) string { return r.Name })
}

// namedView is the form of one of them.
type namedView struct {
	frame
	Action, Back, Delete, DeleteWord string
	Merge                            string
	Version                          int64
	Fields                           []field
	Texts                            []namedText
	Active                           *field
	MayEdit                          bool
}

type namedText struct {
	Tag, Name string
	Fields    []field
}

func (d *Desk) namedView(r *http.Request, title, list string, version int64) namedView {
	v := namedView{frame: d.frame(r, title, "/desk/topics"), Action: r.URL.Path, Back: list, Version: version}
	d.settingsNav(&v.frame, r, list)
	return v
}

// nameTexts are the fields name and slug, and about where asked, in each of the paper's languages.
func (v *namedView) nameTexts(errs []fieldError, get func(lang.Tag) (name, slug, about string), withAbout bool) {
	for _, t := range v.paper.Active() {
		name, slug, about := get(t)
		fields := []field{
			textField("name."+t.String(), v.words.T("desk.name"), name).in(t).with(errs),
			textField("slug."+t.String(), v.words.T("desk.slug"), slug).with(errs),
		}
		fields[1].Hint = v.words.T("desk.slug_hint")
		if withAbout {
			fields = append(fields, areaField("about."+t.String(), v.words.T("desk.author.about"), about, 3).in(t).with(errs))
		}
		v.Texts = append(v.Texts, namedText{Tag: t.String(), Name: t.OwnName(), Fields: fields})
	}
}

// readNames puts what the fields of nameTexts say into names. An empty slug is made from the name; what was
// emptied is gone.
func readNames[N any](r *http.Request, langs []lang.Tag, names map[lang.Tag]N, build func(name, slug string, t lang.Tag) N) {
	for _, t := range langs {
		name, slug := value(r, "name."+t.String()), value(r, "slug."+t.String())
		if delete(names, t); name == "" && slug == "" {
			continue
		}
		if slug == "" {
			slug = t.Slug(name, 60)
		}
		names[t] = build(name, slug, t)
	}
}

func (v *namedView) active(on bool) {
	f := checkField("active", v.words.T("desk.active"), nil, []choice{{Value: "1", Word: v.words.T("desk.active_hint"), On: on}})
	f.Choices[0].On = on
	v.Active = &f
}
