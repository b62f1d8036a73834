package desk

import (
	"net/http"
	"strings"
	"time"

	"depesche/internal/db"
	"depesche/internal/lang"
	"depesche/internal/people"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/web"
)

type setupView struct {
	frame
	Token                  string
	AskToken               bool
	TokenField             field
	Name, MainLang         field
	Languages              field
	Admin, Email, Password field
	TimeZone, BaseURL      field
}

// setupForm asks the three questions of a new paper, of the one who holds the token from the log.
func (d *Desk) setupForm(w http.ResponseWriter, r *http.Request) error {
	if ready, err := d.Publication.Ready(r.Context()); err != nil {
		return err
	} else if ready {
		return web.SeeOther(w, r, "/desk/")
	}
	f := d.frame(r, "desk.setup.title", "")
	f.Wide = true
	token := r.URL.Query().Get("token")
	var err error
	if token != "" {
		err = d.Publication.CheckSetupToken(r.Context(), d.DB.Read(), token)
	}
	if token == "" || err != nil {
		v := setupView{frame: f, TokenField: textField("token", f.words.T("desk.setup.token"), "")}
		if token != "" {
			if !userError(err) && !problem.Is(err, problem.Forbidden) {
				return err
			}
			v.Errors = fieldErrors(f.words, err)
			v.TokenField = v.TokenField.with(v.Errors)
		}
		return d.show(w, r, http.StatusForbidden, "setup_closed", v)
	}
	v := setupView{frame: f, Token: token}
	zone, base := "Europe/Berlin", "http://"+r.Host
	if web.IsHTTPS(r) {
		base = "https://" + r.Host
	}
	v.fill(setupInput{Main: f.tag.String(), Languages: []string{f.tag.String()}, Zone: zone, Base: base}, nil)
	return d.show(w, r, http.StatusOK, "setup", v)
}

type setupInput struct {
	Name, Main, Admin, Email, Zone, Base string
	Languages                            []string
}

func (v *setupView) fill(in setupInput, errs []fieldError) {
	w := v.words
	langs := langChoices(v.tag, allLanguages(v.tag))
	required := func(f field) field { f.Required = true; return f.with(errs) }
	v.Name = required(field{ID: "name", Label: w.T("desk.setup.name"), Type: "text", Value: in.Name, Focus: true})
	v.Languages = checkField("langs", w.T("desk.setup.languages"), in.Languages, langs).with(errs)
	v.Languages.Hint = w.T("desk.setup.languages_hint")
	v.MainLang = selectField("main", w.T("desk.setup.main"), in.Main, langs).with(errs)
	v.Admin = required(field{ID: "admin", Label: w.T("desk.setup.admin"), Type: "text", Value: in.Admin, Auto: "name"})
	v.Email = required(field{ID: "email", Label: w.T("desk.email"), Type: "email", Value: in.Email, Auto: "username"})
	v.Password = required(field{ID: "password", Label: w.T("desk.password"), Type: "password", Hint: w.T("desk.password_hint"), Auto: "new-password"})
	v.TimeZone = required(field{ID: "zone", Label: w.T("desk.setup.zone"), Type: "text", Value: in.Zone, Hint: w.T("desk.setup.zone_hint")})
	v.BaseURL = required(field{ID: "base", Label: w.T("desk.setup.base"), Type: "url", Value: in.Base, Hint: w.T("desk.setup.base_hint")})
	v.Errors = errs
}

func (d *Desk) setUp(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	in := setupInput{
		Name: value(r, "name"), Main: value(r, "main"), Admin: value(r, "admin"), Email: value(r, "email"),
		Zone: value(r, "zone"), Base: strings.TrimRight(value(r, "base"), "/"), Languages: r.PostForm["langs"],
	}
	token := value(r, "token")
	langs := tags(in.Languages)
	main, err := lang.Parse(in.Main)
	if err != nil {
		main = ""
	}
	if main != "" && !containsTag(langs, main) {
		langs = append([]lang.Tag{main}, langs...)
	}
	ui := lang.Match(r.Header.Get("Accept-Language"), d.Words.Languages(), "en")
	// Asked first without a turn to write, which strangers would take from each other and from us.
	if err = d.Publication.CheckSetupToken(r.Context(), d.DB.Read(), token); err == nil {
		err = d.setUpPaper(r, token, publication.Setup{Name: in.Name, Languages: langs, MainLang: main, TimeZone: in.Zone, BaseURL: in.Base},
			people.NewStaff{Name: in.Admin, Email: in.Email, Password: r.PostFormValue("password"), UILang: ui})
	}
	if err != nil {
		if !userError(err) && !problem.Is(err, problem.Forbidden) {
			return err
		}
		v := setupView{frame: d.frame(r, "desk.setup.title", ""), Token: token}
		v.Wide = true
		v.fill(in, fieldErrors(v.words, err))
		return d.show(w, r, http.StatusUnprocessableEntity, "setup", v)
	}
	session, st, err := d.People.SignIn(r.Context(), in.Email, r.PostFormValue("password"), client(r))
	if err != nil {
		return web.SeeOther(w, r, "/desk/sign-in")
	}
	d.setSession(w, r, session)
	if err := d.setKnown(w, r, st.ID); err != nil {
		return err
	}
	d.say(w, "desk.said.set_up")
	return web.SeeOther(w, r, "/desk/sections")
}

// setUpPaper makes the paper and its first admin in one act, if the token is still worth something.
func (d *Desk) setUpPaper(r *http.Request, token string, paper publication.Setup, admin people.NewStaff) error {
	ctx := r.Context()
	return d.DB.Write(ctx, func(tx *db.Tx) error {
		if err := d.Publication.CheckSetupToken(ctx, tx, token); err != nil {
			return err
		}
		var wrong problem.Fields
		wrong.Merge(d.Publication.SetUp(ctx, tx, paper))
		_, err := d.People.FirstAdmin(ctx, tx, admin)
		wrong.Merge(err)
		return wrong.Err()
	})
}

func containsTag(list []lang.Tag, t lang.Tag) bool {
	for _, l := range list {
		if l == t {
			return true
		}
	}
	return false
}

// clockWord is the time as the screens show it: with seconds where it is about saving.
func clockWord(t time.Time, loc *time.Location) string { return t.In(loc).Format("15:04:05") }
