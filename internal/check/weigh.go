package check

import (
	"slices"
	"strings"
	"unicode"

	"depesche/internal/check/quantity"
	"depesche/internal/lang"
)

// Weight is what a change of an original means for its translations.
type Weight int

// The weights.
const (
	Wording Weight = iota // said otherwise: what was translated is still true
	Fact                  // something else is said now
)

// String returns the weight as it stands in data attributes and tables: "wording", "fact".
func (w Weight) String() string { return [...]string{"wording", "fact"}[w] }

// Change is what [Weigh] makes of two wordings.
type Change struct {
	Weight Weight // as proposed
	// Firm says that nobody may call it less: a number, name, date or negation changed.
	Firm bool
	// Why are the word keys of the reasons, "weigh.number" for example, in the order of the text.
	Why []string
}

// Weigh proposes what the change of a segment from then to now, both in l, means for translations.
func Weigh(l lang.Tag, then, now string) Change {
	if weighBare(then) == weighBare(now) {
		return Change{} // marks, spaces and capitals only
	}
	w := weighing{lang: l.Base(), then: weighWords(then), now: weighWords(now)}
	w.quantities(l, then, now)
	w.days()
	w.names()
	w.negation()
	w.quoted(l, then, now)
	w.rewritten()
	return w.change()
}

// weighBare is a text without all that isn't said: marks, spaces, capitals.
func weighBare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || strings.ContainsRune("$€£%‰₴", r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// weighWord is a word of a text.
type weighWord struct {
	at     int
	text   string
	low    string
	starts bool // a sentence
	behind bool // the word before it stands close: no sign between them
}

// weighWords returns the words of a text.
func weighWords(s string) []weighWord {
	var out []weighWord
	starts, behind := true, false
	begin := -1
	end := func(at int) {
		if begin >= 0 {
			word := s[begin:at]
			out = append(out, weighWord{at: begin, text: word, low: strings.ToLower(word), starts: starts, behind: behind})
			starts, behind, begin = false, true, -1
		}
	}
	for i, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsMark(r) || begin >= 0 && (r == '\'' || r == '’' || r == 'ʼ'):
			if begin < 0 {
				begin = i
			}
			continue
		}
		end(i)
		if !unicode.IsSpace(r) && r != '-' {
			behind = false
		}
		if strings.ContainsRune(".!?…:\n«„“\"", r) {
			starts = true
		}
	}
	end(len(s))
	return out
}

// weighing gathers reasons.
type weighing struct {
	lang      lang.Tag
	then, now []weighWord
	reasons   []reason
}

type reason struct {
	at   int
	word string
	firm bool
}

func (w *weighing) say(at int, word string, firm bool) {
	if i := slices.IndexFunc(w.reasons, func(r reason) bool { return r.word == word }); i >= 0 {
		w.reasons[i].firm = w.reasons[i].firm || firm
		return
	}
	w.reasons = append(w.reasons, reason{at, word, firm})
}

func (w *weighing) change() Change {
	c := Change{}
	slices.SortStableFunc(w.reasons, func(a, b reason) int { return a.at - b.at })
	for _, r := range w.reasons {
		c.Weight = Fact
		c.Firm = c.Firm || r.firm
		c.Why = append(c.Why, r.word)
	}
	return c
}

// quantities weighs numbers, units, currencies and dates.
func (w *weighing) quantities(l lang.Tag, then, now string) {
	res := quantity.Compare(l, then, l, now)
	for _, d := range res.Differences {
		switch d.Fault {
		case quantity.UnitOff, quantity.PointsOff:
			w.say(d.Target.From, "weigh.unit", true)
		case quantity.MoneyOff:
			w.say(d.Target.From, "weigh.currency", true)
		}
	}
	lostWeak, gainedWeak := w.changed(res.Source, res.Lost), w.changed(res.Target, res.Gained)
	if lostWeak != nil && gainedWeak != nil && slices.Compare([]string{lostWeak.Values[0].String()}, []string{gainedWeak.Values[0].String()}) != 0 {
		w.say(gainedWeak.From, "weigh.number", true)
	}
}

// changed weighs what has no counterpart, and returns the first of the words among it that may be no
// number at all: those count when one stands for another.
func (w *weighing) changed(all []quantity.Quantity, at []int) (weak *quantity.Quantity) {
	for _, i := range at {
		q := &all[i]
		switch q.Kind {
		case quantity.Day, quantity.Month, quantity.Weekday:
			w.say(q.From, "weigh.date", true)
		default:
			if !q.Weak {
				w.say(q.From, "weigh.number", true)
			} else if weak == nil {
				weak = q
			}
		}
	}
	return weak
}

// negation weighs whether something is said or denied.
func (w *weighing) negation() {
	a, _ := w.denials(w.then)
	b, at := w.denials(w.now)
	if a != b {
		w.say(at, "weigh.negation", true)
	}
}

// quoted weighs words that somebody is said to have said.
func (w *weighing) quoted(l lang.Tag, then, now string) {
	a, b := weighQuotes(l, then), weighQuotes(l, now)
	for i, q := range b {
		if i >= len(a) || weighBare(a[i]) != weighBare(q) {
			w.say(max(strings.Index(now, q), 0), "weigh.quotation", false)
			return
		}
	}
	if len(a) > len(b) {
		w.say(0, "weigh.quotation", false)
	}
}

// weighQuotes returns what stands in quotation marks and is more than a name.
func weighQuotes(l lang.Tag, s string) []string {
	var out []string
	open := -1
	for i, r := range s {
		switch {
		case open < 0 && strings.ContainsRune("«„“\"", r):
			open = i + len(string(r))
		case open >= 0 && strings.ContainsRune("»“”\"", r):
			if q := s[open:i]; strings.Count(q, " ") > 1 {
				out = append(out, q)
			}
			open = -1
		}
	}
	return out
}

// rewritten weighs how much of the words is new.
func (w *weighing) rewritten() {
	count := map[string]int{}
	for _, t := range w.then {
		count[t.low]++
	}
	same := 0
	for _, t := range w.now {
		if count[t.low] > 0 {
			count[t.low]--
			same++
		}
	}
	if most := max(len(w.then), len(w.now)); len(w.reasons) == 0 && most >= 6 && same*2 < most {
		w.say(0, "weigh.rewritten", false)
	}
}
