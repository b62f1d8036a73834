package memory_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"depesche/internal/document"
	"depesche/internal/memory"
	"depesche/internal/problem"
)

// marked are a hit's texts with what was found in brackets.
func marked(h memory.Hit) [2]string {
	in := func(text document.Inline, spans [][2]int) string {
		s := text.Plain()
		for i := len(spans) - 1; i >= 0; i-- {
			s = s[:spans[i][0]] + "[" + s[spans[i][0]:spans[i][1]] + "]" + s[spans[i][1]:]
		}
		return s
	}
	return [2]string{in(h.Source, h.InSource), in(h.Target, h.InTarget)}
}

func (w *world) find(t *testing.T, phrase string) [][2]string {
	t.Helper()
	hits, next, err := w.memory.Concordance(t.Context(), w.d.Read(), memory.Search{From: "uk", To: "de", Phrase: phrase})
	if err != nil || next != 0 {
		t.Fatalf("%q: %d, %v", phrase, next, err)
	}
	var out [][2]string
	for _, h := range hits {
		out = append(out, marked(h))
	}
	return out
}

func TestConcordance(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.translation(t)
		w.learn(t, unit(e, "1/text", "Президент Зеленський підписав закон.", "Präsident Selenskyj unterzeichnete das Gesetz."))
		w.learn(t, unit(e, "2/text", "Із президентом розмовляли двічі: президент мовчав.", "Mit dem Präsidenten wurde gesprochen."))
		w.learn(t, unit(e, "3/text", "Об’єднання громад триває", "Der Zusammenschluss der Gemeinden geht weiter; Großgemeinden"))
		back := unit(e, "4/text", "Gesetze gelten.", "Закони діють.")
		back.From, back.To = "de", "uk"
		w.learn(t, back)
		for _, c := range []struct {
			phrase string
			want   [][2]string
		}{
			{"президент", [][2]string{
				{"Із [президентом] розмовляли двічі: [президент] мовчав.", "Mit dem Präsidenten wurde gesprochen."},
				{"[Президент] Зеленський підписав закон.", "Präsident Selenskyj unterzeichnete das Gesetz."},
			}},
			{"ПРЕЗИДЕНТА Зеленського", [][2]string{{"[Президент Зеленський] підписав закон.", "Präsident Selenskyj unterzeichnete das Gesetz."}}},
			{"Gesetz", [][2]string{
				{"Закони діють.", "[Gesetze] gelten."},
				{"Президент Зеленський підписав закон.", "Präsident Selenskyj unterzeichnete das [Gesetz]."},
			}},
			{"об'єднання", [][2]string{{"[Об’єднання] громад триває", "Der Zusammenschluss der Gemeinden geht weiter; Großgemeinden"}}},
			{"Gemeinde", [][2]string{{"Об’єднання громад триває", "Der Zusammenschluss der [Gemeinden] geht weiter; Großgemeinden"}}},
			{"der Zusammenschluss der Gemeinden", [][2]string{{"Об’єднання громад триває", "[Der Zusammenschluss der Gemeinden] geht weiter; Großgemeinden"}}},
			{"Selenskyj Präsident", nil},
			{"двічі, президент", [][2]string{{"Із президентом розмовляли [двічі: президент] мовчав.", "Mit dem Präsidenten wurde gesprochen."}}},
			{"нічого", nil},
		} {
			if diff := cmp.Diff(c.want, w.find(t, c.phrase)); diff != "" {
				t.Errorf("%q: %s", c.phrase, diff)
			}
		}
		for _, phrase := range []string{"", " … ", strings.Repeat("я", memory.MaxPhrase+1)} {
			if _, _, err := w.memory.Concordance(t.Context(), w.d.Read(), memory.Search{From: "uk", To: "de", Phrase: phrase}); !problem.Is(err, problem.Invalid) {
				t.Errorf("%q: %v", phrase, err)
			}
		}
	})
}

// TestConcordanceShowsEqualPairsOnce holds it over pages, and that a pair which is deleted is gone.
func TestConcordanceShowsEqualPairsOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		e := w.translation(t)
		w.take(t, "old", tmxOf(council, rat, "Рада мовчить", "Der Rat schweigt"))
		for i := range 5 {
			w.learn(t, unit(e, fmt.Sprintf("%d/text", i), council, rat))
		}
		w.learn(t, unit(e, "x/text", council, rat+"!"), unit(e, "y/text", council, rat))
		page := func(before memory.ID, want ...string) memory.Hit {
			t.Helper()
			hits, _, err := w.memory.Concordance(t.Context(), w.d.Read(), memory.Search{From: "uk", To: "de", Phrase: "рада", Before: before, Limit: 1})
			if err != nil || len(hits) != len(want) {
				t.Fatalf("%d hits, %v", len(hits), err)
			}
			for i, h := range hits {
				if h.Target.Plain() != want[i] {
					t.Errorf("%q, want %q", h.Target.Plain(), want[i])
				}
			}
			if len(hits) == 0 {
				return memory.Hit{}
			}
			return hits[0]
		}
		first := page(0, rat)
		if first.Address != "y/text" {
			t.Errorf("of equal ones it shows %q", first.Address)
		}
		second := page(first.ID, rat+"!")
		last := page(second.ID, "Der Rat schweigt")
		page(last.ID)
		if err := w.memory.Delete(t.Context(), admin, first.ID); err != nil {
			t.Fatal(err)
		}
		page(0, rat+"!")
	})
}

// TestConcordanceByPages holds that pages joined are all hits, newest first, none twice.
func TestConcordanceByPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var pairs, want []string
		for i := range 1500 {
			pairs = append(pairs, fmt.Sprintf("Слово %d", i), fmt.Sprintf("Wort %d", i))
			if i%3 == 0 {
				pairs[len(pairs)-2] += " рідкісне"
				want = append([]string{fmt.Sprintf("Wort %d", i)}, want...)
			}
		}
		w.take(t, "many", tmxOf(pairs...))
		var got []string
		for before := memory.ID(0); ; {
			hits, next, err := w.memory.Concordance(t.Context(), w.d.Read(), memory.Search{From: "uk", To: "de", Phrase: "рідкісне", Before: before, Limit: 70})
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hits {
				got = append(got, h.Target.Plain())
			}
			if before = next; next == 0 {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
