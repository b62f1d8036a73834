package lang

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// The examples of the Ukrainian Cabinet of Ministers' resolution of 27 January 2010, no. 55, all of
// them.
var ukrainian2010 = [][2]string{
	{"Алушта", "Alushta"}, {"Андрій", "Andrii"}, {"Борщагівка", "Borshchahivka"}, {"Борисенко", "Borysenko"},
	{"Вінниця", "Vinnytsia"}, {"Володимир", "Volodymyr"}, {"Гадяч", "Hadiach"}, {"Богдан", "Bohdan"}, {"Згурський", "Zghurskyi"},
	{"Ґалаґан", "Galagan"}, {"Ґорґани", "Gorgany"}, {"Донецьк", "Donetsk"}, {"Дмитро", "Dmytro"}, {"Рівне", "Rivne"},
	{"Олег", "Oleh"}, {"Есмань", "Esman"}, {"Єнакієве", "Yenakiieve"}, {"Гаєвич", "Haievych"}, {"Короп’є", "Koropie"},
	{"Житомир", "Zhytomyr"}, {"Жанна", "Zhanna"}, {"Жежелів", "Zhezheliv"}, {"Закарпаття", "Zakarpattia"}, {"Казимирчук", "Kazymyrchuk"},
	{"Медвин", "Medvyn"}, {"Михайленко", "Mykhailenko"}, {"Іванків", "Ivankiv"}, {"Іващенко", "Ivashchenko"},
	{"Їжакевич", "Yizhakevych"}, {"Кадиївка", "Kadyivka"}, {"Мар’їне", "Marine"}, {"Йосипівка", "Yosypivka"}, {"Стрий", "Stryi"}, {"Олексій", "Oleksii"},
	{"Київ", "Kyiv"}, {"Коваленко", "Kovalenko"}, {"Лебедин", "Lebedyn"}, {"Леонід", "Leonid"}, {"Миколаїв", "Mykolaiv"}, {"Маринич", "Marynych"},
	{"Ніжин", "Nizhyn"}, {"Наталія", "Nataliia"}, {"Одеса", "Odesa"}, {"Онищенко", "Onyshchenko"}, {"Полтава", "Poltava"}, {"Петро", "Petro"},
	{"Решетилівка", "Reshetylivka"}, {"Рибчинський", "Rybchynskyi"}, {"Суми", "Sumy"}, {"Соломія", "Solomiia"}, {"Тернопіль", "Ternopil"}, {"Троць", "Trots"},
	{"Ужгород", "Uzhhorod"}, {"Уляна", "Uliana"}, {"Фастів", "Fastiv"}, {"Філіпчук", "Filipchuk"}, {"Харків", "Kharkiv"}, {"Христина", "Khrystyna"},
	{"Біла Церква", "Bila Tserkva"}, {"Стеценко", "Stetsenko"}, {"Чернівці", "Chernivtsi"}, {"Шевченко", "Shevchenko"}, {"Шостка", "Shostka"}, {"Кишеньки", "Kyshenky"},
	{"Щербухи", "Shcherbukhy"}, {"Гоща", "Hoshcha"}, {"Гаращенко", "Harashchenko"}, {"Юрій", "Yurii"}, {"Корюківка", "Koriukivka"},
	{"Яготин", "Yahotyn"}, {"Ярошенко", "Yaroshenko"}, {"Костянтин", "Kostiantyn"}, {"Знам’янка", "Znamianka"}, {"Феодосія", "Feodosiia"},
	{"Згорани", "Zghorany"}, {"Розгон", "Rozghon"},
	// beyond the resolution's own examples
	{"Запоріжжя", "Zaporizhzhia"}, {"ЩО ЦЕ", "SHCHO TSE"}, {"ЄС і ЮНЕСКО", "YES i YUNESKO"}, {"Нью-Йорк", "Niu-York"}, {"з'їзд", "zizd"}, {"зʼїзд", "zizd"},
	{"Володимир Зеленський", "Volodymyr Zelenskyi"}, {"Україна-Європа", "Ukraina-Yevropa"}, {"«Єдність»", "«Yednist»"},
}

func TestTransliterateUkrainian(t *testing.T) {
	for _, tt := range ukrainian2010 {
		if got := Transliterate("uk", tt[0]); strings.ReplaceAll(got, "’", "") != tt[1] && strings.ReplaceAll(strings.ReplaceAll(got, "'", ""), "ʼ", "") != tt[1] {
			t.Errorf("%s: %s, want %s", tt[0], got, tt[1])
		}
	}
}

func TestTransliterate(t *testing.T) {
	for _, tt := range []struct {
		from       Tag
		text, want string
	}{
		{"de", "Häuser, Öl, Übel, Straße, ÄRGER", "Haeuser, Oel, Uebel, Strasse, AERGER"},
		{"de", "Ärger", "Aerger"},
		{"de", "GROẞ", "GROSS"},
		{"fr", "L’été à Besançon, œuvre, Œuvre, naïf", "L’ete a Besancon, oeuvre, Oeuvre, naif"},
		{"pl", "Zażółć gęślą jaźń, Łódź", "Zazolc gesla jazn, Lodz"},
		{"ru", "Зеленский, Ёлка, Юрий, объезд, съёмка, щи", "Zelenskiy, Yolka, Yuriy, obezd, syomka, shchi"},
		{"be", "Мінск, Жлобін, Гродна, Быхаў", "Minsk, Zhlobin, Hrodna, Bykhaw"},
		{"bg", "София, Търново, щъркел, Шипка", "Sofia, Tarnovo, shtarkel, Shipka"},
		{"sr", "Ђорђе Ћирић, Љубљана, Џон", "Djordje Ciric, Ljubljana, Dzon"},
		{"mk", "Ѓорѓи, Ќустендил, Љубојно", "Gjorgji, Kjustendil, Ljubojno"},
		{"kk", "Қазақстан, Өскемен, Ақтөбе", "Qazaqstan, Oskemen, Aqtobe"},
		{"en", "Зеленський і Байден", "Zelenskyi i Baiden"},
		{"de", "Зеленский", "Zelenskiy"},
		{"da", "Århus, Ærø, små", "Aarhus, Aeroe, smaa"},
		{"nb", "Støre, Ålesund", "Store, Alesund"},
		{"sv", "Malmö, Åre", "Malmo, Are"},
		{"is", "Þingvellir, Seyðisfjörður", "Thingvellir, Seydisfjordur"},
		{"tr", "İstanbul, Iğdır, şeker, çağ", "Istanbul, Igdir, seker, cag"},
		{"vi", "Thành phố Hồ Chí Minh, Đà Nẵng", "Thanh pho Ho Chi Minh, Da Nang"},
		{"el", "Αθήνα, Πειραιάς, Εύβοια, αυτός, Ναύπλιο, Μπακογιάννη, άγγελος, Μαΐου, ουρανός, ΕΥΡΩΠΗ", "Athina, Peiraias, Evvoia, aftos, Nafplio, Bakogianni, angelos, Maiou, ouranos, EVROPI"},
		{"ar", "زيلينسكي يأمل في دعوة", "zilinski yaml fi dwa"},
		{"ar", "أوكرانيا وأوروبا", "ukranya wawruba"},
		{"ar", "الناتو", "alnatu"},
		{"fa", "اوکراین", "ukrayn"},
		{"he", "ירושלים", "yroshlim"},
		{"ka", "საქართველო", "sakartvelo"},
		{"hy", "Երևան, Հայաստան", "Yerevan, Hayastan"},
		{"hi", "नमस्ते भारत", "namaste bharat"},
		{"bn", "বাংলাদেশ", "banladesh"},
		{"ko", "대한민국", "daehanminguk"},
		{"ja", "さくら キョウト きって しゃちょう ジャズ", "sakura kyouto kitte shachou jazu"},
		{"zh", "北京 2024", " 2024"},
		{"en", "café \xff naïve", "cafe  naive"},
	} {
		if got := Transliterate(tt.from, tt.text); got != tt.want {
			t.Errorf("%s %q:\n got %q\nwant %q", tt.from, tt.text, got, tt.want)
		}
	}
}

func TestSlug(t *testing.T) {
	for _, tt := range []struct {
		lang Tag
		text string
		max  int
		want string
	}{
		{"de", "1.077 Bäume illegal gefällt: Ermittlungen in der Region Charkiw", 80, "1077-baeume-illegal-gefaellt-ermittlungen-in-der-region-charkiw"},
		{"de", "1.077 Bäume illegal gefällt: Ermittlungen", 30, "1077-baeume-illegal-gefaellt"},
		{"de", "9,5 Millionen für die Straße", 0, "9-5-millionen-fuer-die-strasse"},
		{"uk", "Зеленський сподівається на запрошення до НАТО ще за Байдена", 40, "zelenskyi-spodivaietsia-na-zaproshennia"},
		{"uk", "П’ять пунктів", 0, "piat-punktiv"},
		{"uk", "10\u202f000 дерев", 0, "10000-derev"},
		{"fr", "L’Otan et l’Ukraine : 1 077 arbres", 0, "l-otan-et-l-ukraine-1-077-arbres"},
		{"fr", "1\u202f077 arbres", 0, "1077-arbres"},
		{"en", "Don’t look up – it’s 12%", 0, "dont-look-up-its-12"},
		{"en", "  --Hello--World--  ", 0, "hello-world"},
		{"de", "Donaudampfschifffahrtsgesellschaft", 10, "donaudampf"},
		{"de", "2024", 0, ""},
		{"de", "23.10.2024", 0, ""},
		{"zh", "北京的秋天", 0, ""},
		{"zh", "北京 NATO 峰会 2024 年", 0, ""},
		{"zh", "NATO 峰会 2024", 0, "nato-2024"},
		{"ja", "岸田首相の訪問", 0, ""},
		{"th", "กรุงเทพ", 0, ""},
		{"ar", "زيلينسكي", 0, "zilinski"},
		{"de", "", 0, ""},
		{"de", "…!?", 0, ""},
		{"de", "2024 2025 Donaudampfschifffahrt", 9, ""},
	} {
		if got := tt.lang.Slug(tt.text, tt.max); got != tt.want {
			t.Errorf("%s %q, %d: %q, want %q", tt.lang, tt.text, tt.max, got, tt.want)
		}
	}
}

func checkSlug(t interface{ Errorf(string, ...any) }, l Tag, s string, max int) {
	slug := l.Slug(s, max)
	if slug == "" {
		return
	}
	if len(slug) > max || strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.Contains(slug, "--") ||
		strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Trim(slug, "0123456789-") == "" {
		t.Errorf("%s %q, %d: %q is no slug", l, s, max, slug)
	}
	if again := l.Slug(slug, max); again != slug {
		t.Errorf("%s: the slug of %q is %q", l, slug, again)
	}
}

func TestSlugProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(Known()).Draw(t, "lang")
		checkSlug(t, l, rapid.String().Draw(t, "text"), rapid.IntRange(1, 100).Draw(t, "max"))
	})
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"Зеленський", "αυ", "きゃっ", "नमस्ते", "وو", "각", "\xff", "1.077"} {
		f.Add(s, 20)
	}
	f.Fuzz(func(t *testing.T, s string, max int) {
		for _, l := range []Tag{"de", "uk", "el", "ar", "hi", "ja", "ko"} {
			checkSlug(t, l, s, max%100+101)
			if out := Transliterate(l, s); utf8.ValidString(s) && !utf8.ValidString(out) {
				t.Errorf("%s %q: %q", l, s, out)
			}
		}
	})
}
