package desk

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
	"depesche/internal/story"
	"depesche/internal/translate"
	"depesche/internal/web"
)

// saveUnitJSON stores one row for the island.
func (d *Desk) saveUnitJSON(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	addr := document.Address(value(r, "address"))
	in, err := document.ParseInline([]byte(r.PostFormValue("inline")))
	if err != nil {
		return d.saveRefused(w, r, err)
	}
	if value(r, "act") == "check" {
		return d.unitTyped(w, r, ed, s, addr, in)
	}
	if err := d.unitAct(r, ed, s, addr, in); err != nil {
		if clash, ok := as[*edition.ClashError](err); ok {
			theirs, _ := clash.Theirs.Segment(addr)
			return web.JSON(w, http.StatusConflict, map[string]any{"revision": clash.Edition.Revision, "version": clash.Edition.Version, "theirs": rawInline(theirs.Text)})
		}
		return d.saveRefused(w, r, err)
	}
	if ed, err = d.Editions.ByID(r.Context(), d.DB.Read(), ed.ID); err != nil {
		return err
	}
	return d.unitAnswer(w, r, ed, s, addr)
}

// unitAct does what was asked for one row.
func (d *Desk) unitAct(r *http.Request, ed edition.Edition, s story.Story, addr document.Address, in document.Inline) error {
	ctx := r.Context()
	switch value(r, "act") {
	case "still":
		_, err := d.Translate.StillRight(ctx, who(r), ed.ID, addr, number(r, "sourceRev"))
		return err
	case "aside":
		return d.unitAside(r, translate.Work{Edition: ed}, value(r, "key"))
	}
	u := translate.Unit{Edition: ed.ID, Address: addr, Text: in, Answer: unitActs[value(r, "act")], Reason: value(r, "reason"), SourceRev: number(r, "sourceRev"), Base: number(r, "base"), Draft: translate.DraftID(value(r, "draft"))}
	if key := value(r, "offer"); key != "" {
		f := d.frame(r, "desk.nav.translations", "")
		work, err := d.Translate.Work(ctx, d.DB.Read(), ed.ID)
		if err != nil {
			return err
		}
		took, err := d.offerOf(r, &bench{frame: &f, desk: d, ed: ed, story: s, work: work}, addr, key)
		if err != nil && !problem.Is(err, problem.NotFound) { // gone since: the text is somebody's own then
			return err
		}
		took.into(&u)
	}
	_, err := d.Translate.Confirm(ctx, who(r), u)
	return err
}

// unitTyped answers what the checks say of a text that isn't stored.
func (d *Desk) unitTyped(w http.ResponseWriter, r *http.Request, ed edition.Edition, s story.Story, addr document.Address, text document.Inline) error {
	f := d.frame(r, "desk.nav.translations", "")
	b, err := d.barebench(r, &f, ed, s)
	if err != nil {
		return err
	}
	i, err := b.place(addr)
	if err != nil {
		return err
	}
	found, err := d.Releases.Typed(r.Context(), d.DB.Read(), b.work, addr, text)
	if err != nil && !problem.Is(err, problem.NotFound) { // a place that the translation doesn't have yet
		return err
	}
	b.work.Rows[i].Target = text
	b.found = byAddress(found)
	if err := b.named(r, b.work.Rows[i:i+1]); err != nil {
		return err
	}
	out, err := b.parts(b.row(i), slices.Values([]string{"notesHTML", "sourceHTML"}))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, out)
}

func (d *Desk) unitAnswer(w http.ResponseWriter, r *http.Request, ed edition.Edition, s story.Story, addr document.Address) error {
	f := d.frame(r, "desk.nav.translations", "")
	b, err := d.bench(r, &f, ed, s)
	if err != nil {
		return err
	}
	out, err := b.summary()
	if err != nil {
		return err
	}
	out["savedAt"] = iso(ed.Saved)
	// What was dropped on both sides has no row any more.
	if i, err := b.place(addr); err == nil {
		row, err := b.rowAnew(i)
		if err != nil {
			return err
		}
		maps.Copy(out, row)
	}
	return web.JSON(w, http.StatusOK, out)
}

// proposeJSON asks the engines for one segment. What they say isn't stored in the edition.
func (d *Desk) proposeJSON(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	addr := document.Address(value(r, "address"))
	got, failed, err := d.propose(r, ed.ID, addr)
	if err != nil && !problem.Is(err, problem.Unavailable) {
		return d.saveRefused(w, r, err)
	}
	f := d.frame(r, "desk.nav.translations", "")
	failures := []string{}
	for _, x := range failed {
		failures = append(failures, f.failure(x))
	}
	if err != nil {
		return web.JSON(w, http.StatusServiceUnavailable, map[string]any{"error": f.words.T("problem.no_engine"), "failures": failures})
	}
	b, err := d.bench(r, &f, ed, s)
	if err != nil {
		return err
	}
	i, err := b.place(addr)
	if err != nil {
		return d.saveRefused(w, r, err)
	}
	offers, err := d.part(f.tag, "translate", "unit-offers", b.row(i))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{
		"draft": got.ID, "inline": json.RawMessage(got.Text.Encode()), "text": document.InlineMarkdown(got.Text), "engine": got.Engine, "through": got.Through, "sourceRev": got.SourceRev, "failures": failures, "offersHTML": offers,
	})
}
