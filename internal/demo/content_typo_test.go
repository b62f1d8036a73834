package demo

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// typos are what each language's typography never has; see the design guide's table. \xa0 is the
// no-break space, \x{202f} the narrow one; \s means neither.
var typos = map[string][]*regexp.Regexp{
	"": rules(`["']`, `\.\.\.`, `--`, `\s\s`, `\xa0\s|\s\xa0|\x{202f}\s|\s\x{202f}`, `\s[,.](\s|$)`, `\pL\s-\s`, `\s[–—]\s`, `\d\s[%€]`, `\s$`),
	"de": rules(`[«»”—]`, `’(\s|$)`, `[\s\xa0\x{202f}][;:!?]`, `(^|[^-\d])\d{5}`,
		`\d\s(Uhr|Prozent|Euro|Millionen|Milliarden|Meter|Kilometer|Minuten|Hrywnja|°C)`,
		`\d\.\s(Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)`),
	"uk": rules(`[“‘]`, `(^|[^\pL’])[вузійаоВУЗІЙАО]\s`, `[\s\xa0\x{202f}][;:!?]`, `(^|[^-\d])\d{5}`, `[ыэъё]`,
		`\d\s(млн|млрд|грн|°C)`, `(млн|млрд)\s(грн|євро|доларів)`,
		`\d\s(січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня)`),
	"en": rules(`[„«»—]`, `[\s\xa0\x{202f}][;:!?]`, `\d[\xa0\x{202f}]%`, `(^|[^-\d])\d{5}`,
		`\d\s(million|billion|kilometres|metres|minutes|°C)`,
		`\d\s(January|February|March|April|May|June|July|August|September|October|November|December)`),
	"fr": rules(`[„“”—]`, `«[^\x{202f}]`, `[^\x{202f}]»`, `[^\x{202f}][;!?](\s|$)`, `[^\xa0]:(\s|$)`, `(^|[^-\d])\d{5}`, `\bM\.\s`,
		`\d\s(h|millions|milliards|euros|kilomètres|minutes|°C)`,
		`\d\s(janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)`),
}

func rules(patterns ...string) []*regexp.Regexp {
	out := make([]*regexp.Regexp, len(patterns))
	for i, p := range patterns {
		out[i] = regexp.MustCompile(p)
	}
	return out
}

func TestTypography(t *testing.T) {
	c := content(t)
	look := func(where, lang, text string) {
		t.Helper()
		for line := range strings.Lines(text) {
			for _, r := range slices.Concat(typos[""], typos[lang]) {
				if m := r.FindString(strings.TrimSuffix(line, "\n")); m != "" {
					t.Errorf("%s in %s: %q (%s) in %q", where, lang, m, r, line)
				}
			}
		}
	}
	texts := func(where string, x Text) {
		for lang, s := range x {
			look(where, lang, s)
		}
	}
	for _, s := range c.Stories {
		for lang, ed := range s.Editions {
			look(s.Key, lang, all(textOf(t, ed)))
			look(s.Key, lang, ed.Teaser)
			look(s.Key, lang, ed.Alt)
			look(s.Key, lang, ed.WithdrawnWhy)
		}
		for _, src := range s.Sources {
			texts(s.Key+", source "+src.ID, src.Names)
			texts(s.Key+", source "+src.ID, src.Title)
			texts(s.Key+", source "+src.ID, src.Claim)
			texts(s.Key+", source "+src.ID, src.How)
		}
		for _, cor := range s.Corrections {
			texts(s.Key+", correction", cor.Texts)
		}
	}
	for _, p := range c.Pages {
		for lang, body := range p.Body {
			look("page "+p.Key, lang, all(textOf(t, Edition{Body: body})))
		}
	}
	for _, p := range c.Pictures {
		texts("picture "+p.Key, p.Alt)
		texts("picture "+p.Key, p.Credit)
	}
	for _, list := range [][]Named{c.Paper.Sections, c.Paper.Topics, c.Paper.Authors} {
		for _, n := range list {
			texts(n.Key, n.Name)
			texts(n.Key, n.About)
		}
	}
}
