package check

import "depesche/internal/document"

// goesOn reports whether what somebody says runs over the edge of the segment: a lone mark that opens
// has its partner in the next text, one that closes in the one before.
func (t *tale) goesOn(at document.Address, opens bool) bool {
	segments := document.Segments(t.in.Doc)
	for i, s := range segments {
		if s.Address != at {
			continue
		}
		step := -1
		if opens {
			step = 1
		}
		for j := i + step; j >= 0 && j < len(segments); j += step {
			if segments[j].Field != document.FieldText && segments[j].Field != document.FieldItem {
				continue
			}
			c := quotesIn(segments[j].Text.Plain())
			return c.odd >= 0 && c.open != opens
		}
	}
	return false
}
