package desk

import (
	"net/http"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/web"
)

// holding says which languages go and which are held back, if there are both.
func (d *Desk) holding(r *http.Request, v *releaseView, s story.Story, list release.Checklist) {
	var ready, held []string
	for _, row := range v.Editions {
		c, ok := list.Of(edition.ID(row.ID))
		switch {
		case !ok:
		case row.Stopped:
			n, facts := c.Count(check.Stop), 0
			for _, f := range c.Findings {
				if f.Code == "stale_fact" {
					facts++
				}
			}
			key := "desk.release.held_errors"
			if facts == n {
				key = "desk.release.held_facts"
			}
			held = append(held, v.words.T(key, "lang", c.Edition.Lang.NameIn(v.tag), "n", n))
		case row.Held == "":
			ready = append(ready, c.Edition.Lang.NameIn(v.tag))
		}
	}
	if len(ready) == 0 || len(held) == 0 {
		return
	}
	v.Hold = v.words.T("desk.release.hold", "ready", v.tag.List(ready), "held", v.tag.List(held))
	v.HoldOn = r.Method != http.MethodPost || value(r, "hold") != ""
}

// setAside goes past a finding from where it is shown, with a reason.
func (d *Desk) setAside(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	err = d.Releases.SetAside(r.Context(), who(r), release.Override{
		Edition: ed.ID, Code: value(r, "code"), Address: document.Address(value(r, "address")), Reason: value(r, "reason"),
	})
	if err != nil {
		return err
	}
	d.say(w, "desk.said.aside")
	if ed.Lang == s.OriginalLang {
		return web.SeeOther(w, r, "/desk/editions/"+string(ed.ID))
	}
	return web.SeeOther(w, r, "/desk/editions/"+string(ed.ID)+"/translate")
}
