package desk

import (
	"encoding/json"
	"net/http"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/translate"
	"depesche/internal/web"
)

// rowJSON is a row of the translation screen as the island shows it anew.
type rowJSON struct {
	State      string          `json:"state"`
	Weight     string          `json:"weight,omitempty"`
	SourceRev  int64           `json:"sourceRev"`
	Source     json.RawMessage `json:"source"`
	Text       json.RawMessage `json:"text"`
	StateHTML  string          `json:"stateHTML"`
	SourceHTML string          `json:"sourceHTML"`
	ShownHTML  string          `json:"shownHTML"`
	NotesHTML  string          `json:"notesHTML"`
}

// rowsJSON gives the rows of a translation anew, all or those that ?address= names, with what the screen
// says of the whole. Of segments that are no more it gives none.
func (d *Desk) rowsJSON(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	ctx, q := r.Context(), d.DB.Read()
	work, err := d.Translate.Work(ctx, q, ed.ID)
	if err != nil {
		return err
	}
	list, err := d.Releases.Checklist(ctx, q, s.ID)
	if err != nil {
		return err
	}
	f := d.frame(r, "desk.nav.translations", "")
	wanted := map[document.Address]bool{}
	for _, a := range r.URL.Query()["address"] {
		wanted[document.Address(a)] = true
	}
	// Work was read after the edition; what it shows is of its revision.
	ed = work.Edition
	rows, numbers, err := d.rowsAnew(&f, ed, s, work, list, wanted, mayWrite(who(r), ed, s))
	if err != nil {
		return err
	}
	panel, err := d.part(f.tag, "translate", "checklist", d.unitChecklist(&f, list, ed, s, numbers))
	if err != nil {
		return err
	}
	done := f.words.T("desk.translate.done", "n", work.Progress.Done, "total", work.Progress.Total)
	return web.JSON(w, http.StatusOK, map[string]any{
		"revision": ed.Revision, "version": ed.Version, "sourceRevision": work.Source.Revision, "rows": rows,
		"progress": done, "meterHTML": meter(done, work.Progress), "panelHTML": panel,
	})
}

// rowsAnew makes the rows, and the places in the screen that the checklist leads to.
func (d *Desk) rowsAnew(f *frame, ed edition.Edition, s story.Story, work translate.Work, list release.Checklist, wanted map[document.Address]bool, may bool) (map[string]rowJSON, map[string]string, error) {
	out, numbers := map[string]rowJSON{}, map[string]string{}
	found := byAddress(findings(list, ed.ID))
	for i, row := range work.Rows {
		numbers[string(row.Address)] = "u-" + itoa(i+1)
		if len(wanted) > 0 && !wanted[row.Address] {
			continue
		}
		u := d.unitRow(f, ed, s, row, i+1, found[row.Address])
		u.MayConfirm = may && row.State != translate.Reviewed
		x := rowJSON{State: u.State, Weight: u.Weight, SourceRev: u.SourceRev, Source: row.Source.Encode(), Text: row.Target.Encode()}
		for _, p := range []struct {
			name string
			dst  *string
		}{{"unit-state", &x.StateHTML}, {"unit-source", &x.SourceHTML}, {"unit-shown", &x.ShownHTML}, {"unit-notes", &x.NotesHTML}} {
			var err error
			if *p.dst, err = d.part(f.tag, "translate", p.name, u); err != nil {
				return nil, nil, err
			}
		}
		out[u.Address] = x
	}
	return out, numbers, nil
}
