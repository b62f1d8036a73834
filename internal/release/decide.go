package release

import (
	"strings"
	"time"
	"unicode/utf8"

	"depesche/internal/actor"
	"depesche/internal/edition"
	"depesche/internal/entry"
	"depesche/internal/lang"
	"depesche/internal/problem"
)

// farthest is how long ahead a release may be scheduled: beyond, it is a mistyped year.
const farthest = 2 * 366 * 24 * time.Hour

// plan is what an act is going to do, decided from what was read.
type plan struct {
	batch
	cmd    Command
	chosen []edition.Edition
	// calledOff are scheduled editions that weren't chosen but don't go out since the whole story
	// is withdrawn.
	calledOff []edition.Edition
	at        time.Time
	note      string
	list      Checklist // of the chosen, once it has been passed
	held      []HeldBack
}

// begin finds what the command is about.
func begin(b batch, cmd Command) (plan, error) {
	p := plan{batch: b, cmd: cmd}
	switch cmd.Act {
	case Publish, Minor, Update, Correct, Unschedule, Withdraw, Schedule:
	default:
		return plan{}, problem.New(problem.Invalid, "problem.choice")
	}
	err := p.choose()
	return p, err
}

// news refuses to bring out again what readers see already.
func (p plan) news(e edition.Edition) error {
	if (p.cmd.Act == Minor || p.cmd.Act == Update) && !e.Changed() {
		return problem.New(problem.Invalid, "problem.nothing_new", "lang", string(e.Lang))
	}
	return nil
}

// decide is pure: it checks the command against what is there, but for rights and the checklist.
func (p plan) decide(now time.Time) (plan, error) {
	for _, e := range p.chosen {
		if _, err := edition.Next(e.State, edition.Act(p.cmd.Act)); err != nil {
			return plan{}, err
		}
		if !p.mayStay(e) { // what is held back needs nothing new
			if err := p.news(e); err != nil {
				return plan{}, err
			}
		}
	}
	var f problem.Fields
	p.note = entry.Lines(&f, "note", p.cmd.Note, entry.Note)
	switch p.cmd.Act {
	case Publish:
		p.embargo(&f, now)
	case Schedule:
		p.when(&f, now)
	case Withdraw:
		p.why(&f)
	case Correct:
		p.texts(&f)
	}
	p.reasons(&f)
	return p, f.Err()
}

// choose finds the chosen editions, in the order of the story's, and guards their versions.
func (p *plan) choose() error {
	if len(p.cmd.Editions) == 0 {
		return errNothing
	}
	want := map[edition.ID]int64{}
	for _, c := range p.cmd.Editions {
		if _, ok := p.edition(c.Edition); !ok {
			return problem.New(problem.NotFound, "problem.not_found")
		}
		want[c.Edition] = c.Version
	}
	for _, e := range p.editions {
		version, ok := want[e.ID]
		if !ok {
			continue
		}
		if version != e.Version {
			return problem.New(problem.Conflict, "problem.edition_changed", "lang", string(e.Lang))
		}
		p.chosen = append(p.chosen, e)
	}
	return nil
}

// rights are what the actor must be allowed to do to e.
func (p plan) rights(e edition.Edition) []actor.Act {
	var out []actor.Act
	switch p.cmd.Act {
	case Publish, Minor, Update:
		out = append(out, actor.Publish)
	case Schedule, Unschedule:
		out = append(out, actor.Schedule)
	case Correct:
		out = append(out, actor.Correct)
	case Withdraw:
		out = append(out, actor.Withdraw)
	}
	if e.State == edition.Withdrawn {
		out = append(out, actor.Republish)
	}
	if p.checked() && e.State != edition.Approved {
		// What nobody approved yet is approved by the one who sends it out.
		out = append(out, actor.Review)
	}
	for _, o := range p.cmd.Override {
		if o.Edition == e.ID {
			return append(out, actor.Override)
		}
	}
	return out
}

// checked reports whether the act brings text to readers.
func (p plan) checked() bool { return p.cmd.Act != Withdraw && p.cmd.Act != Unschedule }

func (p plan) embargo(f *problem.Fields, now time.Time) {
	if until := p.story.Embargo; until != nil && now.Before(*until) {
		f.Add("at", "problem.embargo", "", "time", *until)
	}
}

func (p *plan) when(f *problem.Fields, now time.Time) {
	p.at = p.cmd.At.UTC().Truncate(time.Second)
	shown := ""
	if !p.cmd.At.IsZero() {
		shown = p.cmd.At.Format(time.RFC3339)
	}
	switch until := p.story.Embargo; {
	case p.cmd.At.IsZero():
		f.Add("at", "problem.required", shown)
	case !p.at.After(now):
		f.Add("at", "problem.time_past", shown)
	case p.at.After(now.Add(farthest)):
		f.Add("at", "problem.time_far", shown)
	case until != nil && p.at.Before(*until):
		f.Add("at", "problem.embargo", shown, "time", *until)
	}
}

// why asks for a reason in each language that readers read the story in, and finds what else must
// not go out once nothing of the story is out any more.
func (p *plan) why(f *problem.Fields) {
	clean := map[lang.Tag]string{}
	chosen := map[edition.ID]bool{}
	for _, e := range p.chosen {
		chosen[e.ID] = true
		if e.State == edition.Published {
			clean[e.Lang] = entry.Must(f, "why."+string(e.Lang), p.cmd.Why[e.Lang], entry.Note)
		}
	}
	p.cmd.Why = clean
	left := false
	for _, e := range p.editions {
		left = left || e.State == edition.Published && !chosen[e.ID]
	}
	if left || len(clean) == 0 {
		return
	}
	for _, e := range waitingEditions(p.editions) {
		if !chosen[e.ID] {
			p.calledOff = append(p.calledOff, e)
		}
	}
}

func (p *plan) texts(f *problem.Fields) {
	if p.cmd.Correct == nil {
		p.cmd.Correct = &CorrectionInput{}
	}
	in := *p.cmd.Correct
	in.Texts = map[lang.Tag]string{}
	for _, e := range p.chosen {
		text := entry.Lines(f, "text."+string(e.Lang), p.cmd.Correct.Texts[e.Lang], entry.Note)
		if p.mayStay(e) && !entry.Visible(text) {
			continue // asked for again if it goes
		}
		if !f.Has("text."+string(e.Lang)) && !entry.Visible(text) {
			f.Add("text."+string(e.Lang), entry.Required, text)
		}
		in.Texts[e.Lang] = text
	}
	p.cmd.Correct = &in
}

// reasons asks for the reason of each override.
func (p *plan) reasons(f *problem.Fields) {
	var out []Override
	for _, o := range p.cmd.Override {
		o.Reason = strings.TrimSpace(o.Reason)
		switch {
		case o.Reason == "":
			f.Add("reason", entry.Required, "")
		case utf8.RuneCountInString(o.Reason) > entry.Note:
			f.Add("reason", entry.TooLong, o.Reason, "n", entry.Note)
		default:
			o.Reason = entry.Line(f, "reason", o.Reason, entry.Note)
		}
		out = append(out, o)
	}
	p.cmd.Override = out
}
