package check

import (
	"strings"
	"testing"

	"depesche/internal/lang"
)

// TestWeigh holds what a change is proposed to mean: "fact!" is firm, "fact" a proposal; the reasons
// are without "weigh.".
func TestWeigh(t *testing.T) {
	for _, tc := range []struct {
		lang      lang.Tag
		then, now string
		want      string
	}{
		{"uk", "Затримано троє посадовців.", "Затримано четверо посадовців.", "fact! number"},
		{"uk", "Затримано трьох посадовців.", "Затримано 3 посадовців.", "wording"},
		{"uk", "Вирубали 1077 дерев.", "Вирубали 1 077 дерев.", "wording"},
		{"uk", "Збитки – 9,5 млн грн.", "Збитки – 9,5 млрд грн.", "fact! number"},
		{"uk", "Це сталося 23 жовтня.", "Це сталося 24 жовтня.", "fact! date"},
		{"uk", "Це сталося у вівторок.", "Це сталося в середу.", "fact! date"},
		{"uk", "Рада ухвалила закон.", "Рада не ухвалила закон.", "fact! negation"},
		{"uk", "Мер Києва Віталій Кличко заявив про це.", "Мер Львова Андрій Садовий заявив про це.", "fact! name"},
		{"uk", "Він живе у Києві.", "Він живе в Києві.", "wording"},
		{"uk", "Він приїхав до Києва вранці.", "Він був у Києві вранці.", "wording"},
		{"uk", "Вони сказали \"ні\".", "Вони сказали «ні».", "wording"},
		{"uk", "Вирубали дерва вночі.", "Вирубали дерева вночі.", "wording"},
		{"uk", "Штраф 300 гривень.", "Штраф 300 доларів.", "fact! currency"},
		{"uk", "«Ми завжди прийдемо завтра», – каже вона.", "«Ми завжди прийдемо пізніше», – каже вона.", "fact quotation"},
		{"uk", "Поліція повідомила, що дороги в області перекрито через снігопад.", "Через негоду рух транспорту обмежили, кажуть правоохоронці, й радять лишатися вдома.", "fact rewritten"},
		{"de", "Drei Beamte wurden festgenommen.", "Vier Beamte wurden festgenommen.", "fact! number"},
		{"de", "Ein Beamter wurde festgenommen.", "Zwei Beamte wurden festgenommen.", "fact! number"},
		{"de", "Rund 1.077 Bäume.", "Rund 1077 Bäume.", "wording"},
		{"de", "Die Zahl stieg um 5 Prozent.", "Die Zahl stieg um 5 Prozentpunkte.", "fact! unit"},
		{"de", "Das Gesetz tritt in Kraft.", "Das Gesetz tritt nicht in Kraft.", "fact! negation"},
		{"de", "Er hat Geld.", "Er hat kein Geld.", "fact! negation"},
		{"de", "Das Treffen ist am Montag.", "Das Treffen ist am Dienstag.", "fact! date"},
		{"de", "Der Minister kam nach Berlin.", "Der Minister kam nach München.", "fact! name"},
		{"de", "Das sagte Anna Müller der Zeitung.", "Das sagte Petra Schmidt der Zeitung.", "fact! name"},
		{"de", "Das Haus brannte gestern ab.", "Das Gebäude brannte gestern ab.", "wording"},
		{"de", "Die UNO warnt.", "Die NATO warnt.", "fact! name"},
		{"de", "Das war's...", "Das war’s …", "wording"},
		{"de", "Er kam um 14 Uhr.", "Er kam um 15 Uhr.", "fact! number"},
		{"de", "Er kam um 14 Uhr.", "Er kam um 14:00 Uhr.", "wording"},
		{"de", "Die Strecke ist 30 Kilometer lang.", "Die Strecke ist 30 Meilen lang.", "fact! unit"},
		{"de", "Die Strecke ist lang und schön.", "Die Strecke ist lang und hübsch.", "wording"},
		{"en", "Three officials were arrested.", "Four officials were arrested.", "fact! number"},
		{"en", "Three officials were arrested.", "3 officials were arrested.", "wording"},
		{"en", "The bank lost $2.8bn.", "The bank lost $2.8 billion.", "wording"},
		{"en", "The bank lost $2.8bn.", "The bank lost £2.8bn.", "fact! currency"},
		{"en", "He did say so.", "He didn't say so.", "fact! negation"},
		{"en", "He didn't say so.", "He didn’t say so.", "wording"},
		{"en", "He didn’t say so.", "He did not say so.", "wording"},
		{"en", "The mayor of Paris came.", "The mayor of London came.", "fact! name"},
		{"en", "He met Paris’s mayor in Paris.", "He met the mayor of Paris.", "wording"},
		{"en", "It is on May 3.", "It is on June 3.", "fact! date"},
		{"en", "It is the first time.", "It is the second time.", "fact! number"},
		{"en", "A man came.", "One man came.", "wording"},
		{"en", "The mayor said a new bridge is needed.", "The mayor said that a new bridge was needed.", "wording"},
		{"en", "Prices rose by a third.", "Prices rose by a quarter.", "fact! number"},
		{"fr", "Trois responsables ont été arrêtés.", "Quatre responsables ont été arrêtés.", "fact! number"},
		{"fr", "Il est venu à 15 h.", "Il est venu à 15 h 30.", "fact! number"},
		{"fr", "Il viendra lundi.", "Il viendra mardi.", "fact! date"},
		{"fr", "La loi passe.", "La loi ne passe pas.", "fact! negation"},
		{"fr", "Il vit à Lyon.", "Il vit à Nantes.", "fact! name"},
		{"fr", "C'est la fin du match.", "C’est la fin du match.", "wording"},
		{"fr", "Cela coûte 1 000 euros.", "Cela coûte 1 000 euros.", "wording"},
		{"fr", "Cela coûte 100 euros.", "Cela coûte 100 dollars.", "fact! currency"},
		{"pl", "Zatrzymano trzech urzędników.", "Zatrzymano czterech urzędników.", "fact! number"},
		{"pl", "Zatrzymano dwóch urzędników.", "Zatrzymano 2 urzędników.", "wording"},
		{"pl", "Ustawa wejdzie w życie.", "Ustawa nie wejdzie w życie.", "fact! negation"},
		{"pl", "Spotkanie jest w maju.", "Spotkanie jest we wrześniu.", "fact! date"},
		{"pl", "Mieszka w Warszawie.", "Mieszka w Krakowie.", "fact! name"},
		{"pl", "Przyjechał do Warszawy.", "Był w Warszawie.", "wording"},
		{"pl", "Straty to 2 mln złotych.", "Straty to 2 mld złotych.", "fact! number"},
		{"ru", "Задержаны трое чиновников.", "Задержаны четверо чиновников.", "fact! number"},
		{"ru", "Задержаны двадцать пять человек.", "Задержаны 25 человек.", "wording"},
		{"ru", "Закон принят.", "Закон не принят.", "fact! negation"},
		{"ru", "Это было 5 марта.", "Это было 5 апреля.", "fact! date"},
		{"ru", "Он живёт в Москве.", "Он живёт в Казани.", "fact! name"},
		{"ru", "Он уехал из Москвы.", "Он был в Москве.", "wording"},
		{"ru", "Ещё один дом.", "Еще один дом.", "wording"},
		{"ru", "Цены выросли вдвое.", "Цены выросли втрое.", "fact! number"},
		{"es", "Tres personas murieron.", "Cuatro personas murieron.", "fact! number"},
		{"es", "Viene mañana.", "No viene mañana.", "fact! negation"},
		{"en", "He came yesterday.", "He came today.", "fact! date"},
		{"uk", "Він приїхав учора.", "Він приїхав сьогодні.", "fact! date"},
		{"en", "He came yesterday.", "He came.", "wording"},
		{"en", "Same.", "Same.", "wording"},
		{"en", "", "", "wording"},
	} {
		got := Weigh(tc.lang, tc.then, tc.now)
		said := got.Weight.String()
		if got.Firm {
			said += "!"
		}
		for _, why := range got.Why {
			said += " " + strings.TrimPrefix(why, "weigh.")
		}
		if said != tc.want {
			t.Errorf("%s %q → %q: %s, want %s", tc.lang, tc.then, tc.now, said, tc.want)
		}
	}
}

// TestWeighWords holds that each reason can be said in every language of the desk.
func TestWeighWords(t *testing.T) {
	all, err := lang.LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []lang.Tag{"de", "uk", "en", "fr", "pl", "ru"} {
		for _, why := range []string{"number", "date", "unit", "currency", "name", "negation", "quotation", "rewritten"} {
			if !all.In(l).Has("weigh." + why) {
				t.Errorf("%s: no words for weigh.%s", l, why)
			}
		}
		for _, code := range append([]string{"number_added", "unit_converted"}, numberCodes...) {
			if f := (Finding{Code: code}); !all.In(l).Has(f.Word()) || !all.In(l).Has(f.Do()) {
				t.Errorf("%s: no words for %s", l, code)
			}
		}
	}
}
