package desk

import (
	"net/http"

	"depesche/internal/actor"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/web"
)

type newStoryView struct {
	frame
	Headline, Lang, Kind, Section field
}

func (d *Desk) newStoryForm(w http.ResponseWriter, r *http.Request) error {
	if err := allow(r, actor.Write, actor.Scope{}); err != nil {
		return err
	}
	return d.showNewStory(w, r, http.StatusOK, nil)
}

func (d *Desk) showNewStory(w http.ResponseWriter, r *http.Request, status int, wrong error) error {
	v := newStoryView{frame: d.frame(r, "desk.story.new", "/desk/stories")}
	v.setErrors(wrong)
	sections, err := d.Publication.Sections(r.Context(), d.DB.Read())
	if err != nil {
		return err
	}
	t := value(r, "lang")
	if t == "" {
		t = v.paper.MainLang.String()
		if a := who(r); len(a.Langs) > 0 {
			t = a.Langs[0].String()
		} else if v.paper.Has(v.tag) {
			t = v.UI
		}
	}
	v.Headline = textField("headline", v.words.T("desk.headline"), value(r, "headline")).with(v.Errors)
	v.Headline.Focus, v.Headline.Optional, v.Headline.Serif = true, true, true
	v.Lang = selectField("lang", v.words.T("desk.language"), t, langChoices(v.tag, v.paper.Active())).with(v.Errors)
	v.Kind = v.storyKind(value(r, "kind"))
	v.Section = selectField("section", v.words.T("desk.details.section"), value(r, "section"), sectionChoices(sections, v.tag, v.paper, v.words.T("desk.details.later"))).with(v.Errors)
	return d.show(w, r, status, "story_new", v)
}

func (d *Desk) newStory(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	kind := story.Kind(value(r, "kind"))
	if kind == "" {
		kind = "news"
	}
	ed, err := d.Editions.Begin(r.Context(), who(r), story.NewStory{
		Kind: kind, OriginalLang: lang.Tag(value(r, "lang")), Section: publication.SectionID(value(r, "section")),
	}, oneLine(r, "headline"))
	if err != nil {
		if userError(err) {
			return d.showNewStory(w, r, statusOf(err), err)
		}
		return err
	}
	return web.SeeOther(w, r, "/desk/editions/"+string(ed.ID))
}

func (d *Desk) newEdition(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, err := d.storyOf(r)
	if err != nil {
		return err
	}
	langs := r.PostForm["lang"]
	t := lang.Tag(value(r, "lang"))
	if len(langs) > 1 || t != s.OriginalLang && d.Translate.CanDraft() {
		return d.beginEditions(w, r, s, langs)
	}
	ed, err := d.Editions.Create(r.Context(), who(r), s.ID, t)
	if problem.Is(err, problem.Conflict) { // somebody was quicker: it's there, which is what was wanted
		ed, err = d.Editions.ByLanguage(r.Context(), d.DB.Read(), s.ID, t)
	}
	if err != nil {
		return err
	}
	if t == s.OriginalLang {
		return web.SeeOther(w, r, "/desk/editions/"+string(ed.ID))
	}
	return web.SeeOther(w, r, "/desk/editions/"+string(ed.ID)+"/translate")
}
