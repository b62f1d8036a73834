package desk

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/register"
	"depesche/internal/web"
)

// registerView lists names and terms.
type registerView struct {
	frame
	MayEdit, MayPropose bool
	Query, Next         string
	Filtered            bool
	Filters             []field
	Waiting             int
	Langs               []langHead
	Rows                []namesRow
	Report              *registerReport
}

// registerReport says what became of a file.
type registerReport struct {
	Text    string
	Remarks []string
	More    int
}

const registerPerPage = 100

func (d *Desk) registerList(w http.ResponseWriter, r *http.Request) error {
	return d.showRegister(w, r, http.StatusOK, nil, nil)
}

func (d *Desk) showRegister(w http.ResponseWriter, r *http.Request, status int, wrong error, rep *register.Report) error {
	ctx, query := r.Context(), r.URL.Query()
	v := registerView{frame: d.frame(r, "desk.nav.register", "/desk/topics"), MayEdit: register.MayEdit(who(r)), MayPropose: register.MayPropose(who(r)), Query: query.Get("q")}
	d.settingsNav(&v.frame, r, "/desk/register")
	v.setErrors(wrong)
	f := register.Filter{Text: v.Query, Kind: register.Kind(query.Get("kind")), State: register.State(query.Get("state")), After: register.ID(query.Get("after")), Limit: registerPerPage + 1}
	l, lacks := strings.CutPrefix(query.Get("lang"), "-")
	if t, err := lang.Parse(l); err == nil && lacks {
		f.Lacks = t
	} else if err == nil {
		f.Lang = t
	}
	v.Filtered = f.Text != "" || f.Kind != "" || f.State != "" || f.Lang != "" || f.Lacks != ""
	v.filters(f, query.Get("lang"))
	list, err := d.Register.List(ctx, d.DB.Read(), f)
	if err != nil {
		return err
	}
	if v.Waiting, err = d.Register.Waiting(ctx, d.DB.Read()); err != nil {
		return err
	}
	if len(list) > registerPerPage {
		list = list[:registerPerPage]
		query.Set("after", string(list[len(list)-1].ID))
		v.Next = "/desk/register?" + query.Encode()
	}
	for _, t := range v.paper.Active() {
		v.Langs = append(v.Langs, langHead{Tag: t.String(), Name: t.OwnName()})
	}
	for _, e := range list {
		row := namesRow{ID: string(e.ID), Name: e.Title(v.tag, v.paper.MainLang), Tag: v.words.T("register.kind." + string(e.Kind))}
		if e.State == register.Proposed {
			row.Off = v.words.T("register.state.proposed")
		}
		for _, t := range v.paper.Active() {
			text := e.Words[t].Text
			if text == "" {
				text = "–"
			}
			row.Names = append(row.Names, nameCell{Label: t.OwnName(), Lang: t.String(), Text: text})
		}
		if e.Note != "" {
			row.Name += " (" + e.Note + ")"
		}
		v.Rows = append(v.Rows, row)
	}
	v.report(rep)
	return d.show(w, r, status, "register", v)
}

func (v *registerView) filters(f register.Filter, l string) {
	kinds := append([]choice{{Word: v.words.T("register.any_kind")}}, wordChoices(&v.frame, "register.kind.", register.Kinds)...)
	states := append([]choice{{Word: v.words.T("register.any_state")}}, wordChoices(&v.frame, "register.state.", []register.State{register.Approved, register.Proposed})...)
	langs := []choice{{Word: v.words.T("register.any_lang")}}
	for _, t := range v.paper.Active() {
		langs = append(langs, choice{Value: t.String(), Word: t.OwnName()})
	}
	for _, t := range v.paper.Active() {
		langs = append(langs, choice{Value: "-" + t.String(), Word: v.words.T("register.lacks", "lang", t.OwnName())})
	}
	v.Filters = []field{
		selectField("kind", v.words.T("register.kind"), string(f.Kind), kinds),
		selectField("lang", v.words.T("register.lang"), l, langs),
		selectField("state", v.words.T("register.state"), string(f.State), states),
	}
}

func (v *registerView) report(rep *register.Report) {
	if rep == nil {
		return
	}
	v.Report = &registerReport{Text: v.words.T("register.imported", "read", rep.Read, "new", rep.New, "changed", rep.Changed, "same", rep.Same), More: rep.More}
	for _, m := range rep.Remarks {
		v.Report.Remarks = append(v.Report.Remarks, v.words.T(m.Key, m.Args...))
	}
}

// exportRegister sends the register as a file.
func (d *Desk) exportRegister(w http.ResponseWriter, r *http.Request) error {
	f, kind := register.Format(r.URL.Query().Get("format")), "application/x-tbx+xml"
	switch f {
	case register.CSV:
		kind = "text/csv; charset=utf-8"
	case register.TBX:
	default:
		return notFound()
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+url.PathEscape("register."+string(f))+`"`)
	_, err := d.Register.Export(r.Context(), d.DB.Read(), w, f)
	return err
}

// importRegister takes a file in and shows what became of it.
func (d *Desk) importRegister(w http.ResponseWriter, r *http.Request) error {
	if !register.MayEdit(who(r)) {
		return problem.New(problem.Forbidden, "problem.forbidden")
	}
	const most = 64 << 20
	r.Body = web.Bound(r.Body, most)
	file, _, err := r.FormFile("file")
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return d.showRegister(w, r, http.StatusUnprocessableEntity, problem.New(problem.Invalid, "problem.xliff_too_large", "n", most>>20), nil)
	}
	if err != nil {
		return d.showRegister(w, r, http.StatusUnprocessableEntity, problem.New(problem.Invalid, "problem.no_file"), nil)
	}
	defer file.Close()
	paper, err := d.Publication.Paper(r.Context())
	if err != nil {
		return err
	}
	rep, err := d.Register.Import(r.Context(), who(r), file, paper.Active())
	if err != nil {
		if userError(err) {
			return d.showRegister(w, r, statusOf(err), err, &rep)
		}
		return err
	}
	return d.showRegister(w, r, http.StatusOK, nil, &rep)
}
