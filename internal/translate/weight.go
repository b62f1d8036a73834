package translate

import (
	"slices"

	"depesche/internal/check"
	"depesche/internal/document"
)

// decision is what was said of a change of a segment of the original.
type decision struct {
	Address  document.Address
	From, To int64
	Weight   check.Weight
	ByName   string
}

// change is a segment of the original that says something else than in revision from.
type change struct {
	address   document.Address
	from      int64
	then, now document.Inline
}

// weigh says what the change from what a translation was made from to what the source is now means.
//
// What the checks are firm about is a fact, whatever was decided. What was decided of exactly this
// change counts next, the newest decision first. Else it is a fact if the checks propose so, or if
// somebody said so of a change in between, that the translation hasn't seen.
func (w sides) weigh(c change) (Weighed, error) {
	var proposed check.Change
	if len(c.now) > 0 { // what was taken out is weighed by people
		proposed = check.Weigh(w.lang, c.then.Plain(), c.now.Plain())
	}
	out := Weighed{Weight: proposed.Weight, Firm: proposed.Firm, Why: proposed.Why}
	for _, d := range w.decisions {
		if d.Address != c.address || d.To <= c.from || d.To > w.sourceRev {
			continue
		}
		was, err := w.sourceAt(d.Address, d.From)
		if err != nil {
			return Weighed{}, err
		}
		became, err := w.sourceAt(d.Address, d.To)
		if err != nil {
			return Weighed{}, err
		}
		if equal(was, c.then) && equal(became, c.now) {
			if d.Weight == check.Fact || !out.Firm {
				out.Weight, out.Decided = d.Weight, d.ByName
			}
			return out, nil
		}
		if d.Weight == check.Fact && !equal(became, c.then) {
			out.Weight, out.Decided = check.Fact, d.ByName
			return out, nil
		}
	}
	return out, nil
}

func equal(a, b document.Inline) bool { return slices.EqualFunc(a, b, equalSpans) }
