package check

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// wording looks for words that stand twice and for words in two alphabets.
func wording(r *run) {
	for _, s := range r.segments {
		if s.Field == document.FieldSlug || s.Field == document.FieldOriginal {
			continue
		}
		text := own(s.Text)
		if at := doubled(r.Lang, text); at != nil {
			r.add(Finding{Code: "double_word", Severity: Warn, Address: s.Address, Excerpt: excerpt(text, at[0], at[1]), Args: []any{"word", text[at[0]:at[1]]}})
		}
		if at := mixed(text); at != nil {
			r.add(Finding{Code: "mixed_alphabet", Severity: Warn, Address: s.Address, Excerpt: excerpt(text, at[0], at[1]), Args: []any{"word", text[at[0]:at[1]]}})
		}
	}
}

// twice are words that stand twice in good sentences: "that that", "der, der" without its comma
// isn't good, but "die die" is said of a paper.
var twice = map[lang.Tag][]string{
	"de": {"die", "der", "das", "den", "dem", "denen", "sie", "ihr", "wie", "so", "ja", "nein", "sehr", "immer"},
	"en": {"that", "had", "is", "so", "very", "no", "long", "bye", "ha", "far", "many", "really"},
	"fr": {"nous", "vous", "faire", "très", "non", "oui", "si", "tout", "ha"},
	"uk": {"дуже", "так", "ні", "все", "ще", "що"},
	"ru": {"очень", "да", "нет", "все", "ещё", "еще", "что", "так"},
	"pl": {"bardzo", "tak", "nie", "to"},
}

// wordPlaces returns where the words of a text are: letters, marks and digits, with apostrophes and
// hyphens. A pattern would cost several times as much.
func wordPlaces(text string) iter.Seq[[2]int] {
	return func(yield func([2]int) bool) {
		from := -1
		for i, c := range text {
			switch in := inWord(c); {
			case in && from < 0:
				from = i
			case !in && from >= 0:
				if !yield([2]int{from, i}) {
					return
				}
				from = -1
			}
		}
		if from >= 0 {
			yield([2]int{from, len(text)})
		}
	}
}

func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '\'' || r == '-'
	}
	if 'Ѐ' <= r && r <= 'ҁ' || 'À' <= r && r <= 'ɏ' && r != '×' && r != '÷' {
		return true // all letters; most of what is read
	}
	return unicode.In(r, unicode.L, unicode.M, unicode.N) || r == '’'
}

// doubled returns where a word stands twice with only a space between, or nil.
func doubled(l lang.Tag, text string) []int {
	i, last := 0, [2]int{}
	for at := range wordPlaces(text) {
		before := last
		i, last = i+1, at
		a, b, gap := text[before[0]:before[1]], text[at[0]:at[1]], text[before[1]:at[0]]
		if i == 1 || strings.Trim(gap, " \u00a0") != "" || len(a) != len(b) || !strings.EqualFold(a, b) {
			continue
		}
		lower := l.Lower(b)
		if !hasLetters(lower, 2) || slices.Contains(twice[l.Base()], lower) {
			continue
		}
		// Names are doubled: Duran Duran, New York New York. German nouns look like names, and there
		// the doubled noun is the likelier of the two.
		if isCapital(a) && isCapital(b) && !(l.Base() == "de" && i > 2) {
			continue
		}
		return []int{before[0], at[1]}
	}
	return nil
}

func isCapital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return isLarge(r)
}

// lookalikes are the letters that look the same in two alphabets.
const (
	latinLike    = "aceopxyikhATEKMHOPCBXIiİsSjJ"
	cyrillicLike = "асеорхуікһАТЕКМНОРСВХІіЇѕЅјЈ"
	greekLike    = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρ"
)

// mixed returns the first word in which letters of one alphabet are disguised as another's, or nil.
// A foreign name with an ending (iPhoneом) has letters that can't be mistaken, and is fine.
func mixed(text string) []int {
	for at := range wordPlaces(text) {
		if oneAlphabet(text[at[0]:at[1]]) {
			continue
		}
		for _, part := range splitAt(text, at[0], at[1]) {
			w := text[part[0]:part[1]]
			latin := script(w, unicode.Latin)
			for _, other := range []struct {
				letters string
				like    string
			}{{script(w, unicode.Cyrillic), cyrillicLike}, {script(w, unicode.Greek), greekLike}} {
				if latin == "" || other.letters == "" {
					continue
				}
				if disguised(latin, latinLike) || disguised(other.letters, other.like) {
					return []int{part[0], part[1]}
				}
			}
		}
	}
	return nil
}

// oneAlphabet is true for most words without a look at the tables: all letters are Latin ones, or
// Cyrillic ones.
func oneAlphabet(w string) bool {
	latin, cyrillic := true, true
	for _, r := range w {
		latin = latin && (r < 'ɐ' || r == '’')
		cyrillic = cyrillic && (r < 'A' || r >= 'Ѐ' && r <= 'ӿ' || r == '’')
	}
	return latin || cyrillic
}

// splitAt cuts a word at hyphens, apostrophes and between figures and letters.
func splitAt(text string, from, to int) [][2]int {
	var out [][2]int
	start := from
	for i, r := range text[from:to] {
		if r == '-' || r == '\'' || r == '’' || unicode.IsDigit(r) {
			if from+i > start {
				out = append(out, [2]int{start, from + i})
			}
			start = from + i + len(string(r))
		}
	}
	if to > start {
		out = append(out, [2]int{start, to})
	}
	return out
}

func script(w string, table *unicode.RangeTable) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(table, r) {
			return r
		}
		return -1
	}, w)
}

func disguised(letters, like string) bool {
	for _, r := range letters {
		if !strings.ContainsRune(like, r) {
			return false
		}
	}
	return true
}
