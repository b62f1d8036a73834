package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"depesche/internal/actor"
	"depesche/internal/edition"
	"depesche/internal/id"
	"depesche/internal/lang"
	"depesche/internal/live"
	"depesche/internal/page"
	"depesche/internal/problem"
	"depesche/internal/story"
	"depesche/internal/web"
)

// deskEntries is how many entries the screen of a running story shows.
const deskEntries = 30

type coverageRow struct {
	Href, Headline, Lang, Since, ISO, Ended string
}

type coveragesView struct {
	frame
	Running, Ended []coverageRow
}

// coverages lists the stories that run live, and those that ended last.
func (d *Desk) coverages(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), d.DB.Read()
	v := coveragesView{frame: d.frame(r, "desk.nav.live", "/desk/live")}
	running, err := d.Coverage.Running(ctx, q)
	if err != nil {
		return err
	}
	ended, err := d.Coverage.Ended(ctx, q, 20)
	if err != nil {
		return err
	}
	var ids []story.ID
	for _, c := range slices.Concat(running, ended) {
		ids = append(ids, c.Story)
	}
	if len(ids) == 0 {
		return d.show(w, r, http.StatusOK, "coverages", v)
	}
	board, _, err := d.Editions.Board(ctx, q, edition.BoardFilter{Stories: ids, Limit: len(ids)})
	if err != nil {
		return err
	}
	rows := map[story.ID]edition.BoardRow{}
	for _, b := range board {
		rows[b.Story] = b
	}
	for _, c := range slices.Concat(running, ended) {
		b := rows[c.Story]
		n := strconv.FormatInt(b.Number, 10)
		row := coverageRow{
			Href: "/desk/live/" + n, Headline: b.Headline, Lang: b.HeadlineLang.String(), ISO: iso(c.Began), Since: v.words.T("desk.live.since", "time", v.at(c.Began)),
		}
		if row.Headline == "" {
			row.Headline, row.Lang = v.words.T("desk.untitled", "n", n), v.UI
		}
		if c.Ended != nil {
			row.Ended = v.words.T("desk.live.until", "time", v.at(*c.Ended))
			v.Ended = append(v.Ended, row)
			continue
		}
		v.Running = append(v.Running, row)
	}
	return d.show(w, r, http.StatusOK, "coverages", v)
}

type runningView struct {
	frame
	Number                          int64
	Where, Headline, Lang           string
	Reader, Details, Since, Ended   string
	Running, MayEnd, Open, MayWrite bool
	Version                         int64
	Write                           writeBox
	Tongues                         []filter // beside which language
	Beside                          string
	BesideName                      string
	Kept                            string // what forms say of it, to come back to the same
	Entries                         []entryRow
	Older                           string
	Token                           string  // of what was posted just now, or stands although it was posted again
	Typed                           []typed // and has no place on the screen any more
	MayTranslate                    bool
}

// coverageOf finds the running story of the address.
func (d *Desk) coverageOf(r *http.Request) (story.Story, live.Coverage, error) {
	s, err := d.storyOf(r)
	if err != nil {
		return story.Story{}, live.Coverage{}, err
	}
	c, err := d.Coverage.Of(r.Context(), d.DB.Read(), s.ID)
	return s, c, err
}

// startLive has a story run live.
func (d *Desk) startLive(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, err := d.storyOf(r)
	if err != nil {
		return err
	}
	if _, err := d.Coverage.Start(r.Context(), who(r), s.ID, value(r, "open") != ""); err != nil {
		return err
	}
	d.say(w, "desk.said.live_started")
	return web.SeeOther(w, r, runningPath(s))
}

// turnLive ends a running story, or says who sends entries out.
func (d *Desk) turnLive(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, c, err := d.coverageOf(r)
	if err != nil {
		return err
	}
	switch value(r, "act") {
	case "end":
		_, err = d.Coverage.End(r.Context(), who(r), s.ID, number(r, "version"))
	case "open":
		_, err = d.Coverage.Open(r.Context(), who(r), s.ID, number(r, "version"), !c.Open)
	default:
		err = problem.New(problem.Invalid, "problem.choice")
	}
	if err != nil && !userError(err) {
		return err
	}
	if err != nil {
		return d.showRunning(w, r, s, c, err, nil)
	}
	d.say(w, "desk.said.saved")
	return web.SeeOther(w, r, runningPath(s))
}

// running is the screen on which a running story is written.
func (d *Desk) running(w http.ResponseWriter, r *http.Request) error {
	s, c, err := d.coverageOf(r)
	if err != nil {
		return err
	}
	return d.showRunning(w, r, s, c, nil, nil)
}

// showRunning shows the screen, with what was wrong with a form and which one it was, or nil and nil.
func (d *Desk) showRunning(w http.ResponseWriter, r *http.Request, s story.Story, c live.Coverage, wrong error, at *refused) error {
	if at != nil && at.held != nil {
		wrong = problem.Wrap(problem.Invalid, "desk.live.held", wrong)
	}
	ctx, q := r.Context(), d.DB.Read()
	n := strconv.FormatInt(s.Number, 10)
	editions, err := d.Editions.OfStory(ctx, q, s.ID)
	if err != nil {
		return err
	}
	v := runningView{frame: d.frame(r, "desk.nav.live", "/desk/live"), Number: s.Number, Version: c.Version, Running: c.Running(), Open: c.Open, Details: "/desk/stories/" + n}
	v.Story, v.Token = string(s.ID), r.URL.Query().Get("sent")
	v.setErrors(wrong)
	v.Where = v.words.T("desk.story.n", "n", n)
	v.Since = v.words.T("desk.live.since", "time", v.at(c.Began))
	if c.Ended != nil {
		v.Ended = v.words.T("desk.live.until", "time", v.at(*c.Ended))
	}
	for _, e := range editions {
		if e.Lang == s.OriginalLang {
			v.Headline, v.Lang, v.Edition = e.Headline, e.Lang.String(), string(e.ID)
		}
		if e.Out() && e.Lang == s.OriginalLang {
			v.Reader = page.ArticlePath(e.Lang, s.Number, e.Slug)
		}
	}
	v.MayEnd = d.Editions.May(ctx, q, who(r), s, s.OriginalLang, actor.Publish) == nil
	d.besides(r, &v, s, editions)
	d.writeBox(r, &v, s, at)
	if err := d.entries(r, &v, s, at); err != nil {
		return err
	}
	if at != nil {
		v.Typed = v.homeless(r)
	}
	return d.show(w, r, statusOf(wrong), "running", v)
}

// besides offers the languages beside which entries are shown: those that the story is in.
func (d *Desk) besides(r *http.Request, v *runningView, s story.Story, editions []edition.Edition) {
	asked, a := r.FormValue("beside"), who(r)
	var there []lang.Tag
	for _, e := range editions {
		there = append(there, e.Lang)
	}
	if len(there) < 2 {
		return
	}
	want := lang.Tag(asked)
	if !slices.Contains(there, want) {
		want = ""
	}
	for _, l := range there {
		if asked != alone && want == "" && l != s.OriginalLang && slices.Contains(a.Langs, l) {
			want = l
		}
	}
	here := runningPath(s) + "?beside="
	v.Tongues = append(v.Tongues, filter{Href: here + alone, Word: v.words.T("desk.live.alone"), On: want == ""})
	for _, l := range there {
		v.Tongues = append(v.Tongues, filter{Href: here + l.String(), Word: l.NameIn(v.tag), On: l == want})
	}
	v.Beside, v.Kept = want.String(), alone
	if want != "" {
		v.BesideName, v.Kept = want.NameIn(v.tag), want.String()
	}
}

// alone asks for entries with no translation beside them.
const alone = "-"

func runningPath(s story.Story) string { return "/desk/live/" + strconv.FormatInt(s.Number, 10) }

// backToRunning leads to the screen of a running story, beside the same language; a script is told where that is.
func (d *Desk) backToRunning(w http.ResponseWriter, r *http.Request, s story.Story, more string) error {
	to := runningPath(s) + "?beside=" + url.QueryEscape(value(r, "beside"))
	if before := r.URL.Query().Get("before"); before != "" {
		to += "&before=" + url.QueryEscape(before)
	}
	if wantsJSON(r) {
		return web.JSON(w, http.StatusOK, map[string]string{"to": to + more})
	}
	return web.SeeOther(w, r, to+more)
}

func (d *Desk) token() string { return id.New(d.Clock.Now()) }
