package desk

import (
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"time"

	"depesche/internal/actor"
	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
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
	Reports             []reportCard // of readers, in all languages
	Terms               []termCard
	Memory              memorySearch
	Hand                inHand
	Due, DueISO         string // when it goes out, or is to be done
	DueTone             string
	ReadOnly            bool
	ReleaseWord         string // "" for those who may not, and while there is nothing to release
	Drafting            draftingView
	Rebuilt             []string // in which ways the original is built otherwise now
	UnitsJSON           any      // of each row what its field starts with
	TypographyJSON      any
}

// unitJSON is what the island's field of a row starts with.
type unitJSON struct {
	Text   json.RawMessage `json:"text"`
	Source json.RawMessage `json:"source"`
	Plain  bool            `json:"plain"`
	Spots  []spotJSON      `json:"spots"`
}

type side struct{ Lang, Dir, Name, Head string }

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
	v := translateView{frame: d.frame(r, "desk.nav.translations", "/desk/translations"), ID: string(ed.ID), Base: ed.Revision, Version: ed.Version}
	b, err := d.bench(r, &v.frame, ed, s)
	if err != nil {
		return err
	}
	if err := d.translateHead(r, &v, b); err != nil {
		return err
	}
	v.setErrors(wrong)
	begin := map[string]unitJSON{}
	for i, row := range b.work.Rows {
		u := b.row(i)
		if typed, ok := r.PostForm["text."+u.Address]; ok && wrong != nil {
			u.Text, u.ReasonTyped = unixLines(typed[0]), r.PostForm.Get("reason."+u.Address)
		}
		u.Error = field{ID: "text." + u.Address}.with(v.Errors).Error
		begin[u.Address] = unitJSON{Text: row.Target.Encode(), Source: row.Source.Encode(), Plain: row.Plain, Spots: u.Spots}
		v.Rows = append(v.Rows, u)
	}
	v.UnitsJSON = begin
	v.Checklist, v.Reports = b.checks(), b.reported
	if err := d.rebuilt(r, &v, b.work); err != nil {
		return err
	}
	v.Terms = b.termCards()
	v.Memory = memorySearch{From: b.work.From.String(), To: ed.Lang.String(), Action: "/desk/editions/" + string(ed.ID) + "/memory.json"}
	return d.show(w, r, status, "translate", v)
}

// translateHead fills in what stands above the rows.
func (d *Desk) translateHead(r *http.Request, v *translateView, b *bench) error {
	ed, original := b.ed, b.work.Source
	v.Slim, v.Editor = true, true
	v.Story, v.Edition = string(b.story.ID), string(ed.ID)
	v.TypographyJSON = typographyJSON(ed.Lang)
	v.Headline = original.Headline
	v.Title = v.Headline + ", " + ed.Lang.NameIn(v.tag)
	v.Where = v.words.T("desk.story.n", "n", strconv.FormatInt(b.story.Number, 10))
	v.Source = side{Lang: original.Lang.String(), Dir: original.Lang.Dir(), Name: original.Lang.OwnName(), Head: v.words.T("desk.translate.original", "n", strconv.FormatInt(original.Revision, 10))}
	v.Target = side{Lang: ed.Lang.String(), Dir: ed.Lang.Dir(), Name: ed.Lang.OwnName()}
	v.ReadOnly = !b.may
	v.Steps = stepsFor(&v.frame, who(r), ed, b.story)
	v.release(who(r), b)
	var err error
	if v.Drafting, err = d.draftingView(r, &v.frame, b.work); err != nil {
		return err
	}
	v.Drafting.May = b.may && d.Translate.CanDraft()
	v.progress(b.work.Progress)
	held, err := d.Translate.Assignments(r.Context(), d.DB.Read(), ed.ID)
	if err != nil {
		return err
	}
	people, err := d.colleagues(r)
	if err != nil {
		return err
	}
	v.Hand = v.inHand(who(r), ed.ID, ed.Lang, held[ed.ID], people[ed.Lang])
	v.due(ed, held[ed.ID])
	return nil
}

// release offers to bring out what is ready: a draft is when nothing is left to do in it.
func (v *translateView) release(a actor.Actor, b *bench) {
	p := b.work.Progress
	begun := b.ed.State == edition.Draft && (p.Done < p.Total || p.Orphan > 0)
	told := b.ed.State == edition.Published && !b.ed.Changed()
	if begun || told || b.ed.State == edition.Withdrawn || !actor.May(a, actor.Publish, scopeOf(a, b.ed, b.story)) {
		return
	}
	if v.ReleaseWord = v.words.T("desk.release.open"); b.ed.State == edition.Published {
		v.ReleaseWord = v.words.T("desk.release.again")
	}
}

// due says until when there is time: until it goes out or, where that isn't set, until it is to be done.
func (v *translateView) due(ed edition.Edition, held translate.Assignment) {
	at, key := held.Due, "desk.translate.due"
	if ed.Scheduled != nil {
		at, key = ed.Scheduled, "desk.translate.out"
	}
	if at == nil {
		return
	}
	v.DueISO, v.DueTone = iso(*at), "blue"
	v.Due = v.words.T(key, "time", v.at(*at))
	left := at.Sub(v.now)
	if left < time.Hour {
		v.DueTone = "amber"
	}
	switch {
	case left < 0:
		v.Due, v.DueTone = v.words.T("desk.translate.overdue", "text", v.Due), "signal"
	case left < time.Hour:
		v.Due = v.words.T("desk.translate.in_minutes", "text", v.Due, "n", int(left/time.Minute))
	}
}

// checks is the checklist with its places led to the rows.
func (b *bench) checks() checklistView {
	numbers := map[string]string{}
	for i, row := range b.work.Rows {
		numbers[string(row.Address)] = "u-" + itoa(i+1)
	}
	c := b.desk.checklist(b.frame, b.list, b.ed, b.story)
	for i := range c.Items {
		c.Items[i].Row = numbers[c.Items[i].Address]
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

// progress says how many segments are done, as a sentence and as a bar.
func (v *translateView) progress(p translate.Progress) {
	v.Progress = progressWord(v.words, p)
	v.Meter = meter(v.Progress, p)
}

func progressWord(words *lang.Words, p translate.Progress) string {
	if p.Machine > 0 {
		return words.T("desk.translate.done_drafted", "n", p.Done, "total", p.Total, "machine", p.Machine)
	}
	return words.T("desk.translate.done", "n", p.Done, "total", p.Total)
}

// meter is the bar of a translation's progress. All that varies in it are numbers and a word of the
// catalogue, which is escaped.
func meter(label string, p translate.Progress) template.HTML {
	if p.Total == 0 {
		return ""
	}
	return template.HTML(fmt.Sprintf(`<svg class="meter" viewBox="0 0 %d 1" preserveAspectRatio="none" role="img" aria-label="%s"><rect class="done" width="%d" height="1"/><rect class="stale" x="%d" width="%d" height="1"/><rect class="machine" x="%d" width="%d" height="1"/></svg>`, //nolint:gosec
		p.Total, template.HTMLEscapeString(label), p.Done, p.Done, p.Stale, p.Done+p.Stale, p.Machine))
}
