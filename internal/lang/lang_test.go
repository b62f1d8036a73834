package lang

import (
	"slices"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]Tag{
		"de": "de", "DE": "de", "uk": "uk", "pt-br": "pt-BR", "pt_BR": "pt-BR", "zh-hant": "zh-Hant", "zh-TW": "zh-TW",
		"iw": "he", "in": "id", "no": "nb", "sr-latn": "sr-Latn", " fr ": "fr", "deu": "de", "es-419": "es-419", "cmn": "zh", "tl": "fil",
	} {
		if got, err := Parse(in); err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", "und", "x-klingon", "de-u-co-phonebk", "de-x-private", "english", "d", "de--at", "de/../..", "de\x00", "🇩🇪", strings.Repeat("de-", 20), "i-default", "root", "*"} {
		if got, err := Parse(in); err == nil {
			t.Errorf("Parse(%q) = %q, want an error", in, got)
		}
	}
}

func TestParseIsCanonical(t *testing.T) {
	for _, l := range Known() {
		if got, err := Parse(string(l)); err != nil || got != l {
			t.Errorf("Parse(%q) = %q, %v", l, got, err)
		}
	}
}

func TestTag(t *testing.T) {
	for _, tt := range []struct {
		tag                          Tag
		base                         Tag
		script, dir, own, fonts, css string
	}{
		{"de", "de", "Latn", "ltr", "Deutsch", "latn", "fonts-latn"},
		{"uk", "uk", "Cyrl", "ltr", "Українська", "cyrl", "fonts-base"},
		{"en", "en", "Latn", "ltr", "English", "latn", "fonts-latn"},
		{"fr", "fr", "Latn", "ltr", "Français", "latn", "fonts-latn"},
		{"pl", "pl", "Latn", "ltr", "Polski", "latx", "fonts-latn"},
		{"ru", "ru", "Cyrl", "ltr", "Русский", "cyrl", "fonts-base"},
		{"ar", "ar", "Arab", "rtl", "العربية", "base", "fonts-base"},
		{"he", "he", "Hebr", "rtl", "עברית", "base", "fonts-base"},
		{"fa", "fa", "Arab", "rtl", "فارسی", "base", "fonts-base"},
		{"el", "el", "Grek", "ltr", "Ελληνικά", "base", "fonts-base"},
		{"ka", "ka", "Geor", "ltr", "ქართული", "base", "fonts-base"},
		{"sr", "sr", "Cyrl", "ltr", "Српски", "cyrl", "fonts-base"},
		{"sr-Latn", "sr", "Latn", "ltr", "Srpski (latinica)", "latx", "fonts-latn"},
		{"zh", "zh", "Hans", "ltr", "中文", "base", "fonts-base"},
		{"zh-TW", "zh", "Hant", "ltr", "中文 (台灣)", "base", "fonts-base"},
		{"pt-BR", "pt", "Latn", "ltr", "Português (Brasil)", "latn", "fonts-latn"},
		{"az-Arab", "az", "Arab", "rtl", "Azərbaycan (ərəb)", "base", "fonts-base"},
		{"qqx", "qqx", "Latn", "ltr", "Qqx", "latn", "fonts-latn"},
	} {
		got := []string{string(tt.tag.Base()), tt.tag.Script(), tt.tag.Dir(), tt.tag.OwnName(), tt.tag.FontSet(), tt.tag.FontSheet()}
		want := []string{string(tt.base), tt.script, tt.dir, tt.own, tt.fonts, tt.css}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.tag, got, want)
		}
	}
}

func TestNameIn(t *testing.T) {
	for _, tt := range []struct {
		tag, ui Tag
		want    string
	}{
		{"uk", "en", "Ukrainian"}, {"uk", "de", "Ukrainisch"}, {"uk", "fr", "ukrainien"}, {"uk", "pl", "ukraiński"},
		{"de", "uk", "німецька"}, {"de-AT", "de", "Österreichisches Deutsch"}, {"de-LI", "de", "Deutsch (Liechtenstein)"},
		{"pt-BR", "de", "Portugiesisch (Brasilien)"}, {"en", "qqx", "English"}, {"qqx", "de", "qqx"}, {"zh-Hant", "en", "Traditional Chinese"},
	} {
		if got := tt.tag.NameIn(tt.ui); got != tt.want {
			t.Errorf("%s in %s: %q, want %q", tt.tag, tt.ui, got, tt.want)
		}
	}
}

// Each language we have data for can be named, written and set, whatever it is asked.
func TestEveryLanguageIsWhole(t *testing.T) {
	needed := strings.Fields("de uk en fr pl ru be bg cs sk sl hr sr bs mk sq ro hu el tr az kk ka hy he ar fa ur hi bn ta th vi id ms zh zh-Hant ja ko es pt it ca nl sv da nb fi is et lv lt ga mt")
	for _, l := range needed {
		if !slices.Contains(Known(), Tag(l)) {
			t.Errorf("no data for %s", l)
		}
	}
	for _, l := range Known() {
		d, ty := dataOf(l), l.Typography()
		if len(d.Months) != 12 || len(d.Days) != 7 || slices.Contains(d.Months, "") || slices.Contains(d.Days, "") {
			t.Errorf("%s: months %q, days %q", l, d.Months, d.Days)
		}
		for name, p := range d.Lists {
			if !strings.Contains(p, "{0}") || !strings.Contains(p, "{1}") {
				t.Errorf("%s: list pattern %s is %q", l, name, p)
			}
		}
		if ty.Quotes[0] == "" || ty.Nested[1] == "" || ty.Decimal == "" || ty.Group == "" || ty.GroupFrom < 4 || !strings.Contains(ty.Percent, "{0}") {
			t.Errorf("%s: %+v", l, ty)
		}
		for _, form := range []string{"now", "today", "yesterday", "minutes"} {
			if d.Relative[form]["other"] == "" {
				t.Errorf("%s: no word for %s", l, form)
			}
		}
		if l.OwnName() == string(l) || l.NameIn("en") == string(l) {
			t.Errorf("%s has no name", l)
		}
	}
}

func TestNearest(t *testing.T) {
	for in, want := range map[Tag]Tag{
		"de": "de", "de-LI": "de", "de-AT": "de-AT", "zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "zh-CN": "zh", "sr-ME": "sr-Latn", "sr-Latn-RS": "sr-Latn",
		"es-AR": "es-419", "es-ES": "es", "en-GB": "en", "en-PH": "en-US", "pt-AO": "pt", "crh": "tr", "qqx": "en", "": "en", "no": "nb", "uk-UA": "uk",
	} {
		if got := nearest(in); got != want {
			t.Errorf("nearest(%s) = %s, want %s", in, got, want)
		}
	}
}

func TestMatch(t *testing.T) {
	paper := []Tag{"de", "uk", "en", "fr"}
	for _, tt := range []struct {
		accept  string
		offered []Tag
		want    Tag
	}{
		{"", paper, "uk"},
		{"*", paper, "uk"},
		{"de-AT,de;q=0.9,en;q=0.8", paper, "de"},
		{"pl,en;q=0.8", paper, "en"},
		{"be,ru;q=0.9", paper, "uk"},
		{"fr;q=0, en", paper, "en"},
		{"en;q=0.5, fr;q=0.9", paper, "fr"},
		{"UK", paper, "uk"},
		{"zh-TW,zh;q=0.9", []Tag{"zh", "zh-Hant"}, "zh-Hant"},
		{"zh-CN", []Tag{"zh-Hant", "zh"}, "zh"},
		{"pt", []Tag{"pt-PT", "pt-BR"}, "pt-BR"},
		{"no", []Tag{"en", "nb"}, "nb"},
		{"sh", []Tag{"sr", "en"}, "sr"},
		{"iw", []Tag{"he"}, "he"},
		{"rubbish;;;q=x,,,", paper, "uk"},
		{strings.Repeat("pl,", 1000) + "de", paper, "uk"},
		{"de", nil, "uk"},
	} {
		if got := Match(tt.accept, tt.offered, "uk"); got != tt.want {
			t.Errorf("Match(%.40q, %s) = %s, want %s", tt.accept, tt.offered, got, tt.want)
		}
	}
}

func TestUpperFirst(t *testing.T) {
	for _, tt := range []struct {
		lang     Tag
		in, want string
	}{
		{"de", "heute", "Heute"}, {"de", "„ja“", "„Ja“"}, {"de", "12 bäume", "12 bäume"}, {"de", "", ""}, {"de", "…", "…"},
		{"uk", "їжак", "Їжак"}, {"tr", "istanbul", "İstanbul"}, {"tr", "ısparta", "Isparta"}, {"nl", "ijsland", "IJsland"},
		{"ka", "ქართული", "ქართული"}, {"ar", "اليوم", "اليوم"}, {"hr", "ǆep", "ǅep"}, {"de", "ßa", "ßa"},
	} {
		if got := tt.lang.UpperFirst(tt.in); got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.lang, tt.in, got, tt.want)
		}
	}
	if got := Tag("tr").Lower("ISPARTA İL"); got != "ısparta il" {
		t.Errorf("Lower: %q", got)
	}
}
