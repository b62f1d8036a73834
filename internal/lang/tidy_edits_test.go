package lang

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTidyEdits(t *testing.T) {
	got := Tag("de").TidyEdits(`Er sagt "ja" - 5 Uhr...`)
	want := []Edit{{8, 9, "„"}, {11, 14, "“\u00a0–"}, {16, 17, "\u00a0"}, {20, 23, "…"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := Tag("de").TidyEdits("Alles gut."); got != nil {
		t.Errorf("%v", got)
	}
}

func TestTidyRuns(t *testing.T) {
	for _, tt := range []struct {
		lang Tag
		runs string // parted by |
		want string
	}{
		{"de", `Er sagte: "|wichtig|" und ging`, "Er sagte: „|wichtig|“ und ging"},
		{"de", `Er sagte: |"wichtig"| - und ging`, "Er sagte: |„wichtig“|~– und ging"},
		{"de", `5| |Uhr`, "5|~|Uhr"},
		{"fr", `Il dit "|oui|"!`, "Il dit «^|oui|^»^!"},
		{"fr", `Quoi|?`, "Quoi^|?"},
		{"uk", `Київ| -| столиця`, "Київ|~—| столиця"},
		{"uk", `|в |Києві|`, "|в~|Києві|"},
		{"de", `Warte..|. so`, "Warte…| so"},
	} {
		got := shown.Replace(strings.Join(tt.lang.TidyRuns(strings.Split(tt.runs, "|")), "|"))
		if got != tt.want {
			t.Errorf("%s %s:\n got %s\nwant %s", tt.lang, tt.runs, got, tt.want)
		}
	}
}

func TestTidyRunsIsTidy(t *testing.T) {
	bits := []string{`"`, "'", "-", "--", "...", " ", " ", "Wort", "слово", "12", "%", "?", "!", "Uhr", ".", ":", "\u00a0"}
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(setters).Draw(t, "lang")
		runs := rapid.SliceOfN(rapid.Map(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 4), func(b []string) string { return strings.Join(b, "") }), 1, 5).Draw(t, "runs")
		got := l.TidyRuns(runs)
		if len(got) != len(runs) {
			t.Fatalf("%d runs, want %d", len(got), len(runs))
		}
		if want := l.Tidy(strings.Join(runs, "")); strings.Join(got, "") != want {
			t.Errorf("%q: %q, want %q", runs, got, want)
		}
		for i := range runs {
			if anchors(runs[i]) != anchors(got[i]) {
				t.Errorf("run %d of %q: letters moved: %q", i, runs, got)
			}
		}
	})
}
