package desk

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depesche/internal/document"
)

func TestSpotted(t *testing.T) {
	in, err := document.ParseInlineMarkdown(`Es waren [1077 Bäume](source:s1), 😀 12.`)
	if err != nil {
		t.Fatal(err)
	}
	text := in.Plain()
	spots := []spot{{From: 9, To: 13, Kind: spotBad, Title: "differs"}, {From: strings.Index(text, "Bäume"), To: len(text) - len(" 😀 12.") - 1, Kind: spotTerm, Title: "tree"}}
	twelve, ok := findSpot(text, "12", "here")
	if !ok {
		t.Fatal("12 isn't found")
	}
	spots = append(spots, twelve)
	want := []part{
		{Text: "Es waren "}, {Text: "1077", Class: "claim number bad", Title: "differs"}, {Text: " ", Class: "claim"},
		{Text: "Bäume", Class: "claim term", Title: "tree"}, {Text: ", 😀 "}, {Text: "12", Class: "miss", Title: "here"}, {Text: "."},
	}
	if diff := cmp.Diff(want, spotted(in, spots)); diff != "" {
		t.Error(diff)
	}
	units := utf16.Encode([]rune(text))
	var said []string
	for _, s := range spotsJSON(text, spots) {
		said = append(said, string(utf16.Decode(units[s.From:s.To])))
	}
	if diff := cmp.Diff([]string{"1077", "Bäume", "12"}, said); diff != "" {
		t.Error(diff)
	}
}

func TestFindSpotPrefersWords(t *testing.T) {
	for _, c := range []struct {
		text, piece string
		at          int
	}{{"2024 waren 20 da", "20", 11}, {"2024", "20", 0}, {"nichts", "20", -1}, {"x", "", -1}} {
		s, ok := findSpot(c.text, c.piece, "")
		if ok != (c.at >= 0) || ok && s.From != c.at {
			t.Errorf("%q in %q: %d, %v", c.piece, c.text, s.From, ok)
		}
	}
}

// The pieces always make the whole text, whatever the spots are.
func TestSpottedLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var in document.Inline
		for _, text := range rapid.SliceOfN(rapid.StringN(1, 8, -1), 0, 4).Draw(t, "spans") {
			in = append(in, document.Span{Text: text})
		}
		text := in.Plain()
		var spots []spot
		for range rapid.IntRange(0, 4).Draw(t, "spots") {
			from := rapid.IntRange(0, len(text)).Draw(t, "from")
			spots = append(spots, spot{From: from, To: rapid.IntRange(from, len(text)).Draw(t, "to"), Kind: spotNumber})
		}
		var b strings.Builder
		for _, p := range spotted(in, spots) {
			b.WriteString(p.Text)
		}
		if b.String() != text {
			t.Fatalf("%q became %q", text, b.String())
		}
	})
}

func TestDiffSpots(t *testing.T) {
	ops := document.DiffWords("drei Beamte kamen", "vier Beamte kamen heute")
	then, now := diffSpots(ops)
	cut := func(text string, spots []spot) (out []string) {
		for _, s := range spots {
			out = append(out, strings.TrimSpace(text[s.From:s.To]))
		}
		return out
	}
	if diff := cmp.Diff([]string{"drei"}, cut("drei Beamte kamen", then)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"vier", "heute"}, cut("vier Beamte kamen heute", now)); diff != "" {
		t.Error(diff)
	}
}
