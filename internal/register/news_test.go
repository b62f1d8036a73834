package register_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"depesche/internal/lang"
	"depesche/internal/register"
)

// news are the segments of human translations of news, by language; none where they aren't.
func news(t testing.TB) []map[lang.Tag]string {
	t.Helper()
	f, err := os.Open("../../../shared/data/parallel-news/ntrex-news.jsonl")
	if err != nil {
		t.Skip("needs the parallel news")
	}
	defer f.Close()
	var out []map[lang.Tag]string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		m := map[lang.Tag]string{}
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

// newsNames are names of the news in the dictionary's form alone, English first; a gender follows
// where there is no other way to know.
var newsNames = []string{
	"person|Trump|de Trump|fr Trump|es Trump|pl Trump m|ru Трамп m|uk Трамп m",
	"person|Kavanaugh|de Kavanaugh|fr Kavanaugh|es Kavanaugh|pl Kavanaugh m|ru Кавано m|uk Кавано m",
	"person|Woods|de Woods|fr Woods|es Woods|pl Woods m|ru Вудс m|uk Вудс m",
	"person|Clinton|de Clinton|fr Clinton|es Clinton|pl Clinton|ru Клинтон|uk Клінтон",
	"person|Putin|de Putin|fr Poutine|es Putin|pl Putin m|ru Путин m|uk Путін m",
	"place|Russia|de Russland|fr Russie|es Rusia|pl Rosja f|ru Россия f|uk Росія f",
	"place|China|de China|fr Chine|es China|pl Chiny pl|ru Китай m|uk Китай m",
	"place|Scotland|de Schottland|fr Écosse|es Escocia|pl Szkocja f|ru Шотландия f|uk Шотландія f",
	"place|Washington|de Washington|fr Washington|es Washington|pl Waszyngton m|ru Вашингтон m|uk Вашингтон m",
	"place|Macedonia|de Mazedonien|fr Macédoine|es Macedonia|pl Macedonia f|ru Македония f|uk Македонія f",
	"place|Greece|de Griechenland|fr Grèce|es Grecia|pl Grecja f|ru Греция f|uk Греція f",
	"place|Indonesia|de Indonesien|fr Indonésie|es Indonesia|pl Indonezja f|ru Индонезия f|uk Індонезія f",
	"place|London|de London|fr Londres|es Londres|pl Londyn m|ru Лондон m|uk Лондон m",
	"place|Paris|de Paris|fr Paris|es París|pl Paryż m|ru Париж m|uk Париж m",
	"place|Japan|de Japan|fr Japon|es Japón|pl Japonia f|ru Япония f|uk Японія f",
	"place|Germany|de Deutschland|fr Allemagne|es Alemania|pl Niemcy pl|ru Германия f|uk Німеччина f",
	"place|Syria|de Syrien|fr Syrie|es Siria|pl Syria f|ru Сирия f|uk Сирія f",
	"place|Ukraine|de Ukraine|fr Ukraine|es Ucrania|pl Ukraina f|ru Украина f|uk Україна f",
	"body|European Union|de Europäische Union f|fr Union européenne|es Unión Europea|pl Unia Europejska f|ru Европейский союз m|uk Європейський союз m",
	"body|White House|de Weißes Haus n|fr Maison Blanche|es Casa Blanca|pl Biały Dom m|ru Белый дом m|uk Білий дім m",
	"body|Supreme Court|de Oberster Gerichtshof m|fr Cour suprême|es Corte Suprema|pl Sąd Najwyższy m|ru Верховный суд m|uk Верховний суд m",
}

func newsRegister() []register.Entry {
	var out []register.Entry
	for _, line := range newsNames {
		part := strings.Split(line, "|")
		e := register.Entry{Kind: register.Kind(part[0]), Words: map[lang.Tag]register.Word{"en": {Text: part[1]}}}
		for _, p := range part[2:] {
			l, text, _ := strings.Cut(p, " ")
			w := register.Word{Text: text}
			if at := strings.LastIndexByte(text, ' '); at > 0 {
				switch g := register.Gender(text[at+1:]); g {
				case "m", "f", "n", "pl":
					w.Text, w.Gender = text[:at], g
				}
			}
			e.Words[lang.Tag(l)] = w
		}
		out = append(out, e)
	}
	return out
}

// What is found in one language and not in the other is a form that the rules missed, another way to
// say it, or a false hit. Where the English segment doesn't even have a word that begins like the name,
// it is taken for a false one; translators who put a name in the place of a pronoun are among them.
func TestNamesInNews(t *testing.T) {
	segments := news(t)
	list := newsRegister()
	en := register.Compile(list, "en", false)
	in := func(x *register.Index, text string) map[int]bool {
		out := map[int]bool{}
		for _, m := range x.Find(text) {
			out[m.Entry] = true
		}
		return out
	}
	for _, l := range []lang.Tag{"de", "fr", "es", "pl", "ru", "uk"} {
		x := register.Compile(list, l, false)
		both, lost, otherwise, wrong := 0, 0, 0, 0
		for _, seg := range segments {
			a, b := in(en, seg["en"]), in(x, seg[l])
			for i, e := range list {
				switch name := e.Words["en"].Text; {
				case a[i] && b[i]:
					both++
				case a[i]:
					lost++
				case b[i] && strings.Contains(seg["en"], name[:4]) || b[i] && name == "European Union":
					otherwise++
				case b[i]:
					wrong++
					t.Logf("%s %s: %s # %s", l, e.Words[l].Text, seg[l], seg["en"])
				}
			}
		}
		t.Logf("%s: %d of %d names found, %d where English has an adjective or an abbreviation, %d elsewhere, in %d segments", l, both, both+lost, otherwise, wrong, len(segments))
		if lost*100 > 15*(both+lost) || wrong*200 > len(segments) {
			t.Errorf("%s: %d lost, %d that are not in English", l, lost, wrong)
		}
	}
}

// bigRegister is one of 10,000 names, of words that stand in the news.
func bigRegister(t testing.TB) []register.Entry {
	t.Helper()
	var words []string
	seen := map[string]bool{}
	for _, seg := range news(t) {
		for _, w := range strings.Fields(seg["uk"]) {
			w = strings.Trim(w, "«»\"“”,.:;()?!…")
			if r, _ := utf8.DecodeRuneInString(w); unicode.Is(unicode.Cyrillic, r) && len(w) > 8 && !seen[w] {
				seen[w] = true
				words = append(words, strings.ToUpper(w[:2])+w[2:])
			}
		}
	}
	var out []register.Entry
	for i := 0; len(out) < 10_000; i++ {
		text := words[i%len(words)]
		if i >= len(words)/4 {
			text += " " + words[i*31%len(words)]
		}
		out = append(out, register.Entry{ID: register.ID(fmt.Sprint(i)), Kind: register.Kinds[i%5], Words: map[lang.Tag]register.Word{"uk": {Text: text}, "de": {Text: "X" + text}}})
	}
	return out
}

func BenchmarkCompile(b *testing.B) {
	list := bigRegister(b)
	for b.Loop() {
		register.Compile(list, "uk", true)
	}
}

// A 60-segment edition against 10,000 entries.
func BenchmarkFind(b *testing.B) {
	x := register.Compile(bigRegister(b), "uk", true)
	segments := news(b)[:60]
	hits := 0
	for b.Loop() {
		hits = 0
		for _, seg := range segments {
			hits += len(x.Find(seg["uk"]))
		}
	}
	b.ReportMetric(float64(hits), "hits")
}
