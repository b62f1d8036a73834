package document

import "strings"

// How much markup one paragraph may have: what reading it costs grows with the square of that. It is
// far above what people type. A stored text may have more; it is for the editor, then.
const (
	maxTypedLinks = 2_000  // "]("
	maxTypedStars = 10_000 // of * and _
	maxTypedDepth = 500    // of markers at the start of a line: quotations, lists
)

// tooMuchMarkup returns what is wrong with a text that would take too long to read, nil for nothing.
func tooMuchMarkup(lines []string) *MarkdownError {
	links, stars := 0, 0
	for i, line := range lines {
		if blank(line) {
			links, stars = 0, 0
			continue
		}
		links += strings.Count(line, "](")
		stars += strings.Count(line, "*") + strings.Count(line, "_")
		switch {
		case links > maxTypedLinks:
			return &MarkdownError{Line: i + 1, Key: KeyTooMany, Text: line, limit: maxTypedLinks}
		case stars > maxTypedStars:
			return &MarkdownError{Line: i + 1, Key: KeyTooMany, Text: line, limit: maxTypedStars}
		case len(line) > maxTypedDepth && markers(line) > maxTypedDepth:
			return &MarkdownError{Line: i + 1, Key: KeyTooDeep, Text: line}
		}
	}
	return nil
}

// markers counts what could begin a block within a block at the start of the line.
func markers(line string) int {
	n := 0
	for _, c := range []byte(line) {
		switch {
		case strings.IndexByte(">-+*.)", c) >= 0:
			n++
		case c != ' ' && c != '\t' && !isDigit(c):
			return n
		}
	}
	return n
}
