package desk

import (
	"net/http"
	"strconv"

	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
	"depesche/internal/web"
)

type sourceView struct {
	frame
	ID, Edition, Back                     string
	Number                                int64
	Name, Kind, URL, Lang, Date, Accessed field
	Texts                                 []sourceTexts
}

type sourceTexts struct {
	Tag, Name                         string
	NameField, TitleField, Claim, How field
}

var sourceKinds = []string{"paper", "agency", "document", "person", "authority", "website"}

// sourceOf is the story and the source of the address; without one it is an empty one, to be filled in.
func (d *Desk) sourceOf(r *http.Request) (story.Story, story.Source, error) {
	s, err := d.storyOf(r)
	if err != nil {
		return story.Story{}, story.Source{}, err
	}
	want := r.PathValue("source")
	if want == "" {
		return s, story.Source{Kind: "paper", Texts: map[lang.Tag]story.SourceText{}}, nil
	}
	src, ok := s.Source(want)
	if !ok {
		err = notFound()
	}
	return s, src, err
}

func (d *Desk) sourceForm(w http.ResponseWriter, r *http.Request) error {
	s, src, err := d.sourceOf(r)
	if err != nil {
		return err
	}
	return d.showSource(w, r, http.StatusOK, s, src, r.URL.Query().Get("edition"), nil)
}

func (d *Desk) showSource(w http.ResponseWriter, r *http.Request, status int, s story.Story, src story.Source, from string, wrong error) error {
	title := "desk.source.add"
	if src.ID != "" {
		title = "=" + src.Name
	}
	v := sourceView{frame: d.frame(r, title, "/desk/stories"), ID: src.ID, Edition: from, Number: s.Number, Back: backTo(from, s.Number)}
	v.setErrors(wrong)
	wt := v.words.T
	kinds := wordChoices(&v.frame, "desk.source.kind.", sourceKinds)
	langs := append([]choice{{Word: wt("desk.source.no_lang")}}, langChoices(v.tag, allLanguages(v.tag))...)
	v.Name = field{ID: "name", Label: wt("desk.source.name"), Hint: wt("desk.source.name_hint"), Type: "text", Value: src.Name, Required: true, Focus: src.ID == ""}.with(v.Errors)
	v.Kind = selectField("kind", wt("desk.source.kind"), string(src.Kind), kinds).with(v.Errors)
	v.URL = field{ID: "url", Label: wt("desk.source.url"), Hint: wt("desk.source.url_hint"), Type: "url", Value: src.URL, Optional: true}.with(v.Errors)
	v.Lang = selectField("lang", wt("desk.source.lang"), src.Lang.String(), langs).with(v.Errors)
	v.Date = field{ID: "date", Label: wt("desk.source.date"), Type: "date", Value: src.Date, Optional: true}.with(v.Errors)
	v.Accessed = field{ID: "accessed", Label: wt("desk.source.accessed"), Type: "date", Value: src.Accessed, Optional: true}.with(v.Errors)
	editions, err := d.Editions.OfStory(r.Context(), d.DB.Read(), s.ID)
	if err != nil {
		return err
	}
	for _, e := range editions {
		text, tag := src.Texts[e.Lang], e.Lang.String()
		claim := areaField("claim."+tag, wt("desk.source.claim"), text.Claim, 2).in(e.Lang).with(v.Errors)
		claim.Hint = wt("desk.source.claim_hint")
		how := textField("how."+tag, wt("desk.source.how"), text.How).in(e.Lang).with(v.Errors)
		how.Hint, how.Optional = wt("desk.source.how_hint"), true
		name := textField("name."+tag, wt("desk.source.name_in"), text.Name).in(e.Lang).with(v.Errors)
		name.Hint, name.Optional = wt("desk.source.name_in_hint"), true
		v.Texts = append(v.Texts, sourceTexts{Tag: tag, Name: e.Lang.OwnName(), NameField: name, Claim: claim, How: how,
			TitleField: textField("title."+tag, wt("desk.source.title"), text.Title).in(e.Lang).with(v.Errors)})
	}
	return d.show(w, r, status, "source", v)
}

// backTo leads to the edition one came from, else to the story.
func backTo(from string, number int64) string {
	if from != "" && id.Valid(from) {
		return "/desk/editions/" + from
	}
	return "/desk/stories/" + strconv.FormatInt(number, 10)
}

func (d *Desk) saveSource(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, src, err := d.sourceOf(r)
	if err != nil {
		return err
	}
	src.Name, src.Kind, src.URL = value(r, "name"), story.SourceKind(value(r, "kind")), value(r, "url")
	src.Lang, src.Date, src.Accessed = lang.Tag(value(r, "lang")), value(r, "date"), value(r, "accessed")
	texts := map[lang.Tag]story.SourceText{}
	for t, text := range src.Texts {
		texts[t] = text
	}
	editions, err := d.Editions.OfStory(r.Context(), d.DB.Read(), s.ID)
	if err != nil {
		return err
	}
	for _, e := range editions {
		tag := e.Lang.String()
		text := story.SourceText{Name: value(r, "name."+tag), Title: value(r, "title."+tag), Claim: value(r, "claim."+tag), How: value(r, "how."+tag)}
		if text == (story.SourceText{}) {
			delete(texts, e.Lang)
		} else {
			texts[e.Lang] = text
		}
	}
	src.Texts = texts
	if _, err := d.Stories.SaveSource(r.Context(), who(r), s.ID, src); err != nil {
		// Who may change only a part of it keeps what was typed.
		if userError(err) || problem.Is(err, problem.Forbidden) {
			return d.showSource(w, r, statusOf(err), s, src, value(r, "edition"), err)
		}
		return err
	}
	d.say(w, "desk.said.saved_name", "name", src.Name)
	return web.SeeOther(w, r, backTo(value(r, "edition"), s.Number))
}

// moveSource changes the order: the first ones stand in the head of the page.
func (d *Desk) moveSource(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, err := d.storyOf(r)
	if err != nil {
		return err
	}
	if err := d.Stories.MoveSource(r.Context(), who(r), s.ID, r.PathValue("source"), direction(r)); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/stories/"+strconv.FormatInt(s.Number, 10)+"#sources")
}

func (d *Desk) deleteSource(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, err := d.storyOf(r)
	if err != nil {
		return err
	}
	if err := d.Stories.DeleteSource(r.Context(), who(r), s.ID, r.PathValue("source"), story.UnlessUsed); err != nil {
		if userError(err) || problem.Is(err, problem.Forbidden) {
			return d.askSource(w, r, err)
		}
		return err
	}
	d.say(w, "desk.said.deleted")
	return web.SeeOther(w, r, backTo(value(r, "edition"), s.Number))
}
