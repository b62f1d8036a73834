package translate

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b      string
		edits, of int
	}{
		{"", "", 0, 0}, {"a b c", "a b c", 0, 3}, {"a b c", "a x c", 1, 3}, {"a c", "a b c", 1, 3}, {"a b c", "", 3, 0},
		{"Der Rat tagt.", "Der Rat, der tagt.", 2, 6}, {"理事会", "理事 会", 0, 3}, {"Rat", "rat", 1, 1},
	} {
		if edits, of := distance(tc.a, tc.b); edits != tc.edits || of != tc.of {
			t.Errorf("%q, %q: %d of %d, want %d of %d", tc.a, tc.b, edits, of, tc.edits, tc.of)
		}
	}
}

func TestDistanceIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([ab]{1,2} ){0,8}`)
		a, b, c := text.Draw(t, "a"), text.Draw(t, "b"), text.Draw(t, "c")
		ab, n := distance(a, b)
		ba, m := distance(b, a)
		ac, _ := distance(a, c)
		bc, _ := distance(b, c)
		if ab != ba || ac > ab+bc || ab > max(n, m) || ab == 0 && n != m {
			t.Errorf("%q %q %q: %d %d %d %d", a, b, c, ab, ba, ac, bc)
		}
	})
}
