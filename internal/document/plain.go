package document

import "strings"

// Plain returns the text without its marks.
func (in Inline) Plain() string {
	if len(in) == 1 {
		return in[0].Text
	}
	var b strings.Builder
	for _, s := range in {
		b.WriteString(s.Text)
	}
	return b.String()
}

// Text makes running text of s, without marks.
func Text(s string) Inline { return Inline{{Text: s}}.Normal() }
