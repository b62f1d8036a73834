package quantity

import (
	"sort"
	"strings"
	"testing"

	"depesche/internal/lang"
)

// TestCompare compares two texts and names the faults, or "" where nothing is wrong.
func TestCompare(t *testing.T) {
	for _, tc := range []struct {
		from lang.Tag
		a    string
		to   lang.Tag
		b    string
		want string
	}{
		{"en", "1,077 trees", "de", "1.077 Bäume", ""},
		{"en", "1,077 trees", "uk", "1 077 дерев", ""},
		{"en", "$2.8bn", "de", "2,8 Milliarden Dollar", ""},
		{"en", "2,800 million", "de", "2,8 Milliarden", ""},
		{"en", "9.5 million", "fr", "9,5 millions", ""},
		{"de", "12 Mio. Griwna", "uk", "12 млн гривень", ""},
		{"de", "am 23. Oktober 2024", "en", "on October 23, 2024", ""},
		{"de", "am 23.10.2024", "en", "on October 23, 2024", ""},
		{"en", "in 2018, 300 people", "de", "im Jahr 2018 300 Menschen", ""},
		{"en", "10,000 people", "ru", "10 тысяч человек", ""},
		{"ar", "٣٤٥", "en", "345", ""},
		{"en", "at 2pm and 14:30", "de", "um 14 Uhr und 14.30 Uhr", ""},
		{"en", "15 pigs", "de", "16 Schweine", "number_differs"},
		{"en", "1077 trees", "de", "1770 Bäume", "number_differs"},
		{"en", "Windows 10 and Boeing 737", "de", "Windows 10 und Boeing 747", "number_differs"},
		{"en", "seven", "de", "7", ""},
		{"en", "seven", "de", "8", "number_differs"},
		{"en", "three officials", "uk", "троє посадовців", ""},
		{"en", "three officials", "uk", "четверо посадовців", "number_differs"},
		{"en", "a million people", "uk", "мільйон людей", ""},
		{"en", "a million people", "uk", "мільярд людей", "number_differs"},
		{"en", "millions of people", "ru", "миллионы людей", ""},
		{"en", "millions of people", "ru", "миллиарды людей", "number_differs"},
		{"en", "2.5 billion", "de", "2,5 Billionen", "number_differs"},
		{"en", "half a million", "fr", "500 000", ""},
		{"en", "a dozen men", "pl", "12 mężczyzn", ""},
		{"en", "two and a half years", "uk", "два з половиною роки", ""},
		{"en", "five to seven million", "de", "5–7 Millionen", ""},
		{"en", "twenty-five", "uk", "двадцять п'ять", ""},
		{"de", "zweiundzwanzig", "ru", "двадцать два", ""},
		{"fr", "quatre-vingt-dix-sept", "en", "ninety-seven", ""},
		{"es", "treinta y uno", "pl", "trzydzieści jeden", ""},
		{"en", "a 20-year-old", "uk", "двадцятирічний", ""},
		{"de", "eine fünfjährige Frist", "pl", "pięcioletni termin", ""},
		{"en", "the 19th century", "fr", "le XIXe siècle", ""},
		{"en", "in the 1980s", "pl", "w latach osiemdziesiątych", ""},
		{"en", "in the 1980s", "de", "in den 80er Jahren", ""},
		{"en", "won 1-0", "de", "gewann 1:0", ""},
		{"en", "won 1-0", "de", "gewann 2:0", "number_differs"},
		{"en", "won 1-0", "de", "gewann :0", "number_missing"},
		{"en", "at 3 p.m.", "uk", "о 15-й", ""},
		{"en", "at 3 p.m.", "fr", "à 15 h", ""},
		{"en", "at 3 p.m.", "fr", "à 16 h", "clock_differs"},
		{"en", "at 5.30pm", "es", "a las 5.30 de la tarde", ""},
		{"en", "at 2.15 p.m.", "de", "um 14:45 Uhr", "clock_differs"},
		{"en", "on 1 October", "uk", "1 жовтня", ""},
		{"en", "on 1 October", "uk", "1 листопада", "date_differs"},
		{"en", "on 1 October", "fr", "le 2 octobre", "date_differs"},
		{"en", "on Monday", "pl", "w poniedziałek", ""},
		{"en", "on Monday", "pl", "we wtorek", "date_differs"},
		{"en", "rose by 5 percent", "de", "stieg um 5 Prozentpunkte", "percent_points"},
		{"en", "rose by 5 percentage points", "fr", "a augmenté de 5 points de pourcentage", ""},
		{"en", "5%", "uk", "5 відсотків", ""},
		{"uk", "на 3 відсоткові пункти", "de", "um 3 Prozent", "percent_points"},
		{"en", "half of them", "de", "50 Prozent von ihnen", ""},
		{"en", "$100", "de", "100 Euro", "currency_differs"},
		{"en", "$100", "de", "100 Dollar (90 Euro)", "number_added"},
		{"uk", "300 гривень", "pl", "300 hrywien", ""},
		{"uk", "300 гривень", "ru", "300 рублей", "currency_differs"},
		{"en", "30 yards away", "de", "27 Meter entfernt", "unit_converted"},
		{"en", "30 miles away", "de", "48 Kilometer entfernt", "unit_converted"},
		{"en", "30 miles away", "de", "30 Kilometer entfernt", "unit_differs"},
		{"en", "30 miles away", "de", "58 Kilometer entfernt", "number_differs"},
		{"en", "the 6-foot-6 forward", "de", "der 1,98 m große Flügelspieler", "unit_converted"},
		{"en", "200 miles away", "uk", "за 200 миль (322 км)", ""},
		{"en", "86 °F", "de", "30 °C", "unit_converted"},
		{"en", "80 degrees", "de", "27 Grad", "unit_converted"},
		{"en", "80 degrees", "de", "37 Grad", "number_differs"},
		{"en", "call 0800 555 111", "de", "Telefon 0800 555111", ""},
		{"en", "call 0800 555 111", "de", "Telefon 0800 555112", "number_differs number_missing"},
		{"en", "40 acres", "fr", "16 hectares", "unit_converted"},
		{"en", "one of them", "de", "einer von ihnen", ""},
		{"en", "a second chance", "de", "eine weitere Chance", ""},
		{"en", "for the first time in 2018", "de", "2018 erstmals", ""},
		{"en", "COVID-19, G7, F-16", "uk", "COVID-19, «Група семи», F-16", ""},
		{"en", "call +1 555 0100", "de", "Telefon +1 555 0100", ""},
		{"en", "version 3.2.1", "de", "Version 3.2.1", ""},
		{"en", "version 3.2.1", "de", "Version 3.2.2", "number_differs"},
		{"en", "for six games", "fr", "depuis longtemps", "number_missing"},
		{"en", "at 8:30", "de", "um halb neun", ""},
		{"en", "half past eight", "uk", "о пів на дев’яту", ""},
		{"en", "at 8:30", "pl", "o wpół do dziesiątej", "clock_differs"},
		{"en", "20 years", "de", "zwei Jahrzehnte", ""},
		{"en", ".5 percent", "de", "0,5 Prozent", ""},
		{"en", "5 square miles", "de", "13 Quadratkilometer", "unit_converted"},
		{"en", "5 square miles", "uk", "13 кв. км", "unit_converted"},
		{"en", "5 square miles", "fr", "23 km²", "number_differs"},
		{"en", "on Friday night", "de", "in der Nacht zum Samstag", ""},
		{"en", "nineteen eighty-four", "de", "1984", ""},
		{"en", "six million people", "fr", "six autres millions de personnes", ""},
		{"cs", "pět set", "en", "5", ""},
		{"en", "281 stores", "de", "die Filialen", "number_missing"},
		{"en", "the May 2018 deal", "de", "das Abkommen vom Mai 2018", ""},
		{"en", "he may come in 2018", "de", "er könnte 2018 kommen", ""},
	} {
		got := faults(Compare(tc.from, tc.a, tc.to, tc.b))
		if got != tc.want {
			t.Errorf("%s %q and %s %q: %q, want %q", tc.from, tc.a, tc.to, tc.b, got, tc.want)
		}
	}
}

func faults(r Result) string {
	var out []string
	for _, d := range r.Differences {
		out = append(out, string(d.Fault))
	}
	sort.Strings(out)
	return strings.Join(out, " ")
}

// TestIn reads quantities: value with unit or currency, kinds in brackets.
func TestIn(t *testing.T) {
	for _, tc := range []struct {
		lang lang.Tag
		text string
		want string
	}{
		{"en", "$2.8bn", "2800000000usd"},
		{"en", "US$5 and A$6", "5usd 6aud"},
		{"de", "1.077 Bäume", "1077"},
		{"de", "3,5 Mio. Euro", "3500000eur"},
		{"de", "2 Billionen", "2000000000000"},
		{"en", "2 trillion", "2000000000000"},
		{"uk", "12,5 тис. грн", "12500uah"},
		{"uk", "1 077 дерев", "1077"},
		{"uk", "півтора мільйона", "1500000"},
		{"ru", "полтора часа", "1.5hour"},
		{"pl", "półtora roku", "1.5year"},
		{"de", "anderthalb Jahre", "1.5year"},
		{"de", "zweitausenddreihundert", "2300"},
		{"de", "zwölf Menschen", "12"},
		{"de", "Achtung, er achtet darauf", ""},
		{"fr", "soixante-quinze mille euros", "75000eur"},
		{"fr", "vingt et un", "21"},
		{"fr", "2 000,50 €", "2000.5eur"},
		{"fr", "15 h 30", "[clock 930]"},
		{"en", "one hundred and five", "105"},
		{"en", "two thirds", "2/3"},
		{"en", "3 p.m.", "[clock 900]"},
		{"de", "12.345,67 Euro", "12345.67eur"},
		{"en", "12,34,567", "1234567"},
		{"de", "1'000", "1000"},
		{"en", "18 to 24 percent", "18percent 24percent"},
		{"en", "9½", "9.5"},
		{"en", "2024-10-23", "2024 [month 10] [day 23]"},
		{"uk", "23 жовтня", "[day 23] [month 10]"},
		{"uk", "у жовтні", "[month 10]"},
		{"uk", "у лютому", "[month 2]"},
		{"uk", "лютий мороз", ""},
		{"ru", "в пятницу", "[weekday 5]"},
		{"de", "Mai 2018", "[month 5] 2018"},
		{"ru", "2 дня", "2day"},
		{"tr", "%5", "5percent"},
		{"tr", "yüzde 5", "5percent"},
		{"ar", "١٬٢٣٤٫٥", "1234.5"},
		{"he", "3,000 שקל", "3000"},
		{"en", "", ""},
	} {
		if got := described(In(tc.lang, tc.text)); got != tc.want {
			t.Errorf("%s %q: %q, want %q", tc.lang, tc.text, got, tc.want)
		}
	}
}

func described(list []Quantity) string {
	names := map[Kind]string{Clock: "clock", Day: "day", Month: "month", Weekday: "weekday"}
	var out []string
	for _, q := range list {
		s := q.Values[0].String()
		if name := names[q.Kind]; name != "" {
			out = append(out, "["+name+" "+s+"]")
			continue
		}
		if q.Currency != "" {
			s += q.Currency
		} else {
			s += q.Unit
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}
