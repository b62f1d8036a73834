package lang

import (
	"regexp"
	"strings"
	"unicode"
)

// dashes gives dashes between parts of a sentence the language's shape and spaces. A hyphen within
// a word, a minus, a range and a command's option stay.
func (set typesetter) dashes(s string) string {
	dash := set.ty.Dash
	if dash.Mark == "" || !strings.ContainsAny(s, "-–—―") {
		return s
	}
	runes := []rune(s)
	var b strings.Builder
	for i := 0; i < len(runes); i++ {
		from, to, ok := set.dashAt(runes, i)
		if !ok {
			b.WriteRune(runes[i])
			continue
		}
		if from == 0 || runes[from-1] == '\n' {
			b.WriteString(dash.Mark + nbsp) // somebody speaks
		} else {
			b.WriteString(dash.Before + dash.Mark + dash.After)
		}
		i = to - 1
	}
	if dash.Paired {
		return pairDashes(b.String(), dash)
	}
	return b.String()
}

// dashAt finds a dash with its spaces that begins at i.
func (set typesetter) dashAt(runes []rune, i int) (from, to int, ok bool) {
	mark := i
	for isSpace(at(runes, mark)) {
		mark++
	}
	end := mark
	for isDash(at(runes, end)) && end-mark <= 3 {
		end++
	}
	length := end - mark
	if length == 0 || length > 3 || i > 0 && isSpace(runes[i-1]) {
		return 0, 0, false
	}
	to = end
	for isSpace(at(runes, to)) {
		to++
	}
	before, after := at(runes, i-1), at(runes, to)
	spacedBefore, spacedAfter := mark > i, to > end
	start := i == 0 || before == '\n'
	switch {
	case after == 0 || after == '\n' || isDash(after) || isDash(before):
		return 0, 0, false
	case start && !spacedBefore:
		// A line that begins with a dash is speech or an item; closed dashes have no such use.
		return i, to, spacedAfter && inWordOrQuote(after) && set.ty.Dash.Before != ""
	case spacedBefore && spacedAfter:
		return i, to, !start && !(unicode.IsDigit(before) && unicode.IsDigit(after))
	case !spacedBefore && !spacedAfter:
		return i, to, length > 1 && unicode.IsLetter(before) && unicode.IsLetter(after) && onlyHyphens(runes[mark:end])
	}
	return 0, 0, false
}

func onlyHyphens(runes []rune) bool { return strings.Trim(string(runes), "-") == "" }

func inWordOrQuote(r rune) bool {
	return inWord(r) || isQuote(r) || opens(r) || r == '…' || r == '¿' || r == '¡'
}

// sentence is a stretch between full stops.
var sentence = regexp.MustCompile(`[^.!?…\n]+[.!?…\n]*`)

// pairDashes gives the two dashes round a phrase their no-break spaces inside: " –⍽phrase⍽– ".
func pairDashes(s string, dash Dash) string {
	single := dash.Before + dash.Mark + dash.After
	opened, closed := " "+dash.Mark+nbsp, nbsp+dash.Mark+" "
	return sentence.ReplaceAllStringFunc(s, func(part string) string {
		plain := strings.NewReplacer(opened, single, closed, single).Replace(part)
		if strings.Count(plain, single) != 2 {
			return plain
		}
		return strings.Replace(strings.Replace(plain, single, opened, 1), single, closed, 1)
	})
}

// punctuation sets the spaces before marks, and the marks of Arabic script.
func (set typesetter) punctuation(s string) string {
	if set.ty.Before == nil {
		return s
	}
	runes := []rune(s)
	out := make([]rune, 0, len(runes)+4)
	for i, r := range runes {
		if own, ok := set.ty.Punctuation[r]; ok && arabicBefore(out) && stopsBefore(at(runes, i+1), false) {
			r = own
		}
		space, known := set.ty.Before[r]
		if known && stopsBefore(at(runes, i+1), r == '!' || r == '?' || r == '؟') {
			word := len(out)
			for word > 0 && isSpace(out[word-1]) {
				word--
			}
			if word > 0 && takesMark(out[word-1]) {
				out = append(out[:word], []rune(space)...)
			}
		}
		out = append(out, r)
	}
	return string(out)
}

// takesMark tells whether a mark of punctuation may follow r with the language's space.
func takesMark(r rune) bool {
	return inWord(r) || closes(r) || strings.ContainsRune("%‰°€$£…“”»’‘\"״׳", r)
}

// stopsBefore tells whether a mark is followed by the end of a word, so that it is punctuation and
// no part of an address, a time or a smiley.
func stopsBefore(next rune, strong bool) bool {
	if ends(next) || isSpace(next) || isQuote(next) {
		return true
	}
	return strong && (closes(next) || strings.ContainsRune("!?….", next))
}

func arabicBefore(runes []rune) bool {
	for i := len(runes) - 1; i >= max(0, len(runes)-9); i-- {
		if isSpace(runes[i]) || isQuote(runes[i]) || closes(runes[i]) || unicode.IsMark(runes[i]) {
			continue
		}
		return unicode.Is(unicode.Arabic, runes[i]) && unicode.IsLetter(runes[i])
	}
	return false
}

// ellipses sets the space before "…" at the end of a word.
func (set typesetter) ellipses(s string) string {
	if !strings.Contains(s, "…") {
		return s
	}
	runes := []rune(s)
	out := make([]rune, 0, len(runes)+2)
	for i, r := range runes {
		if r != '…' || len(out) == 0 {
			out = append(out, r)
			continue
		}
		word := len(out)
		for word > 0 && isSpace(out[word-1]) {
			word--
		}
		after := at(runes, i+1)
		switch {
		case word == 0 || !takesMark(out[word-1]) && out[word-1] != ',':
		case set.ty.Ellipsis == EllipsisAsWritten && word < len(out):
			out = append(out[:word], '\u00a0')
		case set.ty.Ellipsis == EllipsisClosed && !inWord(after):
			out = out[:word]
		case set.ty.Ellipsis == EllipsisOpen && inWord(out[word-1]):
			out = append(out[:word], '\u00a0')
			if unicode.IsLetter(after) {
				out = append(out, r, ' ')
				continue
			}
		}
		out = append(out, r)
	}
	return string(out)
}
