package check

import (
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// number is a figure in a text with all that it may mean.
type number struct {
	raw string // as it stands there, with its scale: "9,5 Mio."
	// values are all readings, exact, so that 9.5 million is 9500000: "1.077" may be a thousand and
	// a bit more than one.
	values []string
	digits string // only the digits
	// vague is a number that good translators write otherwise: a time of day, a measure that is
	// converted, a decade, a score, a number under ten.
	vague bool
	// small is one that may be written in words: up to twenty, full tens up to a hundred.
	small bool
}

// figure is a run of digits with the separators of any language in it.
var figure = regexp.MustCompile(`[0-9]+(?:[.,'’\x{00a0}\x{202f}\x{2009} ][0-9]+)*`)

// numbersIn returns the figures of a text.
func numbersIn(l lang.Tag, text string) []number {
	text = western(text)
	var out []number
	for _, at := range figure.FindAllStringIndex(text, -1) {
		for _, span := range parts(text, at[0], at[1]) {
			if n, ok := read(l, text, span[0], span[1]); ok {
				out = append(out, n)
			}
		}
	}
	return out
}

// western writes the digits of other scripts as European ones.
func western(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '٫':
			return ','
		case r == '٬':
			return '’'
		}
		return r
	}, s)
}

// parts cuts a run that can't be one number where a space or a sign of a list stands in it:
// "2018, 300" and "30 September 20 000".
func parts(text string, from, to int) [][2]int {
	run := text[from:to]
	groups := figureGroups(run)
	if len(groups) == 1 || wellGrouped(run, groups) || dotted(run) {
		return [][2]int{{from, to}}
	}
	var out [][2]int
	start := 0
	for i := 1; i <= len(groups); i++ {
		if i < len(groups) && !breaksAt(run, groups, i) {
			continue
		}
		out = append(out, [2]int{from + groups[start][0], from + groups[i-1][1]})
		start = i
	}
	return out
}

func figureGroups(run string) [][2]int {
	var out [][2]int
	start := -1
	for i, r := range run {
		digit := r >= '0' && r <= '9'
		if digit && start < 0 {
			start = i
		}
		if !digit && start >= 0 {
			out = append(out, [2]int{start, i})
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, [2]int{start, len(run)})
	}
	return out
}

// breaksAt reports whether a new number begins with the group i: its separator is a space, and what
// follows isn't three digits, or what came before is longer than three.
func breaksAt(run string, groups [][2]int, i int) bool {
	sep := run[groups[i-1][1]:groups[i][0]]
	before, after := groups[i-1][1]-groups[i-1][0], groups[i][1]-groups[i][0]
	if strings.TrimFunc(sep, unicode.IsSpace) == "" {
		return after != 3 || before > 3
	}
	return false
}

// wellGrouped reports whether the run is one number: groups of three with one separator, and perhaps
// a fraction behind another.
func wellGrouped(run string, groups [][2]int) bool {
	first := groups[0][1] - groups[0][0]
	sep := run[groups[0][1]:groups[1][0]]
	if len(groups) == 2 && strings.TrimFunc(sep, unicode.IsSpace) != "" {
		return true // a fraction or one separator of thousands
	}
	if first > 3 {
		return false
	}
	for i := 1; i < len(groups); i++ {
		last := i == len(groups)-1
		s := run[groups[i-1][1]:groups[i][0]]
		size := groups[i][1] - groups[i][0]
		switch {
		case s == sep && size == 3:
		case last && s != sep && strings.TrimFunc(s, unicode.IsSpace) != "":
		default:
			return false
		}
	}
	return true
}

// dotted reports whether the run is a date or a version: 23.10.2024.
func dotted(run string) bool { return strings.Count(run, ".") >= 2 && !strings.ContainsAny(run, " ,") }

// read makes a number of a span of the text.
func read(l lang.Tag, text string, from, to int) (number, bool) {
	run := text[from:to]
	n := number{raw: run, digits: onlyDigits(run)}
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	if inWord(before) || dotted(run) {
		// A part of a name, a model, an address, a date in figures: translators write those anew.
		n.vague = true
	}
	rest := text[to:]
	word, scale := scaleOf(l, rest)
	if scale != nil {
		n.raw = strings.TrimSpace(text[from : to+word])
		rest = text[to+word:]
	}
	for _, v := range readings(run) {
		if scale != nil {
			v.Mul(v, scale)
		}
		n.values = append(n.values, v.RatString())
	}
	if len(n.digits) < 2 && scale == nil {
		n.vague = true
	}
	whole := readings(run)[0]
	n.small = scale == nil && whole.IsInt() && isSmall(whole.Num().Int64())
	n.vague = n.vague || vagueAround(text[:from], rest)
	return n, true
}

func isSmall(v int64) bool { return v <= 20 || v <= 100 && v%10 == 0 || v == 1000 }

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// readings are the values that the figures may have: first without all separators, then with the
// last one as the sign before the fraction.
func readings(run string) []*big.Rat {
	whole, _ := new(big.Rat).SetString(onlyDigits(run))
	out := []*big.Rat{whole}
	groups := figureGroups(run)
	if len(groups) < 2 {
		return out
	}
	last := groups[len(groups)-1]
	sep := run[groups[len(groups)-2][1]:last[0]]
	if sep != "." && sep != "," {
		return out
	}
	if v, ok := new(big.Rat).SetString(onlyDigits(run[:last[0]]) + "." + run[last[0]:last[1]]); ok {
		out = append(out, v)
	}
	return out
}

func inWord(r rune) bool { return unicode.IsLetter(r) || r == '_' || r == '@' || r == '#' }

// same reports whether two figures may mean the same.
func (n number) same(o number) bool {
	if n.digits == o.digits {
		return true
	}
	for _, v := range n.values {
		if slices.Contains(o.values, v) {
			return true
		}
	}
	// A year may be shortened: 2017/18.
	return shortYear(n.digits, o.digits) || shortYear(o.digits, n.digits)
}

func shortYear(long, short string) bool {
	return len(long) == 4 && len(short) == 2 && (strings.HasPrefix(long, "19") || strings.HasPrefix(long, "20")) && strings.HasSuffix(long, short)
}

// compareNumbers returns the figures of the source that the target lacks, and those of the target
// that the source lacks, each leaving out what can't be told for certain.
func compareNumbers(from lang.Tag, source string, to lang.Tag, target string) (lost, gained []number) {
	a, b := numbersIn(from, source), numbersIn(to, target)
	usedB := make([]bool, len(b))
	var restA []number
	for _, n := range a {
		i := slices.IndexFunc(b, func(o number) bool { return n.same(o) })
		for j := range b {
			if !usedB[j] && n.same(b[j]) {
				i = j
				break
			}
		}
		if i >= 0 {
			usedB[i] = true
			continue
		}
		restA = append(restA, n)
	}
	for j, o := range b {
		if usedB[j] || slices.ContainsFunc(a, func(n number) bool { return n.same(o) }) {
			continue
		}
		if !o.vague {
			gained = append(gained, o)
		}
	}
	for _, n := range restA {
		if !n.vague {
			lost = append(lost, n)
		}
	}
	return lost, gained
}
