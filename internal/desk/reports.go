package desk

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"depesche/internal/actor"
	"depesche/internal/correction"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/web"
)

// reportCard is a reader's report as a screen shows it.
type reportCard struct {
	ID, Action, Back             string
	At                           string // the edition whose desk it is shown at
	Version                      int64
	Headline, Lang, LangName     string
	Before, Quote, After         string // the passage, with the words that were chosen
	Said, Times, Saw, When, ISO  string
	State, StateWord, Holder     string
	TextHref, Address            string
	Here, HereLang               string // what stands at the same place in the edition that is open
	Mails                        []mailLink
	May, Open, Taken, MayCorrect bool
	block                        document.ID
}

type mailLink struct{ Mail, Href string }

type reportsView struct {
	frame
	Filters []filter
	Closed  bool
	Cards   []reportCard
	Empty   emptyWords
	Older   string
}

const reportsPerPage = 30

// reports lists what readers reported that is the business of who looks.
func (d *Desk) reports(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	v := reportsView{frame: d.frame(r, "desk.reports", "/desk/reports"), Closed: q.Get("show") == "closed"}
	v.Filters = []filter{
		{Href: "/desk/reports", Word: v.words.T("desk.reports.open"), On: !v.Closed},
		{Href: "/desk/reports?show=closed", Word: v.words.T("desk.reports.closed"), On: v.Closed},
	}
	v.Empty = emptyWords{v.words.T("desk.reports.none"), v.words.T("desk.reports.none_text")}
	if v.Closed {
		v.Empty = emptyWords{v.words.T("desk.reports.none_closed"), v.words.T("desk.reports.none_closed_text")}
	}
	list, next, err := d.Corrections.Reports(ctx, d.DB.Read(), v.Closed, edition.Cursor(q.Get("before")), reportsPerPage)
	if err != nil {
		return err
	}
	for _, x := range list {
		langs, err := d.storyLangs(ctx, x.Story)
		if err != nil {
			return err
		}
		if correction.MaySee(who(r), x, langs) {
			v.Cards = append(v.Cards, v.reportCard(who(r), x, "/desk/reports"))
		}
	}
	if next != "" {
		v.Older = "/desk/reports?" + url.Values{"show": {q.Get("show")}, "before": {string(next)}}.Encode()
	}
	return d.show(w, r, http.StatusOK, "reports", v)
}

func (d *Desk) storyLangs(ctx context.Context, st story.ID) ([]lang.Tag, error) {
	editions, err := d.Editions.OfStory(ctx, d.DB.Read(), st)
	var out []lang.Tag
	for _, e := range editions {
		out = append(out, e.Lang)
	}
	return out, err
}

func (f *frame) reportCard(a actor.Actor, x correction.Report, back string) reportCard {
	c := reportCard{
		block: x.Block,
		ID:    string(x.ID), Action: "/desk/reports/" + string(x.ID), Back: back, Version: x.Version, Headline: x.Headline, Lang: x.Lang.String(), LangName: x.Lang.NameIn(f.tag),
		Before: x.Passage, Said: x.Said, Saw: f.words.T("desk.reports.saw", "n", x.Revision), When: f.ago(x.Last), ISO: iso(x.Last),
		State: string(x.State), StateWord: f.words.T("desk.reports.state." + string(x.State)), Open: x.State == correction.ReportOpen,
		Taken: x.State == correction.ReportTaken, May: !x.State.Closed(), TextHref: "/desk/editions/" + string(x.Edition) + "#b-" + string(x.Block),
	}
	if before, after, ok := strings.Cut(x.Passage, x.Quote); ok && x.Quote != "" {
		c.Before, c.Quote, c.After = before, x.Quote, after
	}
	if x.Times > 1 {
		c.Times = f.words.T("desk.reports.times", "n", x.Times)
	}
	switch {
	case c.Taken:
		c.Holder = f.words.T("desk.reports.taken", "name", x.ByName)
	case x.Closed != nil:
		c.Holder = f.words.T("desk.reports.by", "name", x.ByName, "time", f.at(*x.Closed))
	}
	c.MayCorrect = c.May && actor.May(a, actor.Correct, actor.Scope{Section: string(x.Section)})
	for _, m := range x.Mails {
		c.Mails = append(c.Mails, mailLink{m, answer(m, f.words.T("desk.reports.answer_subject", "headline", x.Headline), x.Said)})
	}
	return c
}

// answer is the address that opens a mail to a reader, with what she said. All of it is a stranger's:
// nothing in it may become a line of the mail's head.
func answer(to, subject, said string) string {
	const most = 400 // of long addresses mail programs open none
	if r := []rune(said); len(r) > most {
		said = string(r[:most]) + "…"
	}
	quoted := "> " + strings.ReplaceAll(said, "\n", "\r\n> ") + "\r\n\r\n"
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	return "mailto:" + strings.ReplaceAll(escape(to), "%40", "@") + "?subject=" + escape(subject) + "&body=" + escape(quoted)
}

// reportsOf are the open reports of a story, in all languages, beside the text of an edition.
func (d *Desk) reportsOf(r *http.Request, f *frame, ed edition.Edition, back string) ([]reportCard, error) {
	list, err := d.Corrections.OpenReports(r.Context(), d.DB.Read(), ed.Story)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	langs, err := d.storyLangs(r.Context(), ed.Story)
	if err != nil {
		return nil, err
	}
	var out []reportCard
	for _, x := range list {
		if !correction.MaySee(who(r), x, langs) {
			continue
		}
		c := f.reportCard(who(r), x, back)
		c.TextHref = "/desk/editions/" + string(ed.ID) + "#b-" + string(x.Block)
		c.At, c.Address = string(ed.ID), addressIn(ed.Doc, x.Block)
		if here, ok := correction.Passage(ed.Doc, x.Block); ok && x.Lang != ed.Lang {
			c.Here, c.HereLang = here, ed.Lang.String()
		}
		out = append(out, c)
	}
	return out, nil
}

// addressIn is the first segment of a block, to which the editor can lead.
func addressIn(doc document.Doc, block document.ID) string {
	for _, seg := range document.Segments(doc) {
		if correction.BlockOf(doc, seg.Address) == block && seg.Address != document.AddrKicker {
			return string(seg.Address)
		}
	}
	return ""
}

// moveReport does with a report what was pressed.
func (d *Desk) moveReport(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	to := correction.ReportState(value(r, "to"))
	corrects := to == "correct"
	if corrects {
		to = correction.ReportTaken
	}
	x, err := d.Corrections.Move(r.Context(), who(r), correction.ReportID(r.PathValue("id")), number(r, "version"), to)
	if err != nil {
		return err
	}
	if corrects {
		return d.beginCorrection(w, r, x)
	}
	d.say(w, "desk.said.report")
	return web.SeeOther(w, r, ownPath(or(value(r, "back"), "/desk/reports")))
}

// beginCorrection leads whoever corrects what a reader reported to the next step: to the text, or, where
// the text is changed at that place, to the release that closes the report.
func (d *Desk) beginCorrection(w http.ResponseWriter, r *http.Request, x correction.Report) error {
	editions, err := d.Editions.OfStory(r.Context(), d.DB.Read(), x.Story)
	if err != nil {
		return err
	}
	at := or(value(r, "at"), string(x.Edition))
	for _, ed := range editions {
		if string(ed.ID) != at {
			continue
		}
		changed, err := d.changedAt(r.Context(), ed, x.Block)
		if err != nil {
			return err
		}
		if changed {
			q := url.Values{"act": {string(release.Correct)}, "from": {at}, "report": {string(x.ID)}}
			return web.SeeOther(w, r, "/desk/stories/"+strconv.FormatInt(x.Number, 10)+"/release?"+q.Encode())
		}
		d.say(w, "desk.said.report_yours")
		return web.SeeOther(w, r, "/desk/editions/"+at+"#b-"+string(x.Block))
	}
	return web.SeeOther(w, r, "/desk/reports")
}

// changedAt reports whether an edition says something else at a block than its readers see.
func (d *Desk) changedAt(ctx context.Context, ed edition.Edition, block document.ID) (bool, error) {
	if !ed.Changed() {
		return false, nil
	}
	out, err := d.Editions.RevisionDoc(ctx, d.DB.Read(), ed.ID, ed.PublishedRev)
	if err != nil {
		return false, err
	}
	now, _ := correction.Passage(ed.Doc, block)
	then, _ := correction.Passage(out, block)
	return now != then, nil
}

// settled is a reader's report in the dialogue of the release that may settle it.
type settled struct {
	ID, Said, Lang, Place, Holder string
	On                            bool
}

// settles are the open reports that an act on texts that are out may settle. Chosen are the one that the
// editor comes from, and what she has taken up if that place is changed.
func (d *Desk) settles(r *http.Request, f *frame, act release.Act, editions []edition.Edition) ([]settled, error) {
	if act != release.Minor && act != release.Update && act != release.Correct || len(editions) == 0 {
		return nil, nil
	}
	list, err := d.Corrections.OpenReports(r.Context(), d.DB.Read(), editions[0].Story)
	if err != nil {
		return nil, err
	}
	var langs []lang.Tag
	for _, ed := range editions {
		langs = append(langs, ed.Lang)
	}
	var out []settled
	for _, x := range list {
		if !correction.MaySee(who(r), x, langs) {
			continue
		}
		v := settled{ID: string(x.ID), Said: x.Said, Lang: x.Lang.String(), Place: or(x.Quote, beginning(x.Passage))}
		if x.State == correction.ReportTaken {
			v.Holder = f.words.T("desk.reports.taken", "name", x.ByName)
		}
		switch {
		case r.Method == http.MethodPost:
			v.On = contains(r.PostForm["report"], v.ID)
		case r.URL.Query().Get("report") == v.ID:
			v.On = true
		case x.State == correction.ReportTaken && x.ByID == who(r).ID:
			if v.On, err = d.changedAnywhere(r.Context(), editions, x.Block); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, nil
}

// beginning is as much of a passage as shows which it is.
func beginning(s string) string {
	const most = 120
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

func (d *Desk) changedAnywhere(ctx context.Context, editions []edition.Edition, block document.ID) (bool, error) {
	for _, ed := range editions {
		if changed, err := d.changedAt(ctx, ed, block); changed || err != nil {
			return changed, err
		}
	}
	return false, nil
}

// reportsWaiting is how many reports that nobody has taken up are the actor's business.
func (d *Desk) reportsWaiting(ctx context.Context, a actor.Actor) int {
	places, err := d.Corrections.Waiting(ctx, d.DB.Read())
	if err != nil {
		d.Log.WarnContext(ctx, "readers' reports can't be counted", "err", err)
		return 0
	}
	n := 0
	for p, count := range places {
		if correction.MaySee(a, correction.Report{Lang: p.Lang, Section: p.Section}, nil) {
			n += count
		}
	}
	return n
}
