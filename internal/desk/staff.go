package desk

import (
	"net/http"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/web"
)

type staffView struct {
	frame
	MayEdit bool
	Rows    []staffRow
}

type staffRow struct {
	ID, Name, Email, Role, Langs string
	Active                       bool
}

func (d *Desk) staff(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.EditStaff, actor.Scope{}); err != nil {
		return err
	}
	list, err := d.People.Staff(r.Context())
	if err != nil {
		return err
	}
	v := staffView{frame: d.frame(r, "desk.nav.staff", "/desk/topics"), MayEdit: true}
	d.settingsNav(&v.frame, r, "/desk/staff")
	for _, s := range list {
		langs := v.words.T("desk.staff.all_langs")
		if len(s.Langs) > 0 {
			names := make([]string, len(s.Langs))
			for i, t := range s.Langs {
				names[i] = t.NameIn(v.tag)
			}
			langs = v.tag.List(names)
		}
		v.Rows = append(v.Rows, staffRow{ID: string(s.ID), Name: s.Name, Email: s.Email, Role: v.words.T("desk.role." + string(s.Role)), Langs: langs, Active: s.Active})
	}
	return d.show(w, r, http.StatusOK, "staff", v)
}

type staffOneView struct {
	frame
	Action                    string
	Version                   int64
	Name, Email, Role, UILang field
	Langs, Sections, Password field
	Active                    *field
}

func (d *Desk) staffForm(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.EditStaff, actor.Scope{}); err != nil {
		return err
	}
	s, err := d.staffOne(r)
	if err != nil {
		return err
	}
	return d.showStaff(w, r, http.StatusOK, s, nil)
}

func (d *Desk) staffOne(r *http.Request) (people.Staff, error) {
	if r.PathValue("id") == "new" {
		return people.Staff{Role: "reporter", Active: true, UILang: d.uiLang(r)}, nil
	}
	return d.People.StaffByID(r.Context(), people.StaffID(r.PathValue("id")))
}

func (d *Desk) showStaff(w http.ResponseWriter, r *http.Request, status int, s people.Staff, err error) error {
	title := "desk.staff.new"
	if s.ID != "" {
		title = "=" + s.Name
	}
	v := staffOneView{frame: d.frame(r, title, "/desk/topics"), Action: r.URL.Path, Version: s.Version}
	d.settingsNav(&v.frame, r, "/desk/staff")
	v.setErrors(err)
	roleWords := wordChoices(&v.frame, "desk.role.", actor.Roles)
	sections, err := d.Publication.Sections(r.Context(), d.DB.Read())
	if err != nil {
		return err
	}
	wt := v.words.T
	v.Name = field{ID: "name", Label: wt("desk.name"), Type: "text", Value: s.Name, Required: true}.with(v.Errors)
	v.Email = field{ID: "email", Label: wt("desk.email"), Type: "email", Value: s.Email, Required: true}.with(v.Errors)
	v.Role = selectField("role", wt("desk.role"), string(s.Role), roleWords).with(v.Errors)
	v.UILang = selectField("ui", wt("desk.me.language"), s.UILang.String(), langChoices(v.tag, d.Words.Languages())).with(v.Errors)
	v.Langs = checkField("langs", wt("desk.staff.langs"), tagStrings(s.Langs), langChoices(v.tag, v.paper.Active())).with(v.Errors)
	v.Langs.Hint = wt("desk.staff.langs_hint")
	v.Sections = checkField("sections", wt("desk.nav.sections"), s.Sections, sectionChoices(sections, v.tag, v.paper, "")).with(v.Errors)
	v.Sections.Hint = wt("desk.staff.sections_hint")
	v.Password = field{ID: "password", Label: wt("desk.password"), Type: "password", Hint: wt("desk.password_hint"), Auto: "new-password", Required: s.ID == ""}.with(v.Errors)
	if s.ID != "" {
		v.Password.Hint = wt("desk.staff.password_hint")
	}
	active := checkField("active", wt("desk.active"), nil, []choice{{Value: "1", Word: wt("desk.staff.active_hint")}})
	active.Choices[0].On = s.Active
	v.Active = &active
	return d.show(w, r, status, "staff_one", v)
}

func (d *Desk) saveStaff(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	if err := allow(r, actor.EditStaff, actor.Scope{}); err != nil {
		return err
	}
	s, err := d.staffOne(r)
	if err != nil {
		return err
	}
	s.Name, s.Email, s.Role = value(r, "name"), value(r, "email"), people.Role(value(r, "role"))
	s.UILang = lang.Tag(value(r, "ui"))
	s.Langs, s.Sections = tags(r.PostForm["langs"]), r.PostForm["sections"]
	s.Active, s.Version = value(r, "active") != "", number(r, "version")
	password := r.PostFormValue("password")
	if s.ID == "" {
		s, err = d.People.CreateStaff(r.Context(), who(r), people.NewStaff{
			Name: s.Name, Email: s.Email, Role: s.Role, Langs: s.Langs, Sections: s.Sections, UILang: s.UILang, Password: password,
		})
	} else {
		old := s
		if s, err = d.People.SaveStaff(r.Context(), who(r), s); err == nil && password != "" {
			err = d.People.SetPassword(r.Context(), who(r), s.ID, password)
		}
		if err != nil {
			s = old
		}
	}
	if err != nil {
		if userError(err) {
			if s.ID == "" { // what was typed stays
				s = people.Staff{Name: value(r, "name"), Email: value(r, "email"), Role: people.Role(value(r, "role")), Langs: tags(r.PostForm["langs"]), Sections: r.PostForm["sections"], UILang: lang.Tag(value(r, "ui")), Active: true}
			}
			return d.showStaff(w, r, statusOf(err), s, err)
		}
		return err
	}
	d.say(w, "desk.said.saved_name", "name", s.Name)
	return web.SeeOther(w, r, "/desk/staff")
}

// ---- oneself

type meView struct {
	frame
	UILang, Old, New field
	Email            string // for the browser's store of passwords
	Sessions         []sessionRow
}

type sessionRow struct {
	ID, Agent, Whole, Seen string
	Current                bool
}

func (d *Desk) me(w http.ResponseWriter, r *http.Request) error {
	return d.showMe(w, r, http.StatusOK, nil)
}

func (d *Desk) showMe(w http.ResponseWriter, r *http.Request, status int, err error) error {
	a := who(r)
	v := meView{frame: d.frame(r, "desk.me.title", "/desk/me")}
	v.setErrors(err)
	v.UILang = selectField("ui", v.words.T("desk.me.language"), v.UI, langChoices(v.tag, d.Words.Languages()))
	v.Old = field{ID: "old", Label: v.words.T("desk.me.old"), Type: "password", Auto: "current-password", Required: true}.with(v.Errors)
	v.New = field{ID: "password", Label: v.words.T("desk.me.new"), Type: "password", Hint: v.words.T("desk.password_hint"), Auto: "new-password", Required: true}.with(v.Errors)
	_, mine, err := d.People.ActorOf(r.Context(), whoIs(r.Context()).token)
	if err != nil {
		return err
	}
	account, err := d.People.StaffByID(r.Context(), people.StaffID(a.ID))
	if err != nil {
		return err
	}
	v.Email = account.Email
	sessions, err := d.People.Sessions(r.Context(), people.StaffID(a.ID))
	if err != nil {
		return err
	}
	for _, s := range sessions {
		agent := browserName(s.Agent)
		if agent == "" {
			agent = v.words.T("desk.me.unknown_browser")
		}
		v.Sessions = append(v.Sessions, sessionRow{ID: s.ID, Agent: agent, Whole: s.Agent, Seen: v.ago(s.Seen), Current: s.ID == mine.ID})
	}
	return d.show(w, r, status, "me", v)
}

func (d *Desk) saveMe(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	if err := d.People.SetUILang(r.Context(), who(r), lang.Tag(value(r, "ui"))); err != nil {
		return err
	}
	d.say(w, "desk.said.saved")
	return web.SeeOther(w, r, "/desk/me")
}

func (d *Desk) changePassword(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	err := d.People.ChangePassword(r.Context(), who(r), r.PostFormValue("old"), r.PostFormValue("password"), whoIs(r.Context()).token)
	if err != nil {
		if userError(err) || problem.Is(err, problem.Forbidden) {
			return d.showMe(w, r, http.StatusUnprocessableEntity, err)
		}
		return err
	}
	if err := d.setKnown(w, r, people.StaffID(who(r).ID)); err != nil {
		return err
	}
	d.say(w, "desk.said.password")
	return web.SeeOther(w, r, "/desk/me")
}

func (d *Desk) endSession(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	if err := d.People.EndSession(r.Context(), who(r), value(r, "id")); err != nil {
		return err
	}
	d.say(w, "desk.said.session_ended")
	return web.SeeOther(w, r, "/desk/me")
}
