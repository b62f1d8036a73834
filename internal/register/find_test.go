package register_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"depesche/internal/check"
	"depesche/internal/db"
	"depesche/internal/db/dbtest"
	"depesche/internal/document"
	"depesche/internal/engine"
	"depesche/internal/lang"
	"depesche/internal/register"
)

func place(words ...string) register.Entry { return named(register.Place, words...) }

// named makes an entry of pairs of language and spelling; "!" before a spelling forbids it, "+" is
// another right one.
func named(k register.Kind, words ...string) register.Entry {
	e := register.Entry{ID: register.ID(words[1]), Kind: k, Words: map[lang.Tag]register.Word{}}
	for i := 0; i+1 < len(words); i += 2 {
		w := e.Words[lang.Tag(words[i])]
		switch text := words[i+1]; text[0] {
		case '!':
			w.Forbidden = append(w.Forbidden, register.Forbidden{Text: text[1:]})
		case '+':
			w.Others = append(w.Others, text[1:])
		case '=':
			w.Gender = register.Gender(text[1:])
		default:
			w.Text = text
		}
		e.Words[lang.Tag(words[i])] = w
	}
	return e
}

func found(x *register.Index, text string) string {
	var out []string
	for _, m := range x.Find(text) {
		s := fmt.Sprintf("%d:%s", m.Entry, text[m.Start:m.End])
		if m.Wrong {
			s = "!" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestFind(t *testing.T) {
	list := []register.Entry{
		place("uk", "Харків", "uk", "=m", "de", "Charkiw", "de", "!Charkow"),
		place("uk", "Харківська область", "uk", "+Харківщина"),
		named(register.Person, "uk", "Володимир Зеленський", "uk", "+Зеленський", "en", "Volodymyr Zelensky", "en", "+Zelensky"),
		named(register.Term, "uk", "гривня", "de", "Hrywnja", "de", "!Griwna", "en", "hryvnia"),
		place("fr", "Ukraine", "en", "Ukraine", "uk", "Україна"),
		named(register.Person, "uk", "Коваль"),
		named(register.Person, "uk", "Коваль", "en", "O'Brien"),
		place("uk", "Слов'янськ", "uk", "=m"),
		place("uk", "Івано-Франківськ", "uk", "=m"),
		named(register.Body, "en", "US", "uk", "США"),
	}
	for _, tc := range []struct{ l, text, want string }{
		{"uk", "У Харкові й на Харківщині.", "0:Харкові 1:Харківщині"},
		{"uk", "Харківської області, Харківська  область", "1:Харківської області 1:Харківська  область"},
		{"uk", "харків, Харківський, ХАРКІВ", "0:ХАРКІВ"},
		{"uk", "Зеленського, Володимиром Зеленським, ЗЕЛЕНСЬКИЙ", "2:Зеленського 2:Володимиром Зеленським 2:ЗЕЛЕНСЬКИЙ"},
		{"uk", "Зеленська", ""},
		{"uk", "40 гривень; Гривня впала; гри\u00adвню, гри\u0301вні", "3:гривень 3:Гривня 3:гри\u00adвню 3:гри\u0301вні"},
		{"uk", "коваль кує, Коваль пише", "5:Коваль 6:Коваль"},
		{"uk", "у Слов’янську і Словʼянськ", "7:Слов’янську 7:Словʼянськ"},
		{"uk", "до Івано-Франківська, Івано‑Франківськ", "8:Івано-Франківська 8:Івано‑Франківськ"},
		{"fr", "l’Ukraine, d'Ukraine", "4:Ukraine 4:Ukraine"},
		{"en", "Zelensky’s, Zelensky's, ukraine", "2:Zelensky 2:Zelensky"},
		{"en", "O’Brien and us, US-led", "6:O’Brien 9:US"},
		{"de", "Charkiw-Offensive, in Charkow, Griwnas? Griwna.", "0:Charkiw !0:Charkow !3:Griwnas !3:Griwna"},
		{"pl", "Charkiw", ""},
		{"uk", "", ""},
	} {
		if got := found(register.Compile(list, lang.Tag(tc.l), true), tc.text); got != tc.want {
			t.Errorf("%s %q: %q, want %q", tc.l, tc.text, got, tc.want)
		}
	}
	if got := found(register.Compile(list, "de", false), "Charkow"); got != "" {
		t.Errorf("not asked for what is wrong: %s", got)
	}
}

// Whatever the text, what is found stands there, in order, at words' boundaries.
func TestFindSpans(t *testing.T) {
	x := register.Compile([]register.Entry{place("uk", "Київ", "uk", "=m"), named(register.Term, "uk", "об'єкт"), named(register.Body, "uk", "Рада Європи")}, "uk", false)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`((Києв[аіу]|об.єкта|Рад[аи]|Європи|КИЇВ|а)[ ,’-]?){0,9}`)).Draw(t, "text")
		at := 0
		for _, m := range x.Find(text) {
			if m.Start < at || m.End <= m.Start || m.End > len(text) {
				t.Fatalf("%+v in %q", m, text)
			}
			at = m.End
			if got := found(x, text[m.Start:m.End]); !strings.HasSuffix(got, text[m.Start:m.End]) {
				t.Fatalf("%q alone: %q", text[m.Start:m.End], got)
			}
		}
	})
}

func TestHitsForAndTerms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), register.New(d)
		put := func(e register.Entry) register.Entry { e.ID = ""; return save(t, s, editor, e) }
		kharkiv := put(kharkiv())
		put(named(register.Person, "uk", "Коваленко", "de", "Kowalenko", "de", "!Kovalenko", "de", "!Kowalenka"))
		b := put(named(register.Person, "uk", "Коваленко", "de", "Kovalenko", "de", "!Kowalenka"))
		kept := named(register.Work, "uk", "Times")
		kept.Keep = true
		put(kept)
		put(place("uk", "Ялта"))
		text := "У Харківській області Коваленко читає Times. Ялта"
		hits, err := s.Hits(ctx, d.Read(), "uk", "de", text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, text[h.Start:h.End]+" = "+h.Target.Text)
		}
		if diff := cmp.Diff([]string{"Харківській області = Region Charkiw", "Коваленко = Kovalenko", "Коваленко = Kowalenko", "Times = Times"}, got); diff != "" {
			t.Error(diff)
		}
		terms, err := s.For(ctx, d.Read(), "uk", "de", text, text)
		if err != nil || len(terms) != 3 {
			t.Fatalf("%+v %v", terms, err)
		}
		if x := terms[0]; x.ID != string(kharkiv.ID) || !x.Name || x.Source[0] != "Харківщина" ||
			!slices.Contains(x.Source, "Харківською областю") || x.Target[0] != "Region Charkiw" || !slices.Contains(x.Forbidden, "Charkows") {
			t.Errorf("%+v", x)
		}
		if x := terms[1]; x.ID != string(b.ID) || !slices.Contains(x.Target, "Kovalenko") || slices.Contains(x.Forbidden, "Kovalenko") || !slices.Contains(x.Forbidden, "Kowalenka") {
			t.Errorf("%+v", x)
		}
		if diff := cmp.Diff(check.Term{ID: terms[2].ID, Source: []string{"Times"}, Target: []string{"Times"}, Keep: true, Name: true}, terms[2], sameWords); diff != "" {
			t.Error(diff)
		}
		list, err := s.Terms(ctx, d.Read(), "uk", "de", text)
		if diff := cmp.Diff([]engine.Term{{Source: "Харківська область", Target: "Region Charkiw"}, {Source: "Times", Target: "Times"}}, list); diff != "" || err != nil {
			t.Error(diff, err)
		}

		// Another node changes the register; this one has kept what it knew.
		node := register.New(d)
		yalta, lozova := place("uk", "Ялта", "de", "Jalta"), place("uk", "Лозова", "de", "Losowa")
		yalta.ID, lozova.ID = "", ""
		save(t, node, editor, yalta)
		if hits, err := s.Hits(ctx, d.Read(), "uk", "de", "у Ялті"); err != nil || len(hits) != 1 || hits[0].Target.Text != "Jalta" {
			t.Errorf("%+v %v", hits, err)
		}
		save(t, s, translator, lozova)
		if hits, err := s.Hits(ctx, d.Read(), "uk", "de", "Лозова"); err != nil || len(hits) != 0 {
			t.Errorf("a proposal takes part: %+v %v", hits, err)
		}
	})
}

func TestEnforce(t *testing.T) {
	kyiv := place("de", "Kyjiw", "de", "!Kiew", "uk", "Київ", "uk", "!Киев", "uk", "=m")
	hryvnia := named(register.Term, "de", "Hrywnja", "de", "!Griwna", "de", "!Rubel", "de", "=f")
	for _, tc := range []struct {
		l        lang.Tag
		in, want string
	}{
		{"de", "Kiews Vororte bei Kiew, KIEW", "Kyjiws Vororte bei Kyjiw, KYJIW"},
		{"de", "Kiewer, Kyjiw", "Kiewer, Kyjiw"},
		{"de", "500 Griwna, 500 Rubel", "500 Hrywnja, 500 Rubel"},
		{"de", "Charkow", "Charkow"},
	} {
		var hits []register.Hit
		for _, e := range []register.Entry{kyiv, hryvnia, kharkiv()} {
			hits = append(hits, register.Hit{Entry: e, Target: e.Words[tc.l]})
		}
		got, changes := register.Enforce(document.Text(tc.in), tc.l, hits)
		if got.Plain() != tc.want || (len(changes) > 0) != (tc.in != tc.want) {
			t.Errorf("%q: %q, want %q; %+v", tc.in, got.Plain(), tc.want, changes)
		}
	}
	left := []register.Hit{{Entry: kyiv, Source: kyiv.Words["uk"], Target: kyiv.Words["de"]}}
	if got, _ := register.Enforce(document.Text("Der Bürgermeister von Київ; у Києві"), "de", left); got.Plain() != "Der Bürgermeister von Kyjiw; у Києві" {
		t.Errorf("a name left alone: %q", got.Plain())
	}
	hits := []register.Hit{{Entry: kyiv, Target: kyiv.Words["de"]}}
	marked := document.Inline{{Text: "In Ki"}, {Text: "ew", Marks: []document.Mark{{Type: document.Strong}}}, {Text: " und "}, {Text: "Kiew", Marks: []document.Mark{{Type: document.Strong}}}, {Text: "er, "}, {Text: "Kiew", Marks: []document.Mark{{Type: document.Emphasis}}}}
	got, changes := register.Enforce(marked, "de", hits)
	if got.Plain() != "In Kiew und Kiewer, Kyjiw" || len(changes) != 1 || len(got) != len(marked) {
		t.Errorf("%q %+v", got.Plain(), changes)
	}
	two := []register.Hit{hits[0], {Entry: place("de", "Kijów", "de", "!Kiew"), Target: register.Word{Text: "Kijow", Forbidden: []register.Forbidden{{Text: "Kiew"}}}}}
	if got, changes := register.Enforce(document.Text("Kiew"), "de", two); got.Plain() != "Kiew" || changes != nil {
		t.Errorf("two ways: %q", got.Plain())
	}
}
