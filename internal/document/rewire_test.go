package document

import "testing"

func TestRewire(t *testing.T) {
	d := Doc{
		Lead:    Inline{{Text: "a", Marks: []Mark{{Type: SourceRef, Source: "x"}, {Type: Strong}}}, {Text: "b", Marks: []Mark{{Type: SourceRef, Source: "gone"}}}},
		Picture: &Picture{ID: "p", Media: "x"},
		Blocks: []Block{
			{ID: "g", Kind: Gallery, Pictures: []Picture{{ID: "p1", Media: "x"}, {ID: "p2", Media: "gone"}}},
			{ID: "q", Kind: Quotation, Source: "x"},
			{ID: "i", Kind: PictureK, Pictures: []Picture{{ID: "p3", Media: "gone"}}},
			{ID: "f", Kind: FactBox, Blocks: []Block{{ID: "f1", Kind: Paragraph, Text: Inline{{Text: "c", Marks: []Mark{{Type: StoryLink, Story: "x"}}}}}}},
		},
	}
	name := func(prefix string) func(string) string {
		return func(id string) string {
			if id == "gone" {
				return ""
			}
			return prefix + id
		}
	}
	got := Rewire(d, Wires{Source: name("s-"), Story: name("st-"), Media: name("m-")})
	want := Doc{
		Lead:    Inline{{Text: "a", Marks: []Mark{{Type: SourceRef, Source: "s-x"}, {Type: Strong}}}, {Text: "b"}},
		Picture: &Picture{ID: "p", Media: "m-x"},
		Blocks: []Block{
			{ID: "g", Kind: PictureK, Pictures: []Picture{{ID: "p1", Media: "m-x"}}},
			{ID: "q", Kind: Quotation, Source: "s-x"},
			{ID: "f", Kind: FactBox, Blocks: []Block{{ID: "f1", Kind: Paragraph, Text: Inline{{Text: "c", Marks: []Mark{{Type: StoryLink, Story: "st-x"}}}}}}},
		},
	}
	must(t, same(want, got), "rewired")
	must(t, same(d.Normal(), Rewire(d, Wires{})), "no wires")
}
