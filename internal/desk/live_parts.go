package desk

import (
	"net/http"

	"depesche/internal/edition"
	"depesche/internal/story"
	"depesche/internal/web"
)

// boardJSON gives rows of the board anew, by story. Of a story that is no more it gives none.
func (d *Desk) boardJSON(w http.ResponseWriter, r *http.Request) error {
	f := d.frame(r, "desk.nav.today", "")
	out := map[string]string{}
	var ids []story.ID
	for _, s := range r.URL.Query()["story"] {
		if s != "" && len(ids) < rowsPerBoard {
			ids = append(ids, story.ID(s))
		}
	}
	if len(ids) > 0 {
		rows, _, err := d.Editions.Board(r.Context(), d.DB.Read(), edition.BoardFilter{Stories: ids, Limit: rowsPerBoard})
		if err != nil {
			return err
		}
		var b board
		if err := d.fillBoard(r.Context(), r, &f, &b, rows); err != nil {
			return err
		}
		for _, row := range b.Rows {
			if out[row.Story], err = d.part(f.tag, "today", "board-row", row); err != nil {
				return err
			}
		}
	}
	return web.JSON(w, http.StatusOK, map[string]any{"rows": out})
}

// aroundJSON gives what stands round an edition's text anew: where the story's other editions are,
// what changed for its translations, and what readers report.
func (d *Desk) aroundJSON(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	v := editionView{frame: d.frame(r, "desk.write.title", "")}
	if err := d.editionTabs(r, &v, ed, s); err != nil {
		return err
	}
	if v.Changes, err = d.changesOf(r, &v.frame, ed, s); err != nil {
		return err
	}
	if v.Reports, err = d.reportsOf(r, &v.frame, ed, "/desk/editions/"+string(ed.ID)); err != nil {
		return err
	}
	reports, err := d.part(v.tag, "edition", "report-cards", v.Reports)
	if err != nil {
		return err
	}
	tabs, err := d.part(v.tag, "edition", "edition-tabs", v.Editions)
	if err != nil {
		return err
	}
	changes, err := d.part(v.tag, "edition", "changes", v.Changes)
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"tabsHTML": tabs, "changesHTML": changes, "reportsHTML": reports})
}
