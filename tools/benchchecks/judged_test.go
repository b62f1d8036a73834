package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
)

func TestVerdicts(t *testing.T) {
	v, err := readVerdicts("# a remark\nuk-ru\t7\tnegation_lost\ttrue\tdenied on one side only\nuk-ru\t8\tnegation_lost\tfalse\tan antonym\nen-de\t7\tquote_unclosed\ttrue\tnever closed\n")
	if err != nil {
		t.Fatal(err)
	}
	p := pair{"uk", "ru"}
	type answer struct{ known, right bool }
	for _, c := range []struct {
		what        string
		code        string
		line, lines int
		want        answer
	}{
		{"a true alarm", "negation_lost", 7, 1, answer{true, true}},
		{"a false one", "negation_lost", 8, 1, answer{true, false}},
		{"one that nobody judged", "negation_lost", 9, 1, answer{}},
		{"another code", "quote_unclosed", 7, 1, answer{}},
		{"a paragraph that holds both", "negation_lost", 6, 3, answer{true, true}},
		{"a paragraph behind them", "negation_lost", 9, 3, answer{}},
	} {
		known, right := v.of(p, c.code, c.line, c.lines)
		if diff := cmp.Diff(c.want, answer{known, right}, cmp.AllowUnexported(answer{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
	news := []article{{first: 1, lines: make([]map[string]string, 10)}}
	if got := v.stale(news, []pair{p}); got != nil {
		t.Errorf("verdicts that were used, or are of a pair that wasn't looked at, are called stale: %v", got)
	}
	if diff := cmp.Diff([]string{"en-de\t7\tquote_unclosed"}, v.stale(news, pairs())); diff != "" {
		t.Errorf("a verdict without an alarm isn't called stale (-want +got):\n%s", diff)
	}
	if got := v.stale([]article{{first: 11, lines: make([]map[string]string, 5)}}, pairs()); got != nil {
		t.Errorf("verdicts over lines that weren't looked at are called stale: %v", got)
	}
}

func TestVerdictsRefused(t *testing.T) {
	for _, bad := range []string{"uk-ru\t7\tx\ttrue\n", "uk-ru\tseven\tx\ttrue\twhy\n", "uk-ru\t7\tx\tperhaps\twhy\n", "uk-ru\t7\tx\ttrue\twhy\nuk-ru\t7\tx\tfalse\twhy\n"} {
		if _, err := readVerdicts(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestVerdictsOfTheRepository(t *testing.T) {
	if _, err := readVerdicts(judgedTSV); err != nil {
		t.Error(err)
	}
}

func TestLineAt(t *testing.T) {
	a := article{first: 20, lines: []map[string]string{{"en": "One"}, {"en": "Two."}, {"en": "Three."}, {"en": "Four."}, {"en": "Five."}}}
	for _, by := range []int{1, 3} {
		d := a.document("en", by)
		for _, s := range document.Segments(d) {
			line := a.lineAt(s.Address)
			want := a.lines[line-a.first]["en"]
			if got := s.Text.Plain(); len(got) < len(want) || got[:len(want)] != want {
				t.Errorf("by %d: %s is said to begin with line %d, %q, and is %q", by, s.Address, line, want, got)
			}
		}
	}
}
