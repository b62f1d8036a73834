package quantity

import (
	"fmt"
	"strconv"
	"strings"

	"depesche/internal/lang"
)

// Mend returns the target, in l, with the source's number in place of its own, written as l writes
// numbers, if there is exactly one sensible way to do that.
func (d Difference) Mend(l lang.Tag, target string) (string, bool) {
	a, b := d.Source, d.Target
	if !d.Sure || len(a.Values) != 1 || a.Weak {
		return "", false
	}
	var out string
	var ok bool
	switch {
	case d.Fault == Differs || d.Fault == DateOff && a.Kind == Day && b.Kind == Day:
		if n, whole := a.Values[0].Int(); !b.Figures && whole && d.Fault == Differs && a.Kind == Number && !apart(a.Unit, b.Unit) && !moneyApart(&a, &b) {
			out, ok = b.respelled(l, target, n)
			break
		}
		if !b.Figures || apart(a.Unit, b.Unit) || moneyApart(&a, &b) || a.Kind == Clock || b.Kind == Clock {
			return "", false
		}
		if a.Power != b.Power && a.Power > 0 && b.Power > 0 {
			return "", false // the word of size is wrong, not the figures
		}
		out, ok = b.write(l, a.Values[0])
	case d.Fault == ClockOff && a.Kind == Clock && b.Kind == Clock && b.Figures:
		out, ok = b.writeClock(target[b.NumFrom:b.NumTo], a.Values[0])
	}
	if !ok {
		return "", false
	}
	return target[:b.NumFrom] + out + target[b.NumTo:], true
}

// most is what is still written before a word of size.
const most = 1_000_000

// write writes a value in the place of q's figures.
func (q Quantity) write(l lang.Tag, v Value) (string, bool) {
	v = v.shift(-q.Power)
	if v.d != 0 || v.e < -3 {
		return "", false
	}
	n, whole := v.Int()
	switch {
	case q.Power > 0 && (v.Float() >= most || v.Float() < 1):
		return "", false
	case !whole:
		return l.Decimal(v.Float(), -v.e), true
	case q.plainYear(n):
		return strconv.FormatInt(n, 10), l.Typography().Digits == ""
	}
	return l.Number(n), true
}

// plainYear reports whether n in the place of q is a year, which has no sign between thousands.
func (q Quantity) plainYear(n int64) bool {
	return n >= 1000 && n < 2200 && !q.group && q.Power == 0 && q.Currency == "" && (q.Unit == "" || q.Unit == "year") && len(q.digits) == 4
}

// writeClock writes minutes of the day as the time of day old is written, if that has 24 hours.
func (q Quantity) writeClock(old string, v Value) (string, bool) {
	minutes, ok := v.Int()
	if !ok || minutes >= noTime {
		return "", false
	}
	h, m := minutes/minutesInHour, minutes%minutesInHour
	now, _ := q.Values[0].Int()
	if len(q.Values) == 1 && now < noTime && now/minutesInHour > half12 && q.digits[0] != '1' && q.digits[0] != '2' {
		return "", false // "3 p.m."
	}
	for _, sep := range []string{":", "."} {
		if strings.Contains(old, sep) {
			return fmt.Sprintf("%d%s%02d", h, sep, m), true
		}
	}
	return strconv.FormatInt(h, 10), m == 0
}
