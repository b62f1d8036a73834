package wptext

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// flat writes HTML as a browser understands it, on one line.
func flat(t testing.TB, src string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	body := root.FirstChild.LastChild
	for n := body.FirstChild; n != nil; n = n.NextSibling {
		if err := html.Render(&b, n); err != nil {
			t.Fatal(err)
		}
	}
	s := strings.Join(strings.Fields(b.String()), " ")
	for _, r := range [][2]string{{"<p></p>", ""}, {"<br/> ", "<br/>"}, {" </p>", "</p>"}, {"<p> ", "<p>"}, {"> <", "><"}} {
		s = strings.ReplaceAll(s, r[0], r[1])
	}
	for _, tag := range []string{"<p>", "<h2>", "<ul>", "<script>", "<iframe"} {
		s = strings.ReplaceAll(s, " "+tag, tag)
	}
	return s
}

func TestAutop(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"one line":          {"Text", "Text"},
		"paragraphs":        {"eins\n\nzwei\n \n\ndrei", "eins<p>zwei</p><p>drei</p>"},
		"line breaks":       {"eins\nzwei\n\ndrei", "eins<br/>zwei<p>drei</p>"},
		"break and newline": {"eins<br />\nzwei", "eins<br/>zwei"},
		"around blocks":     {"eins\n<h2>Titel</h2>\nzwei\n\n<ul>\n<li>a</li>\n<li>b\nc</li>\n</ul>\n\ndrei", "eins<h2>Titel</h2> zwei<ul><li>a</li><li>b<br/>c</li></ul> drei"},
		"in a quotation":    {"<blockquote>eins\n\nzwei</blockquote>", "<blockquote>eins<p>zwei</p></blockquote>"},
		"pre is left":       {"<pre>a\n\nb\n  c</pre>\n\nd", "<pre>a b c</pre> d"},
		"script is left":    {"a\n<script>\nvar x\n\n</script>\nb", "a<script> var x </script> b"},
		"within emphasis":   {"a <em>b\n\nc</em> d", "a <em>b </em><p><em>c</em> d</p>"},
		"within a tag":      {"<a\nhref='x'\n>y</a>", `<a href="x">y</a>`},
		"table":             {"<table>\n<tr>\n<td>a\nb</td>\n</tr>\n</table>", "<table><tbody><tr><td>a<br/>b</td></tr></tbody></table>"},
		"more":              {"a\n\n<!--more-->\n\nb", "a<p><!--more--></p><p>b</p>"},
		"paragraphs there":  {"<p>a</p>\n\n<p>b\nc</p>", "<p>a</p><p>b<br/>c</p>"},
		"no tag":            {"1 < 2\n\n3 > 2", "1 &lt; 2<p>3 &gt; 2</p>"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, flat(t, Autop(c.src))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

var library = map[string]Attachment{
	"5": {ID: "5", URL: "https://a.example/up/fuenf.jpg", Alt: "Fünf", Caption: "Die <em>Fünf</em>", Credit: "dpa"},
	"6": {ID: "6", URL: "https://a.example/up/sechs.jpg"},
	"7": {ID: "7", URL: "https://a.example/up/sieben.mp3", Title: "Sieben"},
}

func env(have bool) Env {
	return Env{
		Attachment: func(id string) (Attachment, bool) { a, ok := library[id]; return a, ok },
		Attached:   func() []string { return []string{"5", "6"} },
		Block: func(id string) (string, bool) {
			switch id {
			case "9":
				return "<!-- wp:paragraph --><p>Immer wieder</p><!-- /wp:paragraph -->", true
			case "10":
				return `<!-- wp:block {"ref":10} /-->`, true // in itself
			}
			return "", false
		},
		Picture: func(Picture) bool { return have },
		Embed:   func(u string) bool { return strings.HasPrefix(u, "https://www.youtube.com/") },
	}
}

func TestHTML(t *testing.T) {
	b64 := base64.StdEncoding.EncodeToString([]byte(url.PathEscape("<p>Roh</p>")))
	for name, c := range map[string]struct{ src, want, remarks string }{
		"caption": {
			`[caption id="attachment_5" align="alignleft" width="300"]<a href="x"><img class="wp-image-5" src="https://a.example/up/fuenf-300x200.jpg" alt="" /></a> Ein <b>Wort</b>[/caption]` + "\n\nText",
			`<figure><img src="picture:0"/></figure> Text|5 Fünf "Ein <b>Wort</b>" dpa`, "",
		},
		"caption of old":  {`[caption id="attachment_6" caption="Alt &amp; neu"]<img src="/b.jpg"/>[/caption]`, `<figure><img src="picture:0"/></figure>|6  "Alt &amp; neu" `, ""},
		"typeset quotes":  {`[caption id=”attachment_6″]<img src="/b.jpg"/> x[/caption]`, `<figure><img src="picture:0"/></figure>|6  "x" `, ""},
		"gallery":         {`[gallery ids="5,6" columns="2"]`, `<figure><img src="picture:0"/><img src="picture:1"/></figure>|5 Fünf "Die <em>Fünf</em>" dpa|6  "" `, ""},
		"gallery of all":  {`[gallery exclude="6"]`, `<figure><img src="picture:0"/></figure>|5 Fünf "Die <em>Fünf</em>" dpa`, ""},
		"gallery unknown": {`a [gallery ids="99"] b`, "a b", `remark.shortcode [gallery ids="99"]`},
		"gallery block": {
			`<!-- wp:gallery --><figure class="wp-block-gallery"><ul><li><figure><img src="/1.jpg"/><figcaption>Eins</figcaption></figure></li><li><figure><img src="/2.jpg" alt="zwei"/></figure></li></ul><figcaption>Alle</figcaption></figure><!-- /wp:gallery -->`,
			`<figure><img src="picture:0"/><img src="picture:1"/></figure><p>Alle</p>|  "Eins" | zwei "" `, "",
		},
		"embed":             {"[embed width=\"1\"]https://youtu.be/abc[/embed]", `<iframe src="https://www.youtube.com/watch?v=abc" title=""></iframe>`, ""},
		"embed elsewhere":   {"[embed]https://x.example/1[/embed]", `<p><a href="https://x.example/1">https://x.example/1</a></p>`, "remark.embed https://x.example/1"},
		"address in a line": {"davor\n\nhttps://www.youtube.com/watch?v=abc&amp;t=3\n\ndanach", `davor<iframe src="https://www.youtube.com/watch?v=abc" title=""></iframe> danach`, ""},
		"audio":             {`[audio mp3="https://a.example/x.mp3"][/audio]`, `<p><a href="https://a.example/x.mp3">x.mp3</a></p>`, "remark.media https://a.example/x.mp3"},
		"playlist":          {`[playlist ids="7"]`, `<p><a href="https://a.example/up/sieben.mp3">Sieben</a></p>`, "remark.media https://a.example/up/sieben.mp3"},
		"video block":       {`<figure class="wp-block-video"><video controls src="https://a.example/f.mp4"></video><figcaption>Film</figcaption></figure>`, `<figure class="wp-block-video"><p><a href="https://a.example/f.mp4">f.mp4</a></p><figcaption>Film</figcaption></figure>`, "remark.media https://a.example/f.mp4"},
		"page builder": {
			`[vc_row full_width="a"][vc_column width="1/2"][vc_column_text]Eins` + "\n\n" + `Zwei[/vc_column_text][vc_single_image image="6"][/vc_column][/vc_row][vc_raw_html]` + b64 + `[/vc_raw_html]`,
			`Eins<p>Zwei</p><figure><img src="picture:0"/></figure><p>Roh</p>|6  "" `,
			"",
		},
		"unknown":           {`[box a="1"]drin[/box] und [leer] hier`, "drin und [leer] hier", `remark.shortcode [box a="1"]`},
		"unknown and alone": {"a\n\n[irgendwas]\n\nb", "a<p>b</p>", "remark.shortcode [irgendwas]"},
		"people's brackets": {"Er [der Minister] sagte [sic], [2] [co-founder] [...] [Anm. d. Red.] [x", "Er [der Minister] sagte [sic], [2] [co-founder] [...] [Anm. d. Red.] [x", ""},
		"escaped":           {"So: [[gallery]] und [[box a=1]]", "So: [gallery] und [box a=1]", ""},
		"closing only":      {"a [/vc_row] b", "a b", ""},
		"part of a builder": {"[et_pb_section][et_pb_signup a=1]x[/et_pb_signup][/et_pb_section]", "x", "remark.shortcode [et_pb_signup a=1]"},
		"pages":             {"eins<!--nextpage-->zwei", "eins<p>zwei</p>", ""},
		"in a tag":          {`<a title="[gallery]" href="/x">x</a>`, `<a href="/x" title="[gallery]">x</a>`, ""},
		"blocks":            {"<!-- wp:paragraph {\"align\":\"left\"} -->\n<p>Eins\nzwei</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:latest-posts {\"n\":1} /-->\n<!-- wp:spacer /-->", "<p>Eins zwei</p>", "remark.block latest-posts"},
		"between blocks":    {"frei\n\nnoch\n<!-- wp:paragraph --><p>Block</p><!-- /wp:paragraph -->", "frei<p>noch</p><p>Block</p>", ""},
		"classic block":     {"<!-- wp:freeform -->eins\n\nzwei<!-- /wp:freeform -->", "eins<p>zwei</p>", ""},
		"reusable block":    {`<!-- wp:block {"ref":9} /-->`, "<p>Immer wieder</p>", ""},
		"block in itself":   {`<!-- wp:block {"ref":10} /-->`, "", "remark.block block"},
		"sharing":           {`<p>Text</p><div class="sharedaddy">Teilen: <a href="x">X</a></div><div class="td-a-rec"></div>`, "<p>Text</p>", "remark.debris Teilen: X"},
		"smiley":            {`Gut <img class="wp-smiley" src="/s.gif" alt=":-)" />!`, "Gut :-)!", ""},
		"counting pixel":    {`a<img src="https://count.example/x.gif" width="1" height="1">b`, "ab", "remark.debris https://count.example/x.gif"},
		"loaded late":       {`<img src="data:image/gif;base64,R0" data-lazy-src="/echt.jpg">`, `<img src="picture:0"/>|  "" `, ""},
		"linked":            {`<a href="/gross.jpg"><img src="/klein.jpg"></a>`, `<img src="picture:0"/>|  "" `, ""},
		"file button":       {`<div class="wp-block-file"><a href="/a.pdf">Bericht</a><a class="wp-block-file__button" href="/a.pdf">Download</a></div>`, `<div class="wp-block-file"><a href="/a.pdf">Bericht</a></div>`, ""},
		"iframe":            {`<iframe src="//www.youtube.com/embed/abc?rel=0" title="T"></iframe>`, `<iframe src="https://www.youtube.com/watch?v=abc" title="T"></iframe>`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			res := HTML(c.src, env(true))
			got := flat(t, res.HTML)
			for _, p := range res.Pictures {
				got += "|" + p.ID + " " + p.Alt + ` "` + p.Caption + `" ` + p.Credit
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
			var remarks []string
			for _, m := range res.Remarks {
				remarks = append(remarks, m.Key+" "+m.Text)
			}
			if diff := cmp.Diff(c.remarks, strings.Join(remarks, "|")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestWithoutPictures holds that a picture that can't be had leaves its words and a link.
func TestWithoutPictures(t *testing.T) {
	for name, c := range map[string]struct{ src, want string }{
		"caption": {`<figure><img src="https://a.example/b.jpg" alt="x"><figcaption>Ein <em>Bild</em></figcaption></figure>`, `<p>Ein <em>Bild</em><a href="https://a.example/b.jpg">[b.jpg]</a></p>`},
		"alt":     {`a <img src="https://a.example/b.jpg" alt="Ein Bild"> c`, `a<p><a href="https://a.example/b.jpg">Ein Bild</a></p> c`},
		"nothing": {`<p><a href="/gross"><img src="https://a.example/b.jpg?x=1"></a></p>`, `<p><a href="https://a.example/b.jpg?x=1">b.jpg</a></p>`},
	} {
		t.Run(name, func(t *testing.T) {
			res := HTML(c.src, env(false))
			if diff := cmp.Diff(c.want, flat(t, res.HTML)); diff != "" {
				t.Error(diff)
			}
			if len(res.Remarks) != 1 || res.Remarks[0].Key != RemarkPicture {
				t.Errorf("remarks %v", res.Remarks)
			}
		})
	}
}

func TestPlain(t *testing.T) {
	for src, want := range map[string]string{
		"a &amp; b <em>c</em>": "a & b c", "<p>a</p><p>b</p>": "a b", "a<br>b": "a b", "x <3 y": "x <3 y", "<script>x</script>a": "a", " a \n b ": "a b",
	} {
		if got := Plain(src); got != want {
			t.Errorf("Plain(%q) = %q, want %q", src, got, want)
		}
	}
}

// TestWordsSurvive holds that no word of a text is lost, whatever stands between them.
func TestWordsSurvive(t *testing.T) {
	word := rapid.StringMatching(`[a-zäöü]{4,9}`)
	between := rapid.SampledFrom([]string{
		" ", "\n", "\n\n", "<p>", "</p>", "<br>", "<em>", "</em>", "<ul><li>", "</li></ul>", "[", "]", "[x]", "[caption]", "[/caption]", "[box a=1]", "[/box]",
		"<!-- wp:paragraph -->", "<!-- /wp:paragraph -->", "<!-- wp:latest-posts /-->", "<figure>", "</figure>", "<figcaption>", "</figcaption>",
		`<img src="/a.jpg">`, `<iframe src="https://x.example"></iframe>`, "<table><tr><td>", "</td></tr></table>", "<", ">", "&", "[[a]]", "<blockquote>", "</blockquote>",
	})
	rapid.Check(t, func(t *rapid.T) {
		var src strings.Builder
		var words []string
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			w := word.Draw(t, "word")
			words = append(words, w)
			src.WriteString(" " + w + " " + between.Draw(t, "between"))
		}
		res := HTML(src.String(), env(rapid.Bool().Draw(t, "have")))
		all := res.HTML
		for _, p := range res.Pictures {
			all += " " + p.Caption
		}
		for _, m := range res.Remarks {
			all += " " + m.Text
		}
		for _, w := range words {
			if !strings.Contains(all, w) {
				t.Fatalf("%q is lost in %q\nof %q", w, all, src.String())
			}
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add(`[caption id="a"]<img src=x>[/caption][gallery][box]` + "\n\n<!-- wp:block {\"ref\":9} /-->")
	f.Add("<figure><figure><img src=a><figcaption>b</figure><a><img src=c>")
	f.Add("[[[a]][a][/a][a b='c' d=e]")
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 1<<14 {
			return
		}
		for _, have := range []bool{true, false} {
			res := HTML(src, env(have))
			if n := strings.Count(res.HTML, `src="picture:`); n > len(res.Pictures) && !strings.Contains(src, "picture:") {
				t.Fatalf("%d places for %d pictures", n, len(res.Pictures))
			}
		}
	})
}
