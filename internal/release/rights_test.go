package release

import (
	"slices"
	"testing"

	"depesche/internal/actor"
	"depesche/internal/edition"
)

// What nobody approved is approved by the one who sends it out, in whatever state it was written.
func TestRights(t *testing.T) {
	for _, c := range []struct {
		act   Act
		state edition.State
		want  []actor.Act
	}{
		{Publish, edition.Draft, []actor.Act{actor.Publish, actor.Review}},
		{Publish, edition.Review, []actor.Act{actor.Publish, actor.Review}},
		{Publish, edition.Approved, []actor.Act{actor.Publish}},
		{Publish, edition.Scheduled, []actor.Act{actor.Publish, actor.Review}},
		{Publish, edition.Withdrawn, []actor.Act{actor.Publish, actor.Republish, actor.Review}},
		{Schedule, edition.Draft, []actor.Act{actor.Schedule, actor.Review}},
		{Unschedule, edition.Scheduled, []actor.Act{actor.Schedule}},
		{Minor, edition.Published, []actor.Act{actor.Publish, actor.Review}},
		{Correct, edition.Published, []actor.Act{actor.Correct, actor.Review}},
		{Withdraw, edition.Published, []actor.Act{actor.Withdraw}},
		{Withdraw, edition.Scheduled, []actor.Act{actor.Withdraw}},
	} {
		p := plan{cmd: Command{Act: c.act, Override: []Override{{Edition: "other"}}}}
		if got := p.rights(edition.Edition{ID: "e", State: c.state}); !slices.Equal(got, c.want) {
			t.Errorf("%s of what is %s: %v, want %v", c.act, c.state, got, c.want)
		}
		p.cmd.Override = []Override{{Edition: "e"}}
		if got := p.rights(edition.Edition{ID: "e", State: c.state}); !slices.Contains(got, actor.Override) {
			t.Errorf("%s past a warning: %v", c.act, got)
		}
	}
}
