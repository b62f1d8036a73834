package actor_test

import (
	"testing"

	"depesche/internal/actor"
	"depesche/internal/id"
)

func TestSystem(t *testing.T) {
	a := actor.System("import")
	if a.ID != "[import]" || !a.IsSystem() || id.Valid(a.ID) {
		t.Errorf("System: %+v", a)
	}
	if (actor.Actor{ID: "x", Role: "chief"}).IsSystem() {
		t.Error("a chief editor is taken for the system")
	}
}
