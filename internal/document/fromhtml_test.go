package document

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func readHTML(t *testing.T, src string, o ReadOptions) ([]Block, []Remark) {
	t.Helper()
	o.IDs = mdIDs()
	blocks, remarks, err := FromHTML(strings.NewReader(src), o)
	if err != nil {
		t.Fatal(err)
	}
	return blocks, remarks
}

// TestFromHTML compares by the Markdown of what was read: it says all but the IDs.
func TestFromHTML(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"paragraphs":     {"<p>Ein  <b>Satz</b>\n hier.</p>Text<div>im Kasten</div>", "Ein **Satz** hier.\n\nText\n\nim Kasten"},
		"headings":       {"<h1>A</h1><h2>B</h2><h6>C</h6><h2></h2>", "## A\n\n### B\n\n#### C"},
		"lists":          {"<ul><li>a<li>b<ul><li>c</ul></ul><ol><li>x</li></ol>", "- a\n- b\n- c\n\n1) x"},
		"quotation":      {"<blockquote><p>Wort.</p><cite>— Wer</cite></blockquote>", "> Wort.\n> — Wer"},
		"table":          {"<table><thead><tr><th>a<th>b</thead><tr><td colspan=2>1</table>", "| a | b |\n| --- | --- |\n| 1 |  |"},
		"layout table":   {"<table><tr><td><p>Nur Text.</p></td></tr></table>", "Nur Text."},
		"links":          {`<a href="https://example.org/">gut</a> <a href="javascript:alert(1)">böse</a> <a href="#x">Anker</a>`, "[gut](https://example.org/) böse Anker"},
		"scripts":        {"<p>a<script>alert(1)</script><style>p{}</style></p><form><input value=x>weg</form>", "a"},
		"breaks":         {"<p>a<br>b<br><br>c</p>", "a\\\nb\n\nc"},
		"lang":           {`<p>Er sagte <span lang="fr">bonjour</span>.</p>`, "Er sagte [bonjour](lang:fr)."},
		"google docs":    {`<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr"><span style="font-weight:700;font-style:normal">Fett</span><span style="font-weight:400;font-style:italic"> schräg</span></p><br></b>`, "[Fett](strong)[&#32;schräg](em)"},
		"word list":      {`<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp; </span></span><![endif]>Eins</p><p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Zwei</p><p class=MsoNormal>Danach<o:p></o:p></p>`, "- Eins\n- Zwei\n\nDanach"},
		"word numbers":   {`<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span> </span></span>Erstens</p>`, "1. Erstens"},
		"figure":         {`<figure><img src=a.jpg alt=Bild><figcaption>Dazu <i>Text</i></figcaption></figure>`, "Dazu *Text*"},
		"no-break space": {"<p>10&nbsp;000</p>", "10\u00a0000"},
	} {
		t.Run(name, func(t *testing.T) {
			blocks, _ := readHTML(t, c.src, ReadOptions{})
			if diff := cmp.Diff(c.want, Markdown(blocks)); diff != "" {
				t.Error(diff)
			}
			if err := Validate(Doc{Blocks: blocks}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFromHTMLTakesPicturesAndEmbeds(t *testing.T) {
	blocks, remarks := readHTML(t, `<figure><img src="a.jpg" alt="A"><figcaption>Eins</figcaption></figure>
		<figure class="gallery"><img src="b.jpg"><img src="c.jpg"></figure><iframe src="https://player.example/1" title="Film"></iframe><img src="weg.jpg">`,
		ReadOptions{
			Picture: func(src, alt string, caption Inline) (Picture, bool) {
				return Picture{ID: ID("p" + strings.TrimSuffix(src, ".jpg")), Media: strings.TrimSuffix(src, ".jpg"), Alt: alt, Caption: caption}, src != "weg.jpg"
			},
			Embed: func(src, title string) (EmbedRef, bool) { return EmbedRef{URL: src, Title: title}, true },
		})
	want := "![A](media:a)\nEins\n\n:::gallery\n![](media:b)\n\n![](media:c)\n:::\n\n:::embed https://player.example/1 Film"
	if diff := cmp.Diff(want, Markdown(blocks)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Remark{{RemarkPicture, "weg.jpg"}}, remarks); diff != "" {
		t.Error(diff)
	}
}

// TestFromHTMLSurvivesBrowsersOwnTests reads the snippets by which browsers test their parsers.
func TestFromHTMLSurvivesBrowsersOwnTests(t *testing.T) {
	f, err := os.Open("../../../shared/data/nasty/html5lib-tree-construction.tar.gz")
	if err != nil {
		t.Skip("the snippets aren't here")
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for files := tar.NewReader(zip); ; {
		h, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(h.Name, ".dat") {
			continue
		}
		raw, err := io.ReadAll(files)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range strings.Split(string(raw), "#data\n") {
			src, _, ok := strings.Cut(test, "\n#errors")
			if !ok {
				continue
			}
			n++
			blocks, _ := readHTML(t, src, ReadOptions{})
			if err := Validate(Doc{Blocks: blocks}); err != nil {
				t.Errorf("%s: %q: %v", h.Name, src, err)
			}
		}
	}
	if n < 1500 {
		t.Errorf("only %d snippets were read", n)
	}
}

func FuzzFromHTML(f *testing.F) {
	f.Add("<ul><li>a<p>b<table><tr><td>c")
	f.Add("<b style='font-weight:normal'><p class=MsoListParagraph>x")
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<16 {
			return
		}
		blocks, _, err := FromHTML(strings.NewReader(src), ReadOptions{IDs: mdIDs()})
		if err != nil {
			return
		}
		if err := Validate(Doc{Blocks: blocks}); err != nil {
			t.Fatal(err)
		}
	})
}
