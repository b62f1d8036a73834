package entry_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"depesche/internal/entry"
	"depesche/internal/problem"
)

func TestLine(t *testing.T) {
	for _, tc := range []struct{ name, in, want, key string }{
		{"trims", "  Der Rat \t", "Der Rat", ""},
		{"trims what only looks like nothing", "\ufeff\u00a0Rat\u2003", "Rat", ""},
		{"one form of a letter", "Mu\u0308nchen", "München", ""},
		{"keeps zero-width joiners", "नमस्\u200dते 👩\u200d👩\u200d👦", "नमस्\u200dते 👩\u200d👩\u200d👦", ""},
		{"empty", "   ", "", ""},
		{"null", "a\x00b", "a\x00b", entry.Characters},
		{"bell", "a\ab", "a\ab", entry.Characters},
		{"line break", "a\nb", "a\nb", entry.Characters},
		{"line separator", "a\u2028b", "a\u2028b", entry.Characters},
		{"no character", "a\ufffeb", "a\ufffeb", entry.Characters},
		{"broken bytes", "a\xffb", "a\xffb", entry.Characters},
		{"long", strings.Repeat("ж", 201), strings.Repeat("ж", 201), entry.TooLong},
		{"as long as may be", strings.Repeat("𝒳", 200), strings.Repeat("𝒳", 200), ""},
		{"megabytes", strings.Repeat("x", 5<<20), strings.Repeat("x", 64<<10), entry.TooLong},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var f problem.Fields
			got := entry.Line(&f, "name", tc.in, entry.Name)
			if got != tc.want || keyOf(&f) != tc.key {
				t.Errorf("%.40q with %q, want %.40q with %q", got, keyOf(&f), tc.want, tc.key)
			}
		})
	}
}

func keyOf(f *problem.Fields) string {
	for _, x := range problem.FieldsOf(f.Err()) {
		return x.Key
	}
	return ""
}

func TestLinesKeepBreaks(t *testing.T) {
	var f problem.Fields
	if got := entry.Lines(&f, "about", "a\r\n\tb\n", entry.Note); got != "a\n\tb" || f.Err() != nil {
		t.Errorf("%q, %v", got, f.Err())
	}
}

func TestMustSeesNothing(t *testing.T) {
	for _, in := range []string{"", " ", "\u200b", "\u202e\u2066", "\u3164", "\u2800", "\u00ad"} {
		var f problem.Fields
		entry.Must(&f, "name", in, entry.Name)
		if keyOf(&f) != entry.Required {
			t.Errorf("%+q passes as a name", in)
		}
	}
}

func TestSlug(t *testing.T) {
	for _, tc := range []struct{ in, title, want, key string }{
		{"politik", "", "politik", ""},
		{"", "Wirtschaft & Geld", "wirtschaft-geld", ""},
		{"", "政治", "s-1", ""},
		{"政治", "", "政治", ""},
		{"سياسة", "", "سياسة", ""},
		{"2024", "", "2024", entry.Digits},
		{"٢٠٢٤", "", "٢٠٢٤", entry.Digits},
		{"Politik", "", "Politik", entry.BadSlug},
		{"a/b", "", "a/b", entry.BadSlug},
		{"a--b", "", "a--b", entry.BadSlug},
		{"-a", "", "-a", entry.BadSlug},
		{"..", "", "..", entry.BadSlug},
		{"a?b", "", "a?b", entry.BadSlug},
		{"topic", "", "topic", entry.Reserved},
		{"", "Topic", "s-1", ""},
		{strings.Repeat("a", 81), "", strings.Repeat("a", 81), entry.TooLong},
	} {
		var f problem.Fields
		got := entry.Slug(&f, "slug", tc.in, "de", tc.title, "s-1", "topic")
		if got != tc.want || keyOf(&f) != tc.key {
			t.Errorf("%q of %q: %q with %q, want %q with %q", tc.in, tc.title, got, keyOf(&f), tc.want, tc.key)
		}
	}
}

func TestEmail(t *testing.T) {
	for in, ok := range map[string]bool{
		" Anna@Example.ORG ": true, "a+b@example.org": true, "анна@приклад.укр": true,
		"anna": false, "anna@": false, "Anna <anna@example.org>": false, "a@b\nBcc: c@d": false, "": false,
		"a b@example.org": false, `"a"@example.org`: false,
	} {
		var f problem.Fields
		got := entry.Email(&f, "email", in)
		if (f.Err() == nil) != ok {
			t.Errorf("%q: %v", in, f.Err())
		}
		if ok && got != strings.ToLower(strings.TrimSpace(in)) {
			t.Errorf("%q became %q", in, got)
		}
	}
}

func TestFolded(t *testing.T) {
	for _, pair := range [][2]string{{"Élysée", "elysee"}, {"  Der  RAT ", "der rat"}, {"ﬁn", "fin"}, {"Київ!", "київ"}, {"GROSSE", "Große"}, {"ΟΔΟΣ", "οδός"}, {"ℌello", "hello"}} {
		if a, b := entry.Folded(pair[0]), entry.Folded(pair[1]); a != b {
			t.Errorf("%q is %q, %q is %q", pair[0], a, pair[1], b)
		}
	}
}

// Whatever is typed is either stored as typed (trimmed, in NFC) or complained about.
func TestNastyStrings(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/nasty/blns.json")
	if err != nil {
		t.Skip("needs shared/data/nasty")
	}
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		check(t, s)
	}
}

func FuzzLine(f *testing.F) {
	f.Add("Der Rat\u0308 \x00")
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}

func check(t *testing.T, s string) {
	t.Helper()
	var f problem.Fields
	got := entry.Line(&f, "name", s, entry.Name)
	if f.Err() != nil {
		return
	}
	want := norm.NFC.String(strings.Trim(s, " \t\n\v\f\r\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"))
	if got != want || !utf8.ValidString(got) {
		t.Errorf("%+q became %+q", s, got)
	}
	if again := entry.Line(&f, "name", got, entry.Name); again != got || f.Err() != nil {
		t.Errorf("%+q is not stable: %+q, %v", got, again, f.Err())
	}
}
