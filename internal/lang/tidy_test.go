package lang

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// shown writes spaces that can't be told apart by the eye: "~" for U+00A0, "^" for U+202F.
var shown = strings.NewReplacer("\u00a0", "~", "\u202f", "^", "\u2060", "+")

func TestTidy(t *testing.T) {
	for _, tt := range []struct {
		lang       Tag
		text, want string
	}{
		// German
		{"de", `Er sagte: "Das ist "neu"."`, "Er sagte: „Das ist ‚neu‘.“"},
		{"de", `laut "Le Monde" und 'Zeit'`, "laut „Le Monde“ und ‚Zeit‘"},
		{"de", "Laut «Le Monde» und “Zeit”", "Laut „Le Monde“ und „Zeit“"},
		{"de", "Er sagte „ja” und „nein“", "Er sagte „ja“ und „nein“"},
		{"de", `"Nato"-Beitritt, Anti-"Nato"-Kurs`, "„Nato“-Beitritt, Anti-„Nato“-Kurs"},
		{"de", "Wie geht's? Ich hab' es.", "Wie geht’s? Ich hab’ es."},
		{"de", "Das Bündnis - oder was davon bleibt -- zögert", "Das Bündnis~– oder was davon bleibt~– zögert"},
		{"de", "US-Regierung, Vor- und Nachteile, --help, a-b", "US-Regierung, Vor- und Nachteile, --help, a-b"},
		{"de", "Er sagte ... Schei... Punkt", "Er sagte~… Schei… Punkt"},
		{"de", "12 Prozent, 12%, 12 %, 9,5 Millionen Hrywnja, 14:20 Uhr", "12~Prozent, 12~%, 12~%, 9,5~Millionen Hrywnja, 14:20~Uhr"},
		{"de", "am 23. Oktober 2024, 5 Mio. Euro, § 5 Abs. 2", "am 23.~Oktober 2024, 5~Mio.~Euro, §~5 Abs.~2"},
		{"de", "z.B. J. R. Müller, z. B. und d.h. so", "z.^B. J.~R.~Müller, z.^B. und d.^h. so"},
		{"de", "2026-2028, 2024-10-23, 2028-2026, 044-123-45", "2026–2028, 2024-10-23, 2028-2026, 044-123-45"},
		{"de", "Was ist das ? Gut !", "Was ist das? Gut!"},
		{"de", "Ein 27\"-Monitor, 5' 10\"", "Ein 27\"-Monitor, 5' 10\""},
		{"de", "\"Er kam.\n\"Er ging.\"", "„Er kam.\n„Er ging.“"},
		{"de", "Siehe https://a.de/x--y?q=\"z\"... und mail@x-y.de -- ja", "Siehe https://a.de/x--y?q=\"z\"… und mail@x-y.de~– ja"},
		{"de", "zwei  Leerzeichen", "zwei Leerzeichen"},
		{"de", "5 - 3 = 2, minus -5, 1-0", "5 - 3 = 2, minus -5, 1-0"},
		{"de", `<a href="x">y</a>`, `<a href="x">y</a>`},
		{"de", "", ""},
		{"de", "''''\"\"\"\"", "''''\"\"\"\""},
		{"de-CH", `"so"`, "«so»"},
		// Ukrainian
		{"uk", `Газета "Дзеркало тижня" пише: "Фільм "Назва" вийшов"`, "Газета «Дзеркало тижня» пише: «Фільм „Назва“ вийшов»"},
		{"uk", "п'ять, з`їзд, об´єкт, пʼять", "п’ять, з’їзд, об’єкт, п’ять"},
		{"uk", "Київ - столиця. — Так, - сказав він", "Київ~— столиця.~— Так,~— сказав він"},
		{"uk", "- Так, - сказав він", "—~Так,~— сказав він"},
		{"uk", "з 10 000 дерев на 12 млн грн, 1077, 1 077", "з~10^000 дерев на 12~млн~грн, 1077, 1 077"},
		{"uk", "у 2025 році, 23 жовтня 2024 року, № 5, 12%", "у~2025~році, 23~жовтня 2024~року, №~5, 12~%"},
		{"uk", "В. О. Зеленський і т.д. й ін.", "В.~О.~Зеленський і~т.^д. й~ін."},
		{"uk", "Він сказав ...", "Він сказав…"},
		// Russian, Polish
		{"ru", `"Он сказал "да""`, "«Он сказал „да“»"},
		{"ru", "в 12 тыс. руб. и о нём", "в~12~тыс.~руб. и~о~нём"},
		{"pl", `Powiedział: "To "nowe" prawo" i poszedł w góry`, "Powiedział: „To «nowe» prawo” i~poszedł w~góry"},
		{"pl", "Powiedział „tak“", "Powiedział „tak”"},
		{"pl", "12 %, 10 000 zł, 9,5 mln zł", "12%, 10~000~zł, 9,5~mln~zł"},
		// French
		{"fr", `Il a dit: "Est-ce vrai?" et "l'Otan"!`, "Il a dit~: «^Est-ce vrai^?^» et «^l’Otan^»^!"},
		{"fr", "« Le Monde » et «L'Otan»", "«^Le Monde^» et «^L’Otan^»"},
		{"fr", `"Il cite "Le Monde" ici"`, "«^Il cite “Le Monde” ici^»"},
		{"fr", "Le pacte - dit-il - tient. Un - seul.", "Le pacte –~dit-il~– tient. Un~– seul."},
		{"fr", "à 14 h 20, 12%, 10 000 euros; 1 077 arbres, M. Dupont", "à 14~h~20, 12^%, 10^000~euros^; 1^077 arbres, M.~Dupont"},
		{"fr", "Photo : AFP (?), 14:20, :)", "Photo~: AFP (?), 14:20, :)"},
		{"fr", "Quoi?! Non...", "Quoi^?! Non…"},
		{"fr", "2026-2028", "2026-2028"},
		// English
		{"en", `He said "it's 'new' law"`, "He said ‘it’s “new” law’"},
		{"en", `"The workers' rights," he said`, "‘The workers’ rights,’ he said"},
		{"en", "He said \u201cyes\u201d", "He said ‘yes’"},
		{"en", "in the '90s - 'tis true", "in the ’90s~– ’tis true"},
		{"en", "wait... what...no", "wait~… what~… no"},
		{"en", "12 %, 9.5 million hryvnias, J. Biden, 2:20 p.m.", "12%, 9.5~million hryvnias, J.~Biden, 2:20~p.m."},
		{"en-US", `He said "it's 'new' law" - so`, "He said “it’s ‘new’ law”—so"},
		{"en-US", "word--word", "word—word"},
		// others
		{"ar", `قال: "نعم", هل هذا صحيح?`, "قال: «نعم»، هل هذا صحيح؟"},
		{"ar", "قال نعم, ثم ذهب", "قال نعم، ثم ذهب"},
		{"he", `צה"ל וג'ירפה "כך"`, "צה״ל וג׳ירפה ”כך”"},
		{"zh", `他说"你好"。`, "他说“你好”。"},
		{"ja", `彼は"はい"と言った`, "彼は「はい」と言った"},
		{"sv", `Han sa "ja"`, "Han sa ”ja”"},
		{"es", `Dijo "hola" ...`, "Dijo «hola»…"},
		{"nl", "'s avonds zei hij 'ja'", "’s avonds zei hij ‘ja’"},
	} {
		got := shown.Replace(tt.lang.Tidy(tt.text))
		if got != tt.want {
			t.Errorf("%s %q:\n got %s\nwant %s", tt.lang, tt.text, got, tt.want)
		}
	}
}

func checkTidy(t interface{ Errorf(string, ...any) }, l Tag, s string) {
	once := l.Tidy(s)
	if twice := l.Tidy(once); twice != once {
		t.Errorf("%s %q:\n once %q\ntwice %q", l, s, once, twice)
	}
	if anchors(once) != anchors(s) {
		t.Errorf("%s %q: letters or figures changed: %q", l, s, once)
	}
	if utf8.ValidString(s) && !utf8.ValidString(once) {
		t.Errorf("%s %q: not UTF-8: %q", l, s, once)
	}
	half := 0
	for i := range once {
		if i <= len(once)/2 {
			half = i
		}
	}
	if runs := l.BindRuns([]string{once[:half], once[half:]}); len(runs) != 2 || strings.Join(runs, "") != l.Bind(once) || anchors(runs[0]) != anchors(once[:half]) {
		t.Errorf("%s %q: bound in two runs %q", l, once, runs)
	}
	bound := l.Bind(once)
	if again := l.Bind(bound); again != bound {
		t.Errorf("%s %q:\nbound once  %q\nbound twice %q", l, s, bound, again)
	}
}

// What is kept on one line is looked at.
func TestMayIsNoNarrowerThanKeeps(t *testing.T) {
	for l, b := range bindings {
		for _, set := range []map[string]bool{b.small, b.before, b.scale, b.titles} {
			for w := range set {
				for _, left := range []string{w, "„" + w, "«" + w + "»", "(" + w, l.UpperFirst(w)} {
					if !b.may(left) {
						t.Errorf("%s: %q is passed over", l, left)
					}
				}
			}
		}
	}
}

// setters are languages whose habits differ.
var setters = []Tag{"de", "uk", "ru", "en", "en-US", "fr", "fr-CA", "pl", "ar", "he", "zh", "ja", "es", "sv", "bg", "cs", "nl", "tr", "hi"}

func TestTidyProperties(t *testing.T) {
	bits := []string{"\"", "'", "’", "‘", "“", "”", "„", "«", "»", "‚", "-", "--", "–", "—", "...", "…", ".", ",", ":", ";", "!", "?", " ", " ", " ",
		"\u00a0", "\u202f", "\n", "a", "Wort", "слово", "s", "S", "l", "12", "000", "%", "10 000", "2024-2028", "Uhr", "в", "(", ")", "z.B.", "т.д.", "M.",
		"http://a.b/c", "نعم", "צ", "好", "5", "h", "млн", "€", "/"}
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(setters).Draw(t, "lang")
		s := strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 20).Draw(t, "bits"), "")
		checkTidy(t, l, s)
		checkTidy(t, l, rapid.String().Draw(t, "text"))
	})
}

func TestTidyNaughtyStrings(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "nasty", "blns.json"))
	if err != nil {
		t.Skip("the naughty strings are not here")
	}
	var all []string
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		for _, l := range setters {
			checkTidy(t, l, s)
			checkSlug(t, l, s, 60)
			l.UpperFirst(s)
			l.CollateKey(s)
			l.Quote(s)
		}
		if tag, err := Parse(s); err == nil && (tag.NameIn("de") == "" || tag.Dir() == "" || len(tag) > longest) {
			t.Errorf("Parse(%q) = %q", s, tag)
		}
		Match(s, setters, "de")
	}
}

// A stranger's paste mustn't hold the desk up: time grows with the length and no faster.
func TestTidyLongTexts(t *testing.T) {
	for _, bit := range []string{`"`, "'", `'"`, "-", " -", "a'", `"a `, "'a", "' a", "\n\"", "« ", "…", "!", " ?", "נ'", "12 ", "z.B.", "a.b/", "نعم,", "»"} {
		s := strings.Repeat(bit, 30_000/len(bit))
		for _, l := range []Tag{"de", "fr", "he", "ar", "ja"} {
			l.Tidy(s)
		}
	}
}

func FuzzTidy(f *testing.F) {
	for _, s := range []string{`"a 'b' c"`, "« a »", "a - b - c.", "10 000 %", "z.B. 5 Uhr", "'90s", "a…b", "https://x.y/?!"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range setters {
			checkTidy(t, l, s)
		}
	})
}

func FuzzMatch(f *testing.F) {
	for _, s := range []string{"de-DE,de;q=0.9,en;q=0.8", "*", "uk;q=0", "zh-TW, zh-Hant;q=0.5", ";;;,q=,", "x-klingon", "i-default"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Match(s, []Tag{"uk", "de", "pt-BR", "zh-Hant", "nb"}, "de")
		if got == "" {
			t.Errorf("%q: no language", s)
		}
	})
}
