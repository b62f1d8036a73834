package lang

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
)

// The syllables of Korean in the Revised Romanization of 2000, without its changes of sound between
// syllables.
var (
	hangulFirst  = strings.Split("g kk n d tt r m b pp s ss - j jj ch k t p h", " ")
	hangulMiddle = strings.Split("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i", " ")
	hangulLast   = strings.Split("- k k k n n n t l k m l l l p l m p p t t ng t t k t p t", " ")
)

func (tr *transliterator) hangul() bool {
	r := tr.text[tr.at]
	if r < 0xAC00 || r > 0xD7A3 {
		return false
	}
	n := int(r - 0xAC00)
	s := hangulFirst[n/(21*28)] + hangulMiddle[n/28%21] + hangulLast[n%28]
	tr.put(strings.ReplaceAll(s, "-", ""), 1)
	return true
}

// The nine scripts of India that Unicode lays out alike, from Devanagari to Malayalam, 128 places
// each; the tables are by the place within.
var (
	indicVowels = map[rune]string{0x05: "a", 0x06: "a", 0x07: "i", 0x08: "i", 0x09: "u", 0x0A: "u", 0x0B: "ri",
		0x0D: "e", 0x0E: "e", 0x0F: "e", 0x10: "ai", 0x11: "o", 0x12: "o", 0x13: "o", 0x14: "au"}
	indicSigns = map[rune]string{0x3E: "a", 0x3F: "i", 0x40: "i", 0x41: "u", 0x42: "u", 0x43: "ri",
		0x45: "e", 0x46: "e", 0x47: "e", 0x48: "ai", 0x49: "o", 0x4A: "o", 0x4B: "o", 0x4C: "au"}
	indicConsonants = strings.Fields("k kh g gh ng ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h")
)

const indicVirama = 0x4D

// indic writes one letter of an Indian script; a consonant without a vowel sign has an "a", but not
// at the end of a word.
func (tr *transliterator) indic() bool {
	r := tr.text[tr.at]
	if r < 0x0900 || r > 0x0D7F {
		return false
	}
	place := (r - 0x0900) % 0x80
	switch {
	case place >= 0x15 && int(place-0x15) < len(indicConsonants):
		tr.put(indicConsonants[place-0x15], 1)
		tr.inherent()
	case indicVowels[place] != "":
		tr.put(indicVowels[place], 1)
	case indicSigns[place] != "":
		tr.put(indicSigns[place], 1)
	case place == 0x01 || place == 0x02:
		tr.put("n", 1)
	case place >= 0x66 && place <= 0x6F:
		tr.put(string('0'+place-0x66), 1)
	case unicode.IsLetter(r) || unicode.IsMark(r):
		tr.put("", 1)
	default:
		return false
	}
	return true
}

// inherent writes the vowel of a consonant that has no other.
func (tr *transliterator) inherent() {
	if tr.at == len(tr.text) {
		return
	}
	next := tr.text[tr.at]
	if next < 0x0900 || next > 0x0D7F {
		return // the word ends
	}
	place := (next - 0x0900) % 0x80
	if place == 0x3C { // a dot below changes the consonant, the vowel comes after it
		tr.at++
		tr.inherent()
		return
	}
	if indicSigns[place] == "" && place != indicVirama && !unicode.IsPunct(next) {
		tr.out = append(tr.out, 'a')
	}
}

// hepburn are the syllables of hiragana from U+3041; those of katakana lie 96 places further.
var hepburn = strings.Fields("a a i i u u e e o o ka ga ki gi ku gu ke ge ko go sa za shi ji su zu se ze so zo ta da chi ji - tsu zu te de to do " +
	"na ni nu ne no ha ba pa hi bi pi fu bu pu he be pe ho bo po ma mi mu me mo ya ya yu yu yo yo ra ri ru re ro wa wa i e o n vu ka ke")

func (tr *transliterator) kana() bool {
	r := tr.text[tr.at]
	if r == 'ー' {
		tr.put("", 1)
		return true
	}
	if r >= 0x30A1 && r <= 0x30F6 {
		r -= 0x60
	}
	if r < 0x3041 || int(r-0x3041) >= len(hepburn) {
		return false
	}
	s := strings.TrimPrefix(hepburn[r-0x3041], "-")
	if small := strings.ContainsRune("ゃゅょ", r); small && tr.glide(s) {
		return true
	}
	tr.put(s, 1)
	if r == 'っ' && tr.at < len(tr.text) {
		before := len(tr.out)
		if tr.kana() && len(tr.out) > before && !strings.ContainsRune("aiueo", rune(tr.out[before])) {
			tr.out = slices.Insert(tr.out, before, tr.out[before]) // a small tsu doubles the consonant that follows
		}
	}
	return true
}

// glide joins a small ya, yu or yo to the syllable before: "ki" and "ya" are "kya".
func (tr *transliterator) glide(s string) bool {
	if !bytes.HasSuffix(tr.out, []byte("i")) {
		return false
	}
	tr.out = tr.out[:len(tr.out)-1]
	if c := tr.out[max(len(tr.out)-1, 0):]; len(c) == 1 && (c[0] == 'h' || c[0] == 'j') {
		s = s[1:]
	}
	tr.put(s, 1)
	return true
}
