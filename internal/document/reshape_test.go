package document

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func par(id ID, text string) Block { return Block{ID: id, Kind: Paragraph, Text: Text(text)} }

func list(id ID, items ...Item) Block { return Block{ID: id, Kind: List, Items: items} }

func item(id ID, text string) Item { return Item{ID: id, Text: Text(text)} }

func blocks(b ...Block) Doc { return Doc{Blocks: b} }

// TestReshape plays what editors do to an original whose translation stands already.
func TestReshape(t *testing.T) {
	quotation := Block{ID: "q", Kind: Quotation, Text: Text("ja"), Speaker: "N", Original: "так", OriginalLang: "uk"}
	other := quotation
	other.Original = "так, завтра"
	said := quotation
	said.Original, said.OriginalLang, said.Speaker = "", "", "N"
	picture := func(id ID, media string, caption string) Picture {
		return Picture{ID: id, Media: media, Caption: Text(caption)}
	}
	for name, tc := range map[string]struct {
		then, now, target, want Doc
		shapes                  []Shape
	}{
		"moved": {
			blocks(par("a", "1"), par("b", "2"), par("c", "3")), blocks(par("c", "3"), par("a", "1"), par("b", "2")),
			blocks(par("a", "x"), par("own", "o"), par("b", "y"), par("c", "z")), blocks(par("c", "z"), par("a", "x"), par("own", "o"), par("b", "y")),
			[]Shape{ShapeOrder},
		},
		"moved here on purpose": {
			blocks(par("a", "1"), par("b", "2")), blocks(par("a", "1!"), par("b", "2")),
			blocks(par("b", "y"), par("a", "x")), blocks(par("b", "y"), par("a", "x")), nil,
		},
		"heading": {
			blocks(par("a", "1")), blocks(Block{ID: "a", Kind: Heading, Level: 2, Text: Text("1")}),
			blocks(par("a", "x")), blocks(Block{ID: "a", Kind: Heading, Level: 2, Text: Text("x")}), []Shape{ShapeKind},
		},
		"heading here on purpose": {
			blocks(par("a", "1")), blocks(list("a", item("i", "1"))),
			blocks(Block{ID: "a", Kind: Heading, Level: 2, Text: Text("x")}), blocks(Block{ID: "a", Kind: Heading, Level: 2, Text: Text("x")}), nil,
		},
		"list to paragraphs": {
			blocks(list("l", item("l1", "1"), item("l2", "2"), item("l3", "3"))), blocks(par("l1", "1"), par("l", "2 3")),
			blocks(list("l", item("l1", "x"), item("l2", "y"), item("l3", "z"))), blocks(par("l1", "x"), par("l", ""), par("l2", "y"), par("l3", "z")), []Shape{ShapeOrder, ShapeKind},
		},
		"paragraphs to list": {
			blocks(par("a", "1"), par("b", "2")), blocks(list("l", item("a", "1"), item("b", "2"))),
			blocks(par("a", "x"), par("b", "y")), blocks(list("l", item("a", "x"), item("b", "y"))), []Shape{ShapeOrder},
		},
		"into a fact box": {
			blocks(par("a", "1"), par("b", "2")), blocks(par("b", "2"), Block{ID: "f", Kind: FactBox, Title: "T", Blocks: []Block{par("a", "1")}}),
			blocks(par("a", "x"), par("b", "y")), blocks(par("b", "y"), Block{ID: "f", Kind: FactBox, Blocks: []Block{par("a", "x")}}), []Shape{ShapeOrder},
		},
		"out of a fact box": {
			blocks(Block{ID: "f", Kind: FactBox, Title: "T", Blocks: []Block{par("a", "1")}}), blocks(par("a", "1")),
			blocks(Block{ID: "f", Kind: FactBox, Title: "U", Blocks: []Block{par("a", "x")}}), blocks(par("a", "x"), par("f", "U")), []Shape{ShapeOrder},
		},
		"original wording": {
			blocks(quotation), blocks(other), blocks(quotation), blocks(other), []Shape{ShapeQuotation},
		},
		"quotation to paragraph": {
			blocks(said), blocks(par("q", "ja, sagte N.")), blocks(said), blocks(par("q", "ja")), []Shape{ShapeKind},
		},
		"other picture above": {
			Doc{Picture: &Picture{ID: "p", Media: "m"}, Blocks: []Block{}}, Doc{Picture: &Picture{ID: "p2", Media: "m2", Alt: "neu"}, Blocks: []Block{}},
			Doc{Picture: &Picture{ID: "p", Media: "m", Alt: "x"}, Blocks: []Block{}}, Doc{Picture: &Picture{ID: "p2", Media: "m2"}, Blocks: []Block{}}, []Shape{ShapePicture},
		},
		"picture taken out": {
			blocks(par("a", "1"), Block{ID: "b", Kind: PictureK, Pictures: []Picture{picture("p", "m", "c")}}), blocks(par("a", "1")),
			blocks(par("a", "x"), Block{ID: "b", Kind: PictureK, Pictures: []Picture{picture("p", "m", "d")}}), blocks(par("a", "x")), []Shape{ShapePicture},
		},
		"picture put in": {
			blocks(par("a", "1")), blocks(par("a", "1"), Block{ID: "b", Kind: PictureK, Pictures: []Picture{picture("p", "m", "")}}),
			blocks(par("a", "x")), blocks(par("a", "x"), Block{ID: "b", Kind: PictureK, Pictures: []Picture{picture("p", "m", "")}}), []Shape{ShapePicture},
		},
		"picture of its own, and one left out": {
			blocks(par("a", "1"), Block{ID: "b", Kind: PictureK, Pictures: []Picture{picture("p", "m", "")}}), blocks(par("a", "1"), Block{ID: "b", Kind: PictureK, Pictures: []Picture{picture("p", "m", "")}}),
			blocks(par("a", "x"), Block{ID: "o", Kind: PictureK, Pictures: []Picture{picture("po", "mo", "d")}}), blocks(par("a", "x"), Block{ID: "o", Kind: PictureK, Pictures: []Picture{picture("po", "mo", "d")}}), nil,
		},
		"gallery that loses one": {
			blocks(Block{ID: "g", Kind: Gallery, Pictures: []Picture{picture("p", "m", "c"), picture("q", "n", "")}}), blocks(Block{ID: "g", Kind: PictureK, Pictures: []Picture{picture("p", "m", "c")}}),
			blocks(Block{ID: "g", Kind: Gallery, Pictures: []Picture{picture("p", "m", "d"), picture("q", "n", "e")}}), blocks(Block{ID: "g", Kind: PictureK, Pictures: []Picture{picture("p", "m", "d")}}), []Shape{ShapePicture},
		},
		"table": {
			blocks(list("l", item("l1", "1"), item("l2", "2"))), blocks(Block{ID: "l", Kind: Table, Rows: []Row{{ID: "r", Cells: []Cell{{ID: "l1", Text: Text("1")}, {ID: "c", Text: Text("2")}}}}}),
			blocks(list("l", item("l1", "x"), item("l2", "y"))), blocks(Block{ID: "l", Kind: Table, Rows: []Row{{ID: "r", Cells: []Cell{{ID: "l1", Text: Text("x")}, {ID: "c"}}}}}, par("l2", "y")), []Shape{ShapeKind},
		},
		"items sorted": {
			blocks(list("l", item("l1", "1"), item("l2", "2"))), blocks(Block{ID: "l", Kind: List, Ordered: true, Items: []Item{item("l2", "2"), item("l1", "1")}}),
			blocks(list("l", item("l1", "x"), item("l2", "y"))), blocks(Block{ID: "l", Kind: List, Ordered: true, Items: []Item{item("l2", "y"), item("l1", "x")}}), []Shape{ShapeKind, ShapeOrder},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, shapes := Reshape(tc.now, tc.target, tc.then)
			must(t, cmp.Diff(tc.want.Normal(), got), "text")
			must(t, cmp.Diff(tc.shapes, shapes), "ways")
			if err := Validate(got); err != nil {
				t.Error(err)
			}
		})
	}
}

// genRebuilt is a document after an editor rebuilt it: moved, taken out, turned into something else.
func genRebuilt(t *rapid.T, d Doc) Doc {
	out := d.Clone()
	out.Blocks = rapid.Permutation(out.Blocks).Draw(t, "order")
	var list []Block
	for i, b := range out.Blocks {
		switch rapid.IntRange(0, 5).Draw(t, "what") {
		case 0:
			continue
		case 1:
			if b.Kind == Paragraph {
				b = Block{ID: b.ID, Kind: Heading, Level: 2, Text: b.Text}
			}
		case 2:
			if b.Kind == Paragraph {
				b = Block{ID: derive(b.ID, i), Kind: List, Items: []Item{{ID: b.ID, Text: b.Text}}}
			}
		case 3:
			if b.Kind == Paragraph || b.Kind == List {
				b = Block{ID: derive(b.ID, i), Kind: FactBox, Blocks: []Block{b}}
			}
		case 4:
			if len(b.Items) > 0 {
				for _, it := range b.Items {
					list = append(list, Block{ID: it.ID, Kind: Paragraph, Text: it.Text})
				}
				continue
			}
		case 5:
			if b.Kind == FactBox {
				list = append(list, b.Blocks...)
				continue
			}
		}
		list = append(list, b)
	}
	out.Blocks = list
	return out.Normal()
}

func TestReshapeLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		then := genDoc(counter("g")).Draw(t, "then")
		now := genRebuilt(t, then)
		target := then.Clone()
		visit(&target, func(p part) { // a translation: each of its texts is another
			if p.Inline != nil && len(*p.Inline) > 0 {
				*p.Inline = Text("T " + string(p.Address))
			}
		})
		target.Blocks = append(target.Blocks, par("own", "own"))
		got, _ := Reshape(now, target, then)
		if err := Validate(got); err != nil {
			t.Fatal(err)
		}
		have := texts(got)
		for _, s := range Segments(target) {
			if s.Field == FieldText || s.Field == FieldItem || s.Field == FieldCell || s.Field == FieldLead {
				if have[s.Text.Plain()] == 0 {
					t.Fatalf("%q of %s is lost", s.Text.Plain(), s.Address)
				}
			}
		}
		again, more := Reshape(now, got, then, now)
		must(t, cmp.Diff(got, again), "the second time (%v)", more)
		for _, b := range now.Blocks {
			for _, seg := range Segments(blocks(b)) {
				if own, ok := target.Segment(seg.Address); ok && seg.Field != FieldSpeaker {
					if to, _ := got.Segment(seg.Address); len(own.Text) > 0 && len(to.Text) == 0 {
						t.Fatalf("%s isn't where the source has it", seg.Address)
					}
				}
			}
		}
	})
}

func TestReshapeLeavesWhatIsBuiltAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := genDoc(counter("g")).Draw(t, "source")
		target := source.Clone()
		target.Blocks = slices.DeleteFunc(target.Blocks, func(Block) bool { return rapid.Bool().Draw(t, "dropped") })
		target = target.Normal()
		got, shapes := Reshape(source, target, source)
		must(t, cmp.Diff(target, got), "text (%v)", shapes)
		if len(shapes) > 0 {
			t.Fatal(shapes)
		}
	})
}
