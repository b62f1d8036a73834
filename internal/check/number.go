package check

import (
	"depesche/internal/check/quantity"
	"depesche/internal/document"
	"depesche/internal/lang"
)

// numberCodes are the findings that comparing numbers by value makes, those that are more than a
// remark.
var numberCodes = []string{
	"number_differs", "number_missing", "unit_differs", "currency_differs", "percent_points", "date_differs", "clock_differs",
}

// quantities compares the numbers of a segment with the original's: by value, with unit, currency,
// date and time of day.
func (r *run) quantities(src, target document.Segment) {
	a, b := src.Text.Plain(), target.Text.Plain()
	res := quantity.Compare(r.OriginalLang, a, r.Lang, b)
	repairs := 0
	for _, d := range res.Differences {
		if severityOf(d) != Note {
			repairs++
		}
	}
	for _, d := range res.Differences {
		f := r.numberFinding(d, a, b)
		f.Address = src.Address
		if repairs > 1 { // mending one alone doesn't make the segment right
			f.Fix = ""
		}
		r.add(f)
	}
}

func (r *run) numberFinding(d quantity.Difference, a, b string) Finding {
	f := Finding{Code: string(d.Fault), Severity: severityOf(d), Excerpt: clip(b)}
	if len(d.Source.Values) > 0 {
		f.SourceSpot = d.Source.Raw(a)
		f.Args = append(f.Args, "source", f.SourceSpot, "from", r.OriginalLang)
	}
	if len(d.Target.Values) > 0 {
		f.Spot = d.Target.Raw(b)
		f.Args = append(f.Args, "target", f.Spot)
		f.Excerpt = excerpt(b, d.Target.From, d.Target.To)
	}
	if f.Severity != Note {
		if fixed, ok := d.Mend(r.Lang, b); ok {
			f.Fix = fixed
		}
	}
	return f
}

// severityOf stops where one thing stands for another for certain. What translators may have reasons
// for is a warning.
func severityOf(d quantity.Difference) Severity {
	if d.Slight {
		return Note
	}
	switch d.Fault {
	case quantity.Converted, quantity.Added:
		return Note
	case quantity.Differs, quantity.ClockOff:
		if d.Sure && d.Source.Figures && d.Target.Figures || d.Sure && d.Source.Power != d.Target.Power {
			return Stop
		}
	case quantity.DateOff:
		if d.Sure && d.Source.Kind != quantity.Weekday {
			return Stop
		}
	case quantity.UnitOff, quantity.MoneyOff:
		if d.Sure {
			return Stop
		}
	}
	return Warn
}

// Span is a number in a text, for showing where it stands.
type Span struct {
	From, To int // bytes
	// Value is the same for numbers of equal value: "2800000000".
	Value string
	// Differs says that the other text doesn't say this.
	Differs bool
}

// Numbers returns the numbers of a text in l, in the order of the text. Words that mean something else
// as often ("one") aren't among them.
func Numbers(l lang.Tag, text string) []Span {
	var out []Span
	for _, q := range quantity.In(l, text) {
		if !q.Weak {
			out = append(out, span(q))
		}
	}
	return out
}

func span(q quantity.Quantity) Span { return Span{From: q.From, To: q.To, Value: q.Values[0].String()} }

// ComparedNumbers returns the numbers of a source and its target, and which of them differ.
func ComparedNumbers(from lang.Tag, source string, to lang.Tag, target string) (a, b []Span) {
	res := quantity.Compare(from, source, to, target)
	off := map[[3]int]bool{}
	for _, d := range res.Differences {
		if severityOf(d) != Note {
			off[[3]int{0, d.Source.From, d.Source.To}] = true
			off[[3]int{1, d.Target.From, d.Target.To}] = true
		}
	}
	list := func(side int, quantities []quantity.Quantity) (out []Span) {
		for _, q := range quantities {
			s := span(q)
			s.Differs = off[[3]int{side, q.From, q.To}]
			if !q.Weak || s.Differs {
				out = append(out, s)
			}
		}
		return out
	}
	return list(0, res.Source), list(1, res.Target)
}
