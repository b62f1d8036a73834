package desk

import (
	"net/http"

	"depesche/internal/edition"
	"depesche/internal/translate"
	"depesche/internal/web"
)

// rebuilt says in which ways the original is built otherwise than the translation.
func (d *Desk) rebuilt(r *http.Request, v *translateView, w translate.Work) error {
	shapes, err := d.Translate.Shapes(r.Context(), d.DB.Read(), w)
	for _, s := range shapes {
		v.Rebuilt = append(v.Rebuilt, v.words.T("desk.translate.shape."+string(s)))
	}
	return err
}

// takeShape builds a translation as its original is.
func (d *Desk) takeShape(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	id := edition.ID(r.PathValue("id"))
	if err := d.Translate.TakeShape(r.Context(), who(r), id, number(r, "base")); err != nil {
		return err
	}
	d.say(w, "desk.said.saved")
	return web.SeeOther(w, r, "/desk/editions/"+string(id)+"/translate")
}
