package actor

import (
	"slices"

	"depesche/internal/lang"
)

// Role is what somebody does in the house.
type Role string

// The roles. A person has one.
const (
	Reporter    Role = "reporter"
	Translator  Role = "translator"
	Editor      Role = "editor"
	Chief       Role = "chief"
	Advertising Role = "advertising"
	Admin       Role = "admin"
)

// Roles are all roles a person can have, in the order in which screens list them.
var Roles = []Role{Reporter, Translator, Editor, Chief, Advertising, Admin}

// Valid reports whether a person can have the role.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Act is something that not everybody may do.
type Act string

// The acts. Write is on an original, Translate on an edition made from another.
const (
	Write          Act = "write"
	Translate      Act = "translate"
	Review         Act = "review" // approve, send back
	Publish        Act = "publish"
	Schedule       Act = "schedule"
	Correct        Act = "correct"
	Withdraw       Act = "withdraw"
	Republish      Act = "republish" // what was withdrawn
	Override       Act = "override"  // a warning of the checklist
	EditPictures   Act = "edit_pictures"
	DeletePictures Act = "delete_pictures"
	EditTopics     Act = "edit_topics"
	EditRegister   Act = "edit_register"
	ProposeTerms   Act = "propose_terms" // names and terms for the register
	EditAuthors    Act = "edit_authors"
	EditSections   Act = "edit_sections"
	EditPages      Act = "edit_pages"
	EditRedirects  Act = "edit_redirects"
	EditStaff      Act = "edit_staff"
	EditSettings   Act = "edit_settings"
	SeeAudit       Act = "see_audit"
)

// Scope is where the act happens. Empty Lang or Section means that the act has none, or that the
// question is whether the actor may do it anywhere. Own says that the story is the actor's own. Entry says
// that it is an entry of a running story, Open that reporters and translators send those out themselves.
type Scope struct {
	Lang        lang.Tag
	Section     string
	Own         bool
	Entry, Open bool
}

// limited are the acts that the limits of a person on languages and sections hold for. The others
// concern the house as a whole.
var limited = map[Act]bool{
	Write: true, Translate: true, Review: true, Publish: true, Schedule: true, Correct: true,
	Withdraw: true, Republish: true, Override: true,
}

// table says which role may do what. Admin and the system may do everything: in a small house the
// administrator is the only one there is.
var table = map[Role][]Act{
	Reporter:    {Write, Translate, EditPictures, ProposeTerms},
	Translator:  {Translate, EditPictures, ProposeTerms},
	Editor:      {Write, Translate, Review, Publish, Schedule, Correct, Override, EditPictures, DeletePictures, EditTopics, EditRegister, ProposeTerms, EditAuthors},
	Chief:       {Write, Translate, Review, Publish, Schedule, Correct, Withdraw, Republish, Override, EditPictures, DeletePictures, EditTopics, EditRegister, ProposeTerms, EditAuthors, EditSections, EditPages, EditRedirects, SeeAudit},
	Advertising: {EditPictures},
}

// inEntries is what a role may do besides to the entries of a running story: what is wrong there is taken
// away by the one who sees it.
var inEntries = map[Role][]Act{Editor: {Withdraw}}

// inOpen is what a role may do besides where reporters and translators send entries out themselves.
var inOpen = map[Role][]Act{
	Reporter:   {Publish, Review, Correct, Override},
	Translator: {Publish, Review, Correct, Override},
}

// mayRole reports whether the role may do act in scope, without its limits.
func mayRole(role Role, act Act, scope Scope) bool {
	switch {
	case role == Admin || slices.Contains(table[role], act):
		return true
	case scope.Entry && slices.Contains(inEntries[role], act):
		return true
	case !scope.Open:
		return false
	}
	return slices.Contains(inOpen[role], act) || act == Withdraw && scope.Own && role == Reporter
}

// May reports whether a may do act in scope. A story of one's own stays one's own when it moves to
// a section that one may not write for; its language's limit holds all the same.
func May(a Actor, act Act, scope Scope) bool {
	role := Role(a.Role)
	if a.IsSystem() {
		return true
	}
	if !mayRole(role, act, scope) {
		return false
	}
	if !limited[act] {
		return true
	}
	if scope.Lang != "" && len(a.Langs) > 0 && !slices.Contains(a.Langs, scope.Lang) {
		return false
	}
	return scope.Section == "" || scope.Own || len(a.Sections) == 0 || slices.Contains(a.Sections, scope.Section)
}
