package desk

import (
	"net/http"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/topic"
	"depesche/internal/web"
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

func (v *namedView) active(on bool) {
	f := checkField("active", v.words.T("desk.active"), nil, []choice{{Value: "1", Word: v.words.T("desk.active_hint"), On: on}})
	f.Choices[0].On = on
	v.Active = &f
}

// ---- sections

func (d *Desk) sections(w http.ResponseWriter, r *http.Request) error {
	list, err := d.Publication.Sections(r.Context(), d.DB.Read())
	if err != nil {
		return err
	}
	v := d.namesView(r, "desk.nav.sections", "/desk/sections")
	v.MayEdit = actor.May(who(r), actor.EditSections, actor.Scope{})
	for i, s := range list {
		row := namesRow{ID: string(s.ID), Name: sectionName(s, v.tag, v.paper.MainLang), Movable: v.MayEdit, First: i == 0, Last: i == len(list)-1}
		if !s.Active {
			row.Tag = v.words.T("desk.inactive")
		}
		row.Names = v.cells(func(t lang.Tag) string { return s.Names[t].Name })
		v.Rows = append(v.Rows, row)
	}
	return d.show(w, r, http.StatusOK, "sections", v)
}

func (d *Desk) section(r *http.Request) (publication.Section, error) {
	id := r.PathValue("id")
	if id == "new" {
		return publication.Section{Active: true, Names: map[lang.Tag]publication.Name{}}, nil
	}
	list, err := d.Publication.Sections(r.Context(), d.DB.Read())
	if err != nil {
		return publication.Section{}, err
	}
	for _, s := range list {
		if string(s.ID) == id {
			return s, nil
		}
	}
	return publication.Section{}, notFound()
}

func (d *Desk) sectionForm(w http.ResponseWriter, r *http.Request) error {
	s, err := d.section(r)
	if err != nil {
		return err
	}
	return d.showSection(w, r, http.StatusOK, s, nil)
}

func (d *Desk) showSection(w http.ResponseWriter, r *http.Request, status int, s publication.Section, err error) error {
	title := "desk.section.new"
	if s.ID != "" {
		title = "=" + sectionName(s, d.uiLang(r), "")
	}
	v := d.namedView(r, title, "/desk/sections", s.Version)
	v.setErrors(err)
	v.MayEdit = actor.May(who(r), actor.EditSections, actor.Scope{})
	v.nameTexts(v.Errors, func(t lang.Tag) (string, string, string) { return s.Names[t].Name, s.Names[t].Slug, "" }, false)
	v.active(s.Active)
	if s.ID != "" && v.MayEdit {
		v.Delete, v.DeleteWord = "/desk/sections/"+string(s.ID)+"/delete", v.words.T("desk.section.delete")
	}
	return d.show(w, r, status, "named", v)
}

// readNames reads the fields of nameTexts. An empty slug is made from the name.
func readNames(r *http.Request, langs []lang.Tag) map[lang.Tag]publication.Name {
	out := map[lang.Tag]publication.Name{}
	for _, t := range langs {
		n := publication.Name{Name: value(r, "name."+t.String()), Slug: value(r, "slug."+t.String())}
		if n.Slug == "" {
			n.Slug = t.Slug(n.Name, 60)
		}
		if n.Name != "" || value(r, "slug."+t.String()) != "" {
			out[t] = n
		}
	}
	return out
}

func (d *Desk) saveSection(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, err := d.section(r)
	if err != nil {
		return err
	}
	paper, err := d.Publication.Paper(r.Context())
	if err != nil {
		return err
	}
	names := readNames(r, paper.Active())
	for _, t := range paper.Active() {
		delete(s.Names, t) // what was emptied is to be gone
		if n, ok := names[t]; ok {
			s.Names[t] = n
		}
	}
	s.Active, s.Version = value(r, "active") != "", number(r, "version")
	saved, err := d.Publication.SaveSection(r.Context(), who(r), s)
	if err != nil {
		if userError(err) {
			return d.showSection(w, r, statusOf(err), s, err)
		}
		return err
	}
	d.say(w, "desk.said.saved_name", "name", sectionName(saved, d.uiLang(r), paper.MainLang))
	return web.SeeOther(w, r, "/desk/sections")
}

func (d *Desk) moveSection(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	by := 1
	if value(r, "by") == "-1" {
		by = -1
	}
	if err := d.Publication.MoveSection(r.Context(), who(r), publication.SectionID(r.PathValue("id")), by); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/sections")
}

func (d *Desk) deleteSection(w http.ResponseWriter, r *http.Request) error {
	s, err := d.section(r)
	if err != nil {
		return err
	}
	if err := d.Publication.DeleteSection(r.Context(), who(r), s.ID); err != nil {
		if userError(err) {
			return d.askSection(w, r, err)
		}
		return err
	}
	// One with stories is only retired.
	if _, err := d.section(r); err == nil {
		d.say(w, "desk.said.retired", "name", sectionName(s, d.uiLang(r), ""))
	} else {
		d.say(w, "desk.said.deleted")
	}
	return web.SeeOther(w, r, "/desk/sections")
}

// ---- topics

func (d *Desk) topics(w http.ResponseWriter, r *http.Request) error {
	list, err := d.Topics.All(r.Context(), d.DB.Read())
	if err != nil {
		return err
	}
	v := d.namesView(r, "desk.nav.topics", "/desk/topics")
	v.MayEdit = actor.May(who(r), actor.EditTopics, actor.Scope{})
	for _, tp := range list {
		v.add(namesRow{ID: string(tp.ID), Name: topicName(tp, v.tag, v.paper.MainLang), Tag: v.words.T("desk.topic.kind." + string(tp.Kind))}, tp.Active, func(t lang.Tag) string { return tp.Names[t].Name })
	}
	v.sort()
	return d.show(w, r, http.StatusOK, "topics", v)
}

func topicName(tp topic.Topic, want, main lang.Tag) string {
	for _, t := range []lang.Tag{want, main} {
		if n := tp.Names[t]; n.Name != "" {
			return n.Name
		}
	}
	for _, t := range sortedTags(tp.Names) {
		return tp.Names[t].Name
	}
	return string(tp.ID)
}

func (d *Desk) topic(r *http.Request) (topic.Topic, error) {
	if r.PathValue("id") == "new" {
		return topic.Topic{Kind: "subject", Active: true, Names: map[lang.Tag]topic.Name{}}, nil
	}
	return d.Topics.ByID(r.Context(), d.DB.Read(), topic.ID(r.PathValue("id")))
}

func (d *Desk) topicForm(w http.ResponseWriter, r *http.Request) error {
	tp, err := d.topic(r)
	if err != nil {
		return err
	}
	return d.showTopic(w, r, http.StatusOK, tp, nil)
}

var topicKinds = []string{"subject", "person", "place", "organisation", "event"}

func (d *Desk) showTopic(w http.ResponseWriter, r *http.Request, status int, tp topic.Topic, err error) error {
	title := "desk.topic.new"
	if tp.ID != "" {
		title = "=" + topicName(tp, d.uiLang(r), "")
	}
	v := d.namedView(r, title, "/desk/topics", tp.Version)
	v.setErrors(err)
	v.MayEdit = actor.May(who(r), actor.EditTopics, actor.Scope{})
	var kinds []choice
	for _, k := range topicKinds {
		kinds = append(kinds, choice{Value: k, Word: v.words.T("desk.topic.kind." + k)})
	}
	v.Fields = []field{selectField("kind", v.words.T("desk.topic.kind"), string(tp.Kind), kinds).with(v.Errors)}
	v.nameTexts(v.Errors, func(t lang.Tag) (string, string, string) { return tp.Names[t].Name, tp.Names[t].Slug, "" }, false)
	v.active(tp.Active)
	if tp.ID != "" && v.MayEdit {
		v.Merge = "/desk/topics/" + string(tp.ID) + "/merge"
	}
	return d.show(w, r, status, "named", v)
}

func (d *Desk) saveTopic(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	tp, err := d.topic(r)
	if err != nil {
		return err
	}
	paper, err := d.Publication.Paper(r.Context())
	if err != nil {
		return err
	}
	names := readNames(r, paper.Active())
	for _, t := range paper.Active() {
		delete(tp.Names, t)
		if n, ok := names[t]; ok {
			tp.Names[t] = topic.Name{Name: n.Name, Slug: n.Slug}
		}
	}
	tp.Kind, tp.Active, tp.Version = topic.Kind(value(r, "kind")), value(r, "active") != "", number(r, "version")
	saved, err := d.Topics.Save(r.Context(), who(r), tp)
	if err != nil {
		if userError(err) {
			return d.showTopic(w, r, statusOf(err), tp, err)
		}
		return err
	}
	d.say(w, "desk.said.saved_name", "name", topicName(saved, d.uiLang(r), paper.MainLang))
	return web.SeeOther(w, r, "/desk/topics")
}

// ---- authors

func (d *Desk) authors(w http.ResponseWriter, r *http.Request) error {
	list, err := d.People.Authors(r.Context(), d.DB.Read())
	if err != nil {
		return err
	}
	v := d.namesView(r, "desk.nav.authors", "/desk/authors")
	v.MayEdit = actor.May(who(r), actor.EditTopics, actor.Scope{})
	for _, a := range list {
		v.add(namesRow{ID: string(a.ID), Name: authorName(a, v.tag, v.paper.MainLang)}, a.Active, func(t lang.Tag) string { return a.Names[t].Name })
	}
	v.sort()
	return d.show(w, r, http.StatusOK, "authors", v)
}

func authorName(a people.Author, want, main lang.Tag) string {
	for _, t := range []lang.Tag{want, main} {
		if n := a.Names[t]; n.Name != "" {
			return n.Name
		}
	}
	for _, t := range sortedTags(a.Names) {
		return a.Names[t].Name
	}
	return string(a.ID)
}

func (d *Desk) author(r *http.Request) (people.Author, error) {
	if r.PathValue("id") == "new" {
		return people.Author{Kind: people.Person, Active: true, Names: map[lang.Tag]people.AuthorName{}}, nil
	}
	return d.People.AuthorByID(r.Context(), d.DB.Read(), people.AuthorID(r.PathValue("id")))
}

func (d *Desk) authorForm(w http.ResponseWriter, r *http.Request) error {
	a, err := d.author(r)
	if err != nil {
		return err
	}
	return d.showAuthor(w, r, http.StatusOK, a, nil)
}

func (d *Desk) showAuthor(w http.ResponseWriter, r *http.Request, status int, a people.Author, err error) error {
	title := "desk.author.new"
	if a.ID != "" {
		title = "=" + authorName(a, d.uiLang(r), "")
	}
	v := d.namedView(r, title, "/desk/authors", a.Version)
	v.setErrors(err)
	v.MayEdit = actor.May(who(r), actor.EditTopics, actor.Scope{})
	var kinds []choice
	for _, k := range people.Kinds {
		kinds = append(kinds, choice{Value: string(k), Word: v.words.T("desk.author.kind." + string(k))})
	}
	v.Fields = []field{selectField("kind", v.words.T("desk.author.kind"), string(a.Kind), kinds).with(v.Errors)}
	if staff, err := d.People.Staff(r.Context()); err == nil {
		choices := []choice{{Word: v.words.T("desk.author.no_staff")}}
		for _, s := range staff {
			choices = append(choices, choice{Value: string(s.ID), Word: s.Name})
		}
		v.Fields = append(v.Fields, selectField("staff", v.words.T("desk.author.staff"), string(a.StaffID), choices).with(v.Errors))
	}
	v.nameTexts(v.Errors, func(t lang.Tag) (string, string, string) {
		return a.Names[t].Name, a.Names[t].Slug, a.Names[t].About
	}, true)
	v.active(a.Active)
	return d.show(w, r, status, "named", v)
}

func (d *Desk) saveAuthor(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	a, err := d.author(r)
	if err != nil {
		return err
	}
	paper, err := d.Publication.Paper(r.Context())
	if err != nil {
		return err
	}
	names := readNames(r, paper.Active())
	for _, t := range paper.Active() {
		delete(a.Names, t)
		if n, ok := names[t]; ok {
			a.Names[t] = people.AuthorName{Name: n.Name, Slug: n.Slug, About: value(r, "about."+t.String())}
		}
	}
	a.Kind = people.Kind(value(r, "kind"))
	a.StaffID, a.Active, a.Version = people.StaffID(value(r, "staff")), value(r, "active") != "", number(r, "version")
	saved, err := d.People.SaveAuthor(r.Context(), who(r), a)
	if err != nil {
		if userError(err) {
			return d.showAuthor(w, r, statusOf(err), a, err)
		}
		return err
	}
	d.say(w, "desk.said.saved_name", "name", authorName(saved, d.uiLang(r), paper.MainLang))
	return web.SeeOther(w, r, "/desk/authors")
}
