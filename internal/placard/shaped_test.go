package placard

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"

	"depesche/internal/lang"
)

// Letters join, change and sit as HarfBuzz, which browsers use, has them: testdata/shaped.json was written by
// its hb-shape, in units of the font.
func TestShapedAsBrowsersDo(t *testing.T) {
	raw, err := os.ReadFile("testdata/shaped.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Font, Text string
		Lang       lang.Tag
		Glyphs     [][4]int
	}
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	f := fonts(t)
	seen := map[string]bool{}
	for _, c := range cases {
		seen[c.Font] = true
		face := f.face(c.Font)
		runes := []rune(c.Text)
		out := f.shaper.Shape(shaping.Input{
			Text: runes, RunEnd: len(runes), Direction: direction(c.Lang), Face: face,
			Size: fixed.I(int(face.Upem())), Script: scriptOf(runes), Language: language.NewLanguage(string(c.Lang)),
		})
		var got [][4]int
		for _, g := range out.Glyphs {
			got = append(got, [4]int{int(g.GlyphID), g.XOffset.Round(), g.YOffset.Round(), g.Advance.Round()})
		}
		if !slices.Equal(got, c.Glyphs) {
			t.Errorf("%s, %s: %s\n got %v\nwant %v", c.Font, c.Lang, c.Text, got, c.Glyphs)
		}
	}
	for _, name := range all {
		if !seen[name] {
			t.Errorf("%s isn't tried", name)
		}
	}
}

// scriptOf is the script of the first letter that has one.
func scriptOf(runes []rune) language.Script {
	for _, r := range runes {
		if s := language.LookupScript(r); s != language.Common && s != language.Inherited {
			return s
		}
	}
	return language.Common
}
