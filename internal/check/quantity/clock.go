package quantity

const (
	minutesInHour = 60
	half12        = 12
)

// clock reads a time of day in figures: 14:00, 2 p.m., 14 Uhr, 14 h 30, о 14-й.
func (p *parser) clock(i int) int {
	f := p.figures(i)
	h, ok := f.values[len(f.values)-1].Int()
	minute, end, sure := 0, i+1, false
	if n := p.colon(i); n > 0 {
		m, _ := p.figures(i + 2).values[0].Int()
		minute, end, sure = int(m), n, true
	} else if f.places == 2 && len(f.digits) <= 4 && !f.group {
		whole := parse(f.digits, 0)
		n, _ := whole.Int()
		h, minute, ok = n/100, int(n%100), true
		if minute >= minutesInHour || !p.hourBehind(end, i) {
			return i
		}
		sure = true
	}
	if !ok || h > 24 || len(f.digits) > 4 || f.group {
		return i
	}
	q := Quantity{From: p.tokens[i].from, NumFrom: p.tokens[i].from, NumTo: p.tokens[end-1].to, Kind: Clock, Figures: true, digits: f.digits}
	end, part, marked := p.dayPart(i, end, &minute)
	if !sure && !marked {
		return i
	}
	q.To = p.tokens[end-1].to
	q.Values = moments(int(h), minute, part)
	if minute >= minutesInHour || end > i+1 && len(p.figures(i+2).digitsOr()) == 1 {
		q.Values = []Value{Whole(noTime + h*100 + int64(minute))}
	}
	p.out = append(p.out, q)
	p.last = end
	return end
}

// noTime begins the values of what is written like a time of day and is none: 15:70, 15:0.
const noTime = 100000

func (f *figure) digitsOr() string {
	if f == nil {
		return ""
	}
	return f.digits
}

// moments are the minutes of the day that an hour may mean.
func moments(h, minute int, part role) []Value {
	at := func(h int) Value { return Whole(int64(h%24*minutesInHour + minute)) }
	switch {
	case part == evening && h < half12:
		return []Value{at(h + half12)}
	case part == morning && h == half12:
		return []Value{at(0)}
	case part != 0 || h > half12 || h == 0:
		return []Value{at(h)}
	}
	return []Value{at(h), at(h + half12)}
}

// colon returns the token behind 14:00, or 0.
func (p *parser) colon(i int) int {
	a, b := p.figures(i), p.figures(i+2)
	if b == nil || !p.is(i+1, ":") || p.tokens[i+1].space || p.tokens[i+2].space {
		return 0
	}
	m, _ := b.values[0].Int()
	if len(a.digits) > 2 || len(b.digits) > 2 || len(b.parts) > 0 {
		return 0
	}
	if m >= minutesInHour || len(b.digits) == 1 {
		w, _ := p.word(i + 3)
		if h, _ := a.values[0].Int(); h < 10 || h > 24 || !w.is(hourSure) && !p.clockPreposition(i) {
			return 0
		}
	}
	return i + 3
}

// hourBehind reports whether a word behind or before says that the figures at i are a time of day.
func (p *parser) hourBehind(next, i int) bool {
	w, _ := p.word(next)
	if w == nil {
		return p.clockPreposition(i) && p.t.lang.Base() != "en"
	}
	if w.is(hourSure) || w.is(morning) || w.is(evening) {
		return true
	}
	return (w.is(hour) || w.is(skip) && p.t.lang.Base() == "es") && p.clockPreposition(i)
}

// clockPreposition reports whether a word that times of day have stands before token i, and no word
// that measures have: "о", "um", "at".
func (p *parser) clockPreposition(i int) bool {
	if i == 0 || p.tokens[i-1].sort != wordToken {
		return false
	}
	w := p.t.words[p.tokens[i-1].low]
	return w.is(preposition) || w.is(hour)
}

// dayPart reads what stands behind the hour: "p.m.", "Uhr", "h 30", "ранку".
func (p *parser) dayPart(i, end int, minute *int) (next int, part role, marked bool) {
	j := end
	if p.isHyphen(j) && j+1 < len(p.tokens) && endings[p.tokens[j+1].low] {
		j += 2
	}
	w, behind := p.word(j)
	if w.is(hour) && (w.is(hourSure) || p.clockPreposition(i) || p.minutesBehind(behind)) {
		if p.minutesBehind(behind) {
			m, _ := p.figures(behind).values[0].Int()
			*minute = int(m)
			behind++
		}
		end, marked = behind, true
		w, behind = p.word(end)
	}
	for n := 0; n < 3 && w != nil && (w.is(skip) || p.is(behind-1, "de") || p.is(behind-1, "la")); n++ {
		w, behind = p.word(behind)
	}
	if w != nil && w.unit != "" && !p.clockPreposition(i) && end == j {
		return end, 0, marked // "2 дня" are two days
	}
	switch {
	case w.is(evening):
		return behind, evening, true
	case w.is(morning):
		return behind, morning, true
	}
	return end, 0, marked
}

func (p *parser) minutesBehind(j int) bool {
	f := p.figures(j)
	if f == nil || len(f.digits) != 2 || f.places > 0 || len(f.parts) > 0 {
		return false
	}
	m, _ := f.values[0].Int()
	return m < minutesInHour
}

// clockWords makes a time of day of a number in words: "о третій годині дня", "three o’clock".
func (p *parser) clockWords(q *Quantity, i, end int) int {
	h, ok := q.Values[0].Int()
	w, behind := p.word(end)
	if !ok || h > 24 || h == 0 || !w.is(hour) && !w.is(evening) && !w.is(morning) {
		return end
	}
	if !w.is(hourSure) && !p.clockPreposition(i) {
		return end
	}
	part := role(0)
	if w.is(hour) {
		end = behind
		w, behind = p.word(end)
	}
	switch {
	case w.is(evening):
		part, end = evening, behind
	case w.is(morning):
		part, end = morning, behind
	}
	q.Kind, q.To = Clock, p.tokens[end-1].to
	q.Values = moments(int(h), 0, part)
	return end
}

// halfHours are the words that stand between "half" and an hour, and whether the hour is the one that
// goes or the one that comes.
var halfHours = map[string]int64{"en past": 0, "de": -minutesInHour, "uk на": -minutesInHour, "pl do": -minutesInHour}

// halfHour reads "half past eight", "halb neun", "пів на дев’яту", "wpół do dziewiątej".
func (p *parser) halfHour(i int) int {
	w, j := p.word(i)
	if !w.is(half) || w.value != fraction(1, 2) {
		return i
	}
	key := string(p.t.lang.Base())
	if _, ok := halfHours[key]; !ok && j < len(p.tokens) {
		key += " " + p.tokens[j].low
		j++
	}
	shift, ok := halfHours[key]
	hour, end := p.word(j)
	if !ok || !hour.is(counts) || p.t.lang.Base() == "de" && p.tokens[i].low != "halb" {
		return i
	}
	h, _ := hour.value.Int()
	if h < 1 || h > half12 {
		return i
	}
	from, to := p.tokens[i].from, p.tokens[end-1].to
	at := (h*minutesInHour + minutesInHour/2 + shift + 24*minutesInHour) % (half12 * minutesInHour)
	p.out = append(p.out, Quantity{
		From: from, To: to, NumFrom: from, NumTo: to, Kind: Clock, Values: []Value{Whole(at), Whole(at + half12*minutesInHour)},
	})
	p.last = end
	return end
}
