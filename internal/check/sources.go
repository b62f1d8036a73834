package check

import (
	"regexp"
	"slices"
	"strings"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// sources looks at the story's sources and at the places that refer to them.
func sources(r *run) {
	known := map[string]bool{}
	for _, src := range r.Story.Sources {
		known[src.ID] = true
		if !src.HasLink && !src.HasHow {
			r.add(Finding{Code: "source_without_link_or_how", Severity: Warn, Args: []any{"name", src.Name}})
		}
	}
	eachBlock(r.Doc.Blocks, func(b document.Block) {
		if b.Source != "" && !known[b.Source] {
			text := b.Text.Plain()
			r.add(Finding{Code: "unknown_source_ref", Severity: Stop, Address: document.Address(string(b.ID) + "/text"), Excerpt: clip(text)})
		}
	})
}

// sourceRefs looks at the marks in the text that refer to sources.
func sourceRefs(r *run) {
	for _, s := range r.segments {
		for _, span := range s.Text {
			for _, m := range span.Marks {
				if m.Type == document.SourceRef && !slices.ContainsFunc(r.Story.Sources, func(src Source) bool { return src.ID == m.Source }) {
					r.add(Finding{Code: "unknown_source_ref", Severity: Stop, Address: s.Address, Excerpt: span.Text, Spot: span.Text})
				}
			}
		}
	}
}

// attribution looks for text that says who says so while the story has no source for it.
//
// A text that passes on what a paper, an agency or an office says can't go out without any source.
// Where persons are quoted it is a warning: they may stand for themselves. If there are sources but
// none is referred to, the reader can't tell which sentence rests on them.
func attribution(r *run) {
	rules, ok := attributions[r.Lang.Base()]
	if !ok {
		return
	}
	refers := refersToSources(r.Doc)
	if len(r.Story.Sources) > 0 && refers {
		return
	}
	var said *Finding
	for _, s := range r.segments {
		if s.Block == "" && s.Field != document.FieldLead && s.Field != document.FieldHeadline || s.Kind == document.Quotation {
			continue
		}
		text := own(s.Text)
		if at := rules.reported.FindStringIndex(text); at != nil {
			f := Finding{Code: "attribution_without_source", Severity: Stop, Address: s.Address, Excerpt: excerpt(text, at[0], at[1])}
			if len(r.Story.Sources) > 0 && r.Entry {
				return // an entry is short: its sources stand right below it
			}
			if len(r.Story.Sources) > 0 {
				f.Code, f.Severity = "sources_not_referenced", Warn
			}
			r.add(f)
			return
		}
		if said != nil || len(r.Story.Sources) > 0 {
			continue
		}
		if at := rules.said.FindStringIndex(text); at != nil {
			said = &Finding{Code: "speech_without_source", Severity: Warn, Address: s.Address, Excerpt: excerpt(text, at[0], at[1])}
		}
	}
	if said != nil {
		r.add(*said)
	}
}

func refersToSources(d document.Doc) bool {
	for _, s := range document.Segments(d) {
		for _, span := range s.Text {
			for _, m := range span.Marks {
				if m.Type == document.SourceRef {
					return true
				}
			}
		}
	}
	found := false
	eachBlock(d.Blocks, func(b document.Block) { found = found || b.Source != "" })
	return found
}

// attributing is how a language says that somebody else says so.
type attributing struct {
	reported *regexp.Regexp // a paper, an agency, an office, "according to"
	said     *regexp.Regexp // a person speaks
}

// phrase makes a pattern of whole words. \b knows ASCII only, so the edges are spelled out.
func phrase(alternatives ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^\p{L}\p{N}])(?:` + strings.Join(alternatives, "|") + `)(?:[^\p{L}\p{N}]|$)`)
}

var attributions = map[lang.Tag]attributing{
	"de": {
		reported: phrase(`[Ll]aut (?:„|\p{Lu}|de[rmn] |eine[rms]? |Angaben|eigenen)\S*`, `zufolge`, `[Nn]ach (?:eigenen )?Angaben`, `[Uu]nter Berufung auf`,
			`[Nn]ach (?:Informationen|Darstellung|Einschätzung) (?:von|de[rs]|eine[rs])`, `(?:berichtet|berichtete|berichteten|meldet|meldete|meldeten|schreibt|schrieb) (?:„|\p{Lu}|die|der|das|am|eine?)\S*`),
		said: phrase(`sagte[n]?`, `erklärte[n]?`, `betonte[n]?`, `so (?:der|die|das) \p{Lu}\S+`, `teilte[n]? .{1,60} mit`, `kündigte[n]? .{1,60} an`),
	},
	"en": {
		reported: phrase(`[Aa]ccording to`, `reported(?: on)? (?:that|by|\p{Lu}\S+)`, `\p{Lu}\S+ (?:reports|reported|writes|wrote)`, `[Cc]iting (?:its|sources|the|an?|officials|\p{Lu}\S+)`, `[Ss]ources (?:told|said)`),
		said:     phrase(`said`, `says`, `told`, `stated`, `announced`),
	},
	"uk": {
		reported: phrase(`[Зз]а (?:даними|словами|інформацією|повідомленням(?:и)?|оцінк(?:ою|ами))`, `[Яя]к (?:повідомля(?:є|ють|ла|в|ли)|пише|пишуть|передає|передають)`,
			`[Пп]ро це (?:повідомля(?:є|ють)|повідоми(?:в|ла|ли|ло)|пише|пишуть|написа(?:в|ла|ли)|йдеться)`, `[Зз] посиланням на`, `[Пп]осилаючись на`, `[Зз]гідно з (?:даними|повідомлення(?:м|ми)|інформацією)`,
			`(?:пише|повідомляє|передає) (?:«|\p{Lu})\S*`),
		said: phrase(`сказа(?:в|ла|ли)`, `заяви(?:в|ла|ли)`, `зазначи(?:в|ла|ли)`, `наголоси(?:в|ла|ли)`, `повідоми(?:в|ла|ли)`, `розпові(?:в|ла|ли)`),
	},
	"ru": {
		reported: phrase(`[Пп]о (?:данным|словам|информации|сообщени(?:ю|ям)|оценк(?:е|ам))`, `[Кк]ак (?:сообща(?:ет|ют|л|ла|ли)|пишет|пишут|передает|передаёт)`,
			`[Оо]б этом (?:сообща(?:ет|ют)|сообщи(?:л|ла|ли|ло)|пишет|пишут|написа(?:л|ла|ли)|говорится)`, `[Сс]о ссылкой на`, `[Сс]огласно (?:данным|сообщени(?:ю|ям)|информации)`,
			`(?:пишет|сообщает|передает|передаёт) (?:«|\p{Lu})\S*`),
		said: phrase(`сказа(?:л|ла|ли)`, `заяви(?:л|ла|ли)`, `отмети(?:л|ла|ли)`, `подчеркну(?:л|ла|ли)`, `сообщи(?:л|ла|ли)`, `рассказа(?:л|ла|ли)`),
	},
	"fr": {
		reported: phrase(`[Ss]elon`, `[Dd][’']après (?:les?|la|l[’']|des?|un|une|\p{Lu})\S*`, `[Cc]itant (?:ses|des|les?|la|une?)`, `(?:rapporte|rapportent|rapportait|indique|écrit|écrivait|révèle) (?:«|\p{Lu}|les?|la|l[’'])\S*`, `[Ss]ur la foi de`),
		said:     phrase(`a (?:déclaré|dit|affirmé|expliqué|annoncé|souligné)`, `ont (?:déclaré|dit|affirmé|expliqué|annoncé)`, `a-t-(?:il|elle) (?:dit|déclaré|affirmé|expliqué)`),
	},
	"pl": {
		reported: phrase(`[Ww]edług (?:„|\p{Lu}|danych|informacji|źródeł|gazety|agencji|władz|doniesień|dziennika)\S*`, `[Jj]ak (?:podaje|podają|informuje|informują|donosi|donoszą|pisze|piszą|podał[ay]?|poinformował[ay]?)`,
			`[Pp]owołując się na`, `[Zz] powołaniem na`, `(?:podaje|donosi|pisze|informuje) (?:„|\p{Lu})\S*`),
		said: phrase(`powiedział[ay]?`, `powiedzieli`, `oświadczył[ay]?`, `oświadczyli`, `zaznaczył[ay]?`, `poinformował[ay]?`, `poinformowali`, `podkreślił[ay]?`),
	},
}
