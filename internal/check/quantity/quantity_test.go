package quantity

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"depesche/internal/lang"
)

// TestWrittenIsRead holds for every language that has numbers of its own: what it writes is read as
// the same value.
func TestWrittenIsRead(t *testing.T) {
	langs := lang.Known()
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.SampledFrom(langs).Draw(t, "language")
		n := rapid.Int64Range(0, 1e15).Draw(t, "number")
		if rapid.Bool().Draw(t, "small") {
			n %= 100_000
		}
		one(t, l, l.Number(n), Whole(n))
		cents := rapid.Int64Range(0, 1e9).Draw(t, "hundredths")
		one(t, l, l.Decimal(float64(cents)/100, 2), Whole(cents).shift(-2))
	})
}

func one(t *rapid.T, l lang.Tag, text string, want Value) {
	got := In(l, text)
	if len(got) != 1 || !got[0].has(want) {
		t.Fatalf("%s %q is %+v, not %s", l, text, got, want)
	}
	if l.Typography().Decimal != "" && got[0].Values[0] != want && !strings.ContainsAny(text, ".,") {
		t.Fatalf("%s %q is first %s, not %s", l, text, got[0].Values[0], want)
	}
	if got[0].From != 0 || got[0].To != len(text) {
		t.Fatalf("%s %q: read from %d to %d", l, text, got[0].From, got[0].To)
	}
}

// TestGermanWords reads every German number below a thousand.
func TestGermanWords(t *testing.T) {
	for n := 2; n < 1000; n++ {
		got := In("de", german(n)+" Bäume")
		if len(got) != 1 || got[0].Values[0] != Whole(int64(n)) {
			t.Fatalf("%s: %+v", german(n), got)
		}
	}
}

func TestValues(t *testing.T) {
	for _, tc := range []struct {
		v    Value
		text string
		f    float64
	}{
		{Whole(0), "0", 0}, {Whole(1077), "1077", 1077}, {Whole(95).shift(-1), "9.5", 9.5}, {Whole(28).shift(8), "2800000000", 2.8e9},
		{fraction(1, 2), "0.5", 0.5}, {fraction(1, 3), "1/3", 1. / 3}, {fraction(2, 6), "1/3", 1. / 3}, {fraction(3, 40), "0.075", 0.075},
		{Whole(5).shift(-2), "0.05", 0.05}, {fraction(1, 3).times(6), "2", 2}, {Whole(12).plus(Whole(5).shift(-1)), "12.5", 12.5},
		{Whole(3).shift(30), "3e30", 3e30},
	} {
		if tc.v.String() != tc.text || math.Abs(tc.v.Float()-tc.f) > 1e-9*tc.f {
			t.Errorf("%s: %s, %g", tc.text, tc.v, tc.v.Float())
		}
	}
	a, b := parse("12345678901234567890123", 0), parse("0012345678901234567890123", 0)
	if a != b || a == parse("12345678901234567890124", 0) || !math.IsNaN(a.Float()) {
		t.Errorf("long numbers: %s, %s", a, b)
	}
}

// TestMend writes the repair.
func TestMend(t *testing.T) {
	for _, tc := range []struct {
		from      lang.Tag
		a         string
		to        lang.Tag
		b, repair string
	}{
		{"uk", "1077 дерев", "de", "1.770 Bäume", "1.077 Bäume"},
		{"en", "10,450 trees", "uk", "10 540 дерев", "10\u202f450 дерев"},
		{"en", "$2.8bn", "de", "2,7 Milliarden Dollar", "2,8 Milliarden Dollar"},
		{"en", "$2.8bn", "de", "2,8 Millionen Dollar", ""},
		{"en", "in 2017", "fr", "en 2018", "en 2017"},
		{"en", "at 3 p.m.", "de", "um 16:00 Uhr", "um 15:00 Uhr"},
		{"de", "um 15 Uhr", "en", "at 4 p.m.", ""},
		{"en", "on 1 October", "pl", "2 października", "1 października"},
		{"en", "one third of 7", "de", "ein Drittel von 8", "ein Drittel von 7"},
		{"en", "30 miles", "de", "58 Kilometer", ""},
		{"en", "three men", "de", "vier Männer", "drei Männer"},
		{"en", "Three men", "de", "Vier Männer", "Drei Männer"},
		{"de", "4 Männer", "en", "three men", "four men"},
		{"de", "Vier Männer", "uk", "Три чоловіки", "Чотири чоловіки"},
		{"de", "vier Männer", "uk", "п’ять чоловіків", ""}, // the men would want another form
		{"de", "zwei Männer", "uk", "три чоловіки", "2 чоловіки"},
		{"de", "vier Männern", "uk", "трьом чоловікам", "4 чоловікам"},
		{"de", "vier Männer", "uk", "троє чоловіків", ""},
		{"de", "sechs Männer", "pl", "pięciu mężczyzn", "6 mężczyzn"},
		{"uk", "п’ятнадцять людей", "de", "vierzehn Menschen", "15 Menschen"},
		{"uk", "двадцять три особи", "en", "twenty-four people", "23 people"},
		{"uk", "двісті людей", "en", "three hundred people", "200 people"},
		{"uk", "чотири тисячі людей", "en", "three thousand people", "4,000 people"},
		{"en", "four-year-old", "de", "dreijähriger", ""},
		{"en", "the fourth man", "de", "der dritte Mann", ""},
		{"en", "5.6 points", "uk", "5,7 бала", "5,6 бала"},
	} {
		r := Compare(tc.from, tc.a, tc.to, tc.b)
		if len(r.Differences) != 1 {
			t.Errorf("%q and %q: %+v", tc.a, tc.b, r.Differences)
			continue
		}
		if got, _ := r.Differences[0].Mend(tc.to, tc.b); got != tc.repair {
			t.Errorf("%q and %q: %q, want %q", tc.a, tc.b, got, tc.repair)
		}
		if again := Compare(tc.from, tc.a, tc.to, tc.repair); tc.repair != "" && len(again.Differences) > 0 {
			t.Errorf("%q and %q, which is mended: %+v", tc.a, tc.repair, again.Differences)
		}
	}
}

// FuzzCompare holds that no text makes reading fail, that what is read stands in the text on whole
// characters and in order, that a text agrees with itself, and that a repair is text.
func FuzzCompare(f *testing.F) {
	for _, s := range []string{
		"$2.8bn in 1,077 trees at 3 p.m. on 1 October 2018", "двадцять п’ять і 9,5 млн грн о 15:70", "zweitausendfünf und 3½ %", "6-foot-6, 10st 7lb",
		"quatre-vingt-dix-sept mille", "٣٤٥٫٥ ٪", "1.2.3.4.5.6.7.8.9.10.11", "१२,३४,५६७", "XIXe siècle", "0'0'0", "\xff5\xfe", "99999999999999999999999",
		"million million million milliard", "half half a a million", "1/2/3/4-5-6", "12:345:6 a.m.", "-0 %", "5 to 6 to 7 billion", "½½", "million-",
	} {
		f.Add("en", s, "de", s)
		f.Add("uk", s, "fr", s)
	}
	f.Fuzz(func(t *testing.T, from, a, to, b string) {
		x, y := tagOr(from), tagOr(to)
		for _, side := range []struct {
			l    lang.Tag
			text string
		}{{x, a}, {y, b}} {
			last := 0
			for _, q := range In(side.l, side.text) {
				ok := q.From >= last && q.From <= q.NumFrom && q.NumFrom < q.NumTo && q.NumTo <= q.To && q.To <= len(side.text)
				if !ok || len(q.Values) == 0 {
					t.Fatalf("%q: %+v", side.text, q)
				}
				if utf8.ValidString(side.text) && !utf8.ValidString(q.Raw(side.text)) {
					t.Fatalf("%q: cut within a character: %+v", side.text, q)
				}
				last = q.NumFrom
			}
		}
		for _, d := range Compare(x, a, x, a).Differences {
			t.Errorf("%q isn’t itself: %s", a, d.Fault)
		}
		for _, d := range Compare(x, a, y, b).Differences {
			if s, ok := d.Mend(y, b); ok && (s == "" || utf8.ValidString(b) && !utf8.ValidString(s)) {
				t.Errorf("%q is mended to %q", b, s)
			}
		}
	})
}

func tagOr(s string) lang.Tag {
	if l, err := lang.Parse(s); err == nil {
		return l
	}
	return "de"
}

// BenchmarkCompare compares the numbers of an edition of 60 segments.
func BenchmarkCompare(b *testing.B) {
	a := strings.Repeat("In Charkiw wurden 1.077 Bäume im Wert von 9,5 Millionen Griwna gefällt, sagte sie am Montag, dem 5. Mai. ", 3)
	c := strings.Repeat("У Харкові вирубали 1077 дерев на 9,5 млн гривень, сказала вона в понеділок, 5 травня. ", 3)
	Compare("de", a, "uk", c)
	b.ReportAllocs()
	for b.Loop() {
		for range 60 {
			Compare("de", a, "uk", c)
		}
	}
}
