package engine

import (
	"encoding/json"
	"slices"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Every text is in exactly one request, in order, or too long; no request is beyond the limits.
func TestBatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringN(1, 60, -1), 0, 80).Draw(t, "texts")
		l := Limits{
			Texts: rapid.SampledFrom([]int{0, 1, 3, 50}).Draw(t, "count"), Characters: rapid.SampledFrom([]int{0, 30, 100}).Draw(t, "characters"),
			Bytes: rapid.SampledFrom([]int{0, 4300, 5000}).Draw(t, "bytes"),
		}
		list, tooLong := batches(l, texts, 100)
		var all []int
		for _, b := range list {
			characters := 0
			var sent []string
			for _, i := range b {
				characters += utf8.RuneCountInString(texts[i])
				sent = append(sent, texts[i])
			}
			body, err := json.Marshal(sent)
			if err != nil {
				t.Fatal(err)
			}
			if len(b) == 0 || len(b) > within(l.Texts, mostTexts) || l.Characters > 0 && characters > l.Characters || l.Bytes > 0 && len(body)+100 > l.Bytes {
				t.Fatalf("%+v: %d texts, %d characters, %d bytes", l, len(b), characters, len(body))
			}
			all = append(all, b...)
		}
		if !slices.IsSorted(all) {
			t.Fatalf("not in order: %v", all)
		}
		all = append(all, tooLong...)
		slices.Sort(all)
		if len(all) != len(texts) || len(slices.Compact(all)) != len(texts) {
			t.Fatalf("%d of %d", len(all), len(texts))
		}
	})
}
