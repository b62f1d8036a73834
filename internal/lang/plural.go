package lang

import (
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"
)

// plurals tells which plural form a number takes in one language. go-i18n has the CLDR's rules but
// keeps them to itself, so we let it translate a message whose forms are the categories' names.
// The forms of the small numbers, which are nearly all that occur, are asked for once.
type plurals struct {
	localizer *i18n.Localizer
	small     [200]string
}

func pluralsOf(t Tag) *plurals {
	parsed := language.Make(string(t))
	b := i18n.NewBundle(parsed)
	m := &i18n.Message{ID: "form", Zero: "zero", One: "one", Two: "two", Few: "few", Many: "many", Other: "other"}
	if err := b.AddMessages(parsed, m); err != nil {
		return &plurals{} // a language whose rules go-i18n lacks has "other" only
	}
	p := &plurals{localizer: i18n.NewLocalizer(b, string(t))}
	for n := range p.small {
		p.small[n] = p.ask(int64(n))
	}
	return p
}

// form returns the category of n: "one", "few", "other".
func (p *plurals) form(n int64) string {
	n = max(n, -n)
	if n >= 0 && n < int64(len(p.small)) && p.small[n] != "" {
		return p.small[n]
	}
	return p.ask(n)
}

func (p *plurals) ask(n int64) string {
	if p.localizer == nil {
		return "other"
	}
	s, err := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: "form", PluralCount: n, TemplateParser: template.IdentityParser{}})
	if err != nil {
		return "other"
	}
	return s
}

// Plural returns the CLDR category of the whole number n in the language: "one", "few", "many",
// "other" and, where the language has them, "zero" and "two".
func (t Tag) Plural(n int64) string { return entryOf(t).plural().form(n) }

// Plurals returns the categories that whole numbers up to a thousand take in the language.
func (t Tag) Plurals() map[string]bool {
	out := map[string]bool{}
	for n := range int64(200) {
		out[t.Plural(n)] = true
	}
	out[t.Plural(1000)] = true
	return out
}
