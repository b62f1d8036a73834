package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bind puts no-break spaces into s where the language keeps two words on one line: a number and its
// unit, a day and its month, initials, the one-letter words of Ukrainian and Polish; and a word
// joiner after the hyphen of a short prefix ("US-Regierung"). It is for text as it is shown; what is
// stored is [Tag.Tidy]'s. Binding twice is binding once.
func (t Tag) Bind(s string) string { return joinPrefixes(t.bindSpaces(s)) }

// BindRuns binds a text that is cut into runs, as marks cut it: a preposition before a link belongs
// to the link's first word. There are as many runs as before.
func (t Tag) BindRuns(runs []string) []string {
	whole := strings.Join(runs, "")
	bound := t.Bind(whole)
	if bound == whole {
		return runs
	}
	out := make([]string, len(runs))
	for i, run := range runs {
		n := len(bound) // the last run has what is left
		if i < len(runs)-1 {
			n = boundTo(bound, run)
		}
		out[i], bound = bound[:n], bound[n:]
	}
	return out
}

// boundTo is how much of bound stands for run. Binding changes spaces for others, and puts some in.
func boundTo(bound, run string) int {
	at := 0
	for _, want := range run {
		for at < len(bound) {
			r, size := utf8.DecodeRuneInString(bound[at:])
			at += size
			if r == want || unicode.IsSpace(r) && unicode.IsSpace(want) {
				break
			}
		}
	}
	return at
}

// BindNames keeps the parts of each name on one line wherever it stands in s.
func BindNames(s string, names ...string) string {
	for _, name := range names {
		if strings.Contains(name, " ") {
			s = strings.ReplaceAll(s, name, strings.ReplaceAll(name, " ", nbsp))
		}
	}
	return s
}

// bindSpaces decides for each single space by the words on both its sides.
func (t Tag) bindSpaces(s string) string {
	b := bindingOf(t)
	if b == nil || !strings.Contains(s, " ") {
		return s
	}
	if b.mayAbbreviate(s) {
		for _, short := range b.short {
			s = short.set(s)
		}
	}
	months := dataOf(t).months
	dash := t.Typography().Dash
	var out strings.Builder // only what is before from, and only once something changes
	from, before := 0, ""   // the word before the one on the left
	for start := 0; ; {
		n := strings.IndexByte(s[start:], ' ')
		if n < 0 {
			break
		}
		left, rest := s[start:start+n], s[start+n+1:]
		word := lastWord(left)
		if b.may(word) && b.keeps(before, word, firstWord(rest), months) ||
			left != "" && dash.Before == nbsp && strings.HasPrefix(rest, dash.Mark) && firstWord(rest) == dash.Mark && !dash.opensPair(rest) {
			out.WriteString(s[from : start+n])
			out.WriteString(nbsp)
			from = start + n + 1
		}
		before, start = word, start+n+1
	}
	if from == 0 {
		return s
	}
	out.WriteString(s[from:])
	return out.String()
}

// opensPair tells whether the dash at the beginning of rest is the first of two round a phrase.
func (d Dash) opensPair(rest string) bool {
	return d.Paired && strings.HasPrefix(rest, d.Mark+nbsp)
}

// may tells whether left can be kept with what follows at all. Most words can't, and a page has
// thousands of them.
func (b *binding) may(left string) bool {
	if left == "" {
		return false
	}
	if last, _ := utf8.DecodeLastRuneInString(left); last == '.' || unicode.IsDigit(last) {
		return true
	}
	return len(left) <= b.longest+6 && b.heads[left[0]] // with quotation marks round it
}

// keeps tells whether left and right stay on one line.
func (b *binding) keeps(before, left, right string, months map[string]bool) bool {
	if left == "" || right == "" {
		return false
	}
	bare := strings.Trim(left, "«„“”‚‘’\"'([¿¡")
	unit := strings.TrimRight(right, ",;:!?…)]»”“’\"'")
	noStop := strings.TrimSuffix(unit, ".")
	last, _ := utf8.DecodeLastRuneInString(left)
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(right, "«„“”‚‘’\"'("))
	number := unicode.IsDigit(last)
	switch {
	case number && (b.units[unit] || b.units[noStop] || months[strings.ToLower(noStop)]):
		return true
	case last == '.' && months[strings.ToLower(noStop)] && numeral(strings.TrimSuffix(bare, ".")):
		return true
	case b.small[strings.ToLower(bare)] && utf8.RuneCountInString(bare) == 1:
		return unicode.IsLetter(first) || unicode.IsDigit(first)
	case b.before[bare] && unicode.IsDigit(first):
		return true
	case b.scale[bare] && endsInDigit(before) && utf8.RuneCountInString(noStop) <= 4 && b.units[unit]:
		return true
	case b.titles[bare] && unicode.IsUpper(first):
		return true
	case bare == "h" && endsInDigit(before) && b.units["h"] && unicode.IsDigit(first):
		return true // 14 h 20
	}
	return initial(bare) && unicode.IsUpper(first)
}

// initial tells whether s is the first letter of a name: "J.".
func initial(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r) && s[size:] == "."
}

func numeral(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func endsInDigit(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsDigit(r)
}

// lastWord is what stands after the last space in s; a narrow one is within a word.
func lastWord(s string) string {
	if !maybeSpaced(s) {
		return s
	}
	at := strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) && r != '\u202f' })
	if at < 0 {
		return s
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	return s[at+size:]
}

// maybeSpaced reports whether s has a byte that a space of any kind begins with.
func maybeSpaced(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0xc2 || c >= 0xe1 && c <= 0xe3 {
			return true
		}
	}
	return false
}

// firstWord is what stands before the first space of any kind in s.
func firstWord(s string) string {
	if at := strings.IndexFunc(s, unicode.IsSpace); at >= 0 {
		return s[:at]
	}
	return s
}

// abbreviation is one of several letters ("z. B."): how it is written, and how it is set.
type abbreviation struct {
	forms [3]string
	want  string
}

func abbreviated(short string) abbreviation {
	return abbreviation{
		want:  strings.ReplaceAll(short, " ", nnbsp),
		forms: [3]string{short, strings.ReplaceAll(short, " ", ""), strings.ReplaceAll(short, " ", nbsp)},
	}
}

// mayAbbreviate reports whether some word of s with a full stop behind it is short enough to begin an
// abbreviation. The ends of most sentences aren't.
func (b *binding) mayAbbreviate(s string) bool {
	for b.begin > 0 {
		before, rest, found := strings.Cut(s, ".")
		if !found {
			return false
		}
		letters := 0
		for letters <= b.begin {
			r, size := utf8.DecodeLastRuneInString(before)
			if !unicode.IsLetter(r) {
				return true
			}
			before, letters = before[:len(before)-size], letters+1
		}
		s = rest
	}
	return false
}

// set gives the abbreviation narrow no-break spaces, however it was spaced.
func (a abbreviation) set(s string) string {
	for _, form := range a.forms {
		from := 0
		for {
			at := strings.Index(s[from:], form)
			if at < 0 {
				break
			}
			at += from
			prev, _ := utf8.DecodeLastRuneInString(s[:at])
			next, _ := utf8.DecodeRuneInString(s[at+len(form):])
			from = at + len(form)
			if !unicode.IsLetter(prev) && !unicode.IsLetter(next) && prev != '.' {
				s = s[:at] + a.want + s[from:]
				from = at + len(a.want)
			}
		}
	}
	return s
}

// lettersOf is how many letters the rest of a word has.
func lettersOf(rest []rune) int {
	n := 0
	for _, r := range rest {
		switch {
		case unicode.IsLetter(r):
			n++
		case unicode.IsSpace(r):
			return n
		}
	}
	return n
}

// longestJoined is the longest word that is kept on one line: a longer one may not fit on a phone's.
const longestJoined = 20

// joinPrefixes puts a word joiner after the hyphen of a prefix of up to three letters.
func joinPrefixes(s string) string {
	if !strings.Contains(s, "-") {
		return s
	}
	var out strings.Builder
	run := 0 // letters since the word began
	runes := []rune(s)
	for i, r := range runes {
		out.WriteRune(r)
		if r == '-' && run >= 1 && run <= 3 && i+1 < len(runes) && unicode.IsLetter(runes[i+1]) && run+1+lettersOf(runes[i+1:]) <= longestJoined {
			out.WriteString(joiner)
		}
		switch {
		case unicode.IsLetter(r):
			run++
		case unicode.IsSpace(r) || strings.ContainsRune("«„“”‚‘(", r):
			run = 0
		default:
			run = 4 // not at the word's beginning any more
		}
	}
	return out.String()
}
