package site

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"

	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
)

// taken is what a reader of articles took out of a page.
type taken struct {
	title, author, language, text string
	at                            time.Time
}

// readability is what browsers' reader modes do; trafilatura what those do who gather texts.
var takers = map[string]func(t *testing.T, page string, u *url.URL) taken{
	"Readability": func(t *testing.T, page string, u *url.URL) taken {
		t.Helper()
		p := readability.NewParser()
		a, err := p.Parse(strings.NewReader(page), u)
		if err != nil {
			t.Fatal(u, err)
		}
		at, err := a.PublishedTime()
		if err != nil {
			t.Error(u, err)
		}
		var b strings.Builder
		if err := a.RenderText(&b); err != nil {
			t.Error(u, err)
		}
		return taken{a.Title(), a.Byline(), a.Language(), b.String(), at}
	},
	"trafilatura": func(t *testing.T, page string, u *url.URL) taken {
		t.Helper()
		a, err := trafilatura.Extract(strings.NewReader(page), trafilatura.Options{OriginalURL: u, HtmlDateMode: trafilatura.Fast})
		if err != nil {
			t.Fatal(u, err)
		}
		return taken{a.Metadata.Title, a.Metadata.Author, a.Metadata.Language, a.ContentText, a.Metadata.Date}
	},
}

// TestArticlesAreReadByMachines: both find title, author, day, language and exactly the article's text,
// in every article of the paper, in every language: all that was written, and nothing beside it. What
// belongs to pictures may come along or not, since either leaves most pictures out.
func TestArticlesAreReadByMachines(t *testing.T) {
	all := whole(t)
	langs := map[string]int{}
	for _, a := range sorted(all) {
		parts := strings.Split(a.Path, "/")
		if Shape(a.Path) != "/{lang}/{}/{}" || !a.HTML() {
			continue
		}
		langs[parts[1]]++
		n, err := strconv.ParseInt(parts[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		live, err := theSite.app.Editions.Published(t.Context(), theSite.app.DB.Read(), n, lang.Tag(parts[1]))
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(base + a.Path)
		if err != nil {
			t.Fatal(err)
		}
		for name, take := range takers {
			got := take(t, a.Body, u)
			checkTaken(t, name+": "+a.Path, got, live, authors(t, live), name == "trafilatura")
			checkText(t, name+": "+a.Path, got.text, live, a.Doc(), name == "trafilatura")
		}
	}
	for _, l := range []string{"de", "uk", "en", "fr", "ar"} {
		if langs[l] == 0 {
			t.Errorf("no article in %s", l)
		}
	}
}

func authors(t *testing.T, live edition.Live) []string {
	t.Helper()
	byID, err := theSite.app.People.AuthorsByIDs(t.Context(), theSite.app.DB.Read(), live.Story.Authors)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, id := range live.Story.Authors {
		name := byID[id].Names[live.Edition.Lang]
		if name.Name == "" {
			name = byID[id].Names["de"] // the paper's main language
		}
		out = append(out, name.Name)
	}
	return out
}

// checkTaken lets a taker that knows only persons as authors leave out the desk beside them.
func checkTaken(t *testing.T, where string, got taken, live edition.Live, authors []string, onlyPersons bool) {
	t.Helper()
	if letters(got.title) != letters(live.Doc.Headline) {
		t.Errorf("%s: the title is %q, not %q", where, got.title, live.Doc.Headline)
	}
	names := strings.FieldsFunc(got.author, func(r rune) bool { return r == ',' || r == ';' })
	for i := range names {
		names[i] = letters(names[i])
	}
	want := make([]string, len(authors))
	for i := range authors {
		want[i] = letters(authors[i])
	}
	slices.Sort(names)
	slices.Sort(want)
	if onlyPersons && len(names) == 0 && len(authors) == 1 && !strings.Contains(authors[0], " ") {
		return // nor one of a single word
	}
	if !slices.Equal(names, want) && !(onlyPersons && len(names) > 0 && isSubset(names, want)) {
		t.Errorf("%s: the author is %q, not %q", where, got.author, authors)
	}
	if got.language != string(live.Edition.Lang) {
		t.Errorf("%s: the language is %q", where, got.language)
	}
	if day := live.Edition.FirstPublished.UTC().Format(time.DateOnly); got.at.UTC().Format(time.DateOnly) != day {
		t.Errorf("%s: the date is %v, not %s", where, got.at, day)
	}
}

func isSubset(part, whole []string) bool {
	return !slices.ContainsFunc(part, func(s string) bool { return !slices.Contains(whole, s) })
}

// letters is a text without what may differ in taking it: spaces, soft hyphens and marks.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

// checkText takes from what was taken the texts of the document, one after the other as they stand;
// then what may be there; nothing may be left.
//
// A taker that drops a short paragraph which is nothing but a link may do so where a quotation's speaker
// is its source.
func checkText(t *testing.T, where, text string, live edition.Live, page *html.Node, dropsLinks bool) {
	t.Helper()
	linked := map[string]bool{}
	for n := range page.Descendants() {
		if n.Data == "cite" && n.FirstChild != nil && n.FirstChild.Data == "a" {
			linked[letters(Text(n))] = true
		}
	}
	rest, pos := letters(text), 0
	for _, want := range texts(live.Doc, live.Edition.Lang) {
		i := strings.Index(rest[pos:], want)
		if i < 0 {
			if dropsLinks && linked[want] {
				continue
			}
			t.Errorf("%s lacks, or has it in another place: %s", where, want)
			continue
		}
		pos += i
		rest = rest[:pos] + rest[pos+len(want):]
	}
	for _, may := range beside(live, page) {
		rest = strings.Replace(rest, may, "", 1)
	}
	for _, entry := range running(page) { // a taker may take a key one twice
		rest = strings.ReplaceAll(rest, entry, "")
	}
	if rest != "" {
		t.Errorf("%s has what isn't the article's: %s", where, rest)
	}
}

// texts are the texts that must be there, in order, each as [letters].
func texts(d document.Doc, l lang.Tag) []string {
	var out []string
	add := func(s string) {
		if s = letters(s); s != "" {
			out = append(out, s)
		}
	}
	add(d.Lead.Plain())
	var blocks func([]document.Block)
	blocks = func(list []document.Block) {
		for _, b := range list {
			switch b.Kind {
			case document.PictureK, document.Gallery, document.Embed:
				continue
			case document.Quotation:
				own := lang.Tag(b.OriginalLang).Base() == l.Base()
				if b.Original == "" || !own {
					add(b.Text.Plain())
				}
				add(b.Speaker)
				add(b.Original)
				continue
			}
			add(b.Title)
			add(b.Text.Plain())
			for _, it := range b.Items {
				add(it.Text.Plain())
			}
			for _, r := range b.Rows {
				for _, c := range r.Cells {
					add(c.Text.Plain())
				}
			}
			blocks(b.Blocks)
		}
	}
	blocks(d.Blocks)
	return out
}

// beside is what may be there as well: the headline, what is said of pictures, of foreign content, and
// whom a quotation is taken from.
func beside(live edition.Live, page *html.Node) []string {
	out := []string{letters(live.Doc.Headline)}
	for n := range page.Descendants() {
		if n.Data == "figcaption" || n.Data == "figure" && strings.Contains(Attr(n, "class"), "embed") {
			out = append(out, letters(Text(n)))
		}
		if n.Data == "img" {
			out = append(out, letters(Attr(n, "alt")))
		}
		if n.Data == "a" && Attr(n, "class") == "ref" && n.Parent.Data == "p" && Attr(n.Parent, "class") == "said" {
			out = append(out, letters(Text(n)))
		}
	}
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}

// running is what a running story's page tells beside the story's text: its entries, and the key ones again.
func running(page *html.Node) []string {
	var out []string
	for n := range page.Descendants() {
		if Attr(n, "id") != "live" && Attr(n, "class") != "box live" {
			continue
		}
		for part := range n.Descendants() {
			if part.Type == html.TextNode {
				out = append(out, letters(part.Data))
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int { return len(b) - len(a) })
	return out
}
