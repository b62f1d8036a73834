package quantity

import (
	"slices"

	"depesche/internal/lang"
)

// Fault is what is wrong between two texts, named as the finding is.
type Fault string

// The faults.
const (
	Differs   Fault = "number_differs"   // one number stands where another stood
	Missing   Fault = "number_missing"   // a number isn't there
	UnitOff   Fault = "unit_differs"     // the same number of something else
	MoneyOff  Fault = "currency_differs" // the same sum in another currency
	PointsOff Fault = "percent_points"   // percent against percentage points
	DateOff   Fault = "date_differs"     // another day, month or weekday
	ClockOff  Fault = "clock_differs"    // another time of day
	Converted Fault = "unit_converted"   // said in another unit, rightly
	Added     Fault = "number_added"     // a number that the source doesn't have
)

// Difference is one thing that two texts don't say alike. Source or Target has no values where the
// number has no counterpart.
type Difference struct {
	Fault          Fault
	Source, Target Quantity
	// Sure says that the two stand for each other: nothing else is left that either may belong to.
	Sure bool
	// Slight says that good translators do so: a number in words is left out.
	Slight bool
}

// Result is what comparing two texts shows.
type Result struct {
	Source, Target []Quantity
	Differences    []Difference
	// Lost and Gained are the places in Source and Target of what has no counterpart.
	Lost, Gained []int
}

// Compare looks for each quantity of the source in the target.
func Compare(from lang.Tag, source string, to lang.Tag, target string) Result {
	m := match{Result: Result{Source: In(from, source), Target: In(to, target)}}
	m.a, m.b = make([]int, len(m.Source)), make([]int, len(m.Target))
	m.spokenA, m.spokenB = tablesOf(from).spoken, tablesOf(to).spoken
	m.align()
	m.judge()
	return m.Result
}

// match is one comparison. In a and b stands the place of the counterpart plus one.
type match struct {
	Result
	a, b             []int // -1: differs
	spokenA, spokenB bool
}

// align finds counterparts, the surest first. What a weak word says counts only where nothing else
// is left that differs.
func (m *match) align() {
	firm := func(fits func(a, b *Quantity) bool) func(a, b *Quantity) bool {
		return func(a, b *Quantity) bool { return !a.Weak && !b.Weak && fits(a, b) }
	}
	for _, fits := range tiers {
		m.pairs(firm(fits))
	}
	m.joined(m.Source, m.a, m.Target, m.b)
	m.joined(m.Target, m.b, m.Source, m.a)
	m.rivals(func(a, b *Quantity) bool {
		if a.Weak || b.Weak || !rival(a, b) || !near(a, b) {
			return false
		}
		return a.Figures && b.Figures || (a.Figures || b.Figures) && len(numerals(a))+len(numerals(b)) > 2
	})
	for _, fits := range tiers {
		m.pairs(func(a, b *Quantity) bool { return a.opponent == 0 && a.Kind != Day && fits(a, b) })
	}
}

// joined matches what one text writes with spaces and the other doesn't: telephone numbers.
func (m *match) joined(parts []Quantity, a []int, whole []Quantity, b []int) {
	for i := range parts {
		digits := ""
		for j := i; j < len(parts) && a[j] == 0 && parts[j].Figures && parts[j].digits != ""; j++ {
			digits += parts[j].digits
			if j == i {
				continue
			}
			k := slices.IndexFunc(whole, func(q Quantity) bool { return q.digits == digits })
			if k < 0 || b[k] != 0 {
				continue
			}
			b[k] = i + 1
			for n := i; n <= j; n++ {
				a[n] = k + 1
			}
			break
		}
	}
}

var tiers = []func(a, b *Quantity) bool{
	func(a, b *Quantity) bool {
		return a.Kind == b.Kind && equal(a, b) && a.Unit == b.Unit && a.Currency == b.Currency && a.Figures == b.Figures
	},
	func(a, b *Quantity) bool {
		return a.Kind == b.Kind && equal(a, b) && likely(a, b) && a.Figures && b.Figures
	},
	func(a, b *Quantity) bool { return a.Kind == b.Kind && equal(a, b) && likely(a, b) },
	func(a, b *Quantity) bool { return sized(a, b) && equal(a, b) && likely(a, b) },
	converts,
	func(a, b *Quantity) bool { return sized(a, b) && equal(a, b) },
	otherwise,
}

func (m *match) pairs(fits func(a, b *Quantity) bool) {
	for i := range m.Source {
		if m.a[i] != 0 {
			continue
		}
		for j := range m.Target {
			if m.b[j] == 0 && fits(&m.Source[i], &m.Target[j]) {
				m.a[i], m.b[j] = j+1, i+1
				break
			}
		}
	}
}

func equal(a, b *Quantity) bool {
	for _, v := range a.Values {
		if b.has(v) {
			return true
		}
	}
	return false
}

// likely reports whether nothing in the units speaks against two quantities being the same.
func likely(a, b *Quantity) bool { return !unitsApart(a, b) && !moneyApart(a, b) }

func unitsApart(a, b *Quantity) bool { return apart(a.Unit, b.Unit) && !sameMoney(a, b) }

// sameMoney keeps a pound that may be money or a weight from being a fault.
func sameMoney(a, b *Quantity) bool { return a.Currency != "" && a.Currency == b.Currency }

func moneyApart(a, b *Quantity) bool {
	return a.Currency != "" && b.Currency != "" && a.Currency != b.Currency && (a.Unit == "" || a.Unit != b.Unit) && !cousins(a.Currency, b.Currency)
}

// cousins are currencies that a word doesn't tell apart: dollars, and the small coins.
func cousins(a, b string) bool {
	dollar := func(s string) bool { return s == "usd" || s == "cad" || s == "aud" }
	coin := func(s string) bool { return s == "cent" || s == "gbx" }
	return dollar(a) && dollar(b) || coin(a) || coin(b)
}

// sized reports whether two kinds both count.
func sized(a, b *Quantity) bool {
	return (a.counted() || a.Kind == Scale) && (b.counted() || b.Kind == Scale)
}

// converts reports whether one says the other in another unit.
func converts(a, b *Quantity) bool {
	if !a.counted() || !b.counted() || len(a.Values) == 0 || len(b.Values) == 0 {
		return false
	}
	if equal(a, b) && !unitsApart(a, b) {
		return false
	}
	for _, v := range a.Values {
		if exact, ok := converted(v.Float(), a.Unit, b.Unit); ok && rounded(exact, *b) {
			return true
		}
	}
	return cousinsOf(a, b) || degrees(a, b)
}

// otherwise are the ways in which one number is written as another: a time of day as its hour, 2017 as
// 17, half as fifty percent, a decade as ten years.
func otherwise(a, b *Quantity) bool {
	switch {
	case a.Kind == Clock && b.counted():
		return hourOf(a, b)
	case b.Kind == Clock && a.counted():
		return hourOf(b, a)
	case !sized(a, b):
		return false
	case shortYear(a, b) || shortYear(b, a):
		return true
	case a.Figures && b.Figures && a.digits == b.digits && len(a.digits) > 1 && (a.places != b.places || len(a.digits) > 4) && a.Power == b.Power:
		return true
	}
	return share(a, b) || share(b, a) || aThird(a, b) || aThird(b, a)
}

func hourOf(clock, n *Quantity) bool {
	for _, v := range clock.Values {
		minutes, _ := v.Int()
		h := minutes / minutesInHour
		if n.places == 2 {
			written := func(h int64) Value { return Whole(h*100 + minutes%minutesInHour).shift(-2) }
			return n.has(written(h)) || h > half12 && n.has(written(h-half12))
		}
		if minutes%minutesInHour != 0 {
			continue
		}
		if n.has(Whole(h)) || h > half12 && n.has(Whole(h-half12)) || h == 0 && n.has(Whole(24)) {
			return true
		}
	}
	return false
}

func shortYear(long, short *Quantity) bool {
	y, ok := long.Values[0].Int()
	s, ok2 := short.Values[0].Int()
	return ok && ok2 && y >= 1900 && y < 2100 && y%100 == s && (len(short.digits) == 2 || !short.Figures && s >= 20)
}

// aThird matches "a third", which is read as an ordinal, with the fraction.
func aThird(ordinal, part *Quantity) bool {
	n, ok := ordinal.Values[0].Int()
	return ok && ordinal.ordinal && !ordinal.Figures && n > 1 && part.has(fraction(1, n))
}

// share matches a half with fifty percent.
func share(part, percent *Quantity) bool {
	if percent.Unit != "percent" {
		return false
	}
	for _, v := range part.Values {
		if v.Float() < 1 && percent.has(v.shift(2)) {
			return true
		}
	}
	return false
}
