package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Transliterate writes s, a text in the language from, in plain Latin letters, by the norm of that
// language where it has one (Ukrainian: Cabinet of Ministers, 2010), large letters staying large.
// Letters of scripts that can't be written letter by letter (Han, Thai) are left out; whatever
// isn't a letter stays.
func Transliterate(from Tag, s string) string {
	if isASCII(s) {
		return s
	}
	own, ok := byBase[from.Base()]
	s = norm.NFC.String(s)
	cyrillic := cyrillicOf(s)
	if ok && from.Script() == "Cyrl" {
		cyrillic = own
	}
	tr := transliterator{text: []rune(strings.ToValidUTF8(s, "")), bulgarian: from.Base() == "bg"}
	if ok {
		tr.tables = append(tr.tables, own)
	}
	tr.tables = append(append(tr.tables, cyrillic), scripts...)
	for tr.at < len(tr.text) {
		tr.step()
	}
	return string(tr.out)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

type transliterator struct {
	tables    []letters
	text      []rune
	at        int
	out       []byte
	bulgarian bool
}

// step writes what stands at the present place and goes on.
func (tr *transliterator) step() {
	r := tr.text[tr.at]
	if r < utf8.RuneSelf {
		tr.put(string(r), 1)
		return
	}
	for _, special := range []func() bool{tr.semivowel, tr.greekPair, tr.hangul, tr.indic, tr.kana} {
		if special() {
			return
		}
	}
	for _, t := range tr.tables {
		if to, n, ok := tr.find(t); ok {
			tr.put(tr.cased(to, n), n)
			return
		}
	}
	tr.put(plain(r), 1)
}

func (tr *transliterator) put(s string, n int) {
	tr.out = append(tr.out, s...)
	tr.at += n
}

// find looks for the longest run of letters here that t knows.
func (tr *transliterator) find(t letters) (to string, n int, ok bool) {
	initial := tr.initial()
	for n := min(t.longest, len(tr.text)-tr.at); n > 0; n-- {
		key := strings.ToLower(string(tr.text[tr.at : tr.at+n]))
		if initial {
			if to, ok := t.initial[key]; ok {
				return to, n, true
			}
		}
		if to, ok := t.all[key]; ok {
			if tr.bulgarian && key == "и" && tr.wordEnd("ия") {
				return "ia", 2, true
			}
			return to, n, true
		}
	}
	return "", 0, false
}

// initial tells whether a word begins here. An apostrophe doesn't begin one, a hyphen does.
func (tr *transliterator) initial() bool {
	for i := tr.at - 1; i >= 0; i-- {
		switch r := tr.text[i]; {
		case isApostrophe(r):
			continue
		default:
			return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r)
		}
	}
	return true
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '`' || r == '´' }

// wordEnd tells whether the rest of the word is tail.
func (tr *transliterator) wordEnd(tail string) bool {
	n := len([]rune(tail))
	if tr.at+n > len(tr.text) || strings.ToLower(string(tr.text[tr.at:tr.at+n])) != tail {
		return false
	}
	return tr.at+n == len(tr.text) || !unicode.IsLetter(tr.text[tr.at+n])
}

// cased gives to the case of the n letters here: "Щ" is "Shch" before a small letter and "SHCH"
// among large ones.
func (tr *transliterator) cased(to string, n int) string {
	if to == "" || !unicode.IsUpper(tr.text[tr.at]) {
		return to
	}
	next, before := rune(0), rune(0)
	if tr.at+n < len(tr.text) {
		next = tr.text[tr.at+n]
	}
	if tr.at > 0 {
		before = tr.text[tr.at-1]
	}
	if unicode.IsUpper(next) || n > 1 && unicode.IsUpper(tr.text[tr.at+1]) || !unicode.IsLetter(next) && unicode.IsUpper(before) {
		return strings.ToUpper(to)
	}
	return strings.ToUpper(to[:1]) + to[1:]
}

// plain is r without its accents, or nothing if it isn't a Latin letter then; what is no letter
// stays.
func plain(r rune) string {
	if !unicode.IsLetter(r) && !unicode.IsMark(r) {
		return string(r)
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		if d < utf8.RuneSelf {
			b.WriteRune(d)
		} else if to, ok := latin.all[string(unicode.ToLower(d))]; ok {
			if unicode.IsUpper(d) {
				to = strings.ToUpper(to[:1]) + to[1:]
			}
			b.WriteString(to)
		}
	}
	return b.String()
}

// semivowel writes Arabic waw and ya as vowels between consonants, as they mostly are in names.
func (tr *transliterator) semivowel() bool {
	r := tr.text[tr.at]
	vowel := map[rune]string{'و': "u", 'ي': "i", 'ی': "i"}[r]
	if vowel == "" || tr.at == 0 || !arabicConsonant(tr.text[tr.at-1]) {
		return false
	}
	if tr.at+1 < len(tr.text) && strings.ContainsRune("اويیىآأةَُِّ", tr.text[tr.at+1]) {
		return false
	}
	tr.put(vowel, 1)
	return true
}

func arabicConsonant(r rune) bool {
	return unicode.Is(unicode.Arabic, r) && unicode.IsLetter(r) && !strings.ContainsRune("اويیىآأإؤئةء", r)
}

// greekPair writes αυ, ευ, ηυ by the sound that follows, and leaves accents out.
func (tr *transliterator) greekPair() bool {
	r := tr.text[tr.at]
	base, _ := greekBase(r)
	if base == 0 {
		return false
	}
	if tr.at+1 < len(tr.text) {
		next, diaeresis := greekBase(tr.text[tr.at+1])
		if next == 'υ' && !diaeresis && strings.ContainsRune("αεη", base) {
			first := map[rune]string{'α': "a", 'ε': "e", 'η': "i"}[base]
			second := "f"
			if tr.at+2 < len(tr.text) {
				if after, _ := greekBase(tr.text[tr.at+2]); after != 0 && !strings.ContainsRune("θκξπσςτφχψ", after) {
					second = "v"
				}
			}
			tr.put(tr.cased(first+second, 2), 2)
			return true
		}
		if base == 'ο' && next == 'υ' && !diaeresis {
			tr.put(tr.cased("ou", 2), 2)
			return true
		}
	}
	if base == unicode.ToLower(r) {
		return false // the table knows it, and the pairs of consonants
	}
	tr.put(tr.cased(greek.all[string(base)], 1), 1)
	return true
}

// greekBase is the small Greek letter under the accents of r, 0 for others.
func greekBase(r rune) (base rune, diaeresis bool) {
	if !unicode.Is(unicode.Greek, r) {
		return 0, false
	}
	for i, d := range []rune(norm.NFD.String(string(unicode.ToLower(r)))) {
		if i == 0 {
			base = d
		}
		diaeresis = diaeresis || d == '\u0308'
	}
	return base, diaeresis
}
