package quantity

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"depesche/internal/lang"
)

// The files of words say what words mean beside numbers, a language each; "all" is for every one.
// A line is a class, what the class needs, and the forms. "*" behind a form: whatever follows; "!"
// behind the class: weak, the word often means something else.
//
//	n value    a number; q: the stem of an ordinal, e gives the endings; o: an ordinal; f: a fraction
//	x value    multiplies what stands before it: dozen; V: the plural of it, said without a number
//	s power    a scale: million; v: in the plural; a: an abbreviation written close to the figures
//	p value    begins a compound that ends with one of t
//	u, c       a unit, a currency; k: may stand between a number and its unit; S: makes it a square
//	A, P       "percentage" and "points"
//	C, D       century, decade; r: between the ends of a range; j: between the words of a number
//	h, l, b, H hour, morning, evening, and what stands before a time of day; d: a weekday; m: a month
//
//go:embed words/*.txt
var files embed.FS

type role uint32

const (
	join role = 1 << iota
	between
	skip
	squares
	percentage
	points
	century
	decade
	hour
	hourSure
	morning
	evening
	preposition
	tight
	many // the plural of a scale
	ordinal
	half  // a fraction
	times // multiplies
	scale
	counts // is a number at all
	weak
)

// word is what one form may mean.
type word struct {
	roles          role
	value          Value // of counts, half, times
	power          int   // of scale
	unit, currency string
	weekday, month int
}

func (w *word) is(r role) bool { return w != nil && w.roles&r != 0 }

// tables are the words of a language.
type tables struct {
	lang     lang.Tag
	habits   habits
	elides   bool
	words    map[string]*word
	stems    map[string]*word
	least    int                 // the shortest stem, in bytes
	prefixes map[string][]prefix // by their first two bytes, the longest first
	tails    []string
	endings  []string
	german   bool
	dots     bool             // a point makes an ordinal of figures: "25. Minute"
	spoken   bool             // has words for numbers
	spelt    map[int64]string // a number as one counts with it
	gendered bool             // "two" has a form for each gender
	people   []string
}

type prefix struct {
	text  string
	value Value
}

var loaded sync.Map // by base language

func tablesOf(l lang.Tag) *tables {
	if t, ok := loaded.Load(l); ok {
		return t.(*tables)
	}
	t, _ := loaded.LoadOrStore(l, load(l))
	return t.(*tables)
}

func load(l lang.Tag) *tables {
	base := l.Base()
	t := &tables{
		lang: l, habits: habitsOf(l), words: map[string]*word{}, stems: map[string]*word{}, prefixes: map[string][]prefix{}, least: 100, spelt: map[int64]string{},
		elides: base == "fr" || base == "it" || base == "ca", german: base == "de", dots: base == "de" || base == "pl" || base == "cs",
		gendered: people[base] != nil, people: people[base],
	}
	t.read("all")
	if _, err := files.Open("words/" + string(base) + ".txt"); err == nil {
		t.read(string(base))
		t.spoken = true
	}
	if t.german {
		t.addGerman()
	}
	t.addMonths(l)
	t.join()
	return t
}

// join gives the words that stand in full what their stems mean besides.
func (t *tables) join() {
	for low, w := range t.words {
		for n := len(low); n >= t.least; n-- {
			stem := t.stems[low[:n]]
			if stem == nil {
				continue
			}
			if w.unit == "" && w.currency == "" {
				w.unit, w.currency = stem.unit, stem.currency
			}
			break
		}
	}
}

func (t *tables) read(name string) {
	raw, err := files.ReadFile("words/" + name + ".txt")
	if err != nil {
		panic(err) // embedded: can only fail if the build is broken
	}
	for n, line := range strings.Split(string(raw), "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 || fields[0] == "#" {
			continue
		}
		if err := t.line(fields); err != nil {
			panic(fmt.Sprintf("quantity: words/%s.txt:%d: %v", name, n+1, err))
		}
	}
}

// plain are the classes whose forms follow at once.
var plain = map[string]role{
	"j": join, "r": between, "k": skip, "S": squares, "A": percentage, "P": points, "C": century, "D": decade, "h": hour, "h!": hour | hourSure,
	"l": morning, "b": evening, "H": preposition,
}

func (t *tables) line(fields []string) error {
	class, rest := fields[0], fields[1:]
	switch class {
	case "e":
		t.endings = rest
		return nil
	case "t":
		t.tails = append(t.tails, rest...)
		return nil
	}
	if r, ok := plain[class]; ok {
		t.add(rest, func(w *word) { w.roles |= r })
		return nil
	}
	return t.valued(strings.TrimSuffix(class, "!"), strings.HasSuffix(class, "!"), rest[0], rest[1:])
}

func (t *tables) valued(class string, isWeak bool, arg string, forms []string) error {
	arg = strings.TrimSuffix(arg, "!")
	switch class {
	case "u":
		t.add(forms, func(w *word) { w.unit = arg })
		return nil
	case "c":
		t.add(forms, func(w *word) { w.currency = arg })
		return nil
	}
	value, n, err := number(arg)
	if err != nil {
		return err
	}
	more := role(0)
	if isWeak {
		more = weak
	}
	set := func(r role) func(*word) {
		return func(w *word) { w.roles, w.value = w.roles&^weak|r|more, value }
	}
	switch class {
	case "n":
		t.add(forms, set(counts))
		if !isWeak && t.spelt[int64(n)] == "" {
			t.spelt[int64(n)] = forms[0]
		}
	case "o":
		t.add(forms, set(counts|ordinal))
	case "q":
		for _, stem := range forms {
			for _, e := range t.endings {
				t.add([]string{stem + e}, set(counts|ordinal))
			}
		}
	case "f":
		t.add(forms, set(half))
	case "x":
		t.add(forms, set(times))
	case "V":
		t.add(forms, set(times|many))
	case "s", "v", "a":
		r := map[string]role{"s": scale, "v": scale | many, "a": scale | tight}[class]
		t.add(forms, func(w *word) { w.roles, w.power = w.roles|r, n })
	case "p":
		for _, f := range forms {
			t.prefix(f, value)
		}
	case "d":
		t.add(forms, func(w *word) { w.weekday = n })
	case "m":
		t.add(forms, func(w *word) { w.month = n })
	default:
		return fmt.Errorf("no class %q", class)
	}
	return nil
}

// number reads "7" and "1/2".
func number(s string) (Value, int, error) {
	above, below, is := strings.Cut(s, "/")
	n, err := strconv.Atoi(above)
	if err != nil || !is {
		return Whole(int64(n)), n, err
	}
	d, err := strconv.Atoi(below)
	return fraction(int64(n), int64(d)), n, err
}

func (t *tables) add(forms []string, set func(*word)) {
	for _, f := range forms {
		f = lower(strings.TrimSuffix(f, "."))
		m := t.words
		if stem, ok := strings.CutSuffix(f, "*"); ok {
			m, f = t.stems, stem
			t.least = min(t.least, len(stem))
			if t.words[f] == nil {
				set(entry(t.words, f))
			}
		}
		set(entry(m, f))
	}
}

func entry(m map[string]*word, f string) *word {
	if m[f] == nil {
		m[f] = &word{}
	}
	return m[f]
}

// find returns what the word means, or nil.
func (t *tables) find(low string) *word {
	if w := t.words[low]; w != nil {
		return w
	}
	for n := len(low) - 1; n >= t.least; n-- {
		if utf8.RuneStart(low[n]) {
			if w := t.stems[low[:n]]; w != nil {
				return w
			}
		}
	}
	if t.german {
		return t.germanCompound(low)
	}
	return t.compound(low)
}

func (t *tables) prefix(text string, v Value) {
	list := append(t.prefixes[text[:2]], prefix{text, v})
	slices.SortStableFunc(list, func(a, b prefix) int { return len(b.text) - len(a.text) })
	t.prefixes[text[:2]] = list
}

// prefixesOf are the numbers that the word may begin with.
func (t *tables) prefixesOf(low string) []prefix {
	if len(low) < 2 {
		return nil
	}
	return t.prefixes[low[:2]]
}

// compound reads "двадцятип’ятирічний".
func (t *tables) compound(low string) *word {
	for _, p := range t.prefixesOf(low) {
		rest, ok := strings.CutPrefix(low, p.text)
		if !ok {
			continue
		}
		value := p.value
		for _, q := range t.prefixesOf(rest) {
			if more, ok := strings.CutPrefix(rest, q.text); ok && less(q.value, p.value) && t.tail(more) {
				return &word{roles: counts, value: value.plus(q.value)}
			}
		}
		if t.tail(rest) {
			return &word{roles: counts, value: value}
		}
	}
	return nil
}

// less reports whether the value a can stand behind b in one number: five behind twenty.
func less(a, b Value) bool {
	n, ok := a.Int()
	m, ok2 := b.Int()
	return ok && ok2 && n < 10 && m >= 20
}

func (t *tables) tail(s string) bool {
	for _, tail := range t.tails {
		if strings.HasPrefix(s, tail) {
			return true
		}
	}
	return false
}
