package page

import (
	"net/url"
	"slices"
	"strings"

	"depesche/internal/document"
	"depesche/internal/lang"
	"depesche/internal/story"
)

// headSources is how many sources the head names.
const headSources = 2

// sourced shows who says so: in the head the first ones by name, below the text all of them.
func (s *Site) sourced(v *Article, f facts) {
	var links []Link
	var seen []string
	for _, src := range f.Story.Sources {
		v.SourceList = append(v.SourceList, s.source(src))
		if name := strings.TrimSpace(src.NameIn(s.Lang)); name != "" && !slices.Contains(seen, name) {
			seen = append(seen, name)
			links = append(links, Link{Text: name, Href: "#" + sourceID(src.ID)})
		}
	}
	if more := len(links) - headSources; more > 0 {
		links = links[:headSources]
		v.Sources = parts(s.t("reader.and_more", "names", strings.Join(placeholders(headSources), ", "), "n", more), links)
		return
	}
	v.Sources = s.listed(links)
}

// sourceNames is what the story's sources are called in the language, by ID.
func sourceNames(st story.Story, l lang.Tag) map[string]string {
	out := make(map[string]string, len(st.Sources))
	for _, src := range st.Sources {
		out[src.ID] = src.NameIn(l)
	}
	return out
}

func sourceID(id string) string { return "source-" + id }

func (s *Site) source(src story.Source) Source {
	text := s.sourceText(src)
	if !document.SafeHref(src.URL) {
		src.URL = ""
	}
	out := Source{ID: sourceID(src.ID), Name: src.NameIn(s.Lang), Title: text.Title, Href: src.URL}
	if src.URL != "" && out.Title == "" {
		out.Title = host(src.URL)
	}
	if src.Lang != "" && src.Lang.Base() != s.Lang.Base() {
		out.Lang, out.InLang = string(src.Lang), s.Words.InLang(src.Lang)
	}
	var facts []string
	if d := s.Lang.ISODate(src.Date); d != "" {
		facts = append(facts, d)
	}
	if text.How != "" {
		facts = append(facts, strings.TrimSuffix(text.How, "."))
	}
	if d := s.Lang.ISODate(src.Accessed); d != "" {
		facts = append(facts, s.t("reader.accessed", "date", d))
	}
	if len(facts) > 0 {
		out.Note = s.Lang.UpperFirst(strings.Join(facts, ", ")) + "."
	}
	if text.Claim != "" {
		out.Note = strings.TrimSpace(out.Note + " " + s.Lang.Closed(text.Claim))
	}
	out.Title, out.Note = s.Lang.Bind(out.Title), s.Lang.Bind(out.Note)
	return out
}

// sourceText is what the site's language says of the source. A title in another language than the
// page's would mislead, so a source without a text here shows its name and link only.
func (s *Site) sourceText(src story.Source) story.SourceText {
	text, _ := src.Texts[s.Lang]
	return text
}

func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}
