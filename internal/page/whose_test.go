package page

import (
	"testing"

	"depesche/internal/people"
)

// Machines are told what the records say, and never that a desk is a person.
func TestWhoseByLine(t *testing.T) {
	s := sampleSite(testPages(t), "de")
	for _, a := range sampleAuthors() {
		want := map[people.Kind]string{people.Person: "Person", people.Organisation: "Organization"}[a.Kind]
		if got := s.person(a); got.Type != want || want == "" {
			t.Errorf("%s: %+v", a.ID, got)
		}
	}
	f := sampleFacts("de")
	f.Edition.Translator = "Redaktion Deutsch"
	for kind, want := range map[people.Kind]string{people.Person: "schema:Person", people.Organisation: "Organization"} {
		f.translator = kind
		var a ldArticle
		if s.translated(&a, f); a.Translator == nil || a.Translator.Type != want {
			t.Errorf("%s: %+v", kind, a.Translator)
		}
	}
}
