package check

import (
	"slices"

	"depesche/internal/document"
)

// Segment returns what [Edition] would say of one segment: the checks that look at a text by itself
// and beside its original. What is said of the edition as a whole, of pictures and of the headline
// against the text isn't there. Who asks again and again, while somebody types, prepares the story
// once.
func Segment(in Input, at document.Address) []Finding {
	return Prepare(in).look(in.Doc, at)
}

// At returns what [Edition] says of one address, without holding the other segments against their
// originals: what somebody is told who types there.
func At(in Input, at document.Address) []Finding {
	r := newRun(in)
	r.segments = document.Segments(in.Doc)
	if in.Original != nil {
		r.originals = document.Segments(*in.Original)
	}
	for _, look := range asWhole {
		look(r)
	}
	r.only(at)
	for _, look := range bySegment {
		look(r)
	}
	r.findings = slices.DeleteFunc(r.findings, func(f Finding) bool { return f.Address != at })
	r.sort()
	return r.findings
}

// only leaves the run one segment to look at.
func (r *run) only(at document.Address) {
	r.segments, r.originals = nil, nil
	if s, ok := r.Doc.Segment(at); ok && len(s.Text) > 0 {
		r.segments = []document.Segment{s}
	}
	if r.Original == nil {
		return
	}
	if s, ok := r.Original.Segment(at); ok && len(s.Text) > 0 {
		r.originals = []document.Segment{s}
	}
}

// Prepared is a story that was read once, for looking at its segments while somebody types. It isn't
// for several goroutines at once.
type Prepared struct {
	in    Input
	heard *hearing
	// original is read when first needed, and so is how long the translation is.
	original *side
	grown    *grown
}

// Prepare reads a story for [Prepared.Segment].
func Prepare(in Input) *Prepared { return &Prepared{in: in, heard: newHearing()} }

// Segment returns what [Segment] would say if text stood at the address. Where no text can stand
// nothing is said.
func (p *Prepared) Segment(at document.Address, text document.Inline) []Finding {
	doc, err := document.WithSegment(p.in.Doc, at, text)
	if err != nil {
		return nil
	}
	return p.look(doc, at)
}

func (p *Prepared) look(doc document.Doc, at document.Address) []Finding {
	in := p.in
	in.Doc = doc
	r := newRun(in)
	r.tale.heard, r.tale.original = p.heard, p.original
	r.grown = p.grownWith(r, at)
	r.only(at)
	for _, look := range bySegment {
		look(r)
	}
	p.original = r.tale.original
	r.sort()
	return r.findings
}

// grownWith is how long the translation is with the text that now stands at the address.
func (p *Prepared) grownWith(r *run, at document.Address) *grown {
	usual, ok := r.usualGrowth()
	if !ok || r.Original == nil {
		return nil
	}
	if p.grown == nil {
		before := newRun(p.in)
		before.growth()
		p.grown = before.grown
	}
	now := *p.grown
	if s, ok := r.Original.Segment(at); ok {
		was, _ := p.in.Doc.Segment(at)
		is, _ := r.Doc.Segment(at)
		now.add(s.Text, was.Text, usual, -1)
		now.add(s.Text, is.Text, usual, 1)
	}
	return &now
}

// bySegment are the checks that look at one segment after the other, and at nothing else but the
// segment of the original and, for names, what the rest of the story calls them.
var bySegment = []func(*run){sourceRefs, links, debris, wording, spelling, languageOf, translation}
