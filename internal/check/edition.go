package check

import (
	"slices"
	"strings"

	"depesche/internal/document"
)

// Edition returns what is wrong with the edition, the gravest first, then in the order of the text.
func Edition(in Input) []Finding {
	r := newRun(in)
	r.segments = document.Segments(in.Doc)
	if in.Original != nil {
		r.originals = document.Segments(*in.Original)
	}
	for _, look := range asWhole {
		look(r)
	}
	for _, look := range bySegment {
		look(r)
	}
	r.sort()
	return r.findings
}

// asWhole are the checks that look at the edition as one.
var asWhole = []func(*run){whole, sources, attribution, pictures, quotations, embeds, emptyBlocks, story}

// run is one look at an edition, or at a segment of it.
type run struct {
	Input
	segments  []document.Segment // of the edition
	originals []document.Segment // of the original
	findings  []Finding
	tale      *tale
	small     map[inSmall]string
	begins    map[*string]string           // how all forms of a list begin, by its first
	partners  map[document.Address]partner // of the edition's lone quotation marks
	grown     *grown                       // see growth; nil before it was asked
}

func newRun(in Input) *run {
	r := &run{Input: in}
	r.tale = &tale{in: &r.Input, heard: newHearing()}
	return r
}

// sort puts the gravest first, then follows the text. What is in no segment stands before it.
func (r *run) sort() {
	place := make(map[document.Address]int, len(r.segments))
	for i, s := range r.segments {
		place[s.Address] = i + 1
	}
	slices.SortStableFunc(r.findings, func(a, b Finding) int {
		if a.Severity != b.Severity {
			return int(b.Severity) - int(a.Severity)
		}
		return place[a.Address] - place[b.Address]
	})
}

func (r *run) add(f Finding) { r.findings = append(r.findings, f) }

// The groups of [Passed].
var groups = []struct {
	name  string
	codes []string
	made  func(Input) bool
}{
	{"by", []string{"no_author", "no_section"}, always},
	{"sources", []string{"attribution_without_source", "sources_not_referenced", "unknown_source_ref", "source_without_link_or_how"},
		func(in Input) bool { return len(in.Story.Sources) > 0 }},
	{"pictures", []string{"picture_without_alt", "picture_without_credit", "picture_gone"},
		func(in Input) bool { return len(PicturesIn(in.Doc)) > 0 }},
	{"links", []string{"link_bad", "story_link_unknown", "embed_host", "embed_without_title"}, func(in Input) bool { return hasLinks(in.Doc) }},
	{"debris", []string{"placeholder", "template_debris", "markup"}, hasText},
	{"words", []string{"double_word", "mixed_alphabet", "lang_mismatch"}, hasText},
	{"typography", []string{"typography"}, hasText},
	{"complete", []string{"missing_segment", "untranslated", "words_untranslated", "engine_mark", "sentence_missing", "length_short", "length_long", "cut_off", "stale_segment", "stale_fact", "orphan_segment", "rebuilt"}, isTranslation},
	{"names", []string{"name_added", "name_differs", "name_missing", "name_two_ways"}, isTranslation},
	{"quotes", []string{"quote_unclosed", "quotes_differ"}, func(in Input) bool { return isTranslation(in) && hasQuotes(*in.Original) }},
	{"carried", []string{"source_lost", "link_lost", "link_differs", "story_link_lost", "link_added", "mark_lost"}, func(in Input) bool { return isTranslation(in) && hasMarks(*in.Original) }},
	{"negation", []string{"negation_lost", "negation_added"}, isTranslation},
	{"terms", []string{"term_missing", "term_forbidden", "term_forbidden_alone"}, func(in Input) bool { return isTranslation(in) && len(in.Terms) > 0 }},
	{"headline", []string{"headline_number", "headline_name", "headline_surer"}, isTranslation},
	{"numbers", numberCodes, func(in Input) bool { return isTranslation(in) && hasNumbers(*in.Original) }},
}

func always(Input) bool { return true }

func hasText(in Input) bool { return len(document.Segments(in.Doc)) > 0 }

func isTranslation(in Input) bool { return in.Original != nil }

func hasLinks(d document.Doc) bool {
	for _, s := range document.Segments(d) {
		for _, span := range s.Text {
			for _, m := range span.Marks {
				if m.Type == document.Link || m.Type == document.StoryLink {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(d.Blocks, func(b document.Block) bool { return b.Embed != nil })
}

func hasQuotes(d document.Doc) bool {
	return slices.ContainsFunc(document.Segments(d), func(s document.Segment) bool { return quotesIn(s.Text.Plain()).double > 0 })
}

func hasMarks(d document.Doc) bool {
	return slices.ContainsFunc(document.Segments(d), func(s document.Segment) bool { return len(marksOf(s.Text).list) > 0 })
}

func hasNumbers(d document.Doc) bool {
	return slices.ContainsFunc(document.Segments(d), func(s document.Segment) bool {
		return strings.ContainsAny(s.Text.Plain(), "0123456789")
	})
}

// PicturesIn returns all pictures of a document, the one above the text first, those shown for
// embeds with an empty ID.
func PicturesIn(d document.Doc) []document.Picture {
	var out []document.Picture
	if d.Picture != nil {
		out = append(out, *d.Picture)
	}
	eachBlock(d.Blocks, func(b document.Block) {
		out = append(out, b.Pictures...)
		if b.Embed != nil && b.Embed.Media != "" {
			out = append(out, document.Picture{Media: b.Embed.Media})
		}
	})
	return out
}

// StoriesIn returns the IDs of the stories that a document links to.
func StoriesIn(d document.Doc) []string {
	var out []string
	for _, s := range document.Segments(d) {
		for _, span := range s.Text {
			for _, m := range span.Marks {
				if m.Type == document.StoryLink && !slices.Contains(out, m.Story) {
					out = append(out, m.Story)
				}
			}
		}
	}
	return out
}

func eachBlock(blocks []document.Block, fn func(document.Block)) {
	for _, b := range blocks {
		fn(b)
		eachBlock(b.Blocks, fn)
	}
}

// own is the text of a segment in the edition's language: foreign phrases are left out.
func own(in document.Inline) string {
	var b strings.Builder
	for _, s := range in {
		if slices.ContainsFunc(s.Marks, func(m document.Mark) bool { return m.Type == document.Foreign }) {
			b.WriteString(" ")
			continue
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// around is how many characters an excerpt shows on each side of what it is about.
const around = 32

// excerpt returns the bytes from..to of the text with some words round them.
func excerpt(text string, from, to int) string {
	start, end := from, to
	for n := 0; start > 0 && n < around; n++ {
		start--
		for start > 0 && !startsRune(text[start]) {
			start--
		}
	}
	for n := 0; end < len(text) && n < around; n++ {
		end++
		for end < len(text) && !startsRune(text[end]) {
			end++
		}
	}
	out := text[start:end]
	if start > 0 {
		if i := strings.IndexByte(out[:from-start], ' '); i >= 0 {
			out = out[i+1:]
		}
		out = "…" + out
	}
	if end < len(text) {
		if i := strings.LastIndexByte(out, ' '); i >= len(out)-(end-to) {
			out = out[:i]
		}
		out += "…"
	}
	return strings.ReplaceAll(out, "\n", " ")
}

// clip is the beginning of a text, cut between words.
func clip(s string) string {
	const most = 60
	s = strings.ReplaceAll(s, "\n", " ")
	n := 0
	for i := range s {
		if n++; n > most {
			if cut := strings.LastIndexByte(s[:i], ' '); cut > 0 {
				i = cut
			}
			return s[:i] + "…"
		}
	}
	return s
}

func startsRune(b byte) bool { return b&0xC0 != 0x80 }
