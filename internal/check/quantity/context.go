package quantity

import (
	"strings"
	"unicode"
)

// before reads the currency or the percent sign that stands before a number: "$5", "US$5", "%5".
func (p *parser) before(q *Quantity, i int) {
	if i == 0 || i-1 < p.last && p.last > 0 {
		return
	}
	prev := p.tokens[i-1]
	if prev.sort == signToken {
		w := p.t.words[prev.low]
		if w == nil || w.currency == "" && w.unit != "percent" || w.unit == "percent" && p.tokens[i].space {
			return
		}
		q.From = prev.from
		if i > 1 && p.tokens[i-2].sort == wordToken && !prev.space {
			if longer := p.t.words[p.tokens[i-2].low+prev.low]; longer != nil && longer.currency != "" {
				w = longer
				q.From = p.tokens[i-2].from
			}
		}
		q.Currency, q.Unit = w.currency, w.unit
		return
	}
	if w := p.t.words[prev.low]; w != nil && prev.sort == wordToken {
		if w.currency != "" && isCode(prev.low) || p.t.lang.Base() == "tr" && w.unit == "percent" {
			q.From, q.Currency, q.Unit = prev.from, w.currency, w.unit
		}
	}
}

func isCode(s string) bool { return len(s) == 3 && s[0] < 0x80 && s != "cny" }

// unit reads the unit or currency behind a number: at once, behind a hyphen, or behind a few words
// that may stand between ("US dollars", "de livres").
func (p *parser) unit(q *Quantity, next int) int {
	j, square := p.ending(q, next), false
	for n := 0; n < 4 && j < len(p.tokens); n++ {
		w, behind := p.word(j)
		if w == nil {
			return next
		}
		if end := p.pointsOf(w, behind); end > 0 {
			q.Unit, q.To = "pp", p.tokens[end-1].to
			return end
		}
		if w.is(decade) && len(q.Values) > 0 && q.Unit == "" {
			q.may(q.Values[0].times(10)) // "two decades"
			q.To = p.tokens[behind-1].to
			return behind
		}
		if w.unit != "" || w.currency != "" {
			return p.squared(q, p.take(q, w, j, behind, next), square)
		}
		square = square || w.is(squares)
		if !w.is(skip) && !w.is(squares) {
			return next
		}
		if p.is(behind, ".") && w.is(squares) {
			behind++
		}
		j = behind
	}
	return next
}

// squared makes an area of a length where a word before or behind says so.
func (p *parser) squared(q *Quantity, next int, before bool) int {
	if measures[q.Unit+"2"].dimension == "" {
		return next
	}
	w, behind := p.word(next)
	switch {
	case before:
		q.Unit += "2"
	case w.is(squares):
		q.Unit, q.To, next = q.Unit+"2", p.tokens[behind-1].to, behind
	}
	return next
}

// ending steps over what makes an ordinal of figures, and over the hyphen before a unit: "3rd", "20-й",
// "25. Minute".
func (p *parser) ending(q *Quantity, j int) int {
	if p.suffix(j) {
		q.ordinal = q.Figures
		j++
	}
	if p.isHyphen(j) && !p.tokens[j].space {
		j++
		if p.suffix(j) {
			q.ordinal = q.Figures
			j++
		}
	}
	if p.is(j, ".") && !p.tokens[j].space && q.places == 0 && q.Figures && p.t.dots {
		if w, _ := p.word(j + 1); w != nil && measures[w.unit].dimension == "time" || p.isLower(j+1) {
			q.ordinal = true
			j++
		}
	}
	return j
}

// isLower reports whether token j is a word without a capital.
func (p *parser) isLower(j int) bool {
	return j < len(p.tokens) && p.tokens[j].sort == wordToken && !p.tokens[j].capital
}

// take gives the number its unit. A letter stands for one only where it can't be a word: close to
// the figures or behind a no-break space.
func (p *parser) take(q *Quantity, w *word, j, behind, next int) int {
	if q.Currency != "" && w.currency != "" && q.Currency != w.currency && q.Currency != "usd" {
		return next
	}
	if q.Currency == "" || w.currency != "" {
		q.Currency = w.currency
	}
	if w.unit != "" {
		q.Unit = w.unit
	}
	q.To = p.tokens[behind-1].to
	return behind
}

// pointsOf reports where "percentage points" ends, which w begins, or 0.
func (p *parser) pointsOf(w *word, behind int) int {
	next, end := p.word(behind)
	switch {
	case w.is(percentage) && next.is(points):
		return end
	case w.is(points) && next.is(percentage):
		return end
	case w.is(points) && next.is(skip):
		if third, end := p.word(end); third.is(percentage) {
			return end
		}
	}
	return 0
}

// suffix reports whether token j is the ending of an ordinal in figures: "3rd", "3-й" without its
// hyphen.
func (p *parser) suffix(j int) bool {
	return j < len(p.tokens) && p.tokens[j].sort == wordToken && !p.tokens[j].space && endings[p.tokens[j].low]
}

var endings = set("st nd rd th er e ème ère re º ª s er’ ers й го му ма ти х м")

// feet reads "6-foot-6" and "6ft 6in" as one length, and "10 stone 7".
func (p *parser) feet(q *Quantity, next int) int {
	var inches int64
	switch q.Unit {
	case "foot":
		inches = 12
	case "stone":
		inches = 14
	default:
		return next
	}
	j := next
	for p.isHyphen(j) {
		j++
	}
	f := p.figures(j)
	if f == nil || len(f.digits) > 2 || f.places > 0 {
		return next
	}
	n, _ := f.values[0].Int()
	if n >= inches {
		return next
	}
	q.Values = []Value{q.Values[0].times(inches).plus(Whole(n))}
	q.Unit, q.digits = map[int64]string{12: "inch", 14: "pound"}[inches], ""
	q.To = p.tokens[j].to
	j++
	if p.isHyphen(j) {
		j++
	}
	if w, behind := p.word(j); w != nil && (w.unit == "inch" || w.unit == "pound") {
		q.To, j = p.tokens[behind-1].to, behind
	}
	return j
}

// spread gives the first end of a range what only the last one has: "5 to 7 million", "5–7 %". It
// marks scores.
func (p *parser) spread() {
	for i := len(p.out) - 2; i >= 0; i-- {
		a, b := &p.out[i], &p.out[i+1]
		if a.Kind != Number || b.Kind != Number {
			continue
		}
		if isScore(a, b, p.text[a.To:max(a.To, b.From)]) {
			a.opponent, b.opponent = 1, -1
		}
		if !p.ranged(a.To, b.From) {
			continue
		}
		if a.Unit == "" && a.Currency == "" {
			a.Unit, a.Currency = b.Unit, b.Currency
		}
		if a.Power == 0 && b.Power > 0 {
			for _, v := range a.Values {
				a.may(v.shift(b.Power))
			}
		}
	}
}

// ranged reports whether only the word or dash of a range stands between two places.
func (p *parser) ranged(from, to int) bool {
	n := 0
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.from < from || t.to > to {
			continue
		}
		n++
		if t.sort == signToken && p.isHyphen(i) {
			continue
		}
		if w := p.t.words[t.low]; t.sort != wordToken || !w.is(between) {
			return false
		}
	}
	return n > 0 && n < 4
}

// isScore reports whether two numbers are a result: "1-0", "1 à 0".
func isScore(a, b *Quantity, middle string) bool {
	if len(a.digits) == 0 || len(a.digits) > 2 || len(b.digits) == 0 || len(b.digits) > 2 || a.places+b.places > 0 {
		return false
	}
	switch strings.Map(oneSpace, middle) {
	case "-", "–", "‑", "−", ":", " à ", " : ":
		return true
	}
	return false
}

func oneSpace(r rune) rune {
	if unicode.IsSpace(r) {
		return ' '
	}
	return r
}
