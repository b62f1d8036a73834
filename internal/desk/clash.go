package desk

import (
	"encoding/json"
	"net/http"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
	"depesche/internal/web"
)

// clashView shows, without a script, the blocks that two people changed.
type clashView struct {
	frame
	ID, Lang, TextDir string
	Base              int64
	DocJSON           string
	Clashes           []clashRow
}

type clashRow struct {
	N                    int
	Address, What        string
	Mine, Theirs         []document.Op
	MineJSON, TheirsJSON string
	Both                 bool
}

func (d *Desk) showClash(w http.ResponseWriter, r *http.Request, ed edition.Edition, c *edition.ClashError) error {
	v := clashView{frame: d.frame(r, "desk.clash.title", "/desk/stories"), ID: string(ed.ID), Lang: ed.Lang.String(), TextDir: ed.Lang.Dir(), Base: c.Edition.Revision}
	doc, err := c.Merged.Encode()
	if err != nil {
		return err
	}
	v.DocJSON = string(doc)
	for i, clash := range c.Clashes {
		row := clashRow{N: i, Address: string(clash.Address), What: segmentName(v.words, c.Mine, clash.Address), Both: clash.Block() && clash.Mine.Block != nil && clash.Theirs.Block != nil}
		mine, theirs := valueText(clash.Mine), valueText(clash.Theirs)
		row.Theirs = document.DiffWords(mine, theirs)
		row.Mine = document.DiffWords(theirs, mine)
		mineJSON, err := json.Marshal(clash.Mine)
		if err != nil {
			return err
		}
		theirsJSON, err := json.Marshal(clash.Theirs)
		if err != nil {
			return err
		}
		row.MineJSON, row.TheirsJSON = string(mineJSON), string(theirsJSON)
		v.Clashes = append(v.Clashes, row)
	}
	return d.show(w, r, http.StatusConflict, "clash", v)
}

// clashJSON is the same for the editor, which shows both texts in place.
func (d *Desk) clashJSON(w http.ResponseWriter, r *http.Request, ed edition.Edition, c *edition.ClashError) error {
	type row struct {
		Address string `json:"address"`
		Mine    any    `json:"mine"`
		Theirs  any    `json:"theirs"`
		By      string `json:"by"`
		At      string `json:"at"`
	}
	by, at := "", ""
	if revs, err := d.Editions.Revisions(r.Context(), d.DB.Read(), ed.ID, 0, 1); err == nil && len(revs) > 0 {
		by, at = revs[0].ByName, iso(revs[0].At)
	}
	rows := []row{}
	merged := c.Merged
	for _, clash := range c.Clashes {
		rows = append(rows, row{Address: clash.Place(), Mine: islandValue(clash, clash.Mine), Theirs: islandValue(clash, clash.Theirs), By: by, At: at})
		var err error
		if merged, err = document.Resolve(merged, clash, document.Mine()); err != nil {
			return err
		}
	}
	return web.JSON(w, http.StatusConflict, map[string]any{
		"version": c.Edition.Version, "revision": c.Edition.Revision, "doc": merged, "clashes": rows,
	})
}

// resolveEdition stores what was chosen in the page of the two texts.
func (d *Desk) resolveEdition(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	doc, err := document.Parse([]byte(r.PostFormValue("doc")))
	if err != nil {
		return d.showEdition(w, r, statusOf(err), ed, s, stored(ed), stored(ed).wrong(err))
	}
	for i, addr := range r.PostForm["address"] {
		clash := document.Clash{Address: document.Address(addr)}
		n := itoa(i)
		if err := json.Unmarshal([]byte(r.PostFormValue("mine."+n)), &clash.Mine); err != nil {
			return problem.Wrap(problem.Invalid, "problem.invalid", err)
		}
		if err := json.Unmarshal([]byte(r.PostFormValue("theirs."+n)), &clash.Theirs); err != nil {
			return problem.Wrap(problem.Invalid, "problem.invalid", err)
		}
		choice := document.Mine()
		switch value(r, "clash."+n) {
		case "theirs":
			choice = document.Theirs()
		case "both":
			choice = document.Both(d.newID)
		}
		if doc, err = document.Resolve(doc, clash, choice); err != nil {
			return problem.Wrap(problem.Invalid, "problem.invalid", err)
		}
	}
	_, err = d.Editions.Save(r.Context(), who(r), edition.Save{Edition: ed.ID, Base: number(r, "base"), Doc: doc})
	if clash, ok := as[*edition.ClashError](err); ok {
		return d.showClash(w, r, ed, clash)
	}
	if err != nil {
		if userError(err) {
			text := draft{doc: doc, base: number(r, "base")}
			return d.showEdition(w, r, statusOf(err), ed, s, text, text.wrong(err))
		}
		return err
	}
	d.say(w, "desk.said.saved")
	return web.SeeOther(w, r, "/desk/editions/"+string(ed.ID))
}

// valueText is the text of one side of a clash, to be compared by words.
func valueText(v document.Value) string {
	switch {
	case v.Block != nil:
		return document.BlockMarkdown(*v.Block)
	case v.Picture != nil:
		return v.Picture.Media + " " + v.Picture.Alt + " " + v.Picture.Caption.Plain()
	}
	return v.Text.Plain()
}

// islandValue is one side of a clash as the editor reads it: a block, a text, a picture, or null.
func islandValue(c document.Clash, v document.Value) any {
	switch {
	case v.Block != nil:
		return v.Block
	case v.Picture != nil:
		return v.Picture
	case c.Block() || c.Address == document.AddrPicture:
		return nil
	case c.Address == document.AddrLead:
		return v.Text
	}
	return v.Text.Plain()
}
