package desk

import (
	"net/http"
	"strconv"

	"depesche/internal/actor"
	"depesche/internal/media"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/web"
)

// removeView asks before something is deleted: what will be gone, and the way back first.
type removeView struct {
	frame
	Text, Action, Back, Button string
	Version                    int64
	Edition                    string // to come back to
}

// removal is the question about a thing of that name, and why it can't be deleted if that was tried.
func (d *Desk) removal(w http.ResponseWriter, r *http.Request, refused error, name, current, text, button, back string, version int64) error {
	v := removeView{frame: d.frame(r, "desk.error.title", current), Action: r.URL.RequestURI(), Back: back, Version: version, Edition: r.FormValue("edition")}
	v.Title = v.words.T("desk.delete.title", "name", name)
	v.Text, v.Button = v.words.T(text), v.words.T(button)
	v.setErrors(refused)
	return d.show(w, r, statusOf(refused), "remove", v)
}

// asks is a handler of the question, before anything was refused.
func asks(ask func(http.ResponseWriter, *http.Request, error) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error { return ask(w, r, nil) }
}

func (d *Desk) askSection(w http.ResponseWriter, r *http.Request, refused error) error {
	s, err := d.section(r)
	if err != nil {
		return err
	}
	if s.ID == "" {
		return notFound()
	}
	if err := allow(r, actor.EditSections, actor.Scope{}); err != nil {
		return err
	}
	return d.removal(w, r, refused, sectionName(s, d.uiLang(r), ""), "/desk/topics", "desk.delete.section", "desk.section.delete", "/desk/sections/"+string(s.ID), s.Version)
}

func (d *Desk) askPage(w http.ResponseWriter, r *http.Request, refused error) error {
	if err := allow(r, actor.EditPages, actor.Scope{}); err != nil {
		return err
	}
	p, err := d.Publication.PageByID(r.Context(), d.DB.Read(), publication.PageID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.removal(w, r, refused, p.Title, "/desk/topics", "desk.delete.page", "desk.static.delete", "/desk/pages/"+string(p.ID), p.Version)
}

func (d *Desk) askPicture(w http.ResponseWriter, r *http.Request, refused error) error {
	if err := allow(r, actor.DeletePictures, actor.Scope{}); err != nil {
		return err
	}
	p, err := d.Media.ByID(r.Context(), d.DB.Read(), media.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return d.removal(w, r, refused, p.FileName, "/desk/pictures", "desk.delete.picture", "desk.picture.delete", "/desk/pictures/"+string(p.ID), p.Version)
}

func (d *Desk) askSource(w http.ResponseWriter, r *http.Request, refused error) error {
	s, src, err := d.sourceOf(r)
	if err != nil {
		return err
	}
	if err := d.Stories.MayEditSources(r.Context(), d.DB.Read(), who(r), s); err != nil {
		return err
	}
	return d.removal(w, r, refused, src.Name, "/desk/stories", "desk.delete.source", "desk.source.delete", backTo(r.URL.Query().Get("edition"), s.Number), 0)
}

func (d *Desk) askEdition(w http.ResponseWriter, r *http.Request, refused error) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	if err := d.Editions.MayDiscard(r.Context(), d.DB.Read(), who(r), s, ed); err != nil {
		if !userError(err) {
			return err
		}
		refused = err
	}
	f := d.frame(r, "desk.nav.stories", "")
	name := ed.Headline
	if name == "" {
		name = f.words.T("desk.untitled", "n", strconv.FormatInt(s.Number, 10))
	}
	text, button := "desk.delete.story", "desk.delete.story_button"
	if ed.Lang != s.OriginalLang {
		name += ", " + ed.Lang.NameIn(f.tag)
		text, button = "desk.delete.edition", "desk.delete.edition_button"
	}
	return d.removal(w, r, refused, name, "/desk/stories", text, button, "/desk/stories/"+strconv.FormatInt(s.Number, 10), ed.Version)
}

func (d *Desk) askRedirect(w http.ResponseWriter, r *http.Request, refused error) error {
	if err := allow(r, actor.EditRedirects, actor.Scope{}); err != nil {
		return err
	}
	path := r.URL.Query().Get("path")
	if _, err := d.Publication.Redirect(r.Context(), d.DB.Read(), path); err != nil {
		return err
	}
	return d.removal(w, r, refused, path, "/desk/topics", "desk.delete.redirect", "desk.redirect.delete", "/desk/redirects", 0)
}

// discard deletes a draft.
func (d *Desk) discard(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, s, err := d.editionOf(r)
	if problem.Is(err, problem.NotFound) { // deleted already, which is what was wanted
		return web.SeeOther(w, r, "/desk/stories")
	}
	if err != nil {
		return err
	}
	if err := d.Editions.Discard(r.Context(), who(r), ed.ID, number(r, "version")); err != nil {
		if userError(err) {
			return d.askEdition(w, r, err)
		}
		return err
	}
	d.say(w, "desk.said.deleted")
	if ed.Lang == s.OriginalLang {
		return web.SeeOther(w, r, "/desk/stories")
	}
	return web.SeeOther(w, r, "/desk/stories/"+strconv.FormatInt(s.Number, 10))
}
