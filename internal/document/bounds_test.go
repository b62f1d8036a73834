package document

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// Whatever is typed, reading twice as much makes about twice the garbage: what costs the square of its
// length would make four times as much.
func TestReadingIsBounded(t *testing.T) {
	const size, noise = 50_000, 8 << 20
	used := func(read func(src string), src string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		read(src)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	cost := func(name string, read func(src string)) {
		for _, s := range []string{"[", "[[", "*", "*a_", "[a](", "> ", "1. ", "<b>x", "x<b>", "<br>", "&", "\\", "|", "- "} {
			for _, sep := range []string{"", "\n"} {
				n := size / len(s+sep)
				once, twice := used(read, strings.Repeat(s+sep, n)), used(read, strings.Repeat(s+sep, 2*n))
				if twice > 3*once+noise {
					t.Errorf("%s of many %q takes %d MB, of twice as many %d MB", name, s+sep, once>>20, twice>>20)
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
