package document

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// Whatever is typed, reading it makes no more garbage than a few thousand times its length: what costs
// the square of it would be far beyond.
func TestReadingIsBounded(t *testing.T) {
	const size = 100_000
	cost := func(name string, read func(src string)) {
		for _, s := range []string{"[", "[[", "*", "*a_", "[a](", "> ", "1. ", "<b>x", "x<b>", "<br>", "&", "\\", "|", "- "} {
			for _, sep := range []string{"", "\n"} {
				src := strings.Repeat(s+sep, size/len(s+sep))
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				read(src)
				runtime.ReadMemStats(&after)
				if used := after.TotalAlloc - before.TotalAlloc; used > 2000*size {
					t.Errorf("%s of many %q takes %d MB", name, s+sep, used>>20)
				}
			}
		}
	}
	n := 0
	ids := func() ID { n++; return ID(fmt.Sprint("n", n)) }
	cost("inline text", func(src string) { _, _ = ParseInlineMarkdown(src) })
	cost("text", func(src string) { _, _ = ParseMarkdown(src, ids) })
	cost("HTML", func(src string) { _, _, _ = FromHTML(strings.NewReader(src), ReadOptions{IDs: ids}) })
}

func TestTooMuchMarkupIsRefused(t *testing.T) {
	n := 0
	ids := func() ID { n++; return ID(fmt.Sprint("n", n)) }
	for src, want := range map[string]string{
		strings.Repeat("[a](https://a.example) ", maxTypedLinks+1): KeyTooMany,
		strings.Repeat("*a* ", maxTypedStars/2+1):                  KeyTooMany,
		strings.Repeat("> ", maxTypedDepth+1):                      KeyTooDeep,
		strings.Repeat("1. ", maxTypedDepth+1):                     KeyTooDeep,
		strings.Repeat("*a* ", maxTypedStars/2):                    "",
		strings.Repeat("*a* *b*\n\n", maxTypedStars):               "",
		strings.Repeat("-", maxTypedDepth):                         "",
	} {
		_, err := ParseMarkdown(src, ids)
		var wrong *MarkdownError
		if errors.As(err, &wrong); want == "" && err != nil || want != "" && (wrong == nil || wrong.Key != want) {
			t.Errorf("%.20q…: %v, want %q", src, err, want)
		}
	}
}

// A span with more marks than there are types is refused without comparing each with each.
func TestManyMarks(t *testing.T) {
	var marks []Mark
	for i := range 100_000 {
		marks = append(marks, Mark{Type: Link, Href: fmt.Sprintf("https://a.example/%d", i)})
	}
	d := Doc{Blocks: []Block{{ID: "a", Kind: Paragraph, Text: Inline{{Text: "x", Marks: marks}}}}}.Normal()
	var wrong *ValidationError
	if err := Validate(d); !errors.As(err, &wrong) || len(wrong.Problems) != 1 || wrong.Problems[0].Key != KeyMarkTwice {
		t.Errorf("got %v", err)
	}
}
