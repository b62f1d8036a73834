package lang

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Norm is a rule by which a name is written in another language, as people call it.
type Norm string

// The norms.
const (
	KMU2010    Norm = "KMU 2010"       // resolution no. 55 of the Cabinet of Ministers of Ukraine, 27 January 2010
	BGN        Norm = "BGN/PCGN"       // the system of 1947 for Russian, as the English press simplifies it
	Duden      Norm = "Duden"          // the transcription in the German spelling dictionary
	PWN        Norm = "PWN"            // the transcription in the Polish spelling dictionary
	FrenchUse  Norm = "usage français" // what French papers do: ou, tch, ch, -ine
	Pravopys   Norm = "Правопис 2019"  // the Ukrainian orthography, § 144
	RussianUse Norm = "русская практика"
)

// spelling is how one language writes another's names. Keys are small letters. "^" before one is for
// a word's beginning, "@" for behind a vowel, a soft or hard sign or an apostrophe, "$" after one for
// a word's end; the longest key wins.
type spelling struct {
	norm    Norm
	letters map[string]string
	longest int
	// doubled says that an s between vowels is written twice, so that it isn't read as a z.
	doubled bool
}

func spellingOf(n Norm, doubled bool, pairs string) spelling {
	s := spelling{norm: n, letters: map[string]string{}, doubled: doubled}
	fields := strings.Fields(pairs)
	for i := 0; i+1 < len(fields); i += 2 {
		s.letters[fields[i]] = strings.TrimPrefix(fields[i+1], "-")
		s.longest = max(s.longest, utf8.RuneCountInString(strings.Trim(fields[i], "^@$")))
	}
	return s
}

// spellings are by the pair of languages.
var spellings = map[[2]Tag]spelling{
	{"ru", "en"}: spellingOf(BGN, false, `а a б b в v г g д d е e ^е ye @е ye ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s
		т t у u ф f х kh ц ts ч ch ш sh щ shch ъ - ы y ь - э e ю yu я ya ий$ y ый$ y ия$ ia`),
	{"ru", "de"}: spellingOf(Duden, true, `а a б b в w г g д d е e ^е je @е je ё jo жё scho чё tscho шё scho щё schtscho ж sch з s и i
		ьи ji й i ий i ый y к k кс x л l м m н n о o п p р r с s т t у u ф f х ch ц z ч tsch ш sch щ schtsch ъ - ы y ь -
		ьо jo э e ю ju я ja`),
	{"ru", "pl"}: spellingOf(PWN, false, `а a б b в w г g д d е ie ^е je @е je же że це ce че cze ше sze ще szcze ле le ё io ^ё jo @ё jo
		жё żo чё czo шё szo щё szczo лё lo ж ż жи ży з z и i ьи ji й j ий$ i ый$ y ци cy ши szy к k л ł ли li ль l лю lu ля la м m н n
		нь ń о o п p р r с s сь ś т t ть ć дь ź зь ź у u ф f х ch ц c ч cz ш sz щ szcz ъ - ы y ь - э e ю iu ^ю ju @ю ju
		жю żu чю czu шю szu щю szczu я ia ^я ja @я ja чя cza щя szcza ский$ ski цкий$ cki`),
	{"ru", "fr"}: spellingOf(FrenchUse, true, `а a б b в v г g ге gue ги gui гё guio д d е e ^е e @е ïe ье ie ё io ^ё io жё je чё tche шё che щё chtche
		ж j з z и i й ï ий$ i ый$ y ин$ ine ^ин in к k кс x л l м m н n о o п p р r с s т t у ou ф f х kh ц ts ч tch ш ch щ chtch
		ъ - ы y ь - э e ю iou @ю ïou я ia @я ïa ия$ ia ь@я ia`),
	{"ru", "uk"}: spellingOf(Pravopys, false, `а а б б в в г г д д е е ^е є @е є ев$ єв жев$ жев чев$ чев шев$ шев щев$ щев цев$ цев ева$ єва жева$ жева чева$ чева шева$ шева
		ё ьо ^ё йо @ё йо жё жо чё чо шё шо щё що ж ж жи жи з з и і чи чи ши ши щи щи ци ци й й ий$ ій ний$ ній ый$ ий к к л л м м н н о о п п р р
		с с ский$ ський ская$ ська цкий$ цький цкая$ цька т т у у ф ф х х ц ц ч ч ш ш щ щ ъ ' ы и ь ь э е ю ю я я ия$ ія ая$ а`),
	{"uk", "ru"}: spellingOf(RussianUse, false, `а а б б в в г г ґ г д д е е ^е э є е ^є е ж ж з з и и і и ї и ^ї и й й ий$ ий ній$ ний йо ё ьо ё к к л л м м
		н н о о п п р р с с ський$ ский ська$ ская цький$ цкий цька$ цкая зький$ зкий зька$ зкая т т у у ф ф х х ц ц ч ч ш ш щ щ ь ь ю ю я я ' ъ ськ ск цьк цк зьк зк ія$ ия ій$ ий`),
	{"uk", "de"}: spellingOf(Duden, true, `а a б b в w г h ґ g д d е e є je ж sch з s и y і i ї ji й j йо jo к k кс x л l м m н n о o п p р r
		с s т t у u ф f х ch ц z ч tsch ш sch щ schtsch ь - ьо jo ю ju я ja`),
	{"uk", "pl"}: spellingOf(PWN, false, `а a б b в w г h ґ g д d е e є ie ^є je @є je ж ż з z и y і i ї ji й j йо jo к k л ł лі li ль l льо lo лє le
		лю lu ля la м m н n нь ń о o п p р r с s сь ś зь ź ць ć ть ť дь ď т t у u ф f х ch ц c ч cz ш sz щ szcz ь - ьо io
		ю iu ^ю ju @ю ju я ia ^я ja @я ja ський$ ski цький$ cki зький$ zki ська$ ska цька$ cka зька$ zka ськ sk цьк ck зьк zk`),
	{"uk", "fr"}: spellingOf(FrenchUse, true, `а a б b в v г h ґ g ґе gue ґі gui д d е e є ie @є ïe ж j з z и y і i ї ï й ï ий$ y ій$ iy йо io к k кс x л l м m
		н n о o п p р r с s т t у ou ф f х kh ц ts ч tch ш ch щ chtch ь - ьо io ю iou @ю ïou я ia @я ïa ія$ ia`),
}

// Respell writes a name in the language from as one in the language to does, by the norm that it
// returns, as a proposal to people: who is known by another spelling keeps it. Where there is no norm
// for the pair, norm is "" and the name is in plain Latin letters, or as it was for a language that
// isn't written in them.
func Respell(from, to Tag, name string) (spelled string, n Norm) {
	name = norm.NFC.String(name)
	s, ok := spellings[[2]Tag{from.Base(), to.Base()}]
	switch {
	case ok:
		return s.write(name), s.norm
	case from.Script() == to.Script() || to.Script() != "Latn":
		return name, ""
	case from.Base() == "uk":
		return Transliterate(from, withoutApostrophes(name)), KMU2010 // which leaves them out
	}
	return Transliterate(from, name), ""
}

func (s spelling) write(name string) string {
	text := []rune(name)
	low := []rune(strings.ToLower(name))
	if len(low) != len(text) {
		low = text // a letter whose small one is two: then there are no Cyrillic ones to find anyway
	}
	var b strings.Builder
	for at := 0; at < len(text); {
		to, n := s.find(low, at)
		if n == 0 {
			b.WriteRune(text[at])
			at++
			continue
		}
		b.WriteString(casedLike(to, text, at, n))
		at += n
	}
	return b.String()
}

// find looks for the longest key at a place.
func (s spelling) find(low []rune, at int) (to string, n int) {
	if at == 0 || !isNameLetter(low[at-1]) {
		return s.longestOf(low, at, "^", "")
	}
	if s.doubled && low[at] == 'с' && at+1 < len(low) && isCyrillicVowel(low[at-1]) && isCyrillicVowel(low[at+1]) {
		return "ss", 1
	}
	if r := low[at-1]; isCyrillicVowel(r) || r == 'ь' || r == 'ъ' || isApostrophe(r) {
		return s.longestOf(low, at, "@", "")
	}
	return s.longestOf(low, at, "")
}

func (s spelling) longestOf(low []rune, at int, contexts ...string) (string, int) {
	for n := min(s.longest, len(low)-at); n > 0; n-- {
		key := string(low[at : at+n])
		end := at+n == len(low) || !isNameLetter(low[at+n])
		for _, c := range contexts {
			if end {
				if to, ok := s.letters[c+key+"$"]; ok {
					return to, n
				}
			}
			if to, ok := s.letters[c+key]; ok {
				return to, n
			}
		}
	}
	if isApostrophe(low[at]) && at > 0 && isNameLetter(low[at-1]) {
		return s.letters["'"], 1
	}
	return "", 0
}

func withoutApostrophes(name string) string {
	return strings.Map(func(r rune) rune {
		if isApostrophe(r) {
			return -1
		}
		return r
	}, name)
}

func isNameLetter(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) || isApostrophe(r) }

func isCyrillicVowel(r rune) bool { return strings.ContainsRune("аеєиіїоуюяыэё", r) }

// casedLike gives to the case of the n letters at the place.
func casedLike(to string, text []rune, at, n int) string {
	if to == "" || !unicode.IsUpper(text[at]) {
		return to
	}
	upper := n > 1 && unicode.IsUpper(text[at+1])
	if n == 1 {
		next := at+1 < len(text) && unicode.IsLetter(text[at+1])
		upper = next && unicode.IsUpper(text[at+1]) || !next && at > 0 && unicode.IsUpper(text[at-1])
	}
	if upper {
		return strings.ToUpper(to)
	}
	r, size := utf8.DecodeRuneInString(to)
	return string(unicode.ToUpper(r)) + to[size:]
}
