package check

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depesche/internal/document"
	"depesche/internal/lang"
)

// compared are the codes of the checks that hold a segment against its original, but for numbers.
func compared(from lang.Tag, a string, to lang.Tag, b string, change func(*Input)) []string {
	out := []string{}
	for _, f := range pairFindings(from, a, to, b, change) {
		if f.Severity != Note {
			out = append(out, f.Code)
		}
	}
	return out
}

func pairFindings(from lang.Tag, a string, to lang.Tag, b string, change func(*Input)) []Finding {
	original := paragraph(a)
	in := Input{Lang: to, Doc: paragraph(b), Original: &original, OriginalLang: from, Story: complete}
	if change != nil {
		change(&in)
	}
	return Segment(in, "p/text")
}

func TestCompared(t *testing.T) {
	for _, tc := range []struct {
		from lang.Tag
		a    string
		to   lang.Tag
		b    string
		want string // "" : no alarm
	}{
		{"uk", "Президент Володимир Зеленський прибув до Брюсселя.", "de", "Präsident Wolodymyr Selenskyj traf in Brüssel ein.", ""},
		{"uk", "Президент Володимир Зеленський прибув до Брюсселя.", "en", "President Volodymyr Zelensky arrived in Brussels.", ""},
		{"uk", "У Відні виступив Юрій Шевченко.", "de", "In Wien sprach Jurij Schewtschenko.", ""},
		{"uk", "Він поїхав до Німеччини.", "fr", "Il est parti pour l’Allemagne.", ""},
		{"en", "He met Angela Merkel in Warsaw.", "uk", "Він зустрівся з Ангелою Меркель у Варшаві.", ""},
		{"en", "He met Angela Merkel in Warsaw.", "uk", "Він зустрівся з Ангелою Тимошенко у Варшаві.", "name_differs"},
		{"uk", "Вчора Петро Порошенко не прийшов.", "en", "Yesterday Petro Tymoshenko did not come.", "name_differs"},
		{"uk", "Міністр не дозволив будівництво.", "de", "Der Minister erlaubte den Bau nicht.", ""},
		{"uk", "Міністр не дозволив будівництво.", "de", "Der Minister verbot den Bau.", ""},
		{"uk", "Міністр не дозволив будівництво.", "de", "Der Minister erlaubte den Bau.", "negation_lost"},
		{"en", "It did not reject the failed plan.", "de", "Es lehnte den gescheiterten Plan ab.", ""},
		{"de", "Er lehnte den gescheiterten Plan nicht ab.", "en", "He did reject the failed plan.", "negation_lost"},
		{"fr", "Il n’avait que vingt ans.", "en", "He was twenty years old.", ""},
		{"fr", "Il n’avait pas de maison.", "en", "He had a house.", "negation_lost"},
		{"uk", "Ніхто ніколи не відповідав.", "en", "Nobody answered.", ""},
		{"uk", "Він живе в місті, а не в селі.", "en", "He lives in town rather than in the country.", ""},
		{"cs", "Nikdo nepřišel.", "en", "Nobody came.", ""},
		{"cs", "Nikdo nepřišel.", "en", "Everybody came.", "negation_lost"},
		{"en", "He failed to answer.", "de", "Er hat nicht geantwortet.", ""},
		{"en", "He never refused to answer.", "uk", "Він ніколи відповідав.", "negation_lost"},
		{"de", "Das hat die Regierung nicht gewusst.", "en", "The government knew that.", "negation_lost"},
		{"de", "Das hat die Regierung nicht gewusst, sie lehnt es ab.", "en", "The government knew that, it rejects the plan.", ""},
		{"uk", "Вони залишаться тут, поки війна не скінчиться.", "de", "Sie bleiben hier, bis der Krieg endet.", ""},
		{"ru", "Этого пока не случилось.", "en", "That has happened.", "negation_lost"},
		{"en", "“We stay,” she said.", "de", "„Wir bleiben“, sagte sie.", ""},
		{"en", "“We stay,” she said.", "de", "„Wir bleiben, sagte sie.", "quote_unclosed"},
		{"en", "“We call it ‘home’,” she said.", "fr", "«\u202fNous appelons cela “chez nous”\u202f», dit-elle.", ""},
		{"en", "It wasn't the dogs' fault.", "uk", "Пам'ять у собак була добра, це не їхня вина.", ""},
		{"en", "The road was closed. Forty people waited there until the late evening. The police opened it again.", "de",
			"Die Straße war gesperrt. Vierzig Menschen warteten dort bis zum späten Abend. Die Polizei gab sie wieder frei.", ""},
		{"en", "The road was closed. Forty people waited there until the late evening. The police opened it again.", "de",
			"Die Straße war gesperrt. Die Polizei gab sie wieder frei.", "sentence_missing"},
		{"uk", "Підозрюваного заарештували в понеділок. Це сталося в Одесі.", "de", "Der Verdächtige wurde am Montag in Odessa festgenommen.", ""},
		{"uk", "Він приїхав до Одеси. Мер Труханов прийняв його 12 травня в ратуші. Мер Труханов показав йому порт.", "de",
			"Er kam nach Odessa. Bürgermeister Truchanow zeigte ihm den Hafen.", "sentence_missing"},
		{"en", "The road was closed because of the snow.", "de", "Die Straße war gesperrt wegen der", "cut_off"},
		{"en", "The road was closed because of the snow.", "de", "Die Straße war wegen Schnee …", "cut_off"},
		{"en", "The road was closed because of the snow.", "de", "The road was closed because of the snow.", "untranslated"},
		{"en", "The road was closed because of the snow on the pass.", "de", "Die Straße war gesperrt because of the snow auf dem Pass.", "words_untranslated"},
		{"ru", "Дорога закрыта из-за снега.", "uk", "Дорога закрыта через сніг.", "words_untranslated"},
		{"ru", "Выбросы снижаются примерно вдвое.", "uk", "Викиди снижаются приблизно вдвічі.", "words_untranslated"},
		{"ru", "Он ранее заявил об этом.", "uk", "Він раніше заявив про це, ведь снижение видно.", ""},
		{"uk", "Засідання почалося вранці.", "ru", "Засідання началось утром.", "words_untranslated"},
		{"uk", "Нове призначення зустріло опір.", "ru", "Новое призначення встретило сопротивление.", "words_untranslated"},
		{"en", "The crowd bolstered the daubed wall with weights.", "es", "La multitud bolstered la pared daubed con pesas.", "words_untranslated"},
		{"en", "He went to the pub and told weather.com so.", "es", "Fue al pub y se lo dijo a weather.com.", ""},
		{"es", "El alcalde quiso adentrarse en el parapente voladores y acuñada cosecha.", "en", "The mayor wanted the acuñada and the cosecha flying.", "words_untranslated"},
		{"en", "The muppets are here.", "es", "Los *muppets están aquí.", "engine_mark"},
	} {
		want := []string{}
		if tc.want != "" {
			want = append(want, tc.want)
		}
		if diff := cmp.Diff(want, compared(tc.from, tc.a, tc.to, tc.b, nil)); diff != "" {
			t.Errorf("%s: %s\n%s: %s\n%s", tc.from, tc.a, tc.to, tc.b, diff)
		}
	}
}

// TestNegationNoted has denials that a note speaks of, and those of which nothing is said.
func TestNegationNoted(t *testing.T) {
	for _, tc := range []struct {
		from lang.Tag
		a    string
		to   lang.Tag
		b    string
		want bool
	}{
		{"en", "It does not see any answer.", "es", "No recibe ninguna respuesta.", false},
		{"en", "It does not see any answer.", "es", "Sin embargo, recibe ninguna respuesta.", true},
		{"en", "He will never give it up.", "es", "El país nunca renunciará.", false},
		{"en", "The animal did not belong to Yuan or his cousin.", "pl", "Zwierzę nie należało do Yuana ani jego kuzyna.", false},
		{"en", "The animal did not belong to Yuan or his cousin.", "pl", "Zwierzę należało do Yuana ani jego kuzyna.", true},
		{"ru", "Страна ни при каких условиях не откажется от оружия.", "uk", "Країна ні за яких умов не відмовиться від зброї.", false},
		{"ru", "Страна ни при каких условиях не откажется от оружия.", "uk", "Країна ні за яких умов відмовиться від зброї.", true},
		{"pl", "Potrwa to, dopóki nie wrócą.", "uk", "Це триватиме, доки вони не повернуться.", false},
		{"pl", "Potrwa to, dopóki nie wrócą.", "uk", "Це триватиме, доки вони повернуться.", true},
		{"de", "Es geht nicht nur um die Wahl.", "en", "It is not only about the vote.", false},
		{"de", "Es geht nicht nur um die Wahl.", "en", "It is just about the vote.", true},
		{"en", "He could not tell her what had happened, because all that he knew was that she would sit there again.", "de",
			"Er konnte ihr erzählen, was geschehen war, denn alles, was er wusste, war, dass sie nie mehr dort sitzen würde.", true},
		{"en", "He could not tell her what had happened, because all that he knew was that she would sit there again.", "de",
			"Er konnte ihr nicht erzählen, was geschehen war, denn alles, was er wusste, war, dass sie wieder dort sitzen würde.", false},
		{"fr", "Il n’avait que vingt ans.", "en", "He was twenty years old.", false},
		{"es", "No es la primera vez que sucede.", "en", "It happened before.", true},
		{"es", "No es la primera vez que sucede.", "en", "It is not the first time.", false},
		{"en", "He does not come and she does not stay.", "de", "Er kommt und sie bleibt nicht.", true},
	} {
		got := map[string]bool{}
		for _, f := range pairFindings(tc.from, tc.a, tc.to, tc.b, nil) {
			got[f.Code] = true
		}
		if got["negation_lost"] != tc.want {
			t.Errorf("%s: %s\n%s: %s\nnegation lost: %v, want %v", tc.from, tc.a, tc.to, tc.b, !tc.want, tc.want)
		}
	}
}

// TestSpeechOverParagraphs has marks whose other half stands in another text.
func TestSpeechOverParagraphs(t *testing.T) {
	for name, tc := range map[string]struct {
		source, target []string
		want           []string // codes with their severity
	}{
		"opened and closed": {[]string{"\"We stay here.", "They won't come.\""}, []string{"„Wir bleiben hier.", "Sie kommen nicht.“"}, nil},
		"opened anew":       {[]string{"“We stay here.", "“They won't come.”"}, []string{"„Wir bleiben hier.", "„Sie kommen nicht.“"}, nil},
		"over a text between": {[]string{"“We stay here.", "It is cold.", "They won't come.”"},
			[]string{"« Nous restons ici.", "Il fait froid.", "Ils ne viendront pas. »"}, nil},
		"its end lost": {[]string{"“We stay,” he said.", "“They won't come.”"}, []string{"„Wir bleiben, sagte er.", "„Sie kommen nicht.“"},
			[]string{"quote_unclosed warn"}},
		"its beginning lost": {[]string{"“We stay,” he said.", "It is cold."}, []string{"Мы остаёмся», — сказал он.", "Холодно."}, []string{"quote_unclosed warn"}},
		"behind a percent sign": {[]string{"Food was “down 3%.”", "It is cold."}, []string{"Їжа «дешевша на 3%", "Холодно."},
			[]string{"quote_unclosed warn"}},
		"the original doesn't quote": {[]string{"They stay, he said.", "It is cold."}, []string{"Мы остаёмся», — сказал он.", "Холодно."},
			[]string{"quote_unclosed note"}},
		"an apostrophe typed so": {[]string{"The Lakers\" plans were read.", "It is cold."}, []string{"Читали плани «Лейкерс».", "Холодно."}, nil},
		"a name in marks":        {[]string{"Chelsea beat Rapid Vienna.", "It is cold."}, []string{"«Челсі» перемогла «Рапід Відень».", "Холодно."}, nil},
		"what is said isn't marked": {[]string{"“Chelsea is good,” he said.", "It is cold."}, []string{"Команда добра, каже він про «Рапід Відень» та «Челсі».", "Холодно."},
			[]string{"quotes_differ note"}},
		"short words that are said": {[]string{"“It is very cold,” he said.", "It is cold."}, []string{"«Дуже холодно», — каже він, а не «Вкрай холодно».", "Холодно."},
			[]string{"quotes_differ note"}},
		"lost within a speech": {[]string{"“We stay,” he said.", "“They leave,” she said.", "“It is cold.”"}, []string{"«Мы остаёмся, — сказал он.", "Они уходят», — сказала она.", "«Холодно»."},
			[]string{"quote_unclosed note", "quote_unclosed note"}},
		"others' words within a speech": {[]string{"“Of course,” he said.", "I asked him, ‘Did you?’", "He was sure."}, []string{"\"Ясна річ, – сказав він. –", "Я спитав: «Це ти?»", "Він був певен\"."},
			[]string{"quote_unclosed note"}},
		"a mark behind a sign": {[]string{"“Sales fell by 3%.", "By 6% the year before.”"}, []string{"«Продажі зменшилися на 3%.", "За рік до того на 6%»."}, nil},
		"one mark closes two": {[]string{"“I told him “stay here”,” he said.", "It is cold."}, []string{"«Я сказал ему «останься здесь», — сказал он.", "Холодно."},
			[]string{"quote_unclosed note"}},
	} {
		t.Run(name, func(t *testing.T) {
			to := lang.Tag("de")
			switch {
			case strings.ContainsAny(tc.target[0], "яієы"):
				to = "ru"
			case strings.HasPrefix(tc.target[0], "« "):
				to = "fr"
			}
			original := paragraphs(tc.source)
			in := Input{Lang: to, Doc: paragraphs(tc.target), Original: &original, OriginalLang: "en", Story: complete}
			var got []string
			for _, f := range Edition(in) {
				if strings.HasPrefix(f.Code, "quote") {
					got = append(got, f.Code+" "+f.Severity.String())
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func paragraphs(texts []string) document.Doc {
	var d document.Doc
	for i, s := range texts {
		d.Blocks = append(d.Blocks, document.Block{ID: document.ID(rune('a' + i)), Kind: document.Paragraph, Text: document.Text(s)})
	}
	return d.Normal()
}

func TestMarksCarriedOver(t *testing.T) {
	const href, other = "https://example.org/a", "https://example.org/b"
	for name, tc := range map[string]struct {
		source, target document.Mark
		want           []string
	}{
		"link":            {document.Mark{Type: document.Link, Href: href}, document.Mark{Type: document.Link, Href: href}, nil},
		"link lost":       {document.Mark{Type: document.Link, Href: href}, document.Mark{Type: document.Strong}, []string{"link_lost"}},
		"other page":      {document.Mark{Type: document.Link, Href: href}, document.Mark{Type: document.Link, Href: other}, []string{"link_added", "link_differs"}},
		"source lost":     {document.Mark{Type: document.SourceRef, Source: "s"}, document.Mark{Type: document.Strong}, []string{"source_lost"}},
		"story link lost": {document.Mark{Type: document.StoryLink, Story: "x"}, document.Mark{Type: document.Strong}, []string{"story_link_lost"}},
		"emphasis lost":   {document.Mark{Type: document.Emphasis}, document.Mark{Type: document.Strong}, []string{"mark_lost"}},
		"foreign phrase":  {document.Mark{Type: document.Foreign, Lang: "fr"}, document.Mark{Type: document.Strong}, nil},
	} {
		original, doc := marked(tc.source), marked(tc.target)
		original.Blocks[0].Text[0].Text, doc.Blocks[0].Text[0].Text = "bericht", "звіт"
		in := Input{Lang: "uk", Doc: doc, Original: &original, OriginalLang: "de", Story: complete}
		in.Story.Sources = []Source{{ID: "s", Name: "Le Monde", HasLink: true}}
		if diff := cmp.Diff(tc.want, codesOf(Segment(in, "p/text"))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestTerms(t *testing.T) {
	term := Term{Source: []string{"Київ", "Києва", "Києві"}, Target: []string{"Kyjiw", "Dynamo Kiew"}, Forbidden: []string{"Kiew"}}
	for name, tc := range map[string]struct {
		a, b string
		term Term
		want []string
	}{
		"right":              {"Він у Києві.", "Er ist in Kyjiw.", term, []string{}},
		"forbidden":          {"Він у Києві.", "Er ist in Kiew.", term, []string{"term_forbidden"}},
		"part of a right":    {"Він у Києві.", "Er ist bei Dynamo Kiew.", term, []string{}},
		"missing":            {"Він у Києві.", "Er ist in der Hauptstadt.", term, []string{"term_missing"}},
		"not in the source":  {"Він тут.", "Er ist hier.", term, []string{}},
		"within a word":      {"Він київський.", "Er ist Kiewer.", term, []string{}},
		"an abbreviation":    {"ЗСУ", "zsu", Term{Source: []string{"ЗСУ"}, Target: []string{"ZSU"}}, []string{"term_missing"}},
		"kept":               {"Читає Le Monde.", "Er liest Le Monde.", Term{Source: []string{"Le Monde"}, Keep: true}, []string{}},
		"not kept":           {"Читає Le Monde.", "Er liest Die Welt.", Term{Source: []string{"Le Monde"}, Keep: true}, []string{"term_missing"}},
		"no-break space":     {"Читає Le Monde.", "Er liest Le\u00a0Monde.", Term{Source: []string{"Le Monde"}, Keep: true}, []string{}},
		"forbidden anywhere": {"Він тут.", "Er ist in Kiew.", term, []string{"term_forbidden"}},
	} {
		got := compared("uk", tc.a, "de", tc.b, func(in *Input) { in.Terms = []Term{tc.term} })
		got = slices.DeleteFunc(got, func(code string) bool { return code == "name_differs" })
		want := tc.want
		if len(tc.term.Target) == 0 && len(want) > 0 {
			want = []string{"term_missing"}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestWholeStory(t *testing.T) {
	original := paragraph("Сьогодні Володимир Зеленський говорив. Потім Зеленський поїхав.")
	original.Headline = "Зеленський говорив"
	doc := paragraph("Heute sprach Wolodymyr Selenskyj. Dann fuhr Zelensky ab.")
	doc.Headline = "Selenskyj sprach 1077 Minuten"
	codes := codesOf(Edition(Input{Lang: "de", Doc: doc, Original: &original, OriginalLang: "uk", Story: complete}))
	for _, code := range []string{"name_two_ways", "headline_number"} {
		if !slices.Contains(codes, code) {
			t.Errorf("no %s in %v", code, codes)
		}
	}
}

func TestWordPlaces(t *testing.T) {
	pattern := regexp.MustCompile(`[\p{L}\p{M}\p{N}'’-]+`)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.RuneFrom([]rune("aZ0 '’-.,ї́ñß東٣½²\u00a0")), rapid.Rune())).Draw(t, "text")
		var want []string
		want = append(want, pattern.FindAllString(text, -1)...)
		var got []string
		for at := range wordPlaces(text) {
			got = append(got, text[at[0]:at[1]])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q:\n%s", text, diff)
		}
	})
}

// A paragraph that was pasted in a third language is told as one that was left in the original's.
func TestThirdLanguage(t *testing.T) {
	const (
		uk = "Президент України висловлює надію отримати запрошення ще до кінця свого строку повноважень і їде до Брюсселя."
		en = "The president of Ukraine hopes to be invited before the end of his term and travels to Brussels this week."
		de = "Der Präsident der Ukraine hofft, noch vor dem Ende seiner Amtszeit eingeladen zu werden, und fährt nach Brüssel."
		ru = "Президент Украины выражает надежду получить приглашение ещё до конца срока полномочий и отправляется в Брюссель."
	)
	for _, tc := range []struct {
		to   lang.Tag
		text string
		want bool
	}{{"de", en, true}, {"de", ru, true}, {"de", de, false}, {"en", de, true}, {"en", en, false}, {"ru", ru, false}} {
		if got := slices.Contains(compared("uk", uk, tc.to, tc.text, nil), "lang_mismatch"); got != tc.want {
			t.Errorf("%s as %s: told %v", tc.text, tc.to, got)
		}
	}
}
