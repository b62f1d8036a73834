// Package lang knows languages: their tags, direction and script, how each writes dates, times,
// numbers and lists, its quotation marks and dashes, its plural forms, its order of the alphabet,
// how its words become an address, and the words of our own screens.
//
// The data comes from the Unicode CLDR (folder cldr, written by tools/cldr); where the house's own
// typography differs, typography.go and date.go say so and win. Everything here is pure and safe
// for concurrent use; times are passed in, in the zone they shall be shown in.
package lang

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/language"
)

//go:generate go run ../../tools/cldr -out cldr

// Tag is a canonical BCP 47 language tag: "de", "pt-BR", "zh-Hant". [Parse] makes one from what
// people and other systems write; a constant in the code may be converted.
type Tag string

// longest is the length up to which we take a tag from outside.
const longest = 35

var errTag = errors.New("not a language tag")

// Parse returns the canonical form of s: "UK" is "uk", "iw" is "he", "no" is "nb". Extensions and
// private subtags are refused, since a tag of ours stands in addresses.
func Parse(s string) (Tag, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > longest {
		return "", fmt.Errorf("language %.40q: %w", s, errTag)
	}
	t, err := language.All.Parse(s)
	if err != nil {
		return "", fmt.Errorf("language %q: %w", s, errTag)
	}
	if _, conf := t.Base(); conf == language.No || len(t.Extensions()) > 0 || strings.HasPrefix(t.String(), "und") {
		return "", fmt.Errorf("language %q: %w", s, errTag)
	}
	canonical := t.String()
	if rest, ok := strings.CutPrefix(canonical, "no"); ok && (rest == "" || rest[0] == '-') {
		canonical = "nb" + rest // the library folds both Norwegians' Bokmål into "no"
	}
	return Tag(canonical), nil
}

// String returns the tag as it stands in addresses and lang attributes.
func (t Tag) String() string { return string(t) }

// Base returns the language without script and region: "zh" of "zh-Hant".
func (t Tag) Base() Tag {
	base, _, _ := strings.Cut(string(t), "-")
	return Tag(base)
}

// Script returns the ISO 15924 code of the script the language is written in: "Latn", "Cyrl",
// "Arab", "Hant". A tag that isn't known is taken to be Latin.
func (t Tag) Script() string {
	if e := entries()[t]; e != nil {
		return e.script
	}
	return scriptOf(t)
}

func scriptOf(t Tag) string {
	parsed, err := language.Parse(string(t))
	if err != nil {
		return "Latn"
	}
	script, conf := parsed.Script()
	if conf == language.No || script.String() == "Zzzz" {
		return "Latn"
	}
	return script.String()
}

// Dir returns the direction of the script, "ltr" or "rtl", as the dir attribute wants it.
func (t Tag) Dir() string {
	switch t.Script() {
	case "Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg":
		return "rtl"
	}
	return "ltr"
}

// OwnName returns the language's name in itself with the capital that lists want: "Українська".
func (t Tag) OwnName() string { return t.UpperFirst(t.NameIn(t)) }

// NameIn returns the language's name in the language ui, as it stands within a sentence:
// "Ukrainian" in English, "ukrainien" in French. A language without a name there is called by its
// name in English, and at last by its tag.
func (t Tag) NameIn(ui Tag) string {
	for _, in := range []Tag{ui, "en"} {
		names := dataOf(in).Names
		if n := names[string(t)]; n != "" {
			return n
		}
		if n := names[string(t.Base())]; n != "" {
			return n + variety(t, names)
		}
	}
	return string(t)
}

// variety names the script and the region of t in brackets: " (Österreich)".
func variety(t Tag, names map[string]string) string {
	var parts []string
	for _, part := range strings.Split(string(t), "-")[1:] {
		if n := names["-"+part]; n != "" {
			part = n
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// The sets of font files, see [Tag.FontSet].
const (
	FontLatin      = "latn" // ASCII and Latin-1
	FontLatinExtra = "latx" // latn, and letters as ł, ő, š
	FontCyrillic   = "cyrl" // base and Cyrillic
	FontBase       = "base" // figures and punctuation; the script's own letters come from the system
)

// latinExtra are the languages whose own alphabet goes beyond Latin-1 and is covered by latx.
var latinExtra = words("az bs cs et hr hu ku lt lv mt pl ro sk sl sr tk tr crh szl hsb eo")

// FontSet names the font files an edition in the language needs: [FontLatin], [FontLatinExtra],
// [FontCyrillic] or [FontBase].
func (t Tag) FontSet() string {
	switch t.Script() {
	case "Latn":
		if latinExtra[string(t.Base())] {
			return FontLatinExtra
		}
		return FontLatin
	case "Cyrl":
		return FontCyrillic
	}
	return FontBase
}

// FontSheet names the font sheet for an edition's head: "fonts-latn" or "fonts-base".
func (t Tag) FontSheet() string {
	if t.Script() == "Latn" {
		return "fonts-latn"
	}
	return "fonts-base"
}

// words makes a set of the words in s.
func words(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}
