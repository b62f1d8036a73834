package lang

import (
	"slices"
	"strings"
	"unicode"
)

// quote is a quotation found in a text.
type quote struct {
	at, to int // the places of its marks
	single bool
	depth  int // how many others it stands within
}

// quotes replaces quotation marks and apostrophes by the language's.
func (set typesetter) quotes(s string) string {
	if !strings.ContainsAny(s, "\"'`´ʼ“”„‟«»「」『』‘’‚‛‹›") {
		return s
	}
	q := quoter{typesetter: set, text: []rune(s), put: map[int]string{}, drop: map[int]bool{}}
	q.apostrophes()
	q.pair()
	return q.written()
}

// quoter pairs the marks of one text.
type quoter struct {
	typesetter
	text []rune
	open []quote
	done []quote
	lone []int          // places of marks that close what began in another text
	put  map[int]string // what is written in place of the rune there
	drop map[int]bool   // spaces inside of marks
	last []int          // places of marks that could close a single quotation
	line []int          // the line each rune is in
	// unsure is set when a double mark was left as it is; marks without another half are left too
	// then, so that no pair ends up half set.
	unsure bool
}

// apostrophes settles the marks within words: "don't", "з'їзд", and the Hebrew gershayim.
func (q *quoter) apostrophes() {
	quoted := false // a single quotation may have begun
	for i, r := range q.text {
		before, next := at(q.text, i-1), at(q.text, i+1)
		quoted = quoted || r == '\'' && !inWord(before)
		switch {
		case unicode.Is(unicode.Hebrew, before) && unicode.IsLetter(before):
			if r == '"' && unicode.Is(unicode.Hebrew, next) {
				q.put[i] = "״"
			} else if r == '\'' && (unicode.Is(unicode.Hebrew, next) || ends(next)) && !quoted {
				q.put[i] = "׳"
			}
		case isApostrophe(r) && unicode.IsLetter(before) && unicode.IsLetter(next):
			q.put[i] = q.ty.Apostrophe
		case r == '\'' && ends(before) && unicode.IsDigit(next) && unicode.IsDigit(at(q.text, i+2)) && at(q.text, i+3) == 's':
			q.put[i] = q.ty.Apostrophe // the ’90s
		}
	}
}

// pair walks through the marks and decides for each whether it opens or closes.
func (q *quoter) pair() {
	line := 0
	for i, r := range q.text {
		if r == '\n' {
			line++
		}
		q.line = append(q.line, line)
		if _, done := q.put[i]; !done && isSingle(r) && !q.bounded(i, -1) && q.bounded(i, 1) {
			q.last = append(q.last, i)
		}
	}
	for i, r := range q.text {
		if _, done := q.put[i]; done || !isQuote(r) {
			continue
		}
		if isSingle(r) {
			q.singleMark(i)
		} else {
			q.doubleMark(i)
		}
	}
	q.abandon()
	for _, d := range q.done {
		if i := after(q.lone, d.to); i > 0 && q.line[i] == q.line[d.to] {
			d.depth++
		}
		q.write(d)
	}
}

// after is the first of the sorted places that is beyond i, or 0.
func after(places []int, i int) int {
	n, _ := slices.BinarySearch(places, i+1)
	if n == len(places) {
		return 0
	}
	return places[n]
}

// abandon gives up the quotations that are open.
func (q *quoter) abandon() {
	for _, left := range q.open {
		q.alone(left.at, 0)
	}
	q.open = nil
}

// bounded tells whether a boundary stands beside the mark at i, looking past other marks: step -1
// to its left, where a quotation could begin, 1 to its right, where one could end.
func (q *quoter) bounded(i, step int) bool {
	j := i + step
	for range 4 { // more marks in a row mean nothing
		if !isQuote(at(q.text, j)) || q.put[j] == q.ty.Apostrophe {
			break
		}
		j += step
	}
	r := at(q.text, j)
	if ends(r) || isSpace(r) || isQuote(r) && q.put[j] != q.ty.Apostrophe {
		return true
	}
	if step < 0 {
		return opens(r) || r == '–' || r == '—' || r == '/' || r == '¿' || r == '¡' || r == '\u2060' || r == '-' && !inWord(at(q.text, j-1))
	}
	return closes(r) || strings.ContainsRune(".,;:!?…–—/-،؛؟。，、", r)
}

func (q *quoter) doubleMark(i int) {
	left, right := q.bounded(i, -1), q.bounded(i, 1)
	open := q.holds(false)
	switch r := q.text[i]; {
	case r == '「' || r == '『' || left && !right:
		q.push(i, false)
	case r == '」' || r == '』' || right && !left:
		q.closeDouble(i)
	case left && right:
		q.loose(i, open)
	case open && !q.beginsAnew(i):
		q.closeDouble(i)
	case q.beginsAnew(i) || !q.spaced():
		q.push(i, false)
	default:
		q.unsure = true
	}
}

// beginsAnew tells whether a mark with no boundary on either side opens all the same: said:"Hello".
func (q *quoter) beginsAnew(i int) bool {
	return strings.ContainsRune(":,;-：，", at(q.text, i-1)) || q.text[i] == '„'
}

// spaced tells whether the language parts words by spaces.
func (q *quoter) spaced() bool { return bindingOf(q.tag) != nil }

// loose settles a mark with a boundary on both sides, as French guillemets have.
func (q *quoter) loose(i int, open bool) {
	switch r := q.text[i]; {
	case open && r != '„' && r != '«':
		q.closeDouble(i)
	case (!open || r == '«') && at(q.text, i+1) != 0 && isSpace(at(q.text, i+1)) && q.closesLater(i):
		q.push(i, false)
	}
}

// closesLater tells whether a double mark follows at whose left no quotation could begin, or one
// that stands as loosely.
func (q *quoter) closesLater(i int) bool {
	for j := i + 2; j < len(q.text) && q.text[j] != '\n'; j++ {
		if isDouble(q.text[j]) {
			return q.text[i] != '"' || q.bounded(j, 1)
		}
	}
	return false
}

func (q *quoter) singleMark(i int) {
	r := q.text[i]
	left, right := q.bounded(i, -1), q.bounded(i, 1)
	switch {
	case left && !right:
		switch {
		case (r != '’' || q.ty.Nested[0] == "’") && q.singleCloses(i):
			q.push(i, true)
		case r == '\'' && unicode.IsLetter(at(q.text, i+1)):
			q.put[i] = q.ty.Apostrophe // ’tis
		}
	case right && !left:
		q.closeSingle(i)
	}
}

// singleCloses tells whether a mark follows that could close a single quotation opened at i.
func (q *quoter) singleCloses(i int) bool {
	j := after(q.last, i+1)
	return j > 0 && q.line[j] == q.line[i]
}

// closeSingle closes the single quotation that is open, unless the mark is the apostrophe of a
// plural ("the workers' rights") and another follows that closes.
func (q *quoter) closeSingle(i int) {
	if !q.holds(true) {
		if unicode.IsLetter(at(q.text, i-1)) && q.text[i] == '\'' {
			q.put[i] = q.ty.Apostrophe
		}
		return
	}
	if at(q.text, i-1) == 's' && isSpace(at(q.text, i+1)) && unicode.IsLetter(at(q.text, i+2)) && q.anotherCloses(i) {
		q.put[i] = q.ty.Apostrophe
		return
	}
	q.shut(i, true)
}

// anotherCloses tells whether a further mark closes before a new quotation opens.
func (q *quoter) anotherCloses(i int) bool {
	for j := i + 1; j < len(q.text); j++ {
		if _, done := q.put[j]; done || !isSingle(q.text[j]) {
			continue
		}
		return !q.bounded(j, -1) && q.bounded(j, 1)
	}
	return false
}

func (q *quoter) closeDouble(i int) {
	if q.holds(false) {
		q.shut(i, false)
		return
	}
	q.lone = append(q.lone, i)
	q.alone(i, 1)
}

// holds tells whether a quotation of that kind is open.
func (q *quoter) holds(single bool) bool {
	for _, o := range q.open {
		if o.single == single {
			return true
		}
	}
	return false
}

func (q *quoter) push(i int, single bool) {
	if at(q.text, i-1) == '\n' && !single {
		q.abandon() // each paragraph of a long quotation begins with a mark
	}
	q.open = append(q.open, quote{at: i, single: single})
}

// shut closes the innermost open quotation of that kind at i. Those inside of it that nobody closed
// weren't any.
func (q *quoter) shut(i int, single bool) {
	for len(q.open) > 0 {
		top := q.open[len(q.open)-1]
		q.open = q.open[:len(q.open)-1]
		if top.single != single {
			q.alone(top.at, 0)
			continue
		}
		top.to, top.depth = i, len(q.open)
		q.done = append(q.done, top)
		return
	}
}

// write puts the language's marks for a quotation.
func (q *quoter) write(d quote) {
	marks, space := q.ty.Quotes, q.ty.QuoteSpace
	aside := d.single && d.depth == 0 && !isSingle([]rune(marks[0])[0]) && isSingle([]rune(q.ty.Nested[0])[0])
	if d.depth%2 == 1 || aside {
		marks, space = q.ty.Nested, ""
		if marks[0] == "«" {
			space = q.ty.QuoteSpace
		}
	}
	for j := d.at + 1; j < d.to && isSpace(q.text[j]); j++ {
		q.drop[j] = true
	}
	for j := d.to - 1; j > d.at && isSpace(q.text[j]); j-- {
		q.drop[j] = true
	}
	q.put[d.at], q.put[d.to] = marks[0]+space, space+marks[1]
}

// alone settles a typewriter's mark without its other half, which may stand in another paragraph:
// side 0 opens, 1 closes.
func (q *quoter) alone(i, side int) {
	beside := at(q.text, i+1)
	if q.text[i] == '\'' && side == 0 && unicode.IsLetter(beside) {
		q.put[i] = q.ty.Apostrophe
		return
	}
	if side == 1 {
		beside = at(q.text, i-1)
	}
	if q.text[i] != '"' || q.unsure || unicode.IsDigit(beside) || q.ty.Quotes[0] == "" {
		return // inches, or a mark that somebody chose
	}
	q.put[i] = q.ty.Quotes[side]
	if side == 0 {
		q.put[i] += q.ty.QuoteSpace
	} else {
		q.put[i] = q.ty.QuoteSpace + q.put[i]
	}
}

func (q *quoter) written() string {
	var b strings.Builder
	for i, r := range q.text {
		if q.drop[i] {
			continue
		}
		if s, ok := q.put[i]; ok {
			b.WriteString(s)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
