package check

import (
	"strings"
	"unicode/utf8"

	"depesche/internal/lang"
)

const slavicEndings = `а я у ю и і ы е є э о ї й ь ом ем єм ям ой ей ою ею єю ів їв ов ев єв ам ах ях ий ій ый ая яя ое ее ої ую юю ые ым
	им их ых ого его ього ому ему ьому ами ями ові еві єві`

// nameAdjectives are the endings that make one of a name, as in Єльський, without their own.
var nameAdjectives = map[lang.Tag][2]string{
	"uk": {"ськ ьк цьк", "ий ого ому им ім ій а ої ою у і их ими е"}, "ru": {"ск цк", "ий ого ому им ом ой ая ую ое ие их ими"},
	"pl": {"sk ck", "i iego iemu im a iej ą ie ich imi"},
}

// caseEndings are what languages put behind a name, with how many letters of a sound that is.
var caseEndings = lettersOf(map[lang.Tag]string{
	"uk": slavicEndings, "ru": slavicEndings, "be": slavicEndings,
	"pl": "a u y i e ę ą o em ie owi om ów ami ach ego emu ym im ej iem iego iemu",
	"de": "s n en es er e in ern", "en": "s", "fr": "s e es", "es": "s es",
})

func lettersOf(endings map[lang.Tag]string) map[lang.Tag]map[string]int {
	out := map[lang.Tag]map[string]int{}
	for l, list := range endings {
		out[l] = map[string]int{}
		all := strings.Fields(list)
		for _, before := range strings.Fields(nameAdjectives[l][0]) {
			for _, e := range strings.Fields(nameAdjectives[l][1]) {
				all = append(all, before+e)
			}
		}
		for _, e := range all {
			plain := strings.ToLower(lang.Transliterate(l, e))
			n, last := 0, uint16(0)
			for i := 0; i < len(plain); {
				class, k := classOf(plain[i:])
				i += k
				for _, c := range class {
					if c != last {
						n++
					}
					last = c
				}
			}
			out[l][e] = n
		}
	}
	return out
}

// longestEnding is how many letters an ending has at most.
const longestEnding = 6

// stemsOf returns how many of a word's letters are left without each ending that it may have.
func stemsOf(l lang.Tag, w string, letters int) (out []int) {
	table, ok := caseEndings[l.Base()]
	from := len(w)
	for range longestEnding {
		_, size := utf8.DecodeLastRuneInString(w[:from])
		from -= size
		n, is := table[w[from:]]
		if !ok {
			n, is = len(out)+1, len(out) < 3 // a language whose endings we don't know
		}
		if is && n > 0 && letters-n > 1 {
			out = append(out, letters-n)
		}
	}
	return out
}
