package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"depesche/internal/actor"
	"depesche/internal/check"
	"depesche/internal/correction"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/problem"
	"depesche/internal/release"
	"depesche/internal/story"
	"depesche/internal/web"
)

type releaseView struct {
	frame
	Number                      int64
	Where, Headline, Lang, Back string
	Act, From                   string
	Acts                        []filter
	Intro, Button, Busy, Zone   string
	Editions                    []releaseRow
	Date, Time, Why, Of         field
	Prominent, Careful          bool
	History                     []happened
	Changes                     changesView
	Hold                        string // who goes and who is held back, if both are
	HoldOn                      bool
	Reports                     []settled // of readers, that the act may settle
	NoneGoes                    bool      // each language has a reason why not
}

type releaseRow struct {
	ID, Lang, Name, Headline, Held string
	Version                        int64
	On                             bool
	Stopped                        bool // by its findings alone
	State                          stateWord
	Checks                         []releaseCheck
	Text                           *field
}

// releaseCheck is a finding in the dialogue; a warning carries the field for the reason of whoever
// goes past it.
type releaseCheck struct {
	checkItem
	Override, Reason, Error string
}

var releaseActs = []release.Act{release.Publish, release.Schedule, release.Minor, release.Update, release.Correct, release.Withdraw, release.Unschedule}

// fits says whether an act can touch an edition in its present state.
func fits(act release.Act, ed edition.Edition) bool {
	switch act {
	case release.Publish, release.Schedule:
		return ed.State != edition.Published && ed.State != edition.Scheduled
	case release.Minor, release.Update, release.Correct:
		return ed.State == edition.Published
	case release.Withdraw:
		return ed.State == edition.Published || ed.State == edition.Scheduled
	case release.Unschedule:
		return ed.State == edition.Scheduled
	}
	return false
}

// shows says whether an act is offered for the story at all.
func shows(act release.Act, editions []edition.Edition) bool {
	for _, ed := range editions {
		if fits(act, ed) {
			return true
		}
	}
	return false
}

func (d *Desk) releaseForm(w http.ResponseWriter, r *http.Request) error {
	s, err := d.storyOf(r)
	if err != nil {
		return err
	}
	return d.showRelease(w, r, http.StatusOK, s, release.Act(r.URL.Query().Get("act")), r.URL.Query().Get("from"), nil)
}

func (d *Desk) showRelease(w http.ResponseWriter, r *http.Request, status int, s story.Story, act release.Act, from string, wrong error) error {
	ctx, q := r.Context(), d.DB.Read()
	editions, err := d.Editions.OfStory(ctx, q, s.ID)
	if err != nil {
		return err
	}
	list, err := d.Releases.ChecklistFor(ctx, q, s.ID, act)
	if err != nil {
		return err
	}
	v := releaseView{frame: d.frame(r, "desk.release.open", "/desk/stories"), Number: s.Number, Lang: s.OriginalLang.String(), From: from}
	v.setErrors(wrong)
	v.Where = v.words.T("desk.story.n", "n", strconv.FormatInt(s.Number, 10))
	v.Back = backTo(from, s.Number)
	told, err := d.Corrections.All(ctx, q, s.ID)
	if err != nil {
		return err
	}
	owed := owedCorrections(told, editions)
	if !slices.Contains(releaseActs, act) {
		act = defaultAct(editions, from, owed)
	}
	v.Act = string(act)
	for _, a := range releaseActs {
		if shows(a, editions) {
			v.Acts = append(v.Acts, filter{Href: "/desk/stories/" + strconv.FormatInt(s.Number, 10) + "/release?" + url.Values{"act": {string(a)}, "from": {from}, "report": r.URL.Query()["report"]}.Encode(), Word: v.words.T("desk.release.act." + string(a)), On: a == act})
		}
	}
	key := "desk.release." + v.Act
	v.Intro, v.Button, v.Busy = v.words.T(key+".intro"), v.words.T(key+".button"), v.words.T(key+".busy")
	v.Careful = act == release.Withdraw
	typed := r.Method == http.MethodPost
	for _, ed := range editions {
		if ed.Lang == s.OriginalLang {
			v.Headline = ed.Headline
		}
		if fits(act, ed) {
			v.Editions = append(v.Editions, d.releaseRow(r, &v, ed, s, act, list, typed))
		}
	}
	v.releaseFields(r, act)
	if act == release.Correct && len(owed) > 0 {
		v.Of = v.whichCorrection(r, owed, s.OriginalLang)
	}
	v.NoneGoes = !slices.ContainsFunc(v.Editions, func(row releaseRow) bool { return row.Held == "" })
	d.holding(r, &v, s, list)
	if v.Reports, err = d.settles(r, &v.frame, act, editions); err != nil {
		return err
	}
	if v.Changes, err = d.changes(r, &v.frame, s, from); err != nil {
		return err
	}
	if v.History, err = d.history(r, &v.frame, s.ID); err != nil {
		return err
	}
	return d.show(w, r, status, "release", v)
}

// owedCorrection is a correction that some edition that is out doesn't tell yet.
type owedCorrection struct {
	id    correction.ID
	told  map[lang.Tag]correction.Correction
	owing []edition.ID
}

// owedCorrections are those of the story's corrections, newest first.
func owedCorrections(told []correction.Correction, editions []edition.Edition) []owedCorrection {
	var out []owedCorrection
	for _, c := range told {
		if len(out) == 0 || out[len(out)-1].id != c.ID {
			out = append(out, owedCorrection{id: c.ID, told: map[lang.Tag]correction.Correction{}})
		}
		out[len(out)-1].told[c.Lang] = c
	}
	for i, c := range out {
		for _, ed := range editions {
			if _, ok := c.told[ed.Lang]; !ok && ed.State == edition.Published {
				out[i].owing = append(out[i].owing, ed.ID)
			}
		}
	}
	return slices.DeleteFunc(out, func(c owedCorrection) bool { return len(c.owing) == 0 })
}

// whichCorrection asks whether the chosen languages tell a correction of their own or one that
// others tell already. Who comes from an edition that owes one most likely wants to tell that.
func (v *releaseView) whichCorrection(r *http.Request, owed []owedCorrection, original lang.Tag) field {
	value, list := "", []choice{{Word: v.words.T("desk.release.correct.new")}}
	for _, c := range owed {
		text, ok := c.told[original]
		if !ok {
			text = c.told[sortedTags(c.told)[0]]
		}
		list = append(list, choice{Value: string(c.id), Word: v.at(text.At) + ": " + text.Text})
		if value == "" && slices.Contains(c.owing, edition.ID(v.From)) {
			value = string(c.id)
		}
	}
	if r.Method == http.MethodPost {
		value = r.PostFormValue("of")
	}
	f := selectField("of", v.words.T("desk.release.correct.of"), value, list).with(v.Errors)
	f.Hint = v.words.T("desk.release.correct.of_hint")
	return f
}

// defaultAct is what one most likely came for: an edition that is out is changed, or tells at last
// what others have corrected; another goes out.
func defaultAct(editions []edition.Edition, from string, owed []owedCorrection) release.Act {
	for _, ed := range editions {
		if string(ed.ID) == from {
			switch ed.State {
			case edition.Published:
				if slices.ContainsFunc(owed, func(c owedCorrection) bool { return slices.Contains(c.owing, ed.ID) }) {
					return release.Correct
				}
				return release.Update
			case edition.Scheduled:
				return release.Unschedule
			}
		}
	}
	return release.Publish
}

func (d *Desk) releaseRow(r *http.Request, v *releaseView, ed edition.Edition, s story.Story, act release.Act, list release.Checklist, typed bool) releaseRow {
	row := releaseRow{ID: string(ed.ID), Lang: ed.Lang.String(), Name: ed.Lang.OwnName(), Headline: ed.Headline, Version: ed.Version}
	row.State = stateWord{State: string(ed.State), Word: v.words.T("desk.state." + string(ed.State))}
	sendsText := act != release.Withdraw && act != release.Unschedule
	stops := 0
	of, _ := list.Of(ed.ID)
	if sendsText {
		for _, x := range findings(list, ed.ID) {
			if x.Severity == check.Note {
				continue
			}
			c := releaseCheck{checkItem: d.checkItem(&v.frame, x, ed, s)}
			if ed.Lang != s.OriginalLang && c.Address != "" { // beside its original
				c.Href = "/desk/editions/" + string(ed.ID) + "/translate#at-" + c.Address
			}
			if x.Severity == check.Stop {
				stops++
			} else if o, ok := of.WentPast(x); ok {
				c.Do = v.words.T("desk.aside.by", "name", o.ByName, "reason", o.Reason)
			} else {
				c.Override = overrideField(ed.ID, x)
				c.Reason = value(r, c.Override)
				if typed && c.Reason == "" && contains(r.PostForm["edition"], string(ed.ID)) {
					c.Error = v.words.T("desk.release.override_needed")
				}
			}
			row.Checks = append(row.Checks, c)
		}
	}
	switch {
	case !d.mayAct(r, act, ed, s):
		row.Held = v.words.T("desk.release.not_yours")
	case stops > 0:
		row.Stopped = ed.Lang != s.OriginalLang
		row.Held = v.words.T("desk.release.held", "n", stops)
	case sendsText && act != release.Publish && act != release.Schedule && !ed.Changed() && act != release.Correct:
		row.Held = v.words.T("desk.release.unchanged")
	}
	row.On = row.Held == "" && (typed && contains(r.PostForm["edition"], row.ID) || !typed && (v.From == "" || v.From == row.ID || act == release.Publish))
	if act == release.Correct || act == release.Withdraw {
		id := "text." + row.ID
		f := areaField(id, v.words.T("desk.release."+string(act)+".text"), r.PostFormValue(id), 3).in(ed.Lang).with(v.Errors)
		f.Hint, f.Serif = v.words.T("desk.release."+string(act)+".text_hint"), true
		row.Text = &f
	}
	return row
}

// overrideField is named after the finding and not after its place in the list, which may change.
func overrideField(id edition.ID, x check.Finding) string {
	return "override." + string(id) + "." + x.Code + "." + string(x.Address)
}

func (d *Desk) mayAct(r *http.Request, act release.Act, ed edition.Edition, s story.Story) bool {
	a, sc := who(r), scopeOf(who(r), ed, s)
	switch act {
	case release.Correct:
		return actor.May(a, actor.Correct, sc)
	case release.Withdraw:
		return actor.May(a, actor.Withdraw, sc)
	}
	return actor.May(a, actor.Publish, sc)
}

func (v *releaseView) releaseFields(r *http.Request, act release.Act) {
	switch act {
	case release.Schedule:
		t := v.now.In(v.loc).Add(time.Hour).Truncate(30 * time.Minute)
		v.Date = field{ID: "date", Label: v.words.T("desk.release.date"), Type: "date", Value: or(value(r, "date"), t.Format("2006-01-02")), Required: true}.with(v.Errors)
		v.Time = field{ID: "time", Label: v.words.T("desk.release.time"), Type: "time", Value: or(value(r, "time"), t.Format("15:04")), Required: true}.with(v.Errors)
		v.Zone = v.words.T("desk.release.zone", "zone", v.paper.TimeZone)
	case release.Correct:
		v.Prominent = value(r, "prominent") != ""
	case release.Minor, release.Update:
		v.Why = textField("why", v.words.T("desk.release.why"), value(r, "why")).with(v.Errors)
		v.Why.Optional = true
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func (d *Desk) release(w http.ResponseWriter, r *http.Request) error {
	if err := parse(w, r); err != nil {
		return err
	}
	s, err := d.storyOf(r)
	if err != nil {
		return err
	}
	act := release.Act(value(r, "act"))
	cmd, err := d.releaseCommand(r, s, act)
	if err == nil {
		_, err = d.Releases.Act(r.Context(), who(r), cmd)
	}
	if err != nil {
		if _, held := as[*release.HeldError](err); held {
			return d.showRelease(w, r, http.StatusUnprocessableEntity, s, act, value(r, "from"), problem.Wrap(problem.Invalid, "desk.release.held_all", err))
		}
		if userError(err) {
			return d.showRelease(w, r, statusOf(err), s, act, value(r, "from"), err)
		}
		return err
	}
	d.say(w, "desk.said.released."+string(act))
	return web.SeeOther(w, r, backTo(value(r, "from"), s.Number))
}

func (d *Desk) releaseCommand(r *http.Request, s story.Story, act release.Act) (release.Command, error) {
	ctx, q := r.Context(), d.DB.Read()
	cmd := release.Command{Story: s.ID, Act: act, Note: value(r, "why")}
	var wrong problem.Fields
	editions, err := d.Editions.OfStory(ctx, q, s.ID)
	if err != nil {
		return cmd, err
	}
	list, err := d.Releases.ChecklistFor(ctx, q, s.ID, act)
	if err != nil {
		return cmd, err
	}
	texts := map[lang.Tag]string{}
	cmd.HoldBack = value(r, "hold") != ""
	for _, id := range r.PostForm["report"] {
		cmd.Reports = append(cmd.Reports, correction.ReportID(id))
	}
	for _, ed := range editions {
		id := string(ed.ID)
		held := cmd.HoldBack && contains(r.PostForm["held"], id)
		if !contains(r.PostForm["edition"], id) && !held {
			continue
		}
		cmd.Editions = append(cmd.Editions, release.Choice{Edition: ed.ID, Version: number(r, "version."+id)})
		if text := strings.TrimSpace(r.PostFormValue("text." + id)); text != "" {
			texts[ed.Lang] = text
		} else if !held && (act == release.Correct || act == release.Withdraw) {
			wrong.Add("text."+id, "problem.required", "")
		}
		for _, x := range findings(list, ed.ID) {
			if reason := value(r, overrideField(ed.ID, x)); reason != "" && x.Severity == check.Warn {
				cmd.Override = append(cmd.Override, release.Override{Edition: ed.ID, Code: x.Code, Address: x.Address, Reason: reason})
			}
		}
	}
	if len(r.PostForm["edition"]) == 0 {
		wrong.Add("", "desk.release.choose", "")
	}
	switch act {
	case release.Schedule:
		f := d.frame(r, "desk.release.open", "")
		at, err := moment(value(r, "date"), value(r, "time"), f.loc)
		if err != nil || at == nil {
			wrong.Add("date", momentWord(err), value(r, "date"))
		} else {
			cmd.At = *at
		}
	case release.Correct:
		cmd.Correct = &release.CorrectionInput{Of: correction.ID(value(r, "of")), Prominent: value(r, "prominent") != "", Texts: texts}
		if err := d.notToldYet(r, s, cmd.Correct, &wrong); err != nil {
			return cmd, err
		}
	case release.Withdraw:
		cmd.Why = texts
	}
	return cmd, wrong.Err()
}

// notToldYet refuses to tell a correction twice in a language.
func (d *Desk) notToldYet(r *http.Request, s story.Story, in *release.CorrectionInput, wrong *problem.Fields) error {
	if in.Of == "" {
		return nil
	}
	told, err := d.Corrections.All(r.Context(), d.DB.Read(), s.ID)
	if err != nil {
		return err
	}
	for _, c := range told {
		if _, again := in.Texts[c.Lang]; again && c.ID == in.Of {
			wrong.Add("of", "desk.release.correct.told", string(in.Of), "lang", c.Lang.NameIn(d.uiLang(r)))
			return nil
		}
	}
	return nil
}
