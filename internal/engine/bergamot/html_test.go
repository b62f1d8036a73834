package bergamot

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

func TestWellFormed(t *testing.T) {
	for s, text := range map[string]string{
		"":                                 "",
		"Plain, with ümlauts.":             "Plain, with ümlauts.",
		"a <b>b</b> c":                     "a b c",
		`<a href="/x?a=1">b</a>`:           "b",
		`<a id="1"><em>b</em></a>`:         "b",
		"a<br>b<br/>c":                     "abc",
		"a &amp; b &#39;&#x27;":            "a   b   ",
		`<img src="a.png" alt="">`:         "",
		"<b\nclass=\"x\">a</b>":            "a",
		"a > b":                            "a > b",
		`<span data-u="1" hidden>a</span>`: "a",
	} {
		if got, err := wellFormed(s); err != nil || got != text {
			t.Errorf("%q: %q %v", s, got, err)
		}
	}
	for _, s := range []string{
		"<b>a", "a</b>", "<b>a</i>", "<b><i>a</b></i>", "a < b", "a & b", "&;", "&#;", "&#x;", "&#12345678;", "&amp", "<", "<b", "<b ", "</b", "<1>", "<>", "</>",
		"<!-- a -->", "<!doctype html>", "<?a?>", "<![CDATA[a]]>", "<script>a</script>", "<style>a</style>", "<svg></svg>", "<b/>", "</br>", "</b a>",
		"<a href=x>a</a>", "<a href='x'>a</a>", `<a href="x>a</a>`, `<a href="x"b>a</a>`, `<a href="<">a</a>`, "<B>a</B>", "<b>a</b\x00>",
	} {
		if _, err := wellFormed(s); err == nil {
			t.Errorf("%q is taken", s)
		}
	}
}

// fragment draws a well-formed fragment.
func fragment(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var b strings.Builder
		for range rapid.IntRange(0, 4).Draw(t, "n") {
			kind := rapid.IntRange(0, 4).Draw(t, "kind")
			switch {
			case kind == 0:
				b.WriteString(rapid.SampledFrom([]string{"&amp;", "&lt;", "&nbsp;", "&#8222;", "<br>", "<br/>", `<img src="x" alt="y">`}).Draw(t, "piece"))
			case kind == 1 && depth > 0:
				e := rapid.SampledFrom([]string{"b", "i", "em", "a", "span", "code", "q", "sup", "p", "li"}).Draw(t, "element")
				b.WriteString("<" + e + rapid.SampledFrom([]string{"", ` id="1"`, ` href="/a?b=c&amp;d=e" hidden`}).Draw(t, "attributes") + ">")
				b.WriteString(fragment(depth-1).Draw(t, "inner") + "</" + e + ">")
			default:
				b.WriteString(rapid.SampledFrom([]string{"One sentence. ", "Слово ", " ", "\n", "12 %", "🙂", "z.B. ", "»quoted«", "?!", "\u00a0", "a>b"}).Draw(t, "text"))
			}
		}
		return b.String()
	})
}

func TestWellFormedTakesFragments(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := fragment(3).Draw(t, "s")
		if _, err := wellFormed(s); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
	})
}

// FuzzWellFormed: what is taken is balanced for a browser's reader, too.
func FuzzWellFormed(f *testing.F) {
	for _, s := range []string{"a <b>b</b>", `<a href="x">a<br/></a> &amp;`, "</b>", "<b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, err := wellFormed(s)
		if err != nil {
			return
		}
		if len(text) > len(s) {
			t.Errorf("%q became %q", s, text)
		}
		var open []string
		for z := html.NewTokenizer(strings.NewReader(s)); ; {
			switch z.Next() {
			case html.ErrorToken:
				if len(open) > 0 {
					t.Errorf("%q leaves %v open", s, open)
				}
				return
			case html.StartTagToken:
				if name := z.Token().Data; !slices.Contains(void, name) {
					open = append(open, name)
				}
			case html.EndTagToken:
				if name := z.Token().Data; len(open) == 0 || open[len(open)-1] != name {
					t.Errorf("%q closes %s, open are %v", s, name, open)
				} else {
					open = open[:len(open)-1]
				}
			case html.CommentToken, html.DoctypeToken:
				t.Errorf("%q has a comment", s)
			}
		}
	})
}
