package document

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depesche/internal/lang"
)

func TestSentences(t *testing.T) {
	for _, tc := range []struct {
		lang lang.Tag
		want string // sentences parted by |
	}{
		{"de", "Das gilt z. B. für Kyjiw. |Es gilt auch für Odesa."},
		{"de", "Der US-Präs. Biden kam am 23. Oktober 2024. |Er blieb."},
		{"de", "Dr. Müller und Prof. Meier zahlen 3 Mio. Euro. |Das ist viel."},
		{"de", "„Komm!“ sagte er. |„Nein.“ |Dann ging er."},
		{"de", "Heinrich VIII. war König. |Das war 1540. |Danach nicht."},
		{"de", "Nach § 3 Abs. 2 BGB gilt das nicht. |Vgl. S. 12 f. Dort steht es."},
		{"de", "Er zahlte 1.077 Euro. |Mehr nicht!"},
		{"de", "Das war in der DDR. |Dann kam die BRD. |Und die SPD. |Ende."},
		{"uk", "Народився у м. Київ. |Це було у XX ст. У 1999 р. він виїхав до США."},
		{"uk", "Сума становить 5 тис. грн. За рік більше. |Це я. |А це він."},
		{"ru", "Это ул. Ленина, д. 5. |Он живёт там с 1999 года."},
		{"en", "Mr. Smith of the U.S. Senate spoke. |He left at 3 p.m. on Monday."},
		{"en", "It was signed in 2024. |Then he and I. |Nobody else."},
		{"fr", "M. Zelensky a parlé. |Il a dit « Non ! » |Puis il est parti."},
		{"pl", "Prof. Nowak mieszka przy ul. Długiej. |Ma 3 tys. książek."},
		{"zh", "总统希望得到邀请。|他说：“时间不多了。”|然后离开。"},
		{"ja", "大統領は来た。|そして去った。"},
		{"ar", "وصل الرئيس. |ثم غادر؟ |نعم."},
		{"hi", "राष्ट्रपति आए। |फिर गए।"},
		{"en", "Wait... |What? |Yes."},
	} {
		want := strings.Split(tc.want, "|")
		must(t, cmp.Diff(want, Sentences(strings.Join(want, ""), tc.lang)), "%s", tc.lang)
	}
}

func TestSentencesAreTheText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := genText(true).Draw(t, "text")
		if got := strings.Join(Sentences(s, rapid.SampledFrom([]lang.Tag{"de", "fr", "zh"}).Draw(t, "lang")), ""); got != s {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func TestShorten(t *testing.T) {
	const nbsp = "\u00a0"
	for _, tc := range []struct {
		lang     lang.Tag
		max      int
		in, want string
	}{
		{"de", 100, "Kurz.", "Kurz."},
		{"de", 30, "Ein ganzer Satz steht hier. Und noch einer steht dahinter.", "Ein ganzer Satz steht hier."},
		{"de", 40, "Der Präsident hofft, dass die Einladung noch in diesem Jahr kommt.", "Der Präsident hofft" + nbsp + "…"},
		{"de", 40, "Das gilt z. B. für alle Staaten des Bündnisses, die zahlen.", "Das gilt z. B. für alle Staaten des" + nbsp + "…"},
		{"de", 40, "Das Kabinett beschloss – gegen den Rat der Fachleute – das neue Gesetz.", "Das Kabinett beschloss" + nbsp + "…"},
		{"de", 30, "Er sagte: „Wir werden das Land niemals aufgeben und kämpfen.“", "Er sagte: „Wir werden das" + nbsp + "…“"},
		{"de", 30, "„Wir werden kommen. Wir werden bleiben. Wir gehen nicht.“", "„Wir werden kommen.“"},
		{"uk", 40, "Президент сподівається, що запрошення надійде ще цього року.", "Президент сподівається…"},
		{"en", 40, "The president hopes, the paper reports, that the invitation will come.", "The president hopes, the paper reports" + nbsp + "…"},
		{"fr", 44, "Le président espère, selon le journal, que l’invitation viendra bientôt.", "Le président espère, selon le journal…"},
		{"fr", 40, "Le président a dit « nous ne partirons jamais de cette ville ».", "Le président a dit « nous ne partirons…\u202f»"},
		{"zh", 12, "总统希望得到邀请，因为时间不多了，他说。", "总统希望得到邀请……"},
		{"zh", 12, "总统希望得到邀请。因为时间不多了，他说。", "总统希望得到邀请。"},
		{"zh", 8, "总统希望尽快得到邀请加入北约", "总统希望尽快……"},
		{"ja", 12, "大統領は招待を強く望んでいると述べた", "大統領は招待を強く……"},
		{"th", 30, "ประธานาธิบดีหวังว่า จะได้รับคำเชิญ ก่อนสิ้นปีนี้ อย่างแน่นอน", "ประธานาธิบดีหวังว่า จะได้รับคำเชิญ…"},
		{"th", 5, "ประธานาธิบดี มาแล้ว และไปแล้ว", "ประธานาธิบดี…"},
		{"ar", 40, "يأمل الرئيس في دعوة، بحسب ما نقلته الصحيفة الفرنسية اليوم.", "يأمل الرئيس في دعوة…"},
		{"en", 10, "Donaudampfschifffahrtsgesellschaft sinks.", "Donaudampfschifffahrtsgesellschaft" + nbsp + "…"},
		{"en", 6, "👩‍👩‍👧 👩‍👩‍👧 👩‍👩‍👧 👩‍👩‍👧 👩‍👩‍👧 👩‍👩‍👧", "👩‍👩‍👧 👩‍👩‍👧" + nbsp + "…"},
		{"de", 30, "Die US-Regierung fürchtet sich US-Regierungsmitglieder zu nennen.", "Die US-Regierung fürchtet" + nbsp + "…"},
		{"de", 20, "Er sagte \u202eab und ging dann weiter fort.", "Er sagte \u202eab und" + nbsp + "…\u202c"},
		{"de", 20, "Er sagte \u2067ab und ging dann weiter fort.", "Er sagte \u2067ab und" + nbsp + "…\u2069"},
		{"de", 20, "Es kamen 9,5 Millionen Menschen zusammen.", "Es kamen" + nbsp + "…"},
	} {
		if got := Shorten(tc.in, tc.lang, tc.max); got != tc.want {
			t.Errorf("%s, %d: %s\n got %q\nwant %q", tc.lang, tc.max, tc.in, got, tc.want)
		}
	}
}

func TestTeaser(t *testing.T) {
	p := func(id ID, s string) Block { return Block{ID: id, Kind: Paragraph, Text: Text(s)} }
	for name, tc := range map[string]struct {
		d    Doc
		want string
	}{
		"nothing":              {Doc{}, ""},
		"one that was written": {Doc{Teaser: "Ein eigener,\nder länger ist als erlaubt.", Lead: Text("x")}, "Ein eigener, der länger ist als erlaubt."},
		"the lead":             {Doc{Lead: Text("Der Vorspann.\nZweite Zeile."), Blocks: []Block{p("a", "x")}}, "Der Vorspann."},
		"paragraphs":           {Doc{Blocks: []Block{{ID: "h", Kind: Heading, Level: 2, Text: Text("Titel")}, p("a", "Eins."), p("b", ""), p("c", "Zwei.")}}, "Eins. Zwei."},
		"a quotation":          {Doc{Blocks: []Block{{ID: "q", Kind: Quotation, Text: Text("Nur das.")}}}, "Nur das."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Teaser(tc.d, "de", 20); got != tc.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestShortenNeverCutsWithinAWordOrCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := oneLine(strings.Join(rapid.SliceOfN(genText(false), 1, 8).Draw(t, "text"), " "))
		l := rapid.SampledFrom([]lang.Tag{"de", "uk", "en", "fr", "ar", "zh", "ja", "th"}).Draw(t, "lang")
		limit := rapid.IntRange(1, 60).Draw(t, "max")
		got := Shorten(s, l, limit)
		if !utf8.ValidString(got) {
			t.Fatalf("%q", got)
		}
		if got == s {
			return
		}
		// What is before the ellipsis and the closing marks is the text's beginning.
		n := 0
		for n < len(got) && n < len(s) && got[n] == s[n] {
			n++
		}
		for n > 0 && !utf8.RuneStart(s[min(n, len(s)-1)]) {
			n--
		}
		after, _ := utf8.DecodeRuneInString(s[n:])
		before, _ := utf8.DecodeLastRuneInString(s[:n])
		if unicode.In(before, unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew) && unicode.In(after, unicode.Latin, unicode.Cyrillic, unicode.Arabic, unicode.Hebrew) {
			if c := newCutter(s, l); c.last(c.gaps(), 4*limit) != 0 {
				t.Fatalf("%s %d: %q became %q", l, limit, s, got)
			}
		}
		if unicode.Is(unicode.Mn, after) {
			t.Fatalf("%q became %q", s, got)
		}
	})
}

func TestWordCount(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, " – … ": 0, "Das sind 4 Wörter.": 4, "don’t": 1, "总统希望": 4, "大統領は来た": 6, "ประธานาธิบดีหวังว่า": 3, "👍 ok": 1, "1.077,5": 1,
	} {
		if got := WordCount(Doc{Headline: "not counted", Lead: Text(s)}); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
	if got := WordCount(sample(t, "valid_article.json")); got < 60 || got > 90 {
		t.Errorf("the article has %d words", got)
	}
}
