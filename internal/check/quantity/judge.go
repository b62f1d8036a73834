package quantity

import "slices"

// judge says what the pairs and those without a counterpart mean.
func (m *match) judge() {
	for i, a := range m.Source {
		if m.a[i] <= 0 {
			m.Lost = append(m.Lost, i)
			continue
		}
		m.paired(a, m.Target[m.a[i]-1])
	}
	for j := range m.Target {
		if m.b[j] <= 0 {
			m.Gained = append(m.Gained, j)
		}
	}
	m.leftover()
}

// paired looks at two quantities that stand for each other.
func (m *match) paired(a, b Quantity) {
	d := Difference{Source: a, Target: b, Sure: true}
	switch {
	case a.Weak || b.Weak:
		return // "one day" may be said as "once"
	case !equal(&a, &b):
		if converts(&a, &b) && measures[a.Unit].dimension != "time" {
			d.Fault = Converted
			m.Differences = append(m.Differences, d)
		}
		return
	case a.Unit == "pp" && b.Unit == "percent" || a.Unit == "percent" && b.Unit == "pp":
		d.Fault = PointsOff
	case moneyApart(&a, &b):
		d.Fault = MoneyOff
	case aged(&a, &b):
		d.Fault = UnitOff
	case unitsApart(&a, &b) || shareOfMoney(&a, &b) || shareOfMoney(&b, &a):
		d.Fault = UnitOff
	default:
		return
	}
	m.Differences = append(m.Differences, d)
}

// aged reports whether a bare number, which is an age in most texts, has become days or months:
// "Simpson, 20".
func aged(a, b *Quantity) bool {
	return a.Unit == "" && a.Currency == "" && a.Kind == Number && a.Figures && b.Figures && !a.ordinal && !b.ordinal &&
		len(a.digits) <= 2 && (b.Unit == "day" || b.Unit == "week" || b.Unit == "month")
}

// shareOfMoney reports whether one is percent and the other a sum.
func shareOfMoney(a, b *Quantity) bool {
	return a.Unit == "percent" && b.Currency != "" && a.Currency == "" && b.Unit != "percent"
}

// leftover pairs what has no counterpart on either side, and says what is missed.
func (m *match) leftover() {
	m.rivals(func(a, b *Quantity) bool { return rival(a, b) && near(a, b) && (!a.Weak || b.Figures && near(a, b)) })
	m.rivals(func(a, b *Quantity) bool { return a.Figures && b.Figures && rival(a, b) })
	for _, j := range m.Gained {
		if b := m.Target[j]; m.b[j] == 0 && b.Figures && !b.dated() {
			m.stranger(b)
		}
	}
	for _, i := range m.Lost {
		if m.a[i] != 0 {
			continue
		}
		if grave := m.grave(i); grave || m.noted(i) {
			m.Differences = append(m.Differences, Difference{Fault: Missing, Source: m.Source[i], Slight: !grave})
		}
	}
}

// rivals pairs what is left where fits says that one stands where the other stood.
func (m *match) rivals(fits func(a, b *Quantity) bool) {
	for i := range m.Source {
		for j := range m.Target {
			a, b := &m.Source[i], &m.Target[j]
			if m.a[i] != 0 || m.b[j] != 0 || !fits(a, b) || !matters(a, b) {
				continue
			}
			sure := near(a, b) || alone(m.Source, m.a) && alone(m.Target, m.b)
			m.a[i], m.b[j] = -1, -1
			m.Differences = append(m.Differences, Difference{Fault: faultOf(a, b), Source: *a, Target: *b, Sure: sure})
		}
	}
}

// alone reports whether only one number in figures has no counterpart.
func alone(list []Quantity, pairs []int) bool {
	n := 0
	for i := range list {
		if pairs[i] == 0 && list[i].Figures {
			n++
		}
	}
	return n == 1
}

// stranger looks at a number that only the target has. A measure contradicts the source where it isn't
// one of the source's in another unit.
func (m *match) stranger(b Quantity) {
	kind := measures[b.Unit].dimension
	hard := kind != "" && kind != "time" && kind != "share"
	at := -1
	for i := range m.Source {
		a := &m.Source[i]
		if equal(a, &b) || converts(a, &b) {
			return
		}
		if measures[a.Unit].dimension == kind {
			at = i
		}
	}
	if hard && at >= 0 {
		m.Differences = append(m.Differences, Difference{Fault: Differs, Source: m.Source[at], Target: b})
		return
	}
	m.Differences = append(m.Differences, Difference{Fault: Added, Target: b})
}

func faultOf(a, b *Quantity) Fault {
	switch {
	case a.Kind == Clock || b.Kind == Clock:
		return ClockOff
	case a.dated() && b.dated():
		return DateOff
	}
	return Differs
}

// rival reports whether one may stand where the other stood.
func rival(a, b *Quantity) bool {
	switch {
	case a.Kind == Month || b.Kind == Month || a.Kind == Weekday || b.Kind == Weekday:
		return a.Kind == b.Kind
	case a.Kind == Scale || b.Kind == Scale:
		return a.Kind == b.Kind && a.Values[0].Float() >= 1000 && b.Values[0].Float() >= 1000
	}
	return true
}

// matters reports whether the pair is worth a word: what stands in words on both sides is often said
// otherwise, and what a word may mean besides.
func matters(a, b *Quantity) bool {
	switch {
	case a.Kind == Month || a.Kind == Weekday || a.Kind == Scale:
		return true
	case a.Figures || b.Figures:
		return b.Figures || !b.Weak
	case a.Power != b.Power:
		return true
	}
	return !a.Weak && !b.Weak && !a.ordinal && !b.ordinal && a.Values[0].Float() >= 2 && b.Values[0].Float() >= 2
}

// near reports whether two numbers differ in one figure, or in one too few or too many, or only in
// their size.
func near(a, b *Quantity) bool {
	if a.Power != b.Power && len(a.Values) > 0 && len(b.Values) > 0 && a.Values[0].m == b.Values[0].m {
		return true
	}
	if a.Kind == b.Kind && (a.Kind == Scale || a.Kind == Clock) {
		return true
	}
	if spelledDecade(a, b) || spelledDecade(b, a) {
		return true
	}
	x, y := numerals(a), numerals(b)
	return (a.Kind == b.Kind || a.counted() && b.counted()) && (edits(x, y) <= 1 || swapped(x, y))
}

// spelledDecade reports whether one is "the eighties" in words and the other looks like a year: 1984.
func spelledDecade(words, year *Quantity) bool {
	n, ok := words.Values[0].Int()
	return ok && words.ordinal && n >= 20 && n < 100 && n%10 == 0 && year.Figures && len(year.digits) == 4 && !year.group && year.Unit == ""
}

func numerals(q *Quantity) string {
	if q.digits != "" {
		return q.digits
	}
	return q.Values[0].String()
}

// swapped reports whether two numbers have the same figures in another order: 1077 and 1770.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	var count [256]int
	for i := range a {
		count[a[i]]++
		count[b[i]]--
	}
	return count == [256]int{}
}

// edits counts the figures in which two numbers differ, up to two.
func edits(a, b string) int {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return 2
	}
	if len(a) == len(b) {
		n := 0
		for i := range a {
			if a[i] != b[i] {
				n++
			}
		}
		return n
	}
	for i := range b {
		if b[:i]+b[i+1:] == a {
			return 1
		}
	}
	return 2
}

// grave reports whether a number of the source that is nowhere in the target is missed. Ones and
// noughts go into words; a number said twice may be said once, and so may one given in two units.
func (m *match) grave(at int) bool {
	q := &m.Source[at]
	switch {
	case q.Kind == Clock:
		return q.Figures && m.spokenB
	case !q.Figures:
		return m.spokenB && !q.Weak && q.Kind == Number && (q.Unit == "percent" || q.Power >= 6)
	case !m.spokenB && len(q.digits) < 3:
		return false
	case q.opponent != 0:
		return m.a[at+q.opponent] != 0
	case q.Kind == Day:
		return m.monthKept(at)
	case q.dated() || q.Values[0] == Whole(1) || q.Values[0] == (Value{}):
		return false
	}
	for i := range m.Target {
		if equal(q, &m.Target[i]) {
			return false
		}
	}
	for i := range m.Source {
		if m.a[i] != 0 && (converts(&m.Source[i], q) || converts(q, &m.Source[i])) {
			return false
		}
	}
	return true
}

// noted reports whether a number that is nowhere in the target, and isn't missed much, is worth a
// remark: one in words, a one or a nought in figures.
func (m *match) noted(at int) bool {
	q := &m.Source[at]
	if !m.spokenB || q.Weak || q.Kind != Number {
		return false
	}
	if !q.Figures {
		return q.Values[0].Float() >= 2
	}
	small := q.Values[0] == Whole(1) || q.Values[0] == Value{}
	return small && !slices.ContainsFunc(m.Target, func(b Quantity) bool { return equal(q, &b) })
}

// monthKept reports whether the month that stands beside the day at i has its counterpart.
func (m *match) monthKept(i int) bool {
	for _, j := range []int{i - 1, i + 1} {
		if j >= 0 && j < len(m.Source) && m.Source[j].Kind == Month && m.a[j] > 0 {
			return true
		}
	}
	return false
}
