package desk

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/check"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/release"
	"depesche/internal/story"
)

// editionView is the writing screen.
type editionView struct {
	frame
	ID                            string
	Number, Base, Version         int64
	Where, Lang, TextDir, Saved   string
	TimeZone                      string
	State                         stateWord
	Editions                      []editionTab
	TranslateHref                 string
	Into                          []choice // languages that are begun by one press
	IntoWord, IntoNames           string
	Steps                         []step
	MayRelease, MayEdit, ReadOnly bool
	Held                          bool
	ReleaseWord                   string
	Withdrawn, Unpublished        string
	Plain                         plainForm
	Checklist                     checklistView
	Sources                       []sourceCard
	Revisions                     []revisionRow
	Releases                      []happened
	Changes                       changesView
	Reports                       []reportCard // of readers, at the story's blocks

	DocJSON, SourcesJSON, PicturesJSON, TypographyJSON, FindingsJSON, LangsJSON json.RawMessage
}

type editionTab struct {
	Lang, Href, State, Word string
	Current                 bool
}

// step is a move of the state machine that the actor may make.
type step struct{ Act, Word, Busy string }

type checklistView struct {
	Stops, Warns int
	Items        []checkItem
}

// Open is how many of them somebody has to answer.
func (v checklistView) Open() int { return v.Stops + v.Warns }

type checkItem struct {
	Severity, Icon, Text, Do, Href, Show string
	Address, Quote, Row                  string
	Aside                                string // who went past it, and why
}

type revisionRow struct {
	Number                    int64
	ISO, Time, What, Who, Why string
	Public, OnA, OnB          bool
}

func (d *Desk) editionOf(r *http.Request) (edition.Edition, story.Story, error) {
	ed, err := d.Editions.ByID(r.Context(), d.DB.Read(), edition.ID(r.PathValue("id")))
	if err != nil {
		return edition.Edition{}, story.Story{}, err
	}
	s, err := d.Stories.ByID(r.Context(), d.DB.Read(), ed.Story)
	return ed, s, err
}

func scopeOf(a actor.Actor, ed edition.Edition, s story.Story) actor.Scope {
	return actor.Scope{Lang: ed.Lang, Section: string(s.Section), Own: s.CreatedBy == a.ID}
}

// mayWrite: an original is written, a translation is translated.
func mayWrite(a actor.Actor, ed edition.Edition, s story.Story) bool {
	sc := scopeOf(a, ed, s)
	if actor.May(a, actor.Write, sc) {
		return true
	}
	return ed.Lang != s.OriginalLang && actor.May(a, actor.Translate, sc)
}

func (d *Desk) editionForm(w http.ResponseWriter, r *http.Request) error {
	ed, s, err := d.editionOf(r)
	if err != nil {
		return err
	}
	return d.showEdition(w, r, http.StatusOK, ed, s, stored(ed), nil)
}

// showEdition shows the writing screen: the newest text or, when a save was refused, what was typed.
// Nothing typed is lost, and the next save is compared with the same base as that one.
func (d *Desk) showEdition(w http.ResponseWriter, r *http.Request, status int, ed edition.Edition, s story.Story, text draft, wrong error) error {
	doc := text.doc
	if text.form != nil {
		doc = text.shown
	}
	ctx, q := r.Context(), d.DB.Read()
	headline := ed.Headline
	f := d.frame(r, "desk.write.title", "/desk/stories")
	if headline == "" {
		headline = f.words.T("desk.untitled", "n", strconv.FormatInt(s.Number, 10))
	}
	f.Title = headline + ", " + ed.Lang.NameIn(f.tag)
	// The editor would begin with the document, and what was typed into the plain fields is none yet.
	f.Slim, f.Editor = true, text.form == nil
	f.Story, f.Edition = string(s.ID), string(ed.ID)
	v := editionView{frame: f, ID: string(ed.ID), Number: s.Number, Base: text.base, Version: ed.Version, Lang: ed.Lang.String(), TextDir: ed.Lang.Dir(), TimeZone: f.paper.TimeZone}
	v.setErrors(wrong)
	v.Where = v.words.T("desk.story.n", "n", strconv.FormatInt(s.Number, 10))
	v.Saved = v.words.T("desk.saved_at", "time", clockWord(ed.Saved, v.loc))
	v.State = stateWord{State: string(ed.State), Word: v.words.T("desk.state." + string(ed.State))}
	v.MayEdit = mayWrite(who(r), ed, s)
	v.ReadOnly = !v.MayEdit
	if err := d.editionTabs(r, &v, ed, s); err != nil {
		return err
	}
	v.steps(who(r), ed, s)
	list, err := d.Releases.ChecklistOf(ctx, q, ed.ID)
	if err != nil {
		return err
	}
	v.Checklist = d.checklist(&v.frame, list, ed, s)
	v.Held = v.Checklist.Stops > 0
	v.Plain = newPlainForm(v.words, ed.Lang, doc, v.Errors)
	if text.form != nil {
		v.Plain.typed(text.form)
	}
	v.Sources = sourceCards(&v.frame, s, ed.Lang)
	revs, err := d.Editions.Revisions(ctx, q, ed.ID, 0, 6)
	if err != nil {
		return err
	}
	v.Revisions = revisionRows(&v.frame, revs, ed)
	if v.Releases, err = d.history(r, &v.frame, s.ID); err != nil {
		return err
	}
	if len(v.Releases) > 5 {
		v.Releases = v.Releases[:5]
	}
	if v.Changes, err = d.changesOf(r, &v.frame, ed, s); err != nil {
		return err
	}
	if v.Reports, err = d.reportsOf(r, &v.frame, ed, "/desk/editions/"+string(ed.ID)); err != nil {
		return err
	}
	if err := d.editorData(r, &v, doc, s, findings(list, ed.ID)); err != nil {
		return err
	}
	return d.show(w, r, status, "edition", v)
}

func (d *Desk) editionTabs(r *http.Request, v *editionView, ed edition.Edition, s story.Story) error {
	siblings, err := d.Editions.OfStory(r.Context(), d.DB.Read(), s.ID)
	if err != nil {
		return err
	}
	byLang := map[lang.Tag]edition.Edition{}
	for _, e := range siblings {
		byLang[e.Lang] = e
	}
	order := []lang.Tag{s.OriginalLang}
	for _, t := range v.paper.Active() {
		if t != s.OriginalLang {
			order = append(order, t)
		}
	}
	for _, t := range order {
		if e, ok := byLang[t]; ok {
			v.Editions = append(v.Editions, editionTab{Lang: t.String(), Href: "/desk/editions/" + string(e.ID), State: string(e.State), Word: v.words.T("desk.state." + string(e.State)), Current: e.ID == ed.ID})
		}
	}
	v.into(who(r), ed, s, byLang)
	if ed.Lang != s.OriginalLang {
		v.TranslateHref = "/desk/editions/" + string(ed.ID) + "/translate"
	}
	switch {
	case ed.State == edition.Withdrawn && ed.Withdrawn != nil:
		v.Withdrawn = v.words.T("desk.write.withdrawn", "time", v.at(*ed.Withdrawn), "why", ed.WithdrawnWhy)
	case ed.State == edition.Published && ed.Changed():
		v.Unpublished = v.words.T("desk.write.unpublished")
	}
	return nil
}

// intoAtOnce is how many languages one press may begin: of more, some are chosen among the story's details.
const intoAtOnce = 6

// into offers to begin an original's translations: one press, and they are drafted in all languages that
// are missing.
func (v *editionView) into(a actor.Actor, ed edition.Edition, s story.Story, there map[lang.Tag]edition.Edition) {
	if ed.Lang != s.OriginalLang || ed.State == edition.Withdrawn {
		return
	}
	var list []choice
	var names []string
	for _, t := range v.paper.Active() {
		if _, ok := there[t]; !ok && actor.May(a, actor.Translate, actor.Scope{Lang: t, Section: string(s.Section)}) {
			list, names = append(list, choice{Value: t.String()}), append(names, t.NameIn(v.tag))
		}
	}
	if len(list) == 0 || len(list) > intoAtOnce {
		return
	}
	v.Into, v.IntoNames = list, v.tag.List(names)
	if v.IntoWord = v.words.T("desk.translate.into_n", "n", len(list)); len(list) == 1 {
		v.IntoWord = v.words.T("desk.translate.start")
	}
}

// steps are the moves that the actor may make from here, the release apart.
func (v *editionView) steps(a actor.Actor, ed edition.Edition, s story.Story) {
	v.Steps = stepsFor(&v.frame, a, ed, s)
	sc := scopeOf(a, ed, s)
	v.MayRelease = actor.May(a, actor.Publish, sc)
	v.ReleaseWord = v.words.T("desk.release.open")
	if ed.State == edition.Published {
		v.ReleaseWord = v.words.T("desk.release.again")
	}
}

func stepsFor(f *frame, a actor.Actor, ed edition.Edition, s story.Story) []step {
	var out []step
	add := func(act string) {
		out = append(out, step{Act: act, Word: f.words.T("desk.step." + act), Busy: f.words.T("desk.step." + act + "_busy")})
	}
	switch ed.State {
	case edition.Draft:
		if mayWrite(a, ed, s) {
			add("review")
		}
	case edition.Review:
		if actor.May(a, actor.Review, scopeOf(a, ed, s)) {
			add("approve")
		}
		if mayWrite(a, ed, s) {
			add("draft")
		}
	case edition.Approved:
		if actor.May(a, actor.Review, scopeOf(a, ed, s)) {
			add("draft")
		}
	case edition.Published:
		// What was checked is the text before; the next one readers get may be checked as well.
		if ed.Lang != s.OriginalLang && ed.Check.Revision != ed.Revision && actor.May(a, actor.Review, scopeOf(a, ed, s)) {
			add("check")
		}
	}
	return out
}

var severityName = map[check.Severity]string{check.Stop: "error", check.Warn: "warning", check.Note: "note"}

// checklist is what stands between the edition and its readers: errors first, then warnings, notes,
// then what is fine.
func (d *Desk) checklist(f *frame, list release.Checklist, ed edition.Edition, s story.Story) checklistView {
	var v checklistView
	found, _ := list.Of(ed.ID)
	for _, x := range found.Findings {
		it := d.checkItem(f, x, ed, s)
		if o, ok := found.WentPast(x); ok {
			it.Aside = f.words.T("desk.aside.by", "name", o.ByName, "reason", o.Reason)
		}
		v.Items = append(v.Items, it)
	}
	v.Stops, v.Warns = found.Count(check.Stop), found.Count(check.Warn)
	for _, ok := range found.Passed {
		v.Items = append(v.Items, checkItem{Severity: "ok", Icon: "check", Text: f.words.T(ok.Word(), ok.Args...)})
	}
	return v
}

// storyChecks are the findings that are mended among the story's details, not in the text.
var storyChecks = map[string]bool{"no_author": true, "no_section": true, "no_topic": true}

func (d *Desk) checkItem(f *frame, x check.Finding, ed edition.Edition, s story.Story) checkItem {
	it := checkItem{Severity: severityName[x.Severity], Icon: severityName[x.Severity], Text: f.words.T(x.Word(), x.Args...), Show: f.words.T("desk.show"), Address: string(x.Address), Quote: x.Excerpt}
	if it.Icon == "note" {
		it.Icon = "warning"
	}
	if f.words.Has(x.Do()) {
		it.Do = f.words.T(x.Do(), x.Args...)
	}
	number := strconv.FormatInt(s.Number, 10)
	switch {
	case storyChecks[x.Code]:
		it.Href, it.Address = "/desk/stories/"+number, ""
	case x.Code == "source_without_link_or_how" && x.Address != "":
		it.Href, it.Address = "/desk/stories/"+number+"/sources/"+string(x.Address)+"?edition="+string(ed.ID), ""
	case x.Address != "":
		block, _, _ := strings.Cut(string(x.Address), "/")
		it.Href = "/desk/editions/" + string(ed.ID) + "#b-" + block
	}
	return it
}

// findings are what the checklist says of one edition.
func findings(list release.Checklist, id edition.ID) []check.Finding {
	found, _ := list.Of(id)
	return found.Findings
}

func revisionRows(f *frame, revs []edition.Revision, ed edition.Edition) []revisionRow {
	var out []revisionRow
	for _, rev := range revs {
		out = append(out, revisionRow{Number: rev.Number, ISO: iso(rev.At), Time: f.day(rev.At), What: f.words.T("desk.revision." + string(rev.Kind)), Who: rev.ByName, Why: rev.Why, Public: rev.Number == ed.PublishedRev})
	}
	return out
}
