package desk

import (
	"strings"
	"testing"
)

// TestNeedsTakeTurns: many of one kind don't hide that there is another.
func TestNeedsTakeTurns(t *testing.T) {
	list := func(of string) (out []need) {
		for _, what := range strings.Fields(of) {
			out = append(out, need{What: what})
		}
		return out
	}
	for _, c := range []struct{ wrong, review, stale, want string }{
		{"", "", "", ""},
		{"w1 w2 w3 w4", "", "", "w1 w2 w3"},
		{"w1 w2 w3 w4", "r1", "", "w1 w2 r1"},
		{"w1 w2 w3 w4", "r1 r2", "s1 s2", "w1 r1 s1"},
		{"", "r1", "s1 s2 s3", "r1 s1 s2"},
		{"", "r1 r2 r3 r4", "s1", "r1 r2 s1"},
		{"w1", "", "", "w1"},
	} {
		var got []string
		for _, n := range turns(needsShown, list(c.wrong), list(c.review), list(c.stale)) {
			got = append(got, n.What)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("of %q, %q and %q are shown %q, want %q", c.wrong, c.review, c.stale, s, c.want)
		}
	}
}
