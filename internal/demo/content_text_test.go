package demo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
)

// textOf reads an edition's document.
func textOf(t *testing.T, ed Edition) document.Doc {
	t.Helper()
	picture := ""
	if ed.Caption != "" {
		picture = "m"
	}
	d, err := ed.Doc(picture)
	if err != nil {
		t.Fatal(err)
	}
	if err := document.Validate(d); err != nil {
		t.Fatal(err)
	}
	return d
}

// shape is what is the same in all languages: kinds, levels, counts, pictures, sources and IDs.
func shape(blocks []document.Block) []string {
	var out []string
	for _, b := range blocks {
		s := fmt.Sprintf("%s %s %d %v", b.ID, b.Kind, b.Level, b.Ordered)
		for _, it := range b.Items {
			s += fmt.Sprintf(" item %s", it.ID)
		}
		for _, r := range b.Rows {
			s += fmt.Sprintf(" row %s of %d", r.ID, len(r.Cells))
		}
		for _, p := range b.Pictures {
			s += fmt.Sprintf(" picture %s %s", p.ID, p.Media)
		}
		if b.Kind == document.Quotation {
			s += " by " + b.Source
		}
		if b.Embed != nil {
			s += " " + b.Embed.URL
		}
		out = append(out, s)
		out = append(out, shape(b.Blocks)...)
	}
	return out
}

func TestTranslationsAreParallel(t *testing.T) {
	for _, s := range content(t).Stories {
		original := textOf(t, s.Editions[s.Original])
		for lang, ed := range s.Editions {
			t.Run(s.Key+"/"+lang, func(t *testing.T) {
				d := textOf(t, ed)
				if diff := cmp.Diff(shape(original.Blocks), shape(d.Blocks)); diff != "" {
					t.Errorf("blocks differ from the original's (-original +%s):\n%s", lang, diff)
				}
				if (original.Teaser == "") != (d.Teaser == "") && ed.State == "published" {
					t.Errorf("only one of the two has a teaser")
				}
				if diff := cmp.Diff(numbers(all(original)), numbers(all(d))); diff != "" {
					t.Errorf("figures differ from the original's (-original +%s):\n%s", lang, diff)
				}
			})
		}
	}
}

// inlines are all texts with marks of the document.
func inlines(d document.Doc) []document.Inline {
	out := []document.Inline{d.Lead}
	if d.Picture != nil {
		out = append(out, d.Picture.Caption)
	}
	var walk func([]document.Block)
	walk = func(blocks []document.Block) {
		for _, b := range blocks {
			out = append(out, b.Text)
			for _, it := range b.Items {
				out = append(out, it.Text)
			}
			for _, r := range b.Rows {
				for _, c := range r.Cells {
					out = append(out, c.Text)
				}
			}
			for _, p := range b.Pictures {
				out = append(out, p.Caption)
			}
			walk(b.Blocks)
		}
	}
	walk(d.Blocks)
	return out
}

// all is the document's whole text, a segment a line.
func all(d document.Doc) string {
	lines := []string{d.Kicker, d.Headline}
	for _, in := range inlines(d) {
		var b strings.Builder
		for _, s := range in {
			b.WriteString(s.Text)
		}
		lines = append(lines, b.String())
	}
	for _, b := range d.Blocks {
		lines = append(lines, b.Title, b.Speaker)
		if b.Embed != nil {
			lines = append(lines, b.Embed.Title)
		}
	}
	return strings.Join(lines, "\n")
}

var (
	thousands = regexp.MustCompile("(\\d)[.,\u202f\u00a0](\\d{3})\\b")
	halfHour  = regexp.MustCompile("(\\d)(:|\u00a0h\u00a0)(\\d\\d)")
	shortSpan = regexp.MustCompile(`\b(\d\d)(\d\d)–(\d\d)\b`)
	figure    = regexp.MustCompile(`\d+([.,]\d+)?`)
)

// numbers are the figures of a text, whatever a language puts between them.
func numbers(s string) []string {
	s = halfHour.ReplaceAllString(s, "$1 $3")
	s = shortSpan.ReplaceAllString(s, "$1$2 $1$3")
	s = thousands.ReplaceAllString(s, "$1$2")
	var out []string
	for _, n := range figure.FindAllString(s, -1) {
		out = append(out, strings.Replace(n, ",", ".", 1))
	}
	slices.Sort(out)
	return out
}

func TestReferencesLead(t *testing.T) {
	c := content(t)
	stories := map[string]Story{}
	for _, s := range c.Stories {
		stories[s.Key] = s
	}
	for _, s := range c.Stories {
		for lang, ed := range s.Editions {
			t.Run(s.Key+"/"+lang, func(t *testing.T) {
				d := textOf(t, ed)
				used := map[string]bool{}
				for _, in := range inlines(d) {
					for _, span := range in {
						for _, m := range span.Marks {
							switch m.Type {
							case document.SourceRef:
								used[m.Source] = true
							case document.StoryLink:
								checkLink(t, s, stories[m.Story], m.Story, lang)
							case document.Foreign:
								if m.Lang == lang {
									t.Errorf("%q is said to be foreign in its own language", span.Text)
								}
							}
						}
					}
				}
				for _, b := range d.Blocks {
					checkBlock(t, c, b, lang)
					if b.Source != "" {
						used[b.Source] = true
					}
				}
				for id := range used {
					if !slices.ContainsFunc(s.Sources, func(src Source) bool { return src.ID == id }) {
						t.Errorf("no source %q", id)
					}
				}
				for _, src := range s.Sources {
					if !used[src.ID] {
						t.Errorf("source %q isn't referred to", src.ID)
					}
				}
				if len(s.Sources) == 0 && ed.State != "draft" {
					t.Errorf("no source")
				}
			})
		}
	}
}

// checkLink requires that a story links to one that readers of the language can read, and that was
// out when it was written.
func checkLink(t *testing.T, from, to Story, key, lang string) {
	t.Helper()
	if to.Key == "" {
		t.Errorf("no story %q", key)
		return
	}
	if to.Editions[lang].State != "published" {
		t.Errorf("%s is not published in %s", key, lang)
	}
	if to.Timeless && !from.Timeless {
		t.Errorf("%s is timeless and may come out later", key)
	}
	if !from.Published.IsZero() && to.Timeless == from.Timeless && !to.Published.At(from.Published.fixed).Before(from.Published.At(to.Published.fixed)) {
		t.Errorf("%s came out later", key)
	}
}

func checkBlock(t *testing.T, c Content, b document.Block, lang string) {
	t.Helper()
	switch b.Kind {
	case document.Quotation:
		if b.Speaker == "" || b.Source == "" || (b.Original == "") != (b.OriginalLang == "") {
			t.Errorf("quotation %q lacks its speaker, source or the language of its wording", document.Text(b.Speaker))
		}
		if b.OriginalLang == lang {
			t.Errorf("a quotation's original wording is in the edition's own language, so it is the text")
		}
	case document.Embed:
		host, _, _ := strings.Cut(strings.TrimPrefix(b.Embed.URL, "https://"), "/")
		if !slices.Contains(c.Paper.EmbedHosts, host) || b.Embed.Title == "" {
			t.Errorf("embed of %s with the title %q", b.Embed.URL, b.Embed.Title)
		}
	case document.FactBox:
		if b.Title == "" {
			t.Errorf("a fact box without a title")
		}
	}
	for _, p := range b.Pictures {
		if !slices.ContainsFunc(c.Pictures, func(x Picture) bool { return x.Key == p.Media }) || p.Alt == "" || len(p.Caption) == 0 {
			t.Errorf("picture %q: not in the library, or without alternative text or caption", p.Media)
		}
	}
}

// TestWasWrong holds that what is corrected was really wrong before, once, and isn't any more.
func TestWasWrong(t *testing.T) {
	corrections := 0
	for _, s := range content(t).Stories {
		corrections += len(s.Corrections)
		for _, c := range s.Corrections {
			for lang, pairs := range c.Was {
				e, first := s.Editions[lang], s.First(lang)
				now, before := e.Headline+"\n"+e.Lead+"\n"+e.Body, first.Headline+"\n"+first.Lead+"\n"+first.Body
				for right, wrong := range pairs {
					if strings.Count(now, right) != 1 || strings.Count(before, wrong) != 1 || strings.Contains(now, wrong) || strings.Contains(before, right) {
						t.Errorf("%s in %s: %q does not stand once where %q stood", s.Key, lang, right, wrong)
					}
				}
				if c.Texts[lang] == "" {
					t.Errorf("%s in %s: corrected without saying so", s.Key, lang)
				}
			}
		}
	}
	if corrections < 3 {
		t.Errorf("%d corrections", corrections)
	}
}

func TestVariety(t *testing.T) {
	c := content(t)
	published, states, kinds, sections := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	blocks, levels := map[document.Kind]int{}, map[int]int{}
	for _, s := range c.Stories {
		kinds[s.Kind]++
		sections[s.Section]++
		for lang, ed := range s.Editions {
			states[ed.State]++
			if ed.State == "published" {
				published[lang]++
			}
			above := 1
			for _, b := range textOf(t, ed).Blocks {
				blocks[b.Kind]++
				levels[b.Level]++
				if b.Kind == document.Heading {
					if b.Level > above+1 {
						t.Errorf("%s in %s: a heading of level %d below one of level %d", s.Key, lang, b.Level, above)
					}
					above = b.Level
				}
			}
		}
	}
	if len(c.Stories) < 36 {
		t.Errorf("%d stories", len(c.Stories))
	}
	for lang, least := range map[string]int{"de": 20, "uk": 20, "en": 16, "fr": 8} {
		if published[lang] < least {
			t.Errorf("%d editions in %s, not %d", published[lang], lang, least)
		}
	}
	for _, state := range []string{"draft", "review", "approved", "scheduled", "published", "withdrawn"} {
		if states[state] == 0 {
			t.Errorf("no edition is %s", state)
		}
	}
	for _, kind := range []string{"news", "report", "analysis", "interview", "opinion", "explainer"} {
		if kinds[kind] == 0 {
			t.Errorf("no story of the kind %s", kind)
		}
	}
	for _, k := range []document.Kind{document.Paragraph, document.Heading, document.List, document.Quotation, document.PictureK,
		document.Gallery, document.Table, document.FactBox, document.Embed, document.Rule} {
		if blocks[k] == 0 {
			t.Errorf("no %s anywhere", k)
		}
	}
	for level := 2; level <= 4; level++ {
		if levels[level] == 0 {
			t.Errorf("no heading of level %d", level)
		}
	}
	for _, s := range c.Paper.Sections {
		if sections[s.Key] < 3 {
			t.Errorf("%d stories in the section %s", sections[s.Key], s.Key)
		}
	}
	for _, p := range c.Pages {
		each(t, "page "+p.Key+", title", p.Title, langs)
		each(t, "page "+p.Key+", slug", p.Slug, langs)
		each(t, "page "+p.Key, p.Body, langs)
		for lang, body := range p.Body {
			textOf(t, Edition{Body: body})
			if !slugForm.MatchString(p.Slug[lang]) {
				t.Errorf("page %s: slug %q", p.Key, p.Slug[lang])
			}
		}
	}
}
