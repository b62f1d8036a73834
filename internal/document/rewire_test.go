package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRewire(t *testing.T) {
	blocks, err := ParseMarkdown("[a](source:x) [b](<source:gone story:y>)\n\n> c\n> — d {source=x}\n\n:::gallery\n![1](media:m)\n\n![2](media:gone)\n:::\n\n:::fact F\n[e](story:gone)\n:::\n\n![3](media:gone)", mdIDs())
	if err != nil {
		t.Fatal(err)
	}
	up := func(s string) string {
		if s == "gone" {
			return ""
		}
		return s + "1"
	}
	in := Doc{Picture: &Picture{ID: "p", Media: "gone"}, Lead: Inline{{Text: "l", Marks: []Mark{{Type: SourceRef, Source: "x"}}}}, Blocks: blocks}
	before := in.Clone()
	got := Rewire(in, Wires{Source: up, Story: up, Media: up})
	want := "[a](source:x1) [b](story:y1)\n\n> c\n> — d {source=x1}\n\n![1](media:m1)\n\n:::fact F\ne\n:::"
	if diff := cmp.Diff(want, Markdown(got.Blocks)); diff != "" {
		t.Error(diff)
	}
	if got.Picture != nil || got.Lead[0].Marks[0].Source != "x1" {
		t.Errorf("head: %+v", got)
	}
	if diff := cmp.Diff(before, in); diff != "" {
		t.Errorf("the original changed: %s", diff)
	}
}
