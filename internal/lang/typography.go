package lang

import "strings"

// The spaces of typography.
const (
	nbsp   = "\u00a0" // no-break space
	nnbsp  = "\u202f" // narrow no-break space
	joiner = "\u2060" // word joiner: forbids a break, takes no room
)

// Typography is how a language is set: its marks and the spaces around them. The defaults are the
// design guide's table, section 10, and the CLDR's for languages that aren't in it.
type Typography struct {
	// Quotes and Nested are the opening and the closing mark, QuoteSpace stands inside of Quotes.
	Quotes, Nested [2]string
	QuoteSpace     string
	Apostrophe     string
	// Dash is the dash between parts of a sentence with the spaces round it; without Mark dashes are
	// left as they are.
	Dash Dash
	// Range stands between two years.
	Range string
	// Ellipsis says what stands before "…" at the end of a word.
	Ellipsis EllipsisSpace
	// Before is what stands before a mark of punctuation: "" for nothing, a space, or no entry.
	Before map[rune]string
	// Punctuation holds the language's own marks for those of ASCII: "؟" for "?".
	Punctuation map[rune]rune
	// Decimal is the sign before the fraction, Group the one between thousands; numbers with fewer
	// than GroupFrom digits aren't grouped.
	Decimal, Group string
	GroupFrom      int
	// Percent is the pattern of a percentage, {0} for the number.
	Percent string
	// Digits are the ten figures from nought, "" for European ones.
	Digits string
	// Hyphenate says whether text may be hyphenated.
	Hyphenate bool
}

// Dash is a dash and its spaces.
type Dash struct {
	Mark, Before, After string
	// Paired dashes round a phrase have their no-break spaces inside.
	Paired bool
}

// EllipsisSpace is the habit of a language in setting "…".
type EllipsisSpace int

// The habits.
const (
	// EllipsisAsWritten keeps a space that was written, as a no-break one: words are left out there;
	// without space a part of the word is.
	EllipsisAsWritten EllipsisSpace = iota
	// EllipsisClosed takes the space away.
	EllipsisClosed
	// EllipsisOpen has a no-break space before and a space after.
	EllipsisOpen
)

// Typography returns the language's defaults. Its maps are shared: copy them before a change.
func (t Tag) Typography() Typography { return entryOf(t).typography() }

func typographyOf(t Tag) Typography {
	d := dataOf(t)
	ty := Typography{
		Quotes: [2]string{d.Quotes[0], d.Quotes[1]}, Nested: [2]string{d.Quotes[2], d.Quotes[3]},
		Apostrophe: "’", Range: "–", Ellipsis: EllipsisAsWritten,
		Dash:    Dash{Mark: "–", Before: nbsp, After: " "},
		Before:  map[rune]string{',': "", ';': "", ':': "", '!': "", '?': "", '.': ""},
		Decimal: d.Number.Decimal, Group: d.Number.Group, GroupFrom: d.Number.Least + 3,
		Percent: d.Number.Percent, Digits: d.Number.Digits, Hyphenate: hyphenated[string(t.Base())],
	}
	switch t.Script() {
	case "Hans", "Hant", "Jpan", "Kore", "Thai", "Laoo", "Khmr", "Mymr":
		ty.Dash, ty.Before = Dash{}, nil
	case "Arab":
		ty.Punctuation = map[rune]rune{',': '،', ';': '؛', '?': '؟'}
		ty.Before['،'], ty.Before['؛'], ty.Before['؟'] = "", "", ""
	}
	if t.Base() == "es" || t.Base() == "eu" || t.Base() == "gl" {
		ty.Dash = Dash{} // dashes stand tight round a phrase, and only the sense tells its two ends
	}
	if adapt := house[t.Base()]; adapt != nil {
		adapt(&ty)
	}
	if adapt := house[t]; adapt != nil && t.Base() != t {
		adapt(&ty)
	}
	return ty
}

// hyphenated are the languages whose text browsers hyphenate well.
var hyphenated = words("af be bg ca cs cy da de es et eu fi fr ga gl hr hu hy is it ka la lt lv mn nb nl nn pl pt ro ru sk sl sr sv tk tr uk")

// house is the table of the design guide, and what we know of other languages beyond the CLDR.
var house = map[Tag]func(*Typography){
	"de": func(ty *Typography) {
		ty.marks("„“‚‘")
	},
	"de-CH": func(ty *Typography) {
		ty.marks("«»‹›")
		ty.Group = "’"
	},
	"uk": eastSlavic,
	"ru": eastSlavic,
	"be": eastSlavic,
	"en": func(ty *Typography) {
		ty.marks("‘’“”")
		ty.Ellipsis, ty.Hyphenate = EllipsisOpen, false
	},
	"en-US": func(ty *Typography) {
		ty.marks("“”‘’")
		ty.Dash = Dash{Mark: "—"}
	},
	"fr": func(ty *Typography) {
		ty.marks("«»“”")
		ty.QuoteSpace = nnbsp
		ty.Dash.Paired = true
		ty.Range, ty.Ellipsis = "-", EllipsisClosed
		ty.Before[';'], ty.Before['!'], ty.Before['?'], ty.Before[':'] = nnbsp, nnbsp, nnbsp, nbsp
		ty.Group, ty.GroupFrom, ty.Percent = nnbsp, 4, "{0}"+nnbsp+"%"
	},
	"fr-CA": func(ty *Typography) {
		ty.QuoteSpace = nbsp
		ty.Before[';'], ty.Before['!'], ty.Before['?'] = "", "", ""
		ty.Group, ty.Percent = nbsp, "{0}"+nbsp+"%"
	},
	"pl": func(ty *Typography) {
		ty.marks("„”«»")
		ty.Ellipsis = EllipsisClosed
		ty.Group, ty.GroupFrom = nbsp, 5
	},
	"ar": func(ty *Typography) {
		ty.marks("«»“”")
		ty.Ellipsis = EllipsisClosed
		ty.Group, ty.Decimal, ty.GroupFrom, ty.Digits = ",", ".", 5, ""
		ty.Percent = "{0}%"
	},
	"bg": func(ty *Typography) {
		ty.marks("„“’’")
		ty.Nested = [2]string{"’", "’"}
		ty.Ellipsis = EllipsisClosed
	},
	"it": func(ty *Typography) { ty.marks("«»“”"); ty.Ellipsis = EllipsisClosed },
	"cs": func(ty *Typography) { ty.marks("„“‚‘") },
	"sk": func(ty *Typography) { ty.marks("„“‚‘") },
	"es": func(ty *Typography) { ty.marks("«»“”"); ty.Ellipsis = EllipsisClosed; ty.GroupFrom = 5 },
	"pt": func(ty *Typography) { ty.Ellipsis = EllipsisClosed },
	"ca": func(ty *Typography) { ty.Ellipsis = EllipsisClosed },
	"ro": func(ty *Typography) { ty.Ellipsis = EllipsisClosed },
	"el": func(ty *Typography) { ty.Ellipsis = EllipsisClosed },
	"tr": func(ty *Typography) { ty.Ellipsis = EllipsisClosed },
	"he": func(ty *Typography) { ty.Ellipsis = EllipsisClosed },
	"fa": func(ty *Typography) { ty.Ellipsis = EllipsisClosed },
}

func eastSlavic(ty *Typography) {
	ty.marks("«»„“")
	ty.Dash.Mark, ty.Ellipsis = "—", EllipsisClosed
	ty.Group, ty.GroupFrom, ty.Percent = nnbsp, 5, "{0}"+nbsp+"%"
}

// marks sets the quotation marks from four letters: outer pair, nested pair.
func (ty *Typography) marks(four string) {
	m := strings.Split(four, "")
	ty.Quotes, ty.Nested = [2]string{m[0], m[1]}, [2]string{m[2], m[3]}
}

// Quote puts s into the language's quotation marks. It doesn't look for marks within s, see
// [Tag.Tidy] for that.
func (t Tag) Quote(s string) string {
	ty := t.Typography()
	return ty.Quotes[0] + ty.QuoteSpace + s + ty.QuoteSpace + ty.Quotes[1]
}
