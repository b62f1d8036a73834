package document

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func mdIDs() IDSource {
	n := 0
	return func() ID { n++; return ID(fmt.Sprintf("n%d", n)) }
}

// withoutIDs compares what was typed: IDs aren't in the Markdown.
var withoutIDs = cmp.Options{
	cmpopts.IgnoreFields(Block{}, "ID"), cmpopts.IgnoreFields(Item{}, "ID"), cmpopts.IgnoreFields(Row{}, "ID"),
	cmpopts.IgnoreFields(Cell{}, "ID"), cmpopts.IgnoreFields(Picture{}, "ID"), cmpopts.EquateEmpty(),
}

func TestMarkdownRoundTripOfSamples(t *testing.T) {
	files, err := filepath.Glob("testdata/docs/valid_*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d, err := Parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range d.Blocks {
				if b.Kind == FactBox && filepath.Base(file) == "valid_empty_texts.json" {
					continue // empty lines are no paragraphs in Markdown
				}
				src := BlockMarkdown(b)
				back, err := ParseMarkdown(src, mdIDs())
				if err != nil {
					t.Fatalf("%s\n%v", src, err)
				}
				want := []Block{b}
				if src == "" {
					want = nil
				}
				if diff := cmp.Diff(want, back, withoutIDs); diff != "" {
					t.Errorf("%s\n%s", src, diff)
				}
			}
		})
	}
}

func TestMarkdownReads(t *testing.T) {
	src := "# Titel\n\nEin *Satz*.\n\n- a\n- b\n  - c\n\n1. x\n2. y\n\n> Wort.\n> — Wer {source=s1 lang=fr original=\"Mot \\\"juste\\\"\"}\n\n---\n\n![Bild](media:m1 \"Foto\")\n*Unterschrift.*\n\n:::fact Kasten\nText.\n:::\n:::embed https://example.org/x Karte {media=m2}\n\n| a | b |\n|---|---|\n| 1 | 2 \\| 3 |\n"
	got, err := ParseMarkdown(src, mdIDs())
	if err != nil {
		t.Fatal(err)
	}
	want := []Block{
		{Kind: Heading, Level: 2, Text: Text("Titel")},
		{Kind: Paragraph, Text: Inline{{Text: "Ein "}, {Text: "Satz", Marks: []Mark{{Type: Emphasis}}}, {Text: "."}}},
		{Kind: List, Items: []Item{{Text: Text("a")}, {Text: Text("b")}, {Text: Text("c")}}},
		{Kind: List, Ordered: true, Items: []Item{{Text: Text("x")}, {Text: Text("y")}}},
		{Kind: Quotation, Text: Text("Wort."), Speaker: "Wer", Source: "s1", OriginalLang: "fr", Original: `Mot "juste"`},
		{Kind: Rule},
		{Kind: PictureK, Pictures: []Picture{{Media: "m1", Alt: "Bild", Credit: "Foto", Caption: Text("Unterschrift.")}}},
		{Kind: FactBox, Title: "Kasten", Blocks: []Block{{Kind: Paragraph, Text: Text("Text.")}}},
		{Kind: Embed, Embed: &EmbedRef{URL: "https://example.org/x", Title: "Karte", Media: "m2"}},
		{Kind: Table, Header: true, Rows: []Row{{Cells: []Cell{{Text: Text("a")}, {Text: Text("b")}}}, {Cells: []Cell{{Text: Text("1")}, {Text: Text("2 | 3")}}}}},
	}
	if diff := cmp.Diff(want, got, withoutIDs); diff != "" {
		t.Error(diff)
	}
}

func TestMarkdownErrorsNameTheLine(t *testing.T) {
	for src, want := range map[string]int{
		"gut\n\n:::fact Kasten\nohne Ende":                  3,
		"a\n\nb\n\n[x](javascript:1)":                       5,
		"a\n\n![Bild](https://example.org/bild.jpg)":        3,
		":::unbekannt\n:::":                                 1,
		":::fact Kasten\n\nText [x](data:text/html,y)\n:::": 3,
	} {
		_, err := ParseMarkdown(src, mdIDs())
		var m *MarkdownError
		if !errors.As(err, &m) || m.Line != want {
			t.Errorf("%q: got %v, want line %d", src, err, want)
		}
	}
}

func FuzzParseMarkdown(f *testing.F) {
	f.Add("# a\n\n> b\n> — c {source=d}\n\n:::gallery\n![x](media:y)\n:::")
	f.Add("| a |\n|---|\n| b |\n\n1. x\n   - y")
	f.Fuzz(func(t *testing.T, src string) {
		blocks, err := ParseMarkdown(src, mdIDs())
		if err != nil {
			return
		}
		again, err := ParseMarkdown(Markdown(blocks), mdIDs())
		if err != nil {
			t.Fatalf("what was written can't be read: %v\n%s", err, Markdown(blocks))
		}
		if Markdown(again) != Markdown(blocks) {
			t.Fatalf("not stable:\n%s\n---\n%s", Markdown(blocks), Markdown(again))
		}
	})
}

// typed is what of a block can be told in Markdown: paragraphs without text can't, nor spaces at the
// ends of a plain field; a table's head without words is none.
func typed(blocks []Block) []Block {
	var out []Block
	for _, b := range blocks {
		if b.Kind == Paragraph && len(b.Text) == 0 {
			continue
		}
		b.Title, b.Speaker = strings.TrimSpace(b.Title), strings.TrimSpace(b.Speaker)
		b.Blocks = typed(b.Blocks)
		if b.Kind == FactBox && len(b.Blocks) == 0 {
			b.Blocks = []Block{{Kind: Paragraph}}
		}
		if b.Embed != nil {
			b.Embed.Title = strings.TrimSpace(b.Embed.Title)
		}
		if b.Kind == Table && b.Header && emptyCells(b.Rows[0].Cells) && len(b.Rows) > 1 {
			b.Header, b.Rows = false, b.Rows[1:]
		}
		out = append(out, b)
	}
	return out
}

func TestMarkdownRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		blocks := genDoc(counter("g")).Draw(t, "doc").Blocks
		src := Markdown(blocks)
		back, err := ParseMarkdown(src, mdIDs())
		if err != nil {
			t.Fatalf("%s\n%v", src, err)
		}
		if err := Validate(Doc{Blocks: back}); err != nil {
			t.Fatalf("%s\n%v", src, err)
		}
		must(t, cmp.Diff(typed(Doc{Blocks: blocks}.Clone().Blocks), back, withoutIDs), "%s", src)
	})
}
