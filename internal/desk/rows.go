package desk

import (
	"iter"
	"maps"
	"net/http"

	"depesche/internal/web"
)

// rowsJSON gives the rows of a translation anew, with what the screen says of the whole. Of segments that
// are no more it gives none.
func (d *Desk) rowsJSON(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	f := d.frame(r, "desk.nav.translations", "")
	b, err := d.bench(r, &f, ed, s)
	if err != nil {
		return err
	}
	out, err := b.summary()
	if err != nil {
		return err
	}
	rows := map[string]any{}
	for i, row := range b.work.Rows {
		if rows[string(row.Address)], err = b.rowAnew(i); err != nil {
			return err
		}
	}
	out["sourceRevision"], out["rows"] = b.work.Source.Revision, rows
	return web.JSON(w, http.StatusOK, out)
}

// rowAnew is all that the island shows of the row at place i.
func (b *bench) rowAnew(i int) (map[string]any, error) {
	u := b.row(i)
	out, err := b.parts(u, maps.Keys(unitTemplates))
	if err != nil {
		return nil, err
	}
	out["state"], out["weight"] = u.State, u.Weight
	out["source"], out["text"] = rawInline(b.work.Rows[i].Source), rawInline(b.work.Rows[i].Target)
	return out, nil
}

// unitTemplates are the parts of a row that an answer brings, by the names that the island has for them.
var unitTemplates = map[string]string{"stateHTML": "unit-state", "notesHTML": "unit-notes", "sourceHTML": "unit-source", "shownHTML": "unit-shown", "offersHTML": "unit-offers"}

// parts renders parts of a row into an answer.
func (b *bench) parts(u unitRow, names iter.Seq[string]) (map[string]any, error) {
	out := map[string]any{"sourceRev": u.SourceRev, "spots": u.Spots}
	for name := range names {
		html, err := b.desk.part(b.tag, "translate", unitTemplates[name], u)
		if err != nil {
			return nil, err
		}
		out[name] = html
	}
	return out, nil
}

// summary is what an answer says of the translation as a whole.
func (b *bench) summary() (map[string]any, error) {
	p := b.work.Progress
	done := progressWord(b.words, p)
	panel, err := b.desk.part(b.tag, "translate", "checklist", b.checks())
	if err != nil {
		return nil, err
	}
	terms, err := b.desk.part(b.tag, "translate", "terms", b.termCards())
	return map[string]any{
		"version": b.ed.Version, "revision": b.ed.Revision, "progress": done, "meterHTML": meter(done, p), "panelHTML": panel, "termsHTML": terms,
	}, err
}
