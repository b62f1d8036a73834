package check

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// minimum is how many letters a text must have before being the same in two languages is odd. What
// consists of names is the same in all.
const minimum = 25

// isProse reports whether the text has words that aren't names or figures.
func isProse(s string) bool { return smallWords(s) >= 3 }

func smallWords(s string) int {
	n := 0
	for w := range strings.FieldsSeq(s) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLetter(r) && !unicode.IsUpper(r) {
			n++
		}
	}
	return n
}

// untranslated looks for text that still is the original's, whole or in part. It reports whether
// nothing of the segment is translated, so that there is no sense in comparing further.
func (r *run) untranslated(p *pair) bool {
	if r.Lang.Base() == r.OriginalLang.Base() {
		return false
	}
	f := Finding{Severity: Warn, Address: p.src.Address, Excerpt: clip(p.b)}
	if hasLetters(p.a, minimum/2) && isProse(p.a) && nearlySame(p.a, p.b) {
		f.Code, f.Spot, f.SourceSpot = "untranslated", p.b, p.a
		r.add(f)
		return true
	}
	if at := engineMarkIn(p.b); at != nil && !engineMark.MatchString(p.a) {
		f.Code, f.Spot = "engine_mark", p.b[at[0]:at[1]]
		f.Excerpt, f.Args = excerpt(p.b, at[0], at[1]), []any{"text", strings.TrimSpace(f.Spot)}
		r.add(f)
	}
	text := own(p.dst.Text)
	if at := r.leftOver(p.a, p.mine.lower, text); at != nil {
		f.Code, f.Severity, f.Spot = "words_untranslated", Warn, text[at[0]:at[1]]
		f.Excerpt, f.Args = excerpt(text, at[0], at[1]), []any{"text", f.Spot}
		r.add(f)
	} else if odd := r.strangeWords(p.mine.lower, text); len(odd) > 0 {
		r.leftWords(f, text, odd)
	}
	return false
}

// leftWords adds a finding over words that were left here and there.
func (r *run) leftWords(f Finding, text string, places [][]int) {
	words := make([]string, len(places))
	for i, at := range places {
		words[i] = text[at[0]:at[1]]
	}
	first := places[0]
	f.Code, f.Severity, f.Spot = "words_untranslated", Note, words[0]
	if len(places) > 1 || akin[[2]lang.Tag{r.OriginalLang.Base(), r.Lang.Base()}] {
		f.Severity = Warn
	}
	f.Excerpt, f.Args = excerpt(text, first[0], first[1]), []any{"text", strings.Join(words, ", ")}
	r.add(f)
}

// engineMark is what Apertium puts before a word it doesn't know: *unknown, #known but not
// inflected, @known in one language only.
var engineMark = regexp.MustCompile(`(?:^|[\s(„“"«])(?:\*\p{L}[\p{L}’'-]*|#\p{Ll}[\p{L}’'-]*|@\p{L}+(?:<[a-z]+>)+)`)

// engineMarkIn returns where the text has one, or nil. Few texts have the signs, and looking for the
// pattern is slow.
func engineMarkIn(text string) []int {
	if !strings.ContainsAny(text, "*#@") {
		return nil
	}
	return engineMark.FindStringIndex(text)
}

// nearlySame reports whether two texts have the same letters, or eight of ten words are the same.
func nearlySame(a, b string) bool {
	if sameLetters(a, b) {
		return true
	}
	theirs := map[string]int{}
	wordsA, wordsB := 0, 0
	for at := range wordPlaces(a) {
		theirs[lowered(a[at[0]:at[1]])]++
		wordsA++
	}
	same := 0
	for at := range wordPlaces(b) {
		wordsB++
		if w := lowered(b[at[0]:at[1]]); theirs[w] > 0 {
			theirs[w]--
			same++
		}
		if 4*(wordsB-same) > wordsA {
			return false // it can't become eight of ten any more
		}
	}
	return wordsB > 4 && same*10 >= max(wordsA, wordsB)*8
}

// foreign are letters that one language has and the other lacks: a word with them was left.
var foreign = map[[2]lang.Tag]string{
	{"ru", "uk"}: "ыэъёЫЭЪЁ",
	{"uk", "ru"}: "іїєґІЇЄҐ",
}

// leftOver returns where words of the source stand in the target letter by letter that the target's
// language can't have, or nil: in another script, with letters it lacks, or several in a row. A
// foreign name in Latin letters in a Cyrillic text is none.
func (r *run) leftOver(a, lower, b string) []int {
	from, to := r.OriginalLang.Base(), r.Lang.Base()
	if alien := foreign[[2]lang.Tag{from, to}]; alien != "" {
		return inWords(b, func(w string) bool { return strings.ContainsAny(w, alien) })
	}
	if to.Script() == "Latn" && from.Script() == "Cyrl" {
		return inWords(b, func(w string) bool { return script(w, unicode.Cyrillic) != "" && strings.Contains(a, w) })
	}
	return r.inRow(a, lower, b)
}

func inWords(s string, fn func(string) bool) []int {
	for at := range wordPlaces(s) {
		if fn(s[at[0]:at[1]]) {
			return at[:]
		}
	}
	return nil
}

// row is how many small words of the source must stand in the target one after the other, outside
// of brackets and quotation marks, before they were left.
const row = 3

// inRow returns where at least [row] words of the source stand together in the target. lower is the
// source in small letters.
func (r *run) inRow(a, lower, b string) []int {
	at := slices.Collect(wordPlaces(b))
	start, small := -1, 0
	for i := 0; i <= len(at); i++ {
		if i < len(at) {
			w := b[at[i][0]:at[i][1]]
			same := standsAlone(lower, lowered(w))
			gap := start < 0 || strings.Trim(b[at[i-1][1]:at[i][0]], " \u00a0") == ""
			if same && !gap {
				start, small = -1, 0
			}
			if same {
				if start < 0 {
					start = i
				}
				if w == r.Lang.Lower(w) && utf8.RuneCountInString(w) > 1 && hasLetters(w, 2) && standsAlone(a, w) {
					small++
				}
				continue
			}
		}
		if start >= 0 && small >= row && strings.Contains(lower, lowered(b[at[start][0]:at[i-1][1]])) && !cited(b, at[start][0]) {
			return []int{at[start][0], at[i-1][1]}
		}
		start, small = -1, 0
	}
	return nil
}

// cited reports whether the place is within brackets or quotation marks, where a title or a phrase
// may be given in the original.
func cited(s string, at int) bool {
	before := s[:at]
	if strings.Count(before, "(") > strings.Count(before, ")") {
		return true
	}
	open := 0
	for _, m := range marksIn(before) {
		open += m.opens()
	}
	return open > 0
}

// standsAlone reports whether the word is in the text as a whole one.
func standsAlone(text, w string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], w)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(w):])
		if !isWordRune(before) && !isWordRune(after) {
			return true
		}
		from = i + len(w)
	}
}

func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r))
}
