package register_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/lang"
	"depesche/internal/register"
)

func TestPropose(t *testing.T) {
	e := named(register.Person, "uk", "Володимир Зеленський", "ru", "Владимир Зеленский", "fr", "Volodymyr Zelensky")
	for to, want := range map[lang.Tag][]register.Proposal{
		"de": {{"Wolodymyr Selenskyj", lang.Duden, "uk"}, {"Wladimir Selenski", lang.Duden, "ru"}, {"Volodymyr Zelensky", "", "fr"}},
		"en": {{"Volodymyr Zelenskyi", lang.KMU2010, "uk"}, {"Vladimir Zelensky", lang.BGN, "ru"}, {"Volodymyr Zelensky", "", "fr"}},
		"uk": {{"Владімір Зеленський", lang.Pravopys, "ru"}},
		"he": nil,
	} {
		if diff := cmp.Diff(want, register.Propose(e, to)); diff != "" {
			t.Errorf("%s: %s", to, diff)
		}
	}
	if p := register.Propose(named(register.Term, "uk", "гривня"), "de"); p != nil {
		t.Errorf("a term: %v", p)
	}
}

func TestProposeGender(t *testing.T) {
	for _, tc := range []struct {
		l    lang.Tag
		k    register.Kind
		text string
		want register.Gender
	}{
		{"uk", "person", "Олена Коваленко", "f"}, {"uk", "person", "Микола Коваленко", "m"}, {"uk", "person", "Петро Порошенко", "m"},
		{"uk", "person", "Коваленко", ""}, {"uk", "body", "Верховна Рада України", "f"}, {"uk", "place", "Суми", "pl"}, {"uk", "place", "Рівне", "n"},
		{"uk", "body", "НАТО", ""}, {"uk", "place", "Київ", "m"}, {"ru", "place", "Москва", "f"}, {"ru", "place", "Сумы", "pl"}, {"pl", "body", "Unia Europejska", "f"},
		{"pl", "body", "Sąd Najwyższy", "m"}, {"de", "term", "Haushalt", ""}, {"uk", "term", "", ""},
	} {
		if got := register.ProposeGender(tc.l, tc.k, tc.text); got != tc.want {
			t.Errorf("%s %s: %q, want %q", tc.l, tc.text, got, tc.want)
		}
	}
	forms := register.ProposeForms("uk", register.Place, register.Word{Text: "Суми", Gender: register.Plural})
	if len(forms) < 4 || forms[0] == "Суми" || register.ProposeForms("uk", register.Place, register.Word{}) != nil {
		t.Error(forms)
	}
}
