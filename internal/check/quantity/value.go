package quantity

import (
	"hash/fnv"
	"math"
	"strconv"
)

// Value is an exact number that isn't negative: m times ten to the e, over d where d isn't 0. Equal
// values are equal under ==.
type Value struct {
	m int64
	e int
	d int64
}

// Whole is the value of a whole number; what is below zero counts as zero.
func Whole(n int64) Value { return Value{m: max(n, 0)}.normal() }

// Fraction is n over d, for example a third.
func fraction(n, d int64) Value {
	if d <= 0 {
		return Whole(n)
	}
	a, b := n, d
	for b != 0 {
		a, b = b, a%b
	}
	n, d = n/a, d/a
	e := 0
	for d%2 == 0 && n < math.MaxInt64/5 {
		n, d, e = n*5, d/2, e-1
	}
	for d%5 == 0 && n < math.MaxInt64/2 {
		n, d, e = n*2, d/5, e-1
	}
	if d == 1 {
		d = 0
	}
	return Value{m: n, e: e, d: d}.normal()
}

// longest is how many figures a value holds exactly. What is longer is a telephone number or a key:
// it is compared, never counted with.
const (
	longest = 18
	opaque  = -1 << 20
)

// parse makes a value of figures and how many of them stand behind the decimal sign.
func parse(digits string, places int) Value {
	n := 0
	for n < len(digits)-1 && digits[n] == '0' {
		n++
	}
	if len(digits)-n > longest {
		h := fnv.New64a()
		h.Write([]byte(digits[n:]))
		return Value{m: int64(h.Sum64() >> 1), e: opaque}
	}
	m, err := strconv.ParseInt(digits[n:], 10, 64)
	if err != nil {
		return Value{}
	}
	return Value{m: m, e: -places}.normal()
}

func (v Value) normal() Value {
	if v.m == 0 {
		return Value{}
	}
	if v.e == opaque {
		return v
	}
	for v.m%10 == 0 {
		v.m, v.e = v.m/10, v.e+1
	}
	return v
}

// shift is v times ten to the n.
func (v Value) shift(n int) Value {
	if v.m == 0 || v.e == opaque {
		return v
	}
	v.e += n
	return v
}

// times is v times n, the same v where that is too much to hold.
func (v Value) times(n int64) Value {
	if v.e == opaque || n <= 0 || v.m > math.MaxInt64/n {
		return v
	}
	v.m *= n
	if v.d > 0 {
		return fraction(v.m, v.d).shift(v.e)
	}
	return v.normal()
}

func (v Value) plus(o Value) Value {
	if v.d != 0 || o.d != 0 || v.e == opaque || o.e == opaque {
		return v
	}
	e := min(v.e, o.e)
	a, b := v.align(e), o.align(e)
	if a < 0 || b < 0 || a > math.MaxInt64-b {
		return v
	}
	return Value{m: a + b, e: e}.normal()
}

// align is m for the lower exponent e, -1 where that is too much.
func (v Value) align(e int) int64 {
	m := v.m
	for i := e; i < v.e && m != 0; i++ {
		if m > math.MaxInt64/10 {
			return -1
		}
		m *= 10
	}
	return m
}

// Float is the value as it is counted with.
func (v Value) Float() float64 {
	if v.e == opaque {
		return math.NaN()
	}
	f := float64(v.m) * math.Pow10(v.e)
	if v.d > 0 {
		f /= float64(v.d)
	}
	return f
}

// Int is the value as a whole number, if it is a small enough one.
func (v Value) Int() (int64, bool) {
	if v.d != 0 || v.e < 0 || v.e > longest {
		return 0, false
	}
	n := v.align(0)
	return n, n >= 0
}

// String writes the value in a form that is equal for equal values: "1077", "9.5", "1/3".
func (v Value) String() string {
	if v.e == opaque {
		return "#" + strconv.FormatInt(v.m, 36)
	}
	if n, ok := v.Int(); ok {
		return strconv.FormatInt(n, 10)
	}
	if v.d > 0 {
		return strconv.FormatInt(v.m, 10) + "/" + strconv.FormatInt(v.d, 10) + exponent(v.e)
	}
	if places := -v.e; places > 0 && places <= longest {
		s := strconv.FormatInt(v.m, 10)
		for len(s) <= places {
			s = "0" + s
		}
		return s[:len(s)-places] + "." + s[len(s)-places:]
	}
	return strconv.FormatInt(v.m, 10) + exponent(v.e)
}

func exponent(e int) string {
	if e == 0 {
		return ""
	}
	return "e" + strconv.Itoa(e)
}
