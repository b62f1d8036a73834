package desk

import (
	"net/http"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/web"
)

func (d *Desk) authors(w http.ResponseWriter, r *http.Request) error {
	list, err := d.People.Authors(r.Context(), d.DB.Read())
	if err != nil {
		return err
	}
	v := d.namesView(r, "desk.nav.authors", "/desk/authors")
	v.MayEdit = actor.May(who(r), actor.EditAuthors, actor.Scope{})
	for _, a := range list {
		v.add(namesRow{ID: string(a.ID), Name: authorName(a, v.tag, v.paper.MainLang)}, a.Active, func(t lang.Tag) string { return a.Names[t].Name })
	}
	v.sort()
	return d.show(w, r, http.StatusOK, "authors", v)
}

func authorName(a people.Author, want, main lang.Tag) string {
	return nameIn(a.Names, func(n people.AuthorName) string { return n.Name }, string(a.ID), want, main)
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
	v.MayEdit = actor.May(who(r), actor.EditAuthors, actor.Scope{})
	kinds := wordChoices(&v.frame, "desk.author.kind.", people.Kinds)
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
	readNames(r, paper.Active(), a.Names, func(name, slug string, t lang.Tag) people.AuthorName {
		return people.AuthorName{Name: name, Slug: slug, About: value(r, "about."+t.String())}
	})
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
