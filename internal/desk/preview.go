package desk

import (
	"bytes"
	"net/http"
	"strconv"

	"depesche/internal/web"
)

// preview is the reader's page of the newest revision, by the same room that makes the published one.
func (d *Desk) preview(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	n := ed.Revision
	if v, err := strconv.ParseInt(r.URL.Query().Get("rev"), 10, 64); err == nil {
		n = v
	}
	doc, err := d.Editions.RevisionDoc(r.Context(), d.DB.Read(), ed.ID, n)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	csp, err := d.Pages.Preview(r.Context(), d.DB.Read(), &b, ed, s, doc, n)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Security-Policy", csp)
	return web.HTML(w, http.StatusOK, b.Bytes())
}

type bothView struct {
	frame
	ID, SourceID, SourceName, TargetName string
}

// both shows the two finished pages side by side.
func (d *Desk) both(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	original, err := d.Editions.ByLanguage(r.Context(), d.DB.Read(), s.ID, s.OriginalLang)
	if err != nil {
		return err
	}
	v := bothView{frame: d.frame(r, "desk.translate.both", "/desk/translations"), ID: string(ed.ID), SourceID: string(original.ID), SourceName: s.OriginalLang.NameIn(d.uiLang(r)), TargetName: ed.Lang.NameIn(d.uiLang(r))}
	v.Slim = true
	return d.show(w, r, http.StatusOK, "both", v)
}
