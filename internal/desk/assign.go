package desk

import (
	"net/http"
	"time"

	"depesche/internal/actor"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/translate"
	"depesche/internal/web"
)

// inHand is who has a translation in hand, and what the reader of the screen may do about it.
type inHand struct {
	Action               string
	HolderID, Holder     string
	Due, DueISO, Note    string
	Day, Hour            string // of Due, as fields have them, if somebody set it
	Mine, MayTake, MayGo bool   // MayGo: hand over, give back
	People               []choice
}

// assign takes a translation, hands it over, gives it back, or says until when it is to be done.
func (d *Desk) assign(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ctx, id := r.Context(), edition.ID(r.PathValue("id"))
	var err error
	switch value(r, "act") {
	case "take":
		_, err = d.Translate.Take(ctx, who(r), id)
	case "give":
		_, err = d.Translate.GiveBack(ctx, who(r), id)
	case "hand":
		var to actor.Actor
		if to, err = d.colleague(r, value(r, "to")); err == nil {
			_, err = d.Translate.HandOver(ctx, who(r), id, value(r, "holder"), to, value(r, "note"))
		}
	case "due":
		f := d.frame(r, "desk.nav.translations", "")
		at, wrong := moment(value(r, "date"), value(r, "time"), f.loc)
		if wrong != nil {
			var fields problem.Fields
			fields.Add("date", momentWord(wrong), value(r, "date"))
			return fields.Err()
		}
		_, err = d.Translate.SetDue(ctx, who(r), id, at)
	default:
		err = problem.New(problem.Invalid, "problem.choice")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, ownPath(or(value(r, "back"), "/desk/translations")))
}

// colleague is somebody of the staff by ID.
func (d *Desk) colleague(r *http.Request, id string) (actor.Actor, error) {
	staff, err := d.People.Staff(r.Context())
	if err != nil {
		return actor.Actor{}, err
	}
	for _, s := range staff {
		if a := s.Actor(); s.Active && a.ID == id {
			return a, nil
		}
	}
	return actor.Actor{}, problem.New(problem.NotFound, "problem.not_found")
}

// colleagues are those who may translate into a language, but the holder.
func (d *Desk) colleagues(r *http.Request) (map[lang.Tag][]choice, error) {
	staff, err := d.People.Staff(r.Context())
	if err != nil {
		return nil, err
	}
	paper, err := d.Publication.Paper(r.Context())
	if err != nil {
		return nil, err
	}
	out := map[lang.Tag][]choice{}
	for _, t := range paper.Active() {
		for _, s := range staff {
			if a := s.Actor(); s.Active && actor.May(a, actor.Translate, actor.Scope{Lang: t}) {
				out[t] = append(out[t], choice{Value: a.ID, Word: a.Name})
			}
		}
		lang.SortBy(d.uiLang(r), out[t], func(c choice) string { return c.Word })
	}
	return out, nil
}

// inHand says who has the translation.
func (f *frame) inHand(a actor.Actor, id edition.ID, l lang.Tag, x translate.Assignment, people []choice) inHand {
	v := inHand{Action: "/desk/editions/" + string(id) + "/assign", HolderID: x.HolderID, Holder: x.Holder, Note: x.Note}
	if x.Due != nil {
		v.Due, v.DueISO = f.at(*x.Due), iso(*x.Due)
		if at := x.Due.In(f.loc); x.Typed {
			v.Day, v.Hour = at.Format(time.DateOnly), at.Format("15:04")
		}
	}
	may := actor.May(a, actor.Translate, actor.Scope{Lang: l})
	v.Mine = x.HolderID != "" && x.HolderID == a.ID
	v.MayTake = may && x.HolderID == ""
	v.MayGo = may && (x.HolderID == "" || v.Mine || actor.May(a, actor.Review, actor.Scope{Lang: l}))
	for _, c := range people {
		if c.Value != x.HolderID && v.MayGo {
			v.People = append(v.People, c)
		}
	}
	return v
}
