package document

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depesche/internal/lang"
)

// reading reads what rich writes.
func reading(l lang.Tag) ReadOptions {
	return ReadOptions{
		IDs: counter("n"), Lang: l, Base: "https://example.org/dir/page",
		Picture: func(f FoundPicture) (Picture, bool) {
			media := "m"
			for _, r := range f.Src {
				if r < 128 && validRef(string(r)) && len(media) < 90 {
					media += string(r)
				}
			}
			if i := strings.Index(f.Src, "/media/"); i >= 0 {
				media, _, _ = strings.Cut(f.Src[i+len("/media/"):], "/")
			}
			return Picture{Media: media, Alt: f.Alt, Credit: strings.TrimPrefix(f.Credit, "Foto: ")}, true
		},
		Embed: func(src, title string) (EmbedRef, bool) {
			return EmbedRef{URL: strings.Replace(src, "/embed/", "/watch?v=", 1), Title: title}, true
		},
		Story: func(href string) (string, bool) {
			return strings.CutPrefix(href, "https://example.org/de/7/")
		},
		Source: func(href string) (string, bool) { return strings.CutPrefix(href, "#source-") },
	}
}

func plain(l lang.Tag) ReadOptions { return ReadOptions{IDs: counter("n"), Lang: l} }

func readHTML(t interface {
	Helper()
	Fatalf(string, ...any)
}, src string, o ReadOptions) ([]Block, []Remark) {
	t.Helper()
	blocks, remarks, err := FromHTML(strings.NewReader(src), o)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return blocks, remarks
}

func TestFromHTML(t *testing.T) {
	p := func(s string) Block { return Block{Kind: Paragraph, Text: Text(s)} }
	item := func(s string) Item { return Item{Text: Text(s)} }
	strong, em := []Mark{{Type: Strong}}, []Mark{{Type: Emphasis}}
	link := func(h string) []Mark { return []Mark{{Type: Link, Href: h}} }
	for name, tc := range map[string]struct {
		in   string
		want []Block
	}{
		"nothing":                     {"", nil},
		"only space":                  {" \n&nbsp;<p> </p><div><br></div>", nil},
		"text":                        {"one\n  two", []Block{p("one two")}},
		"paragraphs":                  {"<p>a</p>b<p>c<div>d</div>e", []Block{p("a"), p("b"), p("c"), p("d"), p("e")}},
		"two breaks":                  {"a<br><br>b<br>c<br> <br>d", []Block{p("a"), p("b\nc"), p("d")}},
		"headings":                    {"<h1><b>a</b></h1><h2>b</h2><h6>c</h6>", []Block{{Kind: Heading, Level: 2, Text: Text("a")}, {Kind: Heading, Level: 2, Text: Text("b")}, {Kind: Heading, Level: 4, Text: Text("c")}}},
		"marks":                       {"<p><b>a</b><i>b</i><em><strong>c</strong></em><u>d</u> <span style='font-weight:700'>e</span><span style=\"font-style: italic\">f</span>", []Block{{Kind: Paragraph, Text: Inline{{"a", strong}, {"b", em}, {"c", []Mark{{Type: Strong}, {Type: Emphasis}}}, {Text: "d "}, {"e", strong}, {"f", em}}}}},
		"links":                       {"<a href='/x'>a</a> <a href='javascript:x'>b</a> <a href='#c'>c</a> <a href='https://x.y'>d</a><a>e</a>", []Block{{Kind: Paragraph, Text: Inline{{Text: "a b c "}, {"d", link("https://x.y")}, {Text: "e"}}}}},
		"google's detour":             {"<a href='https://www.google.com/url?q=https://x.y/z&sa=D'>a</a>", []Block{{Kind: Paragraph, Text: Inline{{"a", link("https://x.y/z")}}}}},
		"languages":                   {"<p lang=de>Er sagte <i lang=fr>oui</i> und <span lang=de-AT>ja</span>.", []Block{{Kind: Paragraph, Text: Inline{{Text: "Er sagte "}, {"oui", []Mark{{Type: Foreign, Lang: "fr"}, {Type: Emphasis}}}, {Text: " und ja."}}}}},
		"a list":                      {"<ul><li>a<li><p>b</p><p>c</p></ul>", []Block{{Kind: List, Items: []Item{item("a"), item("b\nc")}}}},
		"a nested list":               {"<ol><li>a<ul><li>b</ul><li>c</ol>", []Block{{Kind: List, Ordered: true, Items: []Item{item("a"), item("b"), item("c")}}}},
		"a list with a table":         {"<ul><li>a<table><tr><td>x<td>y</table></ul>", []Block{{Kind: List, Items: []Item{item("a")}}, {Kind: Table, Rows: []Row{{Cells: []Cell{{Text: Text("x")}, {Text: Text("y")}}}}}}},
		"loose text in a list":        {"<ul>x<li>a</li>y <b>z</b></ul>", []Block{{Kind: List, Items: []Item{item("x"), item("a"), {Text: Inline{{Text: "y "}, {"z", strong}}}}}}},
		"a quotation":                 {"<blockquote><p>a</p><p>b</p><cite>— N. N.</cite></blockquote>", []Block{{Kind: Quotation, Text: Text("a\nb"), Speaker: "N. N."}}},
		"a quoted figure":             {"<figure><blockquote>a</blockquote><figcaption>N</figcaption></figure>", []Block{{Kind: Quotation, Text: Text("a"), Speaker: "N"}}},
		"an indented page":            {"<blockquote><h2>a</h2><p>b</p></blockquote>", []Block{{Kind: Heading, Level: 2, Text: Text("a")}, p("b")}},
		"a table":                     {"<table><caption>t</caption><tr><th>a<th>b<tr><td>c<td><b>d</b></table>", []Block{p("t"), {Kind: Table, Header: true, Rows: []Row{{Cells: []Cell{{Text: Text("a")}, {Text: Text("b")}}}, {Cells: []Cell{{Text: Text("c")}, {Text: Inline{{"d", strong}}}}}}}}},
		"spans":                       {"<table><tr><td colspan=2>a<td>b<tr><td rowspan=2>c<td>d<td>e<tr><td>f<td>g</table>", []Block{{Kind: Table, Rows: []Row{{Cells: []Cell{{Text: Text("a")}, {}, {Text: Text("b")}}}, {Cells: []Cell{{Text: Text("c")}, {Text: Text("d")}, {Text: Text("e")}}}, {Cells: []Cell{{}, {Text: Text("f")}, {Text: Text("g")}}}}}}},
		"a frame of one cell":         {"<table><tr><td><h2>a</h2><p>b</p></table>", []Block{{Kind: Heading, Level: 2, Text: Text("a")}, p("b")}},
		"a rule":                      {"a<hr>b", []Block{p("a"), {Kind: Rule}, p("b")}},
		"what isn't text":             {"a<script>x</script><style>y</style><!-- z --><noscript><img></noscript><template>t</template>b", []Block{p("ab")}},
		"hidden":                      {"a<span style='display:none'>x</span><p hidden>y</p>", []Block{p("a")}},
		"struck":                      {"a<del>b</del><s>c</s>d", []Block{p("ad")}},
		"unknown elements":            {"<foo-bar>a <o:p>b</o:p></foo-bar>", []Block{p("a b")}},
		"raised":                      {"m<sup>2</sup> CO<sub>2</sub> a<sup>b</sup>", []Block{p("m² CO₂ ab")}},
		"q":                           {"<q>a</q>", []Block{p("„a“")}},
		"ruby":                        {"<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", []Block{p("漢(kan)")}},
		"pre":                         {"<pre>a  b\nc</pre>", []Block{p("a b\nc")}},
		"a picture without a library": {"<p>a<img src=x.jpg alt=y>b</p><figure><img src=z.jpg><figcaption>c</figcaption></figure>", []Block{p("a"), p("b"), p("c")}},
		"no-break space":              {"<p>10&nbsp;000</p>", []Block{p("10\u00a0000")}},
		"very deep":                   {strings.Repeat("<div>", 600) + "a" + strings.Repeat("</div>", 600) + "<p>b<script>x</script>", []Block{p("a"), p("b")}},
		"a formula":                   {"<math><mi>x</mi><mo>=</mo><mn>1</mn></math>", []Block{p("x=1")}},
		"a fact box":                  {"<div class='infobox'><h3>T</h3><p>a</p><ul><li>b</ul></div>", []Block{{Kind: FactBox, Title: "T", Blocks: []Block{p("a"), {Kind: List, Items: []Item{item("b")}}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := readHTML(t, tc.in, plain("de"))
			must(t, cmp.Diff(tc.want, got, withoutIDs), "%s", tc.in)
		})
	}
}

func TestFromHTMLOfWordProcessors(t *testing.T) {
	for _, tc := range []struct {
		name, in string
		want     string
	}{
		{"Word", `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p{x}</style></head><body lang=DE>
<p class=MsoTitle>Titel</p><h1>Eins<o:p></o:p></h1><p class=MsoNormal>Ein <b style='mso-bidi-font-weight:normal'>fetter</b><span style='mso-spacerun:yes'>  </span>Text<span lang=FR>, oui</span>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span></span><![endif]>erstens</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>zweitens</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>a</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.</span>b</p>
<p class=MsoQuote>Gesagt.</p><del cite="mailto:x">weg</del></body></html>`,
			"## Titel\n\n## Eins\n\nEin **fetter** Text[, oui](lang:FR).\n\n- erstens\n- zweitens\n\n1. a\n2. b\n\n> Gesagt."},
		{"Google Docs", `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:400;font-style:normal">Ein </span><span style="font-weight:700">fetter</span><span style="font-weight:400;font-style:italic"> und kursiver</span><span style="font-weight:400"> Text.</span></p><br /><ul><li dir="ltr" style="list-style-type:disc" aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400">eins</span></p></li></ul><h2 dir="ltr"><span style="font-weight:400">Titel</span></h2></b>`,
			"Ein **fetter** *und kursiver* Text.\n\n- eins\n\n## Titel"},
		{"a web page", `<div class="article"><nav>Start &gt; Politik</nav><h1>Titel</h1><p>Von <a href="/autor" onclick="x()">N</a></p><p>Text mit <strong>Link: <a href="https://www.example.org/a b">hier</a></strong>.</p><button>Teilen</button><form><input value=x></form></div>`,
			"## Titel\n\nVon [N](https://example.org/autor)\n\nText mit **Link:** **[hier](https://www.example.org/a%20b)**."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := plain("de")
			o.Base = "https://example.org/x"
			got, _ := readHTML(t, tc.in, o)
			want, err := ParseMarkdown(tc.want, counter("w"))
			if err != nil {
				t.Fatal(err)
			}
			if tc.name == "Google Docs" || tc.name == "a web page" {
				// Which span a space belongs to is all that may differ from how one would type it.
				must(t, cmp.Diff(plainOf(want), plainOf(got)), "texts")
				return
			}
			must(t, cmp.Diff(want, got, withoutIDs), "blocks")
		})
	}
}

func plainOf(blocks []Block) string { return Doc{Blocks: blocks}.Plain() }

func TestFromHTMLOfWordPress(t *testing.T) {
	in := `<!-- wp:paragraph --><p>Text</p><!-- /wp:paragraph -->
<figure class="wp-block-image"><a href="https://x.y/big.jpg"><img src="data:image/gif;base64,x" data-src="/a.jpg" alt="A"/></a><figcaption>Cap <em>tion</em></figcaption></figure>
<figure class="wp-block-gallery"><ul class="blocks-gallery-grid"><li class="blocks-gallery-item"><figure><img src="/b.jpg"/><figcaption class="blocks-gallery-item__caption">B</figcaption></figure></li><li><figure><img src="/c.jpg"/></figure></li></ul></figure>
<figure class="wp-block-embed is-provider-youtube"><div class="wp-block-embed__wrapper"><iframe title="Film" src="https://www.youtube.com/embed/abc"></iframe></div><figcaption>Ein Film</figcaption></figure>
<blockquote class="twitter-tweet"><p>hi</p>&mdash; N <a href="https://twitter.com/n/status/1">date</a></blockquote>
<div class="wp-caption"><img src="/d.jpg"><p class="wp-caption-text">D</p></div>
<img src="https://stats.example/p.gif" width="1" height="1">`
	o := reading("de")
	o.Base = "https://old.example/2020/"
	var found []FoundPicture
	o.Picture = func(f FoundPicture) (Picture, bool) {
		found = append(found, f)
		return Picture{Media: strings.TrimSuffix(strings.TrimPrefix(f.Src, "https://old.example/"), ".jpg"), Alt: f.Alt}, true
	}
	got, remarks := readHTML(t, in, o)
	want := []Block{
		{Kind: Paragraph, Text: Text("Text")},
		{Kind: PictureK, Pictures: []Picture{{Media: "a", Alt: "A", Caption: Inline{{Text: "Cap "}, {"tion", []Mark{{Type: Emphasis}}}}}}},
		{Kind: Gallery, Pictures: []Picture{{Media: "b", Caption: Text("B")}, {Media: "c"}}},
		{Kind: Embed, Embed: &EmbedRef{URL: "https://www.youtube.com/watch?v=abc", Title: "Film"}},
		{Kind: Paragraph, Text: Text("Ein Film")},
		{Kind: Embed, Embed: &EmbedRef{URL: "https://twitter.com/n/status/1", Title: "hi— N date"}},
		{Kind: PictureK, Pictures: []Picture{{Media: "d", Caption: Text("D")}}},
	}
	must(t, cmp.Diff(want, got, withoutIDs), "blocks")
	if len(found) != 4 || found[0].Link != "https://x.y/big.jpg" {
		t.Errorf("found %+v", found)
	}
	must(t, same([]Remark(nil), remarks), "remarks")
}

func TestFromHTMLTellsWhatItLeft(t *testing.T) {
	in := `<svg><text>x</text></svg><ul><li>a<ul><li>b</ul></ul><iframe src="//x.y/z"></iframe><img src=p.jpg><a href="javascript:x">l</a><marquis>m</marquis><del>gone</del><p style="display:none">h</p>`
	_, remarks := readHTML(t, in, ReadOptions{IDs: counter("n"), Base: "https://a.b/"})
	want := []Remark{
		{RemarkDropped, "svg", 1}, {RemarkEmbed, "https://x.y/z", 1}, {RemarkHidden, "p", 1}, {RemarkLink, "javascript:x", 1},
		{RemarkNestedList, "ul", 1}, {RemarkPicture, "https://a.b/p.jpg", 1}, {RemarkStruck, "gone", 1}, {RemarkUnknown, "marquis", 1},
	}
	must(t, cmp.Diff(want, remarks), "remarks")
}

// settled reads HTML, checks what became of it, and that it comes back equal from its own HTML.
func settled(t interface {
	Helper()
	Fatalf(string, ...any)
}, src string, from func() ReadOptions, o HTMLOptions) {
	t.Helper()
	first, _ := readHTML(t, src, from())
	d := Doc{Blocks: first}.Normal()
	if err := Validate(d); err != nil {
		t.Fatalf("%q: %v", src, err)
	}
	out := string(HTML(d, o))
	inert(t, out)
	again, remarks := readHTML(t, out, from())
	must(t, cmp.Diff(d.Blocks, again, withoutIDs), "%q\nbecame\n%s\nand then", src, out)
	for _, r := range remarks {
		if r.Key != RemarkPicture && r.Key != RemarkEmbed && r.Key != RemarkLink {
			t.Fatalf("%q: remark on our own HTML: %+v\n%s", src, r, out)
		}
	}
}

func TestFromHTMLSettles(t *testing.T) {
	file, err := os.Open("../../../shared/data/nasty/html5lib-tree-construction.tar.gz")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no html5lib-tests here")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zip, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for files := tar.NewReader(zip); ; {
		head, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(head.Name) != ".dat" {
			continue
		}
		data, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range strings.Split("\n"+string(data), "\n#data\n")[1:] {
			src, _, _ := strings.Cut(test, "\n#errors")
			n++
			settled(t, src, func() ReadOptions { return plain("en") }, HTMLOptions{Lang: "en"})
			settled(t, src, func() ReadOptions { return reading("de") }, rich("de"))
		}
	}
	if n < 1500 {
		t.Errorf("only %d snippets", n)
	}
}

func TestFromHTMLReadsOwnHTML(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDoc(counter("g")).Draw(t, "doc")
		settled(t, string(HTML(d, rich("de"))), func() ReadOptions { return reading("de") }, rich("de"))
	})
}

func TestFromHTMLReadsArticle(t *testing.T) {
	d := sample(t, "valid_article.json")
	got, remarks := readHTML(t, string(HTML(d, rich("de"))), reading("de"))
	must(t, same([]Remark(nil), remarks), "remarks")
	must(t, cmp.Diff(d.Blocks, got, withoutIDs), "blocks")
}

func FuzzFromHTML(f *testing.F) {
	for _, s := range []string{"<p>a<b>b</p>c", "<table><tr><td>a<td colspan=9>b", "<ul><li>a<ul>b</ul><p>c", "<figure><blockquote>a<p><cite>b</cite></figure>", "<a href='x'><img src=y></a>", "<pre>\n\n a", "<div class=gallery><img src=a><img src=b>c", "<aside class=fact><h2>a</h2><table><tr><td>b<td>c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 10_000 {
			return
		}
		settled(t, src, func() ReadOptions { return plain("en") }, HTMLOptions{Lang: "en"})
		settled(t, src, func() ReadOptions { return reading("de") }, rich("de"))
	})
}

func BenchmarkFromHTML60(b *testing.B) {
	src := string(HTML(sixty(), rich("en")))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := FromHTML(strings.NewReader(src), reading("en")); err != nil {
			b.Fatal(err)
		}
	}
}

func nasty(t *testing.T) []string {
	data, err := os.ReadFile("../../../shared/data/nasty/blns.json")
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no naughty strings here")
	}
	var out []string
	if err == nil {
		err = json.Unmarshal(data, &out)
	}
	if err != nil || len(out) < 500 {
		t.Fatal(len(out), err)
	}
	return out
}

func TestNaughtyStringsComeBack(t *testing.T) {
	for _, s := range nasty(t) {
		in := Text(s)
		d := Doc{Headline: tidy(s, false), Lead: in, Blocks: []Block{{ID: "p", Kind: Paragraph, Text: in}, {ID: "q", Kind: Quotation, Text: in, Speaker: tidy(s, false), Original: tidy(s, true)},
			{ID: "l", Kind: List, Items: []Item{{"i", in}}}, {ID: "t", Kind: Table, Rows: []Row{{"r", []Cell{{"c", in}}}}}, {ID: "f", Kind: FactBox, Title: tidy(s, false), Blocks: []Block{{ID: "fp", Kind: Paragraph, Text: in}}}}}.Normal()
		if err := Validate(d); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		data, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(data)
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		must(t, cmp.Diff(d, back), "%q through JSON", s)

		md := InlineMarkdown(in)
		text, err := ParseInlineMarkdown(md)
		if err != nil {
			t.Fatalf("%q: %q: %v", s, md, err)
		}
		must(t, cmp.Diff(in, text), "%q through Markdown %q", s, md)

		blocks, err := ParseMarkdown(Markdown(d.Blocks), counter("n"))
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		must(t, cmp.Diff(typed(d.Clone().Blocks), blocks, withoutIDs), "%q as blocks through Markdown", s)

		out := string(InlineHTML(in, HTMLOptions{}))
		must(t, cmp.Diff(in.Plain(), seen(inert(t, "<p>"+out))), "%q through HTML", s)
		inert(t, string(HTML(d, rich("de"))))
		settled(t, s, func() ReadOptions { return plain("en") }, HTMLOptions{Lang: "en"})

		check(t, in.Plain(), "x", DiffWords(in.Plain(), "x"))
		Teaser(d, "de", 20)
	}
}
