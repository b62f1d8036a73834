package check

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
)

// weighDenying are the words that deny, by language, those that stand alone for a negation: where a
// language doubles it ("ніхто не"), only the one that the verb has.
var weighDenying = map[lang.Tag][]string{
	"en": strings.Fields("not no never none nobody nothing neither nor cannot without nowhere"),
	"de": strings.Fields("nicht kein keine keinen keinem keiner keines nie niemals niemand niemanden niemandem nichts ohne weder nirgends"),
	"fr": strings.Fields("pas jamais aucun aucune rien sans nul nulle non"),
	"es": strings.Fields("no nunca jamás sin tampoco ningún ninguna ninguno"),
	"pl": strings.Fields("nie bez brak brakuje"),
	"uk": strings.Fields("не немає нема без"),
	"ru": strings.Fields("не нет без"),
	"cs": strings.Fields("ne není nejsou bez nebyl nebyla nebylo nebyli nebude nemá"),
}

// weighDays are the days that are told from today, by language.
var weighDays = map[lang.Tag][]string{
	"en": strings.Fields("today yesterday tomorrow tonight"),
	"de": strings.Fields("heute gestern morgen vorgestern übermorgen"),
	"fr": strings.Fields("aujourd’hui hier demain avant-hier"),
	"es": strings.Fields("hoy ayer mañana anteayer"),
	"pl": strings.Fields("dziś dzisiaj wczoraj jutro przedwczoraj"),
	"uk": strings.Fields("сьогодні вчора учора завтра позавчора"),
	"ru": strings.Fields("сегодня вчера завтра позавчера"),
	"cs": strings.Fields("dnes včera zítra"),
}

// days weighs days that are told from today: one that stands for another is another date.
func (w *weighing) days() {
	lost, gained := w.daysMissing(w.then, w.now), w.daysMissing(w.now, w.then)
	if len(lost) > 0 && len(gained) > 0 {
		w.say(gained[0].at, "weigh.date", true)
	}
}

func (w *weighing) daysMissing(a, b []weighWord) []weighWord {
	var out []weighWord
	for _, t := range a {
		if slices.Contains(weighDays[w.lang], strings.ReplaceAll(t.low, "'", "’")) &&
			!slices.ContainsFunc(b, func(o weighWord) bool { return o.low == t.low }) {
			out = append(out, t)
		}
	}
	return out
}

// denials counts the words that deny, and says where the first one stands.
func (w *weighing) denials(words []weighWord) (n, at int) {
	for _, t := range words {
		low := strings.ReplaceAll(t.low, "'", "’")
		if slices.Contains(weighDenying[w.lang], low) || w.lang == "en" && strings.HasSuffix(low, "n’t") {
			if n == 0 {
				at = t.at
			}
			n++
		}
	}
	return n, at
}

// names weighs the words with a capital: who, where, which.
func (w *weighing) names() {
	lost := w.missing(w.then, w.now)
	gained := w.missing(w.now, w.then)
	switch {
	case len(lost) > 0 && len(gained) > 0:
		w.say(gained[0].at, "weigh.name", true)
	case len(gained) > 0:
		w.say(gained[0].at, "weigh.name", false)
	case len(lost) > 0:
		w.say(lost[0].at, "weigh.name", false)
	}
}

// missing returns the names in a that b doesn't have.
func (w *weighing) missing(a, b []weighWord) []weighWord {
	var out []weighWord
	for i, t := range a {
		if !w.isName(a, i) || weighCalendar(w.lang, t.low) {
			continue
		}
		if !slices.ContainsFunc(b, func(o weighWord) bool { return w.sameName(t, o) }) {
			out = append(out, t)
		}
	}
	return out
}

// isName reports whether the word i is a name: with a capital within a sentence; at its beginning,
// where another one follows. German nouns have capitals too: there it takes two in a row, more than
// one capital, or a word before it that goes with places and people.
func (w *weighing) isName(words []weighWord, i int) bool {
	t := words[i]
	if !isCapital(t.text) || utf8.RuneCountInString(t.text) < 2 {
		return false
	}
	if weighAcronym(t.text) {
		return true
	}
	next := i+1 < len(words) && words[i+1].behind && !words[i+1].starts && isCapital(words[i+1].text)
	if w.lang == "de" {
		before := i > 0 && t.behind && !t.starts
		switch {
		case weighNoun(t.low):
			return false
		case next && !t.starts && !weighNoun(words[i+1].low):
			return true
		case before && isCapital(words[i-1].text) && (!words[i-1].starts || next):
			return true
		}
		return before && slices.Contains(weighBefore, words[i-1].low)
	}
	if t.starts {
		return next
	}
	return !(w.lang == "en" && slices.Contains(weighEnglish, t.low))
}

var (
	weighEnglish     = strings.Fields("i i’m i’ve i’d i’ll i'm i've i'd i'll mr mrs ms dr")
	weighBefore      = strings.Fields("in aus nach bei präsident präsidentin kanzler kanzlerin minister ministerin sprecher sprecherin herr frau bürgermeister bürgermeisterin")
	weighNounEndings = strings.Fields("ung ungen heit heiten keit keiten schaft schaften tion tionen tät täten ismus nis nisse ling angaben folge zukunft jahr jahren kraft gefahr haft höhe form zahl teil wochen tagen monaten")
)

// weighNoun reports whether a German word ends as nouns do that aren't names.
func weighNoun(low string) bool {
	return slices.ContainsFunc(weighNounEndings, func(e string) bool { return strings.HasSuffix(low, e) })
}

func weighAcronym(s string) bool {
	n := 0
	for _, r := range s {
		if !unicode.IsUpper(r) {
			return false
		}
		n++
	}
	return n > 1
}

// weighCalendar leaves months and weekdays to the dates.
func weighCalendar(l lang.Tag, low string) bool {
	for _, names := range append(l.Months(), l.Weekdays()...) {
		for _, n := range names {
			if strings.EqualFold(strings.TrimSuffix(n, "."), low) {
				return true
			}
		}
	}
	return false
}

// sameName reports whether two words are one name, inflected as the language does.
func (w *weighing) sameName(a, b weighWord) bool {
	if a.low == b.low {
		return true
	}
	if !isCapital(b.text) {
		return false
	}
	x, y := []rune(a.low), []rune(b.low)
	common := 0
	for common < len(x) && common < len(y) && x[common] == y[common] {
		common++
	}
	switch w.lang {
	case "uk", "ru", "pl", "cs":
		short := min(len(x), len(y))
		return common >= 3 && common >= short-3 && max(len(x), len(y))-common <= 4
	case "de", "en", "fr", "es":
		tail := func(r []rune) bool {
			return slices.Contains([]string{"", "s", "’s", "'s", "es", "’", "'"}, string(r[common:]))
		}
		return common >= 3 && tail(x) && tail(y)
	}
	return common >= 3 && common*3 >= 2*max(len(x), len(y))
}
