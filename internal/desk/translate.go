package desk

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/problem"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/translate"
	"depesche/internal/web"
)

type translateView struct {
	frame
	ID, Where, Headline string
	Base, Version       int64
	Source, Target      side
	Progress            string
	Meter               template.HTML
	Steps               []step
	Rows                []unitRow
	Checklist           checklistView
	ReadOnly            bool
	Drafting            draftingView
	UnitsJSON           any // of each row what its field starts with
	TypographyJSON      any
}

// unitJSON is what the island's field of a row starts with.
type unitJSON struct {
	Text   json.RawMessage `json:"text"`
	Source json.RawMessage `json:"source"`
	Plain  bool            `json:"plain"`
}

type side struct{ Lang, Dir, Name, Head string }

type unitRow struct {
	N, Lines                            int
	Address, Field, Source, Text, Label string
	SourceRev                           int64
	Head, Stale, MayConfirm             bool
	Alone                               bool   // the original has nothing there
	Reason, ReasonTyped                 string // why it differs: as stored, and as typed and refused
	Diff                                []document.Op
	Parts                               []part // the source, with its marks
	Shown                               []part // the target, as a row shows it that isn't being written in
	Was                                 string // the stored text, Text may be what was typed
	State, Mark, StateWord, Fact, Error string
	Origin                              string // where the text came from, if not by hand
	Weight                              string // of a stale one
	Heavy                               bool   // it is stale, and the original says something else now
	Findings                            []checkItem
}

// marks of unit states, as shapes of the guide.
var unitMarks = map[translate.State]string{
	translate.Missing: "none", translate.Machine: "draft", translate.Edited: "review", translate.Reviewed: "approved", translate.Stale: "stale",
	translate.Adapted: "approved", translate.Added: "approved", translate.Dropped: "withdrawn", translate.Orphan: "withdrawn",
}

func (d *Desk) translateForm(w http.ResponseWriter, r *http.Request) error {
	return d.showTranslate(w, r, http.StatusOK, nil)
}

func (d *Desk) showTranslate(w http.ResponseWriter, r *http.Request, status int, wrong error) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	if ed.Lang == s.OriginalLang {
		return web.SeeOther(w, r, "/desk/editions/"+string(ed.ID))
	}
	ctx, q := r.Context(), d.DB.Read()
	original, err := d.Editions.ByLanguage(ctx, q, s.ID, s.OriginalLang)
	if err != nil {
		return err
	}
	work, err := d.Translate.Work(ctx, q, ed.ID)
	if err != nil {
		return err
	}
	rows := work.Rows
	list, err := d.Releases.Checklist(ctx, q, s.ID)
	if err != nil {
		return err
	}
	v := translateView{frame: d.frame(r, "desk.nav.translations", "/desk/translations"), ID: string(ed.ID), Headline: original.Headline, Base: ed.Revision, Version: ed.Version}
	v.Slim, v.Editor = true, true
	v.Story, v.Edition = string(s.ID), string(ed.ID)
	v.TypographyJSON = typographyJSON(ed.Lang)
	begin := map[string]unitJSON{}
	v.setErrors(wrong)
	v.Title = v.Headline + ", " + ed.Lang.NameIn(v.tag)
	v.Where = v.words.T("desk.story.n", "n", strconv.FormatInt(s.Number, 10))
	v.Source = side{Lang: original.Lang.String(), Dir: original.Lang.Dir(), Name: original.Lang.OwnName(), Head: v.words.T("desk.translate.original", "n", strconv.FormatInt(original.Revision, 10))}
	v.Target = side{Lang: ed.Lang.String(), Dir: ed.Lang.Dir(), Name: ed.Lang.OwnName()}
	v.ReadOnly = !mayWrite(who(r), ed, s)
	v.Steps = stepsFor(&v.frame, who(r), ed, s)
	if v.Drafting, err = d.draftingView(r, &v.frame, work); err != nil {
		return err
	}
	v.Drafting.May = !v.ReadOnly && d.Translate.CanDraft()
	v.progress(work.Progress)
	found := byAddress(findings(list, ed.ID))
	numbers := map[string]string{}
	for i, row := range rows {
		u := d.unitRow(&v.frame, ed, s, row, i+1, found[row.Address])
		if typed, ok := r.PostForm["text."+u.Address]; ok && wrong != nil {
			u.Text, u.ReasonTyped = unixLines(typed[0]), r.PostForm.Get("reason."+u.Address)
		}
		u.Error = field{ID: "text." + u.Address}.with(v.Errors).Error
		u.MayConfirm = !v.ReadOnly && row.State != translate.Reviewed
		numbers[u.Address] = "u-" + itoa(u.N)
		begin[u.Address] = unitJSON{Text: row.Target.Encode(), Source: row.Source.Encode(), Plain: row.Plain}
		v.Rows = append(v.Rows, u)
	}
	v.UnitsJSON = begin
	v.Checklist = d.unitChecklist(&v.frame, list, ed, s, numbers)
	return d.show(w, r, status, "translate", v)
}

// unitChecklist is the checklist with its places led to the rows.
func (d *Desk) unitChecklist(f *frame, list release.Checklist, ed edition.Edition, s story.Story, rows map[string]string) checklistView {
	c := d.checklist(f, list, ed, s)
	for i := range c.Items {
		c.Items[i].Row = rows[c.Items[i].Address]
	}
	return c
}

func byAddress(list []check.Finding) map[document.Address][]check.Finding {
	out := map[document.Address][]check.Finding{}
	for _, x := range list {
		if x.Address != "" {
			out[x.Address] = append(out[x.Address], x)
		}
	}
	return out
}

func (d *Desk) unitRow(f *frame, ed edition.Edition, s story.Story, row translate.Row, n int, findings []check.Finding) unitRow {
	u := unitRow{
		N: n, Address: string(row.Address), Field: string(row.Field), SourceRev: row.SourceRev, Source: document.InlineMarkdown(row.Source), Text: document.InlineMarkdown(row.Target),
		Head: string(row.Field) == "headline", State: string(row.State), Mark: unitMarks[row.State],
	}
	u.Was, u.Alone = u.Text, len(row.Source) == 0
	switch row.State {
	case translate.Adapted, translate.Added, translate.Dropped:
		u.Reason = row.Reason
	}
	u.Parts, u.Shown = partsOf(row.Source), partsOf(row.Target)
	u.Label = f.words.T("desk.translate.segment", "n", n, "lang", ed.Lang.NameIn(f.tag))
	u.Lines = 1 + max(len(u.Text), len(u.Source))/90
	u.StateWord = f.words.T("desk.unit." + string(row.State))
	u.Fact = f.kindWord(fieldKind(row))
	u.Origin = f.origin(row)
	if row.State == translate.Stale {
		u.Stale, u.Heavy = true, row.Change.Weight == check.Fact
		u.Weight = row.Change.Weight.String()
		u.StateWord = f.words.T("desk.unit.stale_" + u.Weight)
		u.Diff = document.DiffWords(row.SourceThen.Plain(), row.Source.Plain())
	}
	for _, x := range findings {
		// That it is stale, the row says itself, with the button for it.
		if x.Severity != check.Note && (x.Code != "stale_segment" && x.Code != "stale_fact" || !u.Stale) {
			u.Findings = append(u.Findings, d.checkItem(f, x, ed, s))
		}
	}
	return u
}

// fieldKind is what a segment is called: the head's part, or the kind of the block it is in.
func fieldKind(row translate.Row) string {
	if row.Kind == "" {
		return string(row.Field)
	}
	return string(row.Kind)
}

// progress says how many segments are done, as a sentence and as a bar.
func (v *translateView) progress(p translate.Progress) {
	v.Progress = v.words.T("desk.translate.done", "n", p.Done, "total", p.Total)
	v.Meter = meter(v.Progress, p)
}

// meter is the bar of a translation's progress. All that varies in it are numbers and a word of the
// catalogue, which is escaped.
func meter(label string, p translate.Progress) template.HTML {
	if p.Total == 0 {
		return ""
	}
	return template.HTML(fmt.Sprintf(`<svg class="meter" viewBox="0 0 %d 1" preserveAspectRatio="none" role="img" aria-label="%s"><rect class="done" width="%d" height="1"/><rect class="stale" x="%d" width="%d" height="1"/></svg>`, //nolint:gosec
		p.Total, template.HTMLEscapeString(label), p.Done, p.Done, p.Stale))
}

// saveUnits stores, without a script, all rows that were changed, and confirms the one whose button
// was pressed.
func (d *Desk) saveUnits(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	ed, _, err := d.editionOf(r)
	if err != nil {
		return err
	}
	still := value(r, "still")
	answers := answersOf(r)
	base := number(r, "base")
	var wrong problem.Fields
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		addr, ok := strings.CutPrefix(name, "text.")
		if !ok {
			continue
		}
		text := unixLines(r.PostFormValue(name))
		said, asked := answers[addr]
		reason := value(r, "reason."+addr)
		if reason != "" && !needsReason(said) {
			wrong.Add(name, "problem.reason_alone", text)
			continue
		}
		if text == unixLines(r.PostFormValue("was."+addr)) && !asked {
			continue
		}
		if reason == "" && needsReason(said) {
			wrong.Add(name, "problem.reason_missing", text)
			continue
		}
		in, err := document.ParseInlineMarkdown(text)
		if err != nil {
			unreadable(&wrong, name, text, err)
			continue
		}
		_, err = d.Translate.Confirm(r.Context(), who(r), translate.Unit{
			Edition: ed.ID, Address: document.Address(addr), Text: in, Answer: said, Reason: reason, SourceRev: number(r, "rev."+addr), Base: base,
		})
		if err != nil {
			if !userError(err) {
				return err
			}
			if _, ok := as[*edition.ClashError](err); ok {
				wrong.Add(name, "problem.conflict", text)
				continue
			}
			wrong.Merge(documentFields(err, func(a document.Address) string { return unitField(r, a) }))
		}
	}
	if still != "" {
		if _, err := d.Translate.StillRight(r.Context(), who(r), ed.ID, document.Address(still), number(r, "rev."+still)); err != nil {
			return err
		}
	}
	if err := wrong.Err(); err != nil {
		return d.showTranslate(w, r, http.StatusUnprocessableEntity, err)
	}
	d.say(w, "desk.said.saved")
	return web.SeeOther(w, r, "/desk/editions/"+string(ed.ID)+"/translate")
}

// unitField is the row that an address stands in, "" if none was sent for it.
func unitField(r *http.Request, a document.Address) string {
	if name := "text." + string(a); r.PostForm.Has(name) {
		return name
	}
	return ""
}

// unitActs are what the buttons of a row say of its segment.
var unitActs = map[string]translate.Answer{
	"confirm": translate.AnswerReviewed, "adapt": translate.AnswerAdapted, "add": translate.AnswerAdded, "drop": translate.AnswerDropped,
}

// answersOf are the answers whose buttons were pressed, by address.
func answersOf(r *http.Request) map[string]translate.Answer {
	out := map[string]translate.Answer{}
	for act, said := range unitActs {
		if addr := value(r, act); addr != "" {
			out[addr] = said
		}
	}
	return out
}

func needsReason(a translate.Answer) bool {
	return a == translate.AnswerAdapted || a == translate.AnswerAdded || a == translate.AnswerDropped
}

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
	ctx, q := r.Context(), d.DB.Read()
	if value(r, "act") == "check" {
		return d.unitTyped(w, r, ed, s, addr, in)
	}
	var row translate.Row
	if value(r, "act") == "still" {
		row, err = d.Translate.StillRight(ctx, who(r), ed.ID, addr, number(r, "sourceRev"))
	} else {
		row, err = d.Translate.Confirm(ctx, who(r), translate.Unit{Edition: ed.ID, Address: addr, Text: in, Answer: unitActs[value(r, "act")], Reason: value(r, "reason"), SourceRev: number(r, "sourceRev"), Base: number(r, "base"), Draft: translate.DraftID(value(r, "draft"))})
	}
	if clash, ok := as[*edition.ClashError](err); ok {
		theirs, _ := clash.Theirs.Segment(addr)
		return web.JSON(w, http.StatusConflict, map[string]any{"revision": clash.Edition.Revision, "version": clash.Edition.Version, "theirs": json.RawMessage(theirs.Text.Encode())})
	}
	if err != nil {
		return d.saveRefused(w, r, err)
	}
	if ed, err = d.Editions.ByID(ctx, q, ed.ID); err != nil {
		return err
	}
	return d.unitAnswer(w, r, ed, s, row)
}

// unitTyped answers what the checks say of a text that isn't stored.
func (d *Desk) unitTyped(w http.ResponseWriter, r *http.Request, ed edition.Edition, s story.Story, addr document.Address, text document.Inline) error {
	ctx, q := r.Context(), d.DB.Read()
	work, err := d.Translate.Work(ctx, q, ed.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(work.Rows, func(row translate.Row) bool { return row.Address == addr })
	if at < 0 {
		return problem.New(problem.NotFound, "problem.not_found")
	}
	found, err := d.Releases.Typed(ctx, q, ed.ID, addr, text)
	if err != nil && !problem.Is(err, problem.NotFound) { // a place that the translation doesn't have yet
		return err
	}
	f := d.frame(r, "desk.nav.translations", "")
	notes, err := d.part(f.tag, "translate", "unit-notes", d.unitRow(&f, ed, s, work.Rows[at], at+1, found))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, map[string]any{"notesHTML": notes})
}

func (d *Desk) unitAnswer(w http.ResponseWriter, r *http.Request, ed edition.Edition, s story.Story, row translate.Row) error {
	ctx, q := r.Context(), d.DB.Read()
	work, err := d.Translate.Work(ctx, q, ed.ID)
	if err != nil {
		return err
	}
	rows := work.Rows
	list, err := d.Releases.Checklist(ctx, q, s.ID)
	if err != nil {
		return err
	}
	f := d.frame(r, "desk.nav.translations", "")
	numbers, n := map[string]string{}, 1
	for i, other := range rows {
		numbers[string(other.Address)] = "u-" + itoa(i+1)
		if other.Address == row.Address {
			n = i + 1
		}
	}
	u := d.unitRow(&f, ed, s, row, n, byAddress(findings(list, ed.ID))[row.Address])
	u.MayConfirm = row.State != translate.Reviewed
	p := work.Progress
	done := f.words.T("desk.translate.done", "n", p.Done, "total", p.Total)
	out := map[string]any{"version": ed.Version, "revision": ed.Revision, "savedAt": iso(ed.Saved), "text": json.RawMessage(row.Target.Encode()), "progress": done, "meterHTML": meter(done, p)}
	// The original may have changed since the page was made: what is confirmed next is confirmed against this.
	out["sourceRev"] = u.SourceRev
	for key, part := range map[string]struct {
		name string
		view any
	}{"stateHTML": {"unit-state", u}, "notesHTML": {"unit-notes", u}, "sourceHTML": {"unit-source", u}, "shownHTML": {"unit-shown", u}, "panelHTML": {"checklist", d.unitChecklist(&f, list, ed, s, numbers)}} {
		html, err := d.part(f.tag, "translate", part.name, part.view)
		if err != nil {
			return err
		}
		out[key] = html
	}
	return web.JSON(w, http.StatusOK, out)
}
