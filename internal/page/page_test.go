package page

import (
	"bytes"
	"compress/gzip"
	"flag"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/jba/templatecheck"

	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/publication"
)

var update = flag.Bool("update", false, "write the expected files anew")

// style stands in the page, and would hide every other difference.
var style = regexp.MustCompile(`(?s)<style>.*?</style>`)

// built are the hashes in the names of built files.
var built = regexp.MustCompile(`(/assets/[a-z-]+)\.[0-9A-Z]+\.`)

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	name = "testdata/" + name
	got = style.ReplaceAll(got, []byte("<style>…</style>"))
	got = built.ReplaceAll(got, []byte("$1."))
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// testWords are the product's words and, for the right-to-left sample, some in Arabic.
func testWords(t testing.TB) *lang.Catalogue {
	t.Helper()
	all := fstest.MapFS{}
	for _, dir := range []string{"../lang/words", "testdata/words"} {
		files, err := fs.Glob(os.DirFS(dir), "*.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			data, err := os.ReadFile(dir + "/" + f)
			if err != nil {
				t.Fatal(err)
			}
			maps.Copy(all, fstest.MapFS{f: {Data: data}})
		}
	}
	words, err := lang.ReadWords(all)
	if err != nil {
		t.Fatal(err)
	}
	return words
}

// Every field that a template names exists in its view.
func TestTemplatesFitTheirViews(t *testing.T) {
	p := testPages(t)
	for name, view := range map[string]any{
		"article": &Article{}, "front": &Front{}, "list": &List{}, "corrections": &Corrections{}, "static": &Static{},
		"notice": &Notice{}, "chooser": &Chooser{}, "kept": &Kept{}, "report": &Report{}, "live": &LivePage{},
	} {
		set, err := p.set("de")
		if err != nil {
			t.Fatal(err)
		}
		for _, form := range []string{name, "text-" + name} {
			if err := templatecheck.CheckHTML(set.Lookup(form), view); err != nil {
				t.Errorf("%s: %v", form, err)
			}
		}
	}
}

var word = regexp.MustCompile(`\bt "([^"]+)"`)

// Every word that a template uses is in the catalogue, in all languages it is kept in.
func TestWordsOfTheScreensAreThere(t *testing.T) {
	words, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	files, err := screens.ReadDir("screens")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		text, err := screens.ReadFile("screens/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range word.FindAllStringSubmatch(string(text), -1) {
			n++
			for _, l := range []lang.Tag{"de", "uk", "en", "fr", "pl", "ru"} {
				if !words.In(l).Has(m[1]) {
					t.Errorf("%s: %s has no word for %s", f.Name(), l, m[1])
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d words found", n)
	}
}

func drawn(t *testing.T, p *Pages, l lang.Tag, change ...func(*facts)) []byte {
	t.Helper()
	f := sampleFacts(l)
	for _, c := range change {
		c(&f)
	}
	v := sampleSite(p, l).article(f, nil)
	var b bytes.Buffer
	if err := p.RenderArticle(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTextAlone(t *testing.T) {
	p := testPages(t)
	for _, l := range []lang.Tag{"de", "uk", "ar"} {
		var b, z bytes.Buffer
		if err := p.RenderArticle(&b, sampleSite(p, l).AsText().article(sampleFacts(l), nil)); err != nil {
			t.Fatal(err)
		}
		golden(t, "text-"+string(l)+".html", b.Bytes())
		w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(b.Bytes())
		w.Close()
		if z.Len() > textBudget {
			t.Errorf("%s: %d bytes, %d are allowed", l, z.Len(), textBudget)
		}
		t.Logf("%s: %d bytes", l, z.Len())
		for _, no := range []string{"<img", "<picture", "<script", "<link rel=\"preload", "url(", "<svg"} {
			if strings.Contains(b.String(), no) {
				t.Errorf("%s: %s in a page of text alone", l, no)
			}
		}
	}
}

func TestArticlesAreWhatTheyWere(t *testing.T) {
	p := testPages(t)
	for _, l := range []lang.Tag{"de", "uk", "ar"} {
		golden(t, "article-"+string(l)+".html", drawn(t, p, l))
	}
}

// budget is what the reference story's page may weigh: HTML, styles and the script, compressed.
const budget = 14 << 10

// scriptBudget is what of it is the script's.
const scriptBudget = 4 << 10

func TestArticleStaysWithinItsBudget(t *testing.T) {
	p := testPages(t)
	for _, l := range []lang.Tag{"de", "uk", "ar"} {
		var b bytes.Buffer
		z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		z.Write(drawn(t, p, l))
		z.Close()
		page := b.Len()
		b.Reset()
		z.Reset(&b)
		z.Write(p.assets.Bytes("reader.js"))
		z.Close()
		if total := page + b.Len(); total > budget {
			t.Errorf("%s: %d bytes, %d allowed", l, total, budget)
		} else {
			t.Logf("%s: %d bytes with a script of %d", l, total, b.Len())
		}
		if b.Len() > scriptBudget {
			t.Errorf("the script has %d bytes, %d are allowed", b.Len(), scriptBudget)
		}
	}
}

// The policy names the hash of exactly what stands in the page.
func TestStyleIsLetThrough(t *testing.T) {
	p := testPages(t)
	for _, look := range []Look{{}, {SystemFonts: true}, {Accent: "#112233", AccentDark: "#ddeeff"}} {
		st := p.styles.of("de", look, false)
		f := Frame{Lang: "de", Dir: "ltr", Style: st}
		var b bytes.Buffer
		if err := p.RenderNotice(&b, &Notice{Frame: f}); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(b.String(), "<style>")
		css, _, ok := strings.Cut(rest, "</style>")
		if !ok || css != string(st.CSS) {
			t.Fatal("the style sheet was changed on its way into the page")
		}
		if strings.Contains(css, "/assets/") == look.SystemFonts {
			t.Errorf("%+v: fonts are there or not", look)
		}
		if !strings.Contains(st.CSP(), "style-src '"+st.hash+"'") {
			t.Error(st.CSP())
		}
	}
}

func TestLookTakesColoursOnly(t *testing.T) {
	for _, tt := range []struct {
		look Look
		want string
	}{
		{Look{}, ""},
		{Look{Accent: "red;}body{display:none", Accent2: "#12345", Wash: "</style>"}, ""},
		{Look{Accent: "#112233", AccentDark: "#ddeeff"}, "@media screen{:root{--accent:#112233;}}@media screen and (prefers-color-scheme:dark){:root{--accent:#ddeeff;}}"},
		{Look{Accent: "#112233"}, "@media screen and (prefers-color-scheme:light){:root{--accent:#112233;}}"},
		{Look{WashDark: "#000000"}, "@media screen and (prefers-color-scheme:dark){:root{--wash:#000000;}}"},
	} {
		if got := tt.look.css(); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.look, got, tt.want)
		}
	}
}

// What is hostile in a text stays text, wherever it comes out.
func TestNothingIsExecuted(t *testing.T) {
	p := testPages(t)
	evil := `</script></style><script>alert(1)</script>"'><img src=x onerror=alert(1)>{{.}}` + "\u2028]]>"
	page := string(drawn(t, p, "de", func(f *facts) {
		f.Doc.Kicker, f.Doc.Headline, f.Doc.Teaser = evil, evil, evil
		f.Story.Sources[0].Name, f.Story.Sources[0].URL = evil, "javascript:alert(1)"
		f.corrections[0].Text = evil
		f.Check.By = evil
		f.topics[0].Names["de"] = topicName(evil, `"><script>`)
	}))
	for _, bad := range []string{"<script>alert", "<img src=x", "javascript:alert", `topic/"`} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	if n := strings.Count(page, "</script>"); n != 3 { // JSON-LD twice, and the share script
		t.Errorf("%d scripts end", n)
	}
}

func TestRawTextIsToldAndHidden(t *testing.T) {
	p := testPages(t)
	page := string(drawn(t, p, "de", func(f *facts) { f.Edition.Made, f.Check = "machine", f.Edition.Check }))
	for _, want := range []string{
		`<span class="raw">Maschinell übersetzt, nicht geprüft</span><br><a href="/uk/12/zelenskyi-spodivaietsia" hreflang="uk">Original lesen</a>`,
		`content="noindex"`, `TrainedAlgorithmicMediaDigitalSource`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("lacks %s", want)
		}
	}
}

func TestHeadOfManyAuthorsAndSources(t *testing.T) {
	p := testPages(t)
	page := string(drawn(t, p, "de", func(f *facts) {
		f.authors = slices.Concat(sampleAuthors(), sampleAuthors())
	}))
	for _, want := range []string{
		`<a href="/de/author/redaktion-politik/">Redaktion Politik</a>, <a href="/de/author/olena-marko/">Olena Marko</a> und weitere</dd>`,
		"Von Redaktion Politik, Olena Marko, Redaktion Politik und Olena Marko",
		`<a href="#source-s1">Le Monde</a>, <a href="#source-s2">Nato</a> und 1 weitere</dd>`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("lacks %s", want)
		}
	}
}

// What is read keeps together what the language keeps; what machines read is as it was written.
func TestWordsKeptTogether(t *testing.T) {
	p := testPages(t)
	f := sampleFacts("uk")
	f.Doc.Headline = "Зустріч у Києві"
	f.Doc.Lead = document.Text("Про це пише Le Monde.")
	v := sampleSite(p, "uk").article(f, nil)
	var b bytes.Buffer
	if err := p.RenderArticle(&b, v); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<h1>Зустріч у\u00a0Києві</h1>", "<title>Зустріч у Києві | ", `"headline":"Зустріч у Києві"`, "пише Le\u00a0Monde.</p>", `og:title" content="Зустріч у Києві"`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("lacks %s", want)
		}
	}
}

// A section without a name in the language has no page there, and its name is another language's.
func TestSectionOfAnotherLanguage(t *testing.T) {
	p := testPages(t)
	f := sampleFacts("ar")
	f.section = publication.Section{ID: "sport", Active: true, Names: map[lang.Tag]publication.Name{"uk": {Name: "Спорт", Slug: "sport"}}}
	v := sampleSite(p, "ar").article(f, nil)
	var b bytes.Buffer
	if err := p.RenderArticle(&b, v); err != nil {
		t.Fatal(err)
	}
	if want := `<aside class="kick"><span lang="uk" dir="ltr">Спорт</span><span>`; !strings.Contains(b.String(), want) {
		t.Errorf("lacks %s", want)
	}
	if strings.Contains(b.String(), `href=""`) {
		t.Error("a link to nowhere")
	}
}

func TestSwitchOfManyLanguages(t *testing.T) {
	p := testPages(t)
	s := sampleSite(p, "ru")
	s.Paper.Languages = nil
	for _, l := range []lang.Tag{"de", "uk", "en", "fr", "pl", "es", "it", "ru", "ar"} {
		s.Paper.Languages = append(s.Paper.Languages, publication.Language{Tag: l, Active: true})
		s.out[l] = true
	}
	s.Paper.Languages = append(s.Paper.Languages, publication.Language{Tag: "pt", Active: true}) // with nothing to read yet
	got := s.switches(where{"fr": "/fr/12/x"})
	var shown, more []string
	for _, t := range got.Shown {
		shown = append(shown, string(t.Lang)+" "+t.Href)
	}
	for _, t := range got.More {
		more = append(more, string(t.Lang)+" "+t.Href+t.Dir)
	}
	want := []string{"de /de/", "uk /uk/", "en /en/", "fr /fr/12/x", "ru "}
	if diff := cmp.Diff(want, shown); diff != "" {
		t.Errorf("shown: %s", diff)
	}
	if diff := cmp.Diff([]string{"pl /pl/", "es /es/", "it /it/", "ar /ar/rtl"}, more); diff != "" {
		t.Errorf("behind: %s", diff)
	}
	s.Paper.Languages = s.Paper.Languages[:1]
	if got := s.switches(nil); got.Shown != nil {
		t.Error("a switch between one language")
	}
}

func TestOldStoriesSaySo(t *testing.T) {
	p := testPages(t)
	if page := string(drawn(t, p, "de")); strings.Contains(page, "aus dem Jahr") {
		t.Error("a story of today is old")
	}
	s := sampleSite(p, "de")
	s.Now = sampleNow.AddDate(2, 0, 0)
	if got := s.old(sampleFacts("de")); got != "Dieser Artikel ist aus dem Jahr 2024" {
		t.Error(got)
	}
}

func TestReserved(t *testing.T) {
	for w, want := range map[string]bool{"": true, "topic": true, "2024": true, "corrections": true, "politik": false, "2024-wahl": false, "feed.rss": true} {
		if got := Reserved(w); got != want {
			t.Errorf("%q: %v", w, got)
		}
	}
}

func TestIcons(t *testing.T) {
	for name := range iconSizes {
		data, kind := Icon(name)
		if kind != "image/png" || len(data) < 200 || !bytes.HasPrefix(data, []byte("\x89PNG")) {
			t.Errorf("%s: %s, %d bytes", name, kind, len(data))
		}
	}
	if data, kind := Icon("favicon.svg"); kind != "image/svg+xml" || !bytes.Contains(data, []byte("<svg")) {
		t.Error(kind)
	}
}
