package check

import "depesche/internal/lang"

// Weight is what a change of an original means for its translations.
type Weight int

// The weights.
const (
	Wording Weight = iota // said otherwise: what was translated is still true
	Fact                  // something else is said now
)

// String returns the weight as it stands in data attributes and tables: "wording", "fact".
func (w Weight) String() string { return [...]string{"wording", "fact"}[w] }

// Change is what [Weigh] makes of two wordings.
type Change struct {
	Weight Weight // as proposed
	// Firm says that nobody may call it less: a number, name, date or negation changed.
	Firm bool
	// Why are the word keys of the reasons, "weigh.number" for example, in the order of the text.
	Why []string
}

// Weigh proposes what the change of a segment from then to now, both in l, means for translations.
func Weigh(l lang.Tag, then, now string) Change {
	lost, gained := compareNumbers(l, then, l, now)
	if len(lost) > 0 || len(gained) > 0 {
		return Change{Weight: Fact, Firm: true, Why: []string{"weigh.number"}}
	}
	return Change{}
}
