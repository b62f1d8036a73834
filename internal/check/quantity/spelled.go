package quantity

// spelled reads the number in words that begins with token i.
func (p *parser) spelled(i int) int {
	if n := p.halfHour(i); n > i {
		return n
	}
	s := speller{p: p}
	j := i
	for j < len(p.tokens) {
		n := s.next(j, j == i)
		if n <= j {
			break
		}
		j = n
	}
	q, end, ok := s.number(i)
	if !ok {
		return i
	}
	if v, ok := q.Values[0].Int(); ok && v > 0 && v <= 31 && p.besideMonth(i, end) {
		q.Kind, q.Weak = Day, false
	}
	if n := p.clockWords(&q, i, end); n > end {
		p.out = append(p.out, q)
		p.last = n
		return n
	}
	return p.finish(q, i, end)
}

// speller adds up the words of a number.
type speller struct {
	p          *parser
	total, cur Value
	room       int64 // what comes next must be less
	have       bool  // something stands in cur
	any        bool
	weak, open bool // open: only sizes so far, as in "millions of people"
	ended      bool
	end        int
	n          int
	power      int
	ordinal    bool
}

// next takes the word at j, and returns the token behind it, or j if it is no part of the number.
func (s *speller) next(j int, begins bool) int {
	if s.ended {
		return j
	}
	if !begins {
		j = s.bridge(j)
		if j < 0 {
			return -1
		}
	}
	w, behind := s.p.word(j)
	if w == nil || w.is(tight) || behind > j+1 {
		return -1
	}
	if !s.take(w, s.p.tokens[j].low) {
		return -1
	}
	s.any, s.end, s.n = true, behind, s.n+1
	if s.n > 1 {
		s.weak = false
	}
	return behind
}

// bridge steps over the hyphen or the "and" within a number.
func (s *speller) bridge(j int) int {
	p := s.p
	switch {
	case p.isHyphen(j) && !p.tokens[j].space && j+1 < len(p.tokens) && !p.tokens[j+1].space:
		return j + 1
	case j < len(p.tokens) && p.tokens[j].sort == wordToken && p.t.words[p.tokens[j].low].is(join):
		w, _ := p.word(j + 1)
		if !w.is(counts) || w.is(half) {
			return -1
		}
		n, _ := s.cur.Int()
		if p.t.lang.Base() == "en" && s.have && n < 100 || s.room == 0 && s.have {
			return -1
		}
		return j + 1
	case s.have && s.cur == fraction(1, 2) && (p.is(j, "a") || p.is(j, "an")):
		if w, _ := p.word(j + 1); w.is(scale) || w.is(times) {
			return j + 1
		}
	case j < len(p.tokens) && p.tokens[j].sort == wordToken:
		return j
	}
	return -1
}

func (s *speller) take(w *word, low string) bool {
	switch {
	case w.is(counts) && s.fourScore(low):
		s.cur, s.room = Whole(80), 20
	case w.is(counts):
		return s.count(w)
	case w.is(half):
		return s.part(w)
	case w.is(times) && w.value.m > 0:
		if !s.have && s.any {
			return false
		}
		s.size(w)
		n, _ := w.value.Int()
		if !s.have {
			s.cur = Whole(1)
		} else if v, ok := s.cur.Int(); ok && v >= 100 {
			return false
		}
		s.cur, s.have, s.room = s.cur.times(n), true, n
	case w.is(scale):
		if !s.have && s.any && s.power > 0 && !s.open {
			return false
		}
		s.size(w)
		if !s.have {
			s.cur = Whole(1)
		}
		if !s.have && s.open && s.n > 0 {
			s.total = s.total.shift(w.power) // "thousands of millions"
		} else {
			s.total = s.total.plus(s.cur.shift(w.power))
		}
		s.cur, s.have, s.room, s.power = Value{}, false, 0, w.power
	default:
		return false
	}
	return true
}

func (s *speller) size(w *word) {
	if !s.any && w.is(many) {
		s.open = true
	}
}

// fourScore reports whether French goes on with quatre-vingts.
func (s *speller) fourScore(low string) bool {
	return s.have && s.cur == Whole(4) && s.p.t.lang.Base() == "fr" && (low == "vingt" || low == "vingts")
}

func (s *speller) count(w *word) bool {
	n, ok := w.value.Int()
	if !ok {
		return false
	}
	switch {
	case s.open:
		return false
	case !s.have:
		if s.any && s.power > 0 && n >= 1000 || s.any && w.is(weak) && s.power == 0 {
			return false
		}
		s.cur, s.have = w.value, true
		s.weak = !s.any && w.is(weak)
	case s.cur == Whole(1) && s.n == 1 && w.is(ordinal) && n >= 3 && s.p.t.lang.Base() == "en":
		s.cur = fraction(1, n) // "one third"
	case s.n == 1 && s.p.t.lang.Base() == "en" && n >= 10 && n < 100 && (s.cur == Whole(19) || s.cur == Whole(20)):
		s.cur = s.cur.shift(2).plus(w.value) // "nineteen eighty-four"
	case n == 0 || n >= s.room:
		return false
	default:
		s.cur = s.cur.plus(w.value)
	}
	s.room = roomBehind(n, s.p.t.lang.Base() == "fr")
	s.ended, s.ordinal = w.is(ordinal), w.is(ordinal)
	return true
}

// roomBehind is what a number behind n in the same number is less than: ten behind twenty.
func roomBehind(n int64, french bool) int64 {
	switch {
	case n == 60 && french:
		return 20
	case n == 10 && french:
		return 10
	case n >= 100 && n%100 == 0:
		return 100
	case n >= 20 && n%10 == 0:
		return 10
	}
	return 0
}

// part takes a fraction: "half", "half a million", "two thirds".
func (s *speller) part(w *word) bool {
	if s.any {
		n, ok := s.cur.Int()
		if !ok || !s.have || w.value == fraction(1, 2) || s.n > 1 {
			return false
		}
		s.cur = w.value.times(n)
		s.ended = true
		return true
	}
	s.cur, s.have, s.room, s.weak = w.value, true, 0, w.is(weak)
	return true
}

// number is what was read.
func (s *speller) number(i int) (Quantity, int, bool) {
	if !s.any {
		return Quantity{}, i, false
	}
	v := s.total
	if s.have {
		v = s.total.plus(s.cur)
		if s.total == (Value{}) {
			v = s.cur
		}
	}
	from, to := s.p.tokens[i].from, s.p.tokens[s.end-1].to
	q := Quantity{From: from, To: to, NumFrom: from, NumTo: to, Values: []Value{v}, Weak: s.weak, Power: s.power, ordinal: s.ordinal}
	if s.open {
		q.Kind = Scale
	}
	return q, s.end, true
}
