package check

import "depesche/internal/document"

// Segment returns what [Edition] would say of one segment: the checks that look at a text by itself
// and beside its original. What is said of the edition as a whole, of pictures and of the headline
// against the text isn't there. It is quick enough to be called while somebody types.
func Segment(in Input, at document.Address) []Finding {
	r := newRun(in)
	if s, ok := in.Doc.Segment(at); ok && len(s.Text) > 0 {
		r.segments = []document.Segment{s}
	}
	if in.Original != nil {
		if s, ok := in.Original.Segment(at); ok && len(s.Text) > 0 {
			r.originals = []document.Segment{s}
		}
	}
	for _, look := range bySegment {
		look(r)
	}
	r.sort()
	return r.findings
}

// bySegment are the checks that look at one segment after the other, and at nothing else but the
// segment of the original and, for names, what the rest of the story calls them.
var bySegment = []func(*run){sourceRefs, links, debris, wording, spelling, languageOf, translation}
