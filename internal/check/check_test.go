package check

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// paragraph is a document of one paragraph, p.
func paragraph(text string) document.Doc {
	return document.Doc{Headline: "Titel", Blocks: []document.Block{{ID: "p", Kind: document.Paragraph, Text: document.Text(text)}}}.Normal()
}

// codesOf lists what was found, without what a bare story lacks anyway.
func codesOf(findings []Finding) []string {
	var out []string
	for _, f := range findings {
		out = append(out, f.Code)
	}
	sort.Strings(out)
	return out
}

func look(l lang.Tag, d document.Doc, change func(*Input)) []Finding {
	in := Input{Lang: l, Doc: d, Story: complete}
	if change != nil {
		change(&in)
	}
	return Edition(in)
}

// TestText runs each check of a text on examples that are wrong, with a *, and on ones that look so.
func TestText(t *testing.T) {
	for _, tc := range []struct {
		lang lang.Tag
		code string // "" : nothing at all
		text string
	}{
		{"de", "double_word", "Das ist ist falsch."},
		{"de", "double_word", "Die Regierung Regierung tagt."},
		{"de", "", "Die, die die Zeitung lesen, wissen es."},
		{"de", "double_word", "Er spielte bei Duran Duran."}, // German nouns have capitals: names can't be told from them
		{"en", "", "He played with Duran Duran in Baden-Baden."},
		{"en", "double_word", "They went to to the lake."},
		{"en", "", "He had had enough, and that that is so is known."},
		{"uk", "double_word", "Вони вони прийшли."},
		{"uk", "", "Дуже дуже давно."},
		{"fr", "double_word", "Pour obtenir un un deux."},
		{"fr", "", "Nous nous levons."},
		{"pl", "double_word", "To się się stało."},
		{"ru", "double_word", "Они давали мне мне силу."},
		{"uk", "mixed_alphabet", "Київ i Xapків."},     // Latin i alone is a word; Xapків is disguised
		{"uk", "mixed_alphabet", "Президент Укpаїни."}, // Latin p
		{"uk", "", "IT-компанія купила iPhone’и та Wi-Fi-мережу."},
		{"ru", "mixed_alphabet", "Москвa молчит."},    // Latin a
		{"de", "mixed_alphabet", "Der Ministеr kam."}, // Cyrillic е
		{"en", "", "The word “міністр” is Ukrainian."},
		{"de", "placeholder", "Text spot_imgspot_img folgt."},
		{"en", "placeholder", "Lorem ipsum dolor."},
		{"en", "placeholder", "TODO ask the mayor."},
		{"es", "", "TODO está dicho."},
		{"de", "placeholder", "[Bild]"},
		{"de", "", "„Das [Gesetz] ist gut“, hieß es [sic]."},
		{"en", "", "“He [the mayor] came.” [Editor’s note]"},
		{"en", "template_debris", "Dear {{name}}, hello."},
		{"en", "template_debris", "[caption id=\"a\" align=\"none\"]Text[/caption]"},
		{"en", "template_debris", "[vc_row][vc_column]Text"},
		{"en", "template_debris", "The [town’s plan].(source:01m8eha0wj) It fits."},
		{"en", "template_debris", "One (<source:s1 lang:fr>) two."},
		{"en", "template_debris", "Dear %s, hello."},
		{"en", "template_debris", "The ⟦3⟧ council."},
		{"en", "template_debris", "Ask __NAME__ now."},
		{"en", "template_debris", "{article.title} is here."},
		{"en", "", "It rose by 5 %so far, or 100% sure, in snake_case and $5."},
		{"en", "placeholder", "Enter text here."},
		{"en", "placeholder", "Your headline here."},
		{"uk", "placeholder", "Введіть текст."},
		{"ru", "placeholder", "Сюда введите текст."},
		{"de", "placeholder", "Hier Text einfügen"},
		{"en", "markup", "Fish&nbsp;and chips."},
		{"en", "markup", "Fish &amp; chips."},
		{"en", "markup", "One<br>two."},
		{"en", "markup", "Close every <script> with </script>."},
		{"en", "markup", "The hole was in ${jndi:ldap}."},
		{"en", "", "Is 3 < 5 and R&D > sales; so."},
		{"en", "typography", `It is "no".`},
		{"de", "typography", "Das war's..."},
		{"uk", "typography", "Це п'ять."},
		{"de", "", "„Ja“, sagt man – und mehr …"},
		{"en", "lang_mismatch", "Der Präsident der Ukraine äußert seine Hoffnung, noch vor dem Ende seiner Amtszeit eine Einladung zu erhalten, und fährt nach Brüssel."},
		{"uk", "lang_mismatch", "Президент Украины выражает надежду получить приглашение ещё до конца срока полномочий и отправляется в Брюссель."},
		{"de", "", "Der Präsident der Ukraine äußert seine Hoffnung, noch vor dem Ende seiner Amtszeit eine Einladung zu erhalten, und fährt nach Brüssel."},
	} {
		var want []string
		if tc.code != "" {
			want = []string{tc.code}
		}
		got := look(tc.lang, paragraph(tc.text), nil)
		if diff := cmp.Diff(want, codesOf(got)); diff != "" {
			t.Errorf("%s %q:\n%s", tc.lang, tc.text, diff)
		}
		for _, f := range got {
			if f.Address != "p/text" {
				t.Errorf("%s %q: %s is at %s", tc.lang, tc.text, f.Code, f.Address)
			}
		}
	}
}

// A story about web pages can go out, one that a machine has spoilt can't.
func TestDebrisSeverity(t *testing.T) {
	for text, want := range map[string]Severity{
		"Close every <script>.": Warn, "R&amp;D": Warn, "It was ${jndi:ldap}.": Warn, "<% if %>": Warn,
		"Text spot_img": Stop, "Dear {{name}}": Stop, "{% if %}": Stop, "[vc_row]Text": Stop, "An [object Object]": Stop, "%%title%%": Stop, "Lorem ipsum": Stop,
	} {
		if got := look("en", paragraph(text), nil); len(got) == 0 || got[0].Severity != want {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestTypographyFix(t *testing.T) {
	for l, tc := range map[lang.Tag][2]string{
		"de": {`Ein "Nein" -- und weiter...`, "Ein „Nein“\u00a0– und weiter…"},
		"uk": {`Лише "ні".`, "Лише «ні»."},
		"fr": {`Un "non".`, "Un «\u202fnon\u202f»."},
	} {
		got := look(l, paragraph(tc[0]), nil)
		if len(got) != 1 || got[0].Fix != tc[1] || got[0].Severity != Note {
			t.Errorf("%s: %+v", l, got)
		}
	}
}

func TestHead(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Input)
		want   []string
	}{
		"all is there": {nil, nil},
		"no headline":  {func(in *Input) { in.Doc.Headline = " " }, []string{"no_headline"}},
		"no author":    {func(in *Input) { in.Story.HasAuthor = false }, []string{"no_author"}},
		"no section":   {func(in *Input) { in.Story.HasSection = false }, []string{"no_section"}},
		"no topic":     {func(in *Input) { in.Story.Topics = 0 }, []string{"no_topic"}},
		"no text":      {func(in *Input) { in.Doc.Blocks = nil }, []string{"no_text"}},
		"an empty block": {func(in *Input) {
			in.Doc.Blocks = append(in.Doc.Blocks, document.Block{ID: "e", Kind: document.Heading, Level: 2})
		}, []string{"empty_block"}},
		"long":         {func(in *Input) { in.Doc.Headline = strings.Repeat("ї", 71) }, []string{"headline_long"}},
		"full stop":    {func(in *Input) { in.Doc.Headline = "Der Rat tagt wieder." }, []string{"headline_ends_with_period"}},
		"abbreviation": {func(in *Input) { in.Doc.Headline = "Back in the U.S." }, nil},
		"initials":     {func(in *Input) { in.Doc.Headline = "Anklage gegen Anna K." }, nil},
		"ellipsis":     {func(in *Input) { in.Doc.Headline = "Und dann …" }, nil},
		"long teaser":  {func(in *Input) { in.Doc.Teaser = strings.Repeat("wort und ", 30) }, []string{"teaser_long"}},
		"retired":      {func(in *Input) { in.Retired = true }, []string{"language_retired"}},
		"machine":      {func(in *Input) { in.Unchecked = true }, []string{"machine_unchecked"}},
		"quotation": {func(in *Input) {
			in.Doc.Blocks = append(in.Doc.Blocks, document.Block{ID: "q", Kind: document.Quotation, Text: document.Text("Wir kommen.")})
		}, []string{"quote_speaker_missing"}},
		"quotation with a speaker": {func(in *Input) {
			in.Doc.Blocks = append(in.Doc.Blocks, document.Block{ID: "q", Kind: document.Quotation, Text: document.Text("Wir kommen."), Speaker: "Anna"})
		}, nil},
	} {
		if diff := cmp.Diff(tc.want, codesOf(look("de", paragraph("Ein Satz."), tc.change))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestAttribution(t *testing.T) {
	stop, warn := "attribution_without_source", "speech_without_source"
	for _, tc := range []struct {
		lang lang.Tag
		code string
		text string
	}{
		{"de", stop, "Laut Le Monde bleibt die Wahrscheinlichkeit gering."},
		{"de", stop, "Darüber schreibt Le Monde unter Berufung auf eigene Quellen."},
		{"de", stop, "Analysten zufolge wird es schwer."},
		{"de", warn, "„Wir kommen“, sagte sie."},
		{"de", "", "Die Kinder waren laut und der Ball fiel."},
		{"de", "", "Er schreibt gern."},
		{"en", stop, "According to Le Monde, it is unlikely."},
		{"en", stop, "Reuters reported on Monday that it is so."},
		{"en", warn, "“We are coming,” she said."},
		{"en", "", "The report is long."},
		{"uk", stop, "За даними слідства, дерева зрубали."},
		{"uk", stop, "Про це пише Le Monde."},
		{"uk", stop, "Про це повідомляє видання з посиланням на джерела."},
		{"uk", warn, "«Ми йдемо», – сказала вона."},
		{"uk", "", "Вона пише листи."},
		{"fr", stop, "Selon Le Monde, c’est peu probable."},
		{"fr", stop, "D’après des sources proches, c’est fait."},
		{"fr", warn, "« Nous venons », a déclaré la ministre."},
		{"fr", "", "Il écrit bien."},
		{"pl", stop, "Według „Gazety” to mało prawdopodobne."},
		{"pl", warn, "„Idziemy” – powiedziała."},
		{"ru", stop, "По данным следствия, деревья срубили."},
		{"ru", warn, "«Мы идём», – сказала она."},
		{"cs", "", "Podle Le Monde je to nepravděpodobné."}, // a language whose ways we don't know
	} {
		var want []string
		if tc.code != "" {
			want = []string{tc.code}
		}
		if diff := cmp.Diff(want, codesOf(look(tc.lang, paragraph(tc.text), nil))); diff != "" {
			t.Errorf("%s %q:\n%s", tc.lang, tc.text, diff)
		}
	}
	text := paragraph("Laut Le Monde bleibt es dabei.")
	withSource := func(in *Input) { in.Story.Sources = []Source{{ID: "s1", Name: "Le Monde", HasLink: true}} }
	if got := codesOf(look("de", text, withSource)); !slices.Equal(got, []string{"sources_not_referenced"}) {
		t.Errorf("a source that nothing refers to: %v", got)
	}
	text.Blocks[0].Text[0].Marks = []document.Mark{{Type: document.SourceRef, Source: "s1"}}
	if got := codesOf(look("de", text, withSource)); got != nil {
		t.Errorf("a source that is referred to: %v", got)
	}
	text.Blocks[0].Text[0].Marks[0].Source = "s2"
	if got := codesOf(look("de", text, withSource)); !slices.Equal(got, []string{"unknown_source_ref"}) {
		t.Errorf("another source: %v", got)
	}
	if got := codesOf(look("de", paragraph("x"), func(in *Input) { in.Story.Sources = []Source{{ID: "s1", Name: "Ein Beamter"}} })); !slices.Equal(got, []string{"source_without_link_or_how"}) {
		t.Errorf("a source nobody can look up: %v", got)
	}
}

func TestPicturesAndLinks(t *testing.T) {
	with := func(p document.Picture) document.Doc {
		d := paragraph("x")
		d.Blocks = append(d.Blocks, document.Block{ID: "b", Kind: document.PictureK, Pictures: []document.Picture{p}})
		return d
	}
	library := func(p Picture) func(*Input) { return func(in *Input) { in.Pictures = map[string]Picture{"m": p} } }
	for name, tc := range map[string]struct {
		doc    document.Doc
		change func(*Input)
		want   []string
	}{
		"complete":        {with(document.Picture{ID: "p", Media: "m", Alt: "a", Credit: "c"}), library(Picture{}), nil},
		"the library's":   {with(document.Picture{ID: "p", Media: "m"}), library(Picture{Alt: true, Credit: true}), nil},
		"nothing":         {with(document.Picture{ID: "p", Media: "m"}), library(Picture{}), []string{"picture_without_alt", "picture_without_credit"}},
		"gone":            {with(document.Picture{ID: "p", Media: "x", Alt: "a", Credit: "c"}), library(Picture{}), []string{"picture_gone"}},
		"embed elsewhere": {embed("https://evil.example/x", "Karte"), hosts("example.org"), []string{"embed_host"}},
		"embed, allowed":  {embed("https://www.example.org/x", "Karte"), hosts("example.org"), nil},
		"embed, alike":    {embed("https://notexample.org/x", "Karte"), hosts("example.org"), []string{"embed_host"}},
		"embed, no title": {embed("https://example.org/x", ""), hosts("example.org"), []string{"embed_without_title"}},
		"link":            {link("https://example.org/ä?b=c"), nil, nil},
		"link to mail":    {link("mailto:a@example.org"), nil, nil},
		"link to oneself": {link("http://localhost:8080/x"), nil, []string{"link_bad"}},
		"link inside":     {link("http://192.168.1.4/x"), nil, []string{"link_bad"}},
		"link to a draft": {link("https://example.org/?p=1&preview=true"), nil, []string{"link_bad"}},
		"link, typed":     {link("https://https://example.org"), nil, []string{"link_bad"}},
		"unknown story":   {storyLink("s1"), func(in *Input) { in.Stories = map[string]bool{} }, []string{"story_link_unknown"}},
		"known story":     {storyLink("s1"), func(in *Input) { in.Stories = map[string]bool{"s1": true} }, nil},
	} {
		if diff := cmp.Diff(tc.want, codesOf(look("de", tc.doc, tc.change))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func hosts(list ...string) func(*Input) { return func(in *Input) { in.EmbedHosts = list } }

func embed(url, title string) document.Doc {
	d := paragraph("x")
	d.Blocks = append(d.Blocks, document.Block{ID: "e", Kind: document.Embed, Embed: &document.EmbedRef{URL: url, Title: title}})
	return d
}

func link(href string) document.Doc { return marked(document.Mark{Type: document.Link, Href: href}) }

func storyLink(id string) document.Doc {
	return marked(document.Mark{Type: document.StoryLink, Story: id})
}

func marked(m document.Mark) document.Doc {
	d := paragraph("x")
	d.Blocks[0].Text[0].Marks = []document.Mark{m}
	return d
}

func TestTranslation(t *testing.T) {
	source := paragraph("In Charkiw wurden 1.077 Bäume im Wert von 9,5 Millionen Griwna gefällt, teilt der Dienst mit.")
	source.Headline, source.Teaser = "Bäume gefällt", "Anriss"
	source.Blocks = append(source.Blocks, document.Block{ID: "c", Kind: document.List, Items: []document.Item{{ID: "i", Text: document.Text("Punkt")}}})
	target := func(text string) document.Doc {
		d := paragraph(text)
		d.Headline = "Вирубка"
		d.Blocks = append(d.Blocks, document.Block{ID: "c", Kind: document.List, Items: []document.Item{{ID: "i", Text: document.Text("пункт")}}})
		return d
	}
	for name, tc := range map[string]struct {
		doc    document.Doc
		change func(*Input)
		want   []string
	}{
		"right":              {target("У Харкові вирубали 1077 дерев на 9,5 млн гривень, йдеться далі."), nil, nil},
		"right, with a gap":  {target("У Харкові вирубали 1 077 дерев на 9,5 млн гривень, йдеться далі."), nil, nil},
		"right, in thousand": {target("У Харкові вирубали 1077 дерев на 9500 тис. гривень, йдеться далі."), nil, nil},
		"digits swapped":     {target("У Харкові вирубали 1770 дерев на 9,5 млн гривень, йдеться далі."), nil, []string{"number_differs"}},
		"scale":              {target("У Харкові вирубали 1077 дерев на 9,5 млрд гривень, йдеться далі."), nil, []string{"number_differs"}},
		"comma lost":         {target("У Харкові вирубали 1077 дерев на 96 млн гривень, йдеться далі."), nil, []string{"number_differs"}},
		"left out":           {target("У Харкові вирубали дерева на 9,5 млн гривень, йдеться далі."), nil, []string{"number_missing"}},
		"adapted":            {target("У Харкові вирубали понад тисячу дерев."), func(in *Input) { in.Answers = map[document.Address]Answer{"p/text": Adapted} }, nil},
		"missing":            {paragraph("У Харкові вирубали 1077 дерев на 9,5 млн гривень, йдеться далі."), nil, []string{"missing_segment"}},
		"dropped":            {paragraph("У Харкові вирубали 1077 дерев на 9,5 млн гривень, йдеться далі."), func(in *Input) { in.Answers = map[document.Address]Answer{"i/text": Dropped} }, nil},
		"stale":              {target("У Харкові вирубали 1077 дерев на 9,5 млн гривень, йдеться далі."), func(in *Input) { in.Stale = []document.Address{"p/text"} }, []string{"stale_segment"}},
		"stale fact":         {target("У Харкові вирубали 1077 дерев на 9,5 млн гривень, йдеться далі."), func(in *Input) { in.Stale, in.StaleFacts = []document.Address{"p/text"}, []document.Address{"p/text"} }, []string{"stale_fact"}},
		"untranslated":       {target(source.Blocks[0].Text.Plain()), nil, []string{"untranslated"}},
	} {
		in := Input{Lang: "uk", Doc: tc.doc, Original: &source, OriginalLang: "de", Story: complete}
		in.Doc.Headline = "Вирубка"
		if tc.change != nil {
			tc.change(&in)
		}
		if diff := cmp.Diff(tc.want, codesOf(Edition(in))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	orphan := target("У Харкові вирубали 1077 дерев на 9,5 млн гривень, йдеться далі.")
	orphan.Blocks = append(orphan.Blocks, document.Block{ID: "o", Kind: document.Paragraph, Text: document.Text("Лише тут.")})
	if got := codesOf(Edition(Input{Lang: "uk", Doc: orphan, Original: &source, OriginalLang: "de", Story: complete})); !slices.Equal(got, []string{"orphan_segment"}) {
		t.Errorf("only in the translation: %v", got)
	}
}

func TestOrderAndPassed(t *testing.T) {
	d := paragraph("Ein Satz mit \"Zeichen\".")
	d.Headline = ""
	d.Blocks = append(d.Blocks, document.Block{ID: "z", Kind: document.Paragraph, Text: document.Text("Hier hier ist es.")})
	in := Input{Lang: "de", Doc: d, Story: Story{HasAuthor: true, HasSection: true}}
	got := Edition(in)
	var order []string
	for _, f := range got {
		order = append(order, fmt.Sprintf("%s %s", f.Severity, f.Code))
	}
	if diff := cmp.Diff([]string{"stop no_headline", "warn no_topic", "warn double_word", "note typography"}, order); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"by", "debris"}, passedNames(in, got)); diff != "" {
		t.Error(diff)
	}
	fine := Input{Lang: "uk", Doc: paragraph("У 2024 році прийшли 1077 людей."), Story: complete, OriginalLang: "de"}
	original := paragraph("Im Jahr 2024 kamen 1077 Menschen.")
	fine.Original = &original
	fine.Doc.Headline = "Прийшли"
	if diff := cmp.Diff([]string{"by", "debris", "words", "typography", "complete", "names", "negation", "headline", "numbers"}, passedNames(fine, Edition(fine))); diff != "" {
		t.Error(diff)
	}
}

// TestWords holds that each finding can be said in every language of the desk.
func TestWords(t *testing.T) {
	all, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []lang.Tag{"de", "uk", "en", "fr", "pl", "ru"} {
		w := all.In(l)
		for _, g := range groups {
			if !w.Has("check.ok." + g.name) {
				t.Errorf("%s: no word for check.ok.%s", l, g.name)
			}
			for _, code := range g.codes {
				if f := (Finding{Code: code}); !w.Has(f.Word()) || !w.Has(f.Do()) {
					t.Errorf("%s: no words for %s", l, code)
				}
			}
		}
	}
}

// FuzzEdition holds that no text makes the checks fail, and that what they point at is there.
func FuzzEdition(f *testing.F) {
	f.Add("de", "Das ist ist \"falsch\"... [caption]", "Laut Le Monde 1.077")
	f.Add("uk", "Укpаїни 9,5 млн\xff", "9.5 million {{x}}")
	f.Fuzz(func(t *testing.T, l, a, b string) {
		tag, err := lang.Parse(l)
		if err != nil {
			tag = "de"
		}
		doc, original := paragraph(a), paragraph(b)
		for _, finding := range Edition(Input{Lang: tag, Doc: doc, Original: &original, OriginalLang: "en", Story: complete}) {
			if !strings.HasPrefix(string(finding.Address), "p/") && !strings.HasPrefix(string(finding.Address), "head/") && finding.Address != "" {
				t.Errorf("%s points at %q", finding.Code, finding.Address)
			}
			if strings.ContainsRune(finding.Excerpt, '\uFFFD') && !strings.ContainsRune(a+b+doc.Blocks[0].Text.Plain(), '\uFFFD') {
				t.Errorf("%s: excerpt %q cuts a letter", finding.Code, finding.Excerpt)
			}
		}
	})
}

// FuzzTranslation holds that no pair of documents in whatever languages makes the checks fail, and that
// a segment is told the same as the edition of it.
func FuzzTranslation(f *testing.F) {
	f.Add("de", "uk", []byte(`{"headline":"Bäume","blocks":[{"id":"a","kind":"paragraph","text":[{"text":"„Kiew“ 1.077"}]}]}`), []byte(`{"headline":"Дерева","blocks":[{"id":"a","kind":"quotation","text":[{"text":"«Київ» 1770 ‘","marks":[{"type":"link","href":"https://a.example"}]}]}]}`))
	f.Add("zh-Hant", "ar", []byte(`{"lead":[{"text":"不 \"is\" not. No. Never…"}]}`), []byte(`{"lead":[{"text":"٣ *الف"}]}`))
	f.Fuzz(func(t *testing.T, from, to string, a, b []byte) {
		source, err := lang.Parse(from)
		if err != nil {
			source = "en"
		}
		target, err := lang.Parse(to)
		if err != nil {
			target = "uk"
		}
		original, err := document.Parse(a)
		if err != nil {
			return
		}
		doc, err := document.Parse(b)
		if err != nil {
			return
		}
		in := Input{Lang: target, Doc: doc, Original: &original, OriginalLang: source, Story: complete,
			Terms: []Term{{Source: []string{firstWord(original.Headline)}, Target: []string{"x"}, Forbidden: []string{doc.Headline}}}}
		all := Edition(in)
		Passed(in, all)
		for _, s := range document.Segments(doc) {
			for _, finding := range Segment(in, s.Address) {
				if !slices.ContainsFunc(all, func(o Finding) bool { return o.Code == finding.Code && o.Address == finding.Address }) {
					t.Errorf("only of the segment: %s at %s", finding.Code, finding.Address)
				}
				if text := s.Text.Plain(); finding.Spot != "" && !strings.Contains(text, finding.Spot) && !strings.Contains(own(s.Text), finding.Spot) {
					t.Errorf("%s speaks of %q, which isn't in %q", finding.Code, finding.Spot, text)
				}
			}
		}
	})
}

// BenchmarkEdition looks at a translation of 60 paragraphs, as the checklist does.
func BenchmarkEdition(b *testing.B) {
	doc, original := document.Doc{Headline: "Вирубка"}, document.Doc{Headline: "Bäume"}
	for i := range 60 {
		id := document.ID(fmt.Sprintf("p%d", i))
		doc.Blocks = append(doc.Blocks, document.Block{ID: id, Kind: document.Paragraph, Text: document.Text(
			strings.Repeat("У Харкові вирубали 1077 дерев на 9,5 млн гривень, сказала вона в понеділок. ", 3))})
		original.Blocks = append(original.Blocks, document.Block{ID: id, Kind: document.Paragraph, Text: document.Text(
			strings.Repeat("In Charkiw wurden 1.077 Bäume im Wert von 9,5 Millionen Griwna gefällt, sagte sie am Montag. ", 3))})
	}
	in := Input{Lang: "uk", Doc: doc.Normal(), Original: &original, OriginalLang: "de", Story: complete}
	b.ReportAllocs()
	for b.Loop() {
		Edition(in)
	}
}

func passedNames(in Input, findings []Finding) []string {
	var out []string
	for _, f := range Passed(in, findings) {
		out = append(out, f.Name)
	}
	return out
}

// TestPassedCounts holds that what is fine is counted: a person's two names are one, in any case.
func TestPassedCounts(t *testing.T) {
	text := func(s string, sources ...string) document.Inline {
		out := document.Text(s)
		for _, id := range sources {
			out = append(out, document.Span{Text: " " + id, Marks: []document.Mark{{Type: document.SourceRef, Source: id}}})
		}
		return out
	}
	doc := func(a, b document.Inline) document.Doc {
		return document.Doc{Blocks: []document.Block{{ID: "p", Kind: document.Paragraph, Text: a}, {ID: "q", Kind: document.Paragraph, Text: b}}}.Normal()
	}
	original := doc(text("Учора Ірина Коваленко приїхала в Полтаву.", "s1"), text("Для Ірини Коваленко це не вперше, каже Шевчук.", "s2"))
	in := Input{Lang: "de", OriginalLang: "uk", Original: &original, Story: complete,
		Doc: doc(text("Gestern kam Iryna Kowalenko nach Poltawa.", "s1"), text("Für Iryna Kowalenko ist das nicht das erste Mal, sagt Schewtschuk.", "s2"))}
	got := map[string][]any{}
	for _, f := range Passed(in, nil) {
		got[f.Name] = f.Args
	}
	if diff := cmp.Diff([]any{"n", 3}, got["names_n"]); diff != "" {
		t.Errorf("names: %s", diff)
	}
	if _, ok := got["carried_two"]; !ok {
		t.Errorf("both sources aren't said to be there: %v", got)
	}
}
