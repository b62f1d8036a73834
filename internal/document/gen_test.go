package document

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// counter is a source of IDs that repeats from test to test.
func counter(prefix string) IDSource {
	n := 0
	return func() ID { n++; return ID(fmt.Sprintf("%s%d", prefix, n)) }
}

func same(a, b any) string { return cmp.Diff(a, b, cmpopts.EquateEmpty()) }

// must stops the test if there is a difference.
func must(t interface {
	Helper()
	Fatalf(string, ...any)
}, diff string, msg string, args ...any) {
	t.Helper()
	if diff != "" {
		t.Fatalf(msg+" (-want +got):\n%s", append(args, diff)...)
	}
}

// pieces are what texts are made of: words in several scripts, signs that Markdown and HTML know,
// spaces of several widths, marks that combine, emoji.
var pieces = []string{
	"Kyjiw", "hofft", "a", "b", "Слава", "Україні", "مرحبا", "שלום", "总统", "希望", "ประธานาธิบดี", "é", "e\u0301", "👩‍👩‍👧", "🇺🇦",
	" ", " ", " ", "  ", "\n", "\u00a0", "\u202f", "\u200b", "\u00ad", ".", ",", "!", "?", "…", "„", "“", "’", "1.", "2)", "-", "–", "+", "=",
	"*", "**", "_", "__", "`", "```", "#", "## ", ">", "> ", "<", "<b>", "</p>", "<!-- x -->", "&", "&amp;", "&#10;", "\\", "\\*", "[", "]", "](", "(x)", "!",
	"![", "|", "~~", "---", "===", ":::", ":::fact", "{", "}", "\"", "'", "https://example.org/a_b", "www.x.y", "^", "$", "%20", "0", "\u0301", "\u202e",
}

func genText(lines bool) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 6).Draw(t, "pieces"), "")
		return tidy(s, lines)
	})
}

func genMarks() *rapid.Generator[[]Mark] {
	return rapid.Custom(func(t *rapid.T) []Mark {
		var out []Mark
		for _, m := range []*rapid.Generator[Mark]{
			rapid.Map(rapid.SampledFrom([]string{"s1", "s2"}), func(s string) Mark { return Mark{Type: SourceRef, Source: s} }),
			rapid.OneOf(
				rapid.Map(rapid.SampledFrom([]string{"st1", "st2"}), func(s string) Mark { return Mark{Type: StoryLink, Story: s} }),
				rapid.Map(rapid.SampledFrom([]string{"https://example.org/", "http://x.y/a(b)?c=d&amp;e#f_g*h", "mailto:a@b.c", "tel:+1", "https://example.org/[1]"}),
					func(s string) Mark { return Mark{Type: Link, Href: s} })),
			rapid.Map(rapid.SampledFrom([]string{"fr", "ar", "zh-Hant"}), func(s string) Mark { return Mark{Type: Foreign, Lang: s} }),
			rapid.Just(Mark{Type: Strong}),
			rapid.Just(Mark{Type: Emphasis}),
		} {
			if rapid.IntRange(0, 4).Draw(t, "mark") == 0 {
				out = append(out, m.Draw(t, "m"))
			}
		}
		return out
	})
}

func genInline() *rapid.Generator[Inline] {
	return rapid.Custom(func(t *rapid.T) Inline {
		var in Inline
		for range rapid.IntRange(0, 4).Draw(t, "spans") {
			in = append(in, Span{genText(true).Draw(t, "text"), genMarks().Draw(t, "marks")})
		}
		return in.Normal()
	})
}

func genPicture(ids IDSource) *rapid.Generator[Picture] {
	return rapid.Custom(func(t *rapid.T) Picture {
		return Picture{ID: ids(), Media: rapid.SampledFrom([]string{"m1", "m2"}).Draw(t, "media"),
			Caption: genInline().Draw(t, "caption"), Alt: genText(false).Draw(t, "alt"), Credit: genText(false).Draw(t, "credit")}
	})
}

func genBlock(ids IDSource, kinds ...Kind) *rapid.Generator[Block] {
	return rapid.Custom(func(t *rapid.T) Block {
		b := Block{ID: ids(), Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		some := func(lo int, f func()) {
			for range rapid.IntRange(lo, 3).Draw(t, "n") {
				f()
			}
		}
		switch b.Kind {
		case Paragraph:
			b.Text = genInline().Draw(t, "text")
		case Heading:
			b.Level, b.Text = rapid.IntRange(2, 4).Draw(t, "level"), genInline().Draw(t, "text")
		case List:
			b.Ordered = rapid.Bool().Draw(t, "ordered")
			some(1, func() { b.Items = append(b.Items, Item{ids(), genInline().Draw(t, "item")}) })
		case Quotation:
			b.Text, b.Speaker = genInline().Draw(t, "text"), genText(false).Draw(t, "speaker")
			b.Original = genText(true).Draw(t, "original")
			b.OriginalLang = rapid.SampledFrom([]string{"", "fr", "uk"}).Draw(t, "lang")
			b.Source = rapid.SampledFrom([]string{"", "s1"}).Draw(t, "source")
		case PictureK:
			b.Pictures = []Picture{genPicture(ids).Draw(t, "picture")}
		case Gallery:
			some(2, func() { b.Pictures = append(b.Pictures, genPicture(ids).Draw(t, "picture")) })
		case Table:
			b.Header = rapid.Bool().Draw(t, "header")
			width := rapid.IntRange(1, 3).Draw(t, "width")
			some(1, func() {
				r := Row{ID: ids()}
				for range width {
					r.Cells = append(r.Cells, Cell{ids(), genInline().Draw(t, "cell")})
				}
				b.Rows = append(b.Rows, r)
			})
		case FactBox:
			b.Title = genText(false).Draw(t, "title")
			some(1, func() { b.Blocks = append(b.Blocks, genBlock(ids, Paragraph, List).Draw(t, "inside")) })
		case Embed:
			b.Embed = &EmbedRef{URL: rapid.SampledFrom([]string{"https://www.youtube.com/watch?v=x_y", "https://example.org/(a)"}).Draw(t, "url"),
				Title: genText(false).Draw(t, "title"), Media: rapid.SampledFrom([]string{"", "m1"}).Draw(t, "media")}
		}
		return b
	})
}

var allKinds = []Kind{Paragraph, Paragraph, Heading, List, Quotation, PictureK, Gallery, Table, FactBox, Embed, Rule}

// genDoc makes valid documents in normal form.
func genDoc(ids IDSource) *rapid.Generator[Doc] {
	return rapid.Custom(func(t *rapid.T) Doc {
		d := Doc{
			Kicker: genText(false).Draw(t, "kicker"), Headline: genText(false).Draw(t, "headline"),
			Lead: genInline().Draw(t, "lead"), Teaser: genText(false).Draw(t, "teaser"),
			Slug: rapid.SampledFrom([]string{"", "a-slug", "北约"}).Draw(t, "slug"),
		}
		if rapid.Bool().Draw(t, "has picture") {
			p := genPicture(ids).Draw(t, "picture")
			d.Picture = &p
		}
		for range rapid.IntRange(0, 5).Draw(t, "blocks") {
			d.Blocks = append(d.Blocks, genBlock(ids, allKinds...).Draw(t, "block"))
		}
		return d.Normal()
	})
}

// genWild makes documents that are wrong in every way that JSON allows.
func genWild() *rapid.Generator[Doc] {
	id := rapid.Map(rapid.SampledFrom([]string{"", "a", "b", "c", "a b", "d", "e", "f", "ü", strings.Repeat("x", 41)}), func(s string) ID { return ID(s) })
	word := rapid.SampledFrom([]string{"", "", "x", "a\x00b", "l1\r\nl2", "e\u0301", "\xff", "javascript:alert(1)", "https://x.y/z", "www.x.y", "fr", "b r"})
	marks := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Mark {
		return Mark{Type: MarkType(rapid.SampledFrom([]string{"source", "story", "link", "lang", "strong", "emphasis", "blink", ""}).Draw(t, "type")),
			Href: word.Draw(t, "href"), Story: word.Draw(t, "story"), Source: word.Draw(t, "source"), Lang: word.Draw(t, "lang")}
	}), 0, 3)
	inline := rapid.Map(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Span { return Span{word.Draw(t, "text"), marks.Draw(t, "marks")} }), 0, 3),
		func(s []Span) Inline { return s })
	picture := rapid.Custom(func(t *rapid.T) Picture {
		return Picture{id.Draw(t, "id"), word.Draw(t, "media"), inline.Draw(t, "caption"), word.Draw(t, "alt"), word.Draw(t, "credit")}
	})
	var block func(depth int) *rapid.Generator[Block]
	block = func(depth int) *rapid.Generator[Block] {
		return rapid.Custom(func(t *rapid.T) Block {
			maybe := func() bool { return rapid.IntRange(0, 3).Draw(t, "maybe") == 0 }
			b := Block{ID: id.Draw(t, "id"), Kind: Kind(rapid.SampledFrom([]string{"paragraph", "heading", "list", "quotation", "picture", "gallery", "table", "factbox", "embed", "rule", "html", ""}).Draw(t, "kind"))}
			b.Level, b.Text = rapid.IntRange(-1, 7).Draw(t, "level"), inline.Draw(t, "text")
			b.Ordered, b.Header = maybe(), maybe()
			for maybe() {
				b.Items = append(b.Items, Item{id.Draw(t, "id"), inline.Draw(t, "item")})
			}
			b.Speaker, b.Source, b.Original, b.OriginalLang = word.Draw(t, "speaker"), word.Draw(t, "source"), word.Draw(t, "original"), word.Draw(t, "lang")
			for maybe() {
				b.Pictures = append(b.Pictures, picture.Draw(t, "picture"))
			}
			for maybe() {
				r := Row{ID: id.Draw(t, "id")}
				for maybe() {
					r.Cells = append(r.Cells, Cell{id.Draw(t, "id"), inline.Draw(t, "cell")})
				}
				b.Rows = append(b.Rows, r)
			}
			b.Title = word.Draw(t, "title")
			if maybe() {
				b.Embed = &EmbedRef{word.Draw(t, "url"), word.Draw(t, "title"), word.Draw(t, "media")}
			}
			for depth < 3 && maybe() {
				b.Blocks = append(b.Blocks, block(depth+1).Draw(t, "inside"))
			}
			return b
		})
	}
	return rapid.Custom(func(t *rapid.T) Doc {
		d := Doc{Kicker: word.Draw(t, "kicker"), Headline: word.Draw(t, "headline"), Lead: inline.Draw(t, "lead"), Teaser: word.Draw(t, "teaser"), Slug: word.Draw(t, "slug")}
		if rapid.Bool().Draw(t, "has picture") {
			p := picture.Draw(t, "picture")
			d.Picture = &p
		}
		d.Blocks = rapid.SliceOfN(block(0), 0, 4).Draw(t, "blocks")
		return d
	})
}

func TestGeneratedDocumentsAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDoc(counter("g")).Draw(t, "doc")
		if err := Validate(d); err != nil {
			t.Fatal(err)
		}
		must(t, cmp.Diff(d, d.Normal()), "normal form changes")
	})
}
