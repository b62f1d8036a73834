package edition

import (
	"testing"

	"depesche/internal/problem"
)

// TestStates is the whole machine as a table: a row a state, in the order of the acts below.
func TestStates(t *testing.T) {
	acts := []Act{ActSave, ActReview, ActApprove, ActDraft, ActSchedule, ActUnschedule, ActPublish, ActMinor, ActUpdate, ActCorrect, ActWithdraw}
	want := map[State][]State{
		//         save       review  approve   draft  schedule   unschedule publish    minor      update     correct    withdraw
		Draft:     {Draft, Review, "", "", Scheduled, "", Published, "", "", "", ""},
		Review:    {Review, "", Approved, Draft, Scheduled, "", Published, "", "", "", ""},
		Approved:  {Review, Review, "", Draft, Scheduled, "", Published, "", "", "", ""},
		Scheduled: {Scheduled, "", "", "", Scheduled, Approved, Published, "", "", "", Review},
		Published: {Published, "", "", "", "", "", "", Published, Published, Published, Withdrawn},
		Withdrawn: {Withdrawn, "", "", "", "", "", Published, "", "", "", ""},
	}
	if len(want) != len(States) {
		t.Fatal("a state is missing in the table")
	}
	for _, s := range States {
		for i, act := range acts {
			next, err := Next(s, act)
			switch {
			case want[s][i] == "" && (!problem.Is(err, problem.Conflict) || Can(s, act) || next != s):
				t.Errorf("%s while %s: %s, %v; it must be refused", act, s, next, err)
			case want[s][i] != "" && (err != nil || next != want[s][i] || !Can(s, act)):
				t.Errorf("%s while %s: %s, %v; want %s", act, s, next, err, want[s][i])
			}
		}
	}
	if _, err := Next("lost", ActSave); err == nil {
		t.Error("an unknown state can do something")
	}
}
