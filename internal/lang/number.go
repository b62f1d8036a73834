package lang

import (
	"math"
	"strconv"
	"strings"
)

// Number writes a whole number with the language's separators: "1.077", "1077", "10 000".
func (t Tag) Number(n int64) string {
	digits := strconv.FormatUint(magnitude(n), 10)
	return t.sign(n < 0) + t.native(t.group(digits))
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-(n + 1)) + 1 // the smallest number has no positive counterpart
	}
	return uint64(n)
}

// Decimal writes v with at most places digits after the decimal sign, without zeros at the end.
// What isn't a finite number is written as an en dash.
func (t Tag) Decimal(v float64, places int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	s := strconv.FormatFloat(math.Abs(v), 'f', max(places, 0), 64)
	whole, part, _ := strings.Cut(s, ".")
	part = strings.TrimRight(part, "0")
	out := t.group(whole)
	if part != "" {
		out += t.Typography().Decimal + part
	}
	return t.sign(v < 0 && strings.Trim(s, "0.") != "") + t.native(out)
}

// Percent writes v per cent: 12.5 is "12,5 %".
func (t Tag) Percent(v float64, places int) string {
	return strings.Replace(t.Typography().Percent, "{0}", t.Decimal(v, places), 1)
}

// Bytes writes a size for people, in thousands as disks are sold: "9,5 MB", from "0 kB".
func (t Tag) Bytes(n int64) string {
	v, unit := float64(max(n, 0))/1000, "kB"
	for _, next := range []string{"MB", "GB", "TB"} {
		if v < 999.5 {
			break
		}
		v, unit = v/1000, next
	}
	places := 0
	if unit != "kB" && v < 99.5 {
		places = 1
	}
	if 0 < v && v < 1 {
		v = 1
	}
	s := strings.Replace(dataOf(t).Bytes[unit], "{0}", t.Decimal(v, places), 1)
	return strings.ReplaceAll(s, " ", nbsp)
}

// group puts the thousands separators into digits.
func (t Tag) group(digits string) string {
	ty, sizes := t.Typography(), dataOf(t).Number.Sizes
	if len(digits) < ty.GroupFrom {
		return digits
	}
	at, size := len(digits)-sizes[0], sizes[1]
	out := digits[at:]
	for ; at > size; at -= size {
		out = digits[at-size:at] + ty.Group + out
	}
	return digits[:at] + ty.Group + out
}

func (t Tag) sign(negative bool) string {
	if !negative {
		return ""
	}
	if s := dataOf(t).Number.Minus; s != "-" {
		return s
	}
	return "−"
}

// figures writes a small number without separators, with zeros in front up to width.
func (t Tag) figures(v, width int) string {
	s := strconv.Itoa(v)
	for len(s) < width {
		s = "0" + s
	}
	return t.native(s)
}

// native replaces the figures by the language's own where it has such by default.
func (t Tag) native(s string) string {
	own := t.Typography().Digits
	if own == "" {
		return s
	}
	set := []rune(own)
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return set[r-'0']
		}
		return r
	}, s)
}
