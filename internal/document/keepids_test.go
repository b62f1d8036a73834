package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestKeepIDs(t *testing.T) {
	p := func(id ID, s string) Block { return Block{ID: id, Kind: Paragraph, Text: Text(s)} }
	for name, tc := range map[string]struct {
		old, typed []Block
		want       []ID
	}{
		"nothing changed":             {[]Block{p("a", "x"), p("b", "y")}, []Block{p("1", "x"), p("2", "y")}, []ID{"a", "b"}},
		"one put in before":           {[]Block{p("a", "x"), p("b", "y")}, []Block{p("1", "new"), p("2", "x"), p("3", "y")}, []ID{"1", "a", "b"}},
		"one edited":                  {[]Block{p("a", "x"), p("b", "the old house"), p("c", "z")}, []Block{p("1", "x"), p("2", "the new house"), p("3", "z")}, []ID{"a", "b", "c"}},
		"one edited beside a new one": {[]Block{p("a", "the old house")}, []Block{p("1", "quite another text"), p("2", "the new house")}, []ID{"1", "a"}},
		"one taken out":               {[]Block{p("a", "x"), p("b", "y"), p("c", "z")}, []Block{p("1", "x"), p("2", "z")}, []ID{"a", "c"}},
		"another kind":                {[]Block{p("a", "x")}, []Block{{ID: "1", Kind: Heading, Level: 2, Text: Text("y")}}, []ID{"1"}},
	} {
		t.Run(name, func(t *testing.T) {
			must(t, cmp.Diff(tc.want, order(Doc{Blocks: KeepIDs(tc.old, tc.typed)})), "IDs")
		})
	}
}

func TestKeepIDsWithinAList(t *testing.T) {
	old := []Block{{ID: "l", Kind: List, Items: []Item{{"a", Text("one")}, {"b", Text("two")}}}}
	typed := []Block{{ID: "1", Kind: List, Items: []Item{{"2", Text("nought")}, {"3", Text("one")}, {"4", Text("two")}}}}
	want := []Block{{ID: "l", Kind: List, Items: []Item{{"2", Text("nought")}, {"a", Text("one")}, {"b", Text("two")}}}}
	must(t, cmp.Diff(want, KeepIDs(old, typed)), "items")
}

func TestKeepIDsOfMarkdownIsIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDoc(counter("g")).Draw(t, "doc")
		blocks, err := ParseMarkdown(Markdown(d.Blocks), counter("new"))
		if err != nil {
			t.Fatal(err)
		}
		kept := KeepIDs(d.Blocks, blocks)
		must(t, same(blocks, stripped(kept, blocks)), "texts changed")
		if err := Validate(Doc{Blocks: kept}); err != nil {
			t.Fatal(err)
		}
		if want := typed(d.Clone().Blocks); len(want) == len(d.Blocks) && equal(stripped(want, want), stripped(d.Blocks, want)) {
			must(t, same(order(d), order(Doc{Blocks: kept})), "IDs")
		}
	})
}

// stripped is blocks with the IDs of like.
func stripped(blocks, like []Block) []Block {
	out := cloneAll(blocks, Block.Clone)
	var ids []ID
	EachID(like, func(id *ID) { ids = append(ids, *id) })
	i := 0
	EachID(out, func(id *ID) {
		if i < len(ids) {
			*id = ids[i]
		}
		i++
	})
	return out
}
