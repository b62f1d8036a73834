// Package actor says who acts: a person of the staff, or the system itself. people fills it in,
// every operation takes it, and what it may do stands in people's table.
package actor

import "depesche/internal/lang"

// Actor is who does something. Langs and Sections limit where; empty means everywhere.
type Actor struct {
	ID       string
	Name     string
	Role     string
	Langs    []lang.Tag
	Sections []string
	UILang   lang.Tag
}

// SystemRole is the role of what happens without a person. No staff can have it.
const SystemRole = "system"

// System is the actor of what happens by itself: System("import"), System("schedule"). Its ID is
// the name in brackets, which no person's ID can be.
func System(name string) Actor {
	return Actor{ID: "[" + name + "]", Name: name, Role: SystemRole}
}

// IsSystem reports whether no person acts.
func (a Actor) IsSystem() bool { return a.Role == SystemRole }
