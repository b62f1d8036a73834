package quantity

import "strings"

// calendar reads the name of a month or of a weekday.
func (p *parser) calendar(i int, w *word, next int) int {
	if w == nil || w.month == 0 && w.weekday == 0 {
		return i
	}
	tok := p.tokens[i]
	q := Quantity{From: tok.from, To: p.tokens[next-1].to, NumFrom: tok.from, NumTo: tok.to}
	switch {
	case w.month > 0 && p.isMonth(i):
		q.Kind, q.Values = Month, []Value{Whole(int64(w.month))}
	case w.weekday > 0:
		q.Kind, q.Values = Weekday, []Value{Whole(int64(w.weekday))}
		if p.nightBefore(i) {
			q.may(Whole(int64((w.weekday+5)%7 + 1)))
		}
	default:
		return i
	}
	p.out = append(p.out, q)
	return next
}

// nightBefore reports whether the night before the day at i is meant, which others call by the day
// that goes: "in der Nacht zum Samstag", "в ніч на суботу".
func (p *parser) nightBefore(i int) bool {
	if i < 2 {
		return false
	}
	switch p.tokens[i-1].low {
	case "zum", "auf", "на", "проти", "na":
	default:
		return false
	}
	switch p.tokens[i-2].low {
	case "nacht", "ніч", "ночь", "nocy", "noc":
		return true
	}
	return false
}

// isMonth reports whether the name at i is that of a month here, and no other word.
func (p *parser) isMonth(i int) bool {
	tok, base := p.tokens[i], p.t.lang.Base()
	raw := p.text[tok.from:tok.to]
	if (base == "en" || base == "de") && !tok.capital {
		return false
	}
	if !doubtful[base][tok.low] && len([]rune(raw)) > 3 {
		return true
	}
	if p.figures(i-1) != nil || p.figures(i+1) != nil || p.figures(i+2) != nil && p.tokens[i+1].sort == signToken {
		return true
	}
	if i > 0 && p.figures(i-2) != nil && p.tokens[i-1].sort != figureToken {
		return len(p.tokens[i-1].low) <= 4
	}
	if base == "en" && i > 0 && tok.capital && len(raw) > 3 || base == "de" && len(raw) == 3 && i > 0 {
		switch p.tokens[i-1].low {
		case "in", "since", "last", "next", "early", "late", "until", "by", "of", "this", "im", "ende", "anfang", "mitte", "seit", "bis":
			return true
		}
	}
	return false
}

// besideMonth reports whether the figures at i have a month before or behind them; next is the token
// behind the figures.
func (p *parser) besideMonth(i, next int) bool {
	if i > 0 && p.monthAt(i-1) || i > 1 && p.is(i-1, ".") && p.monthAt(i-2) {
		return true
	}
	for n := 0; n < 3 && next < len(p.tokens); n++ {
		if p.monthAt(next) {
			return true
		}
		tok := p.tokens[next]
		switch {
		case tok.low == "." || tok.low == "-", p.suffix(next):
		case tok.low == "de" || tok.low == "of":
		default:
			return false
		}
		next++
	}
	return false
}

func (p *parser) monthAt(i int) bool {
	if i >= len(p.tokens) || p.tokens[i].sort != wordToken {
		return false
	}
	w := p.t.words[p.tokens[i].low]
	return w != nil && w.month > 0 && (!doubtful[p.t.lang.Base()][p.tokens[i].low] || p.isMonth(i))
}

// dotted reads 23.10.2024, and takes other figures with dots for a version.
func (p *parser) dotted(i int) int {
	tok := &p.tokens[i]
	parts := tok.fig.parts
	day, month := parse(parts[0].digits, 0), parse(parts[1].digits, 0)
	d, _ := day.Int()
	m, _ := month.Int()
	last := parts[len(parts)-1]
	if len(parts) != 3 || d < 1 || d > 31 || m < 1 || m > 12 || len(parts[0].digits) > 2 || len(last.digits) != 2 && len(last.digits) != 4 {
		p.out = append(p.out, Quantity{
			From: tok.from, To: tok.to, NumFrom: tok.from, NumTo: tok.to, Values: tok.fig.values, Figures: true, digits: tok.fig.digits,
		})
		return i + 1
	}
	p.dateParts(Day, parts[0], day)
	p.dateParts(Month, parts[1], month)
	p.dateParts(Number, last, yearOf(last.digits))
	return i + 1
}

func yearOf(digits string) Value { return parse(digits, 0) }

func (p *parser) dateParts(k Kind, at part, values ...Value) {
	p.out = append(p.out, Quantity{
		From: at.from, To: at.to, NumFrom: at.from, NumTo: at.to, Kind: k, Values: values, Figures: true, digits: at.digits,
	})
}

// slashed reads 10/23/2024 and 2024-10-23.
func (p *parser) slashed(i int) int {
	if i+4 >= len(p.tokens) || p.figures(i+2) == nil || p.figures(i+4) == nil {
		return i
	}
	sign := p.tokens[i+1].low
	if sign != p.tokens[i+3].low || sign != "/" && sign != "-" {
		return i
	}
	for j := i + 1; j <= i+4; j++ {
		if p.tokens[j].space {
			return i
		}
	}
	at := [3]part{}
	for n := range at {
		tok := p.tokens[i+2*n]
		at[n] = part{tok.from, tok.to, tok.fig.digits}
	}
	if sign == "-" {
		if len(at[0].digits) != 4 || len(at[1].digits) != 2 || len(at[2].digits) != 2 {
			return i
		}
		p.dateParts(Number, at[0], parse(at[0].digits, 0))
		p.dateParts(Month, at[1], parse(at[1].digits, 0))
		p.dateParts(Day, at[2], parse(at[2].digits, 0))
		return i + 5
	}
	if len(at[0].digits) > 2 || len(at[1].digits) > 2 || len(at[2].digits) != 2 && len(at[2].digits) != 4 {
		return i
	}
	a, b := parse(at[0].digits, 0), parse(at[1].digits, 0)
	if p.t.lang.Base() == "en" { // which of the two is the month isn't sure
		p.dateParts(Day, at[0], a, b)
		p.dateParts(Month, at[1], b, a)
	} else {
		p.dateParts(Day, at[0], a)
		p.dateParts(Month, at[1], b)
	}
	p.dateParts(Number, at[2], parse(at[2].digits, 0))
	return i + 5
}

// roman reads a Roman numeral: two letters and more, or any before the word for a century.
func (p *parser) roman(i int) int {
	tok := p.tokens[i]
	raw := p.text[tok.from:tok.to]
	if !strings.ContainsRune("IVXІХ", first(raw)) {
		return i
	}
	raw = strings.TrimSuffix(romanLetters.Replace(raw), "e")
	n := romanValue(raw)
	if n == 0 {
		return i
	}
	w, _ := p.word(i + 1)
	if !w.is(century) && i > 0 {
		w, _ = p.word(i - 1) // "siglo XIX"
	}
	if len(raw) < 2 && !w.is(century) {
		return i
	}
	p.out = append(p.out, Quantity{From: tok.from, To: tok.to, NumFrom: tok.from, NumTo: tok.to, Values: []Value{Whole(n)}, Weak: !w.is(century)})
	return i + 1
}

var romanLetters = strings.NewReplacer("І", "I", "Х", "X", "ème", "", "er", "")

// romanValue reads the numerals of kings and centuries, up to 39.
func romanValue(s string) int64 {
	tens := len(s) - len(strings.TrimLeft(s, "X"))
	rest := s[tens:]
	if tens > 3 || s == "" {
		return 0
	}
	for n, r := range []string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"} {
		if rest == r {
			return int64(10*tens + n)
		}
	}
	return 0
}
