package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func brief(ops []Op) string {
	var b strings.Builder
	for _, op := range ops {
		b.WriteString(map[OpKind]string{OpEqual: "", OpDelete: "-", OpInsert: "+", OpMarks: "~"}[op.Kind])
		b.WriteString("[" + op.Text + "]")
	}
	return b.String()
}

func TestDiffWords(t *testing.T) {
	for _, tc := range []struct{ a, b, want string }{
		{"", "", ""},
		{"same", "same", "[same]"},
		{"", "new", "+[new]"},
		{"old", "", "-[old]"},
		{"the old house", "the new house", "[the ]-[old]+[new][ house]"},
		{"one two three four", "one 2 3 four", "[one ]-[two three]+[2 3][ four]"},
		{"1.077 Bäume gefällt", "1.770 Bäume gefällt", "-[1.077]+[1.770][ Bäume gefällt]"},
		{"Президент сподівається на вступ", "Президент сподівається на запрошення", "[Президент сподівається на ]-[вступ]+[запрошення]"},
		{"总统希望加入北约。", "总统希望得到邀请。", "[总统希望]-[加入北约]+[得到邀请][。]"},
		{"ประธานาธิบดีมา", "ประธานาธิบดีไป", "[ประธานาธิบดี]-[มา]+[ไป]"},
		{"don’t", "do not", "-[don’t]+[do not]"},
		{"👩‍👩‍👧 hi", "👩‍👩‍👦 hi", "-[👩‍👩‍👧]+[👩‍👩‍👦][ hi]"},
	} {
		if got := brief(DiffWords(tc.a, tc.b)); got != tc.want {
			t.Errorf("%q → %q\n got %s\nwant %s", tc.a, tc.b, got, tc.want)
		}
	}
}

func TestDiffWordsGivesBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := genText(true).Draw(t, "a"), genText(true).Draw(t, "b")
		check(t, a, b, DiffWords(a, b))
	})
}

func check(t interface {
	Helper()
	Fatalf(string, ...any)
}, a, b string, ops []Op) {
	t.Helper()
	var was, is strings.Builder
	for i, op := range ops {
		if op.Text == "" || i > 0 && op.Kind == ops[i-1].Kind && op.Kind != OpMarks {
			t.Fatalf("operation %d of %s", i, brief(ops))
		}
		if op.Kind != OpInsert {
			was.WriteString(op.Text)
		}
		if op.Kind != OpDelete {
			is.WriteString(op.Text)
		}
	}
	if was.String() != a || is.String() != b {
		t.Fatalf("%q → %q gave %s", a, b, brief(ops))
	}
}

func TestDiffWordsOfLongTexts(t *testing.T) {
	a := strings.Repeat("A sentence that stays as it is. ", 5000)
	b := a[:80_000] + "Something new. " + strings.Replace(a[80_000:], "stays", "remains", 1)
	ops := DiffWords(a, b)
	check(t, a, b, ops)
	if len(ops) > 8 {
		t.Errorf("%d operations", len(ops))
	}
	nothing := strings.Repeat("x y. ", 30_000)
	check(t, a, nothing, DiffWords(a, nothing))
}

func TestDiffInlineSeesMarks(t *testing.T) {
	link := func(h string) []Mark { return []Mark{{Type: Link, Href: h}} }
	a := Inline{{Text: "He said "}, {Text: "no", Marks: link("https://a.b/")}, {Text: " twice."}}
	b := Inline{{Text: "She said "}, {Text: "no", Marks: link("https://c.d/")}, {Text: " twice."}}
	got := DiffInline(a, b)
	want := []Op{
		{Kind: OpDelete, Text: "He"}, {Kind: OpInsert, Text: "She"}, {Kind: OpEqual, Text: " said "},
		{Kind: OpMarks, Text: "no", Was: link("https://a.b/"), Is: link("https://c.d/")}, {Kind: OpEqual, Text: " twice."},
	}
	must(t, cmp.Diff(want, got), "operations")
}

func TestDiffInlineGivesBothTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := genInline().Draw(t, "a"), genInline().Draw(t, "b")
		ops := DiffInline(a, b)
		check(t, a.Plain(), b.Plain(), ops)
		if equal(a, b) != !(SegmentDiff{Ops: ops}).Differs() {
			t.Fatalf("%v and %v: %s", a, b, brief(ops))
		}
	})
}

func TestDiff(t *testing.T) {
	p := func(id ID, text string) Block { return Block{ID: id, Kind: Paragraph, Text: Text(text)} }
	a := Doc{Headline: "Old", Blocks: []Block{p("1", "one"), p("2", "two"), p("3", "three"), p("4", "four")}}
	b := Doc{Headline: "New", Blocks: []Block{p("4", "four"), p("1", "one"), {ID: "3", Kind: Heading, Level: 2, Text: Text("three!")}, p("5", "five")}}
	type line struct {
		ID     ID
		Change Change
		Moved  bool
		Fields string
		Ops    string
	}
	var got []line
	for _, d := range Diff(a, b) {
		l := line{d.ID, d.Change, d.Moved, strings.Join(d.Fields, " "), ""}
		for _, s := range d.Segments {
			l.Ops += string(s.Field) + brief(s.Ops)
		}
		got = append(got, l)
	}
	want := []line{
		{"", Changed, false, "", "headline-[Old]+[New]"},
		{"4", Same, true, "", ""},
		{"1", Same, false, "", ""},
		{"2", Removed, false, "", "text-[two]"},
		{"3", Changed, false, "kind level", "text[three]+[!]"},
		{"5", Added, false, "", "text+[five]"},
	}
	must(t, cmp.Diff(want, got), "differences")
}

func TestDiffOfItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := genDoc(counter("g")).Draw(t, "doc")
		for _, b := range Diff(d, d) {
			if b.Change != Same || b.Moved || len(b.Segments) > 0 {
				t.Fatalf("%+v", b)
			}
		}
		other := edited(t, d, "x")
		changed := false
		for _, b := range Diff(d, other) {
			changed = changed || b.Change != Same || b.Moved
		}
		if changed == equal(d, other) {
			t.Fatalf("changed: %v", changed)
		}
	})
}
