package document

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestCleanMakesAnythingValidAndKeepsItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genWild().Draw(t, "doc")
		before := d.Clone()
		got := Clean(d, counter("new"))
		must(t, cmp.Diff(before, d), "input changed")
		if err := Validate(got); err != nil {
			t.Fatalf("%v\n%+v", err, got)
		}
		must(t, cmp.Diff(got, Clean(got, counter("again"))), "not stable")
		for text, n := range texts(d.Normal()) {
			if have := texts(got)[text]; have < n {
				t.Fatalf("%q was there %d times, is there %d times", text, n, have)
			}
		}
	})
}

// texts counts the texts of d but the slug, cleaned of what no text may hold.
func texts(d Doc) map[string]int {
	out := map[string]int{}
	visit(&d, func(p part) {
		s := p.segment()
		if text := strings.ReplaceAll(s.Text.Plain(), "\n", " "); text != "" && p.Field != FieldSlug {
			out[text]++
		}
	})
	return out
}

func TestClean(t *testing.T) {
	link := func(h string) []Mark { return []Mark{{Type: Link, Href: h}} }
	for name, tc := range map[string]struct{ in, want []Block }{
		"an ID twice": {
			[]Block{{ID: "a", Kind: Rule}, {ID: "a", Kind: Rule}},
			[]Block{{ID: "a", Kind: Rule}, {ID: "n1", Kind: Rule}},
		},
		"level": {
			[]Block{{ID: "a", Kind: Heading, Level: 1}, {ID: "b", Kind: Heading, Level: 6}},
			[]Block{{ID: "a", Kind: Heading, Level: 2}, {ID: "b", Kind: Heading, Level: 4}},
		},
		"a ragged table": {
			[]Block{{ID: "a", Kind: Table, Rows: []Row{{"r", []Cell{{ID: "c"}}}, {"s", []Cell{{ID: "d"}, {ID: "e"}}}}}},
			[]Block{{ID: "a", Kind: Table, Rows: []Row{{"r", []Cell{{ID: "c"}, {ID: "n1"}}}, {"s", []Cell{{ID: "d"}, {ID: "e"}}}}}},
		},
		"hrefs": {
			[]Block{{ID: "a", Kind: Paragraph, Text: Inline{{"x", link("javascript:x")}, {"y", link(" www.example.org/a b ")}}}},
			[]Block{{ID: "a", Kind: Paragraph, Text: Inline{{Text: "x"}, {"y", link("https://www.example.org/a%20b")}}}},
		},
		"a gallery of one": {
			[]Block{{ID: "a", Kind: Gallery, Pictures: []Picture{{ID: "p", Media: "m"}}}},
			[]Block{{ID: "a", Kind: PictureK, Pictures: []Picture{{ID: "p", Media: "m"}}}},
		},
		"a picture that isn't there": {
			[]Block{{ID: "a", Kind: PictureK, Pictures: []Picture{{ID: "p", Caption: Text("words")}}}},
			[]Block{{ID: "n1", Kind: Paragraph, Text: Text("words")}},
		},
		"an embed without encryption": {
			[]Block{{ID: "a", Kind: Embed, Embed: &EmbedRef{URL: "http://example.org/", Title: "Map"}}},
			[]Block{{ID: "a", Kind: Paragraph, Text: Inline{{"Map", link("http://example.org/")}}}},
		},
		"a heading in a fact box": {
			[]Block{{ID: "a", Kind: FactBox, Blocks: []Block{{ID: "b", Kind: Heading, Level: 2, Text: Text("x")}, {ID: "r", Kind: Table, Rows: []Row{{"s", []Cell{{ID: "c"}}}}}}}},
			[]Block{{ID: "a", Kind: FactBox, Blocks: []Block{{ID: "b", Kind: Paragraph, Text: Text("x")}}}, {ID: "r", Kind: Table, Rows: []Row{{"s", []Cell{{ID: "c"}}}}}},
		},
		"items of a paragraph": {
			[]Block{{ID: "a", Kind: Paragraph, Items: []Item{{"i", Text("x")}}}},
			[]Block{{ID: "a", Kind: Paragraph}, {ID: "n1", Kind: List, Items: []Item{{"i", Text("x")}}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			must(t, same(tc.want, Clean(Doc{Blocks: tc.in}, counter("n")).Blocks), "cleaned")
		})
	}
}

func TestCleanSlug(t *testing.T) {
	for in, want := range map[string]string{"Über uns/..": "über-uns", "--": "", "a  b": "a-b", "北约 x": "北约-x"} {
		if got := cleanSlug(in); got != want {
			t.Errorf("cleanSlug(%q) = %q", in, got)
		}
	}
}

func TestHeadLimits(t *testing.T) {
	word := strings.Repeat("ї", 9) + " "
	d := Doc{Kicker: strings.Repeat(word, 13), Headline: strings.Repeat(word, 31), Teaser: strings.Repeat("ї", MaxTeaser+1)}.Normal()
	var wrong *ValidationError
	if err := Validate(d); !errors.As(err, &wrong) {
		t.Fatal(err)
	}
	var got []string
	for _, p := range wrong.Problems {
		got = append(got, string(p.Address)+" "+p.Key)
	}
	want := []string{"head/kicker " + KeyHeadTooLong, "head/headline " + KeyHeadTooLong, "head/teaser " + KeyHeadTooLong}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	raw, err := d.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(raw); err != nil {
		t.Errorf("what was stored before can't be read: %v", err)
	}
	clean := Clean(d, counter("new"))
	if err := Validate(clean); err != nil {
		t.Error(err)
	}
	if len(clean.Blocks) != 3 || clean.Blocks[1].Text.Plain() != d.Headline || clean.Headline != strings.TrimSpace(strings.Repeat(word, 29))+"…" {
		t.Errorf("%q, %+v", clean.Headline, clean.Blocks)
	}
	fits := Doc{Kicker: strings.Repeat("ї", MaxKicker), Headline: strings.Repeat("ї", MaxHeadline), Teaser: strings.Repeat("ї", MaxTeaser)}.Normal()
	if err := Validate(fits); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(fits, Clean(fits, counter("new"))); diff != "" {
		t.Error(diff)
	}
}
