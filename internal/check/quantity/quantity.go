// Package quantity reads the numbers of a text by value: figures with the separators of any language
// and words for numbers, with scale, unit and currency; times of day; the days, months and weekdays
// of dates. Two texts can be compared by what they count. It is pure, and knows German, English,
// French, Polish, Russian, Spanish and Ukrainian well, Czech and Turkish a little; of other languages
// it reads the figures and the names of the months.
package quantity

import "depesche/internal/lang"

// Kind is what a quantity counts.
type Kind int

// The kinds.
const (
	Number  Kind = iota
	Clock        // its values are minutes of the day
	Day          // of a month
	Month        // 1 to 12
	Weekday      // 1 is Monday
	Scale        // "millions of people": only the size is said
)

// Quantity is one number of a text with all that it may mean.
type Quantity struct {
	// From and To are the bytes of the whole, NumFrom and NumTo those of its figures or words for
	// numbers, without scale and unit.
	From, To, NumFrom, NumTo int
	Kind                     Kind
	// Values are all readings, the likeliest first.
	Values []Value
	// Unit is the unit in short ("km", "percent", "pp"), Currency the code in small letters; a pound
	// may be both.
	Unit, Currency string
	// Figures says that it is written in figures.
	Figures bool
	// Weak says that the word may mean something else: "one", "second".
	Weak bool
	// Power is the scale behind the figures: 6 for a million.
	Power    int
	digits   string
	places   int
	group    bool
	ordinal  bool
	opponent int // where the other number of a score stands: 1 or -1
}

// In returns the quantities of a text in l, in the order of the text.
func In(l lang.Tag, text string) []Quantity {
	if text == "" {
		return nil
	}
	t := tablesOf(l)
	p := parser{t: t, text: text, tokens: t.scan(text)}
	for i := 0; i < len(p.tokens); {
		i = max(p.at(i), i+1)
	}
	p.spread()
	return p.out
}

// Raw is the quantity as it stands in its text.
func (q Quantity) Raw(text string) string { return text[q.From:q.To] }

// has reports whether v is one of the readings.
func (q Quantity) has(v Value) bool {
	for _, x := range q.Values {
		if x == v {
			return true
		}
	}
	return false
}

func (q *Quantity) may(v Value) {
	if !q.has(v) {
		q.Values = append(q.Values, v)
	}
}

// dated reports whether it is a part of a date.
func (q Quantity) dated() bool { return q.Kind == Day || q.Kind == Month || q.Kind == Weekday }

// counted reports whether it is a number or the day of a date.
func (q Quantity) counted() bool { return q.Kind == Number || q.Kind == Day }
