package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bind puts no-break spaces into s where the language keeps two words on one line: a number and its
// unit, a day and its month, initials, the one-letter words of Ukrainian and Polish; and a word
// joiner after the hyphen of a short prefix ("US-Regierung"). It is for headlines and leads as they
// are shown; what is stored is [Tag.Tidy]'s. Binding twice is binding once.
func (t Tag) Bind(s string) string { return joinPrefixes(t.bindSpaces(s)) }

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
	for _, short := range b.short {
		s = bindShort(s, short)
	}
	months := dataOf(t).months
	dash := t.Typography().Dash
	var out strings.Builder
	out.Grow(len(s) + 16)
	before := "" // the word before the one on the left
	for {
		left, rest, found := strings.Cut(s, " ")
		out.WriteString(left)
		if !found {
			return out.String()
		}
		word := lastWord(left)
		right := firstWord(rest)
		switch {
		case b.keeps(before, word, right, months), left != "" && dash.Before == nbsp && right == dash.Mark && !dash.opensPair(rest):
			out.WriteString(nbsp)
		default:
			out.WriteByte(' ')
		}
		before, s = word, rest
	}
}

// opensPair tells whether the dash at the beginning of rest is the first of two round a phrase.
func (d Dash) opensPair(rest string) bool {
	return d.Paired && strings.HasPrefix(rest, d.Mark+nbsp)
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
	at := strings.LastIndexFunc(s, func(r rune) bool { return unicode.IsSpace(r) && r != '\u202f' })
	if at < 0 {
		return s
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	return s[at+size:]
}

// firstWord is what stands before the first space of any kind in s.
func firstWord(s string) string {
	if at := strings.IndexFunc(s, unicode.IsSpace); at >= 0 {
		return s[:at]
	}
	return s
}

// bindShort sets the abbreviation short ("z. B.") with narrow no-break spaces, however it was
// spaced.
func bindShort(s, short string) string {
	tight := strings.ReplaceAll(short, " ", "")
	want := strings.ReplaceAll(short, " ", nnbsp)
	for _, form := range []string{short, tight, strings.ReplaceAll(short, " ", nbsp)} {
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
				s = s[:at] + want + s[from:]
				from = at + len(want)
			}
		}
	}
	return s
}

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
		if r == '-' && run >= 1 && run <= 3 && i+1 < len(runes) && unicode.IsLetter(runes[i+1]) {
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
