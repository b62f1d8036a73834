package desk

import (
	"bytes"
	"net/http"
	"strconv"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
	"depesche/internal/story"
	"depesche/internal/web"
)

// readDoc is the document of a save: the editor's JSON, or the plain form over its base revision.
func (d *Desk) readDoc(r *http.Request, ed edition.Edition) (draft, error) {
	base := number(r, "base")
	if raw := r.PostFormValue("doc"); raw != "" {
		doc, err := document.Parse([]byte(raw))
		if err != nil {
			return stored(ed), err
		}
		return draft{doc: doc, base: base}, nil
	}
	from, err := d.Editions.RevisionDoc(r.Context(), d.DB.Read(), ed.ID, base)
	if err != nil {
		return stored(ed), err
	}
	text, err := readPlainForm(r, from, d.newID)
	text.base = base
	return text, err
}

// saveEdition stores what was typed, then makes the step that the pressed button names. If somebody
// else changed the same block meanwhile, it shows both texts and loses neither.
func (d *Desk) saveEdition(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	if r.PostFormValue("keep") == "" {
		text, err := d.readDoc(r, ed)
		if err == nil && !mayWrite(who(r), ed, s) {
			// Who may only look on sends the text back as it was. Anything else mustn't vanish in silence.
			if was, werr := d.Editions.RevisionDoc(r.Context(), d.DB.Read(), ed.ID, text.base); werr != nil || !sameDoc(was, text.doc) {
				return problem.New(problem.Forbidden, "problem.may_not_write")
			}
			return d.step(w, r, ed, s)
		}
		if err == nil {
			var saved edition.Saved
			if saved, err = d.Editions.Save(r.Context(), who(r), edition.Save{Edition: ed.ID, Base: text.base, Doc: text.doc}); err == nil {
				ed = saved.Edition
			}
		}
		if clash, ok := as[*edition.ClashError](err); ok {
			return d.showClash(w, r, ed, clash)
		}
		if err != nil {
			if !userError(err) {
				return err
			}
			return d.showEdition(w, r, statusOf(err), ed, s, text, text.wrong(err))
		}
	}
	return d.step(w, r, ed, s)
}

func (d *Desk) step(w http.ResponseWriter, r *http.Request, ed edition.Edition, s story.Story) error {
	var err error
	act := value(r, "act")
	switch act {
	case "release":
		return web.SeeOther(w, r, "/desk/stories/"+strconv.FormatInt(s.Number, 10)+"/release?from="+string(ed.ID))
	case "translate":
		return d.beginEditions(w, r, s, r.PostForm["lang"])
	case "review":
		_, err = d.Editions.SendToReview(r.Context(), who(r), ed.ID, ed.Version)
	case "approve":
		_, err = d.Releases.Approve(r.Context(), who(r), ed.ID, ed.Version)
	case "check":
		_, err = d.Releases.Review(r.Context(), who(r), ed.ID, ed.Version)
	case "draft":
		_, err = d.Editions.BackToDraft(r.Context(), who(r), ed.ID, ed.Version, "")
	}
	if err != nil {
		if problem.Is(err, problem.Invalid) {
			return d.showEdition(w, r, statusOf(err), ed, s, stored(ed), err)
		}
		return err
	}
	if act == "" || act == "save" {
		d.say(w, "desk.said.saved")
	} else {
		d.say(w, "desk.said."+act)
	}
	back := "/desk/editions/" + string(ed.ID)
	if value(r, "from") == "translate" {
		back += "/translate"
	}
	return web.SeeOther(w, r, back)
}

// saveEditionJSON is the editor's save.
func (d *Desk) saveEditionJSON(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	text, err := d.readDoc(r, ed)
	if err != nil {
		return d.saveRefused(w, r, err)
	}
	saved, err := d.Editions.Save(r.Context(), who(r), edition.Save{Edition: ed.ID, Base: text.base, Doc: text.doc, Why: value(r, "why")})
	if clash, ok := as[*edition.ClashError](err); ok {
		return d.clashJSON(w, r, ed, clash)
	}
	if err != nil {
		return d.saveRefused(w, r, err)
	}
	f := d.frame(r, "desk.write.title", "")
	list, err := d.Releases.ChecklistOf(r.Context(), d.DB.Read(), ed.ID)
	if err != nil {
		return err
	}
	html, err := d.part(f.tag, "edition", "checklist", d.checklist(&f, list, saved.Edition, s))
	if err != nil {
		return err
	}
	state, err := d.part(f.tag, "edition", "state", stateWord{State: string(saved.Edition.State), Word: f.words.T("desk.state." + string(saved.Edition.State))})
	if err != nil {
		return err
	}
	out := map[string]any{
		"version": saved.Edition.Version, "revision": saved.Edition.Revision, "savedAt": iso(saved.Edition.Saved),
		"findings": findingsJSON(&f, findings(list, ed.ID)), "checklistHTML": html, "stateHTML": state,
	}
	if !sameDoc(saved.Edition.Doc, text.doc) {
		out["doc"] = saved.Edition.Doc
	}
	return web.JSON(w, http.StatusOK, out)
}

// sameDoc says whether two documents are stored as the same.
func sameDoc(a, b document.Doc) bool {
	x, err := a.Encode()
	y, err2 := b.Encode()
	return err == nil && err2 == nil && bytes.Equal(x, y)
}

// saveRefused tells the editor by field what is wrong; what was typed stays with it.
func (d *Desk) saveRefused(w http.ResponseWriter, r *http.Request, err error) error {
	if !problem.Is(err, problem.Invalid) {
		return err
	}
	type fault struct {
		Field   string `json:"field"`
		Message string `json:"message"`
	}
	out := []fault{}
	for _, e := range fieldErrors(d.Words.In(d.uiLang(r)), err) {
		out = append(out, fault{Field: e.Name, Message: e.Text})
	}
	return web.JSON(w, http.StatusUnprocessableEntity, map[string]any{"errors": out})
}

// presence notes that somebody is at the edition and says who else is.
func (d *Desk) presence(w http.ResponseWriter, r *http.Request) error {
	if err := web.ParseForm(w, r, 4<<10); err != nil {
		return err
	}
	ed, _, err := d.editionOf(r)
	if err != nil {
		return err
	}
	d.Editions.Here(ed.ID, who(r), document.ID(value(r, "block")))
	type one struct {
		Name     string `json:"name"`
		Initials string `json:"initials"`
		Tone     string `json:"tone"`
		Block    string `json:"block"`
	}
	people := []one{}
	for _, p := range d.Editions.Who(ed.ID) {
		if p.ID != who(r).ID {
			people = append(people, one{Name: p.Name, Initials: initials(p.Name), Tone: tone(p.ID), Block: string(p.Block)})
		}
	}
	return web.JSON(w, http.StatusOK, map[string]any{"people": people})
}
