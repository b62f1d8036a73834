package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawInline draws texts of the letters that Markdown stumbles over.
func drawInline(t *rapid.T) Inline {
	marks := []Mark{
		{Type: SourceRef, Source: "s1"}, {Type: StoryLink, Story: "01abc"}, {Type: Link, Href: "https://example.org/a(b)?c=1&d=2"},
		{Type: Foreign, Lang: "fr"}, {Type: Strong}, {Type: Emphasis},
	}
	var in Inline
	for range rapid.IntRange(0, 5).Draw(t, "spans") {
		s := Span{Text: rapid.StringOf(rapid.SampledFrom([]rune("ab1 .*_[]()<>&;\\`#-+=:|~!„“é\n\u00a0—0💡"))).Draw(t, "text")}
		for _, m := range marks {
			if rapid.IntRange(0, 3).Draw(t, "mark") == 0 && (m.Type != Link || !hasMark(s.Marks, StoryLink)) {
				s.Marks = append(s.Marks, m)
			}
		}
		in = append(in, s)
	}
	return in.Normal()
}

func TestInlineMarkdownRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInline(t)
		src := InlineMarkdown(in)
		back, err := ParseInlineMarkdown(src)
		if err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		if d := cmp.Diff(in, back); d != "" {
			t.Fatalf("%q:\n%s", src, d)
		}
	})
}

func TestInlineMarkdownReads(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Das *ist* **es**.", "Das *ist* **es**."},
		{"[laut „Le Monde“](source:s1) gering", "[laut „Le Monde“](source:s1) gering"},
		{"ein Satz\nin zwei Zeilen", "ein Satz in zwei Zeilen"},
		{"1. Oktober", `1\. Oktober`},
		{"a < b & c", `a \< b \& c`},
		{"![kein Bild](media:x)", `\!kein Bild`},
		{"<b>roh</b>", `\<b\>roh\</b\>`},
	} {
		in, err := ParseInlineMarkdown(c.in)
		if err != nil {
			t.Fatalf("%q: %v", c.in, err)
		}
		if got := InlineMarkdown(in); got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
}

func TestInlineMarkdownRefusesUnsafeLinks(t *testing.T) {
	_, err := ParseInlineMarkdown("gut\n[klick](javascript:alert(1))")
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Fatalf("got %v", err)
	}
}
