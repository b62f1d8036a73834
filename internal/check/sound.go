package check

import (
	"strings"
	"unicode/utf8"

	"depesche/internal/lang"
)

// sound is a word as it may be heard: a class for each letter, in which what languages write
// differently is one ("sch", "sh", "ш", "s"). A letter that is read in several ways has several
// classes.
type sound struct {
	letters []uint16
	weight  int // what it would cost to leave all of it out
	plain   string
	latin   bool  // it is written in Latin letters
	stems   []int // how many letters there are without an ending that its language has
}

// The classes of letters, as bits.
const (
	classP uint16 = 1 << iota // p b f v w
	classT                    // t d th
	classS                    // s z sh ch c and the like
	classK                    // k g h c q
	classL
	classM
	classN
	classR
	classV    // vowels, j, y, w
	classNone // often silent, or left out: h, w, j, the second of two
)

// halfVowel is what a w may be.
const halfVowel = classP | classV | classNone

// soundOf makes the sound of a word in small letters.
func soundOf(l lang.Tag, w string) sound {
	plain := w
	latin := l.Script() == "Latn"
	if !isASCIIWord(w) {
		plain = strings.ToLower(lang.Transliterate(l, parted.Replace(w)))
	}
	s := sound{plain: plain, latin: latin, letters: make([]uint16, 0, len(plain))}
	for i := 0; i < len(plain); {
		class, n := classOf(plain[i:])
		i += n
		for _, c := range class {
			if i == n && plain[0] == 'v' {
				c |= classV | classNone // Wade is Вейд and Уэйд
			}
			if k := len(s.letters); k > 0 && s.letters[k-1] == c || k > 1 && c == classV && s.letters[k-1] == halfVowel && s.letters[k-2] == classV {
				continue // a double letter is one, and so are the vowels of Dewar: Дьюар
			}
			s.letters = append(s.letters, c)
			s.weight += weightOf(c)
		}
	}
	s.stems = stemsOf(l, w, len(s.letters))
	return s
}

// parted keeps letters apart that would be another one together: тг isn't th.
var parted = strings.NewReplacer("тг", "тґ", "сг", "сґ", "кг", "кґ", "цг", "цґ", "пг", "пґ")

func isASCIIWord(w string) bool {
	for i := range len(w) {
		if w[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// groups of letters with their classes, the longer ones first.
var soundGroups = []struct {
	letters string
	classes []uint16
}{
	{"shch", []uint16{classS}}, {"tsch", []uint16{classS}}, {"sch", []uint16{classS | classK}}, {"tch", []uint16{classS}}, {"tth", []uint16{classT | classS | classP}}, {"dge", []uint16{classS, classV}},
	{"dzh", []uint16{classS | classV}}, {"dsch", []uint16{classS}}, {"ough", []uint16{classV}}, {"augh", []uint16{classV}}, {"igh", []uint16{classV}},
	{"ph", []uint16{classP}}, {"th", []uint16{classT | classS | classP}}, {"sh", []uint16{classS}}, {"zh", []uint16{classS | classK}}, {"ch", []uint16{classS | classK}},
	{"cz", []uint16{classS}}, {"sz", []uint16{classS}}, {"rz", []uint16{classS | classR}}, {"kh", []uint16{classK | classNone}}, {"gh", []uint16{classK | classNone}},
	{"ck", []uint16{classK}}, {"ts", []uint16{classS | classT}}, {"tz", []uint16{classS}}, {"dz", []uint16{classS}}, {"qu", []uint16{classK, classV | classP | classNone}},
	{"ll", []uint16{classL | classV}}, {"gn", []uint16{classN | classK, classN | classNone}}, {"ng", []uint16{classN, classK | classS | classNone}}, {"x", []uint16{classK | classS, classS | classNone}},
}

var soundLetters = [26]uint16{
	0: classV, 'b' - 'a': classP, 'c' - 'a': classK | classS, 'd' - 'a': classT, 'e' - 'a': classV, 'f' - 'a': classP,
	'g' - 'a': classK | classS, 'h' - 'a': classK | classNone, 'i' - 'a': classV, 'j' - 'a': classS | classV, 'k' - 'a': classK,
	'l' - 'a': classL, 'm' - 'a': classM, 'n' - 'a': classN, 'o' - 'a': classV, 'p' - 'a': classP, 'q' - 'a': classK | classS, 'r' - 'a': classR,
	's' - 'a': classS, 't' - 'a': classT, 'u' - 'a': classV, 'v' - 'a': classP, 'w' - 'a': classP | classV | classNone,
	'y' - 'a': classV, 'z' - 'a': classS,
}

func classOf(s string) ([]uint16, int) {
	for _, g := range soundGroups {
		if s[0] == g.letters[0] && strings.HasPrefix(s, g.letters) {
			return g.classes, len(g.letters)
		}
	}
	if c := s[0]; c >= 'a' && c <= 'z' {
		return []uint16{soundLetters[c-'a']}, 1
	}
	return nil, 1
}

// What it costs to leave a letter out, or to put one for another, in hundredths of a consonant.
const (
	costConsonant = 100
	costSilent    = 20
	costVowel     = 30
	costEnding    = 8
	costOther     = 15 // one vowel for another is nothing, a vowel that may be a consonant little
)

func weightOf(c uint16) int {
	switch {
	case c == classV:
		return costVowel
	case c&classV != 0 && c&(classS|classK) != 0:
		return 2 * costSilent
	case c&(classV|classNone) != 0:
		return costSilent
	}
	return costConsonant
}

// How far apart names may be that are one, in hundredths of the shorter: nearly all consonants agree, in
// their order; and where other things speak for it.
const asOne, asOneRoughly = 22, 42

// like reports whether heard, a word of the translation, is the same name; its end may be inflected. In
// one alphabet names are spelled alike.
func (s sound) like(heard sound) bool { return s.within(heard, asOne, s.distance) }

// alike is like, whichever of the two has an ending.
func (s sound) alike(o sound) bool { return s.within(o, asOne, s.apart) }

// roughly is alike for names that other things speak for.
func (s sound) roughly(o sound) bool { return s.within(o, asOneRoughly, s.apart) }

// kin is like for words without a capital, see kindred.
func (s sound) kin(heard sound) bool { return s.kindred(heard) && s.like(heard) }

// kindred is what words without a capital, which are many, must have in common as well: an adjective is
// made of the name.
func (s sound) kindred(o sound) bool { return commonPrefix(s.plain, o.plain) >= 4 }

// begun is what it counts that two words begin with other letters.
func (s sound) begun(o sound) int {
	if s.plain[:1] == o.plain[:1] {
		return 0
	}
	return 20
}

// unlike is the same in hundredths of the shorter one, and 100 for names that begin with
// other consonants: Порошенко isn't Тимошенко.
func (s sound) unlike(o sound) int {
	if len(s.letters) > 0 && len(o.letters) > 0 && s.opensOtherwise(o) {
		return 100
	}
	return 100 * s.apart(o) / max(1, min(s.weight, o.weight))
}

func (s sound) opensOtherwise(o sound) bool {
	return s.letters[0]&o.letters[0] == 0 && !opens(s.letters[0]) && !opens(o.letters[0])
}

func (s sound) within(heard sound, percent int, apart func(sound) int) bool {
	if len(s.letters) == 0 || len(heard.letters) == 0 {
		return false
	}
	short, long := min(len(s.plain), len(heard.plain)), max(len(s.plain), len(heard.plain))
	if short*2 < long {
		return false
	}
	stem := commonPrefix(s.plain, heard.plain)
	if stem >= 4 && stem*4 >= 3*short || stem == 3 && short == 3 && long <= 5 {
		return true
	}
	if s.latin && heard.latin { // in one alphabet names are spelled alike
		if percent = percent * 2 / 3; 100*spelledApart(s.plain, heard.plain) > 60*long {
			return false
		}
	}
	return !s.opensOtherwise(heard) && 100*apart(heard) <= percent*min(s.weight, heard.weight)
}

// spelledApart is how many letters have to be changed to make one word of another.
func spelledApart(a, b string) int {
	var row [longestSpelled + 1]int
	a, b = a[:min(len(a), longestSpelled)], b[:min(len(b), longestSpelled)]
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(row[j]+1, row[j+1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}

const longestSpelled = 24

// opens reports whether a letter at the start may be missing on the other side.
func opens(c uint16) bool { return c&classNone != 0 }

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// distance is how far a word is from one that may have an ending.
func (s sound) distance(heard sound) int {
	far, _ := s.distances(heard)
	return far
}

// apart is how far two words are from each other, whichever of them has an ending.
func (s sound) apart(o sound) int { return min(s.distances(o)) }

// distances are those of both words, if the other one has an ending and if this one has.
func (s sound) distances(o sound) (theirs, mine int) {
	const longest = 24
	a, b := s.letters[:min(len(s.letters), longest)], o.letters[:min(len(o.letters), longest)]
	var row, weights, last [longest + 1]int // last is the end of each row
	for j, c := range b {
		weights[j] = weightOf(c)
		row[j+1] = row[j] + weights[j]
	}
	last[0] = row[len(b)]
	for i, ca := range a {
		diagonal, weight := row[0], weightOf(ca)
		row[0] += weight
		for j, cb := range b {
			change := costConsonant
			switch {
			case ca&cb&^classNone != 0:
				change = 0
			case (ca|cb)&classV != 0 && ca&^(classV|classNone) == 0 && cb&^(classV|classNone) == 0:
				change = costOther
			}
			here := min(row[j+1]+weight, row[j]+weights[j], diagonal+change)
			diagonal, row[j+1] = row[j+1], here
		}
		last[i+1] = row[len(b)]
	}
	return ended(row[:len(b)+1], o.stems), ended(last[:len(a)+1], s.stems)
}

// ended is what it costs to come to the end of a word, or to one of its stems with the ending.
func ended(costs []int, stems []int) int {
	end := len(costs) - 1
	best := costs[end]
	for _, n := range stems {
		if n < end {
			best = min(best, costs[n]+costEnding*(end-n))
		}
	}
	return best
}
