package page

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"depesche/internal/lang"
)

// A page in a language that the interface has no words in says of each borrowed word, and of each
// label, that it is English.
func TestBorrowedWordsSayTheirLanguage(t *testing.T) {
	words, err := lang.LoadWords() // without the sample's Arabic
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(words, Rooms{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := sampleSite(p, "ar")
	pages := map[string][]byte{"article": drawn(t, p, "ar")}
	for name, draw := range map[string]func(*bytes.Buffer) error{
		"list": func(b *bytes.Buffer) error {
			link := &Link{Text: "أمس", Href: "/ar/"}
			return p.RenderList(b, &List{Frame: s.frame("قائمة", "", where{"ar": "/ar/x/"}), Above: s.t("reader.topic"), Heading: "قائمة", Before: link, After: link, Empty: s.t("reader.list_empty"), Older: "/", Newer: "/"})
		},
		"corrections": func(b *bytes.Buffer) error {
			return p.RenderCorrections(b, &Corrections{Frame: s.frame("قائمة", "", where{"ar": "/ar/x/"}), Older: "/"})
		},
		"notice": func(b *bytes.Buffer) error { return p.RenderNotice(b, s.Failed("X")) },
		"front": func(b *bytes.Buffer) error {
			return p.RenderFront(b, &Front{Frame: s.frame("قائمة", "", where{"ar": "/ar/"}), Archive: "/", Latest: []Card{{Headline: "خبر", Updated: s.t("reader.updated_at", "time", "١")}}})
		},
	} {
		var b bytes.Buffer
		if err := draw(&b); err != nil {
			t.Fatal(err)
		}
		pages[name] = b.Bytes()
	}
	for name, page := range pages {
		doc, err := html.Parse(bytes.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		if n := walkWords(t, name, words.In("en"), doc, ""); n < 8 {
			t.Errorf("%s: only %d words of the interface found", name, n)
		}
	}
	if german := drawn(t, p, "de"); strings.Contains(string(german), `lang="en" dir`) {
		t.Error("words of the page's own language are marked")
	}
}

// walkWords counts the English words of the interface below n, and reports those that aren't said to
// be English, and Arabic that is.
func walkWords(t *testing.T, page string, english *lang.Words, n *html.Node, in string) int {
	found := 0
	if n.Type == html.ElementNode {
		if n.Data == "head" || n.Data == "script" {
			return 0
		}
		for _, a := range n.Attr {
			if a.Key == "lang" {
				in = a.Val
			}
		}
		for _, a := range n.Attr {
			if a.Key == "aria-label" {
				found++
				if in != "en" {
					t.Errorf("%s: the label %q is said to be %q", page, a.Val, in)
				}
			}
		}
	}
	if text := strings.TrimSpace(n.Data); n.Type == html.TextNode && text != "" {
		arabic := strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) })
		if known(english, strings.TrimSuffix(text, ":")) {
			found++
			if in != "en" {
				t.Errorf("%s: %q is said to be %q", page, text, in)
			}
		} else if arabic && in == "en" && n.Parent.Data != "dd" {
			t.Errorf("%s: %q is said to be English", page, text)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		found += walkWords(t, page, english, c, in)
	}
	return found
}

func known(w *lang.Words, text string) bool {
	for _, key := range w.Keys() {
		if strings.HasPrefix(key, "reader.") && w.T(key) == text {
			return true
		}
	}
	return false
}
