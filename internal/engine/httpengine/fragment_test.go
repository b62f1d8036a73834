package httpengine

import (
	"html"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPieces(t *testing.T) {
	got := Pieces(`A &lt;b&gt; <a href="x?a=1&amp;b=>">link</a> &amp; 1 < 2<br/>`)
	want := []Piece{{Text: "A <b> "}, {Tag: `<a href="x?a=1&amp;b=>">`}, {Text: "link"}, {Tag: "</a>"}, {Text: " & 1 < 2"}, {Tag: "<br/>"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTagName(t *testing.T) {
	for tag, want := range map[string][3]any{
		`<a href="/x/">`: {"a", false, false}, "</STRONG>": {"strong", true, false}, "<br>": {"br", false, true}, "<img src=x />": {"img", false, true},
	} {
		name, closing, alone := TagName(tag)
		if got := [3]any{name, closing, alone}; got != want {
			t.Errorf("%s is %v, want %v", tag, got, want)
		}
	}
}

// fragments are balanced, as the house writes them.
func fragments() *rapid.Generator[string] {
	text := rapid.Map(rapid.StringN(0, 12, 40), func(s string) string { return escape.Replace(s) })
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		var write func(depth int)
		write = func(depth int) {
			for range rapid.IntRange(0, 3).Draw(t, "parts") {
				b.WriteString(text.Draw(t, "text"))
				if depth > 2 {
					continue
				}
				switch rapid.IntRange(0, 3).Draw(t, "tag") {
				case 0:
					b.WriteString(`<a href="https://example.org/?a=1&amp;b=2">`)
					write(depth + 1)
					b.WriteString("</a>")
				case 1:
					b.WriteString("<em>")
					write(depth + 1)
					b.WriteString("</em>")
				case 2:
					b.WriteString("<br/>")
				}
			}
		}
		write(0)
		return b.String()
	})
}

// Whether an engine loses every escape or none: what it sends back unchanged is the fragment.
func TestMaskIsUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		fragment := fragments().Draw(t, "fragment")
		m := Mask(fragment)
		if got := m.Unmask(m.HTML, false); got != fragment {
			t.Errorf("escapes kept: %q becomes %q by %q", fragment, got, m.HTML)
		}
		if got := m.Unmask(html.UnescapeString(m.HTML), true); got != fragment {
			t.Errorf("escapes lost: %q becomes %q by %q", fragment, got, m.HTML)
		}
	})
}

func TestUnmaskTakesNothingElseForATag(t *testing.T) {
	m := Mask(`<b>x0</b> &lt;b&gt; &lt;script&gt;`)
	got := m.Unmask(html.UnescapeString(m.HTML)+"<script>evil()</script><x00><img src=x onerror=y>", true)
	if want := `<b>x0</b> &lt;b&gt; &lt;script&gt;&lt;script&gt;evil()&lt;/script&gt;&lt;x00&gt;&lt;img src=x onerror=y&gt;`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzUnmask(f *testing.F) {
	f.Add(`<b>Закон</b> &amp; &lt;script&gt;`, `<x00>LAW</x00> & <script>`)
	f.Fuzz(func(t *testing.T, source, answer string) {
		allowed := map[string]bool{}
		for _, p := range Pieces(source) {
			allowed[p.Tag] = true
		}
		for _, unescaped := range []bool{true, false} {
			for _, p := range Pieces(Mask(source).Unmask(answer, unescaped)) {
				if !allowed[p.Tag] && p.Tag != "" {
					t.Errorf("%q came in through %q for %q", p.Tag, answer, source)
				}
			}
		}
	})
}
