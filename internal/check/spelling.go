package check

import (
	"regexp"
	"strings"
	"unicode"

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

// languageOf warns of a paragraph in another language than the edition's. In a translation the
// original's is the one to fear; in an original any of those we know.
func languageOf(r *run) {
	mine, ok := codes[r.Lang.Base()]
	if !ok {
		return
	}
	only := map[whatlanggo.Lang]bool{mine: true}
	if r.Original != nil {
		if theirs, ok := codes[r.OriginalLang.Base()]; ok {
			only[theirs] = true
		}
	} else {
		for _, l := range []lang.Tag{"de", "en", "fr", "uk", "ru", "pl"} {
			only[codes[l]] = true
		}
	}
	// Where the two languages have letters of their own, these tell the language without the detector.
	alike := r.Original == nil || r.Lang.Script() == r.OriginalLang.Script()
	for _, s := range r.segments {
		if s.Field != document.FieldText && s.Field != document.FieldItem && s.Field != document.FieldLead {
			continue
		}
		text := own(s.Text)
		if letters(text) < enough || !alike && ownScript(r.Lang, text) {
			continue
		}
		info := whatlanggo.DetectWithOptions(beginning(text, sample), whatlanggo.Options{Whitelist: only})
		if info.Lang != mine && info.Lang >= 0 && info.IsReliable() {
			r.add(Finding{Code: "lang_mismatch", Severity: Warn, Address: s.Address, Excerpt: clip(text), Args: []any{"found", lang.Tag(info.Lang.Iso6391())}})
		}
	}
}

// ownScript reports whether nearly all letters of the beginning are those of the language's script.
func ownScript(l lang.Tag, text string) bool {
	table := map[string]*unicode.RangeTable{"Latn": unicode.Latin, "Cyrl": unicode.Cyrillic}[l.Script()]
	if table == nil {
		return false
	}
	mine, all := 0, 0
	for _, r := range beginning(text, sample) {
		if unicode.IsLetter(r) {
			all++
			if unicode.Is(table, r) {
				mine++
			}
		}
	}
	return mine*10 > all*7
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

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// folded is a text for comparing: without case, figures, marks and space.
func folded(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
