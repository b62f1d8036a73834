package register_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

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

// What is found in one language and not in the other is either a form that the rules missed, another
// way to say it, or a false hit. Translators say things in other ways now and then; false hits are
// counted by whether the English segment has the name at all.
func TestNamesInNews(t *testing.T) {
	segments := news(t)
	list := newsRegister()
	en := register.Compile(list, "en", false)
	for _, l := range []lang.Tag{"de", "fr", "es", "pl", "ru", "uk"} {
		x := register.Compile(list, l, false)
		both, lost, extra := 0, 0, 0
		var examples []string
		for _, seg := range segments {
			a, b := map[int]bool{}, map[int]bool{}
			for _, m := range en.Find(seg["en"]) {
				a[m.Entry] = true
			}
			for _, m := range x.Find(seg[l]) {
				b[m.Entry] = true
			}
			for i := range list {
				switch {
				case a[i] && b[i]:
					both++
				case a[i]:
					lost++
					examples = append(examples, "-"+list[i].Words[l].Text+": "+seg[l])
				case b[i]:
					extra++
					examples = append(examples, fmt.Sprintf("+%s: %s ## %s", list[i].Words[l].Text, seg[l], seg["en"]))
				}
			}
		}
		t.Logf("%s: %d in both, %d in English alone, %d in %s alone", l, both, lost, extra, l)
		if testing.Verbose() {
			for _, e := range examples {
				t.Log(e)
			}
		}
	}
}
