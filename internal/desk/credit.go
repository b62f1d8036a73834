package desk

import (
	"net/http"
	"strconv"

	"depesche/internal/actor"
	"depesche/internal/edition"
	"depesche/internal/entry"
	"depesche/internal/problem"
	"depesche/internal/story"
	"depesche/internal/web"
)

type creditView struct {
	frame
	Back, Action string
	Version      int64
	Name         field
}

// creditForm asks who readers are told to have translated an edition: it is begun by one and often
// written by another.
func (d *Desk) creditForm(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.translationOf(r)
	if err != nil {
		return err
	}
	return d.showCredit(w, r, http.StatusOK, ed, s, ed.Translator, nil)
}

// translationOf is the edition of the address if it is a translation that may be written in.
func (d *Desk) translationOf(r *http.Request) (edition.Edition, story.Story, error) {
	ed, s, err := d.editionOf(r)
	if err == nil && ed.Lang == s.OriginalLang {
		err = notFound()
	}
	if err == nil && !mayCredit(who(r), ed, s) {
		err = problem.New(problem.Forbidden, "problem.forbidden")
	}
	return ed, s, err
}

// mayCredit reports whether a may change who is told to have translated: as [edition.Service.SaveCredit] does.
func mayCredit(a actor.Actor, ed edition.Edition, s story.Story) bool {
	if ed.Out() || ed.State == edition.Scheduled {
		return actor.May(a, actor.Publish, scopeOf(a, ed, s))
	}
	return mayWrite(a, ed, s)
}

func (d *Desk) showCredit(w http.ResponseWriter, r *http.Request, status int, ed edition.Edition, s story.Story, name string, wrong error) error {
	v := creditView{frame: d.frame(r, "desk.credit.title", "/desk/stories"), Action: r.URL.Path, Version: ed.Version, Back: "/desk/stories/" + strconv.FormatInt(s.Number, 10)}
	v.setErrors(wrong)
	v.Name = textField("translator", v.words.T("desk.credit.name"), name).in(ed.Lang).with(v.Errors)
	v.Name.Hint, v.Name.Optional, v.Name.Focus = v.words.T("desk.credit.hint"), true, true
	return d.show(w, r, status, "credit", v)
}

func (d *Desk) saveCredit(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, s, err := d.translationOf(r)
	if err != nil {
		return err
	}
	var wrong problem.Fields
	name := entry.Line(&wrong, "translator", r.PostFormValue("translator"), entry.Name)
	if err = wrong.Err(); err == nil {
		_, err = d.Editions.SaveCredit(r.Context(), who(r), ed.ID, number(r, "version"), name)
	}
	if err != nil {
		if userError(err) {
			return d.showCredit(w, r, statusOf(err), ed, s, r.PostFormValue("translator"), err)
		}
		return err
	}
	d.say(w, "desk.said.saved")
	return web.SeeOther(w, r, "/desk/stories/"+strconv.FormatInt(s.Number, 10))
}
