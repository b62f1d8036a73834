package release

import (
	"slices"

	"depesche/internal/check"
	"depesche/internal/edition"
	"depesche/internal/entry"
	"depesche/internal/problem"
)

// mayStay reports whether the act may leave the edition behind.
func (p plan) mayStay(e edition.Edition) bool {
	return p.cmd.HoldBack && e.Lang != p.story.OriginalLang
}

// told asks for the text of a correction in each language that goes.
func (p plan) told() error {
	var f problem.Fields
	if p.cmd.Act == Correct {
		for _, e := range p.chosen {
			if p.cmd.Correct.Texts[e.Lang] == "" {
				f.Add("text."+string(e.Lang), entry.Required, "")
			}
		}
	}
	return f.Err()
}

// holdBack leaves behind the chosen translations that errors hold, if the command lets it. The
// original goes or nothing does: translations of what isn't out tell of it.
func (p plan) holdBack() plan {
	if !p.cmd.HoldBack || p.cmd.Act == Withdraw || p.cmd.Act == Unschedule {
		return p
	}
	held := map[edition.ID]bool{}
	var why []HeldBack
	for _, c := range p.list.Editions {
		for _, f := range c.Findings {
			if f.Severity != check.Stop {
				continue
			}
			if c.Edition.Lang == p.story.OriginalLang {
				return p
			}
			held[c.Edition.ID] = true
			why = append(why, HeldBack{c.Edition.ID, c.Edition.Lang, f.Code, f.Address})
		}
	}
	if len(held) == len(p.chosen) {
		return p
	}
	p.held = why
	p.chosen = slices.DeleteFunc(slices.Clone(p.chosen), func(e edition.Edition) bool { return held[e.ID] })
	p.list.Editions = slices.DeleteFunc(slices.Clone(p.list.Editions), func(c Checked) bool { return held[c.Edition.ID] })
	return p
}
