package quantity

import "math"

// measure is a unit as its dimension has it.
type measure struct {
	dimension string
	factor    float64
	plain     bool // its word means nothing else
}

var measures = map[string]measure{
	"km": {"length", 1000, true}, "m": {"length", 1, false}, "cm": {"length", 0.01, true}, "mm": {"length", 0.001, true}, "mile": {"length", 1609.344, true},
	"foot": {"length", 0.3048, false}, "inch": {"length", 0.0254, false}, "yard": {"length", 0.9144, true},
	"kg": {"mass", 1, true}, "g": {"mass", 0.001, true}, "mg": {"mass", 1e-6, false}, "pound": {"mass", 0.45359237, false}, "ounce": {"mass", 0.028349523, false},
	"stone": {"mass", 6.35029318, false}, "tonne": {"mass", 1000, false}, "ton": {"mass", 907.18474, false},
	"litre": {"volume", 1, false}, "gallon": {"volume", 3.785411784, false}, "pint": {"volume", 0.473176, false},
	"km2": {"area", 1e6, true}, "m2": {"area", 1, true}, "mile2": {"area", 2589988.11, true}, "foot2": {"area", 0.09290304, true},
	"yard2": {"area", 0.83612736, true},
	"acre":  {"area", 4046.8564, true}, "hectare": {"area", 10000, true},
	"second": {"time", 1, true}, "minute": {"time", 60, true}, "hour": {"time", 3600, true}, "day": {"time", 86400, true}, "week": {"time", 7 * 86400, true},
	"month": {"time", 365.25 / 12 * 86400, true}, "year": {"time", 365.25 * 86400, true},
	"percent": {"share", 1, true}, "pp": {"points", 1, true}, "permille": {"share", 0.1, true},
	"celsius": {"heat", 1, false}, "fahrenheit": {"heat", 1, false}, "degree": {"heat", 1, false},
	"kw": {"power", 1e3, true}, "mw": {"power", 1e6, true}, "gw": {"power", 1e9, true}, "kwh": {"energy", 1e3, true}, "mwh": {"energy", 1e6, true},
	"mb": {"data", 1e6, false}, "gb": {"data", 1e9, false}, "tb": {"data", 1e12, false},
}

// apart reports whether two units can't be the same thing said otherwise: both are known, and differ.
func apart(a, b string) bool {
	if a == b || a == "" || b == "" {
		return false
	}
	x, y := measures[a], measures[b]
	switch {
	case x.dimension == "heat" && y.dimension == "heat":
		return a != "degree" && b != "degree"
	case a == "yard" && b == "m" || a == "m" && b == "yard":
		return false // about the same
	case a == "ton" && b == "tonne" || a == "tonne" && b == "ton":
		return false
	}
	return x.dimension == y.dimension || x.plain && y.plain
}

// converted returns what n of the unit is in the other one, if one can be had from the other.
func converted(n float64, from, to string) (float64, bool) {
	a, b := measures[from], measures[to]
	if a.dimension == "" || a.dimension != b.dimension || from == to {
		return 0, false
	}
	switch {
	case from == "fahrenheit" && to != "fahrenheit":
		return (n - 32) * 5 / 9, true
	case to == "fahrenheit":
		return n*9/5 + 32, true
	case a.dimension == "heat":
		return 0, false
	}
	return n * a.factor / b.factor, true
}

// rounded reports whether v is the value exact as somebody would write it: rounded to the figures it
// has, to a multiple of five, or cut off.
func rounded(exact float64, q Quantity) bool {
	v := q.Values[0].Float()
	if math.IsNaN(v) || exact <= 0 {
		return false
	}
	step := math.Pow10(q.Power - q.places)
	off := math.Abs(v - exact)
	if q.places == 0 && exact-v >= 0 && off < step || off <= step*0.501 {
		return off <= 0.15*exact
	}
	if q.places > 0 {
		return q.places == 1 && multiple(v, step*5) && off <= step*2.5
	}
	for n := 0; n < 4 && multiple(v, step*5) && v >= 10*step; n++ {
		if off <= step*2.5 || multiple(v, step*10) && off <= step*5 {
			return off <= 0.06*exact
		}
		step *= 10
	}
	return false
}

func multiple(v, of float64) bool { return math.Abs(math.Mod(v/of+0.5, 1)-0.5) < 1e-6 }

// cousinsOf reports whether two measures in one unit were both had from the same round number of
// another unit: 5.08 and 5 centimetres from two inches.
func cousinsOf(a, b *Quantity) bool {
	if a.Unit == "" || a.Unit != b.Unit || equal(a, b) {
		return false
	}
	for _, other := range foreign[a.Unit] {
		n, _ := converted(a.Values[0].Float(), a.Unit, other)
		for _, round := range []float64{math.Round(n), math.Round(n/5) * 5} {
			if round < 1 || round > 12 && math.Mod(round, 5) != 0 {
				continue
			}
			exact, _ := converted(round, other, a.Unit)
			if rounded(exact, *a) && rounded(exact, *b) {
				return true
			}
		}
	}
	return false
}

// degrees reports whether bare degrees are Fahrenheit's in one text and Celsius's in the other.
func degrees(a, b *Quantity) bool {
	if a.Unit != "degree" || b.Unit != "degree" && b.Unit != "celsius" {
		return b.Unit == "degree" && a.Unit == "celsius" && rounded(a.Values[0].Float()*9/5+32, *b)
	}
	v := a.Values[0].Float()
	return v > 32 && rounded((v-32)*5/9, *b) || b.Unit == "degree" && rounded(v*9/5+32, *b)
}

var foreign = map[string][]string{
	"km": {"mile"}, "m": {"foot", "yard"}, "cm": {"inch"}, "mm": {"inch"}, "kg": {"pound"}, "g": {"ounce"}, "hectare": {"acre"}, "km2": {"mile2"}, "m2": {"foot2"},
}
