// Package people is the staff with their accounts, roles and sessions, and the authors that stand
// in by-lines. What a role may do stands in [actor.May].
package people

import (
	"time"

	"depesche/internal/actor"
	"depesche/internal/lang"
)

// StaffID names an account for ever, AuthorID a by-line.
type (
	StaffID  string
	AuthorID string
)

// The words for roles and rights are the whole house's and stand in package actor.
type (
	Role  = actor.Role
	Act   = actor.Act
	Scope = actor.Scope
)

// Staff is somebody who works here and can sign in.
type Staff struct {
	ID    StaffID
	Name  string
	Email string // lower case
	Role  Role
	// Langs and Sections limit where the role counts; empty means everywhere.
	Langs    []lang.Tag
	Sections []string
	UILang   lang.Tag
	Active   bool
	// HasPassword is false until one was set: who has none can't sign in.
	HasPassword      bool
	Version          int64
	Created, Updated time.Time
}

// Actor returns the person as one who acts.
func (s Staff) Actor() actor.Actor {
	return actor.Actor{ID: string(s.ID), Name: s.Name, Role: string(s.Role), Langs: s.Langs, Sections: s.Sections, UILang: s.UILang}
}

// NewStaff is an account to make. An empty Password makes one that can't sign in yet.
type NewStaff struct {
	Name, Email string
	Role        Role
	Langs       []lang.Tag
	Sections    []string
	UILang      lang.Tag
	Password    string
}

// Client is who knocks at the door: the browser as it calls itself, what it is counted by (its
// address, or the network that a household gets), and what [Service.Known] once gave it.
type Client struct{ Agent, Address, Known string }

// Session is somebody being signed in with one browser.
type Session struct {
	// ID is safe to show: the browser's token can't be found from it.
	ID                     string
	Staff                  StaffID
	Agent                  string
	Created, Seen, Expires time.Time
}

// Author is who stands in a by-line. Staff may be authors; agencies and guests are authors only.
type Author struct {
	ID      AuthorID
	StaffID StaffID // or empty
	Kind    Kind    // "" is saved as Person
	Active  bool
	Version int64
	Created time.Time
	Names   map[lang.Tag]AuthorName
}

// Kind says whose a by-line is.
type Kind string

// The kinds.
const (
	Person       Kind = "person"
	Organisation Kind = "organisation" // an editorial team, an agency
)

// Kinds are all kinds, in the order in which screens list them.
var Kinds = []Kind{Person, Organisation}

// AuthorName is the author in one language.
type AuthorName struct{ Name, Slug, About string }
