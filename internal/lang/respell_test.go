package lang_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"depesche/internal/lang"
)

// Names as dictionaries and papers of the language have them.
func TestRespell(t *testing.T) {
	for _, tc := range []struct {
		from, to lang.Tag
		norm     lang.Norm
		names    string // name=spelling, parted by "; "
	}{
		{"uk", "en", lang.KMU2010, "Володимир Зеленський=Volodymyr Zelenskyi; Алушта=Alushta; Згорани=Zghorany; Розгон=Rozghon; Єнакієве=Yenakiieve; Наєнко=Naienko; Їжакевич=Yizhakevych; Кадиївка=Kadyivka; Йосипівка=Yosypivka; Стрий=Stryi; Юрій=Yurii; Крюківка=Kriukivka; Яготин=Yahotyn; Костянтин=Kostiantyn; Знам'янка=Znamianka; Феодосія=Feodosiia"},
		{"uk", "es", lang.KMU2010, "Харків=Kharkiv"},
		{"ru", "en", lang.BGN, "Ельцин=Yeltsin; Достоевский=Dostoyevsky; Горький=Gorky; Юрий=Yury; Чайковский=Chaykovsky; Путин=Putin; Лавров=Lavrov; Шойгу=Shoygu; Анатолий=Anatoly; Мария Захарова=Maria Zakharova"},
		{"ru", "de", lang.Duden, "Горбачёв=Gorbatschow; Хрущёв=Chruschtschow; Чайковский=Tschaikowski; Ельцин=Jelzin; Достоевский=Dostojewski; Толстой=Tolstoi; Солженицын=Solschenizyn; Василий=Wassili; Евгений=Jewgeni; Юрий=Juri; Андрей=Andrei; Ильич=Iljitsch; Лавров=Lawrow; Шойгу=Schoigu"},
		{"uk", "de", lang.Duden, "Володимир Зеленський=Wolodymyr Selenskyj; Київ=Kyjiw; Харків=Charkiw; Чернівці=Tscherniwzi; Запоріжжя=Saporischschja; Львів=Lwiw; Дніпро=Dnipro; Порошенко=Poroschenko; Янукович=Janukowytsch; Хмельницький=Chmelnyzkyj; Тимошенко=Tymoschenko; Олексій=Olexij; Щербак=Schtscherbak; Одеса=Odessa; Вінниця=Winnyzja; Івано-Франківськ=Iwano-Frankiwsk; ЗСУ=SSU; Слов'янськ=Slowjansk"},
		{"uk", "pl", lang.PWN, "Володимир Зеленський=Wołodymyr Zełenski; Шевченко=Szewczenko; Порошенко=Poroszenko; Тимошенко=Tymoszenko; Сергій=Serhij; Янукович=Janukowycz; Хмельницький=Chmelnycki; Харків=Charkiw; Донецьк=Doneck"},
		{"ru", "pl", lang.PWN, "Путин=Putin; Горбачёв=Gorbaczow; Достоевский=Dostojewski; Ельцин=Jelcyn; Чехов=Czechow; Хрущёв=Chruszczow; Медведев=Miedwiediew; Лавров=Ławrow; Толстой=Tołstoj; Тургенев=Turgieniew; Пушкин=Puszkin"},
		{"uk", "fr", lang.FrenchUse, "Володимир Зеленський=Volodymyr Zelensky; Порошенко=Porochenko; Шевченко=Chevtchenko; Янукович=Ianoukovytch; Харків=Kharkiv; Чернівці=Tchernivtsi; Одеса=Odessa"},
		{"ru", "fr", lang.FrenchUse, "Путин=Poutine; Горбачёв=Gorbatchev; Хрущёв=Khrouchtchev; Чехов=Tchekhov; Ельцин=Eltsine; Достоевский=Dostoïevski; Пушкин=Pouchkine; Медведев=Medvedev; Толстой=Tolstoï; Шойгу=Choïgou; Юрий=Iouri; Сергей=Sergueï; Василий=Vassili"},
		{"ru", "uk", lang.Pravopys, "Путин=Путін; Пушкин=Пушкін; Ельцин=Єльцин; Достоевский=Достоєвський; Горбачёв=Горбачов; Хрущёв=Хрущов; Медведев=Медведєв; Тургенев=Тургенєв; Лавров=Лавров; Толстой=Толстой; Белый=Белий"},
		{"uk", "ru", lang.RussianUse, "Зеленський=Зеленский; Порошенко=Порошенко; Кличко=Кличко; Хмельницький=Хмельницкий; Зеленська=Зеленская; Сергій=Сергий"},
		{"de", "uk", "", "Scholz=Scholz"},
		{"el", "de", "", "Τσίπρας=Tsipras"},
	} {
		for pair := range strings.SplitSeq(tc.names, "; ") {
			name, want, _ := strings.Cut(pair, "=")
			got, n := lang.Respell(tc.from, tc.to, name)
			if got != want || n != tc.norm {
				t.Errorf("%s to %s: %s is %s (%s), want %s (%s)", tc.from, tc.to, name, got, n, want, tc.norm)
			}
		}
	}
}

func TestRespellAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.SampledFrom([]lang.Tag{"uk", "ru", "ar", "de"}).Draw(t, "from")
		to := rapid.SampledFrom([]lang.Tag{"uk", "ru", "pl", "de", "fr", "en"}).Draw(t, "to")
		name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[А-Яа-яЇїЄєІі' -]{0,20}`)).Draw(t, "name")
		if out, _ := lang.Respell(from, to, name); !utf8.ValidString(out) || len(out) > 8*len(name)+8 {
			t.Fatalf("%q", out)
		}
	})
}
