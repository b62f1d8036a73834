package port

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/port/wptext"
	"depesche/internal/port/wxr"
	"depesche/internal/publication"
)

// alone is an importer without a database: it has no pictures and knows no other post.
func alone() *importer {
	im := &importer{
		origin: "wordpress:https://alt.example", lang: "de", base: &url.URL{Scheme: "https", Host: "alt.example"},
		paper: publication.Paper{MainLang: "de", Location: time.UTC, EmbedHosts: []string{"video.example"}},
		index: &index{authors: map[string]authorInfo{}, terms: map[string]*wxr.Term{}, byTerm: map[string]string{}, joined: map[string]string{}, slugs: nil},
	}
	im.pics = &pictures{im: im}
	return im
}

func composed(t testing.TB, it *wxr.Item) *arrival {
	t.Helper()
	im := alone()
	e := im.newArrival("x.xml", it)
	if e.fate == leave || e.refused != "" {
		return e
	}
	if err := im.read(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	return e
}

// FuzzCompose holds that whatever a post holds becomes a valid document, but for its size.
func FuzzCompose(f *testing.F) {
	f.Add("Titel", "a\n\n[caption]<img src=x> y[/caption]<table><tr><td>[gallery]", "teaser", "slug")
	f.Add("<b>", `<!-- wp:paragraph --><p>x <a href="/?p=1">y</a><a href="javascript:1">z</a></p>`, "<script>", "%d0%b7")
	f.Add("", "https://video.example/1\n\n<iframe src='//x'></iframe><figure><figure><img src=a>", "", "")
	f.Fuzz(func(t *testing.T, title, content, excerpt, slug string) {
		if len(title)+len(content)+len(excerpt) > 1<<14 {
			return
		}
		e := composed(t, &wxr.Item{ID: "1", Type: "post", Status: "publish", Title: title, Content: content, Excerpt: excerpt, Slug: slug, DateGMT: "2024-01-01 00:00:00"})
		var wrong *document.ValidationError
		if err := document.Validate(e.doc); errors.As(err, &wrong) {
			for _, p := range wrong.Problems {
				if p.Key != document.KeyTooLong && p.Key != document.KeyTooMany && p.Key != document.KeyTooManyBlocks {
					t.Fatal(err)
				}
			}
		}
		if strings.TrimSpace(e.doc.Headline) == "" {
			t.Fatal("no headline")
		}
	})
}

func TestDebris(t *testing.T) {
	e := composed(t, &wxr.Item{ID: "1", Type: "post", Status: "publish", Title: "T", Content: "Der Text nennt spot_img spot_img im Satz.\n\nWeiterlesen\n\nTeile diesen Beitrag:\n\nПопулярне\n\nMehr wie das\nHIER\n\nHier\n\nEnde, und beliebt."})
	var got []string
	for _, b := range e.doc.Blocks {
		got = append(got, b.Plain())
	}
	if diff := cmp.Diff([]string{"Der Text nennt im Satz.", "Ende, und beliebt."}, got); diff != "" {
		t.Error(diff)
	}
	n := 0
	for _, m := range e.report.Remarks {
		if m.Key == wptext.RemarkDebris {
			n++
		}
	}
	if n != 6 {
		t.Errorf("%d remarks: %v", n, e.report.Remarks)
	}
}

func TestSplitCredit(t *testing.T) {
	for caption, want := range map[string][2]string{
		"Auf dem Gipfel. Foto: Agentur":         {"Auf dem Gipfel.", "Agentur"},
		"Auf dem Gipfel (Foto: Anna K.)":        {"Auf dem Gipfel", "Anna K."},
		"На саміті. Фото: Агенція":              {"На саміті.", "Агенція"},
		"The summit | Photo: A. Smith / Agency": {"The summit", "A. Smith / Agency"},
		"Der Saal © Meridian":                   {"Der Saal", "Meridian"},
		"Ein Foto vom Saal":                     {"Ein Foto vom Saal", ""},
		"Foto: Agentur":                         {"", "Agentur"},
		"Nur Text":                              {"Nur Text", ""},
	} {
		text, credit := splitCredit(caption)
		if diff := cmp.Diff(want, [2]string{text, credit}); diff != "" {
			t.Errorf("%q:\n%s", caption, diff)
		}
	}
}

func TestTagOf(t *testing.T) {
	for in, want := range map[string]string{
		"de_DE": "de-DE", "de_DE_formal": "de-DE", "ua": "uk", "uk": "uk", "pt-br": "pt-BR", "zh_CN": "zh-CN", "cz": "cs", "en": "en", "xx": "", "": "", "nonsense": "",
	} {
		if got := tagOf(in); string(got) != want {
			t.Errorf("tagOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestPaths(t *testing.T) {
	im := alone()
	im.base.Path = "/blog"
	e := &arrival{item: &wxr.Item{
		ID: "12", Type: "post", Link: "https://alt.example/blog/2024/neu/", GUID: "https://alt.example/blog/?p=12", Slug: "neu",
		Meta: []wxr.Meta{{Key: "_wp_old_slug", Value: "alt"}, {Key: "_wp_old_slug", Value: "ganz alt"}},
	}}
	want := []string{"/blog/2024/neu/", "/blog/?p=12", "/blog/2024/alt/", "/blog/2024/ganz%20alt/"}
	if diff := cmp.Diff(want, im.paths(e)); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []string{"", "/", "//evil.example/x", "/a b", "/a#b", "/a\\b", "/\x00", "x", "https://a/b", "/" + strings.Repeat("x", 2000)} {
		if goodPath(bad) {
			t.Errorf("%.30q passes", bad)
		}
	}
}

// TestParallelIDs pairs the blocks of a text and its translation.
func TestParallelIDs(t *testing.T) {
	doc := func(prefix string, texts ...string) document.Doc {
		var d document.Doc
		for i, s := range texts {
			kind := document.Paragraph
			if strings.HasPrefix(s, "# ") {
				kind, s = document.Heading, s[2:]
			}
			b := document.Block{ID: document.ID(prefix + string(rune('a'+i))), Kind: kind, Text: document.Text(s)}
			if kind == document.Heading {
				b.Level = 2
			}
			d.Blocks = append(d.Blocks, b)
		}
		return d
	}
	de := doc("", "Der erste Absatz ist von mittlerer Länge.", "# Titel", "Kurz.", "Ein recht langer Absatz mit der Zahl 1997 und vielen weiteren Wörtern darin.")
	uk := doc("", "Перший абзац середньої довжини, так.", "# Назва", "Доволі довгий абзац із числом 1997 і багатьма іншими словами.")
	var ids []string
	for _, b := range parallelIDs(uk, de, "uk").Blocks {
		ids = append(ids, string(b.ID))
	}
	if diff := cmp.Diff([]string{"a", "b", "d"}, ids); diff != "" {
		t.Error(diff)
	}
}
