package main

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/check"
	"depesche/internal/document"
	"depesche/internal/lang"
)

// place is where a fault is put.
type place struct {
	pair           pair
	article        article
	in             check.Input
	source, target document.Segment
	dice           *rand.Rand
	names          nameList
}

// fault is one that is planted. It isn't where it would be none: a digit is changed only in a figure
// that the original has too, for example.
type fault struct {
	name       string
	kind       string // what finds it, of kinds
	paragraphs bool   // in paragraphs of several lines
	plant      func(place) (check.Input, bool)
}

var faults = []fault{
	{"digit changed", "numbers", false, inText(changeDigit)},
	{"digit dropped", "numbers", false, inText(dropDigit)},
	{"scale word changed", "numbers", false, inText(changeScale)},
	{"name swapped", "names", false, inText(swapName)},
	{"negation removed", "negation", false, inText(removeNegation)},
	{"quotation mark lost", "quotation marks", false, inText(loseQuote)},
	{"sentence dropped", "sentences", true, dropSentence},
	{"left in the source language", "languages", false, inText(leaveSource)},
	{"link lost", "links", false, loseLink},
}

// inText makes a fault of a change of the target's text.
func inText(change func(place, string) (string, bool)) func(place) (check.Input, bool) {
	return func(p place) (check.Input, bool) {
		text, ok := change(p, p.target.Text.Plain())
		if !ok {
			return check.Input{}, false
		}
		return p.with(document.Text(text)), true
	}
}

func (p place) with(text document.Inline) check.Input {
	in := p.in
	d, err := document.WithSegment(in.Doc, p.target.Address, text)
	if err != nil {
		panic(err) // the address came from the document
	}
	in.Doc = d
	return in
}

var digits = regexp.MustCompile(`[0-9]+`)

// common returns the runs of digits of the target, at least so long, that the source has too.
func common(p place, text string, least int) [][]int {
	theirs := map[string]bool{}
	for _, d := range digits.FindAllString(p.source.Text.Plain(), -1) {
		theirs[d] = true
	}
	var out [][]int
	for _, at := range digits.FindAllStringIndex(text, -1) {
		if d := text[at[0]:at[1]]; len(d) >= least && theirs[d] {
			out = append(out, at)
		}
	}
	return out
}

func changeDigit(p place, text string) (string, bool) {
	at := common(p, text, 1)
	if len(at) == 0 {
		return "", false
	}
	run := at[p.dice.IntN(len(at))]
	i := run[0] + p.dice.IntN(run[1]-run[0])
	b := []byte(text)
	b[i] = '0' + (b[i]-'0'+1+byte(p.dice.IntN(9)))%10
	return string(b), true
}

func dropDigit(p place, text string) (string, bool) {
	at := common(p, text, 2)
	if len(at) == 0 {
		return "", false
	}
	run := at[p.dice.IntN(len(at))]
	i := run[0] + p.dice.IntN(run[1]-run[0])
	return text[:i] + text[i+1:], true
}

// scales are words for a million, by language, and what makes a billion of them; the other way
// round where the text has that.
var scales = map[lang.Tag][][2]string{
	"en": {{"million", "billion"}, {"billion", "million"}, {"thousand", "million"}},
	"de": {{"Million", "Milliard"}, {"Milliarde", "Million"}, {"Tausend", "Million"}, {"tausend", "Million"}},
	"fr": {{"million", "milliard"}, {"milliard", "million"}},
	"pl": {{"mln", "mld"}, {"mld", "mln"}, {"milion", "miliard"}, {"miliard", "milion"}, {"tys.", "mln"}, {"tysięcy", "milionów"}},
	"ru": {{"млн", "млрд"}, {"млрд", "млн"}, {"миллион", "миллиард"}, {"миллиард", "миллион"}, {"тысяч", "миллион"}},
	"uk": {{"млн", "млрд"}, {"млрд", "млн"}, {"мільйон", "мільярд"}, {"мільярд", "мільйон"}, {"тисяч", "мільйон"}},
	"es": {{"millones", "billones"}, {"mil ", "millones de "}},
}

func changeScale(p place, text string) (string, bool) {
	for _, s := range scales[p.pair.to] {
		at := regexp.MustCompile(`[0-9][  ]` + regexp.QuoteMeta(s[0])).FindStringIndex(text)
		if at != nil && scaled(p) {
			i := at[1] - len(s[0])
			return text[:i] + s[1] + text[at[1]:], true
		}
	}
	return "", false
}

// scaled reports whether the source has a scale word behind a figure too.
func scaled(p place) bool {
	for _, s := range scales[p.pair.from] {
		if regexp.MustCompile(`[0-9][  -]` + regexp.QuoteMeta(s[0])).MatchString(p.source.Text.Plain()) {
			return true
		}
	}
	return false
}

// negations are plain words of negation that can be taken away, with what then stands there.
var negations = map[lang.Tag][]*regexp.Regexp{
	"en": {regexp.MustCompile(`(?i)\b(?:not|never) `), regexp.MustCompile(`n['’]t\b`)},
	"de": {regexp.MustCompile(`\b(?:nicht|nie|niemals) `)},
	"fr": {regexp.MustCompile(`(?i)\b(?:ne |n['’])\S+ (?:pas|jamais) `)},
	"pl": {regexp.MustCompile(`(?i)(?:^| )nie `)}, // "nigdy" stands beside it, and taking that away denies still
	"ru": {regexp.MustCompile(`(?i)(?:^| )не `)},
	"uk": {regexp.MustCompile(`(?i)(?:^| )не `)},
	"es": {regexp.MustCompile(`(?i)(?:^| )(?:no|nunca) `)},
}

// however are phrases with a plain word of negation that deny nothing.
var however = regexp.MustCompile(`(?i)тем не менее|тим не менш|no obstante`)

// removeNegation takes the only plain negation away, where the source has exactly one too.
func removeNegation(p place, text string) (string, bool) {
	if however.MatchString(p.source.Text.Plain()) || however.MatchString(text) {
		return "", false
	}
	if negated(p.pair.from, p.source.Text.Plain()) != 1 || negated(p.pair.to, text) != 1 {
		return "", false
	}
	for _, re := range negations[p.pair.to] {
		at := re.FindStringIndex(text)
		if at == nil {
			continue
		}
		word := text[at[0]:at[1]]
		kept := ""
		switch {
		case strings.HasPrefix(word, " "):
			kept = " "
		case p.pair.to == "fr":
			kept = regexp.MustCompile(`(?i)^(?:ne |n['’])`).ReplaceAllString(word, "")
			kept = kept[:strings.LastIndexByte(strings.TrimSpace(kept), ' ')+1]
		}
		return text[:at[0]] + kept + text[at[1]:], true
	}
	return "", false
}

func negated(l lang.Tag, text string) int {
	n := 0
	for _, re := range negations[l] {
		n += len(re.FindAllStringIndex(text, -1))
	}
	return n
}

// loseQuote takes one mark of a quotation away, where both sides quote and have marks in pairs: what
// runs over several lines is open or closed elsewhere, and where the original has a lone mark the
// translation without one is like it.
func loseQuote(p place, text string) (string, bool) {
	at := marksIn(text)
	if of := len(marksIn(p.source.Text.Plain())); len(at) == 0 || len(at)%2 != 0 || of == 0 || of%2 != 0 {
		return "", false
	}
	i := at[p.dice.IntN(len(at))]
	_, n := utf8.DecodeRuneInString(text[i:])
	return text[:i] + text[i+n:], true
}

func marksIn(text string) (at []int) {
	for i, r := range text {
		if strings.ContainsRune("\"„“”«»", r) {
			at = append(at, i)
		}
	}
	return at
}

// dropSentence leaves out one line of a paragraph. Where a line doesn't end as sentences do, it is a
// heading, and such a paragraph stands nowhere.
func dropSentence(p place) (check.Input, bool) {
	for i := 1; i < len(p.article.lines); i += lines {
		if p.target.Address != document.Address(string(blockID(i-1))+"/text") || i+lines > len(p.article.lines) {
			continue
		}
		drop := p.dice.IntN(lines)
		if slices.ContainsFunc(p.article.lines[i:i+lines], func(l map[string]string) bool { return !ended(l[string(p.pair.from)]) || !ended(l[string(p.pair.to)]) }) {
			continue
		}
		var texts []string
		for j := range lines {
			if j != drop {
				texts = append(texts, strings.TrimSpace(p.article.lines[i+j][string(p.pair.to)]))
			}
		}
		return p.with(document.Text(strings.Join(texts, " "))), true
	}
	return check.Input{}, false
}

// ended reports whether the line ends with a mark that ends a sentence.
func ended(line string) bool {
	line = strings.TrimRight(line, " \u00a0\u202f\"“”»')]—–")
	return strings.HasSuffix(line, ".") || strings.HasSuffix(line, "!") || strings.HasSuffix(line, "?") || strings.HasSuffix(line, "…")
}

func leaveSource(p place, text string) (string, bool) {
	source := p.source.Text.Plain()
	prose := 0
	for _, w := range strings.Fields(source) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLower(r) {
			prose++
		}
	}
	return source, prose >= 3 && source != text
}

// loseLink links a word on both sides, and then not in the translation.
func loseLink(p place) (check.Input, bool) {
	words := strings.Fields(p.source.Text.Plain())
	if p.source.PlainOnly || len(words) < 2 {
		return check.Input{}, false
	}
	i := p.dice.IntN(len(words))
	linked := document.Inline{
		{Text: strings.Join(words[:i], " ") + " "},
		{Text: words[i], Marks: []document.Mark{{Type: document.Link, Href: "https://example.org/report"}}},
		{Text: " " + strings.Join(words[i+1:], " ")},
	}
	original, err := document.WithSegment(*p.in.Original, p.source.Address, linked)
	if err != nil {
		return check.Input{}, false
	}
	in := p.in
	in.Original = &original
	return in, true
}
