package document

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func sample(t testing.TB, name string) Doc {
	t.Helper()
	d, err := Parse(read(t, filepath.Join("testdata", "docs", name)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSegments(t *testing.T) {
	var got []Address
	fixed := map[Address]bool{}
	for _, s := range Segments(sample(t, "valid_article.json")) {
		got = append(got, s.Address)
		if s.Fixed {
			fixed[s.Address] = true
		}
	}
	want := []Address{
		AddrKicker, AddrHeadline, AddrLead, AddrTeaser, AddrSlug, "hp1/caption", "hp1/alt", "hp1/credit",
		"p1/text", "h1/text", "p2/text", "fb1/title", "fp1/text", "fi1/text", "fi2/text",
		"q1/text", "q1/speaker", "q1/original", "p3/text",
	}
	must(t, cmp.Diff(want, got), "addresses")
	must(t, cmp.Diff(map[Address]bool{AddrSlug: true, "q1/original": true}, fixed), "fixed")
}

func TestPlacesOfEmptyDocument(t *testing.T) {
	var got []Address
	for _, s := range Places(sample(t, "valid_empty_texts.json")) {
		got = append(got, s.Address)
	}
	want := []Address{
		AddrKicker, AddrHeadline, AddrLead, AddrTeaser, AddrSlug, "hp/caption", "hp/alt", "hp/credit", "a/text", "b/text",
		"c1/text", "c2/text", "d/text", "d/speaker", "d/original", "e1/caption", "e1/alt", "e1/credit", "f2/text", "f3/text",
		"g/title", "g1/text", "h/title",
	}
	must(t, cmp.Diff(want, got), "addresses")
}

func TestSegmentsCanBeReadAndWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDoc(counter("g")).Draw(t, "doc")
		before := d.Clone()
		skeleton := Skeleton(d)
		if err := Validate(skeleton); err != nil {
			t.Fatal(err)
		}
		for _, s := range Segments(skeleton) {
			if s.Field != FieldOriginal {
				t.Fatalf("skeleton has text at %s", s.Address)
			}
		}
		seen := map[Address]bool{}
		filled := skeleton
		for _, s := range Segments(d) {
			if seen[s.Address] {
				t.Fatalf("%s twice", s.Address)
			}
			seen[s.Address] = true
			got, ok := d.Segment(s.Address)
			if !ok {
				t.Fatalf("no segment at %s", s.Address)
			}
			must(t, cmp.Diff(s, got), "segment at %s", s.Address)
			var err error
			if filled, err = WithSegment(filled, s.Address, s.Text); err != nil {
				t.Fatal(err)
			}
		}
		must(t, cmp.Diff(before, d), "input changed")
		must(t, cmp.Diff(d, filled), "skeleton filled with the segments is the document")
	})
}

func TestWithSegmentRefusesUnknownAddress(t *testing.T) {
	d := sample(t, "valid_article.json")
	for _, a := range []Address{"", "x", "p1", "p1/", "p1/speaker", "p1/title", "r1/text", "head/picture", "/text"} {
		var unknown *UnknownAddressError
		if _, err := WithSegment(d, a, Text("x")); !errors.As(err, &unknown) || unknown.Address != a {
			t.Errorf("%q: %v", a, err)
		}
	}
}

func TestWithSegmentDropsMarksOfPlainField(t *testing.T) {
	d, err := WithSegment(Doc{}, AddrHeadline, Inline{{Text: "a\n"}, {Text: "b", Marks: []Mark{{Type: Strong}}}})
	if err != nil || d.Headline != "a b" {
		t.Fatalf("%q, %v", d.Headline, err)
	}
}

func rules(ids ...ID) Doc {
	d := Doc{Blocks: []Block{}}
	for _, id := range ids {
		d.Blocks = append(d.Blocks, Block{ID: id, Kind: Paragraph})
	}
	return d
}

func order(d Doc) (ids []ID) {
	for _, b := range d.Blocks {
		ids = append(ids, b.ID)
	}
	return ids
}

func TestAlign(t *testing.T) {
	source, target := rules("a", "b", "c", "d"), rules("x", "c", "a", "d")
	target.Blocks[3].Kind = Heading
	got := Align(source, target)
	want := Alignment{
		Pairs:   []Pair{{"c", 2, 1, false}, {"a", 0, 2, false}, {"d", 3, 3, true}},
		Missing: []ID{"b"}, Added: []ID{"x"}, Reordered: true,
	}
	must(t, cmp.Diff(want, got), "alignment")
}

func TestAlignNamesParts(t *testing.T) {
	source := Doc{Blocks: []Block{{ID: "l", Kind: List, Items: []Item{{ID: "i"}, {ID: "new"}}}}}
	target := Doc{Blocks: []Block{{ID: "l", Kind: List, Items: []Item{{ID: "i", Text: Text("t")}, {ID: "own", Text: Text("u")}}}}}
	must(t, cmp.Diff([]PartDiff{{"l", "new", true}, {"l", "own", false}}, Align(source, target).Parts), "parts")

	got, err := Conform(source, target, "l")
	if err != nil {
		t.Fatal(err)
	}
	want := []Item{{ID: "i", Text: Text("t")}, {ID: "own", Text: Text("u")}, {ID: "new"}}
	must(t, cmp.Diff(want, got.Blocks[0].Items), "conformed")
}

func TestPlace(t *testing.T) {
	source := rules("a", "b", "c", "d")
	for _, tc := range []struct {
		target []ID
		id     ID
		want   []ID
	}{
		{[]ID{"a", "c", "d"}, "b", []ID{"a", "b", "c", "d"}},
		{[]ID{"c", "d"}, "b", []ID{"b", "c", "d"}},
		{[]ID{"x", "c", "a", "y"}, "d", []ID{"x", "c", "d", "a", "y"}},
		{nil, "c", []ID{"c"}},
		{[]ID{"c", "a"}, "c", []ID{"c", "a"}},
	} {
		got, err := Place(source, rules(tc.target...), tc.id)
		if err != nil {
			t.Fatal(err)
		}
		must(t, cmp.Diff(tc.want, order(got)), "place %s in %v", tc.id, tc.target)
	}
	if _, err := Place(source, rules(), "z"); err == nil {
		t.Error("placed a block that source hasn't")
	}
}

func TestPlaceRebuildsAnyTranslation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := genDoc(counter("g")).Draw(t, "source")
		target := Skeleton(source)
		var kept []Block
		for _, b := range target.Blocks {
			if rapid.Bool().Draw(t, "keep") {
				kept = append(kept, b)
			}
		}
		target.Blocks = kept
		for _, id := range rapid.Permutation(Align(source, target).Missing).Draw(t, "order") {
			var err error
			if target, err = Place(source, target, id); err != nil {
				t.Fatal(err)
			}
		}
		must(t, cmp.Diff(order(source), order(target)), "order")
		if err := Validate(target); err != nil {
			t.Fatal(err)
		}
	})
}

func TestConformKeepsEverythingTyped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := counter("g")
		kind := rapid.SampledFrom([]Kind{List, Gallery, Table, FactBox}).Draw(t, "kind")
		source := Doc{Blocks: []Block{genBlock(ids, kind).Draw(t, "source")}}
		target := Doc{Blocks: []Block{genBlock(ids, kind).Draw(t, "target")}}
		target.Blocks[0].ID = source.Blocks[0].ID
		got, err := Conform(source, target, source.Blocks[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := Validate(got); err != nil {
			t.Fatal(err)
		}
		for text, n := range texts(target) {
			if texts(got)[text] < n {
				t.Fatalf("%q lost", text)
			}
		}
		for _, p := range Align(source, got).Parts {
			if p.Missing {
				t.Fatalf("%s still missing", p.ID)
			}
		}
	})
}
