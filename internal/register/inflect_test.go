package register_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"depesche/internal/lang"
	"depesche/internal/register"
)

// What stands in papers, and what must not come out.
func TestInflect(t *testing.T) {
	for _, tc := range []struct {
		l         lang.Tag
		k         register.Kind
		g         register.Gender
		text      string
		has, lack string // parted by "; "
	}{
		{"uk", "place", "f", "Харківщина", "Харківщини; Харківщині; Харківщину; Харківщиною", "Харків"},
		{"uk", "person", "m", "Зеленський", "Зеленського; Зеленському; Зеленським; Зеленськім", "Зеленська; Зеленської"},
		{"uk", "person", "m", "Володимир Зеленський", "Володимира Зеленського; Володимиру Зеленському; Володимиром Зеленським", "Володимира Зеленському"},
		{"uk", "person", "f", "Олена Зеленська", "Олени Зеленської; Олені Зеленській; Олену Зеленську; Оленою Зеленською", "Зеленського"},
		{"uk", "place", "m", "Київ", "Києва; Києву; Києвом; Києві", ""},
		{"uk", "place", "m", "Львів", "Львова; Львову; Львові", ""},
		{"uk", "place", "m", "Тернопіль", "Тернополя; Тернополі", ""},
		{"uk", "place", "m", "Кривий Ріг", "Кривого Рогу; Кривому Розі; Кривим Рогом", ""},
		{"uk", "place", "m", "Івано-Франківськ", "Івано-Франківська; Івано-Франківську", ""},
		{"uk", "place", "pl", "Суми", "Сум; Сумам; Сумами; Сумах", "Суму"},
		{"uk", "place", "pl", "Чернівці", "Чернівців; Чернівцям; Чернівцями; Чернівцях", ""},
		{"uk", "place", "n", "Рівне", "Рівного; Рівному; Рівним", ""},
		{"uk", "place", "n", "Чорне море", "Чорного моря; Чорному морю; Чорним морем", ""},
		{"uk", "body", "f", "Верховна Рада України", "Верховної Ради України; Верховній Раді України; Верховну Раду України; Верховною Радою України", "Верховної Раду України"},
		{"uk", "body", "pl", "Збройні сили України", "Збройних сил України; Збройним силам України; Збройними силами України", ""},
		{"uk", "body", "f", "Рада Європи", "Ради Європи; Раді Європи", ""},
		{"uk", "term", "f", "гривня", "гривні; гривню; гривень; гривнями", ""},
		{"uk", "person", "m", "Шевченко", "Шевченка; Шевченку; Шевченком; Шевченкові", ""},
		{"uk", "person", "f", "Шевченко", "Шевченко", "Шевченка; Шевченком"},
		{"uk", "place", "f", "Білорусь", "Білорусі; Білоруссю", ""},
		{"uk", "body", "n", "НАТО", "НАТО", "НАТА"},
		{"ru", "person", "m", "Владимир Путин", "Владимира Путина; Владимиру Путину; Владимиром Путиным; Владимире Путине", ""},
		{"ru", "place", "f", "Москва", "Москвы; Москве; Москву; Москвой", "Москов"},
		{"ru", "person", "m", "Шевченко", "Шевченко", "Шевченка"},
		{"ru", "body", "f", "Государственная дума", "Государственной думы; Государственную думу; Государственной думой", ""},
		{"pl", "place", "m", "Kraków", "Krakowa; Krakowowi; Krakowem; Krakowie", ""},
		{"pl", "place", "m", "Poznań", "Poznania; Poznaniu; Poznaniem", ""},
		{"pl", "person", "m", "Wołodymyr Zełenski", "Wołodymyra Zełenskiego; Wołodymyrowi Zełenskiemu; Wołodymyrem Zełenskim", ""},
		{"pl", "person", "f", "Anna Kowalska", "Anny Kowalskiej; Annie Kowalskiej; Annę Kowalską; Anną Kowalską", ""},
		{"pl", "body", "f", "Unia Europejska", "Unii Europejskiej; Unię Europejską; Unią Europejską", ""},
		{"pl", "place", "f", "Warszawa", "Warszawy; Warszawie; Warszawę; Warszawą", ""},
		{"pl", "place", "pl", "Katowice", "Katowic; Katowicom; Katowicach", ""},
		{"de", "person", "m", "Wolodymyr Selenskyj", "Wolodymyr Selenskyj", ""},
		{"de", "person", "m", "Selenskyj", "Selenskyjs", "Selenskyje"},
		{"de", "person", "m", "Scholz", "Scholz", "Scholzs"},
		{"de", "body", "f", "Europäische Union", "Europäischen Union; Europäischer Union", "Europäische Unions"},
		{"de", "body", "n", "Weißes Haus", "Weißen Hauses; Weiße Haus; Weißen Haus", ""},
		{"de", "place", "f", "Region Charkiw", "Region Charkiw", "Regionen Charkiw"},
		{"de", "term", "f", "Hrywnja", "Hrywnja", ""},
		{"de", "term", "m", "Haushalt", "Haushalts; Haushalte; Haushalten", ""},
		{"de", "term", "f", "Bank", "Banken; Bänke", "Banker"},
		{"en", "term", "", "air raid alert", "air raid alerts", "airs raid alert"},
		{"en", "place", "", "Kyiv", "Kyiv", "Kyivs"},
		{"fr", "term", "f", "sanction", "sanctions", ""},
		{"es", "term", "f", "sanción", "sanciones", ""},
		{"ar", "term", "", "كييف", "كييف", ""},
	} {
		got := register.Inflect(tc.l, tc.k, tc.g, tc.text)
		if got[0] != tc.text {
			t.Errorf("%s: the first is %s", tc.text, got[0])
		}
		for _, f := range strings.Split(tc.has, "; ") {
			if !slices.Contains(got, f) {
				t.Errorf("%s %s lacks %s: %s", tc.l, tc.text, f, strings.Join(got, ", "))
			}
		}
		for _, f := range strings.Split(tc.lack, "; ") {
			if f != "" && slices.Contains(got, f) {
				t.Errorf("%s %s has %s", tc.l, tc.text, f)
			}
		}
	}
}

func TestInflectIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom([]lang.Tag{"uk", "ru", "pl", "de", "en", "fr", "es", "he"}).Draw(t, "lang")
		k := rapid.SampledFrom(register.Kinds).Draw(t, "kind")
		g := rapid.SampledFrom(register.Genders).Draw(t, "gender")
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([А-ЯЇЄІ][а-яїєіь]{0,9}[ -]?){1,9}`), rapid.StringMatching(`([A-ZŁ][a-ząęółśćńźż]{0,9}[ -]?){1,9}`)).Draw(t, "text")
		got := register.Inflect(l, k, g, text)
		if len(got) > 90 || got[0] != text {
			t.Fatalf("%d forms, %q", len(got), got[0])
		}
		for i, f := range got {
			if slices.Contains(got[:i], f) {
				t.Fatalf("%q twice", f)
			}
		}
	})
}
