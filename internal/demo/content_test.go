package demo

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

var langs = []string{"de", "uk", "en", "fr"}

func content(t *testing.T) Content {
	t.Helper()
	c, err := Read()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// each requires a text in every one of the languages and in no other.
func each(t *testing.T, what string, x Text, in []string) {
	t.Helper()
	for _, l := range in {
		if strings.TrimSpace(x[l]) == "" {
			t.Errorf("%s: nothing in %s", what, l)
		}
	}
	for l := range x {
		if !slices.Contains(in, l) {
			t.Errorf("%s: text in %s, which isn't needed", what, l)
		}
	}
}

var (
	slugForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	digits   = regexp.MustCompile(`^[0-9]+$`)
	reserved = []string{"topic", "author", "archive", "corrections", "page", "feed", "search", "desk", "media", "assets"}
)

func TestPaper(t *testing.T) {
	c := content(t)
	if len(c.Paper.Languages) != len(langs) || c.Paper.MainLang != "de" {
		t.Errorf("the paper is published in de, uk, en, fr and its main language is de")
	}
	if _, err := time.LoadLocation(c.Paper.TimeZone); err != nil {
		t.Error(err)
	}
	slugs := map[string]bool{}
	named := func(kind string, list []Named, kinds []string) {
		for _, n := range list {
			each(t, kind+" "+n.Key, n.Name, langs)
			each(t, kind+" "+n.Key+", slug", n.Slug, langs)
			if kind == "author" {
				each(t, kind+" "+n.Key+", about", n.About, langs)
			}
			if kinds != nil && !slices.Contains(kinds, n.Kind) {
				t.Errorf("%s %s: kind %q", kind, n.Key, n.Kind)
			}
			for l, s := range n.Slug {
				if !slugForm.MatchString(s) || digits.MatchString(s) || kind == "section" && slices.Contains(reserved, s) || slugs[kind+l+s] {
					t.Errorf("%s %s: slug %q can't be used in %s", kind, n.Key, s, l)
				}
				slugs[kind+l+s] = true
			}
		}
	}
	named("section", c.Paper.Sections, nil)
	named("topic", c.Paper.Topics, []string{"subject", "person", "place", "organisation", "event"})
	named("author", c.Paper.Authors, nil)
	if n := len(c.Paper.Sections); n < 6 || n > 8 {
		t.Errorf("%d sections", n)
	}
	roles := map[string]bool{}
	for _, s := range c.Paper.Staff {
		roles[s.Role] = true
		if s.Email != strings.ToLower(s.Email) || !strings.HasSuffix(s.Email, ".example") {
			t.Errorf("staff %s: %s is not an address that can belong to nobody", s.Key, s.Email)
		}
		if s.Author != "" && !has(c.Paper.Authors, s.Author) {
			t.Errorf("staff %s: no author %s", s.Key, s.Author)
		}
		for _, sec := range s.Sections {
			if !has(c.Paper.Sections, sec) {
				t.Errorf("staff %s: no section %s", s.Key, sec)
			}
		}
	}
	if len(roles) != 6 {
		t.Errorf("accounts for %d of the 6 roles", len(roles))
	}
}

func has(list []Named, key string) bool {
	return slices.ContainsFunc(list, func(n Named) bool { return n.Key == key })
}

func TestPictures(t *testing.T) {
	c := content(t)
	if len(c.Pictures) < 24 {
		t.Errorf("%d pictures", len(c.Pictures))
	}
	for _, p := range c.Pictures {
		each(t, "picture "+p.Key, p.Alt, langs)
		each(t, "picture "+p.Key+", credit", p.Credit, langs)
		if p.FocusX < 0 || p.FocusX > 1000 || p.FocusY < 0 || p.FocusY > 1000 {
			t.Errorf("picture %s: the focus is outside", p.Key)
		}
		svg := string(p.SVG)
		for _, must := range []string{`viewBox="0 0 1200 640"`, "prefers-color-scheme:dark"} {
			if !strings.Contains(svg, must) {
				t.Errorf("picture %s: no %s", p.Key, must)
			}
		}
		for _, never := range []string{"<text", "<script", "<image", "href=", "url(", " on"} {
			if strings.Contains(svg, never) {
				t.Errorf("picture %s: there is a %s in it", p.Key, never)
			}
		}
	}
}

func TestStories(t *testing.T) {
	c := content(t)
	keys := map[string]bool{}
	numbers := map[int64]bool{}
	for _, s := range c.Stories {
		if keys[s.Key] || numbers[s.Number] {
			t.Errorf("%s: key or number there twice", s.Key)
		}
		keys[s.Key], numbers[s.Number] = true, true
		t.Run(s.Key, func(t *testing.T) { checkStory(t, c, s) })
	}
}

func checkStory(t *testing.T, c Content, s Story) {
	if !slices.Contains([]string{"news", "report", "analysis", "interview", "opinion", "explainer"}, s.Kind) {
		t.Errorf("kind %q", s.Kind)
	}
	if !has(c.Paper.Sections, s.Section) {
		t.Errorf("no section %q", s.Section)
	}
	if len(s.Authors) == 0 || len(s.Topics) == 0 {
		t.Errorf("no author or no topic")
	}
	for _, a := range s.Authors {
		if !has(c.Paper.Authors, a) {
			t.Errorf("no author %q", a)
		}
	}
	for _, x := range s.Topics {
		if !has(c.Paper.Topics, x) {
			t.Errorf("no topic %q", x)
		}
	}
	if s.Picture != "" && !slices.ContainsFunc(c.Pictures, func(p Picture) bool { return p.Key == s.Picture }) {
		t.Errorf("no picture %q", s.Picture)
	}
	original, ok := s.Editions[s.Original]
	if !ok || original.Made != "original" {
		t.Errorf("the original is not there")
	}
	var in []string
	for lang, ed := range s.Editions {
		in = append(in, lang)
		checkEdition(t, c, s, lang, ed)
	}
	for _, src := range s.Sources {
		checkSource(t, src, in)
	}
	for _, cor := range s.Corrections {
		if cor.At.IsZero() {
			t.Errorf("a correction without a time")
		}
		for l := range cor.Texts {
			if ed, ok := s.Editions[l]; !ok || ed.State != "published" {
				t.Errorf("a correction in %s, which isn't published", l)
			}
		}
	}
}

func checkSource(t *testing.T, src Source, in []string) {
	t.Helper()
	if !slices.Contains([]string{"paper", "agency", "document", "person", "authority", "website"}, src.Kind) || src.Name == "" {
		t.Errorf("source %s: kind %q, name %q", src.ID, src.Kind, src.Name)
	}
	for _, l := range in {
		name := cmp.Or(src.Names[l], src.Name)
		if l != "uk" && strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
			t.Errorf("source %s: readers of %s can't read %q", src.ID, l, name)
		}
		if src.Kind == "person" && src.Lang != l && src.Names[l] == "" {
			t.Errorf("source %s: who it is isn't said in %s", src.ID, l)
		}
	}
	for l := range src.Names {
		if !slices.Contains(in, l) {
			t.Errorf("source %s: a name in %s, which the story isn't in", src.ID, l)
		}
	}
	each(t, "source "+src.ID+", title", src.Title, in)
	each(t, "source "+src.ID+", claim", src.Claim, in)
	if src.URL == "" {
		each(t, "source "+src.ID+", how", src.How, in)
	} else if u, err := url.Parse(src.URL); err != nil || u.Scheme != "https" {
		t.Errorf("source %s: link %q", src.ID, src.URL)
	}
	for _, d := range []string{src.Date, src.Accessed} {
		if d == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			t.Errorf("source %s: %v", src.ID, err)
		}
	}
	if src.Date == "" && src.Accessed == "" {
		t.Errorf("source %s: no date", src.ID)
	}
}

func checkEdition(t *testing.T, c Content, s Story, lang string, ed Edition) {
	t.Helper()
	if !slices.Contains(langs, lang) {
		t.Errorf("%s: not a language of the paper", lang)
	}
	if ed.Kicker == "" || ed.Headline == "" || ed.Lead == "" {
		t.Errorf("%s: kicker, headline or lead is missing", lang)
	}
	if s.Picture != "" && ed.Caption == "" {
		t.Errorf("%s: the picture has no caption", lang)
	}
	if !slices.Contains([]string{"original", "human", "human_checked", "machine_checked", "machine"}, ed.Made) || (ed.Made == "original") != (lang == s.Original) {
		t.Errorf("%s: made %q", lang, ed.Made)
	}
	for _, a := range []string{ed.Translator, ed.CheckedBy} {
		if a != "" && !has(c.Paper.Authors, a) {
			t.Errorf("%s: no author %q", lang, a)
		}
	}
	if strings.HasSuffix(ed.Made, "_checked") != (ed.CheckedBy != "") || strings.HasPrefix(ed.Made, "human") != (ed.Translator != "") {
		t.Errorf("%s: made %s, translator %q, checked by %q", lang, ed.Made, ed.Translator, ed.CheckedBy)
	}
	out := ed.State == "published" || ed.State == "withdrawn"
	if out != !ed.PublishedAt.IsZero() || out && s.Published.IsZero() {
		t.Errorf("%s: %s, and its time of publication says otherwise", lang, ed.State)
	}
	if (ed.State == "scheduled") != ed.ScheduledAt.Relative() {
		t.Errorf("%s: only what is scheduled has a time it goes out, and that is a distance from now", lang)
	}
	if (ed.State == "withdrawn") != (ed.WithdrawnWhy != "") || (ed.State == "withdrawn") != !ed.WithdrawnAt.IsZero() {
		t.Errorf("%s: what is withdrawn, and only that, says when and why", lang)
	}
	if ed.Made == "machine" && ed.State != "draft" && ed.State != "review" {
		t.Errorf("%s: unchecked machine text goes out", lang)
	}
}
