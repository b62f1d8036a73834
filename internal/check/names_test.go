package check

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// ofNames lists what is said of names in a segment, with its arguments.
func ofNames(in Input, at document.Address) []string {
	out := []string{}
	for _, f := range Segment(in, at) {
		if strings.HasPrefix(f.Code, "name_") {
			said := f.Severity.String() + " " + f.Code
			for i := 1; i < len(f.Args); i += 2 {
				if f.Args[i-1] != "from" {
					said += fmt.Sprint(" ", f.Args[i])
				}
			}
			out = append(out, said)
		}
	}
	return out
}

func TestNames(t *testing.T) {
	for what, tc := range map[string]struct {
		from lang.Tag
		a    string
		to   lang.Tag
		b    string
		want string // "" : nothing is said
	}{
		"behind a title":            {"en", "A spokesman for Mr. Bolton declined to comment.", "fr", "Un porte-parole de M. Lindgren a refusé de commenter.", "note name_differs Bolton Lindgren"},
		"behind a first name":       {"en", "The lawyer David Patton was disappointed.", "uk", "Адвокат Девід Гаврилюк розчарований.", "warn name_differs Patton Гаврилюк"},
		"before a surname":          {"en", "The winner is Lewis Hamilton again.", "ru", "Победил снова Николас Хэмилтон.", "warn name_differs Lewis Николас"},
		"the other stands again":    {"en", "Officials saw Sims and Simpson, and Sims fled.", "uk", "Посадовці бачили Мартина й Сімпсона, і Сімс утік.", "note name_added Мартина"},
		"begins the sentence":       {"en", "Arizona rarely sees such a storm.", "pl", "W Kolorado rzadko bywa taka burza.", "note name_differs Arizona Kolorado"},
		"sounds like a common word": {"es", "El huracán llegó a Arizona el martes.", "en", "The Hurricane reached Montana on Tuesday.", "note name_differs Arizona Montana"},
		"no German noun":            {"en", "The fire began near Tornillo at night.", "de", "Das Feuer begann nachts bei Hannover.", "note name_differs Tornillo Hannover"},
		"several at once":           {"en", "The report names Debenhams twice.", "uk", "У звіті двічі названо Мельника і Гаврилюка.", "note name_differs Debenhams Мельника, note name_added Гаврилюка"},

		"spoken through":      {"en", "Lewis Hamilton and Alan Lithgow met Rob Dewar.", "uk", "Льюїс Гамільтон і Алан Літгоу зустріли Роба Дьюара.", ""},
		"silent letters":      {"uk", "Метью Старрідж приїхав.", "en", "Matthew Sturridge has come.", ""},
		"an adjective":        {"en", "He teaches in Syracuse and at Harvard.", "uk", "Він викладає в Сіракузькому та Гарвардському університетах.", ""},
		"in another case":     {"uk", "Розмова з Оленою Ковальчук про Вінницю.", "pl", "Rozmowa z Ołeną Kowalczuk o Winnicy.", ""},
		"a country's people":  {"en", "The German team beat the Dutch in Vienna.", "ru", "Немецкая команда победила голландцев в Вене.", ""},
		"German nouns":        {"en", "The mayor opened the new bridge after a long delay.", "de", "Der Bürgermeister eröffnete die neue Brücke nach langem Aufschub.", ""},
		"an office, not him":  {"en", "Merkel spoke first.", "de", "Die Kanzlerin sprach zuerst.", ""},
		"from the mandarin":   {"en", "The market in Qinghai was closed.", "ru", "Рынок в Цинхае закрыли.", ""},
		"letters of a phrase": {"en", "The University of Louisiana thanked the police.", "de", "Die LSU dankte der Polizei.", ""},
	} {
		want := []string{}
		if tc.want != "" {
			want = strings.Split(tc.want, ", ")
		}
		original := paragraph(tc.a)
		in := Input{Lang: tc.to, Doc: paragraph(tc.b), Original: &original, OriginalLang: tc.from, Story: complete}
		if diff := cmp.Diff(want, ofNames(in, "p/text")); diff != "" {
			t.Errorf("%s:\n%s", what, diff)
		}
	}
}

// TestNamesOfOneStory exchanges somebody for another whom the story has too, and for one it hasn't.
func TestNamesOfOneStory(t *testing.T) {
	story := func(texts ...string) document.Doc {
		d := document.Doc{Headline: "Titel"}
		for i, text := range texts {
			d.Blocks = append(d.Blocks, document.Block{ID: document.ID(fmt.Sprintf("p%d", i)), Kind: document.Paragraph, Text: document.Text(text)})
		}
		return d.Normal()
	}
	original := story("Angela Merkel met Olaf Scholz in Paris.", "Later Merkel went to Warsaw.", "The talks with Merkel were long, said Scholz.")
	right := []string{"Ангела Меркель зустріла Олафа Шольца в Парижі.", "Потім Меркель поїхала до Варшави.", "Переговори з Меркель були довгі, сказав Шольц."}
	for name, tc := range map[string]struct {
		second string
		want   []string
	}{
		"right":   {right[1], []string{}},
		"pronoun": {"Потім вона поїхала до Варшави.", []string{"note name_missing Merkel"}},
		"another": {"Потім Шольц поїхав до Варшави.", []string{"note name_differs Merkel Шольц"}},
		"foreign": {"Потім Тимошенко поїхала до Варшави.", []string{"note name_differs Merkel Тимошенко"}},
	} {
		texts := slices.Clone(right)
		texts[1] = tc.second
		in := Input{Lang: "uk", Doc: story(texts...), Original: &original, OriginalLang: "en", Story: complete}
		if diff := cmp.Diff(tc.want, ofNames(in, "p1/text")); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestEndings(t *testing.T) {
	for _, tc := range []struct {
		l    lang.Tag
		word string
		want []int // letters of the sound without each ending, the shortest ending first
	}{
		{"uk", "гаврилюком", []int{8}}, {"ru", "сименоном", []int{7}}, {"en", "simenons", []int{7}}, {"en", "simenon", nil}, {"cs", "simenonem", []int{8, 7, 6}},
	} {
		if diff := cmp.Diff(tc.want, soundOf(tc.l, tc.word).stems); diff != "" {
			t.Errorf("%s %s:\n%s", tc.l, tc.word, diff)
		}
	}
}
