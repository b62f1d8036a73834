package quantity

import (
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// figure is a number in figures.
type figure struct {
	values []Value // all readings, the language's own first
	digits string  // European figures, no separators
	places int     // behind the decimal sign in the first reading
	parts  []part  // more than one where it is a date or a version: 23.10.2024
	group  bool    // has signs between thousands
}

// part is one run of figures of a date.
type part struct {
	from, to int
	digits   string
}

// digitOf returns the value of a decimal figure of any script, or -1.
func digitOf(r rune) int {
	if r < utf8.RuneSelf {
		if r >= '0' && r <= '9' {
			return int(r - '0')
		}
		return -1
	}
	if !unicode.Is(unicode.Nd, r) {
		return -1
	}
	for n := rune(0); n < 10; n++ {
		if !unicode.Is(unicode.Nd, r-n-1) {
			return int(n)
		}
	}
	return -1
}

// run reads figures without any sign between them.
func run(text string, from int) (digits string, to int) {
	to = from
	plain := true
	for to < len(text) {
		r, size := utf8.DecodeRuneInString(text[to:])
		if digitOf(r) < 0 {
			break
		}
		plain = plain && size == 1
		to += size
	}
	if plain {
		return text[from:to], to
	}
	out := make([]byte, 0, to-from)
	for _, r := range text[from:to] {
		out = append(out, byte('0'+digitOf(r)))
	}
	return string(out), to
}

// habits are the separators of a language.
type habits struct {
	decimal rune // '.' or ','
	group   rune // '.', ',', or ' ' for any space; else 0
}

func habitsOf(l lang.Tag) habits {
	ty := l.Typography()
	h := habits{decimal: separator(first(ty.Decimal)), group: separator(first(ty.Group))}
	return h
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// separator brings the signs between figures down to a few: '.', ',', the apostrophe, the space, 0
// for what is none.
func separator(r rune) rune {
	switch r {
	case '.', ',':
		return r
	case '\'', '’', '٬':
		return '\''
	case '٫':
		return ','
	case ' ', '\u00a0', '\u202f', '\u2009':
		return ' '
	}
	return 0
}

// readFigure reads the number that begins at from.
func readFigure(h habits, text string, from int) (figure, int) {
	runs, seps := runsFrom(text, from)
	n, grouped := grouping(h, text, runs, seps)
	f := figure{digits: runs[0].digits}
	if n == 1 {
		if k := dotted(runs, seps); k > 2 {
			f.parts = runs[:k]
			f.digits = ""
			for _, p := range f.parts {
				f.digits += p.digits
			}
			f.values = []Value{parse(f.digits, 0)}
			return f, runs[k-1].to
		}
	}
	whole := f.digits
	for _, p := range runs[1:n] {
		whole += p.digits
	}
	f.digits, f.group = whole, grouped
	f.values = []Value{parse(whole, 0)}
	to := runs[n-1].to
	if n < len(runs) && fractionAt(h, runs, seps, n) {
		f.digits += runs[n].digits
		f.places = len(runs[n].digits)
		f.values = []Value{parse(f.digits, f.places)}
		return f, runs[n].to
	}
	if n == 2 && (seps[0] == '.' || seps[0] == ',') && !sure(h, runs, seps[0]) {
		f.ambiguous(h, runs, seps[0])
	}
	return f, to
}

// ambiguous adds the other reading of "1.077", and puts the language's own first.
func (f *figure) ambiguous(h habits, runs []part, sep rune) {
	small := parse(f.digits, len(runs[1].digits))
	if sep == h.decimal {
		f.values = []Value{small, f.values[0]}
		f.places, f.group = len(runs[1].digits), false
		return
	}
	f.values = append(f.values, small)
}

// sure reports whether one sign and three figures behind it can only be thousands.
func sure(h habits, runs []part, sep rune) bool { return sep == h.group && runs[0].digits != "0" }

// runsFrom reads the runs of figures that stand with single separators between them.
func runsFrom(text string, from int) (runs []part, seps []rune) {
	for {
		digits, end := run(text, from)
		runs = append(runs, part{from, end, digits})
		r, size := utf8.DecodeRuneInString(text[end:])
		sep := separator(r)
		if size == 0 || sep == 0 || len(runs) > 8 {
			return runs, seps
		}
		next, _ := utf8.DecodeRuneInString(text[end+size:])
		if digitOf(next) < 0 {
			return runs, seps
		}
		seps = append(seps, sep)
		from = end + size
	}
}

// grouping returns how many runs are one whole number with signs between thousands.
func grouping(h habits, text string, runs []part, seps []rune) (int, bool) {
	if len(runs) < 2 || len(runs[0].digits) > 3 {
		return 1, false
	}
	if runs[0].digits[0] == '0' && (runs[0].digits != "0" || seps[0] == ' ') {
		return 1, false
	}
	sep := seps[0]
	if sep == ' ' && h.group != ' ' && text[runs[0].to] == ' ' && len(seps) == 1 && h.group != 0 {
		return 1, false // "in 18 300 came": a space is no sign of thousands here
	}
	n := 1
	for n < len(runs) && seps[n-1] == sep && len(runs[n].digits) == 3 {
		n++
	}
	if n > 1 {
		return n, true
	}
	if sep == ',' {
		return indian(runs, seps)
	}
	return 1, false
}

// indian is the grouping of 12,34,567.
func indian(runs []part, seps []rune) (int, bool) {
	if len(runs[0].digits) > 2 {
		return 1, false
	}
	for n := 1; n < len(runs) && seps[n-1] == ','; n++ {
		switch len(runs[n].digits) {
		case 2:
		case 3:
			return n + 1, true
		default:
			return 1, false
		}
	}
	return 1, false
}

// dotted returns how many runs are a date or a version.
func dotted(runs []part, seps []rune) int {
	n := 1
	for n < len(runs) && seps[n-1] == '.' {
		n++
	}
	return n
}

// fractionAt reports whether the run n stands behind a decimal sign.
func fractionAt(h habits, runs []part, seps []rune, n int) bool {
	sep := seps[n-1]
	if sep != '.' && sep != ',' {
		return false
	}
	if n > 1 && sep == seps[0] {
		return false
	}
	if n < len(seps) && (seps[n] == '.' || seps[n] == sep) {
		return false // a list, or a date
	}
	if n == 1 && len(runs[0].digits) >= 4 && sep != h.decimal && len(runs[1].digits) > 2 {
		return false
	}
	return true
}
