package desk

import (
	"encoding/json"
	"net/http"

	"depesche/internal/document"
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
	OffersHTML string          `json:"offersHTML"`
	Spots      []spotJSON      `json:"spots"`
}

// rowsJSON gives the rows of a translation anew, all or those that ?address= names, with what the screen
// says of the whole. Of segments that are no more it gives none.
func (d *Desk) rowsJSON(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	f := d.frame(r, "desk.nav.translations", "")
	wanted := map[document.Address]bool{}
	for _, a := range r.URL.Query()["address"] {
		wanted[document.Address(a)] = true
	}
	b, err := d.bench(r, &f, ed, s)
	if err != nil {
		return err
	}
	rows, err := b.rowsAnew(wanted)
	if err != nil {
		return err
	}
	out, err := b.summary()
	if err != nil {
		return err
	}
	out["sourceRevision"], out["rows"] = b.work.Source.Revision, rows
	return web.JSON(w, http.StatusOK, out)
}

// rowsAnew makes the rows that are wanted, or all.
func (b *bench) rowsAnew(wanted map[document.Address]bool) (map[string]rowJSON, error) {
	out := map[string]rowJSON{}
	for i, row := range b.work.Rows {
		if len(wanted) > 0 && !wanted[row.Address] {
			continue
		}
		u := b.row(i)
		x := rowJSON{State: u.State, Weight: u.Weight, SourceRev: u.SourceRev, Source: row.Source.Encode(), Text: row.Target.Encode(), Spots: u.Spots}
		for _, p := range []struct {
			name string
			dst  *string
		}{{"unit-state", &x.StateHTML}, {"unit-source", &x.SourceHTML}, {"unit-shown", &x.ShownHTML}, {"unit-notes", &x.NotesHTML}, {"unit-offers", &x.OffersHTML}} {
			var err error
			if *p.dst, err = b.desk.part(b.tag, "translate", p.name, u); err != nil {
				return nil, err
			}
		}
		out[u.Address] = x
	}
	return out, nil
}
