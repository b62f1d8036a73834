package desk

import (
	"net/http"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/publication"
	"depesche/internal/web"
)

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
	readNames(r, paper.Active(), s.Names, func(name, slug string, _ lang.Tag) publication.Name {
		return publication.Name{Name: name, Slug: slug}
	})
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
	if err := d.Publication.MoveSection(r.Context(), who(r), publication.SectionID(r.PathValue("id")), direction(r)); err != nil {
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
