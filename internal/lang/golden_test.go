package lang

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The moments of the goldens: one with figures of one digit, and the reference story's.
var (
	newYear = time.Date(2025, 1, 1, 9, 0, 0, 0, time.UTC)
	october = time.Date(2024, 10, 23, 14, 20, 0, 0, time.UTC)
)

// TestGolden holds how each language writes dates, times, numbers and lists. "~" is U+00A0, "^" is
// U+202F.
func TestGolden(t *testing.T) {
	name := filepath.Join("testdata", "languages.golden")
	var b strings.Builder
	tags := Known()
	slices.Sort(tags)
	for _, l := range tags {
		fmt.Fprintf(&b, "-- %s --\n", l)
		for _, line := range sample(l) {
			fmt.Fprintln(&b, shown.Replace(line))
		}
	}
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(b.String(), "\n")); diff != "" {
		t.Errorf("%s (-update writes it):\n%s", name, diff)
	}
}

func sample(l Tag) []string {
	row := func(parts ...string) string { return strings.Join(parts, " | ") }
	return []string{
		row(l.OwnName(), l.NameIn("en"), l.Script(), l.Dir(), l.FontSet()),
		row(l.Date(october, Long), l.Date(october, Moment), l.Date(october, Full)),
		row(l.Date(newYear, Long), l.Date(newYear, Moment), l.Date(newYear, Numeric)),
		row(l.Date(october, Day), l.Date(october, DayShort), l.Date(october, Medium), l.Date(october, Month), l.Date(october, Weekday)),
		row(l.Relative(october, october.Add(-5*time.Minute), nil), l.Relative(october, october.Add(-5*time.Hour), nil), l.Relative(october, october.Add(-20*time.Hour), nil),
			l.Relative(october, october.Add(10*time.Second), nil), l.Relative(october, october.Add(20*time.Hour), nil)),
		row(l.Number(1077), l.Number(10000), l.Number(-1234567), l.Decimal(9.5, 1), l.Percent(12.5, 1), l.Bytes(9_500_000)),
		row(l.List([]string{"A", "B"}), l.List([]string{"A", "B", "C", "D"}), l.Or([]string{"A", "B", "C"})),
		row(l.Quote("A")+" "+l.Typography().Nested[0]+"B"+l.Typography().Nested[1], fmt.Sprintf("%q", l.Typography().Dash.Before+l.Typography().Dash.Mark+l.Typography().Dash.After)),
	}
}

// TestGuide holds the design guide's table, section 10, and wins over the golden file.
func TestGuide(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{Tag("de").Date(october, Long), "23.~Oktober 2024"},
		{Tag("uk").Date(october, Long), "23~жовтня 2024~року"},
		{Tag("uk").Date(october, Plain), "23~жовтня 2024"},
		{Tag("ru").Date(october, Long), "23~октября 2024~года"},
		{Tag("en").Date(october, Long), "23~October 2024"},
		{Tag("en-US").Date(october, Long), "October~23, 2024"},
		{Tag("fr").Date(october, Long), "23~octobre 2024"},
		{Tag("fr").Date(newYear, Long), "1er~janvier 2025"},
		{Tag("pl").Date(october, Long), "23~października 2024~r."},
		{Tag("ar").Date(october, Long), "23~أكتوبر 2024"},
		{Tag("de").Date(october, Moment), "23.~Oktober 2024, 14:20~Uhr"},
		{Tag("uk").Date(october, Moment), "23~жовтня 2024, 14:20"},
		{Tag("ar").Date(october, Moment), "23~أكتوبر 2024، 14:20"},
		{Tag("de").Clock(october), "14:20~Uhr"},
		{Tag("uk").Clock(october), "14:20"},
		{Tag("en").Clock(october), "14:20"},
		{Tag("en-US").Clock(october), "2:20~p.m."},
		{Tag("fr").Clock(october), "14~h~20"},
		{Tag("fr").Clock(newYear), "9~h"},
		{Tag("pl").Clock(october), "14:20"},
		{Tag("ar").Clock(october), "14:20"},
		{Tag("de").Number(1077), "1.077"},
		{Tag("uk").Number(1077), "1077"},
		{Tag("uk").Number(10000), "10^000"},
		{Tag("ru").Number(10000), "10^000"},
		{Tag("en").Number(1077), "1,077"},
		{Tag("fr").Number(1077), "1^077"},
		{Tag("pl").Number(1077), "1077"},
		{Tag("pl").Number(10000), "10~000"},
		{Tag("ar").Number(1077), "1077"},
		{Tag("ar").Number(10000), "10,000"},
		{Tag("de").Decimal(9.5, 2), "9,5"},
		{Tag("en").Decimal(9.5, 2), "9.5"},
		{Tag("ar").Decimal(9.5, 2), "9.5"},
		{Tag("de").Percent(12, 0), "12~%"},
		{Tag("uk").Percent(12, 0), "12~%"},
		{Tag("en").Percent(12, 0), "12%"},
		{Tag("fr").Percent(12, 0), "12^%"},
		{Tag("pl").Percent(12, 0), "12%"},
		{Tag("ar").Percent(12, 0), "12%"},
		{Tag("de").Quote("x"), "„x“"},
		{Tag("uk").Quote("x"), "«x»"},
		{Tag("en").Quote("x"), "‘x’"},
		{Tag("en-US").Quote("x"), "“x”"},
		{Tag("fr").Quote("x"), "«^x^»"},
		{Tag("pl").Quote("x"), "„x”"},
		{Tag("ar").Quote("x"), "«x»"},
	} {
		if got := shown.Replace(tt.got); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestNumbersAtTheEdges(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{Tag("de").Number(0), "0"},
		{Tag("de").Number(-9223372036854775808), "−9.223.372.036.854.775.808"},
		{Tag("de").Number(999), "999"},
		{Tag("hi").Number(123456789), "12,34,56,789"},
		{Tag("fa").Number(1077), "۱٬۰۷۷"},
		{Tag("de").Decimal(-0.04, 1), "0"},
		{Tag("de").Decimal(-0.06, 1), "−0,1"},
		{Tag("de").Decimal(1000000, 3), "1.000.000"},
		{Tag("de").Decimal(1.0/zero(), 3), "–"},
		{Tag("de").Decimal(zero()/zero(), 3), "–"},
		{Tag("de").Decimal(2.5, -1), "2"},
		{Tag("tr").Percent(50, 0), "%50"},
		{Tag("de").Bytes(0), "0~kB"},
		{Tag("de").Bytes(-5), "0~kB"},
		{Tag("de").Bytes(99), "1~kB"},
		{Tag("de").Bytes(1000), "1~kB"},
		{Tag("de").Bytes(999_400), "999~kB"},
		{Tag("de").Bytes(999_500), "1~MB"},
		{Tag("fr").Bytes(1_500_000), "1,5^Mo"},
		{Tag("uk").Bytes(38_400_000_000), "38,4~ГБ"},
		{Tag("de").Bytes(1 << 62), "4.611.686~TB"},
		{Tag("de").List(nil), ""},
		{Tag("de").List([]string{"{1}"}), "{1}"},
		{Tag("de").List([]string{"{1}", "{0}", "c"}), "{1}, {0} und c"},
	} {
		if got := shown.Replace(tt.got); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func zero() float64 { return 0 }

func TestRelative(t *testing.T) {
	c := loadWords(t)
	kyiv := time.FixedZone("EET", 3*60*60)
	now := time.Date(2024, 10, 23, 18, 19, 0, 0, kyiv)
	for _, tt := range []struct {
		lang Tag
		then time.Time
		want string
	}{
		{"de", now, "Gerade eben"},
		{"de", now.Add(30 * time.Second), "Gerade eben"},
		{"de", now.Add(-59 * time.Second), "Gerade eben"},
		{"de", now.Add(-time.Minute), "Vor 1 Minute"},
		{"de", now.Add(-59 * time.Minute), "Vor 59 Minuten"},
		{"de", now.Add(-time.Hour), "Heute, 17:19~Uhr"},
		{"de", time.Date(2024, 10, 23, 0, 0, 0, 0, kyiv), "Heute, 0:00~Uhr"},
		{"de", time.Date(2024, 10, 22, 23, 59, 0, 0, kyiv), "Gestern"},
		{"de", time.Date(2024, 10, 22, 21, 30, 0, 0, time.UTC), "Heute, 0:30~Uhr"},
		{"de", time.Date(2024, 10, 21, 12, 0, 0, 0, kyiv), "21.~Oktober"},
		{"de", time.Date(2023, 12, 31, 12, 0, 0, 0, kyiv), "31.~Dezember 2023"},
		{"de", now.Add(11 * time.Minute), "Heute, 18:30~Uhr"},
		{"uk", now.Add(-22 * time.Minute), "22 хв тому"},
		{"uk", now.Add(-20 * time.Hour), "Учора"},
		{"fr", now.Add(-5 * time.Minute), "Il y a 5 min"},
		{"fr", now.Add(-5 * time.Hour), "Aujourd’hui, 13~h~19"},
		{"en", now.Add(-5 * time.Minute), "5 min ago"},
		{"ar", now.Add(-2 * time.Minute), "قبل دقيقتين"},
		{"ar", now.Add(-5 * time.Hour), "اليوم، 13:19"},
		{"ja", now.Add(-5 * time.Hour), "今日 13:19"},
	} {
		if got := shown.Replace(tt.lang.Relative(now, tt.then, c.In(tt.lang))); got != tt.want {
			t.Errorf("%s %s: %q, want %q", tt.lang, tt.then, got, tt.want)
		}
	}
	if got := shown.Replace(Tag("de").RelativeExact(now, now.Add(-30*time.Hour), nil)); got != "Gestern, 12:19~Uhr" {
		t.Errorf("RelativeExact: %q", got)
	}
}

func TestBind(t *testing.T) {
	for _, tt := range []struct {
		lang       Tag
		text, want string
	}{
		{"de", "US-Regierung lehnt 35 Milliarden Euro ab", "US-+Regierung lehnt 35~Milliarden Euro ab"},
		{"de", "Am 23. Oktober um 14:20 Uhr – in Kyjiw", "Am 23.~Oktober um 14:20~Uhr~– in Kyjiw"},
		{"uk", "Зеленський у Києві про НАТО і в Одесі", "Зеленський у~Києві про НАТО і~в~Одесі"},
		{"uk", "На Харківщині зрубали 1077 дерев на 12 млн грн", "На Харківщині зрубали 1077 дерев на 12~млн~грн"},
		{"uk", "23 жовтня 2024 року", "23~жовтня 2024~року"},
		{"pl", "W górach i w Łodzi o 9,5 mln zł", "W~górach i~w~Łodzi o~9,5~mln~zł"},
		{"fr", "À 14 h 20, M. Biden et 12 millions d’euros", "À 14~h~20, M.~Biden et 12~millions d’euros"},
		{"en", "J. R. R. Tolkien and 9.5 million dollars", "J.~R.~R.~Tolkien and 9.5~million dollars"},
		{"cs", "Vláda v Praze a 5 mil. Kč", "Vláda v~Praze a~5~mil.~Kč"},
		{"zh", "北京 2024 年", "北京 2024 年"},
		{"de", "Donaudampfer-Kapitän, so-und-so", "Donaudampfer-Kapitän, so-+und-so"},
		{"de", "Das US-Verteidigungsministerium, die EU-Kommission", "Das US-Verteidigungsministerium, die EU-+Kommission"},
		{"de", "(Nr. 5), „Artikel 10“, z.B. § 3 und Dr. Marko", "(Nr.~5), „Artikel~10“, z.^B. §~3 und Dr.~Marko"},
		{"uk", "«В Одесі», і (у «Кам’янці»)", "«В~Одесі», і~(у~«Кам’янці»)"},
	} {
		if got := shown.Replace(tt.lang.Bind(tt.text)); got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.lang, tt.text, got, tt.want)
		}
	}
	for _, tt := range []struct {
		lang Tag
		runs []string
		want string
	}{
		{"uk", []string{"Зустріч у ", "Києві", " на 12 ", "млн грн"}, "Зустріч у~|Києві| на 12~|млн~грн"},
		{"uk", []string{"Зустріч у", " Києві"}, "Зустріч у|~Києві"},
		{"de", []string{"Die US-", "Regierung", ", z.", "B. heute"}, "Die US-|+Regierung|, z.|^B. heute"},
		{"de", []string{"ohne", " alles"}, "ohne| alles"},
	} {
		if got := shown.Replace(strings.Join(tt.lang.BindRuns(tt.runs), "|")); got != tt.want {
			t.Errorf("%s %q: %q, want %q", tt.lang, tt.runs, got, tt.want)
		}
	}
	if got := shown.Replace(BindNames("laut Le Monde und Joe Biden", "Le Monde", "Joe Biden", "Nato")); got != "laut Le~Monde und Joe~Biden" {
		t.Errorf("BindNames: %q", got)
	}
}
