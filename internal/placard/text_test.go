package placard

import (
	"slices"
	"strings"
	"testing"

	"github.com/go-text/typesetting/shaping"
	"pgregory.net/rapid"

	"depesche/internal/lang"
)

func headlineStyle(l lang.Tag) style {
	return style{lang: l, voice: serif, most: 66, least: 34, lines: 4, width: 588, height: 380, headline: true}
}

// places tells where each letter of a line is seen: its index in the text, from left to right.
func places(l shaping.Line) []int {
	var out []int
	for _, run := range l {
		for _, g := range run.Glyphs {
			out = append(out, g.TextIndex())
		}
	}
	return out
}

// Each line is read from its side; what is written the other way within it, numbers and foreign names,
// keeps its own order.
func TestOrder(t *testing.T) {
	f := fonts(t)
	for _, c := range []struct {
		lang lang.Tag
		text string
		want []string // pieces as they are seen from left to right
	}{
		{"de", "Rat und Tat", []string{"Rat", "und", "Tat"}},
		{"ar", "بلغ 32 كرسيا", []string{"كرسيا", "32", "بلغ"}},
		{"he", "שולחן EU עגול", []string{"עגול", "EU", "שולחן"}},
		{"he", "(שלום)", []string{"שלום"}},
	} {
		st := headlineStyle(c.lang)
		st.width = 2000
		b, ok := f.set(c.text, st)
		if !ok || len(b.lines) != 1 {
			t.Fatalf("%s: %v, %d lines", c.text, ok, len(b.lines))
		}
		at := places(b.lines[0])
		last := -1
		for _, piece := range c.want {
			from := len([]rune(c.text[:strings.Index(c.text, piece)]))
			first := slices.IndexFunc(at, func(i int) bool { return i >= from && i < from+len([]rune(piece)) })
			if first <= last {
				t.Errorf("%s: %q isn't seen behind what stands left of it: %v", c.text, piece, at)
			}
			last = first
		}
		// Within a word, letters run the way of their script.
		first, second := slices.Index(at, 0), slices.Index(at, 1)
		if rtl := c.lang.Dir() == "rtl"; (first > second) != rtl {
			t.Errorf("%s: the first letter is seen at %d, the second at %d", c.text, first, second)
		}
	}
}

func TestLines(t *testing.T) {
	f := fonts(t)
	for l, text := range headlines {
		b, ok := f.set(text, headlineStyle(l))
		if !ok || b.cut || len(b.lines) < 2 || len(b.lines) > 4 || b.size < 40 {
			t.Errorf("%s: %v, %d lines of %v, cut %v", l, ok, len(b.lines), b.size, b.cut)
		}
	}
	// No sign that may not begin a line does, and words of Korean stay whole.
	for _, text := range []string{breakable("เก้าอี้โต๊ะ"), breakable("헌법 문제가")} {
		if text == strings.Map(func(r rune) rune {
			if r == 0x200b || r == 0x2060 {
				return -1
			}
			return r
		}, text) {
			t.Errorf("%q has no places", text)
		}
	}
	if got := breakable(" a\n\tb  c "); got != "a b c" {
		t.Errorf("%q", got)
	}
}

// However long, and in whatever scripts: no line leaves the column, no block its height, and no letter
// is lost without an ellipsis.
func TestEveryTextFits(t *testing.T) {
	f := fonts(t)
	tags := []lang.Tag{"de", "uk", "ar", "he", "hi", "th", "km", "vi"}
	word := rapid.OneOf(rapid.StringOfN(rapid.RuneFrom([]rune("aoeuiäßnrtdfłżЖїщ0123-:„“’")), 1, 24, -1),
		rapid.StringOfN(rapid.RuneFrom([]rune("ابتثجمنوي،")), 1, 14, -1), rapid.StringOfN(rapid.RuneFrom([]rune("אבגדהום")), 1, 14, -1),
		rapid.StringOfN(rapid.RuneFrom([]rune("กขเแโาิ")), 1, 30, -1))
	rapid.Check(t, func(t *rapid.T) {
		st := headlineStyle(rapid.SampledFrom(tags).Draw(t, "lang"))
		text := strings.Join(rapid.SliceOfN(word, 1, 40).Draw(t, "words"), " ")
		b, ok := f.set(text, st)
		if !ok {
			t.Fatalf("letters are missing from %q", text)
		}
		if len(b.lines) > st.lines || b.height() > st.height+1 {
			t.Fatalf("%d lines, %v high", len(b.lines), b.height())
		}
		shown := map[int]bool{}
		for _, l := range b.lines {
			if advance(l) > st.width+1 {
				t.Fatalf("a line of %v", advance(l))
			}
			for _, run := range l {
				for i := range run.Runes.Count {
					shown[run.Runes.Offset+i] = true
				}
			}
		}
		for i, r := range []rune(breakable(text)) {
			if !b.cut && !shown[i] && !unseen(r) {
				t.Fatalf("%q at %d is lost", r, i)
			}
		}
	})
}

func FuzzSet(f *testing.F) {
	fonts := fonts(f)
	for l, text := range headlines {
		f.Add(string(l), text)
	}
	f.Add("ar", "\u202e\u2067abc\u2069\u0301\u200d🇺🇦👩‍🚀")
	f.Fuzz(func(t *testing.T, tag, text string) {
		l, err := lang.Parse(tag)
		if err != nil || variety(l) != "" || len(text) > 2000 {
			return
		}
		b, ok := fonts.set(text, headlineStyle(l))
		if ok && (len(b.lines) > 4 || b.height() > 381) {
			t.Errorf("%d lines, %v high", len(b.lines), b.height())
		}
	})
}
