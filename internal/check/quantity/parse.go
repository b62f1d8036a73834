package quantity

import "strings"

type parser struct {
	t      *tables
	text   string
	tokens []token
	out    []Quantity
	last   int // the token behind the last quantity
}

// at reads what begins with token i and returns the token behind it, or i where nothing does.
func (p *parser) at(i int) int {
	tok := &p.tokens[i]
	switch tok.sort {
	case figureToken:
		return p.figure(i)
	case signToken:
		if v, ok := glyphs[tok.low]; ok {
			q := Quantity{From: tok.from, To: tok.to, NumFrom: tok.from, NumTo: tok.to, Values: []Value{v}}
			return p.finish(q, i, i+1)
		}
		return i
	}
	w, next := p.word(i)
	if n := p.calendar(i, w, next); n > i {
		return n
	}
	if n := p.roman(i); n > i {
		return n
	}
	if w == nil || w.roles&(counts|half|times|scale) == 0 || w.is(tight) {
		return i
	}
	return p.spelled(i)
}

var glyphs = map[string]Value{
	"½": fraction(1, 2), "¼": fraction(1, 4), "¾": fraction(3, 4), "⅓": fraction(1, 3), "⅔": fraction(2, 3), "⅛": fraction(1, 8),
}

// word looks up the word that begins with token i, the longest first: "a.m", "per cent".
func (p *parser) word(i int) (*word, int) {
	if i >= len(p.tokens) || p.tokens[i].sort == figureToken {
		return nil, i
	}
	tok := p.tokens[i]
	if i+1 < len(p.tokens) && p.tokens[i+1].sort == wordToken {
		next := p.tokens[i+1]
		switch {
		case tok.sort == signToken && !next.space:
			if w := p.t.words[tok.low+next.low]; w != nil {
				return w, i + 2
			}
		case tok.sort == wordToken && next.space:
			if w := p.t.words[tok.low+"_"+next.low]; w != nil {
				return w, i + 2
			}
		}
	}
	if i+2 < len(p.tokens) && tok.sort == wordToken && p.tokens[i+1].low == "." && p.tokens[i+2].sort == wordToken && len(tok.low) <= 2 {
		if w := p.t.words[tok.low+"."+p.tokens[i+2].low]; w != nil {
			return w, i + 3
		}
	}
	if tok.sort == signToken {
		return p.t.words[tok.low], i + 1
	}
	return p.t.find(tok.low), i + 1
}

func (p *parser) is(i int, sign string) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].low == sign
}

func (p *parser) isHyphen(i int) bool {
	return i < len(p.tokens) && p.tokens[i].sort == signToken && strings.ContainsRune("-‑‐–", first(p.tokens[i].low))
}

// figures returns the figure of token i, or nil.
func (p *parser) figures(i int) *figure {
	if i < 0 || i >= len(p.tokens) || p.tokens[i].sort != figureToken {
		return nil
	}
	return p.tokens[i].fig
}

// figure reads the number that begins with the figures of token i.
func (p *parser) figure(i int) int {
	tok := &p.tokens[i]
	if len(tok.fig.parts) > 0 {
		return p.dotted(i)
	}
	if n := p.slashed(i); n > i {
		return n
	}
	if n := p.clock(i); n > i {
		return n
	}
	q := Quantity{
		From: tok.from, To: tok.to, NumFrom: tok.from, NumTo: tok.to, Values: tok.fig.values, Figures: true,
		digits: tok.fig.digits, places: tok.fig.places, group: tok.fig.group,
	}
	next := i + 1
	if next < len(p.tokens) && p.tokens[next].sort == signToken {
		if v, ok := glyphs[p.tokens[next].low]; ok {
			q.Values = []Value{q.Values[0].plus(v)}
			q.To, next = p.tokens[next].to, next+1
		}
	}
	if p.besideMonth(i, next) && q.isDay() {
		q.Kind = Day
	}
	return p.finish(q, i, next)
}

func (q Quantity) isDay() bool {
	n, ok := q.Values[0].Int()
	return ok && n >= 1 && n <= 31 && len(q.digits) <= 2
}

// finish reads scale and unit behind a number whose tokens are from i up to next.
func (p *parser) finish(q Quantity, i, next int) int {
	next = p.andHalf(&q, next)
	next = p.scales(&q, next)
	next = p.andHalf(&q, next)
	p.before(&q, i)
	next = p.unit(&q, next)
	if n := p.feet(&q, next); n > next {
		next = n
	}
	p.out = append(p.out, q)
	p.last = next
	return next
}

// scales multiplies by the words of size behind a number.
func (p *parser) scales(q *Quantity, next int) int {
	for {
		j := next
		if p.isHyphen(j) && j+1 < len(p.tokens) && !p.tokens[j].space && !p.tokens[j+1].space {
			j++
		}
		w, behind := p.word(j)
		if w.is(skip) && w.roles&(scale|times) == 0 { // "six autres millions"
			if further, end := p.word(behind); further.is(scale) && further.is(many) {
				w, j, behind = further, behind, end
			}
		}
		if w == nil || w.roles&(scale|times) == 0 {
			return next
		}
		if w.is(tight) && (p.tokens[j].space || !q.Figures) {
			return next
		}
		if !q.Figures && w.is(times) && !w.is(scale) {
			return next
		}
		p.multiply(q, w, p.text[p.tokens[j].from:p.tokens[j].to])
		q.To = p.tokens[behind-1].to
		next = behind
		if p.is(next, ".") && !p.tokens[next].space {
			if len(p.tokens[behind-1].low) <= 6 {
				next++ // "млн."
			}
		}
	}
}

func (p *parser) multiply(q *Quantity, w *word, raw string) {
	values := make([]Value, 0, len(q.Values)+1)
	for _, v := range q.Values {
		switch {
		case w.is(scale):
			values = append(values, v.shift(w.power))
		default:
			n, _ := w.value.Int()
			values = append(values, v.times(n))
		}
	}
	if w.is(scale) {
		q.Power += w.power
	}
	if w.is(tight) && raw == "m" && !p.money(q) {
		values = append(values, q.Values...) // "100m" may be metres
	}
	q.Values = values
	q.Weak = false
}

// money reports whether a sign of a currency stands before the number.
func (p *parser) money(q *Quantity) bool {
	var probe Quantity
	for i := range p.tokens {
		if p.tokens[i].from == q.From {
			p.before(&probe, i)
		}
	}
	return probe.Currency != ""
}

// andHalf adds the half of "two and a half", which stands behind the number.
func (p *parser) andHalf(q *Quantity, next int) int {
	j := next
	joins := 0
	for j < len(p.tokens) && joins < 2 && p.tokens[j].sort == wordToken && halfJoins[p.tokens[j].low] {
		j, joins = j+1, joins+1
	}
	if joins == 0 {
		return next
	}
	w, behind := p.word(j)
	if !w.is(half) {
		return next
	}
	if w.value != fraction(1, 2) && w.value != fraction(1, 4) {
		return next
	}
	add := w.value
	if q.Power > 0 {
		add = add.shift(q.Power)
	}
	q.Values = append([]Value{q.Values[0].plus(add)}, q.Values...)
	q.To = p.tokens[behind-1].to
	return behind
}

var halfJoins = map[string]bool{"and": true, "a": true, "з": true, "із": true, "с": true, "і": true, "и": true, "et": true, "y": true, "i": true, "und": true, "einhalb": true, "une": true}
