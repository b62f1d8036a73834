package edition

import "depesche/internal/problem"

// State is how far an edition is.
type State string

// The states of an edition.
const (
	Draft     State = "draft"
	Review    State = "review"
	Approved  State = "approved"
	Scheduled State = "scheduled"
	Published State = "published"
	Withdrawn State = "withdrawn"
)

// States are all states in the order of an edition's life.
var States = []State{Draft, Review, Approved, Scheduled, Published, Withdrawn}

// Act is what moves an edition from state to state.
type Act string

// The acts. The first four belong to this room, the others to release.
const (
	ActSave       Act = "save" // a new revision
	ActReview     Act = "review"
	ActApprove    Act = "approve"
	ActDraft      Act = "draft" // back to the writer
	ActSchedule   Act = "schedule"
	ActUnschedule Act = "unschedule"
	ActPublish    Act = "publish"
	ActMinor      Act = "minor"
	ActUpdate     Act = "update"
	ActCorrect    Act = "correct"
	ActWithdraw   Act = "withdraw"
)

// moves is the whole state machine; what isn't here is refused. Publishing and scheduling take an
// edition from any state before, since who may publish may approve as well: the act is both
// (docs/decisions/0101). A scheduled edition may be scheduled anew, which is how a later revision
// or another time is chosen. Withdrawing a scheduled one sends it back to be looked at again.
var moves = map[State]map[Act]State{
	Draft: {ActSave: Draft, ActReview: Review, ActSchedule: Scheduled, ActPublish: Published},
	Review: {
		ActSave: Review, ActApprove: Approved, ActDraft: Draft, ActSchedule: Scheduled, ActPublish: Published,
	},
	Approved: {
		// What was approved isn't what stands there now.
		ActSave:  Review,
		ActDraft: Draft, ActReview: Review, ActSchedule: Scheduled, ActPublish: Published,
	},
	Scheduled: {
		// What goes out stays the revision that was chosen and checked.
		ActSave:       Scheduled,
		ActUnschedule: Approved, ActSchedule: Scheduled, ActPublish: Published, ActWithdraw: Review,
	},
	Published: {
		ActSave: Published, ActMinor: Published, ActUpdate: Published, ActCorrect: Published, ActWithdraw: Withdrawn,
	},
	Withdrawn: {ActSave: Withdrawn, ActPublish: Published},
}

// Next returns the state that act leads to, or a conflict if it isn't possible in this state.
func Next(s State, act Act) (State, error) {
	next, ok := moves[s][act]
	if !ok {
		return s, problem.New(problem.Conflict, "problem.state_act", "state", string(s), "act", string(act))
	}
	return next, nil
}

// Can reports whether act is possible in the state, for screens that offer acts.
func Can(s State, act Act) bool {
	_, ok := moves[s][act]
	return ok
}
