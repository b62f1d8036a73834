package page

import (
	"testing"
	"time"

	"depesche/internal/clock"
	"depesche/internal/correction"
	"depesche/internal/document"
	"depesche/internal/edition"
	"depesche/internal/lang"
	"depesche/internal/media"
	"depesche/internal/people"
	"depesche/internal/publication"
	"depesche/internal/story"
	"depesche/internal/topic"
)

var berlin = func() *time.Location {
	l, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return l
}()

// sampleNow is the evening of the day on which the reference story came out.
var sampleNow = time.Date(2024, 10, 23, 20, 30, 0, 0, berlin)

func testPages(t testing.TB) *Pages {
	t.Helper()
	p, err := New(testWords(t), Rooms{}, clock.Fixed(sampleNow))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

type names = map[lang.Tag]string

var sampleSections = []publication.Section{
	{ID: "war", Active: true, Names: sectionNames(names{"de": "Krieg in der Ukraine", "uk": "Війна", "en": "War in Ukraine", "ar": "الحرب في أوكرانيا"}, "war")},
	{ID: "politics", Active: true, Names: sectionNames(names{"de": "Politik", "uk": "Політика", "en": "Politics", "ar": "سياسة"}, "politics")},
	{ID: "business", Active: true, Names: sectionNames(names{"de": "Wirtschaft", "uk": "Економіка", "en": "Business", "ar": "اقتصاد"}, "business")},
}

func sectionNames(n names, slug string) map[lang.Tag]publication.Name {
	out := map[lang.Tag]publication.Name{}
	for l, name := range n {
		out[l] = publication.Name{Name: name, Slug: slug}
	}
	return out
}

func samplePaper() publication.Paper {
	return publication.Paper{
		Name: "Meridian", MainLang: "de", TimeZone: "Europe/Berlin", Location: berlin, BaseURL: "https://paper.example",
		Languages: []publication.Language{
			{Tag: "de", Active: true, About: "Nachrichten aus der Ukraine und Europa"},
			{Tag: "uk", Active: true, Name: "Меридіан", About: "Новини України та Європи"},
			{Tag: "en", Active: true, About: "News from Ukraine and Europe"},
			{Tag: "ar", Active: true, Name: "مريديان"},
			{Tag: "pl", Active: false},
		},
	}
}

func sampleSite(p *Pages, l lang.Tag) *Site {
	return &Site{
		Paper: samplePaper(), Lang: l, Words: p.words.In(l), Now: sampleNow, pages: p, style: p.styles.of(l, Look{}, false),
		sections: sampleSections, out: map[lang.Tag]bool{"de": true, "uk": true, "en": true, "ar": true}, fixes: map[lang.Tag]bool{l: true},
		static: []publication.Page{{Key: "imprint", Lang: l, Slug: "imprint", Footer: true, Title: map[lang.Tag]string{"de": "Impressum", "uk": "Вихідні дані", "en": "Publisher details", "ar": "من نحن"}[l]}},
	}
}

func at(hour, minute int) *time.Time {
	t := time.Date(2024, 10, 23, hour, minute, 0, 0, berlin).UTC()
	return &t
}

func sampleStory() story.Story {
	return story.Story{
		ID: "st1", Number: 12, Kind: story.News, Section: "politics", OriginalLang: "uk",
		Sources: []story.Source{
			{
				ID: "s1", Kind: story.Paper, Name: "Le Monde", URL: "https://www.lemonde.fr/international/", Lang: "fr", Date: "2024-10-23",
				Texts: map[lang.Tag]story.SourceText{
					"de": {Title: "Bericht über Selenskyjs Pläne", Claim: "Die Zeitung beruft sich auf eigene Quellen"},
					"uk": {Title: "Публікація про плани Зеленського", Claim: "Видання посилається на власні джерела."},
					"ar": {Title: "تقرير عن خطط زيلينسكي", Claim: "نقلًا عن مصادر الصحيفة"},
				},
			},
			{
				ID: "s2", Kind: story.Document, Name: "Nato", URL: "https://www.nato.int/treaty", Lang: "en", Accessed: "2024-10-23",
				Texts: map[lang.Tag]story.SourceText{"de": {Title: "Nordatlantikvertrag, Artikel 10", How: "amtlicher Text"}, "uk": {Title: "Північноатлантичний договір, стаття 10"}},
			},
			{ID: "s3", Kind: story.Person, Name: "Analystin", Texts: map[lang.Tag]story.SourceText{"uk": {Name: "Аналітикиня"}, "de": {How: "am Telefon", Claim: "Der Plan ist schwer umzusetzen."}}},
		},
	}
}

func sampleAuthors() []people.Author {
	return []people.Author{
		{ID: "a1", Kind: people.Organisation, Names: map[lang.Tag]people.AuthorName{"de": {Name: "Redaktion Politik", Slug: "redaktion-politik"}, "uk": {Name: "Відділ політики", Slug: "viddil-polityky"}}},
		{ID: "a2", StaffID: "x", Kind: people.Person, Names: map[lang.Tag]people.AuthorName{"de": {Name: "Olena Marko", Slug: "olena-marko"}, "uk": {Name: "Олена Марко", Slug: "olena-marko"}, "ar": {Name: "أولينا ماركو", Slug: "olena-marko"}}},
	}
}

func sampleTopics() []topic.Topic {
	return []topic.Topic{
		{ID: "t1", Kind: topic.Organisation, Active: true, Names: map[lang.Tag]topic.Name{"de": {Name: "Nato", Slug: "nato"}, "uk": {Name: "НАТО", Slug: "nato"}, "ar": {Name: "الناتو", Slug: "nato"}}},
		{ID: "t2", Kind: topic.Person, Active: true, Names: map[lang.Tag]topic.Name{"de": {Name: "Joe Biden", Slug: "joe-biden"}}},
	}
}

func sampleSiblings() []edition.Card {
	var out []edition.Card
	for _, c := range []struct {
		l    lang.Tag
		slug string
	}{{"ar", ""}, {"de", "selenskyj-hofft-auf-einladung"}, {"pl", "zelenski"}, {"uk", "zelenskyi-spodivaietsia"}} {
		out = append(out, edition.Card{Edition: edition.ID("e-" + string(c.l)), Story: "st1", Number: 12, Lang: c.l, Slug: c.slug, Published: *at(14, 20)})
	}
	return out
}

// sampleFacts are what the rooms know of the reference story in the language.
func sampleFacts(l lang.Tag) facts {
	f := facts{
		Live:    edition.Live{Story: sampleStory(), Siblings: sampleSiblings(), Doc: sampleDocs[l]},
		authors: sampleAuthors(), topics: sampleTopics(), section: sampleSections[1],
		corrections: []correction.Correction{{ID: "c1", Lang: l, At: *at(18, 5), Prominent: true, Text: map[lang.Tag]string{
			"de": "In einer früheren Fassung hieß es in der Überschrift, Selenskyj wolle noch vor dem Ende von Bidens Präsidentschaft der Nato beitreten. Laut „Le Monde“ hofft er auf eine Einladung. Wir haben die Überschrift berichtigt.",
			"uk": "У першій версії заголовка йшлося про вступ до НАТО. Насправді, за даними Le Monde, йдеться про запрошення.",
			"ar": "ورد في عنوان سابق أن زيلينسكي يريد الانضمام إلى الناتو، والصحيح أنه يأمل في تلقي دعوة.",
		}[l]}},
	}
	for _, c := range f.Siblings {
		if c.Lang == l {
			f.Edition = edition.Edition{ID: c.Edition, Story: "st1", Lang: l, State: edition.Published, Slug: c.Slug, Made: edition.MadeHuman, Published: at(14, 20), Updated: at(18, 5)}
		}
	}
	f.Check = edition.Check{Revision: 1, By: map[lang.Tag]string{"de": "der Redaktion Deutsch", "ar": "هيئة التحرير العربية"}[l]}
	if l == "uk" {
		f.Edition.Made, f.Check = edition.MadeOriginal, edition.Check{}
	}
	f.body = surroundings{
		sources: sourceNames(sampleStory(), l),
		pictures: map[media.ID]media.Picture{"m1": {
			ID: "m1", Format: "svg", Width: 1200, Height: 640, Kind: media.Illustration, Credit: "Redaktion", FocusX: 500, FocusY: 500,
			Formats: []string{"svg", "jpg"}, Widths: []int{1200}, State: media.Ready,
			Texts: map[lang.Tag]media.Text{
				"de": {Alt: "Zeichnung: ein runder Tisch von oben mit 32 Stühlen, ein weiterer Stuhl steht abseits."},
				"uk": {Alt: "Малюнок: круглий стіл згори з 32 стільцями, ще один стілець стоїть осторонь.", Credit: "редакція"},
				"ar": {Alt: "رسم: طاولة مستديرة من الأعلى حولها 32 كرسيًا.", Credit: "هيئة التحرير"},
			},
		}},
		stories: map[story.ID]edition.Card{
			"st2": {Story: "st2", Number: 7, Lang: l, Slug: "siegesplan"},
			"st3": {Story: "st3", Number: 8, Lang: "en", Slug: "long-road"},
		},
	}
	return f
}

func para(id string, in ...document.Span) document.Block {
	return document.Block{ID: document.ID(id), Kind: document.Paragraph, Text: in}
}

func span(text string, marks ...document.Mark) document.Span {
	return document.Span{Text: text, Marks: marks}
}

func head(id, text string) document.Block {
	return document.Block{ID: document.ID(id), Kind: document.Heading, Level: 2, Text: document.Text(text)}
}

func samplePicture(caption string) *document.Picture {
	return &document.Picture{ID: "p0", Media: "m1", Caption: document.Text(caption)}
}

var leMonde = document.Mark{Type: document.SourceRef, Source: "s1"}

var sampleDocs = map[lang.Tag]document.Doc{
	"de": {
		Kicker: "Ukraine und Nato", Headline: "Selenskyj hofft noch in Bidens Amtszeit auf Einladung in die Nato",
		Lead: document.Inline{
			span("Der ukrainische Präsident Wolodymyr Selenskyj möchte vor dem Ende der Amtszeit von US-Präsident Joe Biden eine Einladung zum Nato-Beitritt erhalten. Das "),
			span("berichtet die französische Zeitung „Le Monde“", leMonde), span("."),
		},
		Teaser:  "Der ukrainische Präsident setzt darauf, dass US-Präsident Joe Biden den entscheidenden Schritt noch macht. Laut „Le Monde“ sind die Aussichten gering.",
		Picture: samplePicture("32 Staaten sitzen am Tisch der Nato. Über eine Einladung entscheiden sie einstimmig."),
		Blocks: []document.Block{
			para("b1", span("Selenskyj sieht darin einen möglichen Wendepunkt auf dem Weg zum Ende des Krieges. Eine Einladung würde es Kyjiw erlauben, aus einer Position der Stärke in Verhandlungen mit Moskau zu gehen.")),
			para("b2", span("Der Präsident wirbt bei den Verbündeten um Unterstützung, vor allem in den Vereinigten Staaten. Wie sein "), span("Siegesplan", document.Mark{Type: document.StoryLink, Story: "st2"}), span(" aussieht und wie "), span("lang der Weg nach Brüssel", document.Mark{Type: document.StoryLink, Story: "st3"}), span(" ist, haben wir "), span("berichtet", document.Mark{Type: document.StoryLink, Story: "st9"}), span(".")),
			head("b3", "Washington bleibt zurückhaltend"),
			para("b4", span("Die Wahrscheinlichkeit, dass es so kommt, ist laut „Le Monde“ gering. Die US-Regierung fürchte, ein beschleunigter Beitritt könne Russland zu einer weiteren Eskalation veranlassen.")),
			{ID: "b5", Kind: document.FactBox, Title: "Wie ein Staat eingeladen wird", Blocks: []document.Block{
				para("b6", span("Nach "), span("Artikel 10 des Nordatlantikvertrags", document.Mark{Type: document.Link, Href: "https://www.nato.int/treaty"}), span(" können die Mitglieder jeden europäischen Staat zum Beitritt einladen, der die Grundsätze des Vertrags fördern kann. Der Beschluss muss einstimmig fallen.")),
			}},
			{ID: "b7", Kind: document.Quotation, Text: document.Text("Wir arbeiten daran."), Speaker: "Ein Beamter", Original: "Nous y travaillons.", OriginalLang: "fr", Source: "s1"},
			{ID: "b8", Kind: document.List, Items: []document.Item{{ID: "b8a", Text: document.Text("Antrag")}, {ID: "b8b", Text: document.Text("Beschluss")}}},
			{ID: "b9", Kind: document.Table, Header: true, Rows: []document.Row{
				{ID: "r1", Cells: []document.Cell{{ID: "r1a", Text: document.Text("Staat")}, {ID: "r1b", Text: document.Text("Beitritt")}}},
				{ID: "r2", Cells: []document.Cell{{ID: "r2a", Text: document.Text("Finnland")}, {ID: "r2b", Text: document.Text("2023")}}},
			}},
			para("b10", span("Trotz der anhaltenden Hilfe für die Ukraine vermeiden Biden und seine Regierung feste Zusagen für eine schnellere Mitgliedschaft. In Washington gibt es die Sorge, das Bündnis könne in einen offenen Streit mit Russland geraten – mit unabsehbaren Folgen für die globale Sicherheit.")),
		},
	},
	"uk": {
		Kicker: "Україна і НАТО", Headline: "Зеленський сподівається на запрошення до НАТО ще за Байдена",
		Lead:    document.Inline{span("Президент України Володимир Зеленський сподівається отримати запрошення до НАТО ще до завершення каденції президента США Джо Байдена. Про це "), span("пише Le Monde", leMonde), span(" з посиланням на власні джерела.")},
		Picture: samplePicture("За столом НАТО — 32 держави. Рішення про запрошення вони ухвалюють одностайно."),
		Blocks: []document.Block{
			para("b1", span("Зеленський вважає, що такий крок може стати переломним для завершення війни: він дасть Києву змогу вступити в переговори з Москвою з позиції сили.")),
			head("b3", "Вашингтон зберігає обережність"),
			para("b4", span("За даними Le Monde, імовірність такого сценарію залишається низькою. Адміністрація Байдена побоюється, що пришвидшений вступ України спровокує Росію на подальшу ескалацію.")),
			para("b10", span("Попри постійну підтримку України, Байден і його адміністрація досі утримуються від офіційних обіцянок щодо пришвидшеного членства. У Вашингтоні побоюються, що такий крок утягне Альянс у пряміше протистояння з Росією — із непередбачуваними наслідками для глобальної безпеки.")),
		},
	},
	"ar": {
		Kicker: "أوكرانيا والناتو", Headline: "زيلينسكي يأمل في دعوة إلى حلف الناتو قبل انتهاء ولاية بايدن",
		Lead:    document.Inline{span("يأمل الرئيس الأوكراني فولوديمير زيلينسكي في الحصول على دعوة للانضمام إلى حلف شمال الأطلسي قبل انتهاء ولاية الرئيس الأميركي جو بايدن، بحسب ما "), span("نقلته صحيفة «لوموند»", leMonde), span(" الفرنسية عن مصادرها الخاصة.")},
		Picture: samplePicture("تجلس 32 دولة إلى طاولة الناتو، وتتخذ قرار الدعوة بالإجماع."),
		Blocks: []document.Block{
			para("b1", span("ويرى زيلينسكي أن هذه الخطوة قد تشكّل نقطة تحوّل على طريق إنهاء الحرب، إذ ستتيح لكييف دخول المفاوضات مع موسكو من موقع قوة.")),
			head("b3", "واشنطن متحفظة"),
			{ID: "b8", Kind: document.List, Items: []document.Item{{ID: "b8a", Text: document.Text("أولًا")}, {ID: "b8b", Text: document.Text("ثانيًا")}}},
			para("b4", span("لكن احتمال تحقق هذا السيناريو يبقى ضعيفًا وفق «لوموند»، إذ تخشى الإدارة الأميركية أن يؤدي تسريع الانضمام إلى مزيد من التصعيد من جانب روسيا.")),
		},
	},
}

func topicName(name, slug string) topic.Name { return topic.Name{Name: name, Slug: slug} }
