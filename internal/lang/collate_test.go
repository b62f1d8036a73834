package lang

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSort(t *testing.T) {
	for _, tt := range []struct {
		lang Tag
		want string
	}{
		{"de", "Ahrens Äpfel Apfelmus Bär Müller Zebra"},
		{"sv", "Apfel Zebra Åberg Äpfel Öl"},
		{"uk", "Андрій Єва Зоя Иван Іван Їжак Яна"},
		{"uk", "газ ґанок дача"},
		{"pl", "Adam Ćwik Dom Łódź Mama"},
		{"cs", "cena čas duha hora chata jaro"},
		{"tr", "cam çay ısı iğne şal"},
		{"en", "10 apples Zebra"},
		{"de", "Teil 2 Teil 10"},
	} {
		want := strings.Fields(tt.want)
		if tt.want == "Teil 2 Teil 10" {
			want = []string{"Teil 2", "Teil 10"}
		}
		got := slices.Clone(want)
		slices.Reverse(got)
		tt.lang.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", tt.lang, diff)
		}
		for i := 1; i < len(want); i++ {
			if tt.lang.Compare(want[i-1], want[i]) >= 0 {
				t.Errorf("%s: %s doesn't stand before %s", tt.lang, want[i-1], want[i])
			}
			if bytes.Compare(tt.lang.CollateKey(want[i-1]), tt.lang.CollateKey(want[i])) >= 0 {
				t.Errorf("%s: the key of %s isn't below that of %s", tt.lang, want[i-1], want[i])
			}
		}
	}
}

func TestSortByKeepsEqualOnes(t *testing.T) {
	type person struct {
		name string
		n    int
	}
	people := []person{{"Öl", 1}, {"Al", 2}, {"Öl", 3}}
	SortBy("de", people, func(p person) string { return p.name })
	if people[0].n != 2 || people[1].n != 1 || people[2].n != 3 {
		t.Errorf("%v", people)
	}
}
