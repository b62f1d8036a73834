package memory

import (
	"testing"

	"pgregory.net/rapid"
)

func TestNormal(t *testing.T) {
	for _, c := range []struct{ name, a, b string }{
		{"spaces", "9,5\u00a0Mio.\u202fEuro ", "9,5 Mio.  Euro"},
		{"line breaks", "Київ\nнаступ", "Київ наступ"},
		{"composition", "Ukrai\u0308ne", "Ukraïne"},
		{"quotation marks", "Er sagt: „Ja“, »nein« und “maybe”.", `Er sagt: "Ja", "nein" und "maybe".`},
		{"apostrophes", "об’єднання, обʼєднання", "об'єднання, об'єднання"},
		{"dashes", "1914–18 — war", "1914-18 - war"},
		{"ellipsis", "Und dann…", "Und dann..."},
		{"what can't be seen", "Donau\u00addampf\u200bschiff", "Donaudampfschiff"},
		{"an accent behind what can't be seen", "e\u200b\u0301", "é"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a, b := Normal(c.a), Normal(c.b); a != b {
				t.Errorf("%q and %q", a, b)
			}
		})
	}
	for _, c := range [][2]string{{"Nato", "NATO"}, {"3 officials", "4 officials"}, {"a.", "a"}, {"is", "isn't"}} {
		if Normal(c[0]) == Normal(c[1]) {
			t.Errorf("%q and %q are the same", c[0], c[1])
		}
	}
}

func TestNormalTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		if once := Normal(s); Normal(once) != once {
			t.Errorf("%q becomes %q, then %q", s, once, Normal(once))
		}
	})
}

func TestScore(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		least      int
		most       int
	}{
		{"equal", "Drei Beamte wurden entlassen.", "Drei Beamte wurden entlassen.", 100, 100},
		{"typography", "„Drei Beamte“ – entlassen", `"Drei Beamte" - entlassen`, 100, 100},
		{"a number", "In Charkiw starben 3 Menschen.", "In Charkiw starben 14 Menschen.", 93, 99},
		{"an ending", "Президент підписав закон про бюджет.", "Президентом підписано закон про бюджет.", 85, 97},
		{"one word of eight", "The council will meet again on Monday morning.", "The council will meet again on Friday morning.", 85, 92},
		{"a negation", "The law is in force.", "The law is not in force.", 80, 90},
		{"case", "nato summit opens", "Nato summit opens", 94, 99},
		{"half", "The council met on Monday", "The council rejected every proposal", 30, 50},
		{"nothing", "Gestern regnete es.", "Кабінет міністрів схвалив", 0, 20},
		{"empty", "", "Text", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Score(c.a, c.b); got < c.least || got > c.most {
				t.Errorf("%d, not within %d and %d", got, c.least, c.most)
			}
		})
	}
}

func TestScoreIsAMeasure(t *testing.T) {
	words := []string{"Рада", "ради", "раді", "3", "14", ".", ",", "Kabinett", "Kabinetts", "Nato", "nato"}
	text := rapid.Custom(func(t *rapid.T) string {
		s := ""
		for _, w := range rapid.SliceOfN(rapid.SampledFrom(words), 0, 12).Draw(t, "words") {
			s += w + " "
		}
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		there, back := Score(a, b), Score(b, a)
		if there != back {
			t.Errorf("%d there, %d back", there, back)
		}
		if there < 0 || there > 100 || (there == 100) != (Normal(a) == Normal(b)) {
			t.Errorf("%q and %q: %d", a, b, there)
		}
		if Normal(a) != Normal(b) && there >= 60 && !mayReach(tokens(Normal(a)), tokens(Normal(b)), 60) {
			t.Errorf("%q and %q reach %d, and are passed over", a, b, there)
		}
	})
}

func TestNumbersDiffer(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"3 von 14", "14 von 3", false},
		{"3 von 14", "4 von 14", true},
		{"drei", "vier", false},
		{"9,5 Mio.", "9.5 Mio.", true},
		{"2026", "2026, 2026", true},
	} {
		if got := numbersDiffer(tokens(Normal(c.a)), tokens(Normal(c.b))); got != c.want {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
}
