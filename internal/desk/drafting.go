package desk

import (
	"net/http"
	"strconv"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/story"
	"depesche/internal/translate"
	"depesche/internal/web"
)

// draftingView is how far the drafting of an edition is.
type draftingView struct {
	ID       string // the edition's
	Open     bool
	Word     string
	Failures []string
	Missing  int  // segments that can be drafted
	May      bool // the reader of the screen may have them drafted
}

func (d *Desk) draftingView(r *http.Request, f *frame, w translate.Work) (draftingView, error) {
	v := draftingView{ID: string(w.Edition.ID), Missing: w.Progress.Missing}
	all, err := d.Translate.Drafting(r.Context(), d.DB.Read(), w.Edition.ID)
	if err != nil {
		return v, err
	}
	last, ok := all[w.Edition.ID]
	if !ok {
		return v, nil
	}
	v.Open = last.Open()
	v.Word = f.words.T("desk.draft."+string(last.State), "n", last.Done, "total", last.Total)
	for _, x := range last.Failures {
		v.Failures = append(v.Failures, f.failure(x))
	}
	return v, nil
}

// failure says which engine failed, and how.
func (f *frame) failure(x translate.Failure) string {
	key := "desk.draft.trouble." + string(x.Trouble)
	if !f.words.Has(key) {
		key = "desk.draft.trouble.refused"
	}
	if x.Engine == "" {
		return f.words.T("desk.draft.no_engine")
	}
	return f.words.T("desk.draft.failed_engine", "engine", x.Engine, "why", f.words.T(key))
}

// origin says where the text of a segment came from; nothing of one that was written by hand.
func (f *frame) origin(row translate.Row) string {
	o := row.Origin
	if o.Source == "" || o.Source == translate.Hand {
		return ""
	}
	word := f.words.T("desk.origin."+string(o.Source), "engine", o.Engine, "n", o.Alike)
	if o.Through != "" {
		word = f.words.T("desk.origin.through", "engine", o.Engine, "lang", o.Through.NameIn(f.tag))
	}
	if row.ByHand {
		word = f.words.T("desk.origin.edited", "origin", word)
	}
	return word
}

// propose asks the engines for one segment. Each time may cost, and the quota is there for all: so one
// person asks no quicker than somebody who reads the answers.
func (d *Desk) propose(r *http.Request, id edition.ID, addr document.Address) (translate.Draft, []translate.Failure, error) {
	if err := d.asked.Allow(who(r).ID); err != nil {
		return translate.Draft{}, nil, err
	}
	return d.Translate.Propose(r.Context(), who(r), id, addr)
}

// draft has an edition's missing segments drafted, asks again, or ends it.
func (d *Desk) draft(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, _, err := d.editionOf(r)
	if err != nil {
		return err
	}
	var addresses []document.Address
	for _, a := range r.PostForm["address"] {
		addresses = append(addresses, document.Address(a))
	}
	switch value(r, "act") {
	case "cancel":
		err = d.Translate.Cancel(r.Context(), who(r), ed.ID)
		if problem.Is(err, problem.Conflict) { // it has ended by itself, which is what was wanted
			err = nil
		}
	default:
		if err = d.asked.Allow(who(r).ID); err != nil {
			break
		}
		_, err = d.Translate.Draft(r.Context(), who(r), ed.ID, value(r, "act") == "again", addresses...)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/desk/editions/"+string(ed.ID)+"/translate")
}

// draftingJSON is what a screen asks while an edition is being drafted.
func (d *Desk) draftingJSON(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	work, err := d.Translate.Work(r.Context(), d.DB.Read(), ed.ID)
	if err != nil {
		return err
	}
	f := d.frame(r, "desk.nav.translations", "")
	v, err := d.draftingView(r, &f, work)
	if err != nil {
		return err
	}
	v.May = mayWrite(who(r), ed, s) && d.Translate.CanDraft()
	html, err := d.part(f.tag, "translate", "drafting", v)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{
		"html": html, "open": v.Open, "text": v.Word, "failures": v.Failures, "missing": v.Missing, "revision": ed.Revision, "version": ed.Version,
	})
}

// beginEditions begins editions in several languages at once, and has them drafted.
func (d *Desk) beginEditions(w http.ResponseWriter, r *http.Request, s story.Story, langs []string) error {
	var tags []lang.Tag
	for _, l := range langs {
		tags = append(tags, lang.Tag(l))
	}
	list, err := d.Translate.Begin(r.Context(), who(r), s.ID, tags...)
	if err != nil {
		return err
	}
	if len(list) == 1 {
		return web.SeeOther(w, r, "/desk/editions/"+string(list[0].ID)+"/translate")
	}
	d.say(w, "desk.said.begun")
	return web.SeeOther(w, r, "/desk/stories/"+strconv.FormatInt(s.Number, 10))
}
