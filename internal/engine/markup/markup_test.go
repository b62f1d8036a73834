package markup_test

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depesche/internal/document"
	"depesche/internal/engine/markup"
)

var (
	strong = document.Mark{Type: document.Strong}
	em     = document.Mark{Type: document.Emphasis}
	link   = document.Mark{Type: document.Link, Href: "https://example.org/x"}
	toward = document.Mark{Type: document.StoryLink, Story: "st1"}
	source = document.Mark{Type: document.SourceRef, Source: "s1"}
	french = document.Mark{Type: document.Foreign, Lang: "fr"}
)

func span(text string, marks ...document.Mark) document.Span {
	return document.Span{Text: text, Marks: marks}
}

// shown writes a text so that tables of tests can be read.
func shown(in document.Inline) string {
	var b strings.Builder
	for _, s := range in {
		b.WriteString(s.Text)
		if len(s.Marks) > 0 {
			b.WriteString("{")
			for i, m := range s.Marks {
				if i > 0 {
					b.WriteString(" ")
				}
				b.WriteString(string(m.Type))
			}
			b.WriteString("}")
		}
	}
	return b.String()
}

func types(marks []document.Mark) string {
	var out []string
	for _, m := range marks {
		out = append(out, string(m.Type))
	}
	return strings.Join(out, " ")
}

func TestHTML(t *testing.T) {
	in := document.Inline{span("Laut "), span("Reuters ", source, link), span("AFP", source, link, strong), span(" gilt <b> & "), span("Je suis", french), span(" prêt", french, strong), span("\nEnde")}
	got := markup.HTML(in)
	want := `Laut <span id="m1"><a id="m2">Reuters <b id="m3">AFP</b></a></span> gilt &lt;b&gt; &amp; <span id="m4" class="notranslate" translate="no">Je suis prêt</span><br>Ende`
	if got.Text != want {
		t.Errorf("%s", got.Text)
	}
	if strings.Contains(got.Text, "example.org") {
		t.Error("a stranger learns where the link leads")
	}
	if diff := cmp.Diff(in, got.Read(got.Text).Text); diff != "" {
		t.Error(diff)
	}
	if got := markup.Plain(in).Text; got != "Laut Reuters AFP gilt <b> & Je suis prêt\nEnde" {
		t.Errorf("%q", got)
	}
}

func TestReadHTML(t *testing.T) {
	in := document.Inline{span("Das sagte "), span("Kanzler Merz", link), span(" am "), span("Montag", strong), span(". "), span("Touché", french)}
	for name, c := range map[string]struct{ answer, want, lost, gained, moved string }{
		"as it should be":                     {`This <a id="m1">Chancellor Merz</a> said on <b id="m2">Monday</b>. <span id="m3">Touché</span>`, "This Chancellor Merz{link} said on Monday{strong}. Touché{lang}", "", "", ""},
		"another order":                       {`On <b id="m2">Monday</b> <a id="m1">Merz</a> said this. <span id="m3">Touché</span>`, "On Monday{strong} Merz{link} said this. Touché{lang}", "", "", ""},
		"translated what it wasn't to":        {`A <a id="m1">B</a> <b id="m2">C</b> <span id="m3">touched<b>!</b></span>`, "A B{link} C{strong} Touché{lang}", "", "", ""},
		"glued":                               {`This<a id="m1">Chancellor Merz</a>said on<b id="m2">Monday</b>. <span id="m3">x</span>`, "This Chancellor Merz{link} said on Monday{strong}. Touché{lang}", "", "", ""},
		"a space before the full stop":        {`This <a id="m1">Merz</a> on <b id="m2">Monday</b> . <span id="m3">x</span>`, "This Merz{link} on Monday{strong}. Touché{lang}", "", "", ""},
		"ids gone, names clear":               {`This <a>Merz</a> on <b>Monday</b>. <span>x</span>`, "This Merz{link} on Monday{strong}. Touché{lang}", "", "", ""},
		"lost":                                {`This Merz said on Monday.`, "This Merz said on Monday.", "link strong lang", "", ""},
		"lost, and found by its name":         {`This Merz said on Monday. Touché`, "This Merz said on Monday. Touché{lang}", "link strong", "", ""},
		"a link of its own":                   {`<a href="https://evil.example" id="x">This</a> <a id="m1" href="javascript:alert(1)" onclick="x()">M</a> <b id="m2">M</b> <span id="m3">T</span>`, "This M{link} M{strong} Touché{lang}", "", "", ""},
		"twice":                               {`<b id="m2">On</b> Monday <b id="m2">then</b> <a id="m1">M</a> <span id="m3">T</span> <span id="m3">T</span>`, "On{strong} Monday then{strong} M{link} Touché{lang}", "", "strong", ""},
		"moved":                               {`<a id="m1">Merz on <b id="m2">Monday</b></a> <span id="m3">T</span>`, "Merz on {link}Monday{link strong} Touché{lang}", "", "", "strong"},
		"crossed":                             {`<a id="m1">Merz <b id="m2">on</a> Monday</b> <span id="m3">T</span>`, "Merz {link}on{link strong} Monday Touché{lang}", "", "", "strong"},
		"never ended":                         {`This <a id="m1">Merz on Monday`, "This Merz on Monday{link}", "strong lang", "", ""},
		"script":                              {`<script>alert(1)</script>This<style>x</style> <!-- c --><a id="m1">M</a><b id="m2">d</b><svg onload=x><text>t</text></svg>`, "This M{link} d{strong}", "lang", "", ""},
		"paragraphs":                          {`<p>This</p><p>that</p>`, "This that", "link strong lang", "", ""},
		"entities twice":                      {`A &amp;quot;B&amp;quot; &amp;amp;#39;C&amp;amp;#39;`, `A "B" 'C'`, "link strong lang", "", ""},
		"what nobody sees":                    {"A\u202eB\u200bC\x00\x07D", "ABCD", "link strong lang", "", ""},
		"a foreign element of another's name": {`<i id="m1">A</i> <b id="m9">B</b>`, "A B", "link strong lang", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := markup.HTML(in).Read(c.answer)
			if diff := cmp.Diff([]string{c.want, c.lost, c.gained, c.moved}, []string{shown(got.Text), types(got.Lost), types(got.Gained), types(got.Moved)}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// An engine that decodes its whole answer makes tags of what the story itself says.
func TestMarkupThatIsText(t *testing.T) {
	in := document.Inline{span("Wer <script>alert(1)</script> oder <b> eingibt, sieht "), span("nichts", strong)}
	got := markup.HTML(in).Read(`Who types <script>alert(1)</script> or <b> sees <b id="m1">nothing</b>`)
	if s := shown(got.Text); s != "Who types <script>alert(1)</script> or <b> sees nothing{strong}" {
		t.Errorf("%s", s)
	}
}

func TestReadPlain(t *testing.T) {
	for name, c := range map[string]struct {
		in                 document.Inline
		answer, want, lost string
	}{
		"the whole":              {document.Inline{span("Das ist fett.", strong)}, "This is bold.", "This is bold.{strong}", ""},
		"the whole, in two":      {document.Inline{span("Das ", source), span("2026", source, strong)}, "That 2026", "That {source}2026{source strong}", ""},
		"a number, a name":       {document.Inline{span("Am "), span("24.", em), span(" sagte "), span("Selenskyj", toward), span(" nein")}, "Selenskyj said no on 24.", "Selenskyj{story} said no on 24.{emphasis}", ""},
		"an address":             {document.Inline{span("Siehe "), span("https://example.org/x", link), span(" dort")}, "See https://example.org/x there", "See https://example.org/x{link} there", ""},
		"a name that came twice": {document.Inline{span("Kyiv und "), span("Lwiw", strong)}, "Lwiw and Kyiv, Lwiw", "Lwiw and Kyiv, Lwiw", "strong"},
		"part of a word":         {document.Inline{span("Der "), span("Bund", strong), span(" zahlt")}, "The Bundesbank pays", "The Bundesbank pays", "strong"},
		"a small word":           {document.Inline{span("Das ist "), span("in", strong), span(" Ordnung")}, "It is in order", "It is in order", "strong"},
		"a foreign phrase":       {document.Inline{span("Er sagte "), span("en marche", french), span(".")}, "He said en marche.", "He said en marche{lang}.", ""},
		"tags made up":           {document.Inline{span("Eins")}, "<b>One</b><script>x</script> <3", "One <3", ""},
		"tags of the story":      {document.Inline{span("Der <b> hier")}, "The <b> here", "The <b> here", ""},
		"lines":                  {document.Inline{span("Eins")}, "\n\nOne\r\ntwo ", "One two", ""},
		"ends as the source":     {document.Inline{span(" Eins\nzwei ")}, "One\r\ntwo", " One\ntwo ", ""},
		"nothing":                {document.Inline{span("Eins", strong)}, " \n ", "", "strong"},
	} {
		t.Run(name, func(t *testing.T) {
			got := markup.Plain(c.in).Read(c.answer)
			if diff := cmp.Diff([]string{c.want, c.lost}, []string{shown(got.Text), types(got.Lost)}); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTranslatable(t *testing.T) {
	for _, c := range []struct {
		in   document.Inline
		want bool
	}{
		{nil, false}, {document.Inline{span("12 %")}, false}, {document.Inline{span("Touché", french), span("!")}, false},
		{document.Inline{span("Touché", french), span(" rief er")}, true},
	} {
		if got := markup.Translatable(c.in); got != c.want {
			t.Errorf("%s: %v", shown(c.in), got)
		}
	}
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// sound fails unless the answer is one that may stand in an edition that has the source.
func sound(t failer, in document.Inline, a markup.Answer, answer string) {
	t.Helper()
	d := document.Doc{Blocks: []document.Block{{ID: "a", Kind: document.Paragraph, Text: a.Text}}}
	if len([]rune(a.Text.Plain())) <= document.MaxText {
		if err := document.Validate(d); err != nil {
			t.Fatalf("%q: %v", answer, err)
		}
	}
	if _, err := d.Encode(); err != nil && len(answer) < document.MaxText {
		t.Fatalf("%q: %v", answer, err)
	}
	have := map[document.Mark]bool{}
	for _, s := range in {
		for _, m := range s.Marks {
			have[m] = true
		}
	}
	for _, s := range a.Text {
		for _, m := range s.Marks {
			if !have[m] {
				t.Fatalf("%q brought %v", answer, m)
			}
		}
	}
}

var pieces = []string{
	"Kyjiw", "hofft", "Слава", "مرحبا", "总统", "é", "e\u0301", "👩‍👩‍👧", " ", " ", "  ", "\n", "\u00a0", "\u202f", "\u200b", "\u202e", ".", ",", "„", "“", "<", "<b>", "</p>",
	"<script>", "&", "&amp;", "&#10;", "12", "https://example.org/a_b", "\x00",
}

func genInline() *rapid.Generator[document.Inline] {
	return rapid.Custom(func(t *rapid.T) document.Inline {
		var in document.Inline
		for range rapid.IntRange(0, 5).Draw(t, "spans") {
			s := document.Span{Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 5).Draw(t, "text"), "")}
			for _, m := range [][]document.Mark{{source, {Type: document.SourceRef, Source: "s2"}}, {link, toward}, {french}, {strong}, {em}} {
				if rapid.IntRange(0, 3).Draw(t, "mark") == 0 {
					s.Marks = append(s.Marks, rapid.SampledFrom(m).Draw(t, "m"))
				}
			}
			in = append(in, s)
		}
		return in.Normal()
	})
}

// TestWhatTheEngineLeavesAloneComesBack: an engine that answers what it was asked changes nothing but
// white space that isn't seen.
func TestWhatTheEngineLeavesAloneComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := genInline().Draw(t, "in")
		f := markup.HTML(in)
		got := f.Read(f.Text)
		sound(t, in, got, f.Text)
		squeeze := func(s string) string {
			return strings.Map(func(r rune) rune {
				if strings.ContainsRune(" \n\u00a0\u202f", r) {
					return -1
				}
				return r
			}, s)
		}
		if a, b := squeeze(in.Plain()), squeeze(got.Text.Plain()); a != b {
			t.Fatalf("%q became %q", a, b)
		}
		for _, m := range got.Lost {
			if slices.ContainsFunc(in, func(s document.Span) bool {
				return slices.Contains(s.Marks, m) && squeeze(s.Text) != "" && strings.TrimSpace(s.Text) != ""
			}) && !slices.ContainsFunc(in, func(s document.Span) bool { return slices.Contains(s.Marks, m) && squeeze(s.Text) == "" }) {
				t.Fatalf("%s lost %v of %s", f.Text, m, shown(in))
			}
		}
	})
}

func TestWhateverComesBack(t *testing.T) {
	bits := append([]string{
		`<b id="m1">`, `<i id="m2">`, `<a id="m1">`, `<a id="m3">`, `<span id="m1">`, `<span id="m2">`, `<span id="m4">`, "</b>", "</i>", "</a>", "</span>", "<b>", "<a href='javascript:x'>", "<br>",
		"<p>", "</p>", "<!--", "-->", "<script>", "</script>", "<textarea>", "<plaintext>", "<img src=x onerror=y>", "&lt;", "&amp;lt;script&amp;gt;", "<svg>", "]]>", "<![CDATA[",
	}, pieces...)
	rapid.Check(t, func(t *rapid.T) {
		in := genInline().Draw(t, "in")
		answer := strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 20).Draw(t, "answer"), "")
		sound(t, in, markup.HTML(in).Read(answer), answer)
		sound(t, in, markup.Plain(in).Read(answer), answer)
	})
}

var every = document.Inline{span("Am "), span("24.", em), span(" sagte "), span("Selenskyj", source, toward), span(" & ", source), span("Merz", source, link, strong), span(": "), span("Touché", french), span("\n<b>Ende</b>", strong)}

func FuzzRead(f *testing.F) {
	f.Add(markup.HTML(every).Text)
	f.Add(`<b id="m1">x<a id=m3></b></a>&amp;#0;<script>`)
	f.Fuzz(func(t *testing.T, answer string) {
		sound(t, every, markup.HTML(every).Read(answer), answer)
		sound(t, every, markup.Plain(every).Read(answer), answer)
	})
}

func TestNastyAnswers(t *testing.T) {
	raw, err := os.ReadFile("../../../../shared/data/nasty/blns.json")
	if err != nil {
		t.Skip("needs shared/data/nasty")
	}
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	list = append(list, snippets(t)...)
	if len(list) < 1500 {
		t.Fatalf("only %d", len(list))
	}
	asked := markup.HTML(every).Text
	for _, s := range list {
		for _, answer := range []string{s, asked + s, s + asked, asked[:len(asked)/2] + s + asked[len(asked)/2:]} {
			sound(t, every, markup.HTML(every).Read(answer), answer)
			sound(t, every, markup.Plain(every).Read(answer), answer)
		}
		in := document.Inline{span(s), span("x", strong)}.Normal()
		f := markup.HTML(in)
		sound(t, in, f.Read(f.Text), f.Text)
	}
}

// snippets are the inputs of html5lib's tests of how a page is read.
func snippets(t *testing.T) []string {
	t.Helper()
	file, err := os.Open("../../../../shared/data/nasty/html5lib-tree-construction.tar.gz")
	if err != nil {
		t.Skip("needs shared/data/nasty")
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(h.Name, ".dat") {
			continue
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(b), "\n#data\n")[1:] {
			data, _, _ := strings.Cut(part, "\n#errors")
			out = append(out, data)
		}
	}
}
