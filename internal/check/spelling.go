package check

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// crude is what a typewriter has for quotation marks, apostrophes, dashes and the ellipsis. Marks
// that are only another language's are left to the eye.
var crude = regexp.MustCompile(`["]|\.\.\.|--| - |\p{L}'\p{L}`)

// spelling notes typewriter's signs where the language has its own, with the repair.
func spelling(r *run) {
	for _, s := range r.segments {
		if s.Field == document.FieldSlug || s.Field == document.FieldOriginal {
			continue
		}
		text := s.Text.Plain()
		if !strings.ContainsAny(text, `"'-`) && !strings.Contains(text, "...") {
			continue
		}
		at := crude.FindStringIndex(text)
		if at == nil {
			continue
		}
		tidy := r.Lang.Tidy(text)
		if crude.MatchString(tidy) && crude.FindString(tidy) == text[at[0]:at[1]] || tidy == text {
			continue // in this language, or in this place, it may be meant so
		}
		r.add(Finding{Code: "typography", Severity: Note, Address: s.Address, Excerpt: excerpt(text, at[0], at[1]), Fix: tidy})
	}
}

// codes are the languages that we can tell apart, by the name that the detector has for them.
var codes = map[lang.Tag]whatlanggo.Lang{
	"de": whatlanggo.Deu, "en": whatlanggo.Eng, "fr": whatlanggo.Fra, "uk": whatlanggo.Ukr, "ru": whatlanggo.Rus,
	"pl": whatlanggo.Pol, "es": whatlanggo.Spa, "it": whatlanggo.Ita, "pt": whatlanggo.Por, "nl": whatlanggo.Nld,
	"cs": whatlanggo.Ces, "ro": whatlanggo.Ron, "hu": whatlanggo.Hun, "sv": whatlanggo.Swe, "da": whatlanggo.Dan,
	"fi": whatlanggo.Fin, "tr": whatlanggo.Tur, "el": whatlanggo.Ell, "bg": whatlanggo.Bul, "sr": whatlanggo.Srp,
	"hr": whatlanggo.Hrv, "ar": whatlanggo.Arb, "he": whatlanggo.Heb, "be": whatlanggo.Bel,
}

// enough is how many letters the detector needs to be trusted with a warning, sample how many bytes
// it is given: more tell it no more.
const (
	enough = 80
	sample = 400
)

// newsLanguages are those in which a paragraph is most likely left or pasted: the interface's.
var newsLanguages = []lang.Tag{"de", "en", "fr", "uk", "ru", "pl"}

// commonest are words of a language that the others of [newsLanguages] hardly have, and ownLetters those
// that it has and its neighbour lacks, with the neighbour's. A text with two of the words, or with such
// letters and none of the neighbour's, is in that language, and needn't be given to the detector, which
// costs a tenth of a millisecond.
var commonest = map[lang.Tag][]string{
	"de": {"der", "die", "das", "und", "ist", "nicht", "mit", "von", "den", "dem", "ein", "eine", "auf", "sich", "wird"},
	"en": {"the", "and", "of", "is", "that", "for", "was", "with", "it", "as", "by", "has", "are", "his"},
	"fr": {"et", "les", "des", "dans", "est", "une", "du", "au", "pour", "qui", "pas", "sur", "avec"},
	"pl": {"się", "że", "nie", "jest", "oraz", "przez", "dla", "ale", "jak", "był", "została", "tym", "od"},
}

var ownLetters = map[lang.Tag][2]string{"ru": {"ыэъё", "іїєґ"}, "uk": {"іїєґ", "ыэъё"}}

// plainly reports whether a text is in the language beyond doubt.
func plainly(l lang.Tag, text string) bool {
	if own, ok := ownLetters[l.Base()]; ok {
		return strings.ContainsAny(text, own[0]) && !strings.ContainsAny(text, own[1])
	}
	words, found := commonest[l.Base()], 0
	for at := range wordPlaces(text) {
		if slices.Contains(words, lowered(text[at[0]:at[1]])) {
			if found++; found == 2 {
				return true
			}
		}
	}
	return false
}

// languageOf warns of a paragraph in another language than the edition's: in a translation the
// original's is the one to fear, and any other that was pasted.
func languageOf(r *run) {
	mine, ok := codes[r.Lang.Base()]
	if !ok {
		return
	}
	only := map[whatlanggo.Lang]bool{mine: true}
	for _, l := range newsLanguages {
		only[codes[l]] = true
	}
	if theirs, ok := codes[r.OriginalLang.Base()]; ok && r.Original != nil {
		only[theirs] = true
	}
	for _, s := range r.segments {
		if s.Field != document.FieldText && s.Field != document.FieldItem && s.Field != document.FieldLead {
			continue
		}
		text := own(s.Text)
		if !hasLetters(text, enough) || plainly(r.Lang, beginning(text, sample)) {
			continue
		}
		info := whatlanggo.DetectWithOptions(beginning(text, sample), whatlanggo.Options{Whitelist: only})
		if info.Lang != mine && info.Lang >= 0 && info.IsReliable() {
			r.add(Finding{Code: "lang_mismatch", Severity: Warn, Address: s.Address, Excerpt: clip(text), Args: []any{"found", lang.Tag(info.Lang.Iso6391())}})
		}
	}
}

// beginning is at most n bytes of s, whole letters.
func beginning(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !startsRune(s[n]) {
		n--
	}
	return s[:n]
}

// hasLetters reports whether there are so many at least.
func hasLetters(s string, least int) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			if least--; least == 0 {
				return true
			}
		}
	}
	return false
}

// sameLetters reports whether two texts differ in case, figures, marks and space only.
func sameLetters(a, b string) bool {
	for {
		x, restA := firstLetter(a)
		y, restB := firstLetter(b)
		if x != y || x == 0 {
			return x == y
		}
		a, b = restA, restB
	}
}

// firstLetter returns the next letter of a text, in its small form, with what follows; or 0.
func firstLetter(s string) (letter rune, rest string) {
	for i, r := range s {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r), s[i+utf8.RuneLen(r):]
		}
	}
	return 0, ""
}
