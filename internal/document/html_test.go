package document

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/lang"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	must(t, cmp.Diff(string(read(t, file)), got), "%s", file)
}

// rich resolves everything.
func rich(l lang.Tag) HTMLOptions {
	return HTMLOptions{
		Lang: l,
		Picture: func(p Picture) (PictureHTML, bool) {
			img := PictureHTML{Src: "/media/" + p.Media + "/800.jpg", Srcset: "/media/" + p.Media + "/400.jpg 400w, /media/" + p.Media + "/800.jpg 800w",
				WebP: "/media/" + p.Media + "/400.webp 400w", AVIF: "/media/" + p.Media + "/400.avif 400w", Sizes: "100vw", Width: 800, Height: 533, Class: "x5 y5", Alt: p.Alt}
			if p.Credit != "" {
				img.Credit = "Foto: " + p.Credit
			}
			return img, true
		},
		Story:  func(id string) (string, bool) { return "/de/7/" + id, id != "gone" },
		Source: func(id string) (string, string, bool) { return "#source-" + id, "Le Monde", true },
		Frame: func(url string) (string, bool) {
			return strings.Replace(url, "watch?v=", "embed/", 1), strings.Contains(url, "youtube.com")
		},
		Words: HTMLWords{Load: "Von {host} laden", Table: "Tabelle", FactBox: "Hintergrund", Original: func(l string) string { return "Im Original (" + l + "):" }},
	}
}

func TestHTMLGolden(t *testing.T) {
	d := sample(t, "valid_article.json")
	for _, name := range []string{"valid_pictures.json", "valid_table.json", "valid_lists.json", "valid_embed.json", "valid_marks.json", "valid_scripts.json", "valid_linebreaks.json"} {
		d.Blocks = append(d.Blocks, sample(t, name).Blocks...)
	}
	o := rich("de")
	o.Eager, o.EndMark = 6, true
	golden(t, "article.html", string(HTML(d, o)))
	o.Feed, o.Base = true, "https://meridian.example/de/7/nato"
	golden(t, "feed.html", string(HTML(d, o)))
	golden(t, "bare.html", string(HTML(d, HTMLOptions{Lang: "de"})))
}

func TestWriteHTMLWritesWhatHTMLReturns(t *testing.T) {
	d, o := sample(t, "valid_article.json"), rich("uk")
	var buf bytes.Buffer
	if err := WriteHTML(&buf, d, o); err != nil || buf.String() != string(HTML(d, o)) {
		t.Fatal(err)
	}
}

func TestQuotationShowsOriginalWordingInItsLanguage(t *testing.T) {
	d := Doc{Blocks: []Block{{ID: "q", Kind: Quotation, Text: Text("Wir geben nicht auf."), Original: "Ми не здаємося.", OriginalLang: "uk"}}}
	for _, tc := range []struct {
		lang         lang.Tag
		want, absent string
	}{
		{"uk", "<p>Ми не здаємося.</p>", "Wir"},
		{"de", `<p>Wir geben nicht auf.</p>`, ""},
		{"de", `<span lang="uk">Ми не здаємося.</span>`, "dir="},
		{"ar", `<span lang="uk" dir="ltr">Ми не здаємося.</span>`, ""},
	} {
		got := string(HTML(d, HTMLOptions{Lang: tc.lang}))
		if !strings.Contains(got, tc.want) || tc.absent != "" && strings.Contains(got, tc.absent) {
			t.Errorf("%s: %s", tc.lang, got)
		}
	}
	d.Blocks[0].OriginalLang = "zh-Hans"
	if got := string(HTML(d, HTMLOptions{Lang: "zh-Hant"})); !strings.Contains(got, "<p>Wir") {
		t.Errorf("another script is another wording: %s", got)
	}
}

func TestLinksThatCannotBeWritten(t *testing.T) {
	in := Inline{
		{Text: "a", Marks: []Mark{{Type: StoryLink, Story: "gone"}}}, {Text: "b", Marks: []Mark{{Type: Link, Href: "javascript:alert(1)"}}},
		{Text: "c", Marks: []Mark{{Type: Foreign, Lang: `"x`}}}, {Text: "d", Marks: []Mark{{Type: "blink"}}},
	}
	if got := InlineHTML(in, rich("de")); got != "abcd" {
		t.Errorf("got %s", got)
	}
	evil := HTMLOptions{
		Story:   func(string) (string, bool) { return "javascript:alert(1)", true },
		Source:  func(string) (string, string, bool) { return "//evil.example", "x", true },
		Picture: func(Picture) (PictureHTML, bool) { return PictureHTML{Src: "data:text/html,x"}, true },
		Frame:   func(string) (string, bool) { return "javascript:alert(1)", true },
	}
	if got := string(HTML(sample(t, "valid_article.json"), evil)); strings.Contains(got, "javascript") || strings.Contains(got, "evil") || strings.Contains(got, "data:") {
		t.Error(got)
	}
}

func TestLinkToAStoryInAnotherLanguageSaysSo(t *testing.T) {
	o := rich("de")
	o.StoryLang = func(id string) lang.Tag { return map[string]lang.Tag{"1": "de", "2": "uk"}[id] }
	in := Inline{{Text: "a", Marks: []Mark{{Type: StoryLink, Story: "1"}}}, {Text: "b", Marks: []Mark{{Type: StoryLink, Story: "2"}}}}
	if got := InlineHTML(in, o); got != `<a href="/de/7/1">a</a><a href="/de/7/2" hreflang="uk">b</a>` {
		t.Errorf("got %s", got)
	}
}

func TestLongFactBoxIsFolded(t *testing.T) {
	d := Doc{Blocks: []Block{{ID: "f", Kind: FactBox, Title: "T", Blocks: []Block{{ID: "p", Kind: Paragraph, Text: Text(strings.Repeat("word ", 121))}}}}}
	if got := string(HTML(d, HTMLOptions{})); !strings.Contains(got, `<details><summary><h2>T</h2></summary>`) {
		t.Error(got)
	}
}

// allowedIn is what HTML may contain, with the attributes of each.
var allowedIn = map[string]string{
	"p": "class id lang dir data-in", "h2": "id", "h3": "id", "h4": "id", "ul": "id", "ol": "id", "li": "", "figure": "id class", "figcaption": "", "blockquote": "",
	"cite": "", "picture": "", "source": "type srcset sizes", "img": "src srcset sizes class width height alt loading decoding fetchpriority",
	"div": "class id tabindex role aria-label", "table": "", "thead": "", "tbody": "", "tr": "", "th": "scope", "td": "", "aside": "class id aria-label",
	"details": "", "summary": "", "hr": "id", "a": "href hreflang class data-embed data-load", "span": "class lang dir", "strong": "", "em": "", "br": "",
	"svg": "class viewbox viewBox aria-hidden", "rect": "width height rx", "circle": "cx cy r",
}

// inert parses HTML and stops the test if there is anything in it that HTML never writes.
func inert(t interface {
	Helper()
	Fatalf(string, ...any)
}, src string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<!doctype html><body>" + src))
	if err != nil {
		t.Fatalf("%v", err)
	}
	body := root.LastChild.LastChild
	for n := range body.Descendants() {
		if n.Type == html.CommentNode {
			t.Fatalf("a comment in %s", src)
		}
		if n.Type != html.ElementNode {
			continue
		}
		allowed, ok := allowedIn[n.Data]
		if !ok {
			t.Fatalf("<%s> in %s", n.Data, src)
		}
		for _, a := range n.Attr {
			if !slices.Contains(strings.Fields(allowed), a.Key) {
				t.Fatalf("<%s %s> in %s", n.Data, a.Key, src)
			}
			if a.Key == "href" || a.Key == "src" || a.Key == "data-embed" {
				if !SafeHref(a.Val) && !strings.HasPrefix(a.Val, "#") && (!strings.HasPrefix(a.Val, "/") || strings.HasPrefix(a.Val, "//")) {
					t.Fatalf("%s=%q in %s", a.Key, a.Val, src)
				}
			}
			if a.Key == "id" && !validName(a.Val, MaxID+2) {
				t.Fatalf("id=%q in %s", a.Val, src)
			}
		}
		if n.Data == "a" {
			for in := range n.Descendants() {
				if in.Type == html.ElementNode && in.Data == "a" {
					t.Fatalf("a link in a link in %s", src)
				}
			}
		}
	}
	return body
}

// seen is the text of HTML, br as a line break.
func seen(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			b.WriteString(d.Data)
		case d.Data == "br":
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func TestInlineHTMLHasTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := genInline().Draw(t, "text")
		got := string(InlineHTML(in, rich("de")))
		must(t, cmp.Diff(in.Plain(), seen(inert(t, "<p>"+got))), "%s", got)
	})
}

func TestHTMLHasAllTextsAndNothingStrange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDoc(counter("g")).Draw(t, "doc")
		o := rich(rapid.SampledFrom([]lang.Tag{"de", "uk", "ar"}).Draw(t, "lang"))
		o.Feed, o.EndMark, o.Base = rapid.Bool().Draw(t, "feed"), rapid.Bool().Draw(t, "end"), "https://meridian.example/de/7/x"
		src := string(HTML(d, o))
		text := seen(inert(t, src))
		words := map[ID]bool{}
		for _, b := range d.Blocks {
			words[b.ID] = len(b.Text) > 0 || b.Original != ""
		}
		for _, s := range Segments(d) {
			switch {
			case s.Block == "" || s.Field == FieldAlt || strings.TrimFunc(s.Text.Plain(), invisible) == "":
			case s.Kind == Quotation && o.Lang == "uk": // the original may stand in its place
			case s.Field == FieldSpeaker && !words[s.Block]: // who said nothing isn't named
			case !strings.Contains(text, s.Text.Plain()):
				t.Fatalf("%s %q is not in %s", s.Address, s.Text.Plain(), src)
			}
		}
		if o.Feed && (strings.Contains(src, " id=") || strings.Contains(src, " class=") || strings.Contains(src, `href="/`) || strings.Contains(src, `src="/`)) {
			t.Fatalf("feed: %s", src)
		}
	})
}

func FuzzHTML(f *testing.F) {
	names, _ := filepath.Glob(filepath.Join("testdata", "docs", "valid_*.json"))
	for _, name := range names {
		f.Add(read(f, name), "https://example.org/")
	}
	f.Add([]byte(`{"blocks":[{"id":"\"><script>","kind":"paragraph","text":[{"text":"<script>","marks":[{"type":"link","href":"\"onclick=x"}]}]}]}`), `"><img src=x onerror=y>`)
	f.Fuzz(func(t *testing.T, data []byte, word string) {
		d, err := Parse(data)
		if err != nil {
			return
		}
		o := rich("de")
		o.Words = HTMLWords{Load: word, Table: word, FactBox: word, Original: func(string) string { return word }}
		o.Source = func(string) (string, string, bool) { return word, word, true }
		o.Story = func(string) (string, bool) { return word, true }
		o.Picture = func(p Picture) (PictureHTML, bool) {
			return PictureHTML{Src: word, Srcset: word, WebP: word, AVIF: word, Sizes: word, Class: word, Alt: word, Credit: word}, true
		}
		inert(t, string(HTML(Clean(d, counter("n")), o)))
	})
}

// The mark stays with the last word, unless that is long or a part of a link.
func TestHTMLEndMark(t *testing.T) {
	mark := `<span class="end">` + endMark + "</span>"
	for _, tt := range []struct {
		text Inline
		want string
	}{
		{Text("Ein kurzes Ende."), `<p id="b-b1">Ein kurzes <span class="last">Ende.` + mark + "</span></p>\n"},
		{Text("Ende."), `<p id="b-b1">Ende.` + mark + "</p>\n"},
		{Text("Die " + strings.Repeat("lang", 6) + "."), `<p id="b-b1">Die ` + strings.Repeat("lang", 6) + "." + mark + "</p>\n"},
		{Inline{{Text: "Das "}, {Text: "starke Ende", Marks: []Mark{{Type: Strong}}}}, `<p id="b-b1">Das <strong>starke Ende</strong>` + mark + "</p>\n"},
		{Inline{{Text: "Das "}, {Text: "starke", Marks: []Mark{{Type: Strong}}}, {Text: " Ende."}}, `<p id="b-b1">Das <strong>starke</strong> <span class="last">Ende.` + mark + "</span></p>\n"},
	} {
		d := Doc{Blocks: []Block{{ID: "b1", Kind: Paragraph, Text: tt.text}}}
		if got := string(HTML(d, HTMLOptions{Lang: "de", EndMark: true})); got != tt.want {
			t.Errorf("%q\nwant %q", got, tt.want)
		}
	}
}

func TestHTMLBindsWords(t *testing.T) {
	in := Inline{
		{Text: "Про це у "}, {Text: "Києві", Marks: []Mark{{Type: Link, Href: "https://a.example/"}}}, {Text: " пише "},
		{Text: "la 5 km", Marks: []Mark{{Type: Foreign, Lang: "fr"}}}, {Text: " за 5 км."},
	}
	want := "Про це у\u00a0<a href=\"https://a.example/\">Києві</a> пише <span lang=\"fr\">la 5 km</span> за 5\u00a0км."
	if got := string(InlineHTML(in, HTMLOptions{Lang: "uk", Bind: true})); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := string(InlineHTML(in, HTMLOptions{Lang: "uk"})); strings.Contains(got, "\u00a0") {
		t.Errorf("unasked: %q", got)
	}
	if in[0].Text != "Про це у " {
		t.Error("the document itself was changed")
	}
}

func BenchmarkWriteHTML60(b *testing.B) {
	d, o := sixty(), rich("en")
	var buf bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		buf.Reset()
		if err := WriteHTML(&buf, d, o); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(buf.Len()))
}

// A picture that is seen at once is loaded at once, and no other: not what can't be had, what is folded away, or
// what stands further below.
func TestFirstPictureIsLoadedAtOnce(t *testing.T) {
	text := Block{ID: "t", Kind: Paragraph, Text: Inline{{Text: "Text"}}}
	pic := func(id string) Block {
		return Block{ID: ID(id), Kind: PictureK, Pictures: []Picture{{ID: ID(id), Media: id}}}
	}
	gallery := Block{ID: "g", Kind: Gallery, Pictures: []Picture{{ID: "g1", Media: "g1"}, {ID: "g2", Media: "g2"}}}
	box := Block{ID: "f", Kind: FactBox, Blocks: []Block{text, pic("f1")}}
	embed := Block{ID: "e", Kind: Embed, Embed: &EmbedRef{URL: "https://example.com/v", Media: "e"}}
	for _, c := range []struct {
		blocks []Block
		want   string
	}{
		{[]Block{text, text, pic("a"), pic("b")}, "a"}, {[]Block{pic("a"), pic("b")}, "a"}, {[]Block{text, text, text, pic("a")}, ""},
		{[]Block{text, gallery, pic("b")}, "g1"}, {[]Block{pic("gone"), text, pic("a"), pic("b")}, "a"},
		{[]Block{pic("gone"), text, text, pic("a")}, ""}, {[]Block{box, pic("a"), pic("b")}, "a"}, {[]Block{text, embed, pic("b")}, "e"},
	} {
		o := HTMLOptions{Lang: "de", Eager: 3, Picture: func(p Picture) (PictureHTML, bool) {
			return PictureHTML{Src: "/media/" + p.Media, Width: 8, Height: 5}, p.Media != "gone"
		}}
		got := ""
		for _, img := range strings.Split(string(HTML(Doc{Blocks: c.blocks}, o)), "<img ")[1:] {
			tag, _, _ := strings.Cut(img, ">")
			high, lazy := strings.Contains(tag, `fetchpriority="high"`), strings.Contains(tag, `loading="lazy"`)
			if high == lazy {
				t.Errorf("%s", tag)
			}
			if high {
				name, _, _ := strings.Cut(strings.TrimPrefix(tag, `src="/media/`), `"`)
				got += name
			}
		}
		if got != c.want {
			t.Errorf("%q at once, not %q", got, c.want)
		}
	}
}
