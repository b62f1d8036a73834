package check

import (
	"regexp"
	"slices"
	"strings"

	"depesche/internal/lang"
)

// placeholders are texts that stand for one that somebody meant to write or a machine to put in.
var placeholders = regexp.MustCompile(`(?i)spot_img|\blorem ipsum\b|\bdolor sit amet\b|\bTKTK\b|\bTK TK\b|\bblindtext\b|\bFIXME\b|\bplaceholder text\b|\bYour (?:text|headline) here\b|\bEnter (?:text|title|headline) here\b|\bclick here to (?:add|edit) text\b|\bXXXX+\b|\bHier (?:Text|Titel) einf[üu]gen\b|введіть текст|введите текст|\[(?:headline|image|picture|bild|foto|photo|text|titel|title|insert[^\]]*|placeholder|платзаповнювач)\]`)

// hints are parts of the placeholders, in small letters: a text with none of them has none. Looking for
// the patterns costs ten times as much as looking for these.
var hints = []string{"spot_img", "lorem", "dolor sit", "tktk", "tk tk", "blindtext", "fixme", "placeholder", "text here", "line here", "title here", "click here", "xxxx", "einfügen", "einfugen", "введіть", "введите", "["}

// todo is a note to oneself; in languages with the word "todo" only with a colon.
var (
	todo       = regexp.MustCompile(`\bTODO\b`)
	todoColon  = regexp.MustCompile(`\bTODO:`)
	todoSpeaks = []lang.Tag{"es", "pt", "gl", "it", "ca"}
)

// templates are what is left of a template or of another system's code, for certain: fields that weren't
// filled, shortcodes, and a mark of our own plain-text form that was torn apart by typing. Brackets with
// plain words in them are people's.
var templates = regexp.MustCompile(`\{\{[^{}]*\}\}|\{[A-Za-z_]+\.[A-Za-z_.]+\}|⟦[^⟧]*⟧|\x{E000}|__[A-Z]{2,}(?:_[A-Z0-9]+)*__|%(?:[0-9]\$)?[sd]\b|<<[A-Z_]+>>|\bundefined undefined\b|\bNaN (?:min|%)|\{%[^%]*%\}|%%[a-zA-Z_]+%%|\[object Object\]|\(<?(?:source|story|lang):[0-9A-Za-z-]+(?: [a-z]+(?::[0-9A-Za-z-]+)?)*>?\)` +
	`|\[/[a-z][a-z0-9_-]*\]|\[[a-z][a-z0-9_-]*(?:\s+[a-z][a-z0-9_-]*=(?:"[^"]*"|'[^']*'|[^\s\]]+))+\s*/?\]|\[(?:caption|gallery|embed|audio|video|playlist|vc_|et_pb_|fusion_|su_|contact-form|wp_|td_|newsletter|advert|ad|ads)[a-z0-9_-]*(?:\s[^\]]*)?\]`)

// markup is what a machine leaves, but also what a story about web pages and programs tells of: tags,
// entities, variables.
var markup = regexp.MustCompile(`<%|\$\{[^{}]*\}` +
	`|</?(?:p|br|div|span|strong|em|a|b|i|h[1-6]|img|iframe|script|li|ul|ol|blockquote)(?:\s[^<>]*)?/?>|&(?:nbsp|amp|quot|lt|gt|apos|laquo|raquo|mdash|ndash|hellip|shy|rsquo|lsquo|rdquo|ldquo|euro|copy|#[0-9]{2,5}|#x[0-9a-fA-F]{2,5});`)

// debris looks for what was never meant to be read.
func debris(r *run) {
	note := todo
	if slices.Contains(todoSpeaks, r.Lang.Base()) {
		note = todoColon
	}
	for _, s := range r.segments {
		text := s.Text.Plain()
		if at := placeholder(text, r.tale.spoken(r.Lang, text).lower, note); at != nil {
			r.add(Finding{Code: "placeholder", Severity: Stop, Address: s.Address, Excerpt: excerpt(text, at[0], at[1]), Args: []any{"text", text[at[0]:at[1]]}})
		}
		if !strings.ContainsAny(text, "{[<&%$(⟦\uE000_") && !strings.Contains(text, "undefined") && !strings.Contains(text, "NaN") {
			continue
		}
		if at := markup.FindStringIndex(text); at != nil {
			r.add(Finding{Code: "markup", Severity: Warn, Address: s.Address, Excerpt: excerpt(text, at[0], at[1]), Args: []any{"text", text[at[0]:at[1]]}})
		}
		if at := templates.FindStringIndex(text); at != nil {
			r.add(Finding{Code: "template_debris", Severity: Stop, Address: s.Address, Excerpt: excerpt(text, at[0], at[1]), Args: []any{"text", text[at[0]:at[1]]}})
		}
	}
}

// placeholder returns where one stands in the text, or nil. small is the text in small letters.
func placeholder(text, small string, note *regexp.Regexp) []int {
	if slices.ContainsFunc(hints, func(h string) bool { return strings.Contains(small, h) }) {
		if at := placeholders.FindStringIndex(text); at != nil {
			return at
		}
	}
	if strings.Contains(text, "TODO") {
		return note.FindStringIndex(text)
	}
	return nil
}
